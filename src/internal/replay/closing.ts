/**
 * How the end of a program is recorded.
 */
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import type * as Schema from "effect/Schema"
import { type CommandEvent, describeDefect, type EventOf, type RecordedFailure } from "../../HistoryEvent.ts"
import { WorkflowError } from "../../WorkflowError.ts"
import { bounded, defectOf, defectsOf } from "./defect.ts"

/** The last command of a program that has ended, by how it ended and whether it was to. */
export const closing = (
  exit: Exit.Exit<Schema.Json, Schema.Json | WorkflowError>,
  at: number,
  cancelled: EventOf<"CancelRequested"> | undefined
): CommandEvent => {
  if (Exit.isSuccess(exit)) return { _tag: "ExecutionCompleted", at, value: exit.value }
  const fail = exit.cause.reasons.find(Cause.isFailReason)
  const dies = exit.cause.reasons.filter(Cause.isDieReason)
  if (cancelled !== undefined && Cause.hasInterrupts(exit.cause)) {
    const others = exit.cause.reasons.flatMap((reason) =>
      Cause.isInterruptReason(reason)
        ? []
        : Cause.isDieReason(reason)
          ? describeDefect(defectOf(reason.defect))
          : `failed with ${reason.error instanceof WorkflowError ? reason.error.message : JSON.stringify(reason.error)}`
    )
    const detail = others.length === 0 ? {} : { detail: bounded(others.join("\n")) }
    return cancelled.kind === "timeout"
      ? { _tag: "ExecutionTimedOut", at, ...detail }
      : { _tag: "ExecutionCancelled", at, reason: cancelled.reason, ...detail }
  }
  if (fail !== undefined) return { _tag: "ExecutionFailed", at, failure: failureOf(fail.error) }
  const defect =
    dies.length === 0
      ? { name: "Interrupted", message: "the program interrupted itself" }
      : defectsOf(dies.map(({ defect }) => defect))
  return { _tag: "ExecutionFailed", at, failure: { _tag: "Die", defect } }
}

// internal

const failureOf = (error: Schema.Json | WorkflowError): RecordedFailure => {
  if (!(error instanceof WorkflowError)) return { _tag: "Fail", error }
  const { message, operation, reason, workflowId } = error
  const other = { _tag: "Other", operation, reason: reason._tag, message: bounded(message) } as const
  return workflowId === undefined ? other : { ...other, workflowId }
}
