/**
 * Servers of Inngest for tests: the double of `inngestDouble.ts`, which is killed and started again, or a real one that is there already
 * (`INNGEST_BASE_URL`, `INNGEST_EVENT_KEY`, `INNGEST_SIGNING_KEY`).
 */
import { Effect, Redacted, type Scope } from "effect"
import * as Inngest from "perdure/Store/Inngest"
import { fileURLToPath } from "node:url"
import type { DoubleOptions } from "./inngestDouble.ts"
import type { Place } from "../Store/contending.ts"
import { answers, freePorts, running, type Server, temporaryFolder } from "./servers.ts"

/** A server of Inngest that runs. */
export interface InngestServer extends Server {
  /** Where it answers HTTP: `http://host:port`. */
  readonly url: string
  readonly pid: () => number
}

/** Starts a double. */
export const inngestDouble = Effect.fnUntraced(function* (
  options: DoubleOptions = {}
): Effect.fn.Return<InngestServer, never, Scope.Scope> {
  const folder = yield* temporaryFolder("inngest")
  const [port] = yield* freePorts(1)
  const program = fileURLToPath(new URL("inngestDouble.ts", import.meta.url))
  const control = yield* running(
    folder,
    process.execPath,
    [program, String(port), folder, JSON.stringify(options)],
    answers(port!)
  )
  const scheme = options.certificate === undefined ? "http" : "https"
  return { ...control, folder, address: `127.0.0.1:${port}`, url: `${scheme}://127.0.0.1:${port}` }
})

const { INNGEST_BASE_URL: realUrl, INNGEST_EVENT_KEY: eventKey, INNGEST_SIGNING_KEY: signingKey } = process.env

/** Whether the suites run on a real server. */
export const isReal = realUrl !== undefined

const keys = {
  eventKey: eventKey === undefined ? undefined : Redacted.make(eventKey),
  signingKey: signingKey === undefined ? undefined : Redacted.make(signingKey)
}

/** The options of stores on the server of the suites: a double that shows events at once, or the real one. */
export const suiteServer: Effect.Effect<Inngest.Options, never, Scope.Scope> = isReal
  ? Effect.succeed({ url: realUrl!, ...keys, retention: "3650 days", timeout: "20 seconds" })
  : Effect.map(inngestDouble({ delay: 4, delayOfEach: 0 }), ({ url }) => ({ url, ...quick }))

/** What suits a double that keeps events back for no longer than a few milliseconds, and programs that sleep for years. */
export const quick: Inngest.Options = {
  visibility: "30 millis",
  lookEvery: "20 millis",
  lease: "2 seconds",
  retention: "36500 days",
  timeout: "5 seconds"
}

/** A double as a server was measured: what it has accepted is shown after 50 milliseconds, and later under load. */
export const inngestPlace: Place<InngestServer> = {
  start: inngestDouble(),
  arguments: ({ url }) => ["inngest", url],
  open: (server) => open(server, { visibility: "200 millis", lookEvery: "20 millis", lease: "1 second" })
}

let prefixes = 0

/** A prefix that no other store of any run has. */
export const freshPrefix = (): string => `t${Date.now().toString(36)}-${process.pid}-${prefixes++}`

/** Opens a store. */
export const open = ({ url }: Pick<InngestServer, "url">, options: Inngest.Options = {}) =>
  Inngest.make({ url, ...options })
