/**
 * What knows when all that runs on a scheduler has come to rest.
 */
import * as Effect from "effect/Effect"
import type * as Scheduler from "effect/Scheduler"

/** So long is rest waited for, in turns. */
const longest = 100_000

/** A scheduler that counts what it schedules, and leaves all else to another one. */
export class Resting implements Scheduler.Scheduler {
  readonly executionMode: Scheduler.Scheduler["executionMode"]
  private readonly parent: Scheduler.Scheduler
  private scheduled = 0

  constructor(parent: Scheduler.Scheduler) {
    this.parent = parent
    this.executionMode = parent.executionMode
  }

  shouldYield(...args: Parameters<Scheduler.Scheduler["shouldYield"]>): boolean {
    return this.parent.shouldYield(...args)
  }

  makeDispatcher(): Scheduler.SchedulerDispatcher {
    const dispatcher = this.parent.makeDispatcher()
    return {
      scheduleTask: (run, priority) => {
        this.scheduled++
        dispatcher.scheduleTask(run, priority)
      },
      flush: () => dispatcher.flush()
    }
  }

  /**
   * Waits for a turn in which nothing is scheduled. Turns come in order: what was scheduled before one has happened by its end, and the
   * promises that it kept have set going what waits for them.
   */
  get settle(): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const turn = turnOf(this.parent.makeDispatcher())
      for (let turns = 0; turns < longest; turns++) {
        const before = this.scheduled
        yield* turn
        if (this.scheduled === before) return
      }
      return yield* Effect.die(new Error("the executor does not come to rest: something goes on without waiting"))
    })
  }
}

// internal

/** A turn of a scheduler, of which nothing is counted. */
const turnOf = (dispatcher: Scheduler.SchedulerDispatcher): Effect.Effect<void> =>
  Effect.callback((resume) => dispatcher.scheduleTask(() => resume(Effect.void), 0))
