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
import type { Connection } from "effect/sql/SqlConnection"
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
import { leftPart, partOf, who } from "../../internal/store/part.ts"
import { withItsFibers } from "../../internal/store/withItsFibers.ts"
import { outcomeOf } from "./Append.ts"
import type { Listeners } from "./Changes.ts"
import { codeOf, type Database, onLiveClock, unavailable } from "./Database.ts"
import * as Gate from "./Gate.ts"
import * as Group from "./Group.ts"
import { isTooLarge, passes, saidBy, stays } from "./passing.ts"
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
  const room = Semaphore.makeUnsafe(most)
  return {
    run: (call, body) =>
      Effect.contextWith((context: Context.Context<never>): Effect.Effect<any, StoreError | StoreErrorReason> => {
        const isPart = context.mapUnsafe.has(client.transactionService.key)
        const clock = Context.get(context, Clock.Clock)
        const own: typeof body = (transaction) => Effect.provideService(body(transaction), Clock.Clock, clock)
        const waited = apart(database, (over) => transacted(settings, { call, isPart }, own, over))
        // A part uses the connection of the whole. A transaction that is given up frees its place at once, although its connection may hang
        // for longer.
        return onLiveClock(isPart ? waited : room.withPermits(1)(waited))
      }).pipe(Effect.mapError((error) => (error._tag === "StoreError" ? error : failed(call)(error)))),
    database: settings.identity
  }
}

// internal

/** For how many seconds a handler may leave its connection unused before the server takes its worker for dead. */
const mostIdle = 30

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

/** How far a transaction has come. */
interface Progress {
  gate: Gate.Gate | undefined
  /** Whether nothing is left but to commit it. */
  isDecided: boolean
}

/** A transaction from its beginning to its commit; `over` is called when nothing is left but that. */
const transacted = <A>(
  settings: Settings,
  purpose: Purpose,
  body: (transaction: Transaction) => Effect.Effect<Verdict<A>, StoreError>,
  over: () => void
): Effect.Effect<A, StoreError | Unavailable | Unsupported> =>
  Effect.gen(function* () {
    const { client } = settings
    const progress: Progress = { gate: undefined, isDecided: false }
    const outside = yield* Effect.context<never>()
    const within = Effect.gen(function* () {
      const inside = yield* Effect.context<never>()
      const transaction = yield* opened(settings, purpose, progress, added(outside, inside))
      const verdict = yield* body(transaction)
      if (verdict._tag === "Undo") return yield* Effect.fail(new Undone(verdict.value))
      // The client would commit nothing, and tell of all.
      if (progress.gate?.isUndone === true) return yield* statementFailed(purpose.call)
      // With a part that is open the client would commit what that would undo.
      if (progress.gate?.hasOpenPart === true) return yield* new Unsupported({ detail: leftPart(purpose.call) })
      yield* client.afterCommit(Effect.sync(verdict.committed))
      progress.isDecided = true
      return verdict.value
    })
    const transaction = client.withTransaction(Effect.ensuring(within, Effect.sync(over)))
    return yield* Effect.catchCause(transaction, (cause) => endOf(cause, progress))
  })

/** Opens a transaction to its body, on the connection that the client has begun it on. */
const opened = Effect.fnUntraced(function* (
  { client, database, identity, listeners, maxCommitBytes }: Settings,
  { call, isPart }: Purpose,
  progress: Progress,
  services: Context.Context<never>
): Effect.fn.Return<Transaction, Unavailable> {
  const level = Context.getUnsafe(services as Context.Context<any>, client.transactionService) as [Connection, number]
  const [connection, part] = level
  const gate = new Gate.Gate(client, connection, part)
  // In place, since the client keeps what is to be done after the commit by it. The client itself has the connection, to end with.
  level[0] = gate.connection
  progress.gate = gate
  const bound = database.on(connection)
  // The settings of a transaction that the app has begun are its own.
  const began =
    call !== undefined
      ? yield* bound.run(beginCall, [...settingsOf(database), keyOf(database, call)])
      : isPart
        ? undefined
        : yield* bound.run(begin, settingsOf(database))
  yield* Effect.forkChild(
    Effect.forever(
      Effect.delay(
        Effect.sync(() => gate.tick()),
        "1 second"
      )
    )
  )
  return {
    services: Context.add(services, SqlClient, client),
    guard: (effect) => guarded(bound, { gate, isPart }, effect),
    store: storeOn(bound, { call, client, gate, listeners, maxCommitBytes, began: began?.[0]?.[0] }),
    part: partOf(client),
    passes: (error) => isSqlError(error) && passes(error),
    database: identity
  }
})

/** Runs what has the connection. Nothing of it has that any longer, and the session is as it was. */
const guarded = <A, E, R>(
  bound: Database,
  { gate, isPart }: { readonly gate: Gate.Gate } & Pick<Purpose, "isPart">,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.onExit(withItsFibers(effect), () => {
    gate.close()
    // The session of a transaction that the app has begun is its own.
    if (isPart || !gate.hasChangedSession) return Effect.void
    const send = (statement: string) => bound.ask(statement, [])
    const reset = Effect.forEach(Gate.reset, send, { discard: true })
    // Where a statement has failed nothing else can be sent, and what was set is undone with the rest. Should that fail too, the
    // connection is lost, and the client meets that when it ends the transaction.
    const undo = Effect.suspend(() => {
      gate.isUndone = true
      return Effect.forEach(["ROLLBACK", ...Gate.clear], send, { discard: true })
    })
    return Effect.ignore(Effect.catch(reset, () => undo))
  })

const begin = `
  SELECT ${Group.now}, set_config('lock_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $2, true)
`

const beginCall = `${begin}, pg_advisory_xact_lock(hashtextextended($3, 0))::text`

const settingsOf = ({ timeout }: Database) => [`${timeout}ms`, `${mostIdle}s`].map(PgTypes.text)

const keyOf = ({ schema }: Database, { runId, seq, workflowId }: CallPlace) =>
  PgTypes.text(JSON.stringify(["perdure", schema, workflowId, runId, seq]))

/** What a transaction that did not commit ends with. */
const endOf = <A>(
  cause: Cause.Cause<Undone<A> | StoreError | SqlError | Unavailable | Unsupported>,
  { gate, isDecided }: Progress
): Effect.Effect<A, StoreError | Unavailable | Unsupported> => {
  // A connection that cannot even undo is lost, and so is what the handler made of that.
  const lost = cause.reasons.find((reason) => Cause.isDieReason(reason) && isSqlError(reason.defect))
  if (lost !== undefined) {
    // The server has not waited for longer; of a process that was frozen the seconds are not counted.
    if (gate !== undefined && gate.longestUnused >= mostIdle - 1) return Effect.fail(idle)
    const reason = unavailable((lost as Cause.Die).defect as SqlError)
    return Effect.fail(isTooLarge(reason.cause) ? tooLarge(reason.cause) : reason)
  }
  const error = Option.getOrUndefined(Cause.findErrorOption(cause))
  if (error === undefined) return Effect.failCause(cause as Cause.Cause<never>)
  if (error._tag === "Undone") return Effect.succeed(error.value)
  return error._tag === "SqlError" ? Effect.fail(ofClient(error, isDecided)) : Effect.fail(error)
}

/** What the client fails with. A commit that is refused is known to be none. */
const ofClient = (error: SqlError, isDecided: boolean): Unavailable | Unsupported => {
  const reason = unavailable(error)
  if (saidBy(reason.cause).startsWith("COMMIT rolled back")) return statementFailed(undefined)
  return isDecided && !passes(error)
    ? new Unsupported({ detail: `PostgreSQL refuses to commit: ${saidBy(reason.cause)}` })
    : reason
}

const idle = new Unsupported({
  detail:
    `the transaction was left unused for ${mostIdle} seconds, after which the server ends it: do what takes long, as requests to ` +
    `other services, before or after it`
})

const tooLarge = (cause: unknown) =>
  new Unsupported({
    detail: `a row is more than the client takes: ${saidBy(cause)}; read it in parts, or raise maxMessageSize of the client`
  })

/** The services that a transaction adds. */
const added = (outside: Context.Context<never>, inside: Context.Context<never>): Context.Context<never> =>
  Context.makeUnsafe(
    new Map(Array.from(inside.mapUnsafe).filter(([key, service]) => outside.mapUnsafe.get(key) !== service))
  )

/** The store within a transaction. */
const storeOn = (
  bound: Database,
  {
    began,
    call,
    client,
    gate,
    listeners,
    maxCommitBytes
  }: Pick<Settings, "client" | "listeners" | "maxCommitBytes"> &
    Pick<Purpose, "call"> & {
      readonly gate: Gate.Gate
      /** When the server has begun the transaction, as it is now in there. */
      readonly began: unknown
    }
): Transaction["store"] => {
  const load = Read.load(bound)
  const summary = Read.summary(bound)
  const { deletion } = Remove.make(bound, listeners)
  const statement = began === undefined ? Group.statement(bound.schema) : Group.statementWithin(bound.schema)
  const save = Effect.fnUntraced(function* (commit: Commit): Effect.fn.Return<void, StoreErrorReason> {
    if (gate.isUndone) return yield* statementFailed(call)
    const encoded = yield* Group.encode(commit, maxCommitBytes)
    const parameters = Group.parameters([encoded], bound.channel, listeners.author, bound.timeout)
    const more = began === undefined ? [] : [PgTypes.text(String(began))]
    const [row] = yield* bound.run(statement, [...parameters, ...more])
    if (row === undefined) return
    const outcome = outcomeOf(commit, row)
    return outcome === "append" ? yield* new Conflict({ version: commit.version }) : yield* outcome
  })
  const about =
    (operation: StoreError["operation"], workflowId: WorkflowId) =>
    <A>(effect: Effect.Effect<A, StoreErrorReason>): Effect.Effect<A, StoreError> =>
      Effect.mapError(
        effect,
        (reason) => new StoreError({ operation, workflowId, reason: refused(operation, reason, call) })
      )
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

/** Says why nothing can be saved, where to begin anew would change nothing. */
const refused = (
  operation: StoreError["operation"],
  reason: StoreErrorReason,
  call: CallPlace | undefined
): StoreErrorReason => {
  if (reason._tag !== "Unavailable") return reason
  const code = codeOf(reason.cause)
  // A body has gone on after a statement that failed.
  if (code === "25P02") return statementFailed(call)
  if (operation !== "save" || !stays(reason.cause)) return reason
  if (saidBy(reason.cause).includes(Group.endedEarly)) return ended(call)
  return new Unsupported({ detail: `PostgreSQL refuses to save: ${saidBy(reason.cause)}` })
}

const ended = (call: CallPlace | undefined) =>
  new Unsupported({
    detail: `${who(call)} has ended the transaction of the store; run parts of it within sql.withTransaction`
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
    // A body that interrupts itself is told from one that is interrupted here, whose fiber has no exit to succeed with.
    const fiber = yield* Effect.forkIn(
      Effect.exit(transaction(() => void Deferred.doneUnsafe(over, Exit.void))),
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
    if (Exit.isFailure(exit.value)) return yield* new Unavailable({ cause: new Error("the store is closed") })
    return yield* exit.value.value
  })
