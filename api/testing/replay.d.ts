import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Schema from "effect/Schema";
import type * as Default from "../Executor/Default.ts";
import { History } from "./replaying.ts";
declare const ReplayFailure_base: Schema.Class<ReplayFailure, Schema.TaggedStruct<"ReplayFailure", {
    /** Both sides, and what to do, in words. */
    readonly why: Schema.String;
    readonly history: History;
}>, import("effect/Cause").YieldableError>;
/**
 * The code of today does not agree with a history, and would block its execution.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class ReplayFailure extends ReplayFailure_base {
    get message(): string;
}
/**
 * Replays a history against a workflow as it is today, and fails with both sides where it disagrees. No handler runs. A history that
 * goes on is followed as far as it goes.
 *
 * It is a list of events, as `handle.history` returns it, or the JSON of it, as values or as text. Runs that continue one another may follow one another.
 *
 * **When to use**
 *
 * Use in the tests of a release, with histories of executions that are under way: an execution whose history replays goes on with
 * the new code.
 *
 * **Example** (A history that was exported)
 *
 * ```ts
 * import { Effect, Layer, Schema } from "effect"
 * import { Activity, Workflow } from "perdure"
 * import { double, replay } from "perdure/testing"
 *
 * const Ship = Activity.make("Ship", { input: Schema.String })
 * const Order = Workflow.make("Order", { input: Schema.String })
 * const OrderLive = Order.toLayer((id) => Ship(id)).pipe(Layer.provide(double(Ship).layer))
 *
 * const exported = [
 *   { _tag: "ExecutionStarted", at: 0, workflow: "Order", workflowId: "order-1", runId: "run-1", input: "order-1" },
 *   { _tag: "TimerStarted", at: 0, seq: 0, fireAt: 1000 }
 * ]
 *
 * const failure = Effect.flip(replay(exported, OrderLive))
 * const lines = Effect.map(failure, (error) => String(error).split("\n").slice(1, 3))
 * await Effect.runPromise(lines) // => ["  history: TimerStarted #0 for 1000 ms", '  program: ActivityScheduled #0 Ship("order-1")']
 * ```
 *
 * @category testing
 * @since 0.2.0
 */
export declare const replay: <E>(history: unknown, layer: Layer.Layer<never, E, Default.Services>) => Effect.Effect<void, ReplayFailure | E>;
export {};
