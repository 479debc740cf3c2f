/**
 * JSON values: compared as data, and made into copies that share nothing with what was given.
 */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"

/**
 * How many levels of lists and objects a value may have, one within the other. Every writer and reader of JSON manages several
 * times as many: they overflow their stack at some thousands.
 */
export const maxDepth = 1_000

/**
 * How large a value may be, in characters, where each part counts as some: far more than a store accepts, and little enough to
 * be copied. Parts that are shared count each time, so a small value may be larger than any memory.
 */
const maxSize = 64 * 1024 * 1024
const sizeOfPart = 8

/** Whether two JSON values say the same. The order of fields means nothing: a schema with its fields reordered says the same. */
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

/** The text of a JSON value, the same for all that say the same. */
export const sortedText = (json: Schema.Json): string =>
  JSON.stringify(json, (_, value: Schema.Json) =>
    typeof value !== "object" || value === null || isArray(value)
      ? value
      : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  )

/**
 * What `JSON.parse(JSON.stringify(value))` returns, or why a value cannot be recorded: JSON would lose a part of it without a
 * word. Lists and objects are copied. Each part is read once, so what getters return is what is copied; what they throw is
 * thrown.
 */
export const canonicalJson = (value: unknown): Result.Result<Schema.Json, string> => {
  if (isDone(value)) return Result.succeed(value)
  left = maxSize
  try {
    return Result.succeed(copied(value, "", undefined))
  } catch (error) {
    if (error instanceof Refusal) return Result.fail(error.text)
    throw error
  }
}

/** A copy of a JSON value, from which no change leads back to the value. */
export const copyJson = (json: Schema.Json): Schema.Json => {
  if (typeof json !== "object" || json === null) return json
  if (isArray(json)) return json.map(copyJson)
  const copy: Record<string, Schema.Json> = {}
  for (const name in json) {
    const field = json[name]!
    setField(copy, name, typeof field === "object" && field !== null ? copyJson(field) : field)
  }
  return copy
}

/** Sets a field of a copy. One of this name would set the prototype instead. */
export const setField = (copy: Record<string, Schema.Json>, name: string, value: Schema.Json): void => {
  if (name === "__proto__") {
    Object.defineProperty(copy, name, { value, enumerable: true, writable: true, configurable: true })
  } else {
    copy[name] = value
  }
}

// internal

const isArray: (value: Schema.Json) => value is Schema.JsonArray = Array.isArray

/** What may still be copied of the value at hand. */
let left = 0

/** Counts a part, and the text that it is. */
const spend = (part: unknown): void => {
  left -= typeof part === "string" ? sizeOfPart + part.length : sizeOfPart
  if (left < 0) throw new Refusal(`it is larger than ${maxSize} characters`)
}

/** A value that is no JSON. */
class Refusal {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** The list or object that a value is in, under a key, and how it is reached itself. */
interface Place {
  readonly holder: object
  readonly key: string | number
  readonly parent: Place | undefined
  readonly depth: number
}

/** Fast path: whether a value is its own copy. Minus zero is not, which JSON writes as zero. */
const isDone = (value: unknown): value is string | number | boolean | null =>
  typeof value === "string" ||
  (typeof value === "number" && Number.isFinite(value) && (value !== 0 || 1 / value > 0)) ||
  typeof value === "boolean" ||
  value === null

const copied = (given: unknown, key: string | number, place: Place | undefined): Schema.Json => {
  const value = replaced(given, key)
  switch (typeof value) {
    case "string":
    case "boolean":
      return value
    case "number":
      if (!Number.isFinite(value)) throw refusal(`${value} is no number of JSON`, place)
      return value + 0
    case "object":
      if (value === null) return null
      if (place !== undefined && place.depth >= maxDepth) throw tooDeep(value, place)
      return Array.isArray(value) ? copiedList(value, place) : copiedObject(value, place)
    case "undefined":
      throw refusal("undefined is no JSON", place)
    default:
      throw refusal(`a ${typeof value} is no JSON`, place)
  }
}

const copiedList = (list: ReadonlyArray<unknown>, parent: Place | undefined): Schema.Json => {
  const copy: Array<Schema.Json> = []
  const depth = depthIn(parent)
  for (let index = 0; index < list.length; index++) {
    const element: unknown = list[index]
    spend(element)
    copy.push(isDone(element) ? element : copied(element, index, { holder: list, key: index, parent, depth }))
  }
  return copy
}

const copiedObject = (object: object, parent: Place | undefined): Schema.Json => {
  if (!isPlain(object)) throw refusal(`${nameOf(object)} is neither a plain object nor a list`, parent)
  const copy: Record<string, Schema.Json> = {}
  const depth = depthIn(parent)
  for (const name of Object.keys(object)) {
    const field: unknown = object[name as keyof typeof object]
    spend(field)
    if (isDone(field)) setField(copy, name, field)
    else if (field !== undefined) {
      setField(copy, name, copied(field, name, { holder: object, key: name, parent, depth }))
    }
  }
  return copy
}

const depthIn = (place: Place | undefined): number => (place === undefined ? 1 : place.depth + 1)

/** What JSON writes in place of a value that says so itself, as dates do. */
const replaced = (value: unknown, key: string | number): unknown => {
  if ((typeof value !== "object" && typeof value !== "function" && typeof value !== "bigint") || value === null) {
    return value
  }
  const { toJSON } = value as { readonly toJSON?: unknown }
  return typeof toJSON === "function" ? (toJSON.call(value, String(key)) as unknown) : value
}

/** Whether all that an object is are its fields. Objects of other realms have another prototype, which has none itself. */
const isPlain = (object: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(object)
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null
}

/** The class of an object, in words. */
const nameOf = (object: object): string => {
  const made: unknown = object.constructor
  const name: unknown = typeof made === "function" ? made.name : undefined
  return typeof name === "string" && name !== "" ? `a value of class ${name.slice(0, 100)}` : "an object of a class"
}

const tooDeep = (value: object, place: Place): Refusal => {
  for (let at: Place | undefined = place; at !== undefined; at = at.parent) {
    if (at.holder === value) return new Refusal(`it contains itself${pathOf(at.parent)}`)
  }
  return new Refusal(`it is nested deeper than ${maxDepth} levels`)
}

const refusal = (what: string, place: Place | undefined): Refusal => new Refusal(`${what}${pathOf(place)}`)

/** Where a value is, as the issues of schemas say it. */
const pathOf = (place: Place | undefined): string => {
  const keys: Array<string> = []
  for (let at = place; at !== undefined; at = at.parent) keys.push(`[${JSON.stringify(at.key)}]`)
  return keys.length === 0 ? "" : `\n  at ${keys.toReversed().join("").slice(0, 500)}`
}
