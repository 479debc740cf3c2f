/**
 * Asks a store again while it does not answer.
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { StoreError } from "../../Store/WorkflowStore.ts"

/** How long to wait before a store that did not answer is asked for the first time again. */
const firstPause = "50 millis"

/** Asks again while the store is `Unavailable`, for a time in milliseconds. Costs nothing when the store answers. */
export const patiently =
  (milliseconds: number) =>
  <A, E>(effect: Effect.Effect<A, StoreError | E>): Effect.Effect<A, StoreError | E> =>
    Effect.catch(effect, (error) =>
      isUnavailable(error)
        ? Effect.retry(Effect.delay(effect, firstPause), {
            schedule: Schedule.min([Schedule.exponential(firstPause), Schedule.spaced("2 seconds")]).pipe(
              Schedule.upTo({ duration: milliseconds })
            ),
            while: isUnavailable
          })
        : Effect.fail(error)
    )

// internal

const isUnavailable = (error: unknown): boolean =>
  typeof error === "object" &&
  error !== null &&
  "_tag" in error &&
  error._tag === "StoreError" &&
  (error as StoreError).reason._tag === "Unavailable"
