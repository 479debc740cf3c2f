/**
 * The summary of an execution, as far as Temporal knows it. What has another author is shown by what Temporal itself has of it.
 */
import type * as Types from "effect/Types"
import type { temporal } from "@temporalio/proto"
import type { Attribute, Problem } from "../../HistoryEvent.ts"
import { RunId, type Sequence, WorkflowId } from "../../Ids.ts"
import type { ExecutionSummary } from "../../Store/WorkflowStore.ts"
import type { Waiting } from "../../Waiting.ts"
import { askName } from "../core/asked.ts"
import { isFinal } from "../../WorkflowState.ts"
import { jsonOf, timeOf } from "./json.ts"
import { type Info, reportedIn, type Run, runOf } from "./runs.ts"
import { versionOf } from "./versions.ts"
import { memoField, sendName } from "./wire.ts"

/** The summary of a run that was described, with why it is blocked. */
export const summaryOf = (run: Run, problem?: Problem): ExecutionSummary => {
  const info = run.description.workflowExecutionInfo ?? {}
  const summary = listedSummary(info)
  const status = problem === undefined ? run.status : "blocked"
  return { ...summary, status, waitingFor: isFinal(status) ? [] : waitingFor(run, problem) }
}

/** The summary of a run that was listed. */
export const listedSummary = (info: Info): ExecutionSummary => {
  const { chain, firstRun, memo, status, temporalRun, workflow, workflowId } = runOf(info)
  const isFirst = firstRun === temporalRun
  const startedAt = timeOf(info.startTime)
  const closedAt = info.closeTime ? timeOf(info.closeTime) : undefined
  const length = Math.max(1, Number(info.historyLength ?? 1))
  const isBlocked = status === "running" && reportedIn(info) !== undefined
  const summary: Types.Mutable<ExecutionSummary> = {
    workflowId: WorkflowId.make(workflowId),
    runId: isFirst ? chain : RunId.make(temporalRun),
    workflow,
    status: isBlocked ? "blocked" : status,
    version: versionOf(memo.before, length),
    firstVersion: versionOf(memo.before, 1),
    startedAt: memo.startedAt ?? startedAt,
    updatedAt: closedAt ?? startedAt,
    waitingFor: [],
    attributes: memo.attributes ?? (memo.input === undefined ? attributesIn(info) : {})
  }
  if (!isFirst) summary.chain = chain
  if (memo.version !== undefined) summary.workflowVersion = memo.version
  const told = memo.input === undefined ? memoIn(info) : memo.memo
  if (told !== undefined) summary.memo = told
  if (closedAt !== undefined) summary.closedAt = closedAt
  const parent = memo.parent ?? ancestorOf(info.parentExecution)
  if (parent !== undefined) summary.parent = parent
  const root = memo.root ?? (parent === undefined ? undefined : ancestorOf(info.rootExecution))
  if (root !== undefined) summary.root = root
  return summary
}

// internal

const waitingFor = ({ description }: Run, problem: Problem | undefined): ReadonlyArray<Waiting> => {
  if (problem !== undefined) return [{ _tag: "Blocked", problem }]
  const named: Array<Waiting> = []
  for (const activity of description.pendingActivities ?? []) {
    const waiting = waitingOf(activity)
    if (waiting !== undefined) named.push(waiting)
  }
  for (const child of description.pendingChildren ?? []) {
    const workflowId = WorkflowId.make(child.workflowId ?? "")
    named.push({ _tag: "Child", workflowId, workflow: child.workflowTypeName ?? "" })
  }
  if (named.length > namedAtMost) {
    return [...named.slice(0, namedAtMost), { _tag: "More", count: named.length - namedAtMost }]
  }
  // Timers and signals Temporal does not tell.
  return named.length > 0 ? named : [{ _tag: "Other", text: "a timer, a signal or its worker" }]
}

const namedAtMost = 10

const waitingOf = (activity: temporal.api.workflow.v1.IPendingActivityInfo): Waiting | undefined => {
  const name = activity.activityType?.name ?? ""
  if (name === sendName) {
    const isForEnd = activity.activityId?.startsWith("send end of ") === true
    return isForEnd ? { _tag: "Other", text: "the end of a child of an earlier run" } : undefined
  }
  if (name === askName) return { _tag: "Other", text: "the answer of another execution" }
  const seq = (Number.parseInt(activity.activityId ?? "", 10) || 0) as Sequence
  const retryAt = activity.state === scheduled && activity.scheduledTime ? timeOf(activity.scheduledTime) : undefined
  const attempt = Math.max(1, activity.attempt ?? 1)
  return { _tag: "Activity", seq, name, attempt, ...(retryAt === undefined || attempt === 1 ? {} : { retryAt }) }
}

/** Temporal's number of the state of an activity that waits for its next attempt. */
const scheduled = 1

const ancestorOf = (
  execution: { readonly workflowId?: string | null; readonly runId?: string | null } | null | undefined
): ExecutionSummary["parent"] =>
  execution?.workflowId
    ? { workflowId: WorkflowId.make(execution.workflowId), chain: RunId.make(execution.runId ?? "") }
    : undefined

/** The search attributes of an execution of another author. */
const attributesIn = ({ searchAttributes }: Info): Readonly<Record<string, Attribute>> =>
  Object.fromEntries(
    Object.entries(searchAttributes?.indexedFields ?? {}).flatMap(([name, payload]) => {
      const value = jsonOf(payload)
      const one = Array.isArray(value) ? (value as ReadonlyArray<unknown>)[0] : value
      const isOne = typeof one === "string" || typeof one === "number" || typeof one === "boolean"
      return isOne ? [[name, one] as const] : []
    })
  )

/** The memo of an execution of another author. */
const memoIn = ({ memo }: Info): ExecutionSummary["memo"] => {
  const fields = Object.entries(memo?.fields ?? {}).filter(([name]) => name !== memoField)
  return fields.length === 0 ? undefined : Object.fromEntries(fields.map(([name, payload]) => [name, jsonOf(payload)]))
}
