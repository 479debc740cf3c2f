/**
 * Workflows that are under way for a while, for processes that are killed.
 */
import { Effect, Schema } from "effect"
import { Activity, RetryPolicy, Signal, Workflow } from "perdure"

export class Busy extends Schema.TaggedError<Busy>()("Busy", {}) {}

/** Adds one, and is busy at its first attempt. */
export const Next = Activity.make("Next", {
  input: Schema.Int,
  success: Schema.Int,
  error: Busy,
  retry: RetryPolicy.exponential({ initialInterval: "50 millis" })
})
export const Finish = Signal.make("finish")

/** Counts to ten by activities, with sleeps between them, and waits for a signal. */
export const Counting = Workflow.make("Counting", { success: Schema.Int, error: Busy })
export const counting = Counting.toLayer(() =>
  Effect.gen(function* () {
    let count = 0
    for (let index = 0; index < 5; index++) {
      count = yield* Next(count)
      yield* Effect.sleep("100 millis")
      const both = yield* Effect.all([Next(count), Effect.as(Effect.sleep("50 millis"), 0)], {
        concurrency: "unbounded"
      })
      count = both[0]
    }
    yield* Finish.receive
    return count
  })
)
