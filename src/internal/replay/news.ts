/**
 * What an execution is told of its activities by its worker, as events.
 */
import type { EventOf } from "../../HistoryEvent.ts"
import type { WorkflowState } from "../../WorkflowState.ts"
import { attemptOf } from "../core/evolve.ts"
import type { OfActivity } from "./Told.ts"

type Event = EventOf<"ActivityResolved" | "ActivityAttemptFailed" | "ActivityAttemptIsolated" | "ActivityPending">

/** The event; `undefined` when the activity is not open, or a caller outside has ended the attempt before. */
export const attemptEvent = ({ open }: WorkflowState, told: OfActivity, at: number): Event | undefined => {
  const { seq } = told
  const activity = open.get(seq)
  if (activity === undefined) return undefined
  const isJudged = "isJudged" in told && told.isJudged === true
  if ((activity.ended ?? activity.pending) !== undefined && !isJudged) return undefined
  switch (told._tag) {
    case "Resolved":
      return { _tag: "ActivityResolved", at, seq, exit: told.exit }
    case "Failed": {
      const { failure, pause } = told
      return { _tag: "ActivityAttemptFailed", at, seq, attempt: attemptOf(activity), failure, retryAt: at + pause }
    }
    case "Pending": {
      const pending = { _tag: "ActivityPending", at, seq, attempt: attemptOf(activity) } as const
      return told.timeout === undefined ? pending : { ...pending, timeout: told.timeout }
    }
    case "Isolated": {
      const isolated = { _tag: "ActivityAttemptIsolated", at, seq, attempt: attemptOf(activity) } as const
      return told.over ? { ...isolated, over: true } : isolated
    }
  }
}
