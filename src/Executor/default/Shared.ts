/**
 * What the executions of one executor share.
 */
import type * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { RecordedExit } from "../../HistoryEvent.ts"
import type { Version, WorkerId, WorkflowId } from "../../Ids.ts"
import type { FlushBudget } from "../../internal/replay/WorkflowScheduler.ts"
import type { WorkflowStore } from "../../Store/WorkflowStore.ts"
import type { Answers } from "./Answers.ts"
import type { ActivityRunner } from "./ActivityRunner.ts"
import type { Alarms } from "./Alarms.ts"
import type { Registration } from "../WorkflowRegistry.ts"
import type { Appender } from "./Appender.ts"
import type { Fibers } from "./Fibers.ts"
import type { Observed } from "./Observed.ts"
import type { Reports } from "./Reports.ts"
import type { Ending } from "./Ending.ts"
import type { Lease } from "./Lease.ts"
import type { Saves } from "./Saves.ts"

export interface Shared<Execution> {
  readonly worker: WorkerId
  readonly fibers: Fibers
  readonly store: WorkflowStore["Service"]
  readonly saves: Saves
  readonly alarms: Alarms
  readonly runner: ActivityRunner
  readonly lease: Pick<Lease, "term">
  /** Who is told of commits, attempts and replays. */
  readonly observed: Observed
  /** What handlers report. */
  readonly reports: Reports
  /** Loggers, tracer and console of programs. */
  readonly programContext: Context.Context<never>
  readonly budget: FlushBudget
  /** Asks another execution for a program; ends with what is recorded. */
  readonly ask: (input: Schema.Json) => Effect.Effect<RecordedExit>
  /** An id that no other commit has. */
  readonly commitId: () => string
  /** How this executor commits to executions that it does not run. */
  readonly appender: Appender
  /** The highest version of a workflow that this worker has. */
  readonly latest: (workflow: string) => Registration | undefined
  /** So many events a run may have. */
  readonly maxHistory: number
  /** Notifies the callers that wait for the result of an execution. */
  readonly ended: (workflowId: WorkflowId, ending: Ending) => void
  /** The callers that wait for updates. */
  readonly answers: Answers
  /** A finished execution owes messages since a version, or a later one: they are delivered in the background. */
  readonly owes: (workflowId: WorkflowId, version: Version) => void
  /** Looks whether an execution is to be taken by this worker. */
  readonly offer: (workflowId: WorkflowId) => void
  /** An execution of this worker was let go because its store failed; the next scan looks for it. */
  readonly lost: () => void
  /** The execution entered, used or left the memory of this process. */
  readonly touched: (execution: Execution) => void
}
