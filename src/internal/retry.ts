/**
 * Steps a retry policy outside the program, one failed attempt at a time.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Pull from "effect/Pull"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import type { NextRetry } from "../Executor/WorkflowRegistry.ts"
import type { RecordedExit } from "../HistoryEvent.ts"
import { make as makeRandom } from "./replay/random.ts"

/**
 * A fresh state of a policy. Given the same seed and the same failures it returns the same pauses, so its state can be
 * found again from recorded failures. `errorOf` returns `undefined` for failures that are never retried.
 */
export const nextRetry = <Error>(
  policy: Schedule.Schedule<unknown, Error>,
  errorOf: (failure: RecordedExit) => Error | undefined,
  seed: string
): Effect.Effect<NextRetry> => {
  const random = makeRandom(seed)
  return Effect.map(Schedule.toStep(policy), (step) => (at, failure) => {
    const error = errorOf(failure)
    if (error === undefined) return Effect.succeedNone
    return step(at, error).pipe(
      Pull.matchEffect({
        onSuccess: ([, pause]) => Effect.succeedSome(Math.ceil(Duration.toMillis(pause))),
        onDone: () => Effect.succeedNone,
        onFailure: Effect.failCause
      }),
      Effect.provideService(Random.Random, random)
    ) as Effect.Effect<Option.Option<number>>
  })
}
