/**
 * Transactions for handlers, each on a connection of its own for as long as it lasts.
 *
 * The bodies of one call run one after the other: the first statement of each takes an advisory lock, which the server releases with the
 * transaction. A worker that is frozen within a transaction has it for a time, after which the server ends its session.
 */
import type { PgClient } from "@effect/sql-pg/PgClient"
import * as PgTypes from "@effect/sql-pg/PgTypes"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Semaphore from "effect/Semaphore"
import { SqlClient } from "effect/sql/SqlClient"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import type { Transaction, Transactions, Verdict } from "../Transactions.ts"
import {
  type CallPlace,
  type Commit,
  Conflict,
  StoreError,
  type StoreErrorReason,
  Unavailable,
  Unsupported
} from "../WorkflowStore.ts"
import { outcomeOf } from "./Append.ts"
import type { Listeners } from "./Changes.ts"
import { codeOf, type Database, onLiveClock, unavailable } from "./Database.ts"
import * as Group from "./Group.ts"
import * as Read from "./Read.ts"

/** What transactions are made of. */
interface Settings {
  readonly client: PgClient
  readonly database: Database
  readonly listeners: Listeners
  readonly maxCommitBytes: number
  /** How many there are at a time: other work of the store needs connections too. */
  readonly most: number
}

/** Runs transactions, a bounded number at a time. */
export const make = (settings: Settings): Transactions["Service"] => {
  const { database, most } = settings
  const room = Semaphore.makeUnsafe(Math.max(1, most))
  return {
    run: (call, body) =>
      most < 1
        ? Effect.fail(failed(call)(noRoom))
        : Effect.clockWith((clock) => {
            const own: typeof body = (transaction) => Effect.provideService(body(transaction), Clock.Clock, clock)
            const transaction = (over: () => void) => room.withPermits(1)(transacted(settings, call, own, over))
            return onLiveClock(apart(database, transaction))
          }).pipe(Effect.mapError((error) => (error._tag === "StoreError" ? error : failed(call)(error))))
  }
}

// internal

/** For how long a handler may leave its connection unused, in milliseconds, before the server takes its worker for dead. */
const mostIdle = 30_000

const noRoom = new Unsupported({
  detail: "maxConnections of the client must be at least 3 more than lanes for transactional activities"
})

const failed =
  ({ workflowId }: CallPlace) =>
  (reason: StoreErrorReason): StoreError =>
    new StoreError({ operation: "transaction", workflowId, reason })

/** The end of a body that is to be undone. */
class Undone<A> {
  readonly _tag = "Undone"
  readonly value: A
  constructor(value: A) {
    this.value = value
  }
}

/** A transaction from its beginning to its commit; `over` is called when nothing is left but that. */
const transacted = <A>(
  { client, database, listeners, maxCommitBytes }: Settings,
  call: CallPlace,
  body: (transaction: Transaction) => Effect.Effect<Verdict<A>, StoreError>,
  over: () => void
): Effect.Effect<A, StoreError | Unavailable> =>
  Effect.gen(function* () {
    const outside = yield* Effect.context<never>()
    const within = Effect.gen(function* () {
      const inside = yield* Effect.context<never>()
      const [connection] = Context.getUnsafe(inside as Context.Context<any>, client.transactionService)
      const bound = database.on(connection)
      yield* bound.run(begin, parametersOf(database, call))
      const saved: Array<Commit> = []
      const verdict = yield* body({
        services: added(Context.make(SqlClient, client), outside, inside),
        store: storeOn(bound, { author: listeners.author, maxCommitBytes, saved })
      })
      if (verdict._tag === "Undo") return yield* Effect.fail(new Undone(verdict.value))
      yield* client.afterCommit(
        Effect.sync(() => {
          listeners.notify(saved)
          verdict.committed()
        })
      )
      return verdict.value
    })
    return yield* client.withTransaction(Effect.ensuring(within, Effect.sync(over)))
  }).pipe(Effect.catchCause(valueOf))

const begin = `
  SELECT set_config('lock_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $2, true),
    pg_advisory_xact_lock(hashtextextended($3, 0))::text
`

const parametersOf = ({ schema, timeout }: Database, { runId, seq, workflowId }: CallPlace) =>
  [`${timeout}ms`, `${mostIdle}ms`, JSON.stringify(["perdure", schema, workflowId, runId, seq])].map(PgTypes.text)

/** What a transaction that did not commit ends with. */
const valueOf = <A>(
  cause: Cause.Cause<Undone<A> | StoreError | SqlError | Unavailable>
): Effect.Effect<A, StoreError | Unavailable> => {
  // A connection that cannot even undo is lost, and so is what the handler made of that.
  const lost = cause.reasons.find((reason) => Cause.isDieReason(reason) && isSqlError(reason.defect))
  if (lost !== undefined) return Effect.fail(unavailable((lost as Cause.Die).defect as SqlError))
  const error = Option.getOrUndefined(Cause.findErrorOption(cause))
  if (error === undefined) return Effect.failCause(cause as Cause.Cause<never>)
  if (error._tag === "Undone") return Effect.succeed(error.value)
  return Effect.fail(error._tag === "SqlError" ? unavailable(error) : error)
}

/** The services that a transaction adds. */
const added = <R>(
  to: Context.Context<R>,
  outside: Context.Context<never>,
  inside: Context.Context<never>
): Context.Context<R> =>
  Context.merge(
    Context.makeUnsafe<never>(
      new Map(Array.from(inside.mapUnsafe).filter(([key, service]) => outside.mapUnsafe.get(key) !== service))
    ),
    to
  )

/** The store within a transaction. */
const storeOn = (
  bound: Database,
  {
    author,
    maxCommitBytes,
    saved
  }: { readonly author: string; readonly maxCommitBytes: number; readonly saved: Array<Commit> }
): Transaction["store"] => {
  const load = Read.load(bound)
  const statement = Group.statement(bound.schema)
  const save = Effect.fnUntraced(function* (commit: Commit): Effect.fn.Return<void, StoreErrorReason> {
    const encoded = yield* Group.encode(commit, maxCommitBytes)
    const [row] = yield* bound.run(statement, Group.parameters([encoded], bound.channel, author, bound.timeout))
    if (row !== undefined) {
      const outcome = outcomeOf(commit, row)
      return outcome === "append" ? yield* new Conflict({ version: commit.version }) : yield* outcome
    }
    saved.push(commit)
  }, Effect.mapError(aborted))
  return {
    load: (workflowId, options) =>
      Effect.mapError(load(workflowId, options?.after), (reason) => {
        return new StoreError({ operation: "load", workflowId, reason: aborted(reason) })
      }),
    save: (commit) =>
      Effect.mapError(
        save(commit),
        (reason) => new StoreError({ operation: "save", workflowId: commit.workflowId, reason })
      )
  }
}

/** Says why nothing can be saved any more, where a handler has gone on after a statement that failed. */
const aborted = (reason: StoreErrorReason): StoreErrorReason =>
  reason._tag === "Unavailable" && codeOf(reason.cause) === "25P02"
    ? new Unsupported({
        detail:
          "a statement of the handler failed, which fails the whole transaction; run what may fail within sql.withTransaction"
      })
    : reason

/**
 * Waits for a transaction, and after its body not for longer than for any statement: where the server does not answer then, whether it
 * committed is unknown.
 */
const apart = <A, E>(
  { scope, timeout }: Database,
  transaction: (over: () => void) => Effect.Effect<A, E>
): Effect.Effect<A, E | Unavailable> =>
  Effect.gen(function* () {
    const over = yield* Deferred.make<void>()
    const fiber = yield* Effect.forkIn(
      transaction(() => void Deferred.doneUnsafe(over, Exit.void)),
      scope,
      { startImmediately: true }
    )
    const late = Effect.as(Effect.andThen(Deferred.await(over), Effect.sleep(timeout)), Option.none())
    const ended = Effect.raceFirst(Effect.asSome(Fiber.await(fiber)), late)
    const stopped = Effect.suspend(() => {
      fiber.interruptUnsafe()
      return Effect.interruptible(ended)
    })
    const exit = yield* Effect.onInterrupt(ended, () => stopped)
    if (Option.isNone(exit)) {
      return yield* new Unavailable({ cause: new Error(`no answer from PostgreSQL for ${timeout} ms`) })
    }
    if (Exit.isFailure(exit.value) && Cause.hasInterruptsOnly(exit.value.cause)) {
      return yield* new Unavailable({ cause: new Error("the store is closed") })
    }
    return yield* exit.value
  })
