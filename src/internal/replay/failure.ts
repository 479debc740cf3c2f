/**
 * Failures of programs and of handlers of updates, as they are recorded.
 */
import type * as Schema from "effect/Schema"
import type { RecordedFailure } from "../../HistoryEvent.ts"
import { WorkflowError } from "../../WorkflowError.ts"
import { bounded } from "./defect.ts"

/** The record of an encoded error, or of that of another execution which is not declared. */
export const failureOf = (error: Schema.Json | WorkflowError): RecordedFailure => {
  if (!(error instanceof WorkflowError)) return { _tag: "Fail", error }
  const { message, operation, reason, workflowId } = error
  const other = { _tag: "Other", operation, reason: reason._tag, message: bounded(message) } as const
  return workflowId === undefined ? other : { ...other, workflowId }
}
