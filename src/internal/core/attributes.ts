/**
 * The attributes of an execution, and how its program changes them.
 */
import type { Attribute, AttributeChanges } from "../../HistoryEvent.ts"

/** Attributes by their names. */
export type Attributes = Readonly<Record<string, Attribute>>

/** Attributes after changes. Any text is a name, `__proto__` too, so no field is assigned. */
export const withChanges = (attributes: Attributes, changes: AttributeChanges): Attributes => {
  const all = Object.entries({ ...attributes, ...changes })
  return Object.fromEntries(all.filter((field): field is [string, Attribute] => field[1] !== null))
}
