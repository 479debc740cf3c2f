/**
 * Signals of Temporal as ours: as the sandbox hears them, and as they are in histories.
 */
import type * as Schema from "effect/Schema"
import type { EventOf } from "../../HistoryEvent.ts"
import { receivedBy } from "../core/told.ts"
import type { SignalMeta } from "./wire.ts"

/** The event of a signal. Clients of others give what they like beside a payload. */
export const signalOf = (
  name: string,
  payload: Schema.Json | undefined,
  meta: SignalMeta | null | undefined,
  at: number
): EventOf<"SignalReceived"> => {
  const { from, id, key, trace } = meta ?? {}
  const signal = receivedBy({ name, payload: payload ?? null, key, trace }, at)
  return { ...signal, ...(id === undefined ? {} : { id }), ...(from === undefined ? {} : { from }) }
}
