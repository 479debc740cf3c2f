/**
 * Lists and counts executions, a bounded slice of an index at a time: between two slices the process does other work.
 *
 * A slice is so many rows of the index that serves the filter, whether they match or not. The columns of the index say where
 * the slice ends, and one statement then reads the executions in it that match. The first slice of a page is as long as the
 * page, since most pages are of executions that all match; the slices grow until they have `sliceRows` rows.
 */
import type { SQLInputValue, SQLOutputValue } from "node:sqlite"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Listing from "../../internal/store/listing.ts"
import type { WorkflowId } from "../../Ids.ts"
import { isFinal } from "../../WorkflowState.ts"
import type {
  Driver,
  ExecutionSummary,
  Page,
  StoreErrorReason,
  UnreadableExecution,
  WorkflowFilter
} from "../WorkflowStore.ts"
import * as Attributes from "./Attributes.ts"
import type { Database } from "./Database.ts"
import { unsettled } from "./Migrations.ts"
import {
  fromAncestor,
  fromCursor,
  fromId,
  fromName,
  summaryColumns,
  type SummaryRow,
  toCursor,
  toId,
  toSummary
} from "./Row.ts"

/** Reads pages of summaries. */
export const list =
  (database: Database): Driver["list"] =>
  (filter) =>
    Effect.flatMap(Listing.startOf(filter), (after) =>
      Effect.flatMap(rarestFirst(database, filter), (keys) =>
        readPage(database, makeQuery(filter, keys, after), Listing.pageSize(filter))
      )
    )

/** Counts executions. */
export const count =
  (database: Database): Driver["count"] =>
  (filter) =>
    Effect.flatMap(rarestFirst(database, filter), (keys) => {
      const query = makeQuery(filter, keys, Option.none())
      let count = 0
      const sql = `SELECT count(*) FROM ${query.from} WHERE ${query.within}`
      const take = (rows: Iterable<ReadonlyArray<unknown>>): undefined => {
        for (const row of rows) count += Number(row[0])
      }
      return Effect.map(slices(database, query, sql, take, sliceRows), () => count)
    })

// internal

/** How many rows of an index are read at a time: a few milliseconds, and much more than the beginning of a slice costs. */
const sliceRows = 2000

/** A place in an index. The id is the column; the number 0 sorts before every id. */
type Place = readonly [startedAt: number, id: SQLInputValue]

/** After all executions, those with a damaged time too. */
const end: Place = [Infinity, Buffer.alloc(8192, 0xff)]

/** A filter as SQL. `within` also needs the places where a slice begins and ends, as its last parameters. */
interface Query {
  readonly from: string
  /** The conditions of the index alone, for finding the end of a slice. */
  readonly along: string
  readonly alongParameters: ReadonlyArray<SQLInputValue>
  readonly within: string
  readonly withinParameters: ReadonlyArray<SQLInputValue>
  readonly order: string
  readonly place: string
  readonly start: Place
  readonly end: Place
}

/** An execution of a page, read or unreadable. */
interface Entry {
  readonly workflowId: WorkflowId
  readonly place: Listing.Place
  readonly summary: Result.Result<ExecutionSummary, string>
}

const readPage = (database: Database, query: Query, size: number): Effect.Effect<Page, StoreErrorReason> =>
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
  query: Query,
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
    return { last, statement }
  }
  let statements: ReturnType<typeof prepare> | undefined
  let start = query.start
  let rows = Math.min(firstRows, sliceRows)
  let ended = false
  const slice = () => {
    statements ??= prepare()
    const row = statements.last.get(...query.alongParameters, ...start, ...query.end, rows - 1)
    const end: Place = row === undefined ? query.end : [Number(row["started_at"]), row["workflow_id"]!]
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

/** The keys of a filter, the rarest first. All that are common count alike. */
const rarestFirst = (
  { connection, read }: Database,
  filter: WorkflowFilter
): Effect.Effect<ReadonlyArray<Key>, StoreErrorReason> => {
  const keys = keysOf(filter)
  if (keys.length < 2) return Effect.succeed(keys)
  return read(() =>
    keys
      .map((key) => {
        const { from, index } = scopeOfKey(key)
        const [condition, ...values] = index[0]!
        const few = `SELECT count(*) AS count FROM (SELECT 1 FROM ${from} WHERE ${condition} LIMIT ${sliceRows})`
        return { key, count: Number(connection.prepare(few).get(...values)!["count"]) }
      })
      .sort((a, b) => a.count - b.count)
      .map(({ key }) => key)
  )
}

/** The SQL of a filter, and the places between which its executions are. */
const makeQuery = (
  filter: WorkflowFilter,
  [first, ...others]: ReadonlyArray<Key>,
  after: Option.Option<Listing.Place>
): Query => {
  const { from, index, placed } = first === undefined ? scopeOf(filter) : scopeOfKey(first)
  const [past, upTo, direction] = filter.order === "newest" ? ["<", ">=", " DESC"] : [">", "<=", ""]
  const [startedAt, workflowId] = [`${placed}.started_at`, `${placed}.workflow_id`]
  const range = `(${startedAt}, ${workflowId}) ${past} (?, ?) AND (${startedAt}, ${workflowId}) ${upTo} (?, ?)`
  const sql = (conditions: ReadonlyArray<Condition>) => ({
    text: [...conditions.map(([condition]) => condition), range].join(" AND "),
    parameters: conditions.flatMap(([, ...values]) => values)
  })
  const along = sql(index)
  const within = sql([...index, ...others.map((key) => has(key, placed)), ...conditionsOf(filter)])
  return {
    from,
    along: along.text,
    alongParameters: along.parameters,
    within: within.text,
    withinParameters: within.parameters,
    order: `${startedAt}${direction}, ${workflowId}${direction}`,
    place: `${startedAt} AS started_at, ${workflowId} AS workflow_id`,
    ...boundsOf(filter, after)
  }
}

/** A condition of SQL and its parameters. */
type Condition = readonly [condition: string, ...values: ReadonlyArray<SQLInputValue>]

/** The index along which executions are read, with the conditions without which SQLite would not use it. */
interface Scope {
  readonly from: string
  /** The table whose columns are the places. */
  readonly placed: string
  readonly index: ReadonlyArray<Condition>
}

/** A condition of a filter that an index serves. */
type Key =
  | { readonly of: "attribute"; readonly value: string }
  | { readonly of: "parent" | "root"; readonly value: SQLInputValue }

const keysOf = ({ attributes = {}, parent, root }: WorkflowFilter): ReadonlyArray<Key> => [
  ...Object.entries(attributes).map(([name, value]) => {
    return { of: "attribute", value: Attributes.fromAttribute(name, value) } as const
  }),
  ...(parent === undefined ? [] : [{ of: "parent", value: fromId(Listing.ancestorOf(parent).workflowId) } as const]),
  ...(root === undefined ? [] : [{ of: "root", value: fromId(Listing.ancestorOf(root).workflowId) } as const])
]

const scopeOfKey = (key: Key): Scope =>
  key.of === "attribute"
    ? {
        from: "attributes AS placed CROSS JOIN executions ON executions.key = placed.execution",
        placed: "placed",
        index: [["placed.attribute = ?", key.value]]
      }
    : { from: `executions INDEXED BY executions_${key.of}`, placed: "executions", index: [has(key, "executions")] }

/** A key as a condition along the index of another one. */
const has = ({ of, value }: Key, placed: string): Condition =>
  of === "attribute"
    ? [
        `EXISTS (
          SELECT 1 FROM attributes
          WHERE attribute = ? AND started_at = ${placed}.started_at AND workflow_id = ${placed}.workflow_id
        )`,
        value
      ]
    : [`executions.${of}_id = ?`, value]

const scopeOf = (filter: WorkflowFilter): Scope => {
  const isOpen = filter.status !== undefined && filter.status.length > 0 && !filter.status.some(isFinal)
  return isOpen || filter.unsettled === true || filter.wakeBefore !== undefined
    ? { from: "executions INDEXED BY executions_unsettled", placed: "executions", index: [[unsettled]] }
    : { from: "executions INDEXED BY executions_started", placed: "executions", index: [] }
}

/** The conditions of a filter that no index serves. */
const conditionsOf = (filter: WorkflowFilter): ReadonlyArray<Condition> => {
  const { closedBefore, ownerNotIn, status, wakeBefore, workflow, workflowVersion } = filter
  const conditions: Array<Condition> = []
  if (filter.unsettled === true) conditions.push([unsettled])
  if (status !== undefined && status.length > 0) {
    const wanted = new Set(status)
    conditions.push([`status IN (${Array.from(wanted, () => "?").join()})`, ...wanted])
  }
  if (workflow !== undefined) conditions.push(["workflow = ?", fromName(workflow)])
  if (workflowVersion !== undefined) conditions.push(["workflow_version = ?", fromName(workflowVersion)])
  if (ownerNotIn !== undefined) {
    // As one parameter, since a statement has at most 32,766. In hexadecimal, since the JSON of SQLite ends texts at a NUL.
    const owners = JSON.stringify(ownerNotIn.map((owner) => Buffer.from(fromName(owner)).toString("hex").toUpperCase()))
    conditions.push(["(owner IS NULL OR hex(owner) NOT IN (SELECT value FROM json_each(?)))", owners])
  }
  for (const name of ["parent", "root"] as const) {
    const { runId, workflowId } = Listing.ancestorOf(filter[name] ?? "")
    if (runId !== undefined) conditions.push([`executions.${name} = ?`, fromAncestor({ workflowId, chain: runId })])
  }
  if (closedBefore !== undefined) conditions.push(["closed_at < ?", closedBefore])
  if (wakeBefore !== undefined) conditions.push(["wake_at < ?", wakeBefore])
  return conditions
}

/** Where reading begins, exclusively, and ends. */
const boundsOf = (
  { order, startedBefore, startedFrom = -Infinity, status }: WorkflowFilter,
  after: Option.Option<Listing.Place>
): Pick<Query, "start" | "end"> => {
  const cursor = Option.getOrUndefined(after)
  const place: Place | undefined = cursor && [cursor.startedAt, fromCursor(cursor.workflowId)]
  const from: Place = [startedFrom, 0]
  const before: Place = startedBefore === undefined ? end : [startedBefore, 0]
  // No execution has none of the statuses, and SQLite finds no way to use an index for an empty list.
  if (status?.length === 0) return { start: from, end: from }
  if (order === "newest") {
    const isWithin = place !== undefined && (startedBefore === undefined || place[0] < startedBefore)
    return { start: isWithin ? place : before, end: from }
  }
  return { start: place !== undefined && place[0] >= startedFrom ? place : from, end: before }
}
