/**
 * What executors do about attempts that are lost with their workers: the next ones run alone, and when that does not help the
 * execution is blocked and tried again after pauses that grow.
 */
import type { Problem } from "../../HistoryEvent.ts"
import type { Open, WorkflowState } from "../../WorkflowState.ts"

/** Attempts that may be lost before the next ones run alone, and of those before the execution is blocked. */
const mostLosses = 3
const mostLossesAlone = 3

/** The first and the longest pause before a blocked execution is tried again, in milliseconds; each is twice the one before. */
const firstPause = 60_000
const longestPause = 86_400_000

/** Whether the next attempt of an activity runs alone. */
export const mustBeAlone = ({ lost }: Open): boolean => lost !== undefined && lost.attempts >= mostLosses

/** Whether an attempt runs alone. It would not any more after a change of the owner. */
export const runsAlone = ({ open }: WorkflowState): boolean => {
  for (const { lost } of open.values()) if (lost?.isAlone === true) return true
  return false
}

/** Why an execution is blocked, and for how long, in milliseconds. */
export interface Losses {
  readonly problem: Problem
  readonly pause: number
}

/** Whether an execution must be blocked, because too many attempts of one of its activities were lost while they ran alone. */
export const tooManyLosses = ({ open }: WorkflowState): Losses | undefined => {
  for (const { issued, lost, seq } of open.values()) {
    if (issued._tag !== "ActivityScheduled" || lost === undefined || lost.alone < mostLossesAlone) continue
    const message =
      `the process ended ${lost.alone} times while it ran nothing but activity ${JSON.stringify(issued.name)} #${seq}, whose ` +
      `handler seems to end it (memory, a crash of native code, process.exit); mend the handler: the execution is tried ` +
      `again by itself, after pauses that grow, or terminate it`
    const pause = Math.min(longestPause, firstPause * 2 ** (lost.alone - mostLossesAlone))
    return { problem: { reason: "LostAttempts", message }, pause }
  }
  return undefined
}
