/**
 * Filters of executions as queries of Temporal's visibility. What it cannot answer is refused, or left to `leftOver`, which looks at the
 * summaries that come back.
 */
import * as Result from "effect/Result"
import type { Attribute } from "../../HistoryEvent.ts"
import type { Ref } from "../../Ids.ts"
import { AttributesMissing } from "./TemporalError.ts"
import type { ExecutionSummary, WorkflowFilter } from "../../Store/WorkflowStore.ts"
import type { WorkflowStatus } from "../../WorkflowState.ts"
import { type Condition, conditionsOf } from "../store/conditions.ts"
import type { Server } from "./Server.ts"

/** The query of a filter, or what of it Temporal cannot answer. */
export const queryOf = (
  filter: WorkflowFilter,
  { address, codec, namespace, searchable }: Pick<Server, "address" | "codec" | "namespace" | "searchable">
): Result.Result<string, string> => {
  const refused = refusedIn(filter)
  if (refused !== undefined) return Result.fail(refused)
  const { closedBefore, parent, root, startedBefore, startedFrom, status, unsettled, workflow } = filter
  const unfindable = [workflow, parent && idOf(parent), root && idOf(root)].find((each) => !canBeFound(each ?? ""))
  if (unfindable !== undefined) return Result.fail(cannotBeFound(unfindable))
  const parts = [`ExecutionStatus != 'ContinuedAsNew'`]
  if (status !== undefined) parts.push(statusIn(status))
  if (unsettled === true) parts.push(`ExecutionStatus = "Running"`)
  if (workflow !== undefined) parts.push(`WorkflowType = ${text(workflow)}`)
  if (startedFrom !== undefined) parts.push(`StartTime >= ${timeText(startedFrom)}`)
  if (startedBefore !== undefined) parts.push(`StartTime < ${timeText(startedBefore)}`)
  if (closedBefore !== undefined) parts.push(`CloseTime < ${timeText(closedBefore)}`)
  if (parent !== undefined) parts.push(`ParentWorkflowId = ${text(idOf(parent))}`)
  // For Temporal an execution without a parent is its own root.
  if (root !== undefined) parts.push(`RootWorkflowId = ${text(idOf(root))} AND WorkflowId != ${text(idOf(root))}`)
  for (const condition of conditionsOf(filter)) {
    const { name } = condition
    if (codec?.secretAttributes.has(name)) {
      return Result.fail(`the attribute ${JSON.stringify(name)} is secret, and no execution is found by it`)
    }
    const kind = Object.hasOwn(searchable, name) ? searchable[name] : undefined
    if (kind === undefined) {
      return Result.fail(
        new AttributesMissing({ address, namespace, missing: { [name]: typeOf(condition) }, different: {} }).message
      )
    }
    if (!valuesOf(condition).every(canBeFound)) {
      return Result.fail(cannotBeFound(name))
    }
    parts.push(conditionIn(condition))
  }
  return Result.succeed(parts.join(" AND "))
}

/** Whether there is anything that the query does not ask. */
export const isLeftOver = ({ parent, root, status, workflowVersion }: WorkflowFilter): boolean =>
  workflowVersion !== undefined || status !== undefined || hasRun(parent) || hasRun(root)

/** What the query does not ask. */
export const leftOver =
  ({ parent, root, status, workflowVersion }: WorkflowFilter) =>
  (summary: ExecutionSummary): boolean =>
    (status === undefined || status.includes(summary.status)) &&
    (workflowVersion === undefined || summary.workflowVersion === workflowVersion) &&
    isOf(parent, summary.parent) &&
    isOf(root, summary.root)

// internal

const refusedIn = ({ order, ownerNotIn, wakeBefore }: WorkflowFilter): string | undefined => {
  if (order === "oldest") return 'Temporal lists the newest first: leave order out, or ask for "newest"'
  if (ownerNotIn !== undefined) return "executions on Temporal have no owner: leave ownerNotIn out"
  return wakeBefore === undefined ? undefined : "Temporal does not tell when executions wake: leave wakeBefore out"
}

/** Our ends that Temporal has no word for are failures there. */
const statuses: Readonly<Record<WorkflowStatus, ReadonlyArray<string>>> = {
  running: ["Running"],
  blocked: ["Running"],
  completed: ["Completed"],
  failed: ["Failed"],
  cancelled: ["Canceled", "Failed"],
  timedOut: ["TimedOut", "Failed"],
  terminated: ["Terminated"]
}

const statusIn = (status: ReadonlyArray<WorkflowStatus>): string => {
  const all = [...new Set(status.flatMap((each) => statuses[each]))]
  const query =
    all.length === 0 ? `ExecutionStatus = "Unspecified"` : `ExecutionStatus IN (${all.map(text).join(", ")})`
  return status.every((each) => each === "blocked") && status.length > 0
    ? `${query} AND TemporalReportedProblems IS NOT NULL`
    : query
}

const conditionIn = (condition: Condition): string => {
  const name = nameText(condition.name)
  switch (condition._tag) {
    case "Equals":
      return `${name} = ${literal(condition.value)}`
    case "OneOf":
      return condition.values.length === 0
        ? `(${name} IS NULL AND ${name} IS NOT NULL)`
        : `${name} IN (${condition.values.map(literal).join(", ")})`
    case "Within": {
      const { lower, upper } = condition
      const parts: Array<string> = []
      if (lower !== undefined) parts.push(`${name} >${lower.isIncluded ? "=" : ""} ${literal(lower.value)}`)
      if (upper !== undefined) parts.push(`${name} <${upper.isIncluded ? "=" : ""} ${literal(upper.value)}`)
      return parts.join(" AND ")
    }
  }
}

const valuesOf = (condition: Condition): ReadonlyArray<Attribute> => {
  switch (condition._tag) {
    case "Equals":
      return [condition.value]
    case "OneOf":
      return condition.values
    case "Within":
      return [condition.lower, condition.upper].flatMap((bound) => (bound === undefined ? [] : [bound.value]))
  }
}

const typeOf = (condition: Condition): string => {
  const [value] = valuesOf(condition)
  return typeof value === "number" ? "Double" : typeof value === "boolean" ? "Bool" : "Keyword"
}

const idOf = (ref: Ref | string): string => (typeof ref === "string" ? ref : ref.workflowId)

const hasRun = (ref: Ref | string | undefined): boolean => typeof ref === "object" && ref.runId !== undefined

const isOf = (ref: Ref | string | undefined, ancestor: ExecutionSummary["parent"]): boolean =>
  typeof ref !== "object" || ref.runId === undefined || ancestor?.chain === ref.runId

const literal = (value: Attribute): string => (typeof value === "string" ? text(value) : String(value))

const text = (value: string): string => `'${value.replaceAll("'", "\\'")}'`

/** Whether a text can be looked for: with these characters in it Temporal finds nothing. */
const canBeFound = (value: Attribute | undefined): boolean =>
  // oxlint-disable-next-line no-control-regex -- these are what it does not find
  typeof value !== "string" || !/["\\\u0000-\u001f]/.test(value)

const cannotBeFound = (text: string): string =>
  `Temporal finds no text that has a quotation mark, a backslash or a control character in it: ${text}`

const nameText = (name: string): string => `\`${name}\``

/** Times in nanoseconds, which need no calendar. */
const timeText = (milliseconds: number): string => {
  const bounded = Math.min(Math.max(milliseconds, -earliest), earliest)
  return `${BigInt(Math.floor(bounded)) * 1_000_000n}`
}

/** Some 290 years from 1970, in milliseconds: as far as nanoseconds in 64 bits go. */
const earliest = 9_223_372_036_854
