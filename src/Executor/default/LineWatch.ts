/**
 * Warns when the line of handlers stands still, or the part of it that waits for one activity: all that may run do run, and none
 * ends. The warning names the limit that is in the way. A rate is none: its time passes by itself.
 *
 * That happens when handlers wait for other executions, whose own activities stand in the line behind them.
 */
import type { AlarmOwner, Alarms } from "./Alarms.ts"
import type { Fibers } from "./Fibers.ts"
import type { Full } from "./Line.ts"

/** What runs, by the names of activities, and how many wait. */
interface Load {
  readonly limit: number
  readonly waiting: number
  readonly running: ReadonlyArray<string>
  /** The activities that run as many handlers as they may while others of theirs wait. */
  readonly full: ReadonlyArray<Full>
}

/** For how long none of the handlers has ended before that is logged, in milliseconds. */
const stall = 10_000

/** How long after a warning the next one comes at the earliest, in milliseconds. */
const pause = 600_000

/** How many activities are named. */
const named = 3

/** The names of activities, the most frequent ones first, with how often each is there. */
export const countNames = (activities: ReadonlyArray<string>): string => {
  const counts = new Map<string, number>()
  for (const name of activities) counts.set(name, (counts.get(name) ?? 0) + 1)
  const names = [...counts].sort(([, a], [, b]) => b - a).map(([name, count]) => `${name} (${count})`)
  return (names.length > named ? [...names.slice(0, named), "others"] : names).join(", ")
}

export class LineWatch implements AlarmOwner {
  alarmAt: number | undefined = undefined
  private readonly alarms: Alarms
  private readonly fibers: Fibers
  private readonly load: () => Load
  /** When the line last moved. */
  private movedAt = 0
  private quietUntil = 0

  constructor(alarms: Alarms, fibers: Fibers, load: () => Load) {
    this.alarms = alarms
    this.fibers = fibers
    this.load = load
  }

  /** An attempt joined the line. */
  joined(): void {
    if (this.alarmAt !== undefined) return
    this.moved()
    this.alarms.at(this, Math.max(this.movedAt + stall, this.quietUntil))
  }

  /** A handler made room. */
  moved(): void {
    this.movedAt = this.fibers.now()
  }

  wake(): void {
    const load = this.load()
    if (load.waiting === 0) return
    const now = this.fibers.now()
    const problem = now >= this.quietUntil ? this.problemOf(load, now) : undefined
    if (problem !== undefined) {
      this.quietUntil = now + pause
      this.fibers.log("Warn", problem)
    }
    const next = this.movedAt + stall
    this.alarms.at(this, Math.max(next > now ? next : now + stall, this.quietUntil))
  }

  private problemOf(load: Load, now: number): string | undefined {
    if (now >= this.movedAt + stall && load.running.length >= load.limit) return warning(load)
    const stalled = load.full.filter(({ movedAt }) => now >= movedAt + stall)
    return stalled.length === 0 ? undefined : warningOf(stalled)
  }
}

// internal

const warning = ({ limit, running, waiting }: Load): string => {
  return (
    `no handler has ended for ${stall / 1000} seconds: ${running.length} run, of ${countNames(running)}, and ${waiting} ` +
    `wait in line. Raise maxActivities, now ${limit}, and wait for no other execution inside a handler: ` +
    "the activities of that execution stand in the same line"
  )
}

const warningOf = (full: ReadonlyArray<Full>): string => {
  const each = full.map(({ name, running, waiting }) => `${name} (${running} run and ${waiting} wait in line)`)
  const names = full.length > named ? [...each.slice(0, named), "others"] : each
  return (
    `no handler of these activities has ended for ${stall / 1000} seconds: ${names.join(", ")}. Raise the concurrency that their ` +
    "toLayer was given, if they should not take so long, and wait for no other execution inside a handler that calls the same activity"
  )
}
