/**
 * Transactions for handlers and for the app: a body runs without suspending, between two statements of the store's one connection.
 *
 * The transaction is one of the store, which begins with the log and its fence as they are for any commit. Bodies that are ready
 * together share it, and so one wait for the disk. What each of them writes is under a savepoint, so that it can be undone alone; what it
 * saves is appended to the log when that is over. Other processes wait meanwhile, as for every transaction.
 */
import type { DatabaseSync } from "node:sqlite"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import type { WorkflowId } from "../../Ids.ts"
import { partOf } from "../../internal/store/part.ts"
import type { Transaction, Transactions, Verdict } from "../Transactions.ts"
import { type CallPlace, StoreError, type StoreErrorReason, Unavailable, Unsupported } from "../WorkflowStore.ts"
import type { Listeners } from "./Changes.ts"
import * as Client from "./Client.ts"
import type { Database } from "./Database.ts"
import * as Deletions from "./Deletions.ts"
import * as Read from "./Read.ts"
import * as Saved from "./Saved.ts"

/** Runs transactions, one after the other. */
export const make = Effect.fnUntraced(function* (
  database: Database,
  listeners: Listeners,
  maxCommitBytes: number
): Effect.fn.Return<Transactions["Service"], never, Scope.Scope> {
  const { connection } = database
  const gate: Client.Gate = { isOpen: false }
  const client = yield* Client.make(connection, gate)
  const reading = { ...database, read: Effect.sync }
  const load = Read.load(reading)
  const summary = Read.summary(reading)
  const { deletion } = Deletions.make(reading, listeners)
  const begin = Saved.make(database, maxCommitBytes)
  const fork = yield* FiberSet.makeRuntime<never, void, never>()
  const line = new Line(database, listeners, fork)
  yield* Effect.addFinalizer(() => Effect.sync(() => line.close()))
  const storeOf = (saved: Saved.Saved): Transaction["store"] => ({
    load: (workflowId, options) =>
      Effect.mapBoth(load(workflowId, options?.after), {
        onFailure: failed({ workflowId }, "load"),
        onSuccess: (stored) => saved.over(workflowId, stored, options?.after)
      }),
    summary: (workflowId) =>
      Effect.suspend(() => {
        const latest = saved.summary(workflowId)
        return latest === undefined
          ? Effect.mapError(summary(workflowId), failed({ workflowId }, "summary"))
          : Effect.succeedSome(latest)
      }),
    deletion: (workflowId) => Effect.mapError(deletion(workflowId), failed({ workflowId }, "deletion")),
    save: (commit, committed = () => {}) =>
      Effect.suspend(() => {
        // By itself it would take effect at once.
        if (!connection.isTransaction) return Effect.die(new Error(endedByHandler))
        return Exit.mapError(saved.save(commit, committed), failed(commit, "save"))
      })
  })
  const services = Context.make(SqlClient, client)
  const part = partOf(client)
  return {
    run: <A>(call: CallPlace | undefined, body: (transaction: Transaction) => Effect.Effect<Verdict<A>, StoreError>) =>
      Effect.contextWith((context: Context.Context<never>) =>
        Effect.callback<A, StoreError>((resume) => {
          const run = Effect.runSyncExitWith(context)
          const leave = line.add({
            call,
            run: () => {
              const saved = begin()
              const transaction = { services, store: storeOf(saved), part, database }
              return within(connection, saved, () => open(gate, () => run(body(transaction))))
            },
            done: (exit) => resume(Exit.isSuccess(exit) ? Effect.succeed(exit.value as A) : ended(call, exit.cause))
          })
          return Effect.sync(leave)
        })
      ),
    database
  }
})

// internal

/** What waits for a transaction. */
interface Waiting {
  readonly call: CallPlace | undefined
  readonly run: () => Ran
  readonly done: (exit: Exit.Exit<unknown, StoreError>) => void
}

/** How a body has ended, and what it has saved that takes effect with the transaction. */
interface Ran {
  readonly exit: Exit.Exit<Verdict<unknown>, StoreError>
  readonly saved: ReadonlyArray<Saved.Entry>
}

/** How many handlers share a transaction, and for how long they keep the process from other work, in milliseconds. */
const mostTogether = 64
const mostTime = 10

/** The handlers that wait, and the groups that they become. */
class Line {
  private readonly database: Database
  private readonly listeners: Listeners
  private readonly fork: (lane: Effect.Effect<void>) => unknown
  private waiting = new Set<Waiting>()
  private isOpen = false
  /** How many of the first ones have a transaction alone, because a handler has spoilt the one that they shared. */
  private alone = 0

  constructor(database: Database, listeners: Listeners, fork: (lane: Effect.Effect<void>) => unknown) {
    this.database = database
    this.listeners = listeners
    this.fork = fork
  }

  /** Adds one; returns what removes it again. */
  add(waiting: Waiting): () => void {
    this.waiting.add(waiting)
    if (!this.isOpen) {
      this.isOpen = true
      const closed = Effect.sync(() => void (this.isOpen = false))
      // What is added in the same turn of the process goes with it.
      this.fork(Effect.ensuring(Effect.andThen(Effect.yieldNow, this.groups), closed))
    }
    return () => this.waiting.delete(waiting)
  }

  close(): void {
    const reason = new Unavailable({ cause: new Error("the store is closed") })
    for (const { call, done } of this.waiting) done(Exit.fail(failed(call, "transaction")(reason)))
    this.waiting.clear()
  }

  private readonly groups: Effect.Effect<void> = Effect.suspend(() => {
    if (this.waiting.size === 0) return Effect.void
    let ran: ReadonlyMap<Waiting, Ran | undefined> = new Map()
    const group = this.database.write(() => {
      // Of a transaction that did not begin, since another process was writing, nothing is left.
      const running = new Map<Waiting, Ran | undefined>()
      ran = running
      const most = this.alone > 0 ? 1 : mostTogether
      const until = performance.now() + mostTime
      for (const one of this.waiting) {
        if (running.size === most || performance.now() > until) break
        running.set(one, undefined)
        running.set(one, one.run())
      }
      this.database.log.flush()
    })
    return Effect.flatMap(Effect.exit(group), (exit) => {
      for (const one of ran.keys()) this.waiting.delete(one)
      this.alone = Math.max(0, this.alone - 1)
      if (Exit.isSuccess(exit)) this.settle(ran)
      else this.refuse([...ran.keys()], exit.cause)
      return Effect.andThen(Effect.yieldNow, this.groups)
    })
  })

  /** Answers a group that took effect. */
  private settle(group: ReadonlyMap<Waiting, Ran | undefined>): void {
    const saved = [...group.values()].flatMap((ran) => ran?.saved ?? [])
    if (saved.length > 0) this.listeners.notify(saved.map(({ encoded }) => encoded.commit))
    for (const { committed } of saved) committed()
    for (const [{ done }, ran] of group) {
      if (ran === undefined) continue
      const { exit } = ran
      if (Exit.isSuccess(exit) && exit.value._tag === "Commit") exit.value.committed()
      done(Exit.map(exit, ({ value }) => value))
    }
  }

  /** Answers a group that did not; each of it has another try alone when one of them has spoilt it. */
  private refuse(ran: ReadonlyArray<Waiting>, cause: Cause.Cause<StoreErrorReason>): void {
    if (ran.length > 1 && Cause.hasDies(cause)) {
      this.waiting = new Set([...ran, ...this.waiting])
      this.alone = ran.length
      return
    }
    // Where none has begun, none of them could.
    const refused = ran.length === 0 ? [...this.waiting] : ran
    for (const one of refused) {
      this.waiting.delete(one)
      one.done(Exit.mapError(Exit.failCause(cause), failed(one.call, "transaction")))
    }
  }
}

const failed =
  (of: { readonly workflowId: WorkflowId } | undefined, operation: StoreError["operation"]) =>
  (reason: StoreErrorReason): StoreError =>
    new StoreError({ operation, ...(of === undefined ? {} : { workflowId: of.workflowId }), reason })

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
const within = (
  connection: DatabaseSync,
  saved: Saved.Saved,
  body: () => Exit.Exit<Verdict<unknown>, StoreError>
): Ran => {
  connection.exec(`SAVEPOINT ${savepoint}`)
  const exit = body()
  // No error of SQLite as others are: what the handler has done, it will do again.
  if (!connection.isTransaction) throw new Error(endedByHandler)
  const ran: Ran = { exit, saved: commits(exit) ? saved.append() : [] }
  connection.exec(commits(exit) ? `RELEASE ${savepoint}` : `ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`)
  return ran
}

const commits = (exit: Exit.Exit<Verdict<unknown>, StoreError>): boolean =>
  Exit.isSuccess(exit) && exit.value._tag === "Commit"

/** How a body has ended that did not come to a verdict. */
const ended = (call: CallPlace | undefined, cause: Cause.Cause<StoreError>): Effect.Effect<never, StoreError> => {
  const suspended = cause.reasons.filter(Cause.isDieReason).find(({ defect }) => Cause.isAsyncFiberError(defect))
  if (suspended === undefined) return Effect.failCause(cause)
  const [who, where] = call === undefined ? ["what runs within it", ""] : ["the handler", " in an activity"]
  const detail =
    `${who} has suspended, and on SQLite it must run to its end at once, since the store has one connection: sleep, ` +
    `wait and call other services${where} before or after it`
  return Effect.andThen(
    Effect.sync(() => (suspended.defect as Cause.AsyncFiberError).fiber.interruptUnsafe()),
    Effect.fail(failed(call, "transaction")(new Unsupported({ detail })))
  )
}
