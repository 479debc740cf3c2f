/**
 * Lists and counts executions, a bounded slice of an index at a time: between two slices the process does other work.
 *
 * A slice is so many rows of the index that serves the filter, whether they match or not. The columns of the index say where
 * the slice ends, and one statement then reads the executions in it that match. The first slice of a page is as long as the
 * page, since most pages are of executions that all match; the slices grow until they have `sliceRows` rows.
 */
import type { SQLOutputValue } from "node:sqlite"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Listing from "../../internal/store/listing.ts"
import type { WorkflowId } from "../../Ids.ts"
import type {
  Driver,
  ExecutionSummary,
  Page,
  StoreErrorReason,
  UnreadableExecution,
  WorkflowFilter
} from "../WorkflowStore.ts"
import type { Database } from "./Database.ts"
import * as Query from "./Query.ts"
import { summaryColumns, type SummaryRow, toCursor, toId, toSummary } from "./Row.ts"

/** Reads pages of summaries. */
export const list =
  (database: Database): Driver["list"] =>
  (filter) =>
    Effect.flatMap(Listing.startOf(filter), (after) =>
      Effect.flatMap(lead(database, filter), (leading) =>
        readPage(database, Query.listing(filter, leading, after), Listing.pageSize(filter))
      )
    )

/** Counts executions. */
export const count =
  (database: Database): Driver["count"] =>
  (filter) =>
    Effect.flatMap(lead(database, filter), (leading) => {
      const { common, others } = leading
      const queries =
        common === undefined
          ? [Query.listing(filter, leading, Option.none())]
          : Query.counting(
              filter,
              common,
              others.filter((key) => key !== common)
            )
      return Effect.map(
        Effect.forEach(queries, (query) => countBy(database, query)),
        (counts) => counts.reduce((sum, count) => sum + count, 0)
      )
    })

// internal

/** How many rows of an index are read at a time: a few milliseconds, and much more than the beginning of a slice costs. */
const sliceRows = 2000

/** An execution of a page, read or unreadable. */
interface Entry {
  readonly workflowId: WorkflowId
  readonly place: Listing.Place
  readonly summary: Result.Result<ExecutionSummary, string>
}

const readPage = (database: Database, query: Query.Query, size: number): Effect.Effect<Page, StoreErrorReason> =>
  Effect.suspend(() => {
    const found = new Map<string, Entry>()
    const sql = `
      SELECT ${summaryColumns}, ${query.place}
      FROM ${query.from} WHERE ${query.within} ORDER BY ${query.order} LIMIT ${size + 1}
    `
    const take = (rows: Iterable<SummaryRow>): Page | undefined => {
      for (const row of rows) {
        const [startedAt, id] = row.slice(-2)
        const workflowId = toId(id)
        // An execution that began a new run since the last slice has a new place, and appears once.
        found.delete(workflowId)
        if (found.size === size) return pageOf(found, true)
        const place = { startedAt: Number(startedAt), workflowId: toCursor(id as SQLOutputValue) }
        found.set(workflowId, { workflowId, place, summary: toSummary(row) })
      }
      return undefined
    }
    return Effect.map(slices(database, query, sql, take, size + 1), (page) => page ?? pageOf(found, false))
  })

const pageOf = (found: ReadonlyMap<string, Entry>, more: boolean): Page => {
  const entries = Array.from(found.values())
  const executions: Array<ExecutionSummary> = []
  const unreadable: Array<UnreadableExecution> = []
  for (const { summary, workflowId } of entries) {
    if (Result.isSuccess(summary)) executions.push(summary.success)
    else unreadable.push({ workflowId, detail: summary.failure })
  }
  const next = more ? Option.some(Listing.encodeCursor(entries.at(-1)!.place)) : Option.none()
  return unreadable.length === 0 ? { executions, next } : { executions, next, unreadable }
}

/** Runs a statement slice by slice, until `take` returns a value or the slices end. */
const slices = Effect.fnUntraced(function* <A>(
  { connection, read }: Database,
  query: Query.Query,
  sql: string,
  take: (rows: Iterable<ReadonlyArray<unknown>>) => A | undefined,
  firstRows: number
) {
  const prepare = () => {
    const statement = connection.prepare(sql)
    statement.setReturnArrays(true)
    const last = connection.prepare(`
      SELECT ${query.place} FROM ${query.from} WHERE ${query.along} ORDER BY ${query.order} LIMIT 1 OFFSET ?
    `)
    last.setReturnArrays(true)
    return { last, statement }
  }
  let statements: ReturnType<typeof prepare> | undefined
  let start = query.start
  let rows = Math.min(firstRows, sliceRows)
  let ended = false
  const slice = () => {
    statements ??= prepare()
    // As an array, which the types do not know.
    const row = statements.last.get(...query.alongParameters, ...start, ...query.end, rows - 1) as unknown as
      | Query.Place
      | undefined
    const end = row ?? query.end
    const found: Iterable<unknown> = statements.statement.iterate(...query.withinParameters, ...start, ...end)
    const taken = take(found as Iterable<ReadonlyArray<unknown>>)
    start = end
    rows = Math.min(rows * 4, sliceRows)
    ended = row === undefined
    return taken
  }
  while (true) {
    const taken = yield* read(slice)
    if (taken !== undefined || ended) return taken
    yield* Effect.yieldNow
  }
})

const countBy = (database: Database, query: Query.Query): Effect.Effect<number, StoreErrorReason> =>
  Effect.suspend(() => {
    let count = 0
    const sql = `SELECT count(*) FROM ${query.from} WHERE ${query.within}`
    const take = (rows: Iterable<ReadonlyArray<unknown>>): undefined => {
      for (const row of rows) count += Number(row[0])
    }
    return Effect.map(slices(database, query, sql, take, sliceRows), () => count)
  })

/** How the keys of a filter are used. */
interface Leading {
  /** The one along whose index executions are read. */
  readonly first: Query.Key | undefined
  /** The ones that are asked of each execution. */
  readonly others: ReadonlyArray<Query.Key>
  /** The one of these that could lead a count. */
  readonly common: Query.Unordered | undefined
}

/** Lets the rarest key lead. All that are common count alike: one in listing order leads then, or else none. */
const lead = ({ connection, read }: Database, filter: WorkflowFilter): Effect.Effect<Leading, StoreErrorReason> => {
  const keys = Query.keysOf(filter)
  if (keys.length === 0 || (keys.length === 1 && !Query.isUnordered(keys[0]!))) {
    return Effect.succeed({ first: keys[0], others: [], common: undefined })
  }
  return read(() => {
    const [rarest, ...more] = keys
      .map((key) => {
        const [sql, ...values] = Query.countOf(key, sliceRows)
        return { key, count: Number(connection.prepare(sql).get(...values)!["count"]) }
      })
      .sort((a, b) => a.count - b.count)
    const { count, key: first } = rarest!
    const others = more.map(({ key }) => key)
    return count === sliceRows && Query.isUnordered(first)
      ? { first: undefined, others: [first, ...others], common: first }
      : { first, others, common: undefined }
  })
}
