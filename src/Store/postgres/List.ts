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
import { taken } from "./key.ts"
import * as Query from "./Query.ts"
import { horizonColumns, idOf, placeOf, type Row, summaryColumns, toSummary } from "./Row.ts"

/** Reads pages of summaries. */
export const list =
  (database: Database): Driver["list"] =>
  (filter) =>
    Effect.flatMap(Listing.startOf(filter), (after) =>
      isOfNone(filter)
        ? Effect.succeed({ executions: [], next: Option.none() })
        : Effect.flatMap(lead(database, filter), (leading) => readPage(database, filter, leading, after))
    )

/** Counts executions. */
export const count =
  (database: Database): Driver["count"] =>
  (filter, atMost) =>
    isOfNone(filter)
      ? Effect.succeed(0)
      : Effect.flatMap(lead(database, filter), (leading) => {
          const parameters = new Query.Parameters()
          const sql = countOf(database.schema, filter, leading, { atMost, parameters })
          return Effect.map(database.ask(sql, parameters.all), ([row]) => Number(row![0]))
        })

// internal

/** How many rows of a lead a page looks at. */
const budget = 8000

/** How many rows are counted to find which lead has the fewest. */
const countedAtMost = 5001

const isOfNone = ({ status }: WorkflowFilter): boolean => status?.length === 0

/** Finds what leads: the owners, where only unsettled executions are asked for, or else what fewest executions have. */
const lead = Effect.fnUntraced(function* (
  database: Database,
  filter: WorkflowFilter
): Effect.fn.Return<Query.Lead, Unavailable> {
  const leads = Query.leadsOf(filter)
  if (leads.length === 0) {
    return Query.isUnsettled(filter) ? Query.byOwners(filter) : Query.all
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
  const along = lead.along(parameters, anyBranch(schema, lead, parameters))
  return `SELECT 1 FROM ${sourceOf(schema, lead)} WHERE ${along} LIMIT ${countedAtMost}`
}

const branchesOf = (schema: string, { branches }: Query.Lead, parameters: Query.Parameters): string =>
  branches === undefined ? "" : `${branches.rows(schema, parameters)} CROSS JOIN LATERAL`

/** The value of any branch, where rows are in no order. The server knows how many rows have each. */
const anyBranch = (schema: string, { branches }: Query.Lead, parameters: Query.Parameters): string =>
  branches === undefined ? "" : branches.any(schema, parameters)

const sourceOf = (schema: string, { placed }: Query.Lead): string =>
  placed ? `${schema}.attributes p` : `${schema}.executions e`

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

/** Whether a lead is looked at up to a bound, since more is asked of its executions than that they are in it. */
const isBounded = (filter: WorkflowFilter, leading: Query.Lead): boolean =>
  leading.ordered && Query.askedOf(filter, leading).length > 0

/** What makes a statement of a page. */
interface Asking {
  readonly schema: string
  readonly filter: WorkflowFilter
  readonly leading: Query.Lead
  readonly after: Option.Option<Listing.Place>
  readonly parameters: Query.Parameters
}

/** The executions of a page: from each branch as many as the page has, and of these the first. */
const pageOf = (asking: Asking): string => {
  const { filter, leading, parameters, schema } = asking
  const size = Listing.pageSize(filter) + 1
  // What a branch has is known where its value is: the server plans for how many executions have that.
  const values = leading.branches?.values
  const from =
    values === undefined
      ? `${branchesOf(schema, leading, parameters)} (${branchOf(asking, "b.value")}) AS e`
      : `(${values.map((value) => `(${branchOf(asking, parameters.add(value))})`).join(" UNION ALL ")}) AS e`
  return `SELECT e.* FROM ${from} WHERE ${schema}.leading_1() ${orderOf(filter, "e")} LIMIT ${size}`
}

const branchOf = ({ after, filter, leading, parameters, schema }: Asking, value: string): string => {
  const asked = Query.askedOf(filter, leading).map((each) => each(parameters))
  const row = leading.placed ? "p" : "e"
  const within = `${leading.along(parameters, value)} AND ${bounds(filter, after, row, parameters)}`
  const source = sourceOf(schema, leading)
  const limit = isBounded(filter, leading) ? `LIMIT ${budgetOf(leading)}` : ""
  const order = orderOf(filter, row)
  const led = leading.placed
    ? `(SELECT p.started_at, p.workflow_id FROM ${source} WHERE ${within} ${leading.ordered ? `${order} ${limit}` : ""}) AS p ${named(schema)}`
    : limit !== ""
      ? `(SELECT * FROM ${source} WHERE ${within} ${order} ${limit}) AS e`
      : leading.ordered
        ? source
        : // OFFSET keeps the server from reading all executions in their order to find these few.
          `(SELECT * FROM ${source} WHERE ${within} OFFSET 0) AS e`
  const where = !leading.placed && leading.ordered && limit === "" ? within : allOf(asked)
  return `SELECT ${summaryColumns} FROM ${led} WHERE ${where} ${orderOf(filter, "e")} LIMIT ${Listing.pageSize(filter) + 1}`
}

/** A row of an attribute costs a look at its execution too. */
const budgetOf = ({ placed, width }: Query.Lead): number =>
  Math.max(1000, Math.ceil((placed ? budget / 4 : budget) / Math.max(1, width)))

/** The place up to which all branches were looked at; none when they were to their ends. */
const horizonOf = ({ after, filter, leading, parameters, schema }: Asking): string => {
  const row = leading.placed ? "p" : "e"
  const last = (value: string) => `
    SELECT ${row}.started_at, ${row}.workflow_id FROM ${sourceOf(schema, leading)}
    WHERE ${leading.along(parameters, value)} AND ${bounds(filter, after, row, parameters)}
    ${orderOf(filter, row)} OFFSET ${budgetOf(leading) - 1} LIMIT 1
  `
  const values = leading.branches?.values
  const from =
    values === undefined
      ? `${branchesOf(schema, leading, parameters)} (${last("b.value")}) AS e`
      : `(${values.map((value) => `(${last(parameters.add(value))})`).join(" UNION ALL ")}) AS e`
  return `SELECT e.started_at, e.workflow_id FROM ${from} ${orderOf(filter, "e")} LIMIT 1`
}

/** A page and its horizon, where that is needed: one row more, which begins with true. */
const boundedPageOf = (asking: Asking): string => {
  const size = Listing.pageSize(asking.filter)
  const page = pageOf(asking)
  // A branch that was not read to its end may have executions before those of another one.
  const needed = asking.leading.branches === undefined ? `(SELECT count(*) FROM page) <= ${size}` : "true"
  return `
    WITH page AS MATERIALIZED (${page})
    SELECT false, page.* FROM page
    UNION ALL
    SELECT true, ${horizonColumns} FROM (${horizonOf(asking)}) AS h WHERE ${needed}
  `
}

const readPage = Effect.fnUntraced(function* (
  { ask, schema }: Database,
  filter: WorkflowFilter,
  leading: Query.Lead,
  after: Option.Option<Listing.Place>
): Effect.fn.Return<Page, StoreErrorReason> {
  const parameters = new Query.Parameters()
  const asking: Asking = { after, filter, leading, parameters, schema }
  const size = Listing.pageSize(filter)
  const { found, last } = isBounded(filter, leading)
    ? apart(yield* ask(boundedPageOf(asking), parameters.all))
    : { found: yield* ask(pageOf(asking), parameters.all), last: Option.none() }
  const rows = Option.match(last, {
    onNone: () => found,
    onSome: (last) => found.filter((row) => comparison(filter)(placeOf(row), last) <= 0)
  })
  if (rows.length > size) return pageFrom(rows.slice(0, size), Option.some(placeOf(rows[size - 1]!)))
  return pageFrom(rows, last)
})

/** The rows of a bounded page, and the place of its horizon. */
const apart = (rows: ReadonlyArray<Row>) => ({
  found: rows.flatMap(([isHorizon, ...row]) => (isHorizon === true ? [] : [row])),
  last: Option.map(
    Option.fromUndefinedOr(rows.find(([isHorizon]) => isHorizon === true)),
    ([, ...row]): Listing.Place => placeOf(row)
  )
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
  const along = leading.along(parameters, anyBranch(schema, leading, parameters))
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
