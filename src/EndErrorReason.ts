/**
 * How executions end beside their own success and errors, as callers see it: `WorkflowError.ts` has these reasons among the others.
 */
import * as Schema from "effect/Schema"
import { describeDefect, RecordedDefect } from "./HistoryEvent.ts"
import { TaggedError } from "./internal/taggedError.ts"
import { programOr } from "./UpdateErrorReason.ts"

/**
 * The execution was cancelled and its finalizers have run.
 *
 * @category errors
 * @since 0.1.0
 */
export class Cancelled extends TaggedError<Cancelled>()("Cancelled", {
  because: Schema.String,
  detail: Schema.optionalKey(Schema.String)
}) {
  override get message() {
    return `the execution was cancelled: ${this.because}${this.detail === undefined ? "" : `\n${this.detail}`}`
  }
}

/**
 * The execution took longer than its timeout.
 *
 * @category errors
 * @since 0.1.0
 */
export class TimedOut extends TaggedError<TimedOut>()("TimedOut", {
  detail: Schema.optionalKey(Schema.String)
}) {
  override get message() {
    return `the execution took longer than its timeout${this.detail === undefined ? "" : `\n${this.detail}`}`
  }
}

/**
 * The execution was terminated from outside.
 *
 * @category errors
 * @since 0.1.0
 */
export class Terminated extends TaggedError<Terminated>()("Terminated", {
  because: Schema.String
}) {
  override get message() {
    return `the execution was terminated: ${this.because}`
  }
}

/**
 * The program, or the handler of an update, ended with a defect: a bug, recorded with its stack.
 *
 * @category errors
 * @since 0.1.0
 */
export class Defect extends TaggedError<Defect>()("Defect", {
  defect: RecordedDefect,
  /** The update whose handler had it; the program went on. */
  update: Schema.optionalKey(Schema.String)
}) {
  override get message() {
    return `${programOr(this.update)} ended with a defect: ${describeDefect(this.defect)}`
  }
}

/**
 * The program or an update ended because an operation on another execution failed, and its definition has no error for that.
 *
 * @category errors
 * @since 0.2.0
 */
export class OtherFailed extends TaggedError<OtherFailed>()("OtherFailed", {
  /** What the program did. */
  operation: Schema.String,
  /** The other execution. */
  workflowId: Schema.optionalKey(Schema.String),
  /** The tag of the reason. */
  because: Schema.String,
  detail: Schema.String,
  /** The update whose handler ended; the program went on. */
  update: Schema.optionalKey(Schema.String)
}) {
  override get message() {
    return `${programOr(this.update)} ended by what it asked of another execution: ${this.detail}`
  }
}
