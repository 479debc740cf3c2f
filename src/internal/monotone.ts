/**
 * A time that never steps back.
 */
import type * as Clock from "effect/Clock"

/** The last time that a date can have, in milliseconds since 1970. */
const latest = 8_640_000_000_000_000

/**
 * The time of a clock in milliseconds since 1970, which goes on as fast as its monotonic time. When the wall clock is set back,
 * the time goes on from where it was; when it is set forward, or the machine slept, the time goes with it. So a pause is never
 * longer than it should be, and what is due by the wall clock is due.
 */
export const monotone = (clock: Clock.Clock): (() => number) => {
  /** The wall clock at the beginning of the monotonic time, as far as it has been ahead. */
  let start = Number.NEGATIVE_INFINITY
  return () => {
    const passed = Number(clock.monotonicTimeNanosUnsafe()) / 1_000_000
    const wall = clock.currentTimeMillisUnsafe()
    // A clock that is out of order is not followed.
    if (Math.abs(wall) <= latest) start = Math.max(start, wall - passed)
    const time = Math.floor(passed + start)
    return wall > time && wall <= latest ? wall : time
  }
}
