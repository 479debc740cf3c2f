/**
 * Runs an effect with its fibers between two statements of a connection: they take turns as always, and nothing else of the process has one.
 */
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scheduler from "effect/Scheduler"

/** The turns of all fibers of an effect, in one line. */
export class Turns extends Scheduler.MixedScheduler {
  private readonly tasks: Array<() => void> = []
  /** What is left behind has its turns when all others have. */
  private later: Scheduler.SchedulerDispatcher | undefined

  constructor() {
    super("sync")
  }

  /** Runs an effect to its end at once; dies with an `AsyncFiberError` where it waits for something else. */
  run<A, E>(effect: Effect.Effect<A, E>, context: Context.Context<never>): Exit.Exit<A, E> {
    const fiber = Effect.runForkWith(context)(effect, { scheduler: this })
    while (fiber.pollUnsafe() === undefined && this.tasks.length > 0) this.tasks.shift()!()
    this.later = new Scheduler.MixedScheduler().makeDispatcher()
    for (const task of this.tasks.splice(0)) this.scheduleTask(task)
    return fiber.pollUnsafe() ?? Exit.die(new Cause.AsyncFiberError(fiber))
  }

  override makeDispatcher() {
    // One for all fibers, also for the ones that have a turn later.
    return this as never
  }

  scheduleTask(task: () => void): void {
    if (this.later === undefined) this.tasks.push(task)
    else this.later.scheduleTask(task, 0)
  }

  flush(): void {}
}
