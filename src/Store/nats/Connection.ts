/**
 * The connection to the servers. It comes back by itself after any loss; whatever was under way when it was lost ends at
 * once with `Unavailable`, because its answer will never come.
 */
import type { JetStreamClient, JetStreamManager } from "@nats-io/jetstream"
import { jetstream, JetStreamApiError, jetstreamManager } from "@nats-io/jetstream"
import type { NatsConnection, NodeConnectionOptions } from "@nats-io/transport-node"
import { connect } from "@nats-io/transport-node"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { thrownText } from "../../internal/given.ts"
import { Trouble } from "../../internal/store/Trouble.ts"
import { within } from "../../internal/store/within.ts"
import { Unavailable, Unsupported } from "../WorkflowStore.ts"

/** What talks to the servers. */
export interface Connection {
  readonly nats: NatsConnection
  readonly js: JetStreamClient
  readonly jsm: JetStreamManager
  /** How long one request may take, in milliseconds. */
  readonly timeout: number
  /** Sends a request once there is a connection; fails when that, or the answer, takes too long or is lost. */
  readonly request: <A>(send: () => Promise<A>) => Effect.Effect<A, Unavailable>
  /** Ends when the connection is lost. */
  readonly lost: Effect.Effect<void>
  /** How many milliseconds ago the servers were last away, or late with an answer; infinite when they never were. */
  readonly sinceTrouble: () => number
}

/** Connects, and closes the connection at the end of the scope. */
export const open = Effect.fnUntraced(function* (
  options: NodeConnectionOptions,
  timeout: Duration.Duration
): Effect.fn.Return<Connection, Unavailable | Unsupported, Scope.Scope> {
  const nats = yield* Effect.acquireRelease(
    Effect.tryPromise({ try: () => connect({ ...defaults, ...options }), catch: unreached(options) }),
    (nats) => Effect.promise(() => nats.close())
  )
  const millis = Duration.toMillis(timeout)
  const jsm = yield* Effect.tryPromise({
    try: () => jetstreamManager(nats, { timeout: millis }),
    catch: (cause) => (isNotEnabled(cause) ? notEnabled : unavailable(cause))
  })
  const trouble = new Trouble()
  const line = yield* watchLine(nats, trouble)
  return {
    sinceTrouble: () => trouble.since,
    nats,
    jsm,
    js: jetstream(nats, { timeout: millis }),
    timeout: millis,
    request: (send) =>
      trouble.watch(
        line.whenOnline(exchange(line.waiting, send), millis),
        ({ cause }) => !(cause instanceof JetStreamApiError)
      ),
    lost: Effect.callback((resume) => {
      const lose = () => resume(Effect.void)
      line.waiting.add(lose)
      return Effect.sync(() => void line.waiting.delete(lose))
    })
  }
})

// internal

const defaults: NodeConnectionOptions = {
  name: "perdure",
  maxReconnectAttempts: -1,
  reconnectTimeWait: 200,
  reconnectJitter: 100,
  pingInterval: 5_000,
  ignoreAuthErrorAbort: true,
  noAsyncTraces: true
}

const unavailable = (cause: unknown) => new Unavailable({ cause })

/** The client does not say which server it was. Addresses have no credentials in them any more. */
const unreached =
  ({ servers = [] }: NodeConnectionOptions) =>
  (cause: unknown) =>
    unavailable(new Error(`${[servers].flat().join(", ")}: ${thrownText(cause)}`, { cause }))

const isNotEnabled = (cause: unknown) => cause instanceof Error && cause.message.includes("jetstream is not enabled")

const notEnabled = new Unsupported({
  detail:
    "JetStream is not enabled for this account; start nats-server with `jetstream { store_dir: ..., " +
    "sync_interval: always }`"
})

type Waiting = Set<(cause: unknown) => void>

const exchange = <A>(waiting: Waiting, send: () => Promise<A>): Effect.Effect<A, Unavailable> =>
  Effect.callback((resume) => {
    const settle = (result: Effect.Effect<A, Unavailable>) => {
      waiting.delete(lose)
      return resume(result)
    }
    const lose = (cause: unknown) => settle(Effect.fail(unavailable(cause)))
    waiting.add(lose)
    send().then((answer) => settle(Effect.succeed(answer)), lose)
    return Effect.sync(() => void waiting.delete(lose))
  })

/** Follows whether there is a connection. A request that is sent while there is none might be dropped without a word. */
const watchLine = Effect.fnUntraced(function* (nats: NatsConnection, trouble: Trouble) {
  const online = yield* Latch.make(true)
  const waiting: Waiting = new Set()
  yield* Stream.fromAsyncIterable(nats.status(), unavailable).pipe(
    Stream.runForEach((status) =>
      Effect.sync(() => {
        if (status.type === "reconnect") {
          trouble.note()
          online.openUnsafe()
        }
        if (status.type !== "disconnect" && status.type !== "close") return
        online.closeUnsafe()
        const lost = [...waiting]
        waiting.clear()
        for (const lose of lost) lose(new Error("the connection to NATS was lost"))
      })
    ),
    Effect.ignore,
    Effect.forkScoped
  )
  const reconnected = (millis: number) =>
    online.await.pipe(within(millis, () => unavailable(new Error(`no connection to NATS for ${millis} ms`))))
  return {
    waiting,
    whenOnline: <A>(effect: Effect.Effect<A, Unavailable>, millis: number): Effect.Effect<A, Unavailable> =>
      Effect.suspend(() => (Latch.isOpen(online) ? effect : Effect.andThen(reconnected(millis), effect)))
  }
})
