/**
 * Reads executions back: the summary alone, or with the history.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { RunId, Version, WorkflowId } from "../../Ids.ts"
import { decodeEvents } from "../../internal/store/codec.ts"
import { damaged } from "../../internal/store/damage.ts"
import type { Corrupt, Driver, ExecutionSummary, NewerFormat, StoredCommit } from "../WorkflowStore.ts"
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

/**
 * Reads executions with their histories, a bounded slice of rows at a time: between two slices the process does other work.
 *
 * The first slice also reads the summary, whose version is where the last one ends. When what was read is removed before that,
 * the read begins again.
 */
export const load = (database: Database): Driver["load"] => {
  const execution = database.connection.prepare(`SELECT ${summaryColumns}, key FROM executions WHERE workflow_id = ?`)
  execution.setReturnArrays(true)
  const commits = database.connection.prepare(`
    SELECT ${integer("version")}, id, run_id, ${integer("format")}, events FROM commits
    WHERE execution = ? AND version > ? AND version <= ? ORDER BY version LIMIT ${sliceRows}
  `)
  // A row as an array costs half of a row as an object, and a long history has many.
  commits.setReturnArrays(true)
  const runOf = database.connection.prepare(`
    SELECT run_id FROM commits WHERE execution = ? AND version <= ? AND run_id IS NOT NULL ORDER BY version DESC LIMIT 1
  `)
  const rowsOf = (key: number, after: number, last: number) =>
    commits.all(key, after, last) as Array<unknown> as Array<CommitRow>
  const find = (workflowId: WorkflowId, after: Version | undefined) => {
    const found = execution.get(fromId(workflowId)) as SummaryRow | undefined
    if (found === undefined) return Result.succeedNone
    return Result.map(summaryOf(found), (summary) => {
      const { firstVersion, version } = summary
      const key = found.at(-1) as number
      const rows = rowsOf(key, after ?? firstVersion - 1, version)
      const isCurrent = after === undefined || after >= firstVersion - 1
      const begun = isCurrent ? undefined : runOf.get(key, after)
      const runId = isCurrent ? summary.runId : begun && (toName(begun["run_id"]) as RunId)
      return Option.some({ key, summary, rows, runId, needed: Math.max(firstVersion, (after ?? 0) + 1) })
    })
  }
  /** The commits after one that was read; `undefined` when that is not there any more. */
  const findMore = (key: number, [version, id]: CommitRow, last: Version) => {
    const rows = rowsOf(key, version - 1, last)
    return rows.shift()?.[1] === id ? rows : undefined
  }
  const read: Driver["load"] = Effect.fnUntraced(function* (workflowId, after) {
    const found = yield* Effect.flatMap(
      database.read(() => find(workflowId, after)),
      Effect.fromResult
    )
    if (Option.isNone(found)) return Option.none()
    const { key, needed, rows, runId, summary } = found.value
    const all: Array<StoredCommit> = []
    let slice = rows
    while (true) {
      yield* decode(slice, { commits: all, needed, runId, summary })
      const last = slice.at(-1)
      if (last === undefined || last[0] >= summary.version) break
      yield* Effect.yieldNow
      const more = yield* database.read(() => findMore(key, last, summary.version))
      if (more === undefined) return yield* read(workflowId, after)
      slice = more
    }
    const latest = all.at(-1)?.version ?? needed - 1
    if (latest < summary.version) return yield* missing(latest + 1, summary)
    return Option.some({ summary, commits: all })
  })
  return read
}

// internal

const summaryOf = (row: SummaryRow): Result.Result<ExecutionSummary, Corrupt> =>
  Result.mapError(toSummary(row), damaged)

/** A commit; the oldest one of a run has the id of the run. */
type CommitRow = readonly [version: Version, id: string, begun: string | null, format: number, events: string]

/** How many commits are read at a time: a few milliseconds, and much more than the beginning of a slice costs. */
const sliceRows = 2048

/** How many characters of events are decoded at a time. */
const sliceLength = 1_000_000

/** What rows are decoded into. */
interface Decoding {
  readonly commits: Array<StoredCommit>
  /** The run that the first of all commits belongs to. */
  readonly runId: RunId | undefined
  /** The version from which all must be there; commits of older runs may have been removed. */
  readonly needed: number
  readonly summary: ExecutionSummary
}

/** Adds the commits of rows to the ones before them. */
const decode = (rows: ReadonlyArray<CommitRow>, decoding: Decoding): Effect.Effect<void, Corrupt | NewerFormat> =>
  Effect.suspend(() => {
    const { commits, needed, summary } = decoding
    let runId = commits.at(-1)?.runId ?? decoding.runId
    let length = 0
    for (const [index, [version, id, begun, format, text]] of rows.entries()) {
      const previous = commits.at(-1)?.version
      if (previous === undefined && version > needed) return missing(needed, summary)
      if (previous !== undefined && version !== previous + 1) {
        return corrupt(previous + 1, `version ${version} is in its place`)
      }
      const events = decodeEvents(text, format)
      if (Result.isFailure(events)) {
        const { failure } = events
        return failure._tag === "Corrupt" ? corrupt(version, failure.detail) : Effect.fail(failure)
      }
      if (begun !== null) runId = toName(begun) as RunId
      if (runId === undefined) return corrupt(version, "the run has no beginning")
      commits.push({ id: toName(id), runId, version, events: events.success })
      length += text.length
      if (length < sliceLength || index === rows.length - 1) continue
      return Effect.andThen(Effect.yieldNow, decode(rows.slice(index + 1), decoding))
    }
    return Effect.void
  })

const missing = (from: number, { version }: ExecutionSummary) =>
  Effect.fail(damaged(`of the commits from version ${from} to ${version} some are missing`))

const corrupt = (version: number, detail: string) => Effect.fail(damaged(`commit ${version}: ${detail}`))
