/**
 * What there is to do for an execution that no worker runs, as its summary tells.
 */
import type { ExecutionSummary } from "../../Store/WorkflowStore.ts"

/** What is due within this time, in milliseconds, counts as due for a worker that only does what is due. */
export const soon = 1000

/** Whether there is something to do for an execution before a time, or before its own, which a clock may have put ahead. */
export const hasWork = (
  { updatedAt, waitingFor, wakeAt = Number.POSITIVE_INFINITY }: ExecutionSummary,
  before: number
): boolean =>
  wakeAt <= Math.max(before, updatedAt) ||
  waitingFor.some((each) =>
    each._tag === "Activity" ? (each.retryAt ?? 0) <= before : each._tag === "More" || each._tag === "Other"
  )

/** Whether a blocked execution may be tried again by itself. */
export const isDue = ({ waitingFor }: ExecutionSummary, now: number): boolean =>
  waitingFor.every((waiting) => waiting._tag !== "Blocked" || (waiting.retryAt ?? now) <= now)

/** An execution that sleeps for longer than this, in milliseconds, may be taken over without being read. */
const longSleep = 60_000

/** Until when an execution does nothing but sleep, if that is long: nothing is open but timers and signals. */
export const sleepsUntil = (summary: ExecutionSummary, now: number): number | undefined => {
  const { owed = 0, status, updatedAt, waitingFor, wakeAt } = summary
  if (status !== "running" || owed > 0 || wakeAt === undefined || wakeAt <= now + longSleep) return undefined
  // Of a history that a clock has put ahead the time is not that of the clock.
  if (updatedAt > now) return undefined
  return waitingFor.every(({ _tag }) => _tag === "Timer" || _tag === "Signal") ? wakeAt : undefined
}
