/**
 * How ids and summaries become columns and come back.
 */
import type { SQLInputValue, SQLOutputValue } from "node:sqlite"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type * as Types from "effect/Types"
import type { Ancestor } from "../../HistoryEvent.ts"
import type { RunId, Version, WorkerId, WorkflowId } from "../../Ids.ts"
import { parseJson } from "../../internal/core/parse.ts"
import { shown } from "../../internal/options.ts"
import { damageOf } from "../../internal/store/damage.ts"
import { readWaiting } from "../../internal/store/waiting.ts"
import type { WorkflowStatus } from "../../WorkflowState.ts"
import type { ExecutionSummary } from "../WorkflowStore.ts"

/**
 * The column of an id. SQLite keeps text as UTF-8, in which an unpaired surrogate has no place and would become the same
 * replacement character as any other, and some releases of Node.js read a text up to its first NUL: such an id is kept as its code
 * units.
 */
export const fromId = (workflowId: string): string | Uint8Array =>
  workflowId.isWellFormed() && !workflowId.includes("\0") ? workflowId : Buffer.from(workflowId, "utf16le")

/** The id of a column. */
export const toId = (column: unknown): WorkflowId =>
  (column instanceof Uint8Array ? Buffer.from(column).toString("utf16le") : String(column)) as WorkflowId

/** A column of an id as cursors have it. A damaged one has its place in a listing too, and may be of another type. */
export const toCursor = (column: SQLOutputValue): string => {
  const id = isId(column) ? toId(column) : undefined
  if (id !== undefined && !id.startsWith(escaped)) return id
  const value = column instanceof Uint8Array ? { hex: Buffer.from(column).toString("hex") } : { value: column }
  return escaped + JSON.stringify(value)
}

/** The column that a cursor names. */
export const fromCursor = (text: string): SQLInputValue => {
  if (!text.startsWith(escaped)) return fromId(text)
  const found = json(text.slice(1))
  if (Predicate.hasProperty(found, "hex")) return Buffer.from(String(found.hex), "hex")
  return Predicate.hasProperty(found, "value") ? (found.value as SQLInputValue) : fromId(text)
}

/**
 * The column of a name: a run, a workflow, a worker, a commit. The column takes text only, so a name with an unpaired surrogate
 * is kept as JSON, which escapes it, behind a character that stands for nothing in Unicode.
 */
export const fromName = (name: string): string =>
  name.isWellFormed() && !name.startsWith(escaped) && !name.includes("\0") ? name : escaped + JSON.stringify(name)

/** The name of a column. */
export const toName = (column: unknown): string => {
  const text = String(column)
  if (!text.startsWith(escaped)) return text
  const name = Option.getOrUndefined(parse(text.slice(1)))
  return typeof name === "string" ? name : text
}

/**
 * A column of integers in the form in which Node.js reads any of them, damaged ones included: it throws at an integer that no
 * number stands for alone.
 */
export const integer = (column: string): string => `CAST(${column} AS REAL)`

const integers: ReadonlySet<string> = new Set(["version", "first_version", "owed", "format"])

/** The column of an ancestor: its JSON is the same wherever it comes from, so that equal ones are found. */
export const fromAncestor = ({ chain, workflowId }: { readonly [Part in keyof Ancestor]: string }): string =>
  JSON.stringify({ workflowId, chain })

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
  ...[
    "owner",
    "wake_at",
    "waiting_for",
    "attributes",
    "chain",
    "parent",
    "owed",
    "format",
    "unreceived",
    "published",
    "root",
    "workflow_version",
    "memo"
  ]
]
  .map((column) => (integers.has(column) ? integer(`executions.${column}`) : `executions.${column}`))
  .join()

/** A row of which the first columns are those of a summary. As an array, which costs half of an object. */
export type SummaryRow = ReadonlyArray<unknown>

/** Reads a summary back from its columns. Fails with what is wrong. */
export const toSummary = (row: SummaryRow): Result.Result<ExecutionSummary, string> => {
  const [id, runId, workflow, status, version, firstVersion, startedAt, updatedAt, closedAt, ...more] = row
  const [
    owner,
    wakeAt,
    waiting,
    attributed,
    chain,
    parent,
    owed,
    format,
    unreceived,
    published,
    root,
    workflowVersion,
    memo
  ] = more
  const summary: Types.Mutable<ExecutionSummary> = {
    workflowId: toId(id),
    runId: toName(runId) as RunId,
    workflow: toName(workflow),
    status: status as WorkflowStatus,
    version: version as Version,
    firstVersion: firstVersion as Version,
    startedAt: startedAt as number,
    updatedAt: updatedAt as number,
    waitingFor: readWaiting(json(waiting)) as ExecutionSummary["waitingFor"],
    attributes: json(attributed) as ExecutionSummary["attributes"]
  }
  if (closedAt !== null) summary.closedAt = closedAt as number
  if (wakeAt !== null) summary.wakeAt = wakeAt as number
  if (owner !== null) summary.owner = toName(owner) as WorkerId
  if (chain !== null) summary.chain = toName(chain) as RunId
  if (owed !== null) summary.owed = owed as number
  if (format !== null) summary.format = format as number
  if (unreceived !== null) summary.unreceived = json(unreceived) as Required<ExecutionSummary>["unreceived"]
  if (published !== null) summary.published = json(published) as Required<ExecutionSummary>["published"]
  if (parent !== null) summary.parent = json(parent) as Required<ExecutionSummary>["parent"]
  if (workflowVersion !== null) summary.workflowVersion = toName(workflowVersion)
  if (root !== null) summary.root = json(root) as Required<ExecutionSummary>["root"]
  const said = memo === null ? Option.none() : parse(String(memo))
  // Any JSON is a memo, a text too, so what is none is told here.
  if (memo !== null && Option.isNone(said)) return Result.fail(`the summary has the memo ${shown(memo)}`)
  if (Option.isSome(said)) summary.memo = said.value as Required<ExecutionSummary>["memo"]
  const damage = isId(id) ? damageOf(summary) : `the summary has the workflowId ${shown(id)}`
  return damage === undefined ? Result.succeed(summary) : Result.fail(damage)
}

// internal

const escaped = "\uFFFE"

/** Whether a column of an id, which may have any type, is one. */
const isId = (column: unknown): boolean =>
  column instanceof Uint8Array ? column.length % 2 === 0 : typeof column === "string"

/** The value of a column of JSON; what is none stays the text that it is. */
const json = (column: unknown): unknown => Option.getOrElse(parse(String(column)), () => column)

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(parseJson)
