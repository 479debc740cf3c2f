/**
 * The calls of an activity, as the history of a run has them.
 */
import type * as Schema from "effect/Schema"
import type { HistoryEvent } from "../HistoryEvent.ts"
import type { Sequence } from "../Ids.ts"

/** A call of an activity. */
export interface RecordedCall {
  readonly input: Schema.Json
  /** The value of its success; absent while it is open, and where it has failed. */
  readonly success: Schema.Json | undefined
}

/** The calls of the activity of a name, in their order. */
export const callsIn = (history: ReadonlyArray<HistoryEvent>, activity: string): Iterable<RecordedCall> => {
  const calls = new Map<Sequence, RecordedCall>()
  for (const event of history) {
    if (event._tag === "ActivityScheduled" && event.name === activity) {
      calls.set(event.seq, { input: event.input, success: undefined })
    }
    if (event._tag !== "ActivityResolved" || event.exit._tag !== "Success") continue
    const call = calls.get(event.seq)
    if (call !== undefined) calls.set(event.seq, { ...call, success: event.exit.value })
  }
  return calls.values()
}
