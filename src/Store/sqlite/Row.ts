/**
 * How ids and summaries become columns and come back.
 */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type * as Types from "effect/Types"
import type { RunId, Version, WorkerId, WorkflowId } from "../../Ids.ts"
import { WorkflowStatus } from "../../WorkflowState.ts"
import { Corrupt, type ExecutionSummary, StoreError } from "../WorkflowStore.ts"
import type { Operation } from "./Database.ts"

/**
 * The column of an id. SQLite keeps text as UTF-8, in which an unpaired surrogate has no place and would become the same
 * replacement character as any other: such an id is kept as its code units.
 */
export const fromId = (workflowId: string): string | Uint8Array =>
  workflowId.isWellFormed() ? workflowId : Buffer.from(workflowId, "utf16le")

/** The id of a column. */
export const toId = (column: unknown): WorkflowId =>
  (column instanceof Uint8Array ? Buffer.from(column).toString("utf16le") : String(column)) as WorkflowId

/** What a summary says besides its columns, as JSON. Every commit writes it, so it says nothing twice. */
export const fromSummary = (summary: ExecutionSummary): string => {
  const { attributes, closedAt, firstVersion, updatedAt, waitingFor } = summary
  return JSON.stringify({ firstVersion, updatedAt, closedAt, waitingFor, attributes })
}

/** The columns of which a summary is made, in the order in which `toSummary` takes them. */
export const summaryColumns = "workflow_id, run_id, workflow, status, version, started_at, owner, wake_at, rest"

/**
 * Reads a summary back from its columns. Without a schema, since executors read thousands when they look for work, and
 * the table itself sees to the types of its columns.
 */
export const toSummary = (
  operation: Operation,
  row: Readonly<Record<string, unknown>>
): Result.Result<ExecutionSummary, StoreError> => {
  const rest = toRest(row["rest"])
  if (rest === undefined || !isStatus(row["status"])) {
    const reason = new Corrupt({ detail: `the summary ${JSON.stringify(Object.values(row))}` })
    return Result.fail(new StoreError({ operation, reason }))
  }
  const summary: Types.Mutable<ExecutionSummary> = {
    workflowId: toId(row["workflow_id"]),
    runId: row["run_id"] as RunId,
    workflow: row["workflow"] as string,
    status: row["status"],
    version: row["version"] as Version,
    startedAt: row["started_at"] as number,
    ...rest
  }
  if (row["owner"] !== null) summary.owner = row["owner"] as WorkerId
  if (row["wake_at"] !== null) summary.wakeAt = row["wake_at"] as number
  return Result.succeed(summary)
}

// internal

type Rest = Pick<ExecutionSummary, "firstVersion" | "updatedAt" | "closedAt" | "waitingFor" | "attributes">

const statuses: ReadonlySet<unknown> = new Set(WorkflowStatus.literals)

const isStatus = (column: unknown): column is WorkflowStatus => statuses.has(column)

const toRest = (column: unknown): Rest | undefined => {
  const rest = Option.getOrUndefined(parse(String(column)))
  const isRest =
    Predicate.isObject(rest) &&
    Number.isSafeInteger(rest["firstVersion"]) &&
    Number.isFinite(rest["updatedAt"]) &&
    Array.isArray(rest["waitingFor"]) &&
    Predicate.isObject(rest["attributes"])
  return isRest ? (rest as unknown as Rest) : undefined
}

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(JSON.parse)
