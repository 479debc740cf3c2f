/**
 * How a call of an activity fails beside the errors of its contract, and how it is refused to end it from outside.
 */
import * as Schema from "effect/Schema";
declare const ActivityTimedOut_base: Schema.Class<ActivityTimedOut, Schema.TaggedStruct<"ActivityTimedOut", {
    readonly activity: Schema.String;
    /** The timeout that passed, in milliseconds. */
    readonly after: Schema.Finite;
}>, import("effect/Cause").YieldableError>;
/**
 * An attempt, or all attempts together, took longer than the activity may. Name it in the `error` of an activity to
 * handle it as an error; otherwise it is a defect of the call.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class ActivityTimedOut extends ActivityTimedOut_base {
    get message(): string;
}
declare const ActivityOver_base: Schema.Class<ActivityOver, Schema.TaggedStruct<"ActivityOver", {
    readonly activity: Schema.String;
}>, import("effect/Cause").YieldableError>;
/**
 * A caller outside was to end a call of an activity that does not wait for it.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class ActivityOver extends ActivityOver_base {
    get message(): string;
}
export {};
