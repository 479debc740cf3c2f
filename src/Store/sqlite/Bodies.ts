/**
 * The bodies of transactions that wait, and the groups in which they run: one transaction for each group, and one wait for the disk.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { WorkflowId } from "../../Ids.ts"
import type { Verdict } from "../Transactions.ts"
import { type CallPlace, StoreError, type StoreErrorReason, Unavailable, Unsupported } from "../WorkflowStore.ts"
import type { Listeners } from "./Changes.ts"
import { type Database, refusalIn } from "./Database.ts"
import type * as Saved from "./Saved.ts"

/** What waits for a transaction. */
export interface Waiting {
  readonly call: CallPlace | undefined
  readonly run: () => Ran
  readonly done: (exit: Exit.Exit<unknown, StoreError>) => void
}

/** How a body has ended, what it has saved that takes effect with the transaction, and what is to be done then. */
export interface Ran {
  readonly exit: Exit.Exit<Verdict<unknown>, StoreError>
  readonly saved: ReadonlyArray<Saved.Entry>
  readonly committed: ReadonlyArray<Effect.Effect<void>>
}

/** A body has spoilt the transaction that it shares: nothing of that takes effect, and by itself it has another end. */
export class Spoilt extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = "Spoilt"
  }
}

/** The error of an operation. */
export const failed =
  (of: { readonly workflowId: WorkflowId } | undefined, operation: StoreError["operation"]) =>
  (reason: StoreErrorReason): StoreError =>
    new StoreError({ operation, ...(of === undefined ? {} : { workflowId: of.workflowId }), reason })

/** Whether what a body has done is to take effect. */
export const commits = (exit: Exit.Exit<Verdict<unknown>, StoreError>): boolean =>
  Exit.isSuccess(exit) && exit.value._tag === "Commit"

/** The bodies that wait, and the groups that they become. */
export class Line {
  private readonly write: Database["write"]
  private readonly listeners: Pick<Listeners, "notify">
  private readonly fork: (lane: Effect.Effect<void>) => unknown
  private waiting = new Set<Waiting>()
  private isOpen = false
  private isClosed = false
  /** How many of the first ones have a transaction alone, because a body has spoilt the one that they shared. */
  private alone = 0

  constructor(
    write: Database["write"],
    listeners: Pick<Listeners, "notify">,
    fork: (lane: Effect.Effect<void>) => unknown
  ) {
    this.write = write
    this.listeners = listeners
    this.fork = fork
  }

  /** Adds one; returns what removes it again. */
  add(waiting: Waiting): () => void {
    if (this.isClosed) {
      this.refuse(waiting, closed)
      return () => {}
    }
    this.waiting.add(waiting)
    if (!this.isOpen) {
      this.isOpen = true
      const ended = Effect.sync(() => void (this.isOpen = false))
      // What is added in the same turn of the process goes with it.
      this.fork(Effect.ensuring(Effect.andThen(Effect.yieldNow, this.groups), ended))
    }
    return () => this.waiting.delete(waiting)
  }

  /** Leaves what waits, and tells its callers. */
  close(): void {
    this.isClosed = true
    for (const waiting of this.waiting) this.refuse(waiting, closed)
    this.waiting.clear()
  }

  private readonly groups: Effect.Effect<void> = Effect.suspend(() => {
    if (this.waiting.size === 0) return Effect.void
    let ran: ReadonlyMap<Waiting, Ran | undefined> = new Map()
    const group = this.write(() => {
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
    })
    return Effect.flatMap(Effect.exit(Effect.catch(group, refusing)), (exit) => {
      for (const one of ran.keys()) this.waiting.delete(one)
      this.alone = Math.max(0, this.alone - 1)
      if (Exit.isSuccess(exit)) this.settle(ran)
      else this.undo([...ran.keys()], exit.cause)
      return Effect.andThen(Effect.yieldNow, this.groups)
    })
  })

  /** Answers a group that took effect. */
  private settle(group: ReadonlyMap<Waiting, Ran | undefined>): void {
    const all = [...group].flatMap(([{ done }, ran]) => (ran === undefined ? [] : [{ done, ...ran }]))
    const saved = all.flatMap((ran) => ran.saved)
    if (saved.length > 0) this.listeners.notify(saved.map(({ encoded }) => encoded.commit))
    for (const { committed } of saved) committed()
    for (const { committed, done, exit } of all) {
      if (Exit.isSuccess(exit) && exit.value._tag === "Commit") exit.value.committed()
      if (committed.length > 0) this.fork(Effect.forEach(committed, loggingDefects, { discard: true }))
      done(Exit.map(exit, ({ value }) => value))
    }
  }

  /** Answers a group that did not; each of it has another try alone when one of them has spoilt it. */
  private undo(ran: ReadonlyArray<Waiting>, cause: Cause.Cause<StoreErrorReason>): void {
    if (ran.length > 1 && Cause.hasDies(cause)) {
      this.waiting = new Set([...ran, ...this.waiting])
      this.alone = ran.length
      return
    }
    // Where none has begun, none of them could.
    const refused = ran.length === 0 ? [...this.waiting] : ran
    for (const one of refused) {
      this.waiting.delete(one)
      this.refuse(one, cause)
    }
  }

  private refuse({ call, done }: Waiting, cause: Cause.Cause<StoreErrorReason>): void {
    const spoilt = cause.reasons.filter(Cause.isDieReason).find(({ defect }) => defect instanceof Spoilt)
    const reason = spoilt && new Unsupported({ detail: (spoilt.defect as Spoilt).message })
    done(Exit.mapError(reason === undefined ? Exit.failCause(cause) : Exit.fail(reason), failed(call, "transaction")))
  }
}

// internal

/** How many bodies share a transaction, and for how long they keep the process from other work, in milliseconds. */
const mostTogether = 64
const mostTime = 10

/** What the app does after a commit is its own, as with every client of `effect/sql`. */
const loggingDefects = (effect: Effect.Effect<void>) =>
  Effect.ignoreCause(effect, { log: "Unhandled", message: "Unhandled error in SqlClient.afterCommit callback" })

const closed = Cause.fail(new Unavailable({ cause: new Error("the store is closed") }))

/** What SQLite refuses at the end of a transaction is the fault of a body, and alone it shows of which. */
const refusing = (reason: StoreErrorReason): Effect.Effect<never, StoreErrorReason> => {
  const refusal = refusalIn(reason)
  return refusal === undefined
    ? Effect.fail(reason)
    : Effect.die(new Spoilt(`SQLite refuses to commit: ${refusal}`, reason))
}
