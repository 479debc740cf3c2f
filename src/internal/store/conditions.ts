/**
 * What the attributes of an execution must be, as stores ask it: a filter in one form, whichever way it was written.
 */
import type { Attribute } from "../../HistoryEvent.ts"
import type { AttributeRange, WorkflowFilter } from "../../Store/StoredExecution.ts"

/** One bound of a range. */
export interface Bound {
  readonly value: string | number
  readonly isIncluded: boolean
}

/** What one attribute must be. */
export type Condition =
  | { readonly _tag: "Equals"; readonly name: string; readonly value: Attribute }
  /** One of several different values, or of none. */
  | { readonly _tag: "OneOf"; readonly name: string; readonly values: ReadonlyArray<Attribute> }
  /** Within a range, which has at least one bound; both are of one type. */
  | {
      readonly _tag: "Within"
      readonly name: string
      readonly lower: Bound | undefined
      readonly upper: Bound | undefined
    }

/** What a filter asks of attributes. */
export const conditionsOf = ({ attributes = {}, where = {} }: WorkflowFilter): ReadonlyArray<Condition> => [
  ...Object.entries(attributes).map(([name, value]): Condition => ({ _tag: "Equals", name, value })),
  ...Object.entries(where).map(([name, test]) => conditionOf(name, test))
]

/** Tells whether attributes meet a condition. */
export const meets = (condition: Condition): ((attributes: Readonly<Record<string, unknown>>) => boolean) => {
  const { name } = condition
  switch (condition._tag) {
    case "Equals":
      return (attributes) => attributes[name] === condition.value
    case "OneOf": {
      const values: ReadonlySet<unknown> = new Set(condition.values)
      return (attributes) => values.has(attributes[name])
    }
    case "Within": {
      const { lower, upper } = condition
      const type = typeof (lower ?? upper)!.value
      return (attributes) => {
        const value = attributes[name] as string | number
        return typeof value === type && isAbove(value, lower) && isBelow(value, upper)
      }
    }
  }
}

// internal

const conditionOf = (name: string, test: NonNullable<WorkflowFilter["where"]>[string]): Condition => {
  if (typeof test !== "object") return { _tag: "Equals", name, value: test }
  if ("in" in test) {
    const values = [...new Set(test.in)]
    return values.length === 1 ? { _tag: "Equals", name, value: values[0]! } : { _tag: "OneOf", name, values }
  }
  const { above, below, from, upTo }: AttributeRange<string | number> = test
  return { _tag: "Within", name, lower: bound(from, above), upper: bound(upTo, below) }
}

const bound = (included: Bound["value"] | undefined, excluded: Bound["value"] | undefined): Bound | undefined => {
  if (included !== undefined) return { value: included, isIncluded: true }
  return excluded === undefined ? undefined : { value: excluded, isIncluded: false }
}

const isAbove = (value: string | number, bound: Bound | undefined): boolean =>
  bound === undefined || value > bound.value || (bound.isIncluded && value === bound.value)

const isBelow = (value: string | number, bound: Bound | undefined): boolean =>
  bound === undefined || value < bound.value || (bound.isIncluded && value === bound.value)
