/**
 * How ids and summaries become columns and come back.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { WorkflowId } from "../../Ids.ts"
import { Corrupt, ExecutionSummary, StoreError } from "../WorkflowStore.ts"
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

/** Reads a summary back from its columns. */
export const toSummary = (
  operation: Operation,
  row: Readonly<Record<string, unknown>>
): Result.Result<ExecutionSummary, StoreError> =>
  Result.mapError(
    Result.flatMap(decodeRest(row["rest"]), (rest) =>
      decodeSummary({
        ...rest,
        workflowId: toId(row["workflow_id"]),
        runId: row["run_id"],
        workflow: row["workflow"],
        status: row["status"],
        version: row["version"],
        startedAt: row["started_at"],
        ...(row["owner"] === null ? {} : { owner: row["owner"] }),
        ...(row["wake_at"] === null ? {} : { wakeAt: row["wake_at"] })
      })
    ),
    (issue) => {
      const detail = `the summary ${JSON.stringify(Object.values(row))}: ${issue.message}`
      return new StoreError({ operation, reason: new Corrupt({ detail }) })
    }
  )

// internal

const decodeRest = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)))

const decodeSummary = Schema.decodeUnknownResult(ExecutionSummary)
