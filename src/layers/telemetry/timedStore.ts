/**
 * A store whose operations are timed. What it promises stays as it is.
 */
import type * as Effect from "effect/Effect"
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"
import { timed } from "./counting.ts"
import type { Series } from "./series.ts"

/** Times the operations of a store. One that is forgotten here does not compile. */
export const timedStore = (store: WorkflowStore["Service"], series: Series): WorkflowStore["Service"] => {
  const measured = <A, E extends StoreError>(
    operation: string,
    effect: Effect.Effect<A, E>,
    errorOf: (value: A) => string | undefined = () => undefined
  ): Effect.Effect<A, E> =>
    timed(effect, (seconds, exit) => {
      const error = Exit.isSuccess(exit) ? errorOf(exit.value) : reasonIn(exit.cause)
      series.update(
        "workflow.store.operation.duration",
        error === undefined ? [operation] : [operation, error],
        seconds
      )
    })
  return {
    save: (commit) => measured("save", store.save(commit)),
    saveAll: (commits) => measured("saveAll", store.saveAll(commits), firstError),
    load: (workflowId, options) => measured("load", store.load(workflowId, options)),
    summary: (workflowId) => measured("summary", store.summary(workflowId)),
    deletion: (workflowId) => measured("deletion", store.deletion(workflowId)),
    list: (filter) => measured("list", store.list(filter)),
    count: (filter) => measured("count", store.count(filter)),
    delete: (workflowId, options) => measured("delete", store.delete(workflowId, options)),
    heartbeat: (worker, lease, asked) => measured("heartbeat", store.heartbeat(worker, lease, asked)),
    workers: measured("workers", store.workers),
    saveDetails: (all) => measured("saveDetails", store.saveDetails(all)),
    details: (call) => measured("details", store.details(call)),
    changes: store.changes,
    guarantees: store.guarantees,
    database: store.database
  }
}

// internal

type Saved = Effect.Success<ReturnType<WorkflowStore["Service"]["saveAll"]>>

/** Why the first commit of a group that failed did. */
const firstError = (exits: Saved): string | undefined => {
  const failed = exits.find(Exit.isFailure)
  if (failed === undefined) return undefined
  return Option.match(Cause.findErrorOption(failed.cause), { onNone: () => "Defect", onSome: ({ _tag }) => _tag })
}

const reasonIn = (cause: Cause.Cause<StoreError>): string =>
  Option.match(Cause.findErrorOption(cause), {
    onNone: () => (Cause.hasInterruptsOnly(cause) ? "Interrupted" : "Defect"),
    onSome: ({ reason }) => reason._tag
  })
