import * as Context from "effect/Context";
import type * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Default from "../Executor/Default.ts";
import { type StoreError, WorkflowStore } from "../Store/WorkflowStore.ts";
declare const TestWorkflows_base: Context.ServiceClass<TestWorkflows, "perdure/testing/TestWorkflows", {
    /** Waits until nothing more happens without time passing, a promise that is kept later, or something else from outside. */
    readonly settle: Effect.Effect<void>;
}>;
/**
 * What knows when the executor of a test has come to rest.
 *
 * @category services
 * @since 0.2.0
 */
export declare class TestWorkflows extends TestWorkflows_base {
}
/**
 * The default executor on a store in memory, for one test. It runs on the `TestClock` that there is, such as that of `it.effect`, and
 * brings one where there is none, for all that it is provided to.
 *
 * **Example** (A week passes)
 *
 * ```ts
 * import { Effect, Fiber, Layer, Schema } from "effect"
 * import { Workflow } from "perdure"
 * import { TestWorkflows } from "perdure/testing"
 *
 * const Nap = Workflow.make("Nap", { success: Schema.String })
 * const NapLive = Nap.toLayer(() => Effect.as(Effect.sleep("7 days"), "well rested"))
 *
 * const test = Effect.gen(function*() {
 *   const nap = yield* Nap.start()
 *   yield* TestWorkflows.pass("7 days")
 *   return yield* nap.result
 * })
 *
 * const Test = Layer.provideMerge(NapLive, TestWorkflows.layer)
 * await Effect.runPromise(Effect.provide(test, Test)) // => "well rested"
 * ```
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layer: Layer.Layer<TestWorkflows | Default.Services | WorkflowStore, StoreError>;
/**
 * The same with settings of the executor.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layerWith: (options: Default.Options) => Layer.Layer<TestWorkflows | Default.Services | WorkflowStore, StoreError>;
/**
 * Lets time pass, once all has happened that can happen before, and then what follows from it.
 *
 * **Gotchas**
 *
 * What a handler awaits in real time, such as the answer of a server, is not waited for. Promises that need nothing from outside are.
 *
 * @category time
 * @since 0.2.0
 */
export declare const pass: (duration: Duration.Input) => Effect.Effect<void, never, TestWorkflows>;
/**
 * Waits until nothing more happens without time passing, or something from outside: until no fiber has anything left to do, of the
 * executor, of its handlers and of the test.
 *
 * **Gotchas**
 *
 * The answer of a server is from outside, as are a file and a timer of the machine: where a handler awaits one, nothing may be left to do
 * before it comes. What goes on for ever without waiting is a defect.
 *
 * @category time
 * @since 0.2.0
 */
export declare const settle: Effect.Effect<void, never, TestWorkflows>;
export {};
