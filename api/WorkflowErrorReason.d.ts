/**
 * The reasons of a `WorkflowError`, one for each decision that a caller can take.
 */
import * as Schema from "effect/Schema";
import { Cancelled, Defect, OtherFailed, Terminated, TimedOut } from "./EndErrorReason.ts";
import { NoProgram, NotPublished, OnlyReads, QueryDefect, UnknownQuery } from "./QueryErrorReason.ts";
import { ActivityOver } from "./ActivityError.ts";
import { Forbidden, RateLimited } from "./RefusalReason.ts";
import { AnswerDeleted, UpdateIdInUse } from "./UpdateErrorReason.ts";
export * from "./EndErrorReason.ts";
export * from "./QueryErrorReason.ts";
export * from "./RefusalReason.ts";
export { ActivityOver } from "./ActivityError.ts";
export { AnswerDeleted, UpdateIdInUse } from "./UpdateErrorReason.ts";
declare const NotFound_base: Schema.Class<NotFound, Schema.TaggedStruct<"NotFound", {}>, import("effect/Cause").YieldableError>;
/**
 * No execution has this id.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class NotFound extends NotFound_base {
    get message(): string;
}
declare const AlreadyRegistered_base: Schema.Class<AlreadyRegistered, Schema.TaggedStruct<"AlreadyRegistered", {
    readonly workflow: Schema.String;
}>, import("effect/Cause").YieldableError>;
/**
 * Two programs were registered under one name.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class AlreadyRegistered extends AlreadyRegistered_base {
    get message(): string;
}
declare const AmbiguousActivity_base: Schema.Class<AmbiguousActivity, Schema.TaggedStruct<"AmbiguousActivity", {
    readonly workflow: Schema.String;
    readonly activity: Schema.String;
}>, import("effect/Cause").YieldableError>;
/**
 * A workflow was given handlers of two activities that have one name.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class AmbiguousActivity extends AmbiguousActivity_base {
    get message(): string;
}
declare const AlreadyExists_base: Schema.Class<AlreadyExists, Schema.TaggedStruct<"AlreadyExists", {
    readonly status: Schema.Literals<readonly ["running", "blocked", "completed", "failed", "cancelled", "timedOut", "terminated"]>;
    readonly differs: Schema.Literals<readonly ["nothing", "input", "workflow"]>;
}>, import("effect/Cause").YieldableError>;
/**
 * The id is in use, and the start asked for a failure in that case or the id belongs to another input.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class AlreadyExists extends AlreadyExists_base {
    get message(): string;
}
declare const InvalidPayload_base: Schema.Class<InvalidPayload, Schema.TaggedStruct<"InvalidPayload", {
    readonly of: Schema.String;
    readonly issue: Schema.String;
}>, import("effect/Cause").YieldableError>;
/**
 * A value is not what its schema says, or a filter makes no sense.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class InvalidPayload extends InvalidPayload_base {
    get message(): string;
}
declare const InvalidId_base: Schema.Class<InvalidId, Schema.TaggedStruct<"InvalidId", {
    readonly bytes: Schema.Int;
}>, import("effect/Cause").YieldableError>;
/**
 * An id is longer than 1,024 bytes.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class InvalidId extends InvalidId_base {
    get message(): string;
}
declare const PayloadTooLarge_base: Schema.Class<PayloadTooLarge, Schema.TaggedStruct<"PayloadTooLarge", {
    /** Which value it is. */
    readonly of: Schema.optionalKey<Schema.String>;
    /** The size of the commit that would record it. */
    readonly bytes: Schema.Int;
    readonly limit: Schema.Int;
}>, import("effect/Cause").YieldableError>;
/**
 * A value is larger than the store accepts.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class PayloadTooLarge extends PayloadTooLarge_base {
    get message(): string;
}
declare const Finished_base: Schema.Class<Finished, Schema.TaggedStruct<"Finished", {
    readonly status: Schema.Literals<readonly ["running", "blocked", "completed", "failed", "cancelled", "timedOut", "terminated"]>;
}>, import("effect/Cause").YieldableError>;
/**
 * The execution is finished and takes no more messages.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class Finished extends Finished_base {
    get message(): string;
}
declare const Unfinished_base: Schema.Class<Unfinished, Schema.TaggedStruct<"Unfinished", {
    readonly status: Schema.Literals<readonly ["running", "blocked", "completed", "failed", "cancelled", "timedOut", "terminated"]>;
}>, import("effect/Cause").YieldableError>;
/**
 * The execution is not finished, so it cannot be deleted.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class Unfinished extends Unfinished_base {
    get message(): string;
}
declare const StillOwes_base: Schema.Class<StillOwes, Schema.TaggedStruct<"StillOwes", {
    readonly messages: Schema.Int;
}>, import("effect/Cause").YieldableError>;
/**
 * The execution still owes messages to other executions, so it cannot be deleted yet.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class StillOwes extends StillOwes_base {
    get message(): string;
}
declare const Restarted_base: Schema.Class<Restarted, Schema.TaggedStruct<"Restarted", {
    readonly runId: Schema.String;
}>, import("effect/Cause").YieldableError>;
/**
 * The id was started again since the handle was made, so the handle's execution is over.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class Restarted extends Restarted_base {
    get message(): string;
}
declare const WrongWorkflow_base: Schema.Class<WrongWorkflow, Schema.TaggedStruct<"WrongWorkflow", {
    readonly expected: Schema.String;
    readonly found: Schema.String;
}>, import("effect/Cause").YieldableError>;
/**
 * The execution belongs to another workflow.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class WrongWorkflow extends WrongWorkflow_base {
    get message(): string;
}
declare const NewerRelease_base: Schema.Class<NewerRelease, Schema.TaggedStruct<"NewerRelease", {
    readonly format: Schema.Int;
    readonly known: Schema.Int;
}>, import("effect/Cause").YieldableError>;
/**
 * The execution holds what only a newer release of this library can read.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class NewerRelease extends NewerRelease_base {
    get message(): string;
}
declare const Undecryptable_base: Schema.Class<Undecryptable, Schema.TaggedStruct<"Undecryptable", {
    /**
     * `"MissingKey"`: the codec has no key of that id. `"Refused"`: it has another key of that id, or the payload was changed, cut or
     * moved. `"NotEncrypted"`: the payload was written without a codec.
     */
    readonly fault: Schema.Literals<readonly ["MissingKey", "Refused", "NotEncrypted"]>;
    /** The key by which the payload says that it was encrypted; absent where it does not say. */
    readonly keyId: Schema.optionalKey<Schema.String>;
}>, import("effect/Cause").YieldableError>;
/**
 * The payload codec of this process cannot read what the store has of the execution. Nothing is lost: a process with the right keys
 * goes on with it.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class Undecryptable extends Undecryptable_base {
    get message(): string;
}
declare const Blocked_base: Schema.Class<Blocked, Schema.TaggedStruct<"Blocked", {
    readonly problem: Schema.Struct<{
        readonly reason: Schema.Literals<readonly ["NonDeterminism", "AsynchronousWork", "Spinning", "Undecodable", "TooLarge", "Unsupported", "LostAttempts", "HistoryTooLong", "Defect"]>;
        readonly message: Schema.String;
    }>;
}>, import("effect/Cause").YieldableError>;
/**
 * The execution cannot go on until its code is put right. It is not finished and nothing is lost.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class Blocked extends Blocked_base {
    get message(): string;
}
declare const StoreUnavailable_base: Schema.Class<StoreUnavailable, Schema.TaggedStruct<"StoreUnavailable", {
    readonly detail: Schema.String;
}>, import("effect/Cause").YieldableError>;
/**
 * The store did not answer for a while. Repeat a start, an update of an id or a signal of a key; otherwise look.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class StoreUnavailable extends StoreUnavailable_base {
    get message(): string;
}
declare const StoreFailed_base: Schema.Class<StoreFailed, Schema.TaggedStruct<"StoreFailed", {
    readonly detail: Schema.String;
}>, import("effect/Cause").YieldableError>;
/**
 * The store cannot do what was asked, and asking again does not help: what it has is damaged, or it is not made for that.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class StoreFailed extends StoreFailed_base {
    get message(): string;
}
declare const InTransaction_base: Schema.Class<InTransaction, Schema.TaggedStruct<"InTransaction", {}>, import("effect/Cause").YieldableError>;
/**
 * A transaction is open around the caller, and nothing can answer before that has taken effect. Return the handle, and ask afterwards.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class InTransaction extends InTransaction_base {
    get message(): string;
}
declare const ShutDown_base: Schema.Class<ShutDown, Schema.TaggedStruct<"ShutDown", {}>, import("effect/Cause").YieldableError>;
/**
 * The executor was shut down while the caller waited. The execution goes on elsewhere, or once an executor is started.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class ShutDown extends ShutDown_base {
    get message(): string;
}
/**
 * Why an operation on an execution failed.
 *
 * @category errors
 * @since 0.1.0
 */
export declare const WorkflowErrorReason: Schema.Union<readonly [typeof NotFound, typeof AlreadyRegistered, typeof AmbiguousActivity, typeof AlreadyExists, typeof InvalidPayload, typeof InvalidId, typeof PayloadTooLarge, typeof Finished, typeof Unfinished, typeof StillOwes, typeof Restarted, typeof WrongWorkflow, typeof NewerRelease, typeof Undecryptable, typeof Cancelled, typeof TimedOut, typeof Terminated, typeof Defect, typeof Blocked, typeof StoreUnavailable, typeof StoreFailed, typeof UpdateIdInUse, typeof AnswerDeleted, typeof ActivityOver, typeof OtherFailed, typeof UnknownQuery, typeof NoProgram, typeof NotPublished, typeof OnlyReads, typeof QueryDefect, typeof Forbidden, typeof RateLimited, typeof InTransaction, typeof ShutDown]>;
export type WorkflowErrorReason = typeof WorkflowErrorReason.Type;
