/**
 * Failed store operations as callers of executors see them.
 */
import * as Effect from "effect/Effect"
import { formatVersion } from "../../HistoryEvent.ts"
import type { Ref } from "../../Ids.ts"
import { chainMeant } from "../core/continued.ts"
import type { ExecutionSummary, StoreError } from "../../Store/WorkflowStore.ts"
import {
  InvalidPayload,
  NewerRelease,
  PayloadTooLarge,
  Restarted,
  StoreFailed,
  StoreUnavailable,
  WorkflowError,
  type WorkflowErrorReason
} from "../../WorkflowError.ts"

/** What a failed store operation means to a caller. */
export const reasonOf = (error: StoreError): WorkflowErrorReason => {
  switch (error.reason._tag) {
    case "TooLarge":
      return new PayloadTooLarge({ bytes: error.reason.bytes, limit: error.reason.limit })
    case "NewerFormat":
      return new NewerRelease({ format: error.reason.format, known: error.reason.known })
    case "Undecryptable":
      return error.reason
    case "Corrupt":
    case "Unsupported":
      return new StoreFailed({ detail: error.message })
    case "Conflict":
    case "Unavailable":
      return new StoreUnavailable({ detail: error.message })
  }
}

/** The error of an operation, from the reason or the store error with which it failed. */
export const workflowError =
  (operation: WorkflowError["operation"], workflowId?: string) =>
  <A, R>(effect: Effect.Effect<A, WorkflowErrorReason | StoreError, R>): Effect.Effect<A, WorkflowError, R> =>
    Effect.mapError(effect, (error) => {
      const reason = named(operation, error._tag === "StoreError" ? reasonIn(operation, error) : error)
      return new WorkflowError(workflowId === undefined ? { operation, reason } : { operation, workflowId, reason })
    })

/** What a failed store operation means to the caller of an operation: a filter or a cursor that makes no sense is its own. */
const reasonIn = (operation: WorkflowError["operation"], error: StoreError): WorkflowErrorReason => {
  const { reason } = error
  return reason._tag === "Unsupported" && (operation === "list" || operation === "count")
    ? new InvalidPayload({ of: "the filter", issue: reason.detail.replace(/^the filter: /, "") })
    : reasonOf(error)
}

/** What may be too large in an operation. */
const payloads: { readonly [Operation in WorkflowError["operation"]]?: string } = {
  start: "the input",
  signal: "the payload of the signal",
  update: "the input of the update",
  cancel: "the reason",
  terminate: "the reason"
}

const named = (operation: WorkflowError["operation"], reason: WorkflowErrorReason): WorkflowErrorReason => {
  const of = payloads[operation]
  if (reason._tag !== "PayloadTooLarge" || reason.of !== undefined || of === undefined) return reason
  return new PayloadTooLarge({ of, bytes: reason.bytes, limit: reason.limit })
}

/** Why an execution that was found is not one that a caller may act on; `undefined` when it is. */
export const refused = (ref: Ref, summary: ExecutionSummary): Restarted | NewerRelease | undefined => {
  const { chain = summary.runId, format = 1, runId } = summary
  if (chainMeant(summary, ref.runId) !== chain) return new Restarted({ runId })
  return format > formatVersion ? new NewerRelease({ format, known: formatVersion }) : undefined
}

/** Whether this release can never read what the store has of an execution: it is damaged, or a newer release has recorded it. */
export const isUnreadable = ({ reason }: StoreError): boolean =>
  reason._tag === "NewerFormat" || reason._tag === "Corrupt"

/** Whether asking again helps this process no more: it is unreadable, or the payload codec has not the keys for it. */
export const isUnreadableHere = (error: StoreError): boolean =>
  isUnreadable(error) || error.reason._tag === "Undecryptable"
