/**
 * How executions end beside their own success and errors, as callers see it: `WorkflowError.ts` has these reasons among the others.
 */
import * as Schema from "effect/Schema";
import { RecordedDefect } from "./HistoryEvent.ts";
declare const Cancelled_base: Schema.Class<Cancelled, Schema.TaggedStruct<"Cancelled", {
    readonly because: Schema.String;
    readonly detail: Schema.optionalKey<Schema.String>;
}>, import("effect/Cause").YieldableError>;
/**
 * The execution was cancelled and its finalizers have run.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class Cancelled extends Cancelled_base {
    get message(): string;
}
declare const TimedOut_base: Schema.Class<TimedOut, Schema.TaggedStruct<"TimedOut", {
    readonly detail: Schema.optionalKey<Schema.String>;
}>, import("effect/Cause").YieldableError>;
/**
 * The execution took longer than its timeout.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class TimedOut extends TimedOut_base {
    get message(): string;
}
declare const Terminated_base: Schema.Class<Terminated, Schema.TaggedStruct<"Terminated", {
    readonly because: Schema.String;
}>, import("effect/Cause").YieldableError>;
/**
 * The execution was terminated from outside.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class Terminated extends Terminated_base {
    get message(): string;
}
declare const Defect_base: Schema.Class<Defect, Schema.TaggedStruct<"Defect", {
    readonly defect: Schema.Codec<RecordedDefect, RecordedDefect, never, never>;
    /** The update whose handler had it; the program went on. */
    readonly update: Schema.optionalKey<Schema.String>;
}>, import("effect/Cause").YieldableError>;
/**
 * The program, or the handler of an update, ended with a defect: a bug, recorded with its stack.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class Defect extends Defect_base {
    get message(): string;
}
declare const OtherFailed_base: Schema.Class<OtherFailed, Schema.TaggedStruct<"OtherFailed", {
    /** What the program did. */
    readonly operation: Schema.String;
    /** The other execution. */
    readonly workflowId: Schema.optionalKey<Schema.String>;
    /** The tag of the reason. */
    readonly because: Schema.String;
    readonly detail: Schema.String;
    /** The update whose handler ended; the program went on. */
    readonly update: Schema.optionalKey<Schema.String>;
}>, import("effect/Cause").YieldableError>;
/**
 * The program or an update ended because an operation on another execution failed, and its definition has no error for that.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class OtherFailed extends OtherFailed_base {
    get message(): string;
}
export {};
