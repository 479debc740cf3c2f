/**
 * Runs the fibers of one program in a fixed order: first in, first out, and only during a flush.
 *
 * After a flush every fiber is suspended on something that the interpreter knows. A fiber that runs outside a flush was
 * woken by something it does not know, such as a promise, so it is stopped before it does anything.
 */
import * as Fiber from "effect/Fiber"
import type * as Random from "effect/Random"
import type * as Scheduler from "effect/Scheduler"
import type { Problem } from "../../HistoryEvent.ts"

/** How long one flush may take before the program counts as spinning. */
export interface FlushBudget {
  readonly milliseconds: number
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number
  /** How long the processor has worked for this process, in milliseconds. Asked rarely. */
  readonly used: () => number
}

/** What runs beside a program for a moment and changes nothing of it: the handler of a query, or the validation of an update. */
export interface Guest extends Scheduler.SchedulerDispatcher, Pick<Scheduler.Scheduler, "shouldYield"> {
  /** Notes what only a program may do, and throws in the fiber that does it. */
  readonly refuse: (what: string) => never
  /** The numbers that it draws, so that it draws none of the program's. */
  readonly random: Random.Random
}

/** How many operations run between two looks at the clock; a power of two. */
const operationsPerLook = 4096

export class WorkflowScheduler implements Scheduler.Scheduler, Scheduler.SchedulerDispatcher {
  readonly executionMode = "sync" as const
  /** Set when the program must not go on. */
  problem: Problem | undefined = undefined
  /** Whether what runs has already been recorded, so that logs and spans stay silent. */
  replaying = false
  /** What runs beside the program now: what it schedules on this scheduler is its own. */
  guest: Guest | undefined = undefined
  private readonly budget: FlushBudget
  private readonly place: () => string
  private readonly woken: () => void
  private readonly queue: Array<() => void> = []
  private flushing = false
  private operations = 0
  private flushEnds = 0
  /** What `used` said at the first look in the flush. */
  private usedBefore: number | undefined = undefined

  /** `place` names where the program is; `woken` is called when something woke it outside a flush. */
  constructor(budget: FlushBudget, place: () => string, woken: () => void) {
    this.budget = budget
    this.place = place
    this.woken = woken
  }

  makeDispatcher(): Scheduler.SchedulerDispatcher {
    return this
  }

  scheduleTask(run: () => void): void {
    if (this.problem !== undefined) return
    if (this.guest !== undefined) this.guest.scheduleTask(run, 0)
    else if (this.flushing) this.queue.push(run)
    else this.stopAsynchronous(undefined)
  }

  /**
   * Called before every operation of every fiber. It yields only when the program was stopped: what a fiber then schedules
   * is dropped, so it stays where it is for ever and not even its finalizers run. Otherwise only the program decides the
   * order.
   */
  shouldYield(fiber: Fiber.Fiber<unknown, unknown>): boolean {
    if (this.guest !== undefined) return this.guest.shouldYield(fiber)
    if (!this.flushing) this.stopAsynchronous(fiber)
    if ((++this.operations & (operationsPerLook - 1)) === 0) this.look()
    return this.problem !== undefined
  }

  /** Runs `start` and everything that follows from it, until every fiber is suspended. */
  flush(start?: () => void): void {
    if (this.flushing || this.problem !== undefined) return
    this.flushing = true
    this.operations = 0
    this.flushEnds = this.budget.now() + this.budget.milliseconds
    this.usedBefore = undefined
    try {
      start?.()
      for (let i = 0; i < this.queue.length && this.problem === undefined; i++) {
        if ((++this.operations & (operationsPerLook - 1)) === 0) this.look()
        this.queue[i]!()
      }
    } finally {
      if (this.queue.length > 0) this.queue.length = 0
      this.flushing = false
    }
  }

  /**
   * Whether the program may do what leaves it, or end. A fiber that does not ask before its operations, because the program gave it another
   * scheduler or prevents it from yielding, is found here when something of the host has woken it.
   */
  mayAct(): boolean {
    if (!this.flushing) this.stopAsynchronous(Fiber.getCurrent())
    return this.problem === undefined
  }

  /** Stops the program for good; the first problem is kept. */
  stop(problem: Problem): void {
    this.problem ??= problem
  }

  /** Stops a program that has used up its budget, by the clock and by the processor: a process that was frozen has not worked. */
  private look(): void {
    const { budget } = this
    this.usedBefore ??= budget.used()
    const now = budget.now()
    if (now < this.flushEnds) return
    const left = budget.milliseconds - (budget.used() - this.usedBefore)
    // The first look begins to count, so a program has a few operations more.
    if (left > budget.milliseconds / 20) {
      this.flushEnds = now + left
      return
    }
    this.stop({
      reason: "Spinning",
      message:
        `${this.place()} ran for ${this.budget.milliseconds} ms without waiting for anything; a workflow must ` +
        `suspend (sleep, activity, signal) now and then, and long computations belong in an activity`
    })
  }

  private stopAsynchronous(fiber: Fiber.Fiber<unknown, unknown> | undefined): void {
    if (this.problem !== undefined) return
    const frame = fiber?.cache.stackFrame
    const where = frame === undefined ? "" : ` in ${frame.name} ${frame.stack()?.trim() ?? ""}`.trimEnd()
    this.stop({
      reason: "AsynchronousWork",
      message:
        `${this.place()} did asynchronous work outside an activity${where}: a promise, callback or timer of the ` +
        `host woke it, or what it shares with another execution, which replay cannot repeat; move that work into an ` +
        `activity, and make in the program what its fibers share`
    })
    this.woken()
  }
}
