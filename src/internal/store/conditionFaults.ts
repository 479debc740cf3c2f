/**
 * Checks of what a filter asks of attributes, for callers that no compiler has checked.
 */
import * as Predicate from "effect/Predicate"
import type { WorkflowFilter } from "../../Store/StoredExecution.ts"
import { isAttribute, Unfit } from "../core/attributes.ts"
import { type Fault, first, shown } from "../options.ts"

/** What is wrong with the conditions of a filter; `undefined` when nothing is. */
export const faultOfConditions = ({ attributes, where }: WorkflowFilter): Fault =>
  first(
    attributes === undefined || Predicate.isObject(attributes)
      ? undefined
      : `attributes must be an object, and is ${shown(attributes)}`,
    where === undefined || Predicate.isObject(where) ? undefined : `where must be an object, and is ${shown(where)}`
  ) ?? faultOfAll(Object.entries(attributes ?? {}), Object.entries(where ?? {}))

// internal

/** How many attributes a filter may name: each is a condition of a statement, and statements have limits. */
const attributesAtMost = 100

/** How many values an attribute may be one of, for the same reason. */
const valuesAtMost = 100

type Fields = ReadonlyArray<readonly [name: string, value: unknown]>

const faultOfAll = (attributes: Fields, where: Fields): Fault => {
  const count = attributes.length + where.length
  if (count > attributesAtMost) {
    const cure = "ask for fewer and compare the others yourself"
    return `attributes must be at most ${attributesAtMost}, and are ${count}; ${cure}`
  }
  for (const [name, value] of attributes) {
    if (!isAttribute(value)) return faultOfValue(name, value)
  }
  for (const [name, test] of where) {
    const fault = isAttribute(test) ? undefined : faultOfTest(name, test)
    if (fault !== undefined) return fault
  }
  return undefined
}

const faultOfValue = (name: string, value: unknown): string =>
  `the attribute ${shown(name)} ${
    value instanceof Unfit
      ? `does not fit its schema: ${value.issue}`
      : `must be a text, a finite number or a boolean, and is ${shown(value)}`
  }`

const bounds = ["from", "above", "below", "upTo"] as const

const tests = "a value, { in: [values] }, or bounds: from or above, and below or upTo"

const faultOfTest = (name: string, test: unknown): Fault => {
  if (!Predicate.isObject(test) || test instanceof Unfit) return faultOfValue(name, test)
  const named = Object.keys(test)
  const unknown = named.find((key) => key !== "in" && !bounds.some((bound) => bound === key))
  if (unknown !== undefined) return `the attribute ${shown(name)} has no test ${shown(unknown)}; give it ${tests}`
  if (!named.includes("in")) return faultOfRange(name, test)
  return named.length === 1
    ? faultOfList(name, (test as { readonly in?: unknown }).in)
    : `the attribute ${shown(name)} has bounds beside in; give it ${tests}`
}

const faultOfList = (name: string, values: unknown): Fault => {
  if (!Array.isArray(values)) return `the attribute ${shown(name)} must be in a list, and in is ${shown(values)}`
  if (values.length > valuesAtMost) {
    const cure = "ask for a part of them at a time"
    return `the attribute ${shown(name)} may be in a list of at most ${valuesAtMost}, and it has ${values.length}; ${cure}`
  }
  // Not `find`: a list may have holes, and `undefined` in it.
  const wrong = values.findIndex((value) => !isAttribute(value))
  return wrong === -1 ? mixed(name, values) : faultOfValue(name, values[wrong])
}

const faultOfRange = (name: string, test: object): Fault => {
  const { above, below, from, upTo } = test as { readonly [Name in (typeof bounds)[number]]?: unknown }
  const values = [from, above, upTo, below].filter((value) => value !== undefined)
  if (values.length === 0) return `the attribute ${shown(name)} has an empty test; give it ${tests}`
  if (from !== undefined && above !== undefined) return both(name, "from", "above")
  if (upTo !== undefined && below !== undefined) return both(name, "upTo", "below")
  if (values.some(Predicate.isBoolean)) {
    return `the attribute ${shown(name)} has a boolean for a bound, which has no order; ask for a value, or { in: [values] }`
  }
  const wrong = values.findIndex((value) => !isAttribute(value))
  return wrong === -1 ? mixed(name, values) : faultOfValue(name, values[wrong])
}

const both = (name: string, one: string, other: string): string =>
  `the attribute ${shown(name)} has both ${one} and ${other}; keep one of them`

const mixed = (name: string, values: ReadonlyArray<unknown>): Fault => {
  const other = values.find((value) => typeof value !== typeof values[0])
  return other === undefined
    ? undefined
    : `the attribute ${shown(name)} is compared with values of two types, ${shown(values[0])} and ${shown(other)}; ask for one type at a time`
}
