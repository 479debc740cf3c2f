/**
 * The reasons of a `WorkflowError`, one for each decision that a caller can take.
 */
import * as Schema from "effect/Schema"
import { Cancelled, Defect, OtherFailed, Terminated, TimedOut } from "./EndErrorReason.ts"
import { encryptedFormats, Problem, unfinishedImport, WorkflowStatus } from "./HistoryEvent.ts"
import { NoProgram, NotPublished, OnlyReads, QueryDefect, UnknownQuery } from "./QueryErrorReason.ts"

import { ActivityOver } from "./ActivityError.ts"
import { TaggedError } from "./internal/taggedError.ts"
import { Forbidden, RateLimited } from "./RefusalReason.ts"
import { AnswerDeleted, UpdateIdInUse } from "./UpdateErrorReason.ts"

export * from "./EndErrorReason.ts"
export * from "./QueryErrorReason.ts"
export * from "./RefusalReason.ts"
export { ActivityOver } from "./ActivityError.ts"
export { AnswerDeleted, UpdateIdInUse } from "./UpdateErrorReason.ts"

/**
 * No execution has this id.
 *
 * @category errors
 * @since 0.1.0
 */
export class NotFound extends TaggedError<NotFound>()("NotFound", {}) {
  override get message() {
    return "there is no such execution; start it first, or look at the id and at the store that is connected"
  }
}

/**
 * Two programs were registered under one name.
 *
 * @category errors
 * @since 0.1.0
 */
export class AlreadyRegistered extends TaggedError<AlreadyRegistered>()("AlreadyRegistered", {
  workflow: Schema.String
}) {
  override get message() {
    return `workflow ${JSON.stringify(this.workflow)} is registered already; give one of the two another name or version`
  }
}

/**
 * A workflow was given handlers of two activities that have one name.
 *
 * @category errors
 * @since 0.2.0
 */
export class AmbiguousActivity extends TaggedError<AmbiguousActivity>()("AmbiguousActivity", {
  workflow: Schema.String,
  activity: Schema.String
}) {
  override get message() {
    return (
      `workflow ${JSON.stringify(this.workflow)} has handlers of two activities named ${JSON.stringify(this.activity)}; ` +
      `give one of the two another name, or provide each workflow with its own handlers only`
    )
  }
}

/**
 * The id is in use, and the start asked for a failure in that case or the id belongs to another input.
 *
 * @category errors
 * @since 0.1.0
 */
export class AlreadyExists extends TaggedError<AlreadyExists>()("AlreadyExists", {
  status: WorkflowStatus,
  differs: Schema.Literals(["nothing", "input", "workflow"])
}) {
  override get message() {
    if (this.differs === "workflow") return `the id belongs to another workflow (${this.status}); use another id`
    const difference = this.differs === "nothing" ? "" : " with another input"
    return (
      `an execution with this id exists${difference} (${this.status}); use another id. Outside of programs you can also ` +
      `get its handle, or start it with whenExists "restart" once it is finished`
    )
  }
}

/**
 * A value is not what its schema says, or a filter makes no sense.
 *
 * @category errors
 * @since 0.1.0
 */
export class InvalidPayload extends TaggedError<InvalidPayload>()("InvalidPayload", {
  of: Schema.String,
  issue: Schema.String
}) {
  override get message() {
    return `${this.of}: ${this.issue}`
  }
}

/**
 * An id is longer than 1,024 bytes.
 *
 * @category errors
 * @since 0.1.0
 */
export class InvalidId extends TaggedError<InvalidId>()("InvalidId", {
  bytes: Schema.Int
}) {
  override get message() {
    return `a workflow id may have 1024 bytes and this one has ${this.bytes}; use a digest of it`
  }
}

/**
 * A value is larger than the store accepts.
 *
 * @category errors
 * @since 0.1.0
 */
export class PayloadTooLarge extends TaggedError<PayloadTooLarge>()("PayloadTooLarge", {
  /** Which value it is. */
  of: Schema.optionalKey(Schema.String),
  /** The size of the commit that would record it. */
  bytes: Schema.Int,
  limit: Schema.Int
}) {
  override get message() {
    return (
      `${this.of ?? "the payload"} takes ${this.bytes} bytes and the store accepts ${this.limit}; keep large data ` +
      `elsewhere and pass a reference to it`
    )
  }
}

/**
 * The execution is finished and takes no more messages.
 *
 * @category errors
 * @since 0.1.0
 */
export class Finished extends TaggedError<Finished>()("Finished", {
  status: WorkflowStatus
}) {
  override get message() {
    return `the execution is finished (${this.status}) and takes no more messages; read its result instead`
  }
}

/**
 * The execution is not finished, so it cannot be deleted.
 *
 * @category errors
 * @since 0.1.0
 */
export class Unfinished extends TaggedError<Unfinished>()("Unfinished", {
  status: WorkflowStatus
}) {
  override get message() {
    return `the execution is not finished (${this.status}); cancel or terminate it first`
  }
}

/**
 * The execution still owes messages to other executions, so it cannot be deleted yet.
 *
 * @category errors
 * @since 0.2.0
 */
export class StillOwes extends TaggedError<StillOwes>()("StillOwes", {
  messages: Schema.Int
}) {
  override get message() {
    return (
      `the execution is finished and still owes ${this.messages} message(s) to other executions; try again when a ` +
      `worker has delivered them`
    )
  }
}

/**
 * The id was started again since the handle was made, so the handle's execution is over.
 *
 * @category errors
 * @since 0.2.0
 */
export class Restarted extends TaggedError<Restarted>()("Restarted", {
  runId: Schema.String
}) {
  override get message() {
    return `the id was started again, as run ${JSON.stringify(this.runId)}; get a new handle to speak to that one`
  }
}

/**
 * The execution belongs to another workflow.
 *
 * @category errors
 * @since 0.2.0
 */
export class WrongWorkflow extends TaggedError<WrongWorkflow>()("WrongWorkflow", {
  expected: Schema.String,
  found: Schema.String
}) {
  override get message() {
    return (
      `this is an execution of workflow ${JSON.stringify(this.found)}, not of ${JSON.stringify(this.expected)}; use the ` +
      `definition of that workflow, or another id`
    )
  }
}

/**
 * The execution holds what only a newer release of this library can read.
 *
 * @category errors
 * @since 0.2.0
 */
export class NewerRelease extends TaggedError<NewerRelease>()("NewerRelease", {
  format: Schema.Int,
  known: Schema.Int
}) {
  override get message() {
    if (this.format === unfinishedImport)
      return "its import is not over: import it again as a whole, which goes on from there"
    if (this.format > encryptedFormats)
      return "its payloads are encrypted, and this process has no codec: provide PayloadCodec.layer over its store"
    return (
      `the execution was recorded in format ${this.format} and this release reads formats up to ${this.known}; ` +
      `update this process to the release that wrote it`
    )
  }
}

/**
 * The payload codec of this process cannot read what the store has of the execution. Nothing is lost: a process with the right keys
 * goes on with it.
 *
 * @category errors
 * @since 0.2.0
 */
export class Undecryptable extends TaggedError<Undecryptable>()("Undecryptable", {
  /**
   * `"MissingKey"`: the codec has no key of that id. `"Refused"`: it has another key of that id, or the payload was changed, cut or
   * moved. `"NotEncrypted"`: the payload was written without a codec.
   */
  fault: Schema.Literals(["MissingKey", "Refused", "NotEncrypted"]),
  /** The key by which the payload says that it was encrypted; absent where it does not say. */
  keyId: Schema.optionalKey(Schema.String)
}) {
  override get message() {
    const { fault, keyId } = this
    const key = keyId === undefined ? "a key that it does not name" : `the key ${JSON.stringify(keyId)}`
    switch (fault) {
      case "MissingKey":
        if (keyId === undefined)
          return "it is encrypted, and this process has no payload codec: give it one, with the key"
        return `it is encrypted with ${key}, which this process does not have: give the payload codec that key too`
      case "Refused":
        return `it is encrypted with ${key}, and cannot be decrypted: this process has another key of that id, or it was changed, cut or moved`
      case "NotEncrypted":
        return "it is not encrypted: set readPlain of the payload codec while there is anything from before the codec"
    }
  }
}

/**
 * The execution cannot go on until its code is put right. It is not finished and nothing is lost.
 *
 * @category errors
 * @since 0.1.0
 */
export class Blocked extends TaggedError<Blocked>()("Blocked", {
  problem: Problem
}) {
  override get message() {
    return `the execution is blocked: ${this.problem.message}`
  }
}

/**
 * The store did not answer for a while. Repeat a start, an update of an id or a signal of a key; otherwise look.
 *
 * @category errors
 * @since 0.1.0
 */
export class StoreUnavailable extends TaggedError<StoreUnavailable>()("StoreUnavailable", {
  detail: Schema.String
}) {
  override get message() {
    return `the store could not be used: ${this.detail}; try again: a start, an update with an id and a signal with a key may be repeated safely; look at the execution before you repeat anything else`
  }
}

/**
 * The store cannot do what was asked, and asking again does not help: what it has is damaged, or it is not made for that.
 *
 * @category errors
 * @since 0.2.0
 */
export class StoreFailed extends TaggedError<StoreFailed>()("StoreFailed", {
  detail: Schema.String
}) {
  override get message() {
    return this.detail
  }
}

/**
 * A transaction is open around the caller, and nothing can answer before that has taken effect. Return the handle, and ask afterwards.
 *
 * @category errors
 * @since 0.2.0
 */
export class InTransaction extends TaggedError<InTransaction>()("InTransaction", {}) {
  override get message() {
    return (
      `a transaction is open, and no worker hears of anything in it before it has taken effect; wait for results, ask for updates ` +
      `and query after it`
    )
  }
}

/**
 * The executor was shut down while the caller waited. The execution goes on elsewhere, or once an executor is started.
 *
 * @category errors
 * @since 0.1.0
 */
export class ShutDown extends TaggedError<ShutDown>()("ShutDown", {}) {
  override get message() {
    return "the executor was shut down; the execution is kept and goes on when an executor runs it again"
  }
}

/**
 * Why an operation on an execution failed.
 *
 * @category errors
 * @since 0.1.0
 */
export const WorkflowErrorReason = Schema.Union([
  NotFound,
  AlreadyRegistered,
  AmbiguousActivity,
  AlreadyExists,
  InvalidPayload,
  InvalidId,
  PayloadTooLarge,
  Finished,
  Unfinished,
  StillOwes,
  Restarted,
  WrongWorkflow,
  NewerRelease,
  Undecryptable,
  Cancelled,
  TimedOut,
  Terminated,
  Defect,
  Blocked,
  StoreUnavailable,
  StoreFailed,
  UpdateIdInUse,
  AnswerDeleted,
  ActivityOver,
  OtherFailed,
  UnknownQuery,
  NoProgram,
  NotPublished,
  OnlyReads,
  QueryDefect,
  Forbidden,
  RateLimited,
  InTransaction,
  ShutDown
])
export type WorkflowErrorReason = typeof WorkflowErrorReason.Type
