import type * as Schema from "effect/Schema";
import type * as Activity from "../Activity.ts";
import type { HistoryEvent } from "../HistoryEvent.ts";
/**
 * A history as a story: what the program did and what came to it, a line each, with inputs and results as JSON. What only executors
 * note is left out, such as takeovers.
 *
 * **Example** (What happened to an order)
 *
 * ```ts
 * import { Effect, Layer, Schema } from "effect"
 * import { Activity, Workflow } from "perdure"
 * import { double, story, TestWorkflows } from "perdure/testing"
 *
 * const Charge = Activity.make("Charge", { input: Schema.Int, success: Schema.String })
 * const Order = Workflow.make("Order", { input: Schema.Int, success: Schema.String })
 * const OrderLive = Order.toLayer((cents) => Effect.delay(Charge(cents), "7 days"))
 *
 * const charge = double(Charge)
 * charge.succeedNext("receipt")
 *
 * const test = Effect.gen(function*() {
 *   const order = yield* Order.start(100)
 *   yield* TestWorkflows.pass("7 days")
 *   return story(yield* order.history)
 * })
 *
 * const Test = OrderLive.pipe(Layer.provide(charge.layer), Layer.provideMerge(TestWorkflows.layer))
 * const lines = await Effect.runPromise(Effect.provide(test, Test))
 * lines[0] // => "Order starts with 100"
 * lines[1] // => "sleeps 7d"
 * lines[3] // => "calls Charge(100)"
 * lines[5] // => 'ends with "receipt"'
 * ```
 *
 * @category assertions
 * @since 0.2.0
 */
export declare const story: (history: ReadonlyArray<HistoryEvent>) => ReadonlyArray<string>;
/**
 * Fails unless these lines are in the story of a history, in this order. Others may come before, between and after them. The error shows
 * the whole story, and the line that is missing.
 *
 * @category assertions
 * @since 0.2.0
 */
export declare const assertStory: (history: ReadonlyArray<HistoryEvent>, lines: ReadonlyArray<string>) => void;
/**
 * The inputs of the calls of an activity in a history, oldest first, each once, however many attempts it took.
 *
 * @category assertions
 * @since 0.2.0
 */
export declare const callsOf: <Input extends Schema.Codec<unknown, unknown>>(history: ReadonlyArray<HistoryEvent>, activity: Pick<Activity.Any, "name"> & {
    readonly input: Input;
}) => ReadonlyArray<Input["Type"]>;
