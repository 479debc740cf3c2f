/**
 * Ends of activities from outside, by a process that does not run the execution.
 */
import * as Effect from "effect/Effect"
import { type Ref, Version, type WorkflowId } from "../../Ids.ts"
import { completable, type Completion, endedBy } from "../../internal/core/completing.ts"
import { refused } from "../../internal/store/failure.ts"
import { patiently } from "../../internal/store/patiently.ts"
import { stateOf } from "../../internal/store/summary.ts"
import type { StoreError } from "../../Store/WorkflowStore.ts"
import { ActivityOver, Finished, NotFound, type WorkflowErrorReason } from "../../WorkflowError.ts"
import { isFinal } from "../../WorkflowState.ts"
import { commitOf, retryRaces } from "./append.ts"
import type { Appender } from "./Appender.ts"
import { summaryOf } from "./nextRun.ts"

/** Ends an activity by a commit that the worker of the execution will see. The history says whether it is open. */
export const completeElsewhere = (
  appender: Appender,
  options: {
    readonly ref: Ref
    readonly completion: Completion
    /** How long to wait for a store that does not answer, in milliseconds. */
    readonly answerTimeout: number
  }
): Effect.Effect<void, StoreError | WorkflowErrorReason> => {
  const { answerTimeout, completion, ref } = options
  const workflowId = ref.workflowId as WorkflowId
  const { store } = appender
  return Effect.gen(function* () {
    const latest = yield* summaryOf(appender, workflowId).pipe(patiently(answerTimeout))
    if (latest._tag === "None") return yield* new NotFound()
    const { firstVersion, status } = latest.value
    const refusal = refused(ref, latest.value) ?? (isFinal(status) ? new Finished({ status }) : undefined)
    if (refusal !== undefined) return yield* refusal
    const after = Version.make(firstVersion - 1)
    const found = yield* store.load(workflowId, { after }).pipe(patiently(answerTimeout))
    if (found._tag === "None") return yield* new NotFound()
    const state = stateOf(found.value)
    const activity = state === undefined ? undefined : completable(state, completion)
    if (activity === undefined) return yield* new ActivityOver({ activity: completion.activity })
    const event = (at: number) => ({ ...endedBy(activity, completion, at), unread: true }) as const
    // No more of the history than that: hooks keep what they are told of until their turn comes.
    const known = { open: new Map([[activity.seq, activity]]), updates: { open: new Map() }, trace: state?.trace }
    yield* appender.save(commitOf(appender, found.value.summary, event), known).pipe(patiently(answerTimeout))
  }).pipe(retryRaces)
}
