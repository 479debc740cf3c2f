/**
 * Why an operation of a store failed: one error, a reason for each decision that a caller can take.
 */
import * as Schema from "effect/Schema";
import { Undecryptable } from "../WorkflowErrorReason.ts";
export { Undecryptable } from "../WorkflowErrorReason.ts";
declare const Conflict_base: Schema.Class<Conflict, Schema.TaggedStruct<"Conflict", {
    readonly version: Schema.brand<Schema.Int, "Version">;
    readonly latest: Schema.optionalKey<Schema.brand<Schema.Int, "Version">>;
}>, import("effect/Cause").YieldableError>;
/**
 * Another commit came first at this version, or an earlier version is missing. Load, replay and try again.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class Conflict extends Conflict_base {
    get message(): string;
}
declare const Unavailable_base: Schema.Class<Unavailable, Schema.TaggedStruct<"Unavailable", {
    readonly cause: Schema.Defect;
}>, import("effect/Cause").YieldableError>;
/**
 * The store did not answer, so it is not known whether the operation took place. Asking again is safe.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class Unavailable extends Unavailable_base {
    get message(): string;
}
declare const TooLarge_base: Schema.Class<TooLarge, Schema.TaggedStruct<"TooLarge", {
    readonly bytes: Schema.Int;
    readonly limit: Schema.Int;
}>, import("effect/Cause").YieldableError>;
/**
 * The events of the commit are larger than the store accepts.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class TooLarge extends TooLarge_base {
    get message(): string;
}
declare const Corrupt_base: Schema.Class<Corrupt, Schema.TaggedStruct<"Corrupt", {
    readonly detail: Schema.String;
}>, import("effect/Cause").YieldableError>;
/**
 * What was stored cannot be read.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class Corrupt extends Corrupt_base {
    get message(): string;
}
declare const NewerFormat_base: Schema.Class<NewerFormat, Schema.TaggedStruct<"NewerFormat", {
    readonly format: Schema.Int;
    readonly known: Schema.Int;
}>, import("effect/Cause").YieldableError>;
/**
 * What was stored was written by a newer release, in a form that this one does not know. It is not damaged.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class NewerFormat extends NewerFormat_base {
    get message(): string;
}
declare const Unsupported_base: Schema.Class<Unsupported, Schema.TaggedStruct<"Unsupported", {
    readonly detail: Schema.String;
}>, import("effect/Cause").YieldableError>;
/**
 * The store cannot do this at all, or not with the settings that it has.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class Unsupported extends Unsupported_base {
    get message(): string;
}
/**
 * Why a store operation failed.
 *
 * @category errors
 * @since 0.1.0
 */
export declare const StoreErrorReason: Schema.Union<readonly [typeof Conflict, typeof Unavailable, typeof TooLarge, typeof Corrupt, typeof NewerFormat, typeof Undecryptable, typeof Unsupported]>;
export type StoreErrorReason = typeof StoreErrorReason.Type;
declare const StoreError_base: Schema.Class<StoreError, Schema.TaggedStruct<"StoreError", {
    readonly operation: Schema.Literals<readonly ["open", "save", "load", "summary", "deletion", "list", "count", "delete", "changes", "heartbeat", "workers", "saveDetails", "details", "transaction"]>;
    readonly workflowId: Schema.optionalKey<Schema.brand<Schema.String, "WorkflowId">>;
    readonly reason: Schema.Union<readonly [typeof Conflict, typeof Unavailable, typeof TooLarge, typeof Corrupt, typeof NewerFormat, typeof Undecryptable, typeof Unsupported]>;
}>, import("effect/Cause").YieldableError>;
/**
 * A store operation failed.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class StoreError extends StoreError_base {
    get message(): string;
}
