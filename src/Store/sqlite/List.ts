/**
 * Lists and counts executions, a bounded slice of an index at a time: between two slices the process does other work.
 *
 * A slice is so many rows of the index that serves the filter, whether they match or not. The columns of the index say where
 * the slice ends, and one statement then reads the executions in it that match. Those in the log are later than their rows: they are
 * listed from memory, each in the slice in which it has its place. The first slice of a page is as long as the
 * page, since most pages are of executions that all match; the slices grow until they have `sliceRows` rows.
 */
import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite"
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
import type { Entry } from "./Entry.ts"
import type { Log } from "./Log.ts"
import * as Hidden from "./Hidden.ts"
import * as Places from "./Places.ts"
import * as Query from "./Query.ts"
import { summaryOf } from "./Read.ts"
import { summaryColumns, type SummaryRow, toCursor, toId, toSummary } from "./Row.ts"

/** Reads pages of summaries. */
export const list =
  (database: Database): Driver["list"] =>
  (filter) =>
    Effect.flatMap(Listing.startOf(filter), (after) =>
      Effect.flatMap(lead(database, filter), (leading) =>
        readPage(database, filter, Query.listing(filter, leading, after))
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
        Effect.forEach(queries, (query) => countBy(database, filter, query)),
        (counts) => counts.reduce((sum, count) => sum + count, 0)
      )
    })

// internal

/** How many rows of an index are read at a time: a few milliseconds, and much more than the beginning of a slice costs. */
const sliceRows = 2000

/** An execution of a page, read or unreadable. */
interface Listed {
  readonly workflowId: WorkflowId
  readonly place: Listing.Place
  readonly summary: Result.Result<ExecutionSummary, string>
}

const readPage = (
  database: Database,
  filter: WorkflowFilter,
  query: Query.Query
): Effect.Effect<Page, StoreErrorReason> =>
  Effect.suspend(() => {
    const size = Listing.pageSize(filter)
    const found = new Map<string, Listed>()
    const add = (listed: Listed): Page | undefined => {
      // An execution that began a new run since the last slice has a new place, and appears once.
      found.delete(listed.workflowId)
      if (found.size === size) return pageOf(found, true)
      found.set(listed.workflowId, listed)
      return undefined
    }
    const take = (slice: Slice): Page | undefined => {
      const newer = slice.newer.values()
      let next = newer.next()
      /** Adds what the log has before a place. */
      const addNewer = (place?: Places.Place): Page | undefined => {
        for (; !next.done; next = newer.next()) {
          if (place !== undefined && !isBefore(query, next.value.place, place)) return undefined
          const page = add(fromEntry(next.value))
          if (page !== undefined) return page
        }
        return undefined
      }
      for (const row of slice.rows) {
        const page = addNewer(row.slice(-2) as Places.Place) ?? add(fromRow(row))
        if (page !== undefined) return page
      }
      return addNewer()
    }
    const sql = (within: string) => `
      SELECT ${summaryColumns}, ${query.place}
      FROM ${query.from} WHERE ${within} ORDER BY ${query.order} LIMIT ${size + 1}
    `
    return Effect.map(slices(database, filter, query, sql, take, size + 1), (page) => page ?? pageOf(found, false))
  })

const isBefore = ({ isNewest }: Query.Query, a: Places.Place, b: Places.Place): boolean =>
  isNewest ? Places.compare(a, b) > 0 : Places.compare(a, b) < 0

const fromRow = (row: SummaryRow): Listed => {
  const [startedAt, id] = row.slice(-2)
  const place = { startedAt: Number(startedAt), workflowId: toCursor(id as SQLOutputValue) }
  return { workflowId: toId(id), place, summary: toSummary(row) }
}

const fromEntry = (entry: Entry): Listed => {
  const [startedAt] = entry.place
  const place = { startedAt: Number(startedAt), workflowId: toCursor(entry.column as SQLOutputValue) }
  return { workflowId: entry.workflowId, place, summary: Result.mapError(summaryOf(entry), ({ detail }) => detail) }
}

const pageOf = (found: ReadonlyMap<string, Listed>, more: boolean): Page => {
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

/** A slice of an index: the rows that match of executions that are not in the log, and the executions in the log that match. */
interface Slice {
  readonly rows: Iterable<ReadonlyArray<unknown>>
  readonly newer: ReadonlyArray<Entry>
}

/** Runs a statement slice by slice, until `take` returns a value or the slices end. */
const slices = Effect.fnUntraced(function* <A>(
  { connection, log, read }: Database,
  filter: WorkflowFilter,
  query: Query.Query,
  sql: (within: string) => string,
  take: (slice: Slice) => A | undefined,
  firstRows: number
) {
  const prepared = statementsOf(connection, query, sql)
  const matches = Listing.matching(filter)
  /** Of what is damaged cannot be told whether it matches. */
  const isListed = ({ damage, summary }: Entry): boolean =>
    damage !== undefined || summary === undefined || matches(summary)
  const newerIn = finder(log, query, isListed)
  let start = query.start
  let rows = Math.min(firstRows, sliceRows)
  let ended = false
  const slice = () => {
    const last = prepared.last().get(...query.alongParameters, ...start, ...query.end, rows - 1)
    // As an array, which the types do not know.
    const row = last as unknown as Places.Place | undefined
    const end = row ?? query.end
    const parameters = [...query.withinParameters, ...start, ...end]
    const statement = log.hidden.update() ? prepared.unhidden() : prepared.all()
    const found: Iterable<unknown> = statement.iterate(...parameters)
    const taken = take({ rows: found as Iterable<ReadonlyArray<unknown>>, newer: newerIn(start, end) })
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

/** The statements of a query, each prepared when it is first of use: where a slice ends, all its rows, and the ones that are not hidden. */
const statementsOf = (connection: DatabaseSync, query: Query.Query, sql: (within: string) => string) => {
  const prepare = (text: string) => {
    let statement: StatementSync | undefined
    return () => {
      if (statement === undefined) {
        statement = connection.prepare(text)
        statement.setReturnArrays(true)
      }
      return statement
    }
  }
  return {
    last: prepare(
      `SELECT ${query.place} FROM ${query.from} WHERE ${query.along} ORDER BY ${query.order} LIMIT 1 OFFSET ?`
    ),
    all: prepare(sql(query.within)),
    unhidden: prepare(sql(`${query.within} AND ${query.key} NOT IN (SELECT key FROM ${Hidden.table})`))
  }
}

/** Finds the executions in the log that are listed and whose places are between two, the first of them excluded, in the order of a query. */
const finder = (
  log: Log,
  { isNewest, placeOf }: Query.Query,
  isListed: (entry: Entry) => boolean
): ((start: Places.Place, end: Places.Place) => ReadonlyArray<Entry>) => {
  if (placeOf === Places.listed) return (start, end) => listedIn(log, isNewest, [start, end]).filter(isListed)
  let known = -1
  let placed: ReadonlyArray<readonly [Places.Place, Entry]> = []
  return (start, end) => {
    if (known !== log.changes) {
      placed = log.ordered.flatMap((entry) => {
        const place = isListed(entry) ? placeOf(entry) : undefined
        return place === undefined ? [] : [[place, entry] as const]
      })
      known = log.changes
    }
    const isWithin = (place: Places.Place) => Places.compare(place, start) > 0 && Places.compare(place, end) <= 0
    return placed.flatMap(([place, entry]) => (isWithin(place) ? [entry] : []))
  }
}

/** The executions in the log between two places of a listing. */
const listedIn = (
  { ordered }: Log,
  isNewest: boolean,
  [start, end]: readonly [start: Places.Place, end: Places.Place]
): ReadonlyArray<Entry> => {
  /** How many are before a place, or at it. */
  const countTo = (place: Places.Place, orAt: boolean): number => {
    let [low, high] = [0, ordered.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const order = Places.compare(ordered[middle]!.place, place)
      if (order < 0 || (orAt && order === 0)) low = middle + 1
      else high = middle
    }
    return low
  }
  return isNewest
    ? ordered.slice(countTo(end, false), countTo(start, false)).toReversed()
    : ordered.slice(countTo(start, true), countTo(end, true))
}

const countBy = (
  database: Database,
  filter: WorkflowFilter,
  query: Query.Query
): Effect.Effect<number, StoreErrorReason> =>
  Effect.suspend(() => {
    let count = 0
    const sql = (within: string) => `SELECT count(*) FROM ${query.from} WHERE ${within}`
    const take = ({ newer, rows }: Slice): undefined => {
      for (const row of rows) count += Number(row[0])
      count += newer.length
    }
    return Effect.map(slices(database, filter, query, sql, take, sliceRows), () => count)
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
