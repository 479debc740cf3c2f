/**
 * What the executions of one executor share.
 */
import type * as Context from "effect/Context"
import type { ClosingEvent, Problem } from "../../HistoryEvent.ts"
import type { RunId, Version, WorkerId, WorkflowId } from "../../Ids.ts"
import type { FlushBudget } from "../../internal/replay/WorkflowScheduler.ts"
import type { StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"
import type { ActivityRunner } from "./ActivityRunner.ts"
import type { Alarms } from "./Alarms.ts"
import type { Appender } from "./Appender.ts"
import type { Fibers } from "./Fibers.ts"
import type { Saves } from "./Saves.ts"

/** How a chain ended, or why it does not go on, for callers that wait for its result. */
export type Ending =
  | { readonly _tag: "Closed"; readonly chain: RunId; readonly event: ClosingEvent }
  | { readonly _tag: "Blocked"; readonly chain: RunId; readonly problem: Problem }
  | { readonly _tag: "Deleted" }
  /** It was deleted, and the id has another run. */
  | { readonly _tag: "Replaced"; readonly chain: RunId; readonly by: RunId }
  /** A newer release recorded it in a form that this one cannot read. */
  | { readonly _tag: "Newer"; readonly error: StoreError }

export interface Shared<Execution> {
  readonly worker: WorkerId
  readonly fibers: Fibers
  readonly store: WorkflowStore["Service"]
  readonly saves: Saves
  readonly alarms: Alarms
  readonly runner: ActivityRunner
  /** Loggers, tracer and console of programs. */
  readonly programContext: Context.Context<never>
  readonly budget: FlushBudget
  /** An id that no other commit has. */
  readonly commitId: () => string
  /** How this executor commits to executions that it does not run. */
  readonly appender: Appender
  /** So many events a run may have. */
  readonly maxHistory: number
  /** Notifies the callers that wait for the result of an execution. */
  readonly ended: (workflowId: WorkflowId, ending: Ending) => void
  /** A finished execution owes messages since a version, or a later one: they are delivered in the background. */
  readonly owes: (workflowId: WorkflowId, version: Version) => void
  /** An execution of this worker was let go because its store failed; the next scan looks for it. */
  readonly lost: () => void
  /** The execution entered, used or left the memory of this process. */
  readonly touched: (execution: Execution) => void
}
