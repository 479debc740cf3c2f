/**
 * Transactions for handlers and for the app, each on a connection of its own for as long as it lasts.
 *
 * The bodies of one call run one after the other: the first statement of each takes an advisory lock, which the server releases with the
 * transaction. A process that is frozen within a transaction has it for a time, after which the server ends its session.
 *
 * Within a transaction of the client that the app has open already, that of its body is a part of it, on the same connection.
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
import type { WorkflowId } from "../../Ids.ts"
import { partOf } from "../../internal/store/part.ts"
import { outcomeOf } from "./Append.ts"
import type { Listeners } from "./Changes.ts"
import { codeOf, type Database, onLiveClock, unavailable } from "./Database.ts"
import * as Group from "./Group.ts"
import * as Read from "./Read.ts"
import * as Remove from "./Remove.ts"

/** What transactions are made of. */
interface Settings {
  readonly client: PgClient
  readonly database: Database
  readonly listeners: Listeners
  readonly maxCommitBytes: number
  /** How many there are at a time: other work of the store needs connections too. */
  readonly most: number
  /** Stands for the database. */
  readonly identity: object
}

/** What a transaction is for. */
interface Purpose {
  readonly call: CallPlace | undefined
  /** Whether it is part of one that the app has open. */
  readonly isPart: boolean
}

/** Runs transactions, a bounded number at a time. */
export const make = (settings: Settings): Transactions["Service"] => {
  const { client, database, most } = settings
  const room = Semaphore.makeUnsafe(Math.max(1, most))
  return {
    run: (call, body) =>
      Effect.contextWith((context: Context.Context<never>): Effect.Effect<any, StoreError | StoreErrorReason> => {
        const isPart = context.mapUnsafe.has(client.transactionService.key)
        if (most < 1 && !isPart) return Effect.fail(noRoom)
        const clock = Context.get(context, Clock.Clock)
        const own: typeof body = (transaction) => Effect.provideService(body(transaction), Clock.Clock, clock)
        const transaction = (over: () => void) => {
          const one = transacted(settings, { call, isPart }, own, over)
          // A part has its connection.
          return isPart ? one : room.withPermits(1)(one)
        }
        return onLiveClock(apart(database, transaction))
      }).pipe(Effect.mapError((error) => (error._tag === "StoreError" ? error : failed(call)(error)))),
    database: settings.identity
  }
}

// internal

/** For how long a handler may leave its connection unused, in milliseconds, before the server takes its worker for dead. */
const mostIdle = 30_000

const noRoom = new Unsupported({
  detail: "maxConnections of the client must be at least 3 more than lanes for transactional activities"
})

const failed =
  (call: CallPlace | undefined) =>
  (reason: StoreErrorReason): StoreError =>
    new StoreError({
      operation: "transaction",
      ...(call === undefined ? {} : { workflowId: call.workflowId }),
      reason
    })

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
  { client, database, identity, listeners, maxCommitBytes }: Settings,
  { call, isPart }: Purpose,
  body: (transaction: Transaction) => Effect.Effect<Verdict<A>, StoreError>,
  over: () => void
): Effect.Effect<A, StoreError | Unavailable | Unsupported> =>
  Effect.gen(function* () {
    const outside = yield* Effect.context<never>()
    const within = Effect.gen(function* () {
      const inside = yield* Effect.context<never>()
      const [connection] = Context.getUnsafe(inside as Context.Context<any>, client.transactionService)
      const bound = database.on(connection)
      // The settings of a transaction that the app has begun are its own.
      if (call !== undefined) yield* bound.run(beginCall, [...settingsOf(database), keyOf(database, call)])
      else if (!isPart) yield* bound.run(begin, settingsOf(database))
      const verdict = yield* body({
        services: added(Context.make(SqlClient, client), outside, inside),
        store: storeOn(bound, { call, client, listeners, maxCommitBytes }),
        part: partOf(client),
        database: identity
      })
      if (verdict._tag === "Undo") return yield* Effect.fail(new Undone(verdict.value))
      yield* client.afterCommit(Effect.sync(verdict.committed))
      return verdict.value
    })
    return yield* client.withTransaction(Effect.ensuring(within, Effect.sync(over)))
  }).pipe(Effect.catchCause(valueOf))

const begin = `
  SELECT set_config('lock_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $2, true)
`

const beginCall = `${begin}, pg_advisory_xact_lock(hashtextextended($3, 0))::text, set_config('${Group.markOf}', $3, true)`

const settingsOf = ({ timeout }: Database) => [`${timeout}ms`, `${mostIdle}ms`].map(PgTypes.text)

const keyOf = ({ schema }: Database, { runId, seq, workflowId }: CallPlace) =>
  PgTypes.text(JSON.stringify(["perdure", schema, workflowId, runId, seq]))

/** What a transaction that did not commit ends with. */
const valueOf = <A>(
  cause: Cause.Cause<Undone<A> | StoreError | SqlError | Unavailable>
): Effect.Effect<A, StoreError | Unavailable | Unsupported> => {
  // A connection that cannot even undo is lost, and so is what the handler made of that.
  const lost = cause.reasons.find((reason) => Cause.isDieReason(reason) && isSqlError(reason.defect))
  if (lost !== undefined) return Effect.fail(unavailable((lost as Cause.Die).defect as SqlError))
  const error = Option.getOrUndefined(Cause.findErrorOption(cause))
  if (error === undefined) return Effect.failCause(cause as Cause.Cause<never>)
  if (error._tag === "Undone") return Effect.succeed(error.value)
  return error._tag === "SqlError" ? Effect.fail(ofClient(error)) : Effect.fail(error)
}

/** What the client fails with: of a transaction that has failed before, a commit is known to be none. */
const ofClient = (error: SqlError): Unavailable | Unsupported => {
  const reason = unavailable(error)
  return reason.cause instanceof Error && reason.cause.message.startsWith("COMMIT rolled back")
    ? statementFailed(undefined)
    : reason
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
    call,
    client,
    listeners,
    maxCommitBytes
  }: Pick<Settings, "client" | "listeners" | "maxCommitBytes"> & Pick<Purpose, "call">
): Transaction["store"] => {
  const load = Read.load(bound)
  const summary = Read.summary(bound)
  const { deletion } = Remove.make(bound, listeners)
  const statement = call === undefined ? Group.statement(bound.schema) : Group.statementWithin(bound.schema)
  const mark = call === undefined ? [] : [keyOf(bound, call)]
  const save = Effect.fnUntraced(function* (commit: Commit): Effect.fn.Return<void, StoreErrorReason> {
    const encoded = yield* Group.encode(commit, maxCommitBytes)
    const parameters = Group.parameters([encoded], bound.channel, listeners.author, bound.timeout)
    const [row] = yield* bound.run(statement, [...parameters, ...mark])
    if (row === undefined) return
    const outcome = outcomeOf(commit, row)
    return outcome === "append" ? yield* new Conflict({ version: commit.version }) : yield* outcome
  })
  const about =
    (operation: StoreError["operation"], workflowId: WorkflowId) =>
    <A>(effect: Effect.Effect<A, StoreErrorReason>): Effect.Effect<A, StoreError> =>
      Effect.mapError(effect, (reason) => new StoreError({ operation, workflowId, reason: aborted(reason, call) }))
  return {
    load: (workflowId, options) => about("load", workflowId)(load(workflowId, options?.after)),
    summary: (workflowId) => about("summary", workflowId)(summary(workflowId)),
    deletion: (workflowId) => about("deletion", workflowId)(deletion(workflowId)),
    save: (commit, committed = () => {}) => {
      // With the part of the transaction that it is in: of what is undone no listener is told.
      const told = client.afterCommit(
        Effect.sync(() => {
          listeners.notify([commit])
          committed()
        })
      )
      return Effect.andThen(about("save", commit.workflowId)(save(commit)), told)
    }
  }
}

/** Says why nothing can be saved any more, where a body has gone on after a statement that failed. */
const aborted = (reason: StoreErrorReason, call: CallPlace | undefined): StoreErrorReason =>
  reason._tag !== "Unavailable"
    ? reason
    : codeOf(reason.cause) === "25P02"
      ? statementFailed(call)
      : reason.cause instanceof Error && reason.cause.message.includes(Group.endedEarly)
        ? endedByHandler
        : reason

const endedByHandler = new Unsupported({
  detail:
    "the handler has ended the transaction itself, with COMMIT or ROLLBACK: what it committed stays, and its result cannot take " +
    "effect with it; leave the end to the activity, and use sql.withTransaction for parts"
})

const statementFailed = (call: CallPlace | undefined) =>
  new Unsupported({
    detail:
      `a statement ${call === undefined ? "" : "of the handler "}failed, which fails the whole transaction; run what may ` +
      `fail within sql.withTransaction`
  })

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
