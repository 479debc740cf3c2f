/**
 * Law 11 of the stores: whether the events of a commit fit into the bytes that a store accepts.
 */
import type { HistoryEvent } from "../../HistoryEvent.ts"
import { TooLarge } from "../../Store/WorkflowStore.ts"
import { byteLength, encodeEvents, exceeds } from "./codec.ts"

/** What a store accepts unless it is told otherwise: 8 MiB. */
export const defaultMaxCommitBytes = 8 * 1024 * 1024

/** Why a text of encoded events is refused; `undefined` when it fits. */
export const refusedText = (text: string, limit: number): TooLarge | undefined =>
  exceeds(text, limit) ? new TooLarge({ bytes: byteLength(text), limit }) : undefined

/**
 * Why events are refused, for a store that does not encode them; `undefined` when they fit.
 *
 * Encoding only to measure would cost more than all else that a store in memory does, so they are encoded only when an
 * upper bound of their size, counted without encoding, comes out over the limit.
 */
export const refusedEvents = (events: ReadonlyArray<HistoryEvent>, limit: number): TooLarge | undefined =>
  spend(events, limit) >= 0 ? undefined : refusedText(encodeEvents(events), limit)

// internal

/** An escaped code unit is `\u0000`; unescaped, it takes at most 3 bytes of UTF-8. */
const bytesOfUnit = 6
/** The longest number is like `-1.2345678901234567e-100`. */
const bytesOfNumber = 25

/** What is left of a budget after the longest text that a JSON value may have; stops when it is overspent. */
const spend = (value: unknown, budget: number): number => {
  if (typeof value === "string") return budget - value.length * bytesOfUnit - 3
  if (typeof value !== "object" || value === null) return budget - bytesOfNumber
  let left = budget - 3
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && left >= 0; index++) left = spend(value[index], left)
    return left
  }
  for (const key in value) {
    if (left < 0) return left
    const field: unknown = value[key as keyof typeof value]
    left -= key.length * bytesOfUnit + 4
    // Most fields are plain, and a call for each costs as much as the sum.
    if (typeof field === "string") left -= field.length * bytesOfUnit + 3
    else left = typeof field === "object" ? spend(field, left) : left - bytesOfNumber
  }
  return left
}
