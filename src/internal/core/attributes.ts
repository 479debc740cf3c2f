/**
 * The attributes of an execution: what is one, and how its program changes them.
 */
import type { Attribute, AttributeChanges } from "../../HistoryEvent.ts"

/** Attributes by their names. */
export type Attributes = Readonly<Record<string, Attribute>>

/** A value of an attribute that does not fit the schema of its definition. It stands where the value would, until it is refused. */
export class Unfit {
  readonly issue: string

  constructor(issue: string) {
    this.issue = issue
  }

  toJSON(): string {
    return this.issue
  }
}

/** Whether a value can be an attribute. */
export const isAttribute = (value: unknown): value is Attribute =>
  typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))

/** Attributes after changes. Any text is a name, `__proto__` too, so no field is assigned. */
export const withChanges = (attributes: Attributes, changes: AttributeChanges): Attributes => {
  const all = Object.entries({ ...attributes, ...changes })
  return Object.fromEntries(all.filter((field): field is [string, Attribute] => field[1] !== null))
}
