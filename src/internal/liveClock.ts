/**
 * The clock of the machine, by which workers live.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"

/** The clock of the machine, also in programs that run on a clock of their own: servers and other processes live by no other. */
export const liveClock: Clock.Clock = Clock.Clock.defaultValue()

/** The time by the clock of the machine, in milliseconds since 1970. */
export const liveNow = (): number => liveClock.currentTimeMillisUnsafe()

/** Leases are about other processes, which live in real time even when a test has virtual time. Only a test of their deaths has another. */
export const LiveClock = Context.Reference<Clock.Clock>("perdure/internal/LiveClock", {
  defaultValue: () => liveClock
})
