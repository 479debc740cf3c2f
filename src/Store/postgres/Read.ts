/**
 * Reads executions back: the summary alone, or with the history.
 *
 * A history is read a bounded slice at a time: between two slices the process does other work. The first slice comes with the summary,
 * in one statement, and the version of that is where the last one ends. When what was read is removed before that, the read begins again.
 */
import * as PgTypes from "@effect/sql-pg/PgTypes"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { RunId, Version } from "../../Ids.ts"
import { decodeEvents } from "../../internal/store/codec.ts"
import { damaged } from "../../internal/store/damage.ts"
import type { Corrupt, Driver, ExecutionSummary, NewerFormat, StoredCommit } from "../WorkflowStore.ts"
import type { Database } from "./Database.ts"
import { keyOf, toText } from "./key.ts"
import { type Row, summaryColumns, summaryWidth, toSummary } from "./Row.ts"

/** Reads summaries. */
export const summary = ({ run, schema }: Database): Driver["summary"] => {
  const sql = `SELECT ${summaryColumns} FROM ${schema}.executions e WHERE e.workflow_id = $1 AND ${schema}.leading_1()`
  return (workflowId) =>
    Effect.flatMap(run(sql, [PgTypes.text(keyOf(workflowId))]), ([row]) =>
      row === undefined ? Effect.succeedNone : Effect.fromResult(Result.map(summaryOf(row), Option.some))
    )
}

/** Reads executions with their histories. */
export const load = ({ run, schema }: Database): Driver["load"] => {
  const commits = (bounds: string) => `
    SELECT c.version, c.id, c.run_id, c.format, c.events FROM ${schema}.commits c
    WHERE ${bounds} ORDER BY c.version LIMIT ${sliceRows}
  `
  const noSummary = Array.from({ length: summaryWidth }, () => "NULL").join()
  const begin = `
    WITH e AS MATERIALIZED (SELECT * FROM ${schema}.executions WHERE workflow_id = $1 AND ${schema}.leading_1())
    SELECT ${summaryColumns}, e.key::text, NULL::int, NULL, NULL, NULL::int, NULL FROM e
    UNION ALL
    SELECT ${noSummary}, NULL, c.* FROM e CROSS JOIN LATERAL (
      ${commits("c.execution = e.key AND c.version > coalesce($2::int, e.first_version - 1) AND c.version <= e.version")}
    ) c
  `
  const goOn = commits("c.execution = $1::text::bigint AND c.version >= $2 AND c.version <= $3")
  /** The commits after one that was read; `undefined` when that is not there any more. */
  const findMore = (key: string, [version, id]: Row, last: Version) =>
    Effect.map(run(goOn, [PgTypes.text(key), PgTypes.int4(Number(version)), PgTypes.int4(last)]), ([same, ...rows]) =>
      same?.[1] === id ? rows : undefined
    )
  const read: Driver["load"] = Effect.fnUntraced(function* (workflowId, after) {
    // Beyond the numbers of the server there is nothing.
    const from = after === undefined ? null : Math.min(after, mostVersions)
    const [head, ...rows] = yield* run(begin, [PgTypes.text(keyOf(workflowId)), PgTypes.int4(from)])
    if (head === undefined) return Option.none()
    const summary = yield* Effect.fromResult(summaryOf(head))
    const needed = after === undefined ? summary.firstVersion : Math.max(summary.firstVersion, after + 1)
    const all: Array<StoredCommit> = []
    let slice: ReadonlyArray<Row> = rows.map((row) => row.slice(summaryWidth + 1))
    while (true) {
      yield* decode(slice, { commits: all, needed, summary })
      const last = slice.at(-1)
      if (last === undefined || Number(last[0]) >= summary.version) break
      const more = yield* findMore(String(head[summaryWidth]), last, summary.version)
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

const summaryOf = (row: Row): Result.Result<ExecutionSummary, Corrupt> => Result.mapError(toSummary(row), damaged)

/** How many commits are read at a time: a few milliseconds, and much more than the beginning of a slice costs. */
const sliceRows = 512

const mostVersions = 2 ** 31 - 1

/** How many characters of events are decoded at a time. */
const sliceLength = 1_000_000

/** What rows are decoded into. */
interface Decoding {
  readonly commits: Array<StoredCommit>
  /** The version from which all must be there; commits of older runs may have been removed. */
  readonly needed: number
  readonly summary: ExecutionSummary
}

/** Adds the commits of rows to the ones before them. */
const decode = (rows: ReadonlyArray<Row>, decoding: Decoding): Effect.Effect<void, Corrupt | NewerFormat> =>
  Effect.suspend(() => {
    const { commits, needed, summary } = decoding
    let length = 0
    for (const [index, row] of rows.entries()) {
      const [version, format, text] = [row[0] as Version, Number(row[3]), String(row[4])]
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
      commits.push({ id: toText(row[1]), runId: toText(row[2]) as RunId, version, events: events.success })
      length += text.length
      if (length < sliceLength || index === rows.length - 1) continue
      return Effect.andThen(Effect.yieldNow, decode(rows.slice(index + 1), decoding))
    }
    return Effect.void
  })

const missing = (from: number, { version }: ExecutionSummary) =>
  Effect.fail(damaged(`of the commits from version ${from} to ${version} some are missing`))

const corrupt = (version: number, detail: string) => Effect.fail(damaged(`commit ${version}: ${detail}`))
