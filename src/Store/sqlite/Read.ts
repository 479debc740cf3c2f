/**
 * Reads executions back: one with its history, or pages of summaries.
 */
import type { SQLInputValue, SQLOutputValue } from "node:sqlite"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { RunId, Version, WorkflowId } from "../../Ids.ts"
import { decodeEvents } from "../../internal/codec.ts"
import * as Listing from "../../internal/listing.ts"
import { isFinal } from "../../WorkflowState.ts"
import {
  Corrupt,
  type Driver,
  type ExecutionSummary,
  type Page,
  type StoredCommit,
  StoreError,
  type WorkflowFilter
} from "../WorkflowStore.ts"
import type { Database } from "./Database.ts"
import { fromId, summaryColumns, toSummary } from "./Row.ts"

/** Reads executions with their histories. */
export const load = (database: Database): Driver["load"] => {
  const execution = database.connection.prepare(`SELECT key, ${summaryColumns} FROM executions WHERE workflow_id = ?`)
  const commits = database.connection.prepare(`
    SELECT version, id, run_id, format, events FROM commits WHERE execution = ? AND version > ? ORDER BY version
  `)
  // A row as an array costs half of a row as an object, and a long history has many.
  commits.setReturnArrays(true)
  const runOf = database.connection.prepare(`
    SELECT run_id FROM commits WHERE execution = ? AND version <= ? AND run_id IS NOT NULL ORDER BY version DESC LIMIT 1
  `)
  const find = (workflowId: WorkflowId, after: Version | undefined) => {
    const found = execution.get(fromId(workflowId))
    if (found === undefined) return Result.succeedNone
    return Result.map(toSummary("load", found), (summary) => {
      const { firstVersion } = summary
      const key = found["key"]!
      const rows = commits.all(key, after ?? firstVersion - 1) as Array<unknown> as Array<CommitRow>
      const isCurrent = after === undefined || after >= firstVersion - 1
      const runId = isCurrent ? summary.runId : (runOf.get(key, after)?.["run_id"] as RunId | undefined)
      return Option.some({ summary, rows, runId })
    })
  }
  return (workflowId, options) =>
    database
      .read("load", () => find(workflowId, options?.after), workflowId)
      .pipe(
        Effect.flatMap(Effect.fromResult),
        Effect.flatMap(
          Option.match({
            onNone: () => Effect.succeedNone,
            onSome: ({ rows, runId, summary }) =>
              Effect.map(Effect.fromResult(toCommits(workflowId, rows, runId)), (commits) =>
                Option.some({ summary, commits })
              )
          })
        )
      )
}

/** Reads pages of summaries. */
export const list =
  (database: Database): Driver["list"] =>
  (filter = {}) =>
    Effect.flatMap(Listing.startOf(filter), (after) =>
      Effect.flatMap(
        database.read("list", () => pageOf(database, filter, after)),
        Effect.fromResult
      )
    )

// internal

/** A commit; it has the id of its run where it begins the run. */
type CommitRow = readonly [version: Version, id: string, runId: RunId | null, format: number, events: string]

/** The commits of rows of which the first belongs to a run. */
const toCommits = (
  workflowId: WorkflowId,
  rows: ReadonlyArray<CommitRow>,
  firstRunId: RunId | undefined
): Result.Result<ReadonlyArray<StoredCommit>, StoreError> => {
  const corrupt = (version: Version, detail: string) => {
    const reason = new Corrupt({ detail: `commit ${version}: ${detail}` })
    return Result.fail(new StoreError({ operation: "load", workflowId, reason }))
  }
  const commits: Array<StoredCommit> = []
  let runId = firstRunId
  for (const [version, id, begun, format, text] of rows) {
    const events = decodeEvents(text, format)
    if (Result.isFailure(events)) return corrupt(version, events.failure)
    runId = begun ?? runId
    if (runId === undefined) return corrupt(version, "the run has no beginning")
    commits.push({ id, runId, version, events: events.success })
  }
  return Result.succeed(commits)
}

const pageOf = (
  { connection }: Database,
  filter: WorkflowFilter,
  after: Option.Option<Listing.Place>
): Result.Result<Page, StoreError> => {
  const { parameters, sql } = query(filter, after)
  const size = Listing.pageSize(filter)
  const executions: Array<ExecutionSummary> = []
  for (const row of connection.prepare(sql).iterate(...parameters)) {
    const summary = toSummary("list", row as Record<string, SQLOutputValue>)
    if (Result.isFailure(summary)) return Result.fail(summary.failure)
    if (!Listing.matches(filter, summary.success)) continue
    if (executions.length === size) {
      return Result.succeed({ executions, next: Option.some(Listing.encodeCursor(executions.at(-1)!)) })
    }
    executions.push(summary.success)
  }
  return Result.succeed({ executions, next: Option.none() })
}

/** Selects what the columns can tell, in order; attributes are left to whoever reads the summaries. */
const query = (filter: WorkflowFilter, after: Option.Option<Listing.Place>) => {
  const conditions: Array<string> = []
  const parameters: Array<SQLInputValue> = []
  const need = (condition: string, ...values: ReadonlyArray<SQLInputValue>) => {
    conditions.push(condition)
    parameters.push(...values)
  }
  const { ownerNotIn, startedBefore, startedFrom, status, wakeBefore, workflow } = filter
  // Word for word the condition of the index, or SQLite would not use it.
  const isOpen = status !== undefined && status.length > 0 && !status.some(isFinal)
  if (isOpen) need("status IN ('running', 'blocked')")
  if (status !== undefined) need(`status IN (${status.map(() => "?").join()})`, ...status)
  if (workflow !== undefined) need("workflow = ?", workflow)
  if (ownerNotIn !== undefined) {
    need(`(owner IS NULL OR owner NOT IN (${ownerNotIn.map(() => "?").join()}))`, ...ownerNotIn)
  }
  if (wakeBefore !== undefined) need("wake_at < ?", wakeBefore)
  if (startedFrom !== undefined) need("started_at >= ?", startedFrom)
  if (startedBefore !== undefined) need("started_at < ?", startedBefore)
  if (Option.isSome(after)) {
    need("(started_at, workflow_id) > (?, ?)", after.value.startedAt, fromId(after.value.workflowId))
  }
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`
  const index = isOpen ? "executions_open" : "executions_started"
  return {
    sql: `SELECT ${summaryColumns} FROM executions INDEXED BY ${index} ${where} ORDER BY started_at, workflow_id`,
    parameters
  }
}
