/**
 * The limits of an activity: as its layer is given them, and as an executor keeps them.
 */
import * as Duration from "effect/Duration"
import type { ActivityLimits } from "../Executor/WorkflowRegistry.ts"
import { count, type Fault, first, other, shown, time } from "./options.ts"

/** Limits, of which a compiler may have checked nothing. */
interface Given {
  readonly concurrency?: number | undefined
  readonly rateLimit?: { readonly limit: number; readonly every: Duration.Input } | undefined
}

/** The limits that the layer of an activity was given; `undefined` where it has none. Throws when they make no sense. */
export const limitsIn = (activity: string, given: Given | undefined): ActivityLimits | undefined => {
  const fault = given === undefined ? undefined : faultOf(given)
  if (fault !== undefined) throw new TypeError(`the limits of activity ${activity}: ${fault}`)
  const { concurrency, rateLimit } = given ?? {}
  const limits: ActivityLimits = {
    ...(isLimit(concurrency) ? { concurrency } : {}),
    ...(rateLimit !== undefined && isLimit(rateLimit.limit)
      ? { rateLimit: { limit: rateLimit.limit, every: Duration.fromInputUnsafe(rateLimit.every) } }
      : {})
  }
  return Object.keys(limits).length === 0 ? undefined : limits
}

// internal

const faultOf = (given: Given): Fault =>
  isObject(given)
    ? first(
        other(given, "concurrency", "rateLimit"),
        count("concurrency", given.concurrency),
        faultOfRate(given.rateLimit)
      )
    : `they must be an object, such as { concurrency: 10 }, and are ${shown(given)}`

const faultOfRate = (rate: Given["rateLimit"]): Fault => {
  if (rate === undefined) return undefined
  if (!isObject(rate) || rate.limit === undefined || rate.every === undefined) {
    return `rateLimit must say how many begin in which time, such as { limit: 10, every: "1 second" }, and is ${shown(rate)}`
  }
  return first(
    other(rate, "limit", "every"),
    count("the limit of rateLimit", rate.limit),
    time("every of rateLimit", rate.every)
  )
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null

/** Infinity is no limit. */
const isLimit = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value)
