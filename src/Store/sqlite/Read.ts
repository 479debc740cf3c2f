/**
 * Reads executions back: the summary alone, or with the history.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { RunId, Version, WorkflowId } from "../../Ids.ts"
import { decodeEvents } from "../../internal/store/codec.ts"
import { damaged } from "../../internal/store/damage.ts"
import {
  type Corrupt,
  type Driver,
  type ExecutionSummary,
  type NewerFormat,
  type StoredCommit
} from "../WorkflowStore.ts"
import type { Database } from "./Database.ts"
import { fromId, integer, summaryColumns, type SummaryRow, toName, toSummary } from "./Row.ts"

/** Reads summaries. */
export const summary = (database: Database): Driver["summary"] => {
  const execution = database.connection.prepare(`SELECT ${summaryColumns} FROM executions WHERE workflow_id = ?`)
  execution.setReturnArrays(true)
  return (workflowId) =>
    Effect.flatMap(
      database.read(() => execution.get(fromId(workflowId)) as SummaryRow | undefined),
      (row) => (row === undefined ? Effect.succeedNone : Effect.fromResult(Result.map(summaryOf(row), Option.some)))
    )
}

/** Reads executions with their histories. */
export const load = (database: Database): Driver["load"] => {
  const execution = database.connection.prepare(`SELECT ${summaryColumns}, key FROM executions WHERE workflow_id = ?`)
  execution.setReturnArrays(true)
  const commits = database.connection.prepare(`
    SELECT ${integer("version")}, id, run_id, ${integer("format")}, events
    FROM commits WHERE execution = ? AND version > ? ORDER BY version
  `)
  // A row as an array costs half of a row as an object, and a long history has many.
  commits.setReturnArrays(true)
  const runOf = database.connection.prepare(`
    SELECT run_id FROM commits WHERE execution = ? AND version <= ? AND run_id IS NOT NULL ORDER BY version DESC LIMIT 1
  `)
  const find = (workflowId: WorkflowId, after: Version | undefined) => {
    const found = execution.get(fromId(workflowId)) as SummaryRow | undefined
    if (found === undefined) return Result.succeedNone
    return Result.map(summaryOf(found), (summary) => {
      const { firstVersion } = summary
      const key = found.at(-1) as number
      const rows = commits.all(key, after ?? firstVersion - 1) as Array<unknown> as Array<CommitRow>
      const isCurrent = after === undefined || after >= firstVersion - 1
      const begun = isCurrent ? undefined : runOf.get(key, after)
      const runId = isCurrent ? summary.runId : begun && (toName(begun["run_id"]) as RunId)
      return Option.some({ summary, rows, runId, needed: Math.max(firstVersion, (after ?? 0) + 1) })
    })
  }
  return (workflowId, after) =>
    database
      .read(() => find(workflowId, after))
      .pipe(
        Effect.flatMap(Effect.fromResult),
        Effect.flatMap(
          Option.match({
            onNone: () => Effect.succeedNone,
            onSome: (found) =>
              Effect.map(Effect.fromResult(toCommits(found)), (commits) =>
                Option.some({ summary: found.summary, commits })
              )
          })
        )
      )
}

// internal

const summaryOf = (row: SummaryRow): Result.Result<ExecutionSummary, Corrupt> =>
  Result.mapError(toSummary(row), damaged)

/** A commit; the oldest one of a run has the id of the run. */
type CommitRow = readonly [version: Version, id: string, begun: string | null, format: number, events: string]

/** The rows of commits that were asked for. */
interface Found {
  readonly summary: ExecutionSummary
  readonly rows: ReadonlyArray<CommitRow>
  /** The run that the first of them belongs to. */
  readonly runId: RunId | undefined
  /** The version from which all must be there; commits of older runs may have been removed. */
  readonly needed: number
}

const toCommits = ({
  needed,
  rows,
  runId: firstRunId,
  summary
}: Found): Result.Result<ReadonlyArray<StoredCommit>, Corrupt | NewerFormat> => {
  const commits: Array<StoredCommit> = []
  let runId = firstRunId
  const first = summary.version + 1 - rows.length
  if (first > Math.max(needed, 1) && needed <= summary.version) {
    return Result.fail(damaged(`of the commits from version ${needed} to ${summary.version} some are missing`))
  }
  for (const [index, [version, id, begun, format, text]] of rows.entries()) {
    if (version !== first + index) return corrupt(first + index, `version ${version} is in its place`)
    const events = decodeEvents(text, format)
    if (Result.isFailure(events)) {
      const { failure } = events
      return failure._tag === "Corrupt" ? corrupt(version, failure.detail) : Result.fail(failure)
    }
    if (begun !== null) runId = toName(begun) as RunId
    if (runId === undefined) return corrupt(version, "the run has no beginning")
    commits.push({ id: toName(id), runId, version, events: events.success })
  }
  return Result.succeed(commits)
}

const corrupt = (version: number, detail: string) => Result.fail(damaged(`commit ${version}: ${detail}`))
