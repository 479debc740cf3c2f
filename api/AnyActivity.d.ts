/**
 * What all activities have in common, and how they are called. `Activity` has all of it.
 */
import type * as Duration from "effect/Duration";
import type * as Effect from "effect/Effect";
import type * as Schema from "effect/Schema";
import type { AnyHandler } from "./internal/requirements.ts";
import type { TimeoutInput } from "./internal/timeouts.ts";
import type * as RetryPolicy from "./RetryPolicy.ts";
import type { WorkflowContext } from "./WorkflowContext.ts";
/**
 * Stands in the requirements of a workflow for the handler of an activity of this name and these types, so that a forgotten
 * one, or that of another contract, is a compile error.
 *
 * @category models
 * @since 0.1.0
 */
export interface Handler<in out Name extends string, in out Input, in out Success, in out Error> extends AnyHandler {
    readonly "~perdure/Activity/Handler": Name;
    readonly "~perdure/Activity/Contract": (contract: [Name, Input, Success, Error]) => [Name, Input, Success, Error];
}
/**
 * Marks activities.
 *
 * @category symbols
 * @since 0.2.0
 */
export declare const TypeId: "~perdure/Activity";
/**
 * Any activity, whatever its types.
 *
 * @category models
 * @since 0.2.0
 */
export interface Any {
    readonly [TypeId]: typeof TypeId;
    readonly name: string;
    readonly input: Schema.Codec<unknown, unknown>;
    readonly success: Schema.Codec<unknown, unknown>;
    readonly error: Schema.Codec<unknown, unknown>;
}
/**
 * Schedules an activity and waits for its result.
 *
 * @category models
 * @since 0.2.0
 */
export interface Call<Name extends string, Input extends Schema.Codec<unknown, unknown>, Success extends Schema.Codec<unknown, unknown>, Error extends Schema.Codec<unknown, unknown>> {
    (input: Input["Type"]): Effect.Effect<Success["Type"], Error["Type"], WorkflowContext | Handler<Name, Input["Type"], Success["Type"], Error["Type"]>>;
}
/**
 * What a call does otherwise than the contract of its activity.
 *
 * @category models
 * @since 0.2.0
 */
export interface CallOptions {
    /** One attempt, or `{ attempt, total }`. What is left out is as in the contract; `Infinity` is no limit. */
    readonly timeout?: TimeoutInput | undefined;
    /**
     * Recorded with the call, so a policy of numbers: `exponential` without functions, `none` or `standard`. What the contract's own
     * `exponential` says of errors (`nonRetryable`, `retryAfter`) holds for it too.
     */
    readonly retry?: RetryPolicy.Recordable | undefined;
}
/**
 * How many attempts of an activity run at once and begin in a time, in each worker. The others stand in line, where activities take
 * turns, and the executions that call one: the time in line counts in the `total` timeout and not in that of an attempt.
 *
 * **Details**
 *
 * They belong to the layer: workflows that are given the same one share its limits, because it is built once.
 *
 * @category models
 * @since 0.2.0
 */
export interface Limits {
    /**
     * Attempts that run at once. One that was left behind after its timeout does not count, so that a handler that hangs does not stop
     * its activity, and there may be more while it hangs. Default: no limit but `maxActivities` of the executor.
     */
    readonly concurrency?: number | undefined;
    /** Attempts that begin in a time, also repeated ones. Default: no limit. */
    readonly rateLimit?: RateLimit | undefined;
}
/**
 * At most `limit` attempts begin in any span of `every`, by the monotonic clock of the worker: a sliding window, which a new process
 * begins empty.
 *
 * **Details**
 *
 * They begin as soon as that allows, so that after a pause `limit` of them come at once. For an even pace write
 * `{ limit: 1, every: "100 millis" }`.
 *
 * @category models
 * @since 0.2.0
 */
export interface RateLimit {
    readonly limit: number;
    readonly every: Duration.Input;
}
