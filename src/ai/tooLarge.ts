/**
 * Results that no commit can hold. A model or a tool may make one at any time, so to an agent it is a failure like others.
 */
import * as Effect from "effect/Effect"
import { isRecorded } from "../internal/replay/defect.ts"

/** A result of an activity that is too large to be recorded as a failure, by the words of its record. */
export const failingWhereTooLarge = <A, E, R, E2>(
  call: Effect.Effect<A, E, R>,
  failure: (description: string) => E2
): Effect.Effect<A, E | E2, R> =>
  Effect.catchDefect(call, (defect) =>
    defect instanceof Error && defect.name === "PayloadTooLarge" && isRecorded(defect)
      ? Effect.fail(failure(defect.message))
      : Effect.die(defect)
  )
