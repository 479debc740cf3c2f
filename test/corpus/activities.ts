/**
 * The activities of the corpus: contracts only, so that programs can be bundled without what runs them.
 *
 * Outcomes depend on the input and on the number of the attempt alone. What takes time takes it until an absolute time that
 * the program names, so a crash and a new attempt do not change who wins a race.
 */
import { Context, type Effect, Schema } from "effect"
import { Activity, type ActivityContext, RetryPolicy } from "perdure"

/** The only typed error of the corpus. */
export class Refused extends Schema.TaggedError<Refused>()("Refused", { what: Schema.String }) {}

const quick = { initialInterval: "50 millis" } as const

/** Answers its input at once. */
export const Echo = Activity.make("Echo", { input: Schema.Number, success: Schema.Number })

/** Answers its input at once, whatever it is. */
export const EchoAll = Activity.make("EchoAll", {
  input: Schema.Array(Schema.Number),
  success: Schema.Array(Schema.Number)
})

/** Answers `name` at the time `until`, in milliseconds since 1970. */
export const Slow = Activity.make("Slow", {
  input: Schema.Struct({ name: Schema.String, until: Schema.Number }),
  success: Schema.String
})

/** Fails in its first `failures` attempts and then answers the number of the attempt. */
export const Flaky = Activity.make("Flaky", {
  input: Schema.Struct({ name: Schema.String, failures: Schema.Int }),
  success: Schema.Int,
  error: Refused,
  retry: RetryPolicy.exponential({ ...quick, maxAttempts: 5, jitter: true })
})

/** Refuses the calls numbered below `good`; it has one attempt a call. */
export const Picky = Activity.make("Picky", {
  input: Schema.Struct({ call: Schema.Int, good: Schema.Int }),
  success: Schema.Int,
  error: Refused,
  retry: RetryPolicy.none
})

/** Always throws what no schema names. */
export const Explode = Activity.make("Explode", { input: Schema.String })

/** Never answers, and has two attempts of a fifth of a second. */
export const Hang = Activity.make("Hang", {
  error: Activity.ActivityTimedOut,
  retry: RetryPolicy.exponential({ ...quick, maxAttempts: 2 }),
  timeout: "200 millis"
})

/** Takes hold of something. */
export const Acquire = Activity.make("Acquire", { input: Schema.String, success: Schema.String })

/** Gives it back at the time `until`. */
export const Release = Activity.make("Release", {
  input: Schema.Struct({ name: Schema.String, until: Schema.Number }),
  success: Schema.String
})

/** Always refuses to give it back. */
export const Lose = Activity.make("Lose", { input: Schema.String, error: Refused, retry: RetryPolicy.none })

/** Reports its name, and leaves its end to a caller outside. */
export const Leave = Activity.make("Leave", {
  input: Schema.String,
  success: Schema.String,
  error: Refused,
  heartbeat: Schema.String,
  retry: RetryPolicy.exponential({ ...quick, maxAttempts: 5 })
})

/** For inline activities: notes that an attempt starts, and answers its number. */
export class Noted extends Context.Service<Noted, Effect.Effect<number, never, ActivityContext.ActivityContext>>()(
  "perdure/test/Noted"
) {}
