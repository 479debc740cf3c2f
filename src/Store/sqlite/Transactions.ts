/**
 * Transactions for handlers and for the app: a body runs without suspending, between two statements of the store's one connection.
 *
 * The transaction is one of the store, which begins with the log and its fence as they are for any commit. Bodies that are ready
 * together share it, and so one wait for the disk. What each of them writes is under a savepoint, so that it can be undone alone; what it
 * saves is appended to the log when that is over. Other processes wait meanwhile, as for every transaction.
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberSet from "effect/FiberSet"
import { Scheduler } from "effect/Scheduler"
import type * as Scope from "effect/Scope"
import { isSqlError } from "effect/sql/SqlError"
import type { WorkflowId } from "../../Ids.ts"
import { leftPart, partOf, who } from "../../internal/store/part.ts"
import { withItsFibers } from "../../internal/store/withItsFibers.ts"
import type { Transaction, Transactions, Verdict } from "../Transactions.ts"
import { type CallPlace, type StoreError, type StoreErrorReason, Unavailable, Unsupported } from "../WorkflowStore.ts"
import type { Appending } from "./Append.ts"
import { Turns } from "./Turns.ts"
import * as Bodies from "./Bodies.ts"
import type { Listeners } from "./Changes.ts"
import * as Client from "./Client.ts"
import { type Database, passes } from "./Database.ts"
import * as Deletions from "./Deletions.ts"
import * as Guard from "./Guard.ts"
import * as Read from "./Read.ts"
import * as Saved from "./Saved.ts"
import { Savepoints } from "./Savepoints.ts"

/** Runs transactions, one after the other. */
export const make = Effect.fnUntraced(function* (
  database: Database,
  { write }: Pick<Appending, "write">,
  listeners: Listeners,
  maxCommitBytes: number
): Effect.fn.Return<Transactions["Service"], never, Scope.Scope> {
  const { connection } = database
  const savepoints = new Savepoints(connection)
  const shared: Client.Shared = { connection, savepoints, prepare: Guard.make(connection), current: undefined }
  const client = Client.make(shared)
  const part = partOf(client)
  const storeOf = stores(database, listeners)
  const begin = Saved.make(database, maxCommitBytes)
  const fork = yield* FiberSet.makeRuntime<never, void, never>()
  const line = new Bodies.Line(write, listeners, fork)
  yield* Effect.addFinalizer(() => Effect.sync(() => line.close()))
  return {
    run: <A>(call: CallPlace | undefined, body: (transaction: Transaction) => Effect.Effect<Verdict<A>, StoreError>) =>
      Effect.contextWith((context: Context.Context<never>) =>
        Effect.callback<A, StoreError>((resume) => {
          const leave = line.add({
            call,
            run: () => {
              const saved = begin()
              const gate = new Client.Gate(shared)
              const turns = new Turns()
              const close = Effect.sync(() => gate.close())
              const transaction: Transaction = {
                // What a handler is given with its layer must not have its fibers run elsewhere.
                services: Context.add(gate.services(client), Scheduler, turns),
                guard: (effect) => Effect.ensuring(withItsFibers(effect), close),
                store: storeOf(saved, gate),
                part,
                passes: (error) => isSqlError(error) && passes(error.reason.cause),
                database
              }
              return within(shared, { call, gate, saved }, () => turns.run(body(transaction), context))
            },
            done: (exit) => resume(exit as Exit.Exit<A, StoreError>)
          })
          return Effect.sync(leave)
        })
      ),
    database
  }
})

// internal

/** The store as a body has it. */
const stores = (database: Database, listeners: Listeners) => {
  const reading = { ...database, read: database.inside }
  const load = Read.load(reading)
  const summary = Read.summary(reading)
  const { deletion } = Deletions.make(reading, listeners)
  return (saved: Saved.Saved, gate: Client.Gate): Transaction["store"] => {
    const about =
      (operation: StoreError["operation"], workflowId: WorkflowId) =>
      <A>(effect: Effect.Effect<A, StoreErrorReason>): Effect.Effect<A, StoreError> =>
        Effect.mapError(effect, (reason) => {
          gate.note(reason)
          return Bodies.failed({ workflowId }, operation)(reason)
        })
    return {
      load: (workflowId, options) =>
        about(
          "load",
          workflowId
        )(Effect.map(load(workflowId, options?.after), (stored) => saved.over(workflowId, stored, options?.after))),
      summary: (workflowId) =>
        Effect.suspend(() => {
          const latest = saved.summary(workflowId)
          return latest === undefined ? about("summary", workflowId)(summary(workflowId)) : Effect.succeedSome(latest)
        }),
      deletion: (workflowId) => about("deletion", workflowId)(deletion(workflowId)),
      save: (commit, committed = () => {}) => {
        const save = Effect.flatten(
          database.inside(() => {
            // By itself it would take effect at once.
            if (!database.connection.isTransaction) throw new Unsupported({ detail: Client.gone })
            return saved.save(commit, committed)
          })
        )
        return about("save", commit.workflowId)(save)
      }
    }
  }
}

/** A body, what it has of its transaction, and what it saves. */
interface Given {
  readonly call: CallPlace | undefined
  readonly gate: Client.Gate
  readonly saved: Saved.Saved
}

/** Runs a body under a savepoint, to which all goes back that it does not commit. */
const within = (
  shared: Client.Shared,
  { call, gate, saved }: Given,
  body: () => Exit.Exit<Verdict<unknown>, StoreError>
): Bodies.Ran => {
  const { connection, savepoints } = shared
  savepoints.begin(0)
  shared.current = gate
  const exit = judged(body(), call, gate)
  shared.current = undefined
  if (!connection.isTransaction) throw ending(call, gate.endedBy)
  const isKept = Bodies.commits(exit)
  const entries = isKept ? saved.append() : []
  if (isKept) savepoints.release(0)
  else savepoints.undo(0)
  return { exit, saved: entries, committed: isKept ? gate.committed : [] }
}

/** How a body has ended: not well, when something of it goes on. */
const judged = (
  exit: Exit.Exit<Verdict<unknown>, StoreError>,
  call: CallPlace | undefined,
  gate: Client.Gate
): Exit.Exit<Verdict<unknown>, StoreError> => {
  gate.close()
  const unsupported = (detail: string) => Exit.fail(Bodies.failed(call, "transaction")(new Unsupported({ detail })))
  if (Exit.isSuccess(exit)) return Bodies.commits(exit) && gate.hasOpenPart ? unsupported(leftPart(call)) : exit
  const suspended = exit.cause.reasons.filter(Cause.isDieReason).map(({ defect }) => defect)
  const fiber = suspended.find(Cause.isAsyncFiberError)?.fiber
  if (fiber === undefined) return exit
  fiber.interruptUnsafe()
  return unsupported(
    `${who(call)} has suspended, and on SQLite it must run to its end at once, since the store has one connection: sleep, ` +
      `wait and call other services${call === undefined ? "" : " in an activity"} before or after it`
  )
}

/** What a transaction ends with that is gone: to begin anew, or an error that undoes this body alone. */
const ending = (call: CallPlace | undefined, cause: unknown): unknown =>
  passes(cause) || cause instanceof Unavailable ? cause : new Bodies.Spoilt(endedBy(call, cause), cause)

const endedBy = (call: CallPlace | undefined, cause: unknown): string =>
  `${who(call)} has ended the transaction of the store${cause instanceof Error ? `, which a statement did: ${cause.message}` : ""}; run ` +
  `parts of it within sql.withTransaction`
