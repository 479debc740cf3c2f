/**
 * Store errors as callers of the executor see them.
 */
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import { StoreError, Unavailable, Unsupported } from "../../Store/WorkflowStore.ts"
import { PayloadTooLarge, StoreUnavailable, WorkflowError } from "../../WorkflowError.ts"

/** The error of a failed store operation; `undefined` when it succeeded. A defect of a driver is one that stays. */
export const storeErrorOf = (exit: Exit.Exit<unknown, StoreError>): StoreError | undefined => {
  if (Exit.isSuccess(exit)) return undefined
  const error = Cause.findError(exit.cause)
  if (Result.isSuccess(error)) return error.success
  const text = Cause.pretty(exit.cause)
  return new StoreError({
    operation: "save",
    reason: Cause.hasInterruptsOnly(exit.cause)
      ? new Unavailable({ cause: new Error("the operation was interrupted") })
      : new Unsupported({ detail: `the store has a bug: ${text}` })
  })
}

/** What a failed store operation means to whoever asked for it. */
export const ofStore = (operation: WorkflowError["operation"], workflowId: string, error: StoreError): WorkflowError =>
  new WorkflowError({
    operation,
    workflowId,
    reason:
      error.reason._tag === "TooLarge"
        ? new PayloadTooLarge({ bytes: error.reason.bytes, limit: error.reason.limit })
        : new StoreUnavailable({ detail: error.message })
  })
