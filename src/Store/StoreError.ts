/**
 * Why an operation of a store failed: one error, a reason for each decision that a caller can take.
 */
import * as Schema from "effect/Schema"
import { inShort, Version, WorkflowId } from "../Ids.ts"
import { TaggedError } from "../internal/taggedError.ts"
import { Undecryptable } from "../WorkflowErrorReason.ts"

export { Undecryptable } from "../WorkflowErrorReason.ts"

/**
 * Another commit came first at this version, or an earlier version is missing. Load, replay and try again.
 *
 * @category errors
 * @since 0.1.0
 */
export class Conflict extends TaggedError<Conflict>()("Conflict", {
  version: Version,
  latest: Schema.optionalKey(Version)
}) {
  override get message() {
    return (
      `version ${this.version} was not free` +
      (this.latest === undefined ? "" : `; the latest stored version is ${this.latest}`)
    )
  }
}

/**
 * The store did not answer, so it is not known whether the operation took place. Asking again is safe.
 *
 * @category errors
 * @since 0.1.0
 */
export class Unavailable extends TaggedError<Unavailable>()("Unavailable", {
  cause: Schema.Defect()
}) {
  override get message() {
    return `the store did not answer: ${this.cause instanceof Error ? this.cause.message : String(this.cause)}`
  }
}

/**
 * The events of the commit are larger than the store accepts.
 *
 * @category errors
 * @since 0.1.0
 */
export class TooLarge extends TaggedError<TooLarge>()("TooLarge", {
  bytes: Schema.Int,
  limit: Schema.Int
}) {
  override get message() {
    return (
      `the events take ${this.bytes} bytes and the store accepts ${this.limit}; keep large data elsewhere and pass ` +
      `a reference to it, or raise maxCommitBytes`
    )
  }
}

/**
 * What was stored cannot be read.
 *
 * @category errors
 * @since 0.1.0
 */
export class Corrupt extends TaggedError<Corrupt>()("Corrupt", {
  detail: Schema.String
}) {
  override get message() {
    return `what is stored cannot be read: ${this.detail}`
  }
}

/**
 * What was stored was written by a newer release, in a form that this one does not know. It is not damaged.
 *
 * @category errors
 * @since 0.2.0
 */
export class NewerFormat extends TaggedError<NewerFormat>()("NewerFormat", {
  format: Schema.Int,
  known: Schema.Int
}) {
  override get message() {
    return (
      `it was written in format ${this.format} and this release reads formats up to ${this.known}; use the release ` +
      `that wrote it`
    )
  }
}

/**
 * The store cannot do this at all, or not with the settings that it has.
 *
 * @category errors
 * @since 0.1.0
 */
export class Unsupported extends TaggedError<Unsupported>()("Unsupported", {
  detail: Schema.String
}) {
  override get message() {
    return this.detail
  }
}

/**
 * Why a store operation failed.
 *
 * @category errors
 * @since 0.1.0
 */
export const StoreErrorReason = Schema.Union([
  Conflict,
  Unavailable,
  TooLarge,
  Corrupt,
  NewerFormat,
  Undecryptable,
  Unsupported
])
export type StoreErrorReason = typeof StoreErrorReason.Type

/**
 * A store operation failed.
 *
 * @category errors
 * @since 0.1.0
 */
export class StoreError extends TaggedError<StoreError>()("StoreError", {
  operation: Schema.Literals([
    "open",
    "save",
    "load",
    "summary",
    "deletion",
    "list",
    "count",
    "delete",
    "changes",
    "heartbeat",
    "workers",
    "saveDetails",
    "details",
    "transaction"
  ]),
  workflowId: Schema.optionalKey(WorkflowId),
  reason: StoreErrorReason
}) {
  override get message() {
    const on = this.workflowId === undefined ? "" : ` of ${inShort(this.workflowId)}`
    return `${this.operation}${on}: ${this.reason.message}`
  }
}
