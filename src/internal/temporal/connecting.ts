/**
 * What is looked at when an app begins to use a server: its namespace, and the search attributes there.
 */
import { createConnection } from "node:net"
import { Client, Connection } from "@temporalio/client"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { connectionOf, type ServerOptions, type Settings, settingsOf } from "./Options.ts"
import { repeating } from "./repeating.ts"
import { sealedConnection } from "./sealing.ts"
import { type Server, statusOf, tried, unimplemented, unusable } from "./Server.ts"
import { AttributesMissing, type TemporalError, temporalError } from "./TemporalError.ts"
import type { Searchable } from "./wire.ts"

/** The server that options name, with a client of its own unless they have one. */
export const connected = (
  options: ServerOptions & { readonly client?: Client | undefined }
): Effect.Effect<Server, TemporalError, Scope.Scope> =>
  Effect.suspend(() => {
    const settings = settingsOf(options)
    const { client } = options
    if (client !== undefined) {
      const address = addressOf(client) ?? settings.address
      return serverOf(client, { ...settings, address, namespace: client.options.namespace })
    }
    const { namespace } = settings
    const pending: Server["pending"] = new Set()
    return Effect.acquireRelease(
      Effect.catch(
        Effect.tryPromise({
          try: () => Connection.connect({ ...connectionOf(options, settings), interceptors: [repeating] }),
          catch: (thrown) => ({ thrown })
        }),
        ({ thrown }) =>
          Effect.flatMap(isListening(settings), (listens) => Effect.fail(unusable(settings, thrown, listens)))
      ),
      (connection) => closed(connection, pending)
    ).pipe(Effect.flatMap((connection) => serverOf(new Client({ connection, namespace }), settings, pending)))
  })

/** A server whose namespace is there, with the attributes that the app asks for. */
export const serverOf = Effect.fnUntraced(function* (
  given: Client,
  settings: Settings,
  pending: Server["pending"] = new Set()
): Effect.fn.Return<Server, TemporalError> {
  const client = withCodec(given, settings)
  const { namespace } = settings
  const asked = <A>(question: () => Promise<A>) => tried({ ...settings, client, pending }, question)
  yield* asked(() => client.workflowService.describeNamespace({ namespace })).pipe(
    Effect.mapError(({ thrown }) => unusable(settings, thrown))
  )
  const { connection } = client
  const operator = "operatorService" in connection ? (connection as unknown as WithOperator).operatorService : undefined
  const kinds =
    operator === undefined
      ? {}
      : yield* asked(() => operator.listSearchAttributes({ namespace })).pipe(
          Effect.map(({ customAttributes }) => customAttributes ?? {}),
          // Temporal Cloud shows them in another place, so what the app asks for is believed to be there.
          Effect.catchIf(
            ({ thrown }) => statusOf(thrown).code === unimplemented,
            () => Effect.succeed(undefined)
          ),
          Effect.mapError(({ thrown }) => unusable(settings, thrown))
        )
  if (kinds === undefined) return { ...settings, client, pending, searchable: settings.attributes }
  const searchable = searchableIn(kinds, settings)
  const lacking = missing(settings, kinds, searchable)
  return lacking === undefined ? { ...settings, client, pending, searchable } : yield* temporalError(lacking)
})

// internal

/** A client that sees payloads as they were before they were encrypted, where they are. */
const withCodec = (client: Client, { codec }: Settings): Client => {
  if (codec === undefined) return client
  const { identity, interceptors, namespace } = client.options
  return new Client({
    connection: sealedConnection(client.connection, codec),
    identity,
    namespace,
    ...(interceptors === undefined ? {} : { interceptors })
  })
}

/** Where a client is connected to, if its connection tells. */
const addressOf = ({ connection }: Client): string | undefined =>
  connection instanceof Connection ? connection.options.address : undefined

/** Closes a connection once its client has no question left: one that is repeated on a closed connection throws where nothing catches it. */
const closed = (connection: Connection, pending: Server["pending"]): Effect.Effect<void> => {
  const close = () => connection.close().catch(() => undefined)
  return pending.size === 0
    ? Effect.promise(close)
    : Effect.sync(() => void Promise.allSettled(pending).then(close, close))
}

/** Whether anything listens at the address: then the server is there, and the two do not agree on how to speak. */
const isListening = ({ address }: Settings): Effect.Effect<boolean> =>
  Effect.callback<boolean>((resume) => {
    const { hostname, port } = new URL(`tcp://${address}`)
    const socket = createConnection({
      host: hostname.replaceAll(/[[\]]/g, ""),
      port: Number(port || 7233),
      timeout: 1000
    })
    const end = (listens: boolean) => {
      socket.destroy()
      resume(Effect.succeed(listens))
    }
    socket.once("connect", () => end(true))
    socket.once("error", () => end(false))
    socket.once("timeout", () => end(false))
    return Effect.sync(() => socket.destroy())
  })

interface WithOperator {
  readonly operatorService: {
    readonly listSearchAttributes: (request: {
      readonly namespace: string
    }) => Promise<{ readonly customAttributes?: Readonly<Record<string, unknown>> | null }>
  }
}

/** Temporal's types of search attributes, by their numbers, and the kinds of attributes that they hold. */
const types = {
  1: "Text",
  2: "Keyword",
  3: "Int",
  4: "Double",
  5: "Bool",
  6: "Datetime",
  7: "KeywordList"
} as const
const kindOf: Readonly<Record<string, Searchable[string]>> = { Keyword: "text", Double: "number", Bool: "flag" }
const typeOf = { text: "Keyword", number: "Double", flag: "Bool" } as const

const nameOf = (type: unknown): string => types[type as keyof typeof types] ?? String(type)

const searchableIn = (kinds: Readonly<Record<string, unknown>>, { codec }: Settings): Searchable =>
  Object.fromEntries(
    Object.entries(kinds).flatMap(([name, type]) => {
      const kind = kindOf[nameOf(type)]
      return kind === undefined || codec?.secretAttributes.has(name) ? [] : [[name, kind]]
    })
  )

const missing = (
  { address, attributes, namespace }: Settings,
  kinds: Readonly<Record<string, unknown>>,
  searchable: Searchable
): AttributesMissing | undefined => {
  const wanted = Object.entries(attributes)
  const absent = wanted.filter(([name]) => !Object.hasOwn(kinds, name))
  const others = wanted.filter(([name, kind]) => Object.hasOwn(kinds, name) && searchable[name] !== kind)
  if (absent.length === 0 && others.length === 0) return undefined
  return new AttributesMissing({
    address,
    namespace,
    missing: Object.fromEntries(absent.map(([name, kind]) => [name, typeOf[kind]])),
    different: Object.fromEntries(others.map(([name]) => [name, nameOf(kinds[name])]))
  })
}
