/**
 * What undoes the work of a run that fails. Compensations belong to the run and to no scope or fiber of its program: they run when
 * the program has failed and all its fibers have ended, so that nothing goes on beside them and none comes after them.
 *
 * 1. The one that was registered last runs first, and one at a time.
 * 2. They run in a fiber of their own, which no cancel and no deadline reaches.
 * 3. What one fails with keeps no other from running, and does not change how the run ends: it is recorded beside that.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

/** Undoes something; it is told why the program failed. */
export type Compensation = (cause: Cause.Cause<unknown>) => Effect.Effect<unknown>

export class Compensations {
  private readonly registered: Array<Compensation> = []
  private failure: Cause.Cause<unknown> | undefined = undefined

  add(compensation: Compensation): void {
    this.registered.push(compensation)
  }

  /** Notes why the program failed, with its errors as it knows them: its exit has them in encoded form. */
  failedWith(cause: Cause.Cause<unknown>): void {
    this.failure = cause
  }

  /** Runs those of a program that ended so, and answers what they failed with; `undefined` where nothing is to be undone. */
  after(exit: Exit.Exit<unknown, unknown>): Effect.Effect<ReadonlyArray<unknown>> | undefined {
    if (Exit.isSuccess(exit) || this.registered.length === 0) return undefined
    return this.run(this.failure ?? exit.cause)
  }

  private run(cause: Cause.Cause<unknown>): Effect.Effect<ReadonlyArray<unknown>> {
    const { registered } = this
    return Effect.gen(function* () {
      const thrown: Array<unknown> = []
      // What a compensation registers itself is the last one then.
      for (let next = registered.pop(); next !== undefined; next = registered.pop()) {
        const exit = yield* Effect.exit(next(cause))
        if (Exit.isSuccess(exit)) continue
        thrown.push(...thrownIn(exit.cause))
        yield* Effect.logError("a compensation failed; what it should have undone is left", exit.cause)
      }
      return thrown
    })
  }
}

/** All that a cause says was thrown. */
export const thrownIn = (cause: Cause.Cause<unknown>): ReadonlyArray<unknown> =>
  cause.reasons.map((reason) => {
    if (Cause.isDieReason(reason)) return reason.defect
    return Cause.isFailReason(reason) ? reason.error : new Error("a compensation interrupted itself")
  })
