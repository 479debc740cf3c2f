/**
 * How ids and summaries become columns and come back.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { WorkflowId } from "../../Ids.ts"
import { Corrupt, ExecutionSummary, StoreError } from "../WorkflowStore.ts"
import type { Operation } from "./Database.ts"

/**
 * The column of an id. SQLite keeps text as UTF-8, in which an unpaired surrogate has no place and would become the same
 * replacement character as any other: such an id is kept as its code units.
 */
export const fromId = (workflowId: string): string | Uint8Array =>
  unpaired.test(workflowId) ? Buffer.from(workflowId, "utf16le") : workflowId

/** The id of a column. */
export const toId = (column: unknown): WorkflowId =>
  WorkflowId.make(column instanceof Uint8Array ? Buffer.from(column).toString("utf16le") : String(column))

/** Reads a summary back. */
export const toSummary = (operation: Operation, column: unknown): Result.Result<ExecutionSummary, StoreError> =>
  Result.mapError(
    decodeSummary(column),
    (issue) =>
      new StoreError({ operation, reason: new Corrupt({ detail: `the summary ${String(column)}: ${issue.message}` }) })
  )

// internal

const unpaired = /\p{Surrogate}/u

const decodeSummary = Schema.decodeUnknownResult(Schema.fromJsonString(ExecutionSummary))
