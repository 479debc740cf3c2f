/** Checks of what becomes true in a while. */
import { Duration, Effect, Exit } from "effect"

/** Repeats a check that throws or fails until it holds, for a while. */
export const soon = <A, E, R>(
  check: Effect.Effect<A, E, R>,
  within: Duration.Input = "10 seconds"
): Effect.Effect<A, E, R> =>
  Effect.gen(function* () {
    const tries = Duration.toMillis(Duration.fromInputUnsafe(within)) / 50
    for (let count = 0; count < tries; count++) {
      const exit = yield* Effect.exit(check)
      if (Exit.isSuccess(exit)) return exit.value
      yield* Effect.sleep("50 millis")
    }
    return yield* check
  })
