/**
 * How ids and summaries become columns and come back.
 */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type * as Types from "effect/Types"
import type { RunId, Version, WorkerId, WorkflowId } from "../../Ids.ts"
import { WorkflowStatus } from "../../WorkflowState.ts"
import { Corrupt, type ExecutionSummary } from "../WorkflowStore.ts"

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
export const summaryColumns = [
  ...[
    "workflow_id",
    "run_id",
    "workflow",
    "status",
    "version",
    "first_version",
    "started_at",
    "updated_at",
    "closed_at"
  ],
  ...["owner", "wake_at", "waiting_for", "attributes", "chain", "parent", "owed", "format"]
]
  .map((column) => `executions.${column}`)
  .join()

/**
 * Reads a summary back from its columns. Without a schema, since executors read thousands when they look for work, and
 * the table itself checks the types of its columns.
 */
export const toSummary = (row: Readonly<Record<string, unknown>>): Result.Result<ExecutionSummary, Corrupt> => {
  const waitingFor = Option.getOrUndefined(parse(String(row["waiting_for"])))
  const attributes = Option.getOrUndefined(parse(String(row["attributes"])))
  if (!Array.isArray(waitingFor) || !Predicate.isObject(attributes) || !statuses.has(row["status"])) return corrupt(row)
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
  if (row["chain"] !== null) summary.chain = row["chain"] as RunId
  if (row["owed"] !== null) summary.owed = row["owed"] as number
  if (row["format"] !== null) summary.format = row["format"] as number
  if (row["parent"] !== null) {
    const parent = Option.getOrUndefined(parse(String(row["parent"])))
    if (!Predicate.isObject(parent)) return corrupt(row)
    summary.parent = parent as unknown as Required<ExecutionSummary>["parent"]
  }
  return Result.succeed(summary)
}

// internal

const statuses: ReadonlySet<unknown> = new Set(WorkflowStatus.literals)

const corrupt = (row: Readonly<Record<string, unknown>>) =>
  Result.fail(new Corrupt({ detail: `the summary ${JSON.stringify(Object.values(row))}` }))

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(JSON.parse)
