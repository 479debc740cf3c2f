/**
 * Histories as executors write them, for property tests of what reads histories.
 */
import * as Arbitrary from "effect/Arbitrary";
import * as Schema from "effect/Schema";
import type { HistoryEvent } from "../HistoryEvent.ts";
/** What happens in an execution, and how it ends. */
export declare const Plan: Schema.Struct<{
    readonly input: Schema.String;
    readonly happenings: Schema.$Array<Schema.TaggedUnion<{
        readonly Call: Schema.TaggedStruct<"Call", {
            readonly name: Schema.Literals<readonly ["Charge", "Reserve", "Ship"]>;
            readonly input: Schema.Union<readonly [Schema.Null, Schema.Int, Schema.String, Schema.Struct<{
                readonly id: Schema.String;
                readonly cents: Schema.Int;
            }>]>;
            readonly failures: Schema.Int;
            readonly takeover: Schema.Boolean;
            readonly ends: Schema.Literals<readonly ["Success", "Fail", "Die", "TimedOut"]>;
        }>;
        readonly Signal: Schema.TaggedStruct<"Signal", {
            readonly name: Schema.Literals<readonly ["approve", "cancel-item"]>;
            readonly payload: Schema.String;
        }>;
        readonly Sleep: Schema.TaggedStruct<"Sleep", {
            readonly minutes: Schema.Int;
            readonly takeover: Schema.Boolean;
        }>;
    }>>;
    readonly end: Schema.Literals<readonly ["ExecutionCompleted", "ExecutionFailed", "ExecutionCancelled", "ExecutionTimedOut", "ExecutionTerminated", "running", "calling", "sleeping"]>;
}>;
export type Plan = typeof Plan.Type;
/**
 * Histories of executions: calls that are repeated, succeed and fail, sleeps, signals, takeovers, and every end, or none yet. Their numbers,
 * times and digests are as executors write them.
 *
 * **When to use**
 *
 * Use to test what reads histories, such as an export, a page that shows them or a store.
 *
 * **Example** (Every history has a beginning)
 *
 * ```ts
 * import { Arbitrary, Effect } from "effect"
 * import { histories, story } from "perdure/testing"
 *
 * const test = Arbitrary.checkEffect(histories, (history) => story(history)[0]?.startsWith("Order starts with") === true)
 *
 * await Effect.runPromise(Effect.map(test, ({ _tag }) => _tag)) // => "Passed"
 * ```
 *
 * @category arbitraries
 * @since 0.2.0
 */
export declare const histories: Arbitrary.Arbitrary<ReadonlyArray<HistoryEvent>>;
/** The history of a plan. */
export declare const historyFor: (plan: Plan) => ReadonlyArray<HistoryEvent>;
