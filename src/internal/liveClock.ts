/**
 * The clock of the machine, by which workers live.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"

/** Leases are about other processes, which live in real time even when a test has virtual time. Only a test of their deaths has another. */
export const LiveClock = Context.Reference<Clock.Clock>("perdure/internal/LiveClock", {
  defaultValue: () => Clock.Clock.defaultValue()
})
