/**
 * Asks a server again that does not answer: by the clock of the machine, also where a program has another one.
 */
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { liveClock } from "../liveClock.ts"

/** The pauses before a server is asked again that did not answer. */
export const reconnect = Schedule.min([Schedule.exponential("50 millis", 1.5), Schedule.spaced("2 seconds")])

/** Asks again for a time, as long as the server is away. */
export const whileAway =
  <E>(time: Duration.Input, isAway: (error: E) => boolean) =>
  <A>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.provideService(
      Effect.retry(effect, { schedule: Schedule.upTo(reconnect, { duration: time }), while: isAway }),
      Clock.Clock,
      liveClock
    )
