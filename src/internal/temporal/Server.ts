/**
 * A Temporal server as effects: what is asked of it fails with our reasons.
 */
import type { Client } from "@temporalio/client"
import { WorkflowNotFoundError } from "@temporalio/common"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { LiveClock } from "../liveClock.ts"
import {
  NotFound,
  PayloadTooLarge,
  StoreFailed,
  StoreUnavailable,
  Undecryptable,
  type WorkflowErrorReason
} from "../../WorkflowError.ts"
import { Denied, NamespaceMissing, type TemporalError, temporalError, Unreachable } from "./TemporalError.ts"
import { sealedEncoding } from "./Codec.ts"
import type { Settings } from "./Options.ts"
import type { Searchable } from "./wire.ts"

/** A server, with the namespace and the queue that an app uses. */
export interface Server extends Settings {
  readonly client: Client
  readonly searchable: Searchable
  /** The questions that its client is at work for. The client repeats a question without an answer, also after its asker has left. */
  readonly pending: Set<Promise<unknown>>
}

/** The part of a server by which it is asked. */
export type Asked = Pick<Server, "answerTimeout" | "client" | "pending">

/** Asks the server, however long it takes to answer. Fails with what its client has thrown. */
export const waited = <A>(
  { client, pending }: Pick<Asked, "client" | "pending">,
  question: (client: Client) => Promise<A>
): Effect.Effect<A, { readonly thrown: unknown }> =>
  Effect.tryPromise({
    try: (signal) => {
      const answer = client.connection.withAbortSignal(signal, () => question(client))
      pending.add(answer)
      const settled = () => pending.delete(answer)
      answer.then(settled, settled)
      return answer
    },
    catch: (thrown) => ({ thrown })
  })

/** Asks the server, for so many milliseconds at most. Fails with what its client has thrown. */
export const tried = <A>(
  asked: Asked,
  question: (client: Client) => Promise<A>,
  within = asked.answerTimeout
): Effect.Effect<A, { readonly thrown: unknown }> =>
  Effect.flatMap(LiveClock, (clock) =>
    waited(asked, (client) =>
      client.connection.withDeadline(clock.currentTimeMillisUnsafe() + within, () => question(client))
    ).pipe(
      // Between two of its tries the client knows of no deadline.
      Effect.timeoutOrElse({
        duration: within + grace,
        orElse: () => Effect.fail({ thrown: new Error(`no answer for ${within} ms`) })
      }),
      Effect.provideService(Clock.Clock, clock)
    )
  )

/** Asks the server. What it does not answer in time is `StoreUnavailable`. */
export const ask = <A>(
  server: Asked,
  question: (client: Client) => Promise<A>,
  within?: number
): Effect.Effect<A, WorkflowErrorReason> =>
  Effect.mapError(tried(server, question, within), ({ thrown }) => reasonOf(thrown))

/** What an error of Temporal's client means to a caller. */
export const reasonOf = (thrown: unknown): WorkflowErrorReason => {
  if (thrown instanceof WorkflowNotFoundError) return new NotFound()
  const undecryptable = causes(thrown).find((each) => each instanceof Undecryptable)
  if (undecryptable !== undefined) return undecryptable
  const { code, detail } = statusOf(thrown)
  // Temporal's client has no codec, and its answer was encrypted.
  if (detail.includes(sealedEncoding)) return new Undecryptable({ fault: "MissingKey" })
  if (code === notFound && !/^namespace\b/i.test(detail)) return new NotFound()
  // No execution has such an id, as none can be started with it.
  if (/WorkflowId is not set|invalid UTF-8/i.test(detail)) return new NotFound()
  const size = /(?:blob|payload|message|memo).*(?:size|larger|exceed)/i.test(detail)
  if (size && (code === invalid || code === exhausted)) {
    const [bytes = 0, limit = 0] = Array.from(detail.matchAll(/\d+/g), ([digits]) => Number(digits))
    return new PayloadTooLarge({ bytes, limit: limit === 0 ? 2 * 1024 * 1024 : limit })
  }
  if (isAnswer(code)) return new StoreFailed({ detail: `Temporal refuses it: ${detail}` })
  return new StoreUnavailable({ detail: `Temporal did not answer: ${detail}` })
}

/** What is wrong with a server that is asked for the first time. */
export const unusable = ({ address, namespace }: Settings, thrown: unknown, listens = false): TemporalError => {
  const { code, detail } = statusOf(thrown)
  if (code === notFound) return temporalError(new NamespaceMissing({ address, namespace }))
  if (code === denied || code === unauthenticated || refusal.test(detail)) return temporalError(new Denied({ detail }))
  return temporalError(
    new Unreachable({ address, detail: listens ? `${detail}, though something listens there` : detail })
  )
}

/** The code of an error of gRPC, and what it says. */
export const statusOf = (thrown: unknown): { readonly code: number | undefined; readonly detail: string } => {
  const all = causes(thrown)
  const coded = all.find(({ code }) => typeof code === "number")
  const text = coded?.details || coded?.message || all.at(-1)?.message
  return { code: coded?.code as number | undefined, detail: typeof text === "string" ? text : String(thrown) }
}

/** Codes of gRPC. */
export const [invalid, notFound, exists, denied, exhausted, precondition, unimplemented, unauthenticated] = [
  3, 5, 6, 7, 8, 9, 12, 16
] as const

// internal

/** How long the client has to say itself that the time is over, in milliseconds. */
const grace = 500

/** How the connection of a worker says these two codes. */
const refusal = /code: 'The (?:request does not have valid authentication credentials|caller does not have permission)/

interface Thrown {
  readonly code?: unknown
  readonly details?: unknown
  readonly message?: unknown
}

/** What was thrown, and what that was thrown for. */
const causes = (thrown: unknown): ReadonlyArray<Thrown> => {
  const all: Array<Thrown> = []
  for (let each = thrown, depth = 0; typeof each === "object" && each !== null && depth < 5; depth++) {
    all.push(each)
    each = (each as { readonly cause?: unknown }).cause
  }
  return all
}

/** Whether to ask again does not help. */
const isAnswer = (code: number | undefined): boolean =>
  code === invalid ||
  code === denied ||
  code === unauthenticated ||
  code === precondition ||
  code === unimplemented ||
  code === notFound ||
  code === exists
