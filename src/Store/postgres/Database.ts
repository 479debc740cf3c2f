/**
 * The connections to the server, and how statements are sent: each has a time, on the clock of the machine, and whatever goes wrong is
 * `Unavailable`.
 *
 * A statement that did not end in time is given up at once. Its connection is cleared up, or replaced, in the background.
 */
import type { Notification } from "@effect/sql-pg/PgConnection"
import type { PgClient } from "@effect/sql-pg/PgClient"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Queue from "effect/Queue"
import * as Scope from "effect/Scope"
import type { Connection } from "effect/sql/SqlConnection"
import type { SqlError } from "effect/sql/SqlError"
import { Unavailable } from "../WorkflowStore.ts"
import { quoted } from "./Migrations.ts"
import type { Row } from "./Row.ts"

/** What talks to the server. */
export interface Database {
  /** The schema as SQL quotes it. */
  readonly schema: string
  /** The channel on which commits are told. */
  readonly channel: string
  /** How long a statement may take, in milliseconds. */
  readonly timeout: number
  /** Sends a statement; the server plans it once for each connection. */
  readonly run: (sql: string, parameters: ReadonlyArray<unknown>) => Effect.Effect<ReadonlyArray<Row>, Unavailable>
  /** Sends a statement that is planned for its parameters. */
  readonly ask: (sql: string, parameters: ReadonlyArray<unknown>) => Effect.Effect<ReadonlyArray<Row>, Unavailable>
  /** The same, with all statements on one connection: within its transaction. */
  readonly on: (connection: Connection) => Database
  /** Listens to the channel for as long as the scope lasts. */
  readonly listen: Effect.Effect<Queue.Dequeue<Notification, SqlError>, Unavailable, Scope.Scope>
  /** How many milliseconds ago the server was last away, or late with an answer; infinite when it never was. */
  readonly sinceTrouble: () => number
  /** The scope of the store, for what goes on behind its operations. */
  readonly scope: Scope.Scope
}

/** Runs an effect on the clock of this machine, also in programs that run on a clock of their own: servers live by no other. */
export const onLiveClock = Effect.provideService(Clock.Clock, Clock.Clock.defaultValue())

/** Sends statements through a client. */
export const make = (options: {
  readonly client: PgClient
  readonly schema: string
  readonly timeout: Duration.Duration
  readonly scope: Scope.Scope
}): Database => {
  const { client, schema, scope } = options
  const timeout = Duration.toMillis(options.timeout)
  const trouble = { at: Number.NEGATIVE_INFINITY }
  const timed = <A>(effect: Effect.Effect<A, SqlError>): Effect.Effect<A, Unavailable> =>
    within(effect, { timeout, scope, trouble })
  type Using = <A>(use: (connection: Connection) => Effect.Effect<A, SqlError>) => Effect.Effect<A, Unavailable>
  const channel = `perdure_${schema}`
  const over = (using: Using): Database => ({
    schema: quoted(schema),
    channel,
    timeout,
    run: (sql, parameters) => using((connection) => connection.executeValues(sql, parameters)),
    ask: (sql, parameters) => using((connection) => connection.executeValuesUnprepared(sql, parameters)),
    on: (connection) => over((use) => timed(use(connection))),
    listen: Effect.flatMap(Effect.scope, (listening) =>
      timed(Effect.provideService(client.listen(channel), Scope.Scope, listening))
    ),
    sinceTrouble: () => performance.now() - trouble.at,
    scope
  })
  return over((use) => timed(Effect.scoped(Effect.flatMap(client.reserve, use))))
}

/** The error of a statement as callers see it: with what the server or the socket said. */
export const unavailable = (error: SqlError): Unavailable => new Unavailable({ cause: error.reason.cause ?? error })

/** The code of the error of a statement, as PostgreSQL has them; none for what comes from elsewhere. */
export const codeOf = (cause: unknown): string | undefined =>
  Predicate.hasProperty(cause, "code") && typeof cause.code === "string" ? cause.code : undefined

// internal

// An answer that takes so many milliseconds was held up by more than the work for it.
const slow = 500

const within = <A>(
  effect: Effect.Effect<A, SqlError>,
  {
    scope,
    timeout,
    trouble
  }: { readonly timeout: number; readonly scope: Scope.Scope; readonly trouble: { at: number } }
): Effect.Effect<A, Unavailable> =>
  onLiveClock(
    Effect.gen(function* () {
      const sent = performance.now()
      // In a fiber of its own, since the interruption of a statement waits until its connection is clear.
      const fiber = yield* Effect.forkIn(effect, scope, { startImmediately: true })
      const ended = yield* Fiber.await(fiber).pipe(
        Effect.timeoutOption(timeout),
        Effect.onInterrupt(() => Effect.sync(() => fiber.interruptUnsafe()))
      )
      if (performance.now() - sent > slow) trouble.at = performance.now()
      if (Option.isNone(ended)) {
        fiber.interruptUnsafe()
        return yield* new Unavailable({ cause: new Error(`no answer from PostgreSQL for ${timeout} ms`) })
      }
      if (Exit.isSuccess(ended.value)) return ended.value.value
      if (Cause.hasInterruptsOnly(ended.value.cause)) {
        return yield* new Unavailable({ cause: new Error("the store is closed") })
      }
      return yield* Effect.mapError(Effect.failCause(ended.value.cause), (error) => {
        trouble.at = performance.now()
        return unavailable(error)
      })
    })
  )
