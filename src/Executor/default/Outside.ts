/**
 * Commits by somebody who does not run the execution: a signal, a cancel or a termination from another process.
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { HistoryEvent } from "../../HistoryEvent.ts"
import { Version, type WorkflowId } from "../../Ids.ts"
import type { Commit, ExecutionSummary, StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"
import { isFinal } from "../../WorkflowState.ts"
import { Finished, NotFound, type WorkflowErrorReason } from "../../WorkflowError.ts"
import { afterAll } from "./Results.ts"

/** How often a commit is tried when others keep winning the race for the next version. */
const races = 200

/** How long to wait before a store that did not answer is asked for the first time again. */
const firstPause = "50 millis"

/**
 * Appends one event to an execution that another worker runs, or nobody. The rest of the summary stays as it is, except
 * that somebody must look now; a termination closes it.
 */
export const append = (
  store: WorkflowStore["Service"],
  options: {
    readonly workflowId: WorkflowId
    readonly commitId: () => string
    readonly now: () => number
    readonly patience: number
    readonly event: (
      at: number
    ) => Extract<HistoryEvent, { readonly _tag: "SignalReceived" | "CancelRequested" | "ExecutionTerminated" }>
  }
): Effect.Effect<void, StoreError | WorkflowErrorReason> => {
  const save = (commit: Commit) => store.save(commit).pipe(patiently(options.patience))
  return Effect.gen(function* () {
    const stored = yield* store.load(options.workflowId, { after: afterAll }).pipe(patiently(options.patience))
    if (stored._tag === "None") return yield* new NotFound()
    const { summary } = stored.value
    if (isFinal(summary.status)) return yield* new Finished({ status: summary.status })
    const at = Math.max(options.now(), summary.updatedAt)
    const event = options.event(at)
    const version = Version.make(summary.version + 1)
    const next: ExecutionSummary =
      event._tag === "ExecutionTerminated"
        ? closed({ ...summary, version, updatedAt: at })
        : { ...summary, version, updatedAt: at, wakeAt: at }
    yield* save({
      id: options.commitId(),
      workflowId: options.workflowId,
      runId: summary.runId,
      version,
      events: [event],
      summary: next
    })
  }).pipe(
    Effect.retry({ times: races, while: (error) => error._tag === "StoreError" && error.reason._tag === "Conflict" })
  )
}

/** Asks again while the store does not answer, up to a time in milliseconds. Costs nothing when it does. */
export const patiently =
  (patience: number) =>
  <A>(effect: Effect.Effect<A, StoreError>): Effect.Effect<A, StoreError> =>
    Effect.catch(effect, (error) =>
      error.reason._tag !== "Unavailable"
        ? Effect.fail(error)
        : Effect.retry(Effect.delay(effect, firstPause), {
            schedule: Schedule.min([Schedule.exponential(firstPause), Schedule.spaced("2 seconds")]).pipe(
              Schedule.upTo({ duration: patience })
            ),
            while: (error) => error.reason._tag === "Unavailable"
          })
    )

// internal

const closed = ({ owner: _owner, wakeAt: _wakeAt, ...summary }: ExecutionSummary): ExecutionSummary => ({
  ...summary,
  status: "terminated",
  closedAt: summary.updatedAt,
  waitingFor: []
})
