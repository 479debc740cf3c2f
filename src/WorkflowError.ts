/**
 * What can go wrong with an execution besides the errors of its own workflow: one error, a reason for each decision that a
 * caller can take. Every message says what to do.
 */
import * as Schema from "effect/Schema"
import { inShort } from "./Ids.ts"
import { TaggedError } from "./internal/taggedError.ts"
import { WorkflowErrorReason } from "./WorkflowErrorReason.ts"

export * from "./WorkflowErrorReason.ts"

/**
 * An operation on an execution failed. Decide with `Effect.catchReason("WorkflowError", "NotFound", ...)`.
 *
 * @category errors
 * @since 0.1.0
 */
export class WorkflowError extends TaggedError<WorkflowError>()("WorkflowError", {
  operation: Schema.Literals([
    "register",
    "start",
    "find",
    "result",
    "signal",
    "update",
    "complete",
    "cancel",
    "terminate",
    "query",
    "setAttributes",
    "describe",
    "list",
    "count",
    "history",
    "delete"
  ]),
  /** Absent where the operation is not about one execution. */
  workflowId: Schema.optionalKey(Schema.String),
  reason: WorkflowErrorReason
}) {
  override get message() {
    const on = this.workflowId === undefined ? "" : ` ${inShort(this.workflowId)}`
    return `${this.operation}${on}: ${this.reason.message}`
  }
}
