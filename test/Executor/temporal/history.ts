/**
 * Temporal's histories, as far as the tests read them.
 */
import { ApplicationFailure, defaultFailureConverter, defaultPayloadConverter } from "@temporalio/common"
import type { temporal } from "@temporalio/proto"
import { Predicate, type Schema } from "effect"
import type { HistoryEvent } from "perdure"

/** A history as Temporal keeps it. */
export type TemporalHistory = temporal.api.history.v1.IHistory

type TemporalEvent = temporal.api.history.v1.IHistoryEvent

/** The attributes of all events of one kind. */
export const attributesOf = <Kind extends keyof TemporalEvent>(
  history: TemporalHistory,
  kind: Kind
): ReadonlyArray<NonNullable<TemporalEvent[Kind]>> =>
  (history.events ?? []).map((event) => event[kind]).filter(Predicate.isNotNullish)

/** How the input of an execution is encoded. */
export const encodingOf = (history: TemporalHistory): string => {
  const [started] = attributesOf(history, "workflowExecutionStartedEventAttributes")
  return Buffer.from(started?.input?.payloads?.[0]?.metadata?.["encoding"] ?? []).toString()
}

/** When an event was recorded, in milliseconds since 1970. */
export const timeOf = (event: TemporalEvent | undefined): number =>
  Number(event?.eventTime?.seconds ?? 0) * 1000 + Math.floor((event?.eventTime?.nanos ?? 0) / 1_000_000)

/** The same history, as that of a workflow of another name. */
export const renamed = (history: TemporalHistory, workflow: string): TemporalHistory => {
  const [first, ...others] = history.events ?? []
  const started = first?.workflowExecutionStartedEventAttributes
  return {
    events: [
      { ...first, workflowExecutionStartedEventAttributes: { ...started, workflowType: { name: workflow } } },
      ...others
    ]
  }
}

/** The end of an execution, in our words. */
export const closingOf = (history: TemporalHistory): HistoryEvent.ClosingEvent => {
  const last: TemporalHistory = { events: history.events?.slice(-1) ?? [] }
  const [completed] = attributesOf(last, "workflowExecutionCompletedEventAttributes")
  const [failed] = attributesOf(last, "workflowExecutionFailedEventAttributes")
  const [cancelled] = attributesOf(last, "workflowExecutionCanceledEventAttributes")
  const [terminated] = attributesOf(last, "workflowExecutionTerminatedEventAttributes")
  const at = timeOf(last.events?.[0])
  if (completed !== undefined) {
    return { _tag: "ExecutionCompleted", at, value: jsonOf(completed.result?.payloads?.[0]) }
  }
  if (cancelled !== undefined) {
    const [first] = attributesOf(history, "workflowExecutionCancelRequestedEventAttributes")
    return { _tag: "ExecutionCancelled", at, reason: first?.cause ?? "" }
  }
  if (terminated !== undefined) return { _tag: "ExecutionTerminated", at, reason: terminated.reason ?? "" }
  const failure = defaultFailureConverter.failureToError(failed?.failure ?? {}, defaultPayloadConverter)
  if (failure instanceof ApplicationFailure && failure.details?.[0] !== undefined) {
    return failure.details[0] as HistoryEvent.ClosingEvent
  }
  throw new Error(`the history ends with ${JSON.stringify(last.events)}`)
}

// internal

const jsonOf = (payload: temporal.api.common.v1.IPayload | undefined): Schema.Json =>
  payload === undefined ? null : defaultPayloadConverter.fromPayload<Schema.Json>(payload)
