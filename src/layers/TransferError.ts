/**
 * Why executions could not be moved.
 */
import * as Schema from "effect/Schema"
import { WorkerId } from "../Ids.ts"
import { TaggedError } from "../internal/taggedError.ts"

/**
 * Workers run on the store. What an export reads is out of date at once then, and would go on in two stores. Of an import they take what
 * is there before the rest has come, and what that owes to the rest is lost.
 *
 * @category errors
 * @since 0.2.0
 */
export class StillRunning extends TaggedError<StillRunning>()("StillRunning", {
  workers: Schema.Array(WorkerId)
}) {
  override get message() {
    const some = this.workers.slice(0, 5).join(", ")
    return (
      `workers run on this store (${some}): stop them first, and wait for their leases if they were killed; ` +
      "where nothing is lost by it, say whileRunning: true"
    )
  }
}

/**
 * A line is not what an export has there. What came before it is imported.
 *
 * @category errors
 * @since 0.2.0
 */
export class BadLine extends TaggedError<BadLine>()("BadLine", {
  /** Its number, from 1. */
  line: Schema.Int,
  detail: Schema.String
}) {
  override get message() {
    return `line ${this.line}: ${this.detail}`
  }
}

/**
 * A newer release has made the export.
 *
 * @category errors
 * @since 0.2.0
 */
export class NewerExport extends TaggedError<NewerExport>()("NewerExport", {
  /** The form of the lines, or the format of the events in them. */
  form: Schema.Int,
  known: Schema.Int
}) {
  override get message() {
    return `a newer release has made this export (form ${this.form}, and this one knows ${this.known}): install that one`
  }
}

/**
 * The lines end too early. What came is imported, and importing the whole export goes on from there.
 *
 * @category errors
 * @since 0.2.0
 */
export class CutOff extends TaggedError<CutOff>()("CutOff", {
  /** How many lines there were. */
  lines: Schema.Int
}) {
  override get message() {
    return `the export is not whole: it ends after ${this.lines} lines; import the whole of it, which goes on from there`
  }
}

/**
 * Why executions could not be moved.
 *
 * @category errors
 * @since 0.2.0
 */
export const TransferErrorReason = Schema.Union([StillRunning, BadLine, NewerExport, CutOff])
export type TransferErrorReason = typeof TransferErrorReason.Type

/**
 * Executions could not be moved.
 *
 * @category errors
 * @since 0.2.0
 */
export class TransferError extends TaggedError<TransferError>()("TransferError", {
  operation: Schema.Literals(["export", "import"]),
  reason: TransferErrorReason
}) {
  override get message() {
    return `${this.operation}: ${this.reason.message}`
  }
}
