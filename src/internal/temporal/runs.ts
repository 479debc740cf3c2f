/**
 * What Temporal says of a run, in our words: which chain it belongs to, what its memo says, where it stands.
 */
import type { temporal } from "@temporalio/proto"
import * as Effect from "effect/Effect"
import type { Problem, WorkflowStatus } from "../../HistoryEvent.ts"
import { type Ref, RunId } from "../../Ids.ts"
import { Blocked, Restarted, type Undecryptable, type WorkflowErrorReason } from "../../WorkflowError.ts"
import { problemOfFailure, undecryptableIn } from "./failures.ts"
import { jsonOf } from "./json.ts"
import { ask, type Server } from "./Server.ts"
import { type Memo, memoField } from "./wire.ts"

/** What Temporal says of a run when it is listed. */
export type Info = temporal.api.workflow.v1.IWorkflowExecutionInfo

/** What it says when it is asked for one. */
export type Description = temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse

/** A run. */
export interface Run {
  readonly workflowId: string
  readonly workflow: string
  /** Temporal's id of the run, and of the first one of its chain. */
  readonly temporalRun: string
  readonly firstRun: string
  /** The chain, by which programs and callers know it. */
  readonly chain: RunId
  readonly status: WorkflowStatus
  readonly memo: Partial<Memo>
  readonly description: Description
}

/** The run of an id that is the latest. */
export const look = (server: Server, workflowId: string, runId?: string): Effect.Effect<Run, WorkflowErrorReason> =>
  Effect.map(
    ask(server, ({ workflowService }) =>
      workflowService.describeWorkflowExecution({
        namespace: server.namespace,
        execution: runId === undefined ? { workflowId } : { workflowId, runId }
      })
    ),
    (description) => runOf(description.workflowExecutionInfo ?? {}, description)
  )

/** The latest run of the execution that a caller means. */
export const meant = (server: Server, { runId, workflowId }: Ref): Effect.Effect<Run, WorkflowErrorReason> =>
  Effect.flatMap(look(server, workflowId), (run) =>
    isMeant(run, runId) ? Effect.succeed(run) : Effect.fail(new Restarted({ runId: run.chain }))
  )

/** Whether a caller who names a run means this chain. */
export const isMeant = ({ chain, firstRun, temporalRun }: Run, runId: string | undefined): boolean =>
  runId === undefined || runId === chain || runId === firstRun || runId === temporalRun

/** A run of which Temporal says something. */
export const runOf = (info: Info, description: Description = {}): Run => {
  const { workflowId = "", runId = "" } = info.execution ?? {}
  const memo = memoIn(info)
  const firstRun = info.firstRunId || runId
  return {
    workflowId: workflowId ?? "",
    workflow: info.type?.name ?? "",
    temporalRun: runId ?? "",
    firstRun: firstRun ?? "",
    chain: memo.chain ?? RunId.make(firstRun ?? ""),
    status: memo.closed ?? statusOf(info),
    memo,
    description
  }
}

/** What our field of the memo says; nothing for an execution that was not written with this library. */
export const memoIn = ({ memo }: Pick<Info, "memo">): Partial<Memo> => {
  const payload = memo?.fields?.[memoField]
  const value = payload === undefined ? undefined : jsonOf(payload)
  return typeof value === "object" && value !== null ? (value as Partial<Memo>) : {}
}

/** Why the task of a workflow keeps failing, so that its program cannot go on; `undefined` when it can. */
export const problemIn = (server: Server, run: Run): Effect.Effect<Problem | undefined, WorkflowErrorReason> =>
  Effect.map(blockedBy(server, run), (reason) =>
    reason?._tag === "Undecryptable" ? problemOf(reason) : reason?.problem
  )

/** The same as a caller is told it: its worker cannot decrypt something, or the code has to be put right. */
export const blockedBy = (
  server: Server,
  run: Run
): Effect.Effect<Blocked | Undecryptable | undefined, WorkflowErrorReason> => {
  const attempt = run.description.pendingWorkflowTask?.attempt ?? 0
  if (run.status !== "running" || attempt < 2) return Effect.succeed(undefined)
  return Effect.map(
    ask(server, ({ workflowService }) =>
      workflowService.getWorkflowExecutionHistoryReverse({
        namespace: server.namespace,
        execution: { workflowId: run.workflowId, runId: run.temporalRun },
        maximumPageSize: 10
      })
    ),
    ({ history }) => {
      // Temporal records the first of several failures of a task. It is among the last events, as nothing follows from a task that fails.
      const failed = history?.events?.find((event) => event.workflowTaskFailedEventAttributes)
      const attributes = failed?.workflowTaskFailedEventAttributes
      const undecryptable = undecryptableIn(attributes?.failure)
      if (undecryptable !== undefined) return undecryptable
      const problem = attributes?.failure ? problemOfFailure(attributes) : unsaid(run)
      return problem && new Blocked({ problem })
    }
  ).pipe(
    // What its worker cannot decrypt, a caller may not be able to decrypt either.
    Effect.catchTag("Undecryptable", (reason) => Effect.succeed(reason))
  )
}

/** What Temporal reports of a task that has failed again and again, whatever the first time was. */
export const reportedIn = ({ searchAttributes }: Info): string | undefined => {
  const reported = searchAttributes?.indexedFields?.["TemporalReportedProblems"]
  return reported
    ? `Temporal reports that its program fails again and again (${JSON.stringify(jsonOf(reported))})`
    : undefined
}

/** The status that Temporal has. */
export const statusOf = ({ status }: Info): WorkflowStatus => statuses[Number(status ?? 1)] ?? "running"

// internal

/** The problem of a task of which only the number of its failures is known. */
const unsaid = (run: Run): Problem | undefined => {
  const reported = reportedIn(run.description.workflowExecutionInfo ?? {})
  return reported === undefined
    ? undefined
    : { reason: "Defect", message: `${reported}; the log of its worker says why` }
}

const problemOf = ({ message }: Undecryptable): Problem => ({ reason: "Undecodable", message })

/** By Temporal's numbers. A run that is continued is not the latest. */
const statuses: Readonly<Record<number, WorkflowStatus>> = {
  1: "running",
  2: "completed",
  3: "failed",
  4: "cancelled",
  5: "terminated",
  6: "running",
  7: "timedOut",
  8: "running"
}
