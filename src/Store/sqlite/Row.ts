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

/**
 * The column of a name: a run, a workflow, a worker, a commit. The column takes text only, so a name with an unpaired surrogate
 * is kept as JSON, which escapes it, behind a character that stands for nothing in Unicode.
 */
export const fromName = (name: string): string =>
  name.isWellFormed() && !name.startsWith(escaped) ? name : escaped + JSON.stringify(name)

/** The name of a column. */
export const toName = (column: unknown): string => {
  const text = String(column)
  if (!text.startsWith(escaped)) return text
  const name = Option.getOrUndefined(parse(text.slice(1)))
  return typeof name === "string" ? name : text
}

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

/** A row of which the first columns are those of a summary. As an array, which costs half of an object. */
export type SummaryRow = ReadonlyArray<unknown>

/**
 * Reads a summary back from its columns. Without a schema, since executors read thousands when they look for work, and
 * the table itself checks the types of its columns.
 */
export const toSummary = (row: SummaryRow): Result.Result<ExecutionSummary, Corrupt> => {
  const [id, runId, workflow, status, version, firstVersion, startedAt, updatedAt, closedAt, ...more] = row
  const [owner, wakeAt, waiting, attributed, chain, parent, owed, format] = more
  const waitingFor = Option.getOrUndefined(parse(String(waiting)))
  const attributes = Option.getOrUndefined(parse(String(attributed)))
  if (!Array.isArray(waitingFor) || !Predicate.isObject(attributes) || !statuses.has(status)) return corrupt(row)
  const summary: Types.Mutable<ExecutionSummary> = {
    workflowId: toId(id),
    runId: toName(runId) as RunId,
    workflow: toName(workflow),
    status: status as WorkflowStatus,
    version: version as Version,
    firstVersion: firstVersion as Version,
    startedAt: startedAt as number,
    updatedAt: updatedAt as number,
    waitingFor,
    attributes: attributes as ExecutionSummary["attributes"]
  }
  if (closedAt !== null) summary.closedAt = closedAt as number
  if (wakeAt !== null) summary.wakeAt = wakeAt as number
  if (owner !== null) summary.owner = toName(owner) as WorkerId
  if (chain !== null) summary.chain = toName(chain) as RunId
  if (owed !== null) summary.owed = owed as number
  if (format !== null) summary.format = format as number
  if (parent !== null) {
    const found = Option.getOrUndefined(parse(String(parent)))
    if (!Predicate.isObject(found)) return corrupt(row)
    summary.parent = found as unknown as Required<ExecutionSummary>["parent"]
  }
  return Result.succeed(summary)
}

// internal

const escaped = "\uFFFE"

const statuses: ReadonlySet<unknown> = new Set(WorkflowStatus.literals)

const corrupt = (row: SummaryRow) => Result.fail(new Corrupt({ detail: `the summary ${JSON.stringify(row)}` }))

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(JSON.parse)
