/**
 * The last event of an execution of Temporal, in our words.
 */
import { defaultFailureConverter, defaultPayloadConverter } from "@temporalio/common"
import type { temporal } from "@temporalio/proto"
import * as Effect from "effect/Effect"
import type { ClosingEvent } from "../../HistoryEvent.ts"
import { StoreFailed, type WorkflowErrorReason } from "../../WorkflowError.ts"
import { closingOf } from "./failures.ts"
import { firstOf, timeOf } from "./json.ts"
import { ask, type Server } from "./Server.ts"

/** An event of Temporal. */
export type HistoryEvent = temporal.api.history.v1.IHistoryEvent

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
  execution: { readonly workflowId: string; readonly runId: string },
  event: HistoryEvent
): Effect.Effect<ClosingEvent, WorkflowErrorReason> => {
  const closing = closingEvent(event)
  if (closing === undefined) {
    return Effect.fail(new StoreFailed({ detail: `the run ends with ${JSON.stringify(event.eventType)}` }))
  }
  if (closing._tag !== "ExecutionCancelled" || !event.workflowExecutionCanceledEventAttributes) {
    return Effect.succeed(closing)
  }
  return Effect.map(reasonOfCancel(server, execution), (reason) => ({ ...closing, reason }))
}

/** The reason of the first cancel in a part of a history. */
export const reasonIn = (events: ReadonlyArray<HistoryEvent>): string | undefined =>
  events.find((event) => event.workflowExecutionCancelRequestedEventAttributes)
    ?.workflowExecutionCancelRequestedEventAttributes?.cause ?? undefined

// internal

const reasonOfCancel = (
  server: Server,
  execution: { readonly workflowId: string; readonly runId: string },
  nextPageToken?: Uint8Array
): Effect.Effect<string, WorkflowErrorReason> =>
  Effect.flatMap(
    ask(server, ({ workflowService }) =>
      workflowService.getWorkflowExecutionHistory({
        namespace: server.namespace,
        execution,
        ...(nextPageToken === undefined ? {} : { nextPageToken })
      })
    ),
    ({ history, nextPageToken: token }): Effect.Effect<string, WorkflowErrorReason> => {
      const found = reasonIn(history?.events ?? [])
      if (found !== undefined || !token || token.length === 0) return Effect.succeed(found ?? "")
      return reasonOfCancel(server, execution, token)
    }
  )
