/**
 * The stored form of histories: the JSON text of the events of a commit, and the number of its format beside it.
 */
import * as Result from "effect/Result"
import { formatOf, formatVersion, HistoryEvent } from "../../HistoryEvent.ts"
import { Corrupt, NewerFormat } from "../../Store/WorkflowStore.ts"
import { parseJson } from "../core/parse.ts"

/** The JSON text of the events of a commit. */
export const encodeEvents = (events: ReadonlyArray<HistoryEvent>): string => JSON.stringify(events)

/** The number of the oldest format that can hold the events. */
export const formatOfEvents = (events: ReadonlyArray<HistoryEvent>): number => {
  let format = 1
  for (const event of events) format = Math.max(format, formatOf(event))
  return format
}

/** The length of a text in bytes of UTF-8. */
export const byteLength = (text: string): number => encoder.encode(text).length

/** Whether a text has more bytes of UTF-8 than the limit; counts them only when it is near. */
export const exceeds = (text: string, limit: number): boolean =>
  text.length * 3 > limit && (text.length > limit || byteLength(text) > limit)

/** Brings the events of each format to the next one. Format 2 only adds tags. */
const upcasts: ReadonlyArray<(events: ReadonlyArray<unknown>) => ReadonlyArray<unknown>> = [(events) => events]

/** Reads events back, upcasting an older format. What was parsed with other texts is not parsed again. */
export const decodeEvents = (
  text: string,
  format: number,
  known?: unknown
): Result.Result<ReadonlyArray<HistoryEvent>, Corrupt | NewerFormat> => {
  if (!Number.isSafeInteger(format) || format < 1) return corrupt(`there is no format ${format}`)
  if (format > formatVersion) return Result.fail(new NewerFormat({ format, known: formatVersion }))
  const parsed = known === undefined ? parse(text) : Result.succeed(known)
  if (Result.isFailure(parsed)) return corrupt(`the events are not JSON: ${parsed.failure}`)
  let events = parsed.success
  if (!Array.isArray(events)) return corrupt("the events are not an array")
  for (let from = format; from < formatVersion; from++) events = upcasts[from - 1]!(events as Array<unknown>)
  for (const event of events as Array<unknown>) {
    if (!hasKnownTag(event)) return corrupt(`not an event: ${JSON.stringify(event)?.slice(0, 200)}`)
  }
  return Result.succeed(events as ReadonlyArray<HistoryEvent>)
}

// internal

const encoder = new TextEncoder()

const parse = (text: string): Result.Result<unknown, string> =>
  Result.try({
    try: () => parseJson(text),
    catch: (cause) => (cause instanceof Error ? cause.message : String(cause))
  })

const corrupt = (detail: string) => Result.fail(new Corrupt({ detail }))

const hasKnownTag = (event: unknown): event is HistoryEvent =>
  typeof event === "object" &&
  event !== null &&
  "_tag" in event &&
  typeof event._tag === "string" &&
  Object.hasOwn(HistoryEvent.cases, event._tag)
