/**
 * Store errors as callers of the executor see them.
 */
import * as Cause from "effect/Cause"
import type * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import { StoreError, Unavailable, Unsupported } from "../../Store/WorkflowStore.ts"

/** The error of a failed store operation. A defect of a driver counts as an error that asking again does not mend. */
export const storeErrorOf = (exit: Exit.Failure<unknown, StoreError>): StoreError => {
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
