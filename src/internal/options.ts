/**
 * Checks of options, for callers that no compiler has checked and for numbers that no type can.
 */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { bounded, textOf } from "./replay/defect.ts"

/** What is wrong with an option; `undefined` when nothing is. */
export type Fault = string | undefined

/** A number of things: whole and at least 1. Infinity is no limit, where there may be none. */
export const count = (
  name: string,
  value: number | undefined,
  { most = Number.POSITIVE_INFINITY, unlimited = true }: { readonly most?: number; readonly unlimited?: boolean } = {}
): Fault => {
  if (value === undefined || (unlimited && value === Number.POSITIVE_INFINITY)) return undefined
  if (!Number.isInteger(value) || value < 1)
    return `${name} must be a whole number of at least 1, and is ${shown(value)}`
  return value <= most ? undefined : `${name} must be at most ${most}, and is ${shown(value)}`
}

/** A factor: finite, and more than 0. */
export const factor = (name: string, value: number): Fault =>
  Number.isFinite(value) && value > 0 ? undefined : `${name} must be a number of more than 0, and is ${shown(value)}`

/** A time that passes: longer than nothing, and not for ever unless `unlimited`. */
export const time = (
  name: string,
  value: Duration.Input | undefined,
  {
    least = 1,
    most = Number.POSITIVE_INFINITY,
    unlimited = false
  }: { readonly least?: number; readonly most?: number; readonly unlimited?: boolean } = {}
): Fault => {
  if (value === undefined) return undefined
  const found = isNoTime(value) ? undefined : Option.getOrUndefined(Duration.fromInput(value))
  const milliseconds = found === undefined ? Number.NaN : Duration.toMillis(found)
  if (Number.isNaN(milliseconds)) return `${name} must be a duration, such as "5 seconds", and is ${shown(value)}`
  if (milliseconds < least) return `${name} must be at least ${least} ms, and is ${shown(value)}`
  if (!unlimited && !Number.isFinite(milliseconds)) return `${name} must be finite`
  return milliseconds <= most ? undefined : `${name} must be at most ${most} ms, and is ${shown(value)}`
}

/** The path of a file, and no address. The value is not shown, since an address may have a password in it. */
export const path = (name: string, value: string, hint = ""): Fault => {
  const scheme = /^(file|sqlite3?):/i.exec(value)?.[0]
  if (scheme !== undefined) return `${name} must be the path of a file: write the path alone, without ${scheme}`
  return isAddress.test(value)
    ? `${name} must be the path of a file, and this is an address${hint}; a path with a colon begins with ./`
    : undefined
}

/** An option that there is not: what is misspelt would say nothing. */
export const other = (given: object, ...known: ReadonlyArray<string>): Fault => {
  const name = Object.keys(given).find((name) => !known.includes(name))
  if (name === undefined) return undefined
  const [last, ...others] = known.toReversed()
  return `there is no option ${name}, but ${others.length === 0 ? last : `${others.toReversed().join(", ")} and ${last}`}`
}

/** The first fault, if there is one. */
export const first = (...faults: ReadonlyArray<Fault>): Fault => faults.find((fault) => fault !== undefined)

/** Anything in a few words; texts in quotes. */
export const shown = (value: unknown): string =>
  bounded(typeof value === "string" ? JSON.stringify(value) : textOf(value), 200)

// internal

/** Whether a value is none of the times for which Effect takes it: it takes `NaN` and an object without fields for no time. */
const isNoTime = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null || Duration.isDuration(value)) return Number.isNaN(value)
  const parts = Object.values(value)
  return parts.length === 0 || parts.some((part) => Number.isNaN(part))
}

/** What has a colon in its first part is no path, but for the letter of a drive and what is in memory. */
const isAddress = /^([^/\\:]{2,}|\[[\da-f:]+\]):/i
