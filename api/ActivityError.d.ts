/**
 * How a call of an activity fails beside the errors of its contract.
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
export {};
