/**
 * Filters as SQL: what leads, that is along which index executions are read, and what is asked of each.
 *
 * Executions of a *lead* are found in listing order, in one or several *branches*: one for each value that a column may have. A range of
 * values of an attribute, or of ends, has no such order: it leads where few executions are in it, since those can be sorted.
 */
import * as Equal from "effect/Equal"
import * as PgTypes from "@effect/sql-pg/PgTypes"
import { type Bound, type Condition, conditionsOf } from "../../internal/store/conditions.ts"
import * as Listing from "../../internal/store/listing.ts"
import { isFinal, WorkflowStatus } from "../../WorkflowState.ts"
import type { WorkflowFilter } from "../WorkflowStore.ts"
import * as Attributes from "./Attributes.ts"
import { arrays } from "./arrays.ts"
import { keyOf } from "./key.ts"

/** The parameters of a statement, in the order in which they are named. */
export class Parameters {
  readonly all: Array<PgTypes.Parameter> = []

  add(parameter: PgTypes.Parameter): string {
    return `$${this.all.push(parameter)}`
  }

  text(value: string): string {
    return this.add(PgTypes.text(value))
  }

  number(value: number): string {
    return this.add(PgTypes.float8(value))
  }

  bytes(value: Uint8Array): string {
    return this.add(PgTypes.bytea(value))
  }
}

/** A condition on the row `e` of an execution, which adds its parameters. */
export type Asked = (parameters: Parameters) => string

/** Along which index executions are read. */
export interface Lead {
  /** Which part of the filter it answers. */
  readonly of: Part
  /** Whether its rows are those of attributes, `p`, which name executions; otherwise they are executions, `e`. */
  readonly placed: boolean
  /** The conditions of the index, with the value of the branch if there are branches. */
  readonly along: (parameters: Parameters, branch: string) => string
  readonly branches: Branches | undefined
  /** How many branches there are, as far as that is known. */
  readonly width: number
  /** Whether what it finds is in listing order. */
  readonly ordered: boolean
  /** Whether executions that it finds must still be asked the same, since the index has a part of the value. */
  readonly inexact: boolean
}

/** The values of the branches of a lead. */
export interface Branches {
  /** As rows with one column. */
  readonly rows: (schema: string, parameters: Parameters) => string
  /** One by one, where they are known and few. */
  readonly values?: ReadonlyArray<PgTypes.Parameter> | undefined
  /** As what a column may equal, where rows are in no order. */
  readonly any: (schema: string, parameters: Parameters) => string
}

/** A part of a filter. */
export type Part = Condition | "workflow" | "status" | "version" | "parent" | "root" | "owner" | "closed" | "none"

/** Leads that a filter has, the ones in listing order first; none when it asks for nothing by which executions are found. */
export const leadsOf = (filter: WorkflowFilter): ReadonlyArray<Lead> => {
  const { closedBefore, parent, root, status, workflow, workflowVersion } = filter
  const leads: Array<Lead> = conditionsOf(filter).map(byAttribute)
  for (const [name, asked] of [["parent", parent] as const, ["root", root] as const]) {
    if (asked === undefined) continue
    const id = keyOf(Listing.ancestorOf(asked).workflowId)
    leads.push(byColumn(name, (parameters) => `e.${name}_id = ${parameters.text(id)}`))
  }
  if (workflowVersion !== undefined) {
    leads.push(byColumn("version", (parameters) => `e.workflow_version = ${parameters.text(keyOf(workflowVersion))}`))
  }
  const statuses = [...new Set(status ?? WorkflowStatus.literals)]
  if (workflow !== undefined) {
    const name = keyOf(workflow)
    leads.push({
      ...byColumn("workflow", (parameters, branch) => `e.workflow = ${parameters.text(name)} AND e.status = ${branch}`),
      branches: valuesOf(arrays.text(statuses), statuses.map(PgTypes.text)),
      width: statuses.length
    })
  } else if (status !== undefined) {
    leads.push({
      ...byColumn("status", (_, branch) => `e.status = ${branch}`),
      branches: valuesOf(arrays.text(statuses), statuses.map(PgTypes.text)),
      width: statuses.length
    })
  }
  if (closedBefore !== undefined) {
    const along: Lead["along"] = (parameters) => `e.closed_at < ${parameters.number(closedBefore)}`
    leads.push({ ...byColumn("closed", along), ordered: false })
  }
  return [...leads.filter(({ ordered }) => ordered), ...leads.filter(({ ordered }) => !ordered)]
}

/** Reads all executions by the time of their start. */
export const all: Lead = {
  of: "none",
  placed: false,
  along: () => "true",
  branches: undefined,
  width: 1,
  ordered: true,
  inexact: false
}

/** The owners of unsettled executions, as rows of which the last has none. Each is one step along the index. */
export const unsettledOwners = (schema: string): string => {
  const next = (above: string) =>
    `(SELECT e.owner FROM ${schema}.executions e WHERE e.unsettled ${above} ORDER BY e.owner LIMIT 1)`
  return `
    WITH RECURSIVE o(owner) AS (
      ${next("")} UNION ALL SELECT ${next("AND e.owner > o.owner")} FROM o WHERE o.owner IS NOT NULL
    )
    SELECT o.owner FROM o
  `
}

/**
 * Reads the unsettled executions of all owners but some. The last row of `unsettledOwners` has no owner. As a branch it would walk the whole
 * index and find nothing, so it is left out.
 */
export const byOwners = ({ ownerNotIn = [] }: WorkflowFilter): Lead => {
  const owners = (schema: string, parameters: Parameters) =>
    `${unsettledOwners(schema)} WHERE o.owner IS NOT NULL AND o.owner <> ALL (${parameters.add(arrays.text(ownerNotIn.map(keyOf)))})`
  return {
    ...byColumn("owner", (_, branch) => `e.unsettled AND e.owner = ${branch}`),
    branches: {
      rows: (schema, parameters) => `(${owners(schema, parameters)}) AS b(value)`,
      any: (schema, parameters) => `ANY (${owners(schema, parameters)})`
    },
    width: usualOwners
  }
}

/** Whether a filter finds unsettled executions alone. */
export const isUnsettled = ({ status, unsettled, wakeBefore }: WorkflowFilter): boolean =>
  unsettled === true || wakeBefore !== undefined || (status !== undefined && !status.some(isFinal))

/** What is asked of executions beside what leads. */
export const askedOf = (filter: WorkflowFilter, lead: Lead): ReadonlyArray<Asked> => {
  const { closedBefore, ownerNotIn, status, unsettled, wakeBefore, workflow, workflowVersion } = filter
  const asked: Array<Asked> = conditionsOf(filter)
    .filter((condition) => !isOf(lead, condition) || lead.inexact)
    .map((condition) => (parameters) => ofAttribute(condition, parameters))
  if (workflow !== undefined && lead.of !== "workflow") {
    asked.push((parameters) => `e.workflow = ${parameters.text(keyOf(workflow))}`)
  }
  if (status !== undefined && lead.of !== "workflow" && lead.of !== "status") {
    asked.push((parameters) => `e.status = ANY (${parameters.add(arrays.text(status))})`)
  }
  if (workflowVersion !== undefined && lead.of !== "version") {
    asked.push((parameters) => `e.workflow_version = ${parameters.text(keyOf(workflowVersion))}`)
  }
  for (const name of ["parent", "root"] as const) {
    const of = filter[name]
    if (of === undefined) continue
    const { runId, workflowId } = Listing.ancestorOf(of)
    if (lead.of !== name) asked.push((parameters) => `e.${name}_id = ${parameters.text(keyOf(workflowId))}`)
    if (runId !== undefined) asked.push((parameters) => `e.${name}_chain = ${parameters.text(keyOf(runId))}`)
  }
  if (lead.of !== "owner") {
    if (unsettled === true) asked.push(() => "e.unsettled")
    if (ownerNotIn !== undefined) {
      asked.push((parameters) => `e.owner <> ALL (${parameters.add(arrays.text(ownerNotIn.map(keyOf)))})`)
    }
  }
  if (closedBefore !== undefined && lead.of !== "closed")
    asked.push((parameters) => `e.closed_at < ${parameters.number(closedBefore)}`)
  if (wakeBefore !== undefined) asked.push((parameters) => `e.wake_at < ${parameters.number(wakeBefore)}`)
  return asked
}

// internal

/** How many owners unsettled executions have, more or less. */
const usualOwners = 10

/** So many branches are statements of their own. */
const mostApart = 10

const valuesOf = (values: PgTypes.Parameter, each: ReadonlyArray<PgTypes.Parameter>): Branches => ({
  values: each.length > 0 && each.length <= mostApart ? each : undefined,
  rows: (_, parameters) => `unnest(${parameters.add(values)}) AS b(value)`,
  any: (_, parameters) => `ANY (${parameters.add(values)})`
})

/** A filter may ask twice of one attribute, and the lead answers one of them. */
const isOf = ({ of }: Lead, condition: Condition): boolean => typeof of === "object" && Equal.equals(of, condition)

const byColumn = (of: Part, along: Lead["along"]): Lead => ({
  of,
  placed: false,
  along,
  branches: undefined,
  width: 1,
  ordered: true,
  inexact: false
})

const byAttribute = (condition: Condition): Lead => {
  const lead = { of: condition, placed: true, branches: undefined, width: 1, ordered: true, inexact: false }
  const name = (parameters: Parameters) => `p.name = ${parameters.text(Attributes.nameOf(condition.name))}`
  switch (condition._tag) {
    case "Equals": {
      const value = Attributes.fromValue(condition.value)
      return {
        ...lead,
        along: (parameters) => `${name(parameters)} AND p.value = ${parameters.bytes(indexed(value))}`,
        inexact: isPartly(value)
      }
    }
    case "OneOf": {
      const values = condition.values.map(Attributes.fromValue)
      return {
        ...lead,
        along: (parameters, branch) => `${name(parameters)} AND p.value = ${branch}`,
        // Values that begin alike are one branch.
        branches: valuesOf(
          arrays.bytea(distinct(values.map(indexed))),
          distinct(values.map(indexed)).map(PgTypes.bytea)
        ),
        width: values.length,
        inexact: values.some(isPartly)
      }
    }
    case "Within": {
      const { from, upTo } = boundsOf(condition)
      return {
        ...lead,
        along: (parameters) => {
          const above = `p.value ${isPartly(from.value) ? ">=" : from.sign} ${parameters.bytes(indexed(from.value))}`
          const below = `p.value ${isPartly(upTo.value) ? "<=" : upTo.sign} ${parameters.bytes(indexed(upTo.value))}`
          return `${name(parameters)} AND ${above} AND ${below}`
        },
        ordered: false,
        inexact: isPartly(from.value) || isPartly(upTo.value)
      }
    }
  }
}

/** A condition on the attributes that an execution has itself. */
const ofAttribute = (condition: Condition, parameters: Parameters): string => {
  const name = parameters.text(Attributes.nameOf(condition.name))
  const value = `e.attribute_values[array_position(e.attribute_names, ${name})]`
  switch (condition._tag) {
    case "Equals":
      return `${value} = ${parameters.bytes(Attributes.fromValue(condition.value))}`
    case "OneOf":
      return `${value} = ANY (${parameters.add(arrays.bytea(condition.values.map(Attributes.fromValue)))})`
    case "Within": {
      const { from, upTo } = boundsOf(condition)
      return `${value} ${from.sign} ${parameters.bytes(from.value)} AND ${value} ${upTo.sign} ${parameters.bytes(upTo.value)}`
    }
  }
}

/** The bounds of a range as bytes. Where it has one bound, the other one is where the values of its type end. */
const boundsOf = ({ lower, upper }: Extract<Condition, { readonly _tag: "Within" }>) => {
  const type = typeof (lower ?? upper)!.value === "number" ? "number" : "text"
  return {
    from: lower === undefined ? { sign: ">=", value: Attributes.lowest(type) } : bound(">", lower),
    upTo: upper === undefined ? { sign: "<", value: Attributes.highest(type) } : bound("<", upper)
  }
}

const bound = (sign: string, { isIncluded, value }: Bound) => ({
  sign: isIncluded ? `${sign}=` : sign,
  value: Attributes.fromValue(value)
})

/** Whether the index has only a part of a value, or of values that are compared with it. */
const isPartly = (value: Uint8Array): boolean => value.length >= Attributes.indexedBytes

const indexed = (value: Uint8Array): Uint8Array => value.subarray(0, Attributes.indexedBytes)

const distinct = (values: ReadonlyArray<Uint8Array>): ReadonlyArray<Uint8Array> =>
  Array.from(new Map(values.map((value) => [Buffer.from(value).toString("latin1"), value])).values())
