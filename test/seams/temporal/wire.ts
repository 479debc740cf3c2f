/**
 * How results that are not successes travel in Temporal's failures, between handlers, programs and clients.
 */
import { ActivityFailure, ApplicationFailure, TimeoutFailure } from "@temporalio/common"
import type { HistoryEvent } from "perdure"
import { defectOf } from "../../../src/internal/replay/defect.ts"

/** What a failure of ours carries: how an activity ended, or how an execution did. */
export type Carried = HistoryEvent.RecordedExit | HistoryEvent.ClosingEvent

/** A failure that carries a result. With `pause` Temporal makes another attempt after it, in milliseconds. */
export const failureOf = (carried: Carried, message: string, pause?: number): ApplicationFailure =>
  ApplicationFailure.create({
    type: `perdure/${carried._tag}`,
    message,
    details: [carried],
    nonRetryable: pause === undefined,
    // Temporal takes a delay of nothing for no delay at all, and then uses its own policy.
    ...(pause === undefined ? {} : { nextRetryDelay: Math.max(1, pause) })
  })

/** How an activity ended, from the failure that Temporal tells a program of. */
export const exitOf = (
  thrown: unknown,
  { timeouts = {} }: HistoryEvent.EventOf<"ActivityScheduled">
): HistoryEvent.RecordedExit => {
  const cause = thrown instanceof ActivityFailure ? thrown.cause : thrown
  if (cause instanceof ApplicationFailure && cause.type?.startsWith("perdure/") === true) {
    return cause.details![0] as HistoryEvent.RecordedExit
  }
  if (cause instanceof TimeoutFailure) {
    const limit = cause.timeoutType === "SCHEDULE_TO_CLOSE" ? timeouts.total : timeouts.attempt
    if (limit !== undefined) return { _tag: "TimedOut", after: limit }
  }
  return { _tag: "Die", defect: defectOf(cause) }
}

/**
 * What became of a message that Temporal could not deliver. It says the same of a receiver that is finished and of one that
 * never was. Any other failure is not an outcome and is thrown again.
 */
export const refusalOf = (thrown: unknown): HistoryEvent.MessageOutcome => {
  if (thrown instanceof ApplicationFailure && thrown.type === "ExternalWorkflowExecutionNotFound") {
    return { _tag: "Refused", reason: "NotFound" }
  }
  throw thrown
}
