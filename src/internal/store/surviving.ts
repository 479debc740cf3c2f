/**
 * What a store does again and again beside its operations, for as long as it is open.
 */
import * as Effect from "effect/Effect"

/** Goes on after a defect, which is a bug and is logged: the store would look, serve or tidy no more otherwise, and nothing would tell. */
export const surviving =
  (what: string) =>
  <E, R>(turn: Effect.Effect<unknown, E, R>): Effect.Effect<void, E, R> =>
    Effect.asVoid(
      Effect.catchDefect(turn, (defect) =>
        Effect.logError(`${what} has met a bug, and goes on: please report it`, defect)
      )
    )
