/**
 * Transactions for handlers: a handler runs without suspending, between two statements of the store's one connection.
 *
 * The transaction is one of the store, which begins with the log and its fence as they are for any commit. What a handler writes is under
 * a savepoint, so that the log is what it was when that is undone; the commit with its result comes after it. Other processes wait
 * meanwhile, as for every transaction.
 */
import type { DatabaseSync } from "node:sqlite"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { SqlClient } from "effect/sql/SqlClient"
import type { Transaction, Transactions, Verdict } from "../Transactions.ts"
import { type Commit, StoreError, type StoreErrorReason, Unsupported } from "../WorkflowStore.ts"
import * as Append from "./Append.ts"
import type { Listeners } from "./Changes.ts"
import * as Client from "./Client.ts"
import type { Database } from "./Database.ts"
import * as Read from "./Read.ts"

/** Runs transactions, one after the other. */
export const make = Effect.fnUntraced(function* (
  database: Database,
  listeners: Listeners,
  maxCommitBytes: number
): Effect.fn.Return<Transactions["Service"]> {
  const { connection, write } = database
  const gate: Client.Gate = { isOpen: false }
  const services = Context.make(SqlClient, yield* Client.make(connection, gate))
  const load = Read.load({ ...database, read: Effect.sync })
  const append = Append.within(database, maxCommitBytes)
  return {
    run: (call, body) =>
      Effect.contextWith((context: Context.Context<never>) => {
        const failed = (operation: StoreError["operation"]) => (reason: StoreErrorReason) =>
          new StoreError({ operation, workflowId: call.workflowId, reason })
        const saved: Array<Commit> = []
        const transaction: Transaction = {
          services,
          store: {
            load: (workflowId, options) => Effect.mapError(load(workflowId, options?.after), failed("load")),
            save: (commit) =>
              Effect.suspend(() => {
                // By itself it would take effect at once.
                if (!connection.isTransaction) return Effect.die(new Error(endedByHandler))
                const exit = append(commit)
                if (Exit.isSuccess(exit)) saved.push(commit)
                return Exit.mapError(exit, failed("save"))
              })
          }
        }
        const run = Effect.runSyncExitWith(context)
        const transacted = write(() => {
          // Of a transaction that did not begin, since another process was writing, nothing is left.
          saved.length = 0
          const exit = within(connection, () => open(gate, () => run(body(transaction))))
          // The log has it, and forgets it with the whole transaction alone.
          if (saved.length > 0 && !commits(exit)) throw new Error("a commit was saved in a transaction that was undone")
          return exit
        })
        return Effect.matchEffect(transacted, {
          onFailure: (reason) => Effect.fail(failed("transaction")(reason)),
          onSuccess: (exit) => {
            if (Exit.isFailure(exit)) return ended(exit.cause, failed("transaction"))
            if (exit.value._tag === "Commit") {
              listeners.notify(saved)
              exit.value.committed()
            }
            return Effect.succeed(exit.value.value)
          }
        })
      })
  }
})

// internal

const savepoint = "perdure_handler"

const endedByHandler = "the handler has ended the transaction of the store; run parts of it within sql.withTransaction"

const open = <A>(gate: Client.Gate, body: () => A): A => {
  gate.isOpen = true
  try {
    return body()
  } finally {
    gate.isOpen = false
  }
}

/** Runs a body under a savepoint, to which all goes back that it does not commit. */
const within = <A>(
  connection: DatabaseSync,
  body: () => Exit.Exit<Verdict<A>, StoreError>
): Exit.Exit<Verdict<A>, StoreError> => {
  connection.exec(`SAVEPOINT ${savepoint}`)
  const exit = body()
  // No error of SQLite as others are: what the handler has done, it will do again.
  if (!connection.isTransaction) throw new Error(endedByHandler)
  connection.exec(commits(exit) ? `RELEASE ${savepoint}` : `ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`)
  return exit
}

const commits = (exit: Exit.Exit<Verdict<unknown>, StoreError>): boolean =>
  Exit.isSuccess(exit) && exit.value._tag === "Commit"

/** How a body has ended that did not come to a verdict. */
const ended = (
  cause: Cause.Cause<StoreError>,
  failed: (reason: StoreErrorReason) => StoreError
): Effect.Effect<never, StoreError> => {
  const suspended = cause.reasons.filter(Cause.isDieReason).find(({ defect }) => Cause.isAsyncFiberError(defect))
  if (suspended === undefined) return Effect.failCause(cause)
  return Effect.sync(() => (suspended.defect as Cause.AsyncFiberError).fiber.interruptUnsafe()).pipe(
    Effect.andThen(
      Effect.fail(
        failed(
          new Unsupported({
            detail:
              "the handler has suspended, and on SQLite it must run to its end at once, since the store has one connection: sleep, " +
              "wait and call other services in an activity before or after it"
          })
        )
      )
    )
  )
}
