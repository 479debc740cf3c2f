/**
 * How the end of a program is recorded.
 */
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import type * as Schema from "effect/Schema"
import { type CommandEvent, describeDefect, type EventOf } from "../../HistoryEvent.ts"
import { WorkflowError } from "../../WorkflowError.ts"
import { failureOf } from "./failure.ts"
import { bounded, defectIn, defectOf } from "./defect.ts"

/** The last command of a program that has ended, by how it ended and whether it was to; `thrown` is what compensations failed with. */
export const closing = (
  exit: Exit.Exit<Schema.Json, Schema.Json | WorkflowError>,
  at: number,
  cancelled: EventOf<"CancelRequested"> | undefined,
  thrown: ReadonlyArray<unknown>
): CommandEvent => {
  if (Exit.isSuccess(exit)) return { _tag: "ExecutionCompleted", at, value: exit.value }
  const fail = exit.cause.reasons.find(Cause.isFailReason)
  const late = thrown.map((each) => describeDefect(defectOf(each)))
  if (cancelled !== undefined && Cause.hasInterrupts(exit.cause)) {
    const others = exit.cause.reasons.flatMap((reason) =>
      Cause.isInterruptReason(reason)
        ? []
        : Cause.isDieReason(reason)
          ? describeDefect(defectOf(reason.defect))
          : `failed with ${reason.error instanceof WorkflowError ? reason.error.message : JSON.stringify(reason.error)}`
    )
    const detail = detailOf([...others, ...late])
    return cancelled.kind === "timeout"
      ? { _tag: "ExecutionTimedOut", at, ...detail }
      : { _tag: "ExecutionCancelled", at, reason: cancelled.reason, ...detail }
  }
  if (fail !== undefined) return { _tag: "ExecutionFailed", at, failure: failureOf(fail.error), ...detailOf(late) }
  return { _tag: "ExecutionFailed", at, failure: { _tag: "Die", defect: defectIn(exit.cause, "the program", thrown) } }
}

// internal

/** What else failed while a run ended, where anything did. */
const detailOf = (others: ReadonlyArray<string>): { readonly detail?: string } =>
  others.length === 0 ? {} : { detail: bounded(others.join("\n")) }
