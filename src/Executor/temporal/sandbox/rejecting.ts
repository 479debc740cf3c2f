/**
 * How updates of Temporal are rejected: without a trace in the history, where Temporal can.
 */
import { ApplicationFailure } from "@temporalio/common"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import { reasonCodec } from "../../../internal/reason.ts"
import { rejectedType, type UpdateReply } from "../../../internal/temporal/wire.ts"
import type { WorkflowErrorReason } from "../../../WorkflowErrorReason.ts"

/** Why Temporal rejects an update, or a handler that has taken it: a reason, or the answer of its validation. */
export const rejection = (details: {
  readonly reason?: WorkflowErrorReason
  readonly reply?: UpdateReply
}): ApplicationFailure =>
  ApplicationFailure.create({
    type: rejectedType,
    message: details.reason?.message ?? "the validation of the update refuses it",
    details: [details.reason === undefined ? { reply: details.reply } : { reason: encoded(details.reason) }],
    nonRetryable: true
  })

/** A reason as it travels. */
export const encoded = (reason: WorkflowErrorReason): Schema.Json => Result.getOrThrow(reasonCodec.encode(reason))
