/**
 * Parts of Temporal's events as parts of ours.
 */
import { defaultFailureConverter, defaultPayloadConverter } from "@temporalio/common"
import type { temporal } from "@temporalio/proto"
import type * as Schema from "effect/Schema"
import type { ClosingEvent, EventOf, RecordedExit } from "../../HistoryEvent.ts"
import type { Sequence } from "../../Ids.ts"
import { closingOf, exitOf } from "./failures.ts"
import { firstOf, jsonOf } from "./json.ts"
import type { HistoryEvent as TemporalEvent } from "./pages.ts"
import { signalOf } from "./signals.ts"
import type { LeftOpen, SignalMeta } from "./wire.ts"

/** How an activity ended that did not succeed. */
export const exitIn = (
  failure: Failure | null | undefined,
  timeouts: EventOf<"ActivityScheduled">["timeouts"]
): RecordedExit => exitOf(errorIn(failure), timeouts)

/** That a handler has left its end to a caller outside. */
export const pendingOf = (seq: Sequence, at: number, value: LeftOpen): EventOf<"ActivityPending"> => {
  const { attempt, timeout } = value["perdure/pending"]
  return { _tag: "ActivityPending", at, seq, attempt, ...(timeout === undefined ? {} : { timeout }) }
}

/** A signal. */
export const signalIn = (
  { input, signalName }: temporal.api.history.v1.IWorkflowExecutionSignaledEventAttributes,
  at: number
): EventOf<"SignalReceived"> => {
  const meta = jsonOf(input?.payloads?.[1]) as SignalMeta | null
  return signalOf(signalName ?? "", firstOf(input), meta, at)
}

/** How a child ended. */
export const endOfChild = (event: TemporalEvent, at: number): ClosingEvent => {
  const completed = event.childWorkflowExecutionCompletedEventAttributes
  if (completed) return { _tag: "ExecutionCompleted", at, value: firstOf(completed.result) }
  if (event.childWorkflowExecutionCanceledEventAttributes) return { _tag: "ExecutionCancelled", at, reason: "" }
  if (event.childWorkflowExecutionTerminatedEventAttributes) return { _tag: "ExecutionTerminated", at, reason: "" }
  if (event.childWorkflowExecutionTimedOutEventAttributes) return { _tag: "ExecutionTimedOut", at }
  return closingOf(errorIn(event.childWorkflowExecutionFailedEventAttributes?.failure), at)
}

/** What Temporal's marker says of a patch. */
export const patchIn = ({
  details
}: temporal.api.history.v1.IMarkerRecordedEventAttributes): { readonly id?: string; readonly deprecated?: boolean } => {
  const data: Schema.Json = jsonOf(details?.["patch-data"]?.payloads?.[0])
  return typeof data === "object" && data !== null ? (data as { readonly id?: string }) : {}
}

// internal

type Failure = temporal.api.failure.v1.IFailure

const errorIn = (failure: Failure | null | undefined): Error =>
  defaultFailureConverter.failureToError(failure ?? {}, defaultPayloadConverter)
