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

/** The columns of which a summary is made. */
export const summaryColumns =
  "workflow_id, run_id, workflow, status, version, first_version, started_at, updated_at, closed_at, owner, wake_at, " +
  "waiting_for, attributes"

/**
 * Reads a summary back from its columns. Without a schema, since executors read thousands when they look for work, and
 * the table itself sees to the types of its columns.
 */
export const toSummary = (
  operation: Operation,
  row: Readonly<Record<string, unknown>>
): Result.Result<ExecutionSummary, StoreError> => {
  const waitingFor = Option.getOrUndefined(parse(String(row["waiting_for"])))
  const attributes = Option.getOrUndefined(parse(String(row["attributes"])))
  if (!Array.isArray(waitingFor) || !Predicate.isObject(attributes) || !statuses.has(row["status"])) {
    const reason = new Corrupt({ detail: `the summary ${JSON.stringify(Object.values(row))}` })
    return Result.fail(new StoreError({ operation, reason }))
  }
  const summary: Types.Mutable<ExecutionSummary> = {
    workflowId: toId(row["workflow_id"]),
    runId: row["run_id"] as RunId,
    workflow: row["workflow"] as string,
    status: row["status"] as WorkflowStatus,
    version: row["version"] as Version,
    firstVersion: row["first_version"] as Version,
    startedAt: row["started_at"] as number,
    updatedAt: row["updated_at"] as number,
    waitingFor,
    attributes: attributes as ExecutionSummary["attributes"]
  }
  if (row["closed_at"] !== null) summary.closedAt = row["closed_at"] as number
  if (row["wake_at"] !== null) summary.wakeAt = row["wake_at"] as number
  if (row["owner"] !== null) summary.owner = row["owner"] as WorkerId
  return Result.succeed(summary)
}

// internal

const statuses: ReadonlySet<unknown> = new Set(WorkflowStatus.literals)

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(JSON.parse)
