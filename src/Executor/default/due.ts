/**
 * What there is to do for an execution that no worker runs, as its summary tells.
 */
import { formatVersion } from "../../HistoryEvent.ts"
import type { ExecutionSummary } from "../../Store/WorkflowStore.ts"
import type { Waiting } from "../../Waiting.ts"
import { isFinal } from "../../WorkflowState.ts"

/** What is due within this time, in milliseconds, counts as due for a worker that only does what is due. */
export const soon = 1000

/**
 * Whether there may be something to do for an execution before a time, or before its own, which a clock may have put ahead. What it
 * asks of others may have been answered (`OpenQuestions.ts`).
 */
export const hasWork = (
  { updatedAt, waitingFor, wakeAt = Number.POSITIVE_INFINITY }: ExecutionSummary,
  before: number
): boolean =>
  wakeAt <= Math.max(before, updatedAt) ||
  waitingFor.some((each) => (each._tag === "Activity" ? (each.retryAt ?? 0) <= before : tried.has(each._tag)))

/** Of what an execution may wait for, what only a look at it tells more of. */
const tried: ReadonlySet<Waiting["_tag"]> = new Set(["Answer", "More", "Other"])

/** Whether an execution has closed and owes messages, which this release can deliver. */
export const isDebtor = ({ format = 1, owed = 0, status }: ExecutionSummary): boolean =>
  isFinal(status) && owed > 0 && format <= formatVersion

/** Whether a blocked execution may be tried again by itself. */
export const isDue = ({ waitingFor }: ExecutionSummary, now: number): boolean =>
  waitingFor.every((waiting) => waiting._tag !== "Blocked" || (waiting.retryAt ?? now) <= now)

/** Whether an execution does nothing but sleep until after a time: nothing is open but timers, signals and children. */
export const sleepsBeyond = (time: number, { owed = 0, status, waitingFor, wakeAt }: ExecutionSummary): boolean =>
  status === "running" &&
  owed === 0 &&
  wakeAt !== undefined &&
  wakeAt > time &&
  waitingFor.every(({ _tag }) => _tag === "Timer" || _tag === "Signal" || _tag === "Child")
