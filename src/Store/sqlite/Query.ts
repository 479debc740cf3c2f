/**
 * Filters as SQL: along which index executions are read, between which places, and what is asked of each.
 *
 * Some conditions have an index of their own, the *keys*. An ancestor and the value of an attribute are found in listing order. Several
 * values and ranges of values are not: they lead a listing where few have them, since those can be sorted, and are asked of each
 * execution otherwise. A count needs no order, so they lead it in any case.
 */
import type { SQLInputValue } from "node:sqlite"
import * as Option from "effect/Option"
import { type Bound, type Condition as Asked, conditionsOf as conditionsOn } from "../../internal/store/conditions.ts"
import * as Listing from "../../internal/store/listing.ts"
import type { Attribute } from "../../HistoryEvent.ts"
import { isFinal } from "../../WorkflowState.ts"
import type { WorkflowFilter } from "../WorkflowStore.ts"
import * as Attributes from "./Attributes.ts"
import { unsettled } from "./Migrations.ts"
import { type Listed, listed, type Place } from "./Places.ts"
import { fromAncestor, fromCursor, fromId, fromName } from "./Row.ts"

/** A filter as SQL. `within` also needs the places where a slice begins and ends, as its last parameters. */
export interface Query {
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
  readonly isNewest: boolean
  /** The column of the keys of executions. */
  readonly key: string
  /** The place of an execution that is in memory; none when the index does not have it. */
  readonly placeOf: (execution: Listed) => Place | undefined
}

/** A condition of a filter that an index serves. */
export type Key =
  | { readonly of: "attribute"; readonly asked: Asked }
  | { readonly of: "parent" | "root"; readonly value: SQLInputValue }

/** A key whose executions are not in listing order. */
export interface Unordered {
  readonly of: "attribute"
  readonly asked: Exclude<Asked, { readonly _tag: "Equals" }>
}

/** The keys of a filter, those in listing order first. */
export const keysOf = (filter: WorkflowFilter): ReadonlyArray<Key> => {
  const { parent, root } = filter
  const keys: ReadonlyArray<Key> = [
    ...conditionsOn(filter).map((asked) => ({ of: "attribute", asked }) as const),
    ...(parent === undefined ? [] : [{ of: "parent", value: fromId(Listing.ancestorOf(parent).workflowId) } as const]),
    ...(root === undefined ? [] : [{ of: "root", value: fromId(Listing.ancestorOf(root).workflowId) } as const])
  ]
  return [...keys.filter((key) => !isUnordered(key)), ...keys.filter(isUnordered)]
}

/** Whether the executions that a key finds are not in listing order. */
export const isUnordered = (key: Key): key is Unordered => key.of === "attribute" && key.asked._tag !== "Equals"

/** A statement that counts the executions of a key, up to a limit. */
export const countOf = (key: Key, limit: number): Condition => {
  const { index } = scopeOfKey(key)
  const from = key.of === "attribute" ? "attributes AS placed" : `executions INDEXED BY executions_${key.of}`
  const { parameters, text } = allOf(index)
  return [`SELECT count(*) AS count FROM (SELECT 1 FROM ${from} WHERE ${text} LIMIT ${limit})`, ...parameters]
}

/** The SQL of a filter, led by a key if there is one, and the places between which its executions are. */
export const listing = (
  filter: WorkflowFilter,
  { first, others }: { readonly first: Key | undefined; readonly others: ReadonlyArray<Key> },
  after: Option.Option<Listing.Place>
): Query => {
  const { from, index, placed } = first === undefined ? scopeOf(filter) : scopeOfKey(first)
  const isNewest = filter.order === "newest"
  const columns = [`${placed}.started_at`, `${placed}.workflow_id`]
  return query({
    from,
    columns,
    isNewest,
    index,
    others: [...asked(others, placed), ...conditionsOf(filter)],
    placeOf: listed,
    ...boundsOf(filter, after)
  })
}

/**
 * The SQL that counts the executions of a filter, led by an attribute that many have: in the order of its values. One of several values
 * is a query for each, since an execution has one of them.
 */
export const counting = (
  filter: WorkflowFilter,
  { asked: led }: Unordered,
  others: ReadonlyArray<Key>
): ReadonlyArray<Query> => {
  if (led._tag === "OneOf") {
    return led.values.map((value) => {
      const first: Key = { of: "attribute", asked: { _tag: "Equals", name: led.name, value } }
      const query = listing(filter, { first, others }, Option.none())
      return { ...query, placeOf: (of) => (attributeOf(led.name, of) === value ? listed(of) : undefined) }
    })
  }
  const { startedBefore, startedFrom, status } = filter
  const conditions: Array<Condition> = [...asked(others, "placed"), ...conditionsOf(filter)]
  if (startedFrom !== undefined) conditions.push(["placed.started_at >= ?", startedFrom])
  if (startedBefore !== undefined) conditions.push(["placed.started_at < ?", startedBefore])
  // Where nothing else is asked of executions, the rows of the attribute tell how many they are.
  const from = conditions.length === 0 ? "attributes AS placed" : scopeOfKey({ of: "attribute", asked: led }).from
  const columns = ["placed.value", "placed.started_at", "placed.workflow_id"]
  const index: ReadonlyArray<Condition> = [["placed.name = ?", fromName(led.name)]]
  const start = lowest(led)
  const end = status?.length === 0 ? start : highest(led)
  const placeOf: Query["placeOf"] = (of) => {
    const value = attributeOf(led.name, of)
    return value === undefined ? undefined : [Attributes.fromValue(value), ...listed(of)]
  }
  return [query({ from, columns, isNewest: false, index, others: conditions, placeOf, start, end })]
}

// internal

/** Before all executions at a time: the number 0 sorts before every id. */
const firstId: SQLInputValue = 0

/** After all executions at a time, those with a damaged id too. */
const lastId: SQLInputValue = Buffer.alloc(8192, 0xff)

/** After all executions, those with a damaged time too. */
const end: Place = [Infinity, lastId]

/** A condition of SQL and its parameters. */
type Condition = readonly [condition: string, ...values: ReadonlyArray<SQLInputValue>]

const allOf = (conditions: ReadonlyArray<Condition>) => ({
  text: conditions.map(([condition]) => condition).join(" AND "),
  parameters: conditions.flatMap(([, ...values]) => values)
})

const query = (of: {
  readonly from: string
  readonly columns: ReadonlyArray<string>
  readonly isNewest: boolean
  readonly index: ReadonlyArray<Condition>
  readonly others: ReadonlyArray<Condition>
  readonly placeOf: Query["placeOf"]
  readonly start: Place
  readonly end: Place
}): Query => {
  const { columns, end, from, index, isNewest, others, placeOf, start } = of
  const [past, upTo, direction] = isNewest ? ["<", ">=", " DESC"] : [">", "<=", ""]
  const [names, values] = [`(${columns.join()})`, `(${columns.map(() => "?").join()})`]
  const range: Condition = [`${names} ${past} ${values} AND ${names} ${upTo} ${values}`]
  const along = allOf([...index, range])
  const within = allOf([...index, ...others, range])
  return {
    from,
    along: along.text,
    alongParameters: along.parameters,
    within: within.text,
    withinParameters: within.parameters,
    order: columns.map((column) => `${column}${direction}`).join(),
    place: columns.map((column) => `${column} AS ${column.slice(column.indexOf(".") + 1)}`).join(),
    start,
    end,
    isNewest,
    key: from.includes("attributes AS placed") ? "placed.execution" : "executions.key",
    placeOf
  }
}

const attributeOf = (name: string, { summary }: Listed): Attribute | undefined =>
  summary !== undefined && Object.hasOwn(summary.attributes, name) ? summary.attributes[name] : undefined

/** The index along which executions are read, with the conditions without which SQLite would not use it. */
interface Scope {
  readonly from: string
  /** The table whose columns are the places. */
  readonly placed: string
  readonly index: ReadonlyArray<Condition>
}

const scopeOfKey = (key: Key): Scope =>
  key.of === "attribute"
    ? {
        from: "attributes AS placed CROSS JOIN executions ON executions.key = placed.execution",
        placed: "placed",
        index: [["placed.name = ?", fromName(key.asked.name)], ...valueIn(key.asked)]
      }
    : {
        from: `executions INDEXED BY executions_${key.of}`,
        placed: "executions",
        index: [[`executions.${key.of}_id = ?`, key.value]]
      }

/** What an attribute must be, as conditions on the column of its value. */
const valueIn = (asked: Asked): ReadonlyArray<Condition> => {
  switch (asked._tag) {
    case "Equals":
      return [["placed.value = ?", Attributes.fromValue(asked.value)]]
    case "OneOf":
      return [[`placed.value IN (${asked.values.map(() => "?").join()})`, ...asked.values.map(Attributes.fromValue)]]
    case "Within": {
      const { lower, upper } = asked
      const conditions: Array<Condition> = []
      if (lower !== undefined) conditions.push([`placed.value >${equals(lower)} ?`, Attributes.fromValue(lower.value)])
      else if (isOfTexts(asked)) conditions.push(["placed.value >= ?", Attributes.fromValue("")])
      if (upper !== undefined) conditions.push([`placed.value <${equals(upper)} ?`, Attributes.fromValue(upper.value)])
      else if (!isOfTexts(asked)) conditions.push(["placed.value < ''"])
      return conditions
    }
  }
}

type Within = Extract<Asked, { readonly _tag: "Within" }>

const equals = ({ isIncluded }: Bound): string => (isIncluded ? "=" : "")

const isOfTexts = ({ lower, upper }: Within): boolean => typeof (lower ?? upper)!.value === "string"

/** The place before a range of values, and the last one that is in it or after it: numbers are followed by flags, and texts by nothing. */
const lowest = (asked: Within): Place => {
  const { lower } = asked
  if (lower === undefined) return [isOfTexts(asked) ? Attributes.fromValue("") : -Infinity, -Infinity, firstId]
  const value = Attributes.fromValue(lower.value)
  return lower.isIncluded ? [value, -Infinity, firstId] : [value, ...end]
}
const highest = (asked: Within): Place => {
  const { upper } = asked
  if (upper === undefined) return isOfTexts(asked) ? [lastId, ...end] : ["", -Infinity, firstId]
  const value = Attributes.fromValue(upper.value)
  return upper.isIncluded ? [value, ...end] : [value, -Infinity, firstId]
}

/** Keys as conditions along the index of another one. */
const asked = (keys: ReadonlyArray<Key>, placed: string): ReadonlyArray<Condition> => {
  const unordered = keys.filter(isUnordered).map((key) => key.asked)
  const conditions = keys.filter((key) => !isUnordered(key)).map((key) => has(key, placed))
  // Each row of their index would have to be looked at for each execution, so they are asked of what the execution says itself.
  return unordered.length === 0
    ? conditions
    : [...conditions, [`${Attributes.meetsAll}(executions.attributes, ?)`, JSON.stringify(unordered)]]
}

const has = (key: Key, placed: string): Condition => {
  const { index } = scopeOfKey(key)
  const { parameters, text } = allOf(index)
  if (key.of !== "attribute") return [text, ...parameters]
  const isThere = text.replaceAll("placed.", "own.")
  return [
    `EXISTS (
      SELECT 1 FROM attributes AS own
      WHERE ${isThere} AND own.started_at = ${placed}.started_at AND own.workflow_id = ${placed}.workflow_id
    )`,
    ...parameters
  ]
}

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
  const place: readonly [number, SQLInputValue] | undefined = cursor && [
    cursor.startedAt,
    fromCursor(cursor.workflowId)
  ]
  const from: Place = [startedFrom, firstId]
  const before: Place = startedBefore === undefined ? end : [startedBefore, firstId]
  // No execution has none of the statuses, and SQLite finds no way to use an index for an empty list.
  if (status?.length === 0) return { start: from, end: from }
  if (order === "newest") {
    const isWithin = place !== undefined && (startedBefore === undefined || place[0] < startedBefore)
    return { start: isWithin ? place : before, end: from }
  }
  return { start: place !== undefined && place[0] >= startedFrom ? place : from, end: before }
}
