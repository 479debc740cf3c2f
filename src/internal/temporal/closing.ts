/**
 * The last event of an execution of Temporal, in our words.
 */
import { defaultFailureConverter, defaultPayloadConverter } from "@temporalio/common"
import * as Effect from "effect/Effect"
import type { ClosingEvent } from "../../HistoryEvent.ts"
import { StoreFailed, type WorkflowErrorReason } from "../../WorkflowError.ts"
import { closingOf } from "./failures.ts"
import { firstOf, timeOf } from "./json.ts"
import { type HistoryEvent, pageOf, type TemporalRun } from "./pages.ts"
import type { Server } from "./Server.ts"

/** The last event of a run as ours; `reason` is that of its cancel. `undefined` for an event that ends no execution. */
export const closingEvent = (event: HistoryEvent, reason = ""): ClosingEvent | undefined => {
  const at = timeOf(event.eventTime)
  if (event.workflowExecutionCompletedEventAttributes) {
    return { _tag: "ExecutionCompleted", at, value: firstOf(event.workflowExecutionCompletedEventAttributes.result) }
  }
  if (event.workflowExecutionCanceledEventAttributes) return { _tag: "ExecutionCancelled", at, reason }
  if (event.workflowExecutionTimedOutEventAttributes) return { _tag: "ExecutionTimedOut", at }
  if (event.workflowExecutionTerminatedEventAttributes) {
    return { _tag: "ExecutionTerminated", at, reason: event.workflowExecutionTerminatedEventAttributes.reason ?? "" }
  }
  const failed = event.workflowExecutionFailedEventAttributes
  if (!failed) return undefined
  return closingOf(defaultFailureConverter.failureToError(failed.failure ?? {}, defaultPayloadConverter), at)
}

/** The same, with the reason of a cancel, which stands in the history. */
export const closingIn = (
  server: Server,
  run: TemporalRun,
  event: HistoryEvent
): Effect.Effect<ClosingEvent, WorkflowErrorReason> => {
  const closing = closingEvent(event)
  if (closing === undefined) {
    return Effect.fail(new StoreFailed({ detail: `the run ends with ${JSON.stringify(event.eventType)}` }))
  }
  if (closing._tag !== "ExecutionCancelled" || !event.workflowExecutionCanceledEventAttributes) {
    return Effect.succeed(closing)
  }
  return Effect.map(reasonOfCancel(server, run), (reason) => ({ ...closing, reason }))
}

/** The reason of the first cancel in a part of a history. */
export const reasonIn = (events: ReadonlyArray<HistoryEvent>): string | undefined =>
  events.find((event) => event.workflowExecutionCancelRequestedEventAttributes)
    ?.workflowExecutionCancelRequestedEventAttributes?.cause ?? undefined

// internal

const reasonOfCancel = (
  server: Server,
  run: TemporalRun,
  token?: Uint8Array
): Effect.Effect<string, WorkflowErrorReason> =>
  Effect.flatMap(pageOf(server, run, { token }), ({ events, next }) => {
    const found = reasonIn(events)
    return found !== undefined || next === undefined ? Effect.succeed(found ?? "") : reasonOfCancel(server, run, next)
  })
