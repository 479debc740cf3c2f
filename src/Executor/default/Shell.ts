/**
 * What the executions of one executor share.
 */
import type * as Context from "effect/Context"
import type { ClosingEvent, Problem } from "../../HistoryEvent.ts"
import type { RunId, WorkerId, WorkflowId } from "../../Ids.ts"
import type { FlushBudget } from "../../internal/replay/WorkflowScheduler.ts"
import type { WorkflowStore } from "../../Store/WorkflowStore.ts"
import type { Alarms } from "./Alarms.ts"
import type { Attempts } from "./Attempts.ts"
import type { Execution } from "./Execution.ts"
import type { Host } from "./Host.ts"
import type { Saves } from "./Saves.ts"

/** How a run ended, or why it does not go on, as those who wait for its result are told. */
export type Ending =
  | { readonly _tag: "Closed"; readonly runId: RunId; readonly event: ClosingEvent }
  | { readonly _tag: "Blocked"; readonly runId: RunId; readonly problem: Problem }
  | { readonly _tag: "Deleted" }

export interface Shell {
  readonly worker: WorkerId
  readonly host: Host
  readonly store: WorkflowStore["Service"]
  readonly saves: Saves
  readonly alarms: Alarms
  readonly attempts: Attempts
  /** Loggers, tracer and console of programs. */
  readonly programContext: Context.Context<never>
  readonly budget: FlushBudget
  /** An id that no other commit has. */
  readonly commitId: () => string
  /** Tells those who wait for the result of an execution. */
  readonly ended: (workflowId: WorkflowId, ending: Ending) => void
  /** An execution of this worker was let go because its store failed; it is to be looked for again. */
  readonly lost: () => void
  /** The execution entered, used or left the memory of this process. */
  readonly touched: (execution: Execution) => void
}
