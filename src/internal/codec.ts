/**
 * The stored form of histories: the JSON text of the events of a commit, and the number of its format beside it.
 */
import * as Result from "effect/Result"
import { formatVersion, HistoryEvent } from "../HistoryEvent.ts"

/** The JSON text of the events of a commit. */
export const encodeEvents = (events: ReadonlyArray<HistoryEvent>): string => JSON.stringify(events)

/** The length of a text in bytes of UTF-8. */
export const byteLength = (text: string): number => encoder.encode(text).length

/** Whether a text has more bytes of UTF-8 than the limit; counts them only when it is near. */
export const exceeds = (text: string, limit: number): boolean =>
  text.length * 3 > limit && (text.length > limit || byteLength(text) > limit)

/** Brings the events of a format to the present one; there is only one so far. */
const upcasts: ReadonlyArray<(events: ReadonlyArray<unknown>) => ReadonlyArray<unknown>> = []

/** Reads events back, upcasting an older format. Fails with what is wrong with the text. */
export const decodeEvents = (text: string, format: number): Result.Result<ReadonlyArray<HistoryEvent>, string> => {
  if (format > formatVersion || !(format >= 1)) {
    return Result.fail(`format ${format} is not known to this release, which reads formats 1 to ${formatVersion}`)
  }
  let events: unknown
  try {
    events = JSON.parse(text)
  } catch (cause) {
    return Result.fail(`the events are not JSON: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
  if (!Array.isArray(events)) return Result.fail("the events are not an array")
  for (let from = format; from < formatVersion; from++) events = upcasts[from - 1]!(events as Array<unknown>)
  for (const event of events as Array<unknown>) {
    if (!hasKnownTag(event)) return Result.fail(`not an event: ${JSON.stringify(event)?.slice(0, 200)}`)
  }
  return Result.succeed(events as ReadonlyArray<HistoryEvent>)
}

// internal

const encoder = new TextEncoder()

const hasKnownTag = (event: unknown): event is HistoryEvent =>
  typeof event === "object" &&
  event !== null &&
  "_tag" in event &&
  typeof event._tag === "string" &&
  Object.hasOwn(HistoryEvent.cases, event._tag)
