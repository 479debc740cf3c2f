/**
 * Reads executions back: the summary alone, or with the history.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { RunId, Version, WorkflowId } from "../../Ids.ts"
import { decodeEvents } from "../../internal/store/codec.ts"
import { Corrupt, type Driver, type NewerFormat, type StoredCommit } from "../WorkflowStore.ts"
import type { Database } from "./Database.ts"
import { fromId, summaryColumns, type SummaryRow, toName, toSummary } from "./Row.ts"

/** Reads summaries. */
export const summary = (database: Database): Driver["summary"] => {
  const execution = database.connection.prepare(`SELECT ${summaryColumns} FROM executions WHERE workflow_id = ?`)
  execution.setReturnArrays(true)
  return (workflowId) =>
    Effect.flatMap(
      database.read(() => execution.get(fromId(workflowId)) as SummaryRow | undefined),
      (row) => (row === undefined ? Effect.succeedNone : Effect.fromResult(Result.map(toSummary(row), Option.some)))
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
    SELECT version, id, run_id, format, events FROM commits
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
    return Result.map(toSummary(found), (summary) => {
      const { firstVersion, version } = summary
      const key = found.at(-1) as number
      const rows = rowsOf(key, after ?? firstVersion - 1, version)
      const isCurrent = after === undefined || after >= firstVersion - 1
      const begun = isCurrent ? undefined : runOf.get(key, after)
      const runId = isCurrent ? summary.runId : begun && (toName(begun["run_id"]) as RunId)
      return Option.some({ key, summary, rows, runId })
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
    const { key, rows, runId, summary } = found.value
    const all: Array<StoredCommit> = []
    let slice = rows
    while (true) {
      yield* decode(slice, runId, all)
      const last = slice.at(-1)
      if (last === undefined || last[0] >= summary.version) break
      yield* Effect.yieldNow
      const more = yield* database.read(() => findMore(key, last, summary.version))
      if (more === undefined) return yield* read(workflowId, after)
      slice = more
    }
    return Option.some({ summary, commits: all })
  })
  return read
}

// internal

/** A commit; the oldest one of a run has the id of the run. */
type CommitRow = readonly [version: Version, id: string, begun: string | null, format: number, events: string]

/** How many commits are read at a time: a few milliseconds, and much more than the beginning of a slice costs. */
const sliceRows = 2048

/** How many characters of events are decoded at a time. */
const sliceLength = 1_000_000

/** Adds the commits of rows to those before them; the first of all belongs to a run. */
const decode = (
  rows: ReadonlyArray<CommitRow>,
  firstRunId: RunId | undefined,
  commits: Array<StoredCommit>
): Effect.Effect<void, Corrupt | NewerFormat> =>
  Effect.suspend(() => {
    let runId = commits.at(-1)?.runId ?? firstRunId
    let length = 0
    for (const [index, [version, id, begun, format, text]] of rows.entries()) {
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
      return Effect.andThen(Effect.yieldNow, decode(rows.slice(index + 1), runId, commits))
    }
    return Effect.void
  })

const corrupt = (version: Version, detail: string) =>
  Effect.fail(new Corrupt({ detail: `commit ${version}: ${detail}` }))
