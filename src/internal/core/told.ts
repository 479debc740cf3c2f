/**
 * The events of what executions are told, by the worker that runs them and by other processes.
 */
import type * as Schema from "effect/Schema"
import type { EventOf, Trace } from "../../HistoryEvent.ts"
import type { FirstMessage } from "../../Message.ts"

/** A signal, as it is told. */
interface Told {
  readonly name: string
  readonly payload: Schema.Json
  readonly key?: string | undefined
  readonly trace?: Trace | undefined
}

/** The event of a signal. */
export const receivedBy = ({ key, name, payload, trace }: Told, at: number): EventOf<"SignalReceived"> => {
  const received = { _tag: "SignalReceived", at, name, payload } as const
  const keyed = key === undefined ? received : { ...received, key }
  return trace === undefined ? keyed : { ...keyed, trace }
}

/** The event of an update. */
export const requestedBy = (
  { id, input, name, trace }: Extract<FirstMessage, { readonly _tag: "Update" }>,
  at: number
): EventOf<"UpdateRequested"> => {
  const requested = { _tag: "UpdateRequested", at, id, name, input } as const
  return trace === undefined ? requested : { ...requested, trace }
}

/** The event of a message that can be part of a first commit. */
export const firstBy = (message: FirstMessage, at: number): EventOf<"SignalReceived" | "UpdateRequested"> =>
  message._tag === "Signal" ? receivedBy(message, at) : requestedBy(message, at)
