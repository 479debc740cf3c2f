/**
 * What becomes of news about activities: the event, if there is one.
 */
import type { EventOf } from "../../HistoryEvent.ts"
import type { RunId } from "../../Ids.ts"
import type { Message } from "../../Message.ts"
import type { Open, WorkflowState } from "../../WorkflowState.ts"
import { attemptOf } from "./evolve.ts"

/** How a caller outside ends an activity. */
export type Completion = Extract<Message, { readonly _tag: "Complete" }>

type OpenActivity = Open & { readonly issued: EventOf<"ActivityScheduled"> }

/** The activity that a caller outside may end: it is open, and its attempt has not ended. */
export const completable = (
  state: Pick<WorkflowState, "open"> & { readonly runId: RunId },
  { activity: name, attempt, exit, run, seq }: Completion
): OpenActivity | undefined => {
  const activity = state.runId === run ? state.open.get(seq) : undefined
  if (activity?.issued._tag !== "ActivityScheduled" || activity.issued.name !== name) return undefined
  if (activity.ended !== undefined) return undefined
  // An error ends the attempt that it is of. A success is that of the call.
  return exit._tag === "Fail" && attempt !== attemptOf(activity) ? undefined : (activity as OpenActivity)
}

/** The event of an end from outside. A success is the result; of an error the policy of the activity is asked. */
export const endedBy = (
  activity: OpenActivity,
  { exit }: Completion,
  at: number
): EventOf<"ActivityResolved" | "ActivityAttemptEnded"> =>
  exit._tag === "Success"
    ? { _tag: "ActivityResolved", at, seq: activity.seq, exit }
    : { _tag: "ActivityAttemptEnded", at, seq: activity.seq, attempt: attemptOf(activity), failure: exit }
