/**
 * Writes the commits of all executions that are ready together.
 *
 * A commit that the store could not answer for is saved again, under the same id, until its outcome is known: whatever
 * depends on it waits meanwhile.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scheduler from "effect/Scheduler"
import { type Commit, StoreError, type StoreErrorReason, type WorkflowStore } from "../../Store/WorkflowStore.ts"
import { reasonOf } from "./errors.ts"
import type { Fibers } from "./Fibers.ts"
import type { Known, Observed } from "./Observed.ts"

/** What became of a commit; `Stopped` when the executor was stopped before that was known. */
export type Outcome = "Saved" | "Stopped" | StoreError

/** What the store says of a group: an answer for each of its commits. */
type Answers = Exit.Exit<ReadonlyArray<Exit.Exit<void, StoreErrorReason>>>

interface Ready {
  readonly commit: Commit
  readonly done: (outcome: Outcome) => void
  readonly known: Known | undefined
  attempts: number
  /** Whether it had no answer although others of its group did: it is saved by itself then, and others do not wait for it. */
  alone: boolean
}

/** Commits in one group; more go into the next one, so that no write keeps the process from other work for long. */
const groupLimit = 512

/** A commit of so many events waits for other work of the process, also where the store answers at once. */
const longCommit = 512

/** The first and the longest pause before a commit is saved again, in milliseconds; each is twice the one before. */
const firstPause = 40
const longestPause = 5000

/** For so long commits are written and followed up in a row without letting others run, in milliseconds. */
const rowLimit = 10

export class Saves {
  private readonly fibers: Fibers
  private readonly store: WorkflowStore["Service"]
  private readonly dispatcher: Scheduler.SchedulerDispatcher
  private readonly observed: Observed
  /** A store that loses all with its process has nothing to group for; it is written at once. */
  private readonly immediate: boolean
  /** A clock that only goes forward, in milliseconds. */
  private readonly monotonic: () => number
  private ready: Array<Ready> = []
  /** Commits that the store could not answer for, which wait to be saved again. */
  private readonly unanswered = new Set<Ready>()
  private flushing = false
  /** When the process must turn to timers and I/O, once something was saved since it last did; in monotonic time. */
  private rowEnds: number | undefined = undefined
  private stopped = false

  constructor(options: {
    readonly fibers: Fibers
    readonly store: WorkflowStore["Service"]
    readonly dispatcher: Scheduler.SchedulerDispatcher
    readonly observed: Observed
    readonly monotonic: () => number
  }) {
    const { dispatcher, fibers, monotonic, observed, store } = options
    this.fibers = fibers
    this.store = store
    this.dispatcher = dispatcher
    this.observed = observed
    this.monotonic = monotonic
    this.immediate = store.guarantees.durability === "none"
  }

  /** Saves a commit with the next group and tells its outcome; observers are told of it first, with what is known beside it. */
  save(commit: Commit, done: (outcome: Outcome) => void, known?: Known): void {
    if (this.stopped) return done("Stopped")
    this.enqueue({ commit, done, known, attempts: 0, alone: false })
  }

  /** Gives up on commits whose outcome is not known. */
  stop(): void {
    this.stopped = true
    for (const entry of [...this.ready.splice(0), ...this.unanswered]) entry.done("Stopped")
    this.unanswered.clear()
  }

  private enqueue(entry: Ready): void {
    this.ready.push(entry)
    if (this.flushing || this.ready.length > 1) return
    if (!this.immediate) this.dispatcher.scheduleTask(() => this.flush(), 0)
    else this.flushRow()
  }

  /** Writes groups one after the other, as long as neither a long one comes nor the process was kept from others for long. */
  private flushRow(long = false): void {
    this.flushing = true
    try {
      if (long) this.flush()
      while (this.ready.length > 0 && !this.startsLong && !this.isRowOver()) this.flush()
    } finally {
      this.flushing = false
      if (this.ready.length > 0) this.flushLater()
    }
  }

  private flushLater(): void {
    if (this.startsLong) this.fibers.yield(() => this.flushRow(true))
    else this.dispatcher.scheduleTask(() => this.flushRow(), 0)
  }

  /**
   * Whether timers and I/O have their turn first. All that a store answers at once, and all that follows from it, happens
   * in one turn of the event loop, so one execution could go on for ever in it.
   */
  private isRowOver(): boolean {
    const now = this.monotonic()
    if (this.rowEnds !== undefined) return now >= this.rowEnds
    this.rowEnds = now + rowLimit
    this.dispatcher.scheduleTask(() => {
      this.rowEnds = undefined
    }, 0)
    return false
  }

  /** Whether the next group begins with a commit that waits for other work of the process. */
  private get startsLong(): boolean {
    return this.ready.length > 0 && this.ready[0]!.commit.events.length >= longCommit
  }

  private flush(): void {
    const group = this.ready.length <= groupLimit ? this.ready : this.ready.slice(0, groupLimit)
    this.ready = this.ready.slice(group.length)
    if (this.ready.length > 0 && !this.immediate) this.dispatcher.scheduleTask(() => this.flush(), 0)
    if (group.length > 0) this.write(group)
  }

  private write(group: ReadonlyArray<Ready>): void {
    const saved = this.observed.within(
      group,
      Effect.suspend(() => this.store.saveAll(group.map(({ commit }) => commit)))
    )
    this.fibers.fork(saved, (exit) => {
      if (group.length > 1 && anySaved(exit)) for (const entry of group) entry.alone = true
      this.settleAll(group, exit, 0)
    })
  }

  private settleAll(group: ReadonlyArray<Ready>, exit: Answers, from: number): void {
    const rowEnds = this.monotonic() + rowLimit
    let i = from
    try {
      for (; i < group.length; i++) {
        // What follows from a commit is the next turn of its program, which may take its time.
        if ((i & 7) === 7 && this.monotonic() >= rowEnds) {
          const rest = i
          i = group.length
          return this.dispatcher.scheduleTask(() => this.settleAll(group, exit, rest), 0)
        }
        this.settle(group[i]!, answerOf(exit, i))
      }
    } finally {
      // What follows from one commit must not keep another execution from learning of its own.
      if (i < group.length) this.settleAll(group, exit, i + 1)
    }
  }

  private settle(entry: Ready, exit: Exit.Exit<void, StoreErrorReason>): void {
    if (Exit.isSuccess(exit)) {
      this.observed.committed(entry.commit, entry.known)
      return entry.done("Saved")
    }
    const { workflowId } = entry.commit
    const error = new StoreError({ operation: "save", workflowId, reason: reasonOf(exit.cause) })
    if (error.reason._tag !== "Unavailable") return entry.done(error)
    if (this.stopped) return entry.done("Stopped")
    entry.attempts++
    if (entry.attempts === 1) this.fibers.log("Warn", error.message)
    const pause = Math.min(longestPause, firstPause * 2 ** (entry.attempts - 1))
    this.unanswered.add(entry)
    this.fibers.after(pause, () => {
      if (!this.unanswered.delete(entry)) return
      if (entry.alone) this.write([entry])
      else this.enqueue(entry)
    })
  }
}

// internal

/** What a store has answered for a commit of a group; a store with a bug may answer anything. */
const answerOf = (exit: Answers, index: number): Exit.Exit<void, StoreErrorReason> => {
  if (Exit.isFailure(exit)) return Exit.failCause(exit.cause)
  const answer: unknown = Array.isArray(exit.value) ? exit.value[index] : undefined
  return Exit.isExit(answer) ? (answer as Exit.Exit<void, StoreErrorReason>) : Exit.die(noAnswer)
}

/** Whether the store has stored any commit of a group. */
const anySaved = (exit: Answers): boolean =>
  Exit.isSuccess(exit) &&
  Array.isArray(exit.value) &&
  exit.value.some((each) => Exit.isExit(each) && Exit.isSuccess(each))

const noAnswer = new Error("saveAll has no exit for a commit of its group")
