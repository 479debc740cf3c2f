/**
 * How long a store waits for a server: by the clock of the machine, also where a program has another one.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { liveClock } from "../liveClock.ts"

/** Ends an effect that takes more milliseconds, and fails with what that says. */
export const within =
  <E2>(milliseconds: number, late: (milliseconds: number) => E2) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | E2, R> =>
    Effect.raceFirst(
      effect,
      Effect.flatMap(liveClock.sleep(Duration.millis(milliseconds)), () => Effect.fail(late(milliseconds)))
    )
