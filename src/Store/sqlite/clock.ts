/**
 * The time of the machine.
 */
import * as Clock from "effect/Clock"

/** The clock of the machine: other processes that share the file live by it, whatever clock a test provides. */
export const liveClock: Clock.Clock = Clock.Clock.defaultValue()

/** The time by the clock of the machine, in milliseconds since 1970. */
export const liveNow = (): number => liveClock.currentTimeMillisUnsafe()
