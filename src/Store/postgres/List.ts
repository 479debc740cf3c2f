/**
 * Lists and counts executions.
 *
 * A page is one statement, two where the lead must be chosen. Where more is asked of executions than what leads, it looks at so many
 * rows of the lead and no more: a page may be short then, and empty, and the next one goes on from there.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Listing from "../../internal/store/listing.ts"
import type {
  Driver,
  ExecutionSummary,
  Page,
  StoreErrorReason,
  Unavailable,
  UnreadableExecution,
  WorkflowFilter
} from "../WorkflowStore.ts"
import type { Database } from "./Database.ts"
import { keyOf, taken } from "./key.ts"
import * as Query from "./Query.ts"
import { idOf, placeOf, type Row, summaryColumns, toSummary } from "./Row.ts"

/** Reads pages of summaries. */
export const list =
  (database: Database): Driver["list"] =>
  (filter) =>
    Effect.flatMap(Listing.startOf(filter), (after) =>
      isOfNone(filter)
        ? Effect.succeed({ executions: [], next: Option.none() })
        : Effect.flatMap(lead(database, filter), (leading) =>
            leading.width === 0
              ? Effect.succeed({ executions: [], next: Option.none() })
              : readPage(database, filter, leading, after)
          )
    )

/** Counts executions. */
export const count =
  (database: Database): Driver["count"] =>
  (filter, atMost) =>
    isOfNone(filter)
      ? Effect.succeed(0)
      : Effect.flatMap(lead(database, filter), (leading) => {
          if (leading.width === 0) return Effect.succeed(0)
          const parameters = new Query.Parameters()
          const sql = countOf(database.schema, filter, leading, { atMost, parameters })
          return Effect.map(database.ask(sql, parameters.all), ([row]) => Number(row![0]))
        })

// internal

/** How many rows of a lead a page looks at. */
const budget = 20_000

/** How many rows are counted to find which lead has the fewest. */
const countedAtMost = 5001

/** How many owners of unsettled executions are read one by one. */
const mostOwners = 1000

const isOfNone = ({ status }: WorkflowFilter): boolean => status?.length === 0

/** Finds what leads: the owners, where only unsettled executions are asked for, or else what fewest executions have. */
const lead = Effect.fnUntraced(function* (
  database: Database,
  filter: WorkflowFilter
): Effect.fn.Return<Query.Lead, Unavailable> {
  const leads = Query.leadsOf(filter)
  if (leads.length === 0) {
    return Query.isUnsettled(filter) ? Query.byOwners(yield* ownersOf(database, filter)) : Query.all
  }
  if (leads.length === 1 && leads[0]!.ordered) return leads[0]!
  const parameters = new Query.Parameters()
  const counts = leads.map((each) => `(SELECT count(*)::int FROM (${first(database.schema, each, parameters)}) AS c)`)
  const [row] = yield* database.ask(`SELECT ${counts.join()}`, parameters.all)
  const found = leads.map((each, index) => ({ each, count: Number(row![index]) }))
  const [rarest] = found.toSorted((a, b) => a.count - b.count)
  // What many have cannot be sorted: then something in listing order leads.
  if (rarest!.count < countedAtMost) return rarest!.each
  return leads.find(({ ordered }) => ordered) ?? Query.all
})

const first = (schema: string, lead: Query.Lead, parameters: Query.Parameters): string => {
  const along = lead.along(parameters, anyBranch(lead, parameters))
  return `SELECT 1 FROM ${sourceOf(schema, lead)} WHERE ${along} LIMIT ${countedAtMost}`
}

const branchesOf = ({ branches }: Query.Lead, parameters: Query.Parameters): string =>
  branches === undefined ? "" : `unnest(${parameters.add(branches)}) AS b(value) CROSS JOIN`

/** The value of any branch, where rows are in no order. The server knows how many rows have each. */
const anyBranch = ({ branches }: Query.Lead, parameters: Query.Parameters): string =>
  branches === undefined ? "" : `ANY (${parameters.add(branches)})`

const sourceOf = (schema: string, { placed }: Query.Lead): string =>
  placed ? `${schema}.attributes p` : `${schema}.executions e`

/** The owners of unsettled executions, but for the ones that are left out: each is one step along the index. */
const ownersOf = Effect.fnUntraced(function* (
  { ask, schema }: Database,
  { ownerNotIn = [] }: WorkflowFilter
): Effect.fn.Return<ReadonlyArray<string>, Unavailable> {
  const next = (above: string) =>
    `(SELECT e.owner FROM ${schema}.executions e WHERE e.unsettled ${above} ORDER BY e.owner LIMIT 1)`
  const sql = `
    WITH RECURSIVE o(owner) AS (
      ${next("")} UNION ALL SELECT ${next("AND e.owner > o.owner")} FROM o WHERE o.owner IS NOT NULL
    )
    SELECT o.owner FROM o WHERE o.owner IS NOT NULL AND ${schema}.leading_1() LIMIT ${mostOwners}
  `
  const leftOut = new Set(ownerNotIn.map(keyOf))
  return (yield* ask(sql, [])).map(([owner]) => String(owner)).filter((owner) => !leftOut.has(owner))
})

/** Between which places executions are, and in which order. */
const bounds = (
  filter: WorkflowFilter,
  after: Option.Option<Listing.Place>,
  row: string,
  parameters: Query.Parameters
): string => {
  const { order, startedBefore, startedFrom } = filter
  const conditions: Array<string> = []
  if (startedFrom !== undefined) conditions.push(`${row}.started_at >= ${parameters.number(startedFrom)}`)
  if (startedBefore !== undefined) conditions.push(`${row}.started_at < ${parameters.number(startedBefore)}`)
  if (Option.isSome(after)) {
    const { startedAt, workflowId } = after.value
    const place = `(${parameters.number(startedAt)}, ${parameters.text(taken(workflowId))})`
    conditions.push(`(${row}.started_at, ${row}.workflow_id) ${order === "newest" ? "<" : ">"} ${place}`)
  }
  return conditions.length === 0 ? "true" : conditions.join(" AND ")
}

const orderOf = ({ order }: WorkflowFilter, row: string): string => {
  const direction = order === "newest" ? " DESC" : ""
  return `ORDER BY ${row}.started_at${direction}, ${row}.workflow_id${direction}`
}

const allOf = (conditions: ReadonlyArray<string>): string =>
  conditions.length === 0 ? "true" : conditions.join(" AND ")

/** An execution that an attribute names. A row of a place that it has left is of another transaction. */
const named = (schema: string): string =>
  `JOIN ${schema}.executions e ON e.workflow_id = p.workflow_id AND e.started_at = p.started_at`

/** The statement of a page: from each branch as many executions as the page has, and of these the first. */
const pageOf = (
  { schema }: Database,
  filter: WorkflowFilter,
  leading: Query.Lead,
  after: Option.Option<Listing.Place>,
  parameters: Query.Parameters
): string => {
  const size = Listing.pageSize(filter) + 1
  const branches = branchesOf(leading, parameters)
  const asked = Query.askedOf(filter, leading).map((each) => each(parameters))
  const along = leading.along(parameters, "b.value")
  const row = leading.placed ? "p" : "e"
  const within = `${along} AND ${bounds(filter, after, row, parameters)}`
  const source = sourceOf(schema, leading)
  const limit = asked.length > 0 && leading.ordered ? `LIMIT ${budgetOf(leading)}` : ""
  const order = orderOf(filter, row)
  const led = leading.placed
    ? `(SELECT p.started_at, p.workflow_id FROM ${source} WHERE ${within} ${leading.ordered ? `${order} ${limit}` : ""}) AS p ${named(schema)}`
    : limit === ""
      ? `${source}`
      : `(SELECT * FROM ${source} WHERE ${within} ${order} ${limit}) AS e`
  const where = leading.placed || limit !== "" ? allOf(asked) : within
  const one = `SELECT ${summaryColumns} FROM ${led} WHERE ${where} ${orderOf(filter, "e")} LIMIT ${size}`
  return `
    SELECT * FROM ${branches === "" ? "" : `${branches} LATERAL`} (${one}) AS e
    WHERE ${schema}.leading_1() ${orderOf(filter, "e")} LIMIT ${size}
  `
}

const budgetOf = ({ width }: Query.Lead): number => Math.max(1000, Math.ceil(budget / Math.max(1, width)))

/** The place up to which all branches were looked at; none when they were to their ends. */
const horizon = (
  database: Database,
  filter: WorkflowFilter,
  leading: Query.Lead,
  after: Option.Option<Listing.Place>
): Effect.Effect<Option.Option<Listing.Place>, Unavailable> => {
  const parameters = new Query.Parameters()
  const branches = branchesOf(leading, parameters)
  const row = leading.placed ? "p" : "e"
  const within = `${leading.along(parameters, "b.value")} AND ${bounds(filter, after, row, parameters)}`
  const last = `
    SELECT ${row}.started_at, ${row}.workflow_id FROM ${sourceOf(database.schema, leading)}
    WHERE ${within} ${orderOf(filter, row)} OFFSET ${budgetOf(leading) - 1} LIMIT 1
  `
  const sql = `
    SELECT e.started_at, e.workflow_id FROM ${branches === "" ? "" : `${branches} LATERAL`} (${last}) AS e
    ${orderOf(filter, "e")} LIMIT 1
  `
  return Effect.map(database.ask(sql, parameters.all), ([place]) =>
    place === undefined ? Option.none() : Option.some({ startedAt: Number(place[0]), workflowId: String(place[1]) })
  )
}

const readPage = Effect.fnUntraced(function* (
  database: Database,
  filter: WorkflowFilter,
  leading: Query.Lead,
  after: Option.Option<Listing.Place>
): Effect.fn.Return<Page, StoreErrorReason> {
  const parameters = new Query.Parameters()
  const sql = pageOf(database, filter, leading, after, parameters)
  const found = (yield* database.ask(sql, parameters.all)).map((row) =>
    leading.branches === undefined ? row : row.slice(1)
  )
  const size = Listing.pageSize(filter)
  const isBounded = leading.ordered && Query.askedOf(filter, leading).length > 0
  // A branch that was not read to its end may have executions before those of another one.
  const seen =
    isBounded && (found.length <= size || leading.branches !== undefined)
      ? yield* horizon(database, filter, leading, after)
      : Option.none()
  const rows = Option.match(seen, {
    onNone: () => found,
    onSome: (last) => found.filter((row) => comparison(filter)(placeOf(row), last) <= 0)
  })
  if (rows.length > size) return pageFrom(rows.slice(0, size), Option.some(placeOf(rows[size - 1]!)))
  return pageFrom(rows, seen)
})

/** In the order of the server, which has the ids as UTF-8. */
const comparison =
  ({ order }: WorkflowFilter) =>
  (a: Listing.Place, b: Listing.Place): number => {
    const compared = a.startedAt - b.startedAt || Buffer.compare(Buffer.from(a.workflowId), Buffer.from(b.workflowId))
    return order === "newest" ? -compared : compared
  }

const pageFrom = (rows: ReadonlyArray<Row>, last: Option.Option<Listing.Place>): Page => {
  const executions: Array<ExecutionSummary> = []
  const unreadable: Array<UnreadableExecution> = []
  for (const row of rows) {
    const summary = toSummary(row)
    if (Result.isSuccess(summary)) executions.push(summary.success)
    else unreadable.push({ workflowId: idOf(row), detail: summary.failure })
  }
  const next = Option.map(last, Listing.encodeCursor)
  return unreadable.length === 0 ? { executions, next } : { executions, next, unreadable }
}

/** The statement that counts. Where the rows of an attribute tell all that is asked, it reads nothing else. */
const countOf = (
  schema: string,
  filter: WorkflowFilter,
  leading: Query.Lead,
  { atMost, parameters }: { readonly atMost: number; readonly parameters: Query.Parameters }
): string => {
  const asked = Query.askedOf(filter, leading).map((each) => each(parameters))
  const row = leading.placed ? "p" : "e"
  const along = leading.along(parameters, anyBranch(leading, parameters))
  const within = `${along} AND ${bounds(filter, Option.none(), row, parameters)}`
  const limit = Number.isFinite(atMost) ? `LIMIT ${atMost}` : ""
  const others = leading.placed && asked.length > 0 ? named(schema) : ""
  return `
    SELECT count(*)::text FROM (
      SELECT 1 FROM ${sourceOf(schema, leading)} ${others}
      WHERE ${allOf([within, ...asked])} AND ${schema}.leading_1() ${limit}
    ) AS found
  `
}
