/**
 * Defects as they are recorded, and back. Anything can be thrown, so nothing here trusts what it reads: each property is read
 * once, may throw, and may be of any type and size.
 */
import * as Cause from "effect/Cause"
import type * as Types from "effect/Types"
import type { RecordedDefect } from "../../HistoryEvent.ts"

/** The longest message and the longest stack, in characters. */
const maxText = 8_192
/** The longest name, and the longest code that is a text. */
const maxName = 200
/** The most of a message that its stack repeats, so that the stack has room for the places. */
const maxRepeated = 1_000
/** How many causes are recorded, one within the other. */
const maxCauses = 4
/** How many errors of an aggregate are recorded. */
const maxErrors = 10
/** The most that a defect takes with all its causes and errors, in characters, and what each takes beside its texts. */
const maxTotal = 65_536
const least = 64

/** The record of anything that was thrown; `activity` names the activity whose handler threw it. */
export const defectOf = (thrown: unknown, activity?: string): RecordedDefect => {
  try {
    const defect = recorded(thrown, { depth: 0, left: { characters: maxTotal }, holders: [] })
    return activity === undefined ? defect : { ...defect, activity }
  } catch {
    return { name: "Error", message: unreadable }
  }
}

/** An error like the one that was recorded, with the stack of its origin; also of a record that another author made. */
export const errorOf = (defect: RecordedDefect): Error => {
  const { activity, cause, code, errors, message, name, stack } = defect
  const error = new Error(message, cause ? { cause: errorOf(cause) } : undefined)
  fromRecords.add(error)
  error.name = name
  // The stack of this place says nothing of the origin.
  error.stack = stack ?? `${name}: ${message}`
  return Object.assign(
    error,
    Array.isArray(errors) ? { errors: errors.map(errorOf) } : undefined,
    code === undefined ? undefined : { code },
    activity === undefined ? undefined : { [activityKey]: activity }
  )
}

/** Whether a defect is one that was recorded, which no change of the program takes back. */
export const isRecorded = (defect: unknown): boolean => fromRecords.has(defect as object)

/** A text of a length that can be recorded and read, without halves of characters. */
export const bounded = (text: string, limit: number = maxText): string => {
  if (text.length <= limit) return text.toWellFormed()
  const end = `… (${text.length} characters)`
  return limit < end.length ? "" : text.slice(0, limit - end.length).toWellFormed() + end
}

/** Anything as a text: itself, its JSON, or what it says of itself. */
export const textOf = (value: unknown): string => {
  if (typeof value === "string") return value
  try {
    if (typeof value === "number") return String(value)
    return asJson(value) ?? String(value)
  } catch {
    return unreadable
  }
}

/**
 * The first of several defects, with the others among its errors. Effect has several when a finalizer fails after the program
 * has: the error of the program is the first one then.
 */
const defectsOf = ([first, ...others]: ReadonlyArray<unknown>): RecordedDefect => withErrors(defectOf(first), others)

/** The defect of a cause without an error, in which others are among its errors; `who` is what interrupted itself, if that is all. */
export const defectIn = (
  cause: Cause.Cause<unknown>,
  who: string,
  others: ReadonlyArray<unknown> = []
): RecordedDefect => {
  const dies = cause.reasons.filter(Cause.isDieReason)
  return dies.length === 0
    ? withErrors({ name: "Interrupted", message: `${who} interrupted itself` }, others)
    : defectsOf([...dies.map(({ defect }) => defect), ...others])
}

/** A defect with others among its errors. */
const withErrors = (defect: RecordedDefect, others: ReadonlyArray<unknown>): RecordedDefect => {
  if (others.length === 0) return defect
  return { ...defect, errors: [...(defect.errors ?? []), ...others.map((each) => defectOf(each))].slice(0, maxErrors) }
}

// internal

const fromRecords = new WeakSet<object>()

/** Where an error that was recorded has the name of its activity, so that a program that throws it on records it again. */
const activityKey = "~perdure/activity"

const unreadable = "something was thrown that cannot be read"

/** What is left of the limits within a defect. */
interface Limits {
  readonly depth: number
  readonly left: { characters: number }
  /** The errors that this one is a cause of: an error may be its own. */
  readonly holders: ReadonlyArray<unknown>
}

const recorded = (thrown: unknown, { depth, holders, left }: Limits): RecordedDefect => {
  const kept = (text: string, limit: number) => {
    const short = bounded(text, Math.max(0, Math.min(limit, left.characters)))
    left.characters -= short.length
    return short
  }
  left.characters -= least
  if (!isError(thrown)) return { name: "Error", message: kept(textOf(thrown), maxText) }
  const message = textOf(read(thrown, "message", unreadable))
  const defect: Types.Mutable<RecordedDefect> = {
    name: kept(textOf(read(thrown, "name", "Error")), maxName),
    message: kept(message, maxText)
  }
  const stack = read(thrown, "stack", undefined)
  if (stack !== undefined) defect.stack = kept(withoutRepetition(textOf(stack), message), maxText)
  const code = read(thrown, "code", undefined)
  if (typeof code === "string") defect.code = kept(code, maxName)
  else if (typeof code === "number" && Number.isFinite(code)) defect.code = code
  const activity = read(thrown, activityKey, undefined)
  if (typeof activity === "string") defect.activity = kept(activity, maxName)
  const within = { depth: depth + 1, left, holders: [...holders, thrown] }
  const isWanted = (inner: unknown) =>
    inner !== undefined && depth < maxCauses && left.characters > least && !within.holders.includes(inner)
  const cause = read(thrown, "cause", undefined)
  if (isWanted(cause)) defect.cause = recorded(cause, within)
  const errors = elements(read(thrown, "errors", undefined))
  if (errors !== undefined) defect.errors = errors.filter(isWanted).map((error) => recorded(error, within))
  return defect
}

/** Whether something is an error, also one of another realm or without a prototype. */
const isError = (thrown: unknown): thrown is object => {
  try {
    return thrown instanceof Error || Object.prototype.toString.call(thrown) === "[object Error]"
  } catch {
    return false
  }
}

const read = (from: object, name: string, otherwise: unknown): unknown => {
  try {
    return from[name as keyof typeof from]
  } catch {
    return otherwise
  }
}

/** The first elements of a list. */
const elements = (list: unknown): ReadonlyArray<unknown> | undefined => {
  try {
    if (!Array.isArray(list)) return undefined
    return Array.from({ length: Math.min(list.length, maxErrors) }, (_, index) => list[index] as unknown)
  } catch {
    return undefined
  }
}

const withoutRepetition = (stack: string, message: string): string =>
  message.length <= maxRepeated ? stack : stack.replace(message, () => bounded(message, maxRepeated))

/** How many parts of a value are written, and how many of one list or object. */
const maxParts = 2_000
const maxWidth = 100

/** The beginning of the JSON of a value: what is thrown may be larger than any memory. */
const asJson = (value: unknown): string | undefined => {
  let parts = 0
  const shortened = (part: unknown): unknown => {
    if (typeof part === "string") return bounded(part)
    if (typeof part !== "object" || part === null) return part
    if (++parts > maxParts) return "…"
    if (ArrayBuffer.isView(part)) return `${Object.prototype.toString.call(part)} of ${part.byteLength} bytes`
    if (Array.isArray(part)) return part.length > maxWidth ? [...part.slice(0, maxWidth), "…"] : part
    const names = Object.keys(part)
    if (names.length <= maxWidth) return part
    return Object.fromEntries(names.slice(0, maxWidth).map((name) => [name, part[name as keyof typeof part]]))
  }
  try {
    // Before its own `toJSON`, which writes all of it.
    return JSON.stringify(ArrayBuffer.isView(value) ? shortened(value) : value, (_, part) => shortened(part))
  } catch {
    return undefined
  }
}
