/**
 * Hooks: effects that are told what happens to executions, beside them: an audit trail, a message to a person, a count.
 *
 * They are called after the commit they tell of, by the process that made it, once, and never by a replay or a takeover. A process that
 * dies between the commit and the call has lost the call; what must not be lost is an activity. A hook that fails, dies or hangs is
 * logged, and changes nothing else.
 */
import * as Duration from "effect/Duration";
import * as Layer from "effect/Layer";
import { Observers } from "../Executor/Observers.ts";
import type { Definition, Recorded } from "./hooks/events.ts";
import type { Handlers, Known, NeedsOf } from "./hooks/Handlers.ts";
import { Part } from "./hooks/Part.ts";
export type * from "./hooks/events.ts";
export type { Handlers, HookName, NeedsOf } from "./hooks/Handlers.ts";
/**
 * Marks hooks.
 *
 * @category symbols
 * @since 0.2.0
 */
export declare const TypeId: "~perdure/Hooks";
/**
 * Hooks, and the services that they need.
 *
 * @category models
 * @since 0.2.0
 */
export interface Hooks<out R = never> {
    readonly [TypeId]: Made<R>;
}
/**
 * Whether a value is hooks.
 *
 * @category guards
 * @since 0.2.0
 */
export declare const isHooks: (value: unknown) => value is Hooks<unknown>;
/**
 * Makes hooks that are told of the definitions of a list, in decoded values, or without a list of everything, in the JSON that is
 * recorded. Throws a `TypeError` for a list or hooks that make no sense.
 *
 * **Example** (An audit trail)
 *
 * ```ts
 * import { Effect, Layer, Schema } from "effect"
 * import { Activity, Hooks, Workflow } from "perdure"
 * import * as DefaultExecutor from "perdure/Executor/Default"
 *
 * const Charge = Activity.make("Charge", { input: Schema.Struct({ cents: Schema.Int }) })
 * const Refund = Activity.make("Refund", { input: Schema.Struct({ cents: Schema.Int, why: Schema.String }) })
 * const Order = Workflow.make("Order", { input: Schema.String })
 *
 * const audit = Hooks.make([Order, Charge, Refund], {
 *   onWorkflowStart: ({ input, workflowId }) => Effect.log(`${workflowId} has started for ${input}`),
 *   onActivityComplete: (event) =>
 *     event.activity === "Refund"
 *       ? Effect.log(`${event.input.cents} went back: ${event.input.why}`)
 *       : Effect.log(`${event.input.cents} were charged`)
 * })
 *
 * // After the executor, and before the workflows: so it is told of all that they commit, also in a shutdown.
 * const OrderLive = Layer.empty
 * const Main = OrderLive.pipe(Layer.provideMerge(Hooks.layer(audit)), Layer.provideMerge(DefaultExecutor.layer))
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export declare const make: {
    <const Definitions extends ReadonlyArray<Definition>, H extends Handlers<Definitions[number]>>(definitions: Definitions, hooks: H & Known<H>): Hooks<NeedsOf<H>>;
    <H extends Handlers<Recorded>>(hooks: H & Known<H>): Hooks<NeedsOf<H>>;
};
/**
 * Hooks that are told one after the other of each event: the next ones when the ones before have ended, or their time is over.
 *
 * @category combinators
 * @since 0.2.0
 */
export declare const compose: <const All extends ReadonlyArray<Hooks<any>>>(...hooks: All) => Hooks<All[number] extends Hooks<infer R> ? R : never>;
/**
 * How hooks are called. All has sane defaults.
 *
 * @category models
 * @since 0.2.0
 */
export interface Options {
    /** How long a call may take; then it is interrupted and left behind. Default 5 seconds. */
    readonly timeout?: Duration.Input | undefined;
    /** Executions whose hooks run at once. The calls of one execution never overlap. Default 16. */
    readonly concurrency?: number | undefined;
    /**
     * Calls that may wait, or go on after their time because they let nothing interrupt them; what comes then is dropped, and counted in
     * the log. Default 10,000.
     */
    readonly queueSize?: number | undefined;
    /** How long the end of the layer may wait, in real time, for calls that are left. Default 5 seconds. */
    readonly shutdownTimeout?: Duration.Input | undefined;
}
/**
 * Calls hooks for as long as the layer lives, with the services of the layer. Each layer has calls of its own, so any number of them
 * add up. Throws a `TypeError` for options that make no sense.
 *
 * It belongs between the executor and the workflows. There it is told of all that this process commits, and when a shutdown ends the
 * workflows it still is.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layer: <R>(hooks: Hooks<R>, options?: Options) => Layer.Layer<never, never, Observers | R>;
/** What hooks consist of. What they need stands in the type alone. */
interface Made<out R> {
    readonly parts: ReadonlyArray<Part>;
    readonly needs?: R;
}
