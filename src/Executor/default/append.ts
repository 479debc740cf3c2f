/**
 * Commits by a process that does not run the execution: a signal, a cancel or a termination that it sends.
 */
import * as Effect from "effect/Effect"
import type { EventOf } from "../../HistoryEvent.ts"
import type { Ref, WorkflowId } from "../../Ids.ts"
import { refused } from "../../internal/store/failure.ts"
import { patiently } from "../../internal/store/patiently.ts"
import { appended } from "../../internal/store/summary.ts"
import type { ExecutionSummary, StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"
import { Finished, NotFound, type WorkflowErrorReason } from "../../WorkflowError.ts"
import { isFinal } from "../../WorkflowState.ts"

/** How often a commit is tried when other commits keep winning the race for the next version. */
const races = 200

/** What a process may append to an execution that it does not run. */
export type Appendable = EventOf<"SignalReceived" | "CancelRequested" | "ExecutionTerminated">

/** What appending needs of an executor. */
export interface Appender {
  readonly store: WorkflowStore["Service"]
  readonly commitId: () => string
  readonly now: () => number
}

/**
 * Appends one event to an execution. The rest of its summary stays as it is, except that a worker must look at once; a
 * termination closes it.
 */
export const append = (
  appender: Appender,
  options: {
    readonly ref: Ref
    /** How long to wait for a store that does not answer, in milliseconds. */
    readonly answerTimeout: number
    readonly event: (at: number) => Appendable
  }
): Effect.Effect<void, StoreError | WorkflowErrorReason> => {
  const { answerTimeout, ref } = options
  const { store } = appender
  return Effect.gen(function* () {
    const found = yield* store.summary(ref.workflowId as WorkflowId).pipe(patiently(answerTimeout))
    if (found._tag === "None") return yield* new NotFound()
    const summary = found.value
    const refusal = refused(ref, summary)
    if (refusal !== undefined) return yield* refusal
    if (isFinal(summary.status)) return yield* new Finished({ status: summary.status })
    yield* store.save(commitOf(appender, summary, options.event)).pipe(patiently(answerTimeout))
  }).pipe(
    Effect.retry({ times: races, while: (error) => error._tag === "StoreError" && error.reason._tag === "Conflict" })
  )
}

/** The next commit of an execution with one event, at a time that is not before its latest event. */
export const commitOf = (
  { commitId, now }: Appender,
  summary: ExecutionSummary,
  event: (at: number) => Appendable
): Parameters<WorkflowStore["Service"]["save"]>[0] => {
  const happened = event(Math.max(now(), summary.updatedAt))
  const next = appended(summary, happened)
  const { runId, version, workflowId } = next
  return { id: commitId(), workflowId, runId, version, events: [happened], summary: next }
}
