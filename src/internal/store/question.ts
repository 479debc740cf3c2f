/**
 * Checks of what stores are asked, for callers that no compiler has checked. The executor asks the same of every store, so what
 * makes no sense, or more than some store can answer, is refused by all in the same words.
 */
import * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import type { WorkflowFilter } from "../../Store/StoredExecution.ts"
import { WorkflowStatus } from "../../WorkflowState.ts"
import { count, type Fault, first, other, shown } from "../options.ts"
import { faultOfConditions } from "./conditionFaults.ts"

/** What is wrong with a filter; `undefined` when nothing is. */
export const faultOfFilter = (filter: WorkflowFilter): Fault => {
  if (typeof filter !== "object" || filter === null) return `must be an object, and is ${shown(filter)}`
  const {
    cursor,
    limit,
    order = "oldest",
    ownerNotIn,
    parent,
    root,
    status,
    unsettled,
    workflow,
    workflowVersion
  } = filter
  return first(
    other(filter, ...Object.keys(fields)),
    count("limit", limit),
    order === "oldest" || order === "newest" ? undefined : 'order must be "oldest" or "newest"',
    ...times.map((name) => timeFault(name, filter[name])),
    status === undefined ? undefined : statusFault(status),
    optional("workflow", workflow, Predicate.isString, "the name of a workflow"),
    optional("workflowVersion", workflowVersion, Predicate.isString, "a version of a workflow"),
    optional("cursor", cursor, Predicate.isString, "the `next` of a page"),
    optional("unsettled", unsettled, Predicate.isBoolean, "true or false"),
    optional("ownerNotIn", ownerNotIn, areTexts, "a list of workers"),
    optional("parent", parent, isRef, "an id, or a record with a workflowId"),
    optional("root", root, isRef, "an id, or a record with a workflowId"),
    faultOfConditions(filter)
  )
}

/** What is wrong with a heartbeat; `undefined` when nothing is. */
export const faultOfHeartbeat = (
  worker: { readonly id: string; readonly workflows?: ReadonlyArray<string> | undefined },
  lease: Duration.Duration,
  asked: { readonly wakeBefore: number } | undefined
): Fault => {
  if (typeof worker !== "object" || worker === null || typeof worker.id !== "string") {
    return `worker must be a record with an id, and is ${shown(worker)}`
  }
  return first(
    optional("workflows", worker.workflows, areTexts, "a list of names"),
    Duration.isDuration(lease) && Duration.isFinite(lease) && !Duration.isNegative(lease)
      ? undefined
      : `lease must be a finite duration that is not negative, and is ${shownLease(lease)}`,
    asked === undefined || isAsked(asked)
      ? undefined
      : `asked must be a record with wakeBefore, a time in milliseconds since 1970, and is ${shown(asked)}`
  )
}

// internal

const isAsked = (asked: unknown): boolean =>
  Predicate.hasProperty(asked, "wakeBefore") && typeof asked.wakeBefore === "number" && !Number.isNaN(asked.wakeBefore)

const shownLease = (lease: unknown): string => (Duration.isDuration(lease) ? String(lease) : shown(lease))

const fields: Record<keyof WorkflowFilter, true> = {
  status: true,
  workflow: true,
  workflowVersion: true,
  startedFrom: true,
  startedBefore: true,
  closedBefore: true,
  attributes: true,
  where: true,
  parent: true,
  root: true,
  wakeBefore: true,
  ownerNotIn: true,
  unsettled: true,
  order: true,
  limit: true,
  cursor: true
}

const times = ["startedFrom", "startedBefore", "closedBefore", "wakeBefore"] as const

const timeFault = (name: string, value: unknown): Fault =>
  value === undefined || (typeof value === "number" && !Number.isNaN(value))
    ? undefined
    : `${name} must be a time in milliseconds since 1970, and is ${shown(value)}`

const optional = (name: string, value: unknown, is: (value: unknown) => boolean, wanted: string): Fault =>
  value === undefined || is(value) ? undefined : `${name} must be ${wanted}, and is ${shown(value)}`

const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(Predicate.isString)

const isRef = (value: unknown): boolean =>
  typeof value === "string" ||
  (Predicate.hasProperty(value, "workflowId") &&
    typeof value.workflowId === "string" &&
    (!("runId" in value) || value.runId === undefined || typeof value.runId === "string"))

const statuses: ReadonlySet<unknown> = new Set(WorkflowStatus.literals)

const statusFault = (status: unknown): Fault => {
  if (!Array.isArray(status)) return `status must be a list, and is ${shown(status)}`
  const unknown = status.findIndex((each) => !statuses.has(each))
  return unknown === -1
    ? undefined
    : `there is no status ${shown(status[unknown])}; ask for ${WorkflowStatus.literals.join(", ")}`
}
