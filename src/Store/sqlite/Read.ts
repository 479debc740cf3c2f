/**
 * Reads executions back: the summary alone, or with the history. What the log has of an execution is later than what the tables have.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { RunId, Version, WorkflowId } from "../../Ids.ts"
import { decodeEvents } from "../../internal/store/codec.ts"
import { damaged } from "../../internal/store/damage.ts"
import type { Corrupt, Driver, ExecutionSummary, NewerFormat, StoredCommit } from "../WorkflowStore.ts"
import type { Database } from "./Database.ts"
import type { Entry, Key, Pending } from "./Entry.ts"
import { fromId, summaryColumns, type SummaryRow, toName, toSummary } from "./Row.ts"
import * as Segment from "./Segment.ts"

/** Reads summaries. */
export const summary = ({ connection, log, read }: Database): Driver["summary"] => {
  const execution = connection.prepare(`SELECT ${summaryColumns} FROM executions WHERE workflow_id = ?`)
  execution.setReturnArrays(true)
  const find = (workflowId: WorkflowId) => {
    const entry = log.entries.get(workflowId)
    if (entry !== undefined) return Result.map(summaryOf(entry), Option.some)
    const row = execution.get(fromId(workflowId)) as SummaryRow | undefined
    return row === undefined ? Result.succeedNone : Result.map(summaryIn(row), Option.some)
  }
  return (workflowId) =>
    Effect.flatMap(
      read(() => find(workflowId)),
      Effect.fromResult
    )
}

/** The summary of an execution that is in the log. */
export const summaryOf = ({ damage, summary }: Entry): Result.Result<ExecutionSummary, Corrupt> =>
  summary === undefined || damage !== undefined
    ? Result.fail(damaged(damage ?? "there is no summary"))
    : Result.succeed(summary)

/**
 * Reads executions with their histories, a bounded slice of rows at a time: between two slices the process does other work.
 *
 * The first slice also reads the summary, whose version is where the last one ends, and what the log has. When what was read is removed
 * before that, the read begins again.
 */
export const load = (database: Database): Driver["load"] => {
  const { log } = database
  const execution = database.connection.prepare(`SELECT ${summaryColumns}, key FROM executions WHERE workflow_id = ?`)
  execution.setReturnArrays(true)
  const segments = Segment.reader(database.connection)
  const latestOf = (workflowId: WorkflowId): Result.Result<Latest, Corrupt> | undefined => {
    const entry = log.entries.get(workflowId)
    if (entry !== undefined) {
      const { commits: pending, key } = entry
      return Result.map(summaryOf(entry), (summary) => ({ key, pending: pending.slice(), summary }))
    }
    const found = execution.get(fromId(workflowId)) as SummaryRow | undefined
    if (found === undefined) return undefined
    const key = found.at(-1) as number
    return Result.map(summaryIn(found), (summary) => ({ key, pending: noCommits, summary }))
  }
  const find = (workflowId: WorkflowId, after: Version | undefined) => {
    const latest = latestOf(workflowId)
    if (latest === undefined) return Result.succeedNone
    return Result.map(latest, ({ key, pending, summary }) => {
      const { firstVersion, version } = summary
      // The commits of the tables end where those of the log begin.
      const last = (pending[0]?.version ?? version + 1) - 1
      const from = after ?? firstVersion - 1
      const rows = key === undefined || from >= last ? [] : segments.read(key, from, last)
      const isCurrent = after === undefined || after >= firstVersion - 1
      const runId = isCurrent || key === undefined ? summary.runId : segments.runOf(key, after)
      const needed = Math.max(firstVersion, (after ?? 0) + 1)
      return Option.some({ key, last, needed, pending, rows, runId, summary, after: from })
    })
  }
  const read: Driver["load"] = Effect.fnUntraced(function* (workflowId, after) {
    const found = yield* Effect.flatMap(
      database.read(() => find(workflowId, after)),
      Effect.fromResult
    )
    if (Option.isNone(found)) return Option.none()
    const { key, last, needed, pending, rows, runId, summary } = found.value
    const decoding: Decoding = { commits: [], after: found.value.after, needed, runId, summary }
    let slice = rows
    while (true) {
      yield* decode(slice, last, decoding)
      const latest = slice.at(-1)
      if (latest === undefined || latest.last >= last) break
      yield* Effect.yieldNow
      const more = yield* database.read(() => segments.readOn(key!, latest, last))
      if (more === undefined) return yield* read(workflowId, after)
      slice = more
    }
    yield* decode(pending.map(Segment.fromPending), summary.version, decoding)
    const latest = decoding.commits.at(-1)?.version ?? needed - 1
    if (latest < summary.version) return yield* missing(latest + 1, summary)
    return Option.some({ summary, commits: decoding.commits })
  })
  return read
}

// internal

/** The latest of an execution: its summary, its row, and its commits that are in the log alone. */
interface Latest {
  readonly key: Key | undefined
  readonly pending: ReadonlyArray<Pending>
  readonly summary: ExecutionSummary
}

const noCommits: ReadonlyArray<Pending> = []

const summaryIn = (row: SummaryRow): Result.Result<ExecutionSummary, Corrupt> =>
  Result.mapError(toSummary(row), damaged)

/** How many characters of events are decoded at a time, and how many commits. */
const sliceLength = 500_000
const sliceCommits = 2048

/** What rows are decoded into. */
interface Decoding {
  readonly commits: Array<StoredCommit>
  /** The version after which commits are asked for. */
  readonly after: number
  /** The run that the first of all commits belongs to. */
  readonly runId: RunId | undefined
  /** The version from which all must be there; commits of older runs may have been removed. */
  readonly needed: number
  readonly summary: ExecutionSummary
}

/** Adds the commits of rows, up to a version, to the ones before them. */
const decode = (
  rows: ReadonlyArray<Segment.Segment>,
  last: number,
  decoding: Decoding
): Effect.Effect<void, Corrupt | NewerFormat> =>
  Effect.suspend(() => {
    let length = 0
    let count = 0
    for (const [index, row] of rows.entries()) {
      const failure = decodeRow(row, last, decoding)
      if (failure !== undefined) return Effect.fail(failure)
      length += row.events.length
      count += row.last - row.first + 1
      if ((length < sliceLength && count < sliceCommits) || index === rows.length - 1) continue
      return Effect.andThen(Effect.yieldNow, decode(rows.slice(index + 1), last, decoding))
    }
    return Effect.void
  })

/** Adds the commits of a row; returns what is wrong with it. */
const decodeRow = (row: Segment.Segment, last: number, decoding: Decoding): Corrupt | NewerFormat | undefined => {
  const { after, commits, needed, summary } = decoding
  const { first, format } = row
  const runId = row.runId === null ? (commits.at(-1)?.runId ?? decoding.runId) : (toName(row.runId) as RunId)
  const previous = commits.at(-1)?.version
  if (previous === undefined && first > needed) return missingFrom(needed, summary)
  if (previous !== undefined && first !== previous + 1) {
    return corrupt(previous + 1, `version ${first} is in its place`)
  }
  if (runId === undefined) return corrupt(first, "the run has no beginning")
  const { ids, lines } = Segment.split(row)
  if (ids === undefined || lines.length !== row.last - first + 1 || ids.length !== lines.length) {
    return missingFrom(first, summary)
  }
  const together = Segment.parse(lines)
  for (const [index, line] of lines.entries()) {
    const version = first + index
    if (version <= after || version > last) continue
    const events = decodeEvents(line, format, together?.[index])
    if (Result.isFailure(events)) {
      return events.failure._tag === "Corrupt" ? corrupt(version, events.failure.detail) : events.failure
    }
    commits.push({ id: ids[index]!, runId, version: version as Version, events: events.success })
  }
  return undefined
}

const missingFrom = (from: number, { version }: ExecutionSummary) =>
  damaged(`of the commits from version ${from} to ${version} some are missing`)

const missing = (from: number, summary: ExecutionSummary) => Effect.fail(missingFrom(from, summary))

const corrupt = (version: number, detail: string) => damaged(`commit ${version}: ${detail}`)
