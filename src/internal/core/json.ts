/**
 * JSON values compared as data. The order of fields means nothing: a schema with its fields reordered says the same.
 */
import type * as Schema from "effect/Schema"

/** Whether two JSON values say the same. */
export const equalJson = (a: Schema.Json, b: Schema.Json): boolean => {
  if (a === b) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false
  if (isArray(a) || isArray(b)) {
    return isArray(a) && isArray(b) && a.length === b.length && a.every((value, index) => equalJson(value, b[index]!))
  }
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && equalJson(a[name]!, b[name]!))
  )
}

// internal

const isArray: (value: Schema.Json) => value is Schema.JsonArray = Array.isArray
