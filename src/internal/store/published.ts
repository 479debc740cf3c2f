/**
 * The values that a program publishes, as they are part of the summary: bounded, since a summary is read and written again and
 * again. Whether a value fits depends on the values that were published before it.
 */
import * as Result from "effect/Result"
import type { PublishedValue } from "../../Store/StoredExecution.ts"
import { bounded } from "../replay/defect.ts"
import type { Publication } from "../replay/Queries.ts"
import { byteLength } from "./codec.ts"

/** The values by the names of their queries. */
export type Published = Readonly<Record<string, PublishedValue>>

/** How many values are kept, and how many bytes they have in all, with their names. */
const valuesAtMost = 16
const bytesAtMost = 8192

/** The values of a program; `undefined` when it publishes none. What is left out is there by its name, with the reason. */
export const published = (publications: ReadonlyArray<Publication>): Published | undefined => {
  if (publications.length === 0) return undefined
  let left = bytesAtMost
  const kept: Array<readonly [string, PublishedValue]> = []
  const keep = (entry: readonly [string, PublishedValue]): number => {
    const bytes = byteLength(JSON.stringify(entry))
    if (bytes > left) return bytes
    left -= bytes
    kept.push(entry)
    return 0
  }
  for (const [index, [query, read]] of publications.entries()) {
    // The others need not be read.
    const value = index < valuesAtMost ? read() : Result.fail(`a program publishes ${valuesAtMost} values at most`)
    const bytes = Result.isSuccess(value) ? keep([query, { value: value.success }]) : 0
    const tooMany = `it takes ${bytes} bytes, and of the ${bytesAtMost} of an execution ${left} are left`
    const reason = Result.isFailure(value) ? bounded(value.failure, longestReason) : bytes > 0 ? tooMany : undefined
    if (reason !== undefined) keep([query, { leftOut: reason }])
  }
  return Object.fromEntries(kept)
}

/** What is left out now and was not before, in words. */
export const newlyLeftOut = (now: Published | undefined, before: Published = {}): ReadonlyArray<string> =>
  Object.entries(now ?? {}).flatMap(([query, value]) => {
    if (!("leftOut" in value)) return []
    const earlier = Object.hasOwn(before, query) ? before[query]! : undefined
    return earlier !== undefined && "leftOut" in earlier
      ? []
      : `the published value of query ${JSON.stringify(query)} is left out: ${value.leftOut}; publish less`
  })

// internal

/** In characters. */
const longestReason = 200
