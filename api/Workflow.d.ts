import type * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Schema from "effect/Schema";
import { type Handler } from "./Activity.ts";
import { DurableExecutor, type WhenExists } from "./Executor/DurableExecutor.ts";
import type { Attribute } from "./HistoryEvent.ts";
import { type AnySchema } from "./internal/schema.ts";
import { WorkflowContext } from "./WorkflowContext.ts";
import { WorkflowError } from "./WorkflowError.ts";
import type { WorkflowHandle } from "./WorkflowHandle.ts";
/**
 * How to start an execution.
 *
 * @category models
 * @since 0.1.0
 */
export interface StartOptions {
    /**
     * Default: what the definition derives from the input, or else a new id that sorts by the time of the start. At most 1,024
     * bytes.
     */
    readonly workflowId?: string | undefined;
    /** After this time the program is interrupted and the execution ends as timed out. Default: that of the definition. */
    readonly timeout?: Duration.Input | undefined;
    /** What to do when the id exists. Default `"return"`. */
    readonly whenExists?: WhenExists | undefined;
    /** Texts, numbers and flags by which the execution can be listed. */
    readonly attributes?: Readonly<Record<string, Attribute>> | undefined;
}
/**
 * The definition of a workflow.
 *
 * @category models
 * @since 0.1.0
 */
export interface Workflow<Name extends string, Input extends AnySchema, Success extends AnySchema, Error extends AnySchema> {
    readonly name: Name;
    readonly input: Input;
    readonly success: Success;
    readonly error: Error;
    /**
     * Gives the workflow its program and registers it with the executor that is provided. The program may only use
     * activities and signals; any other service in its requirements is a compile error, because it would not be durable.
     */
    readonly toLayer: <R extends WorkflowContext | Handler<any>>(program: (input: Input["Type"]) => Effect.Effect<Success["Type"], Error["Type"], R>) => Layer.Layer<never, WorkflowError, DurableExecutor | Exclude<R, WorkflowContext>>;
    /** Starts an execution. When it answers, the start is durable. */
    readonly start: (input: Input["Type"], options?: StartOptions) => Effect.Effect<WorkflowHandle<Success["Type"], Error["Type"]>, WorkflowError, DurableExecutor>;
    /** Starts an execution, or finds it, and waits for its result. */
    readonly execute: (input: Input["Type"], options?: StartOptions) => Effect.Effect<Success["Type"], Error["Type"] | WorkflowError, DurableExecutor>;
    /** The handle of an execution that exists. */
    readonly handle: (workflowId: string) => Effect.Effect<WorkflowHandle<Success["Type"], Error["Type"]>, WorkflowError, DurableExecutor>;
}
/**
 * Defines a workflow.
 *
 * **Example** (An order that waits for its approval)
 *
 * ```ts
 * import { Effect, Option, Schema } from "effect"
 * import { Activity, Signal, Workflow } from "perdure"
 *
 * const Ship = Activity.make("Ship", { input: Schema.String, success: Schema.String })
 * const Approve = Signal.make("approve")
 * const Order = Workflow.make("Order", { input: Schema.String, success: Schema.String, error: Schema.String })
 *
 * const OrderLive = Order.toLayer(Effect.fnUntraced(function*(orderId) {
 *   const approval = yield* Approve.receive.pipe(Effect.timeoutOption("7 days"))
 *   if (Option.isNone(approval)) return yield* Effect.fail("nobody approved")
 *   return yield* Ship(orderId)
 * }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export declare const make: <const Name extends string, Input extends AnySchema = typeof Schema.Void, Success extends AnySchema = typeof Schema.Void, Error extends AnySchema = typeof Schema.Never>(name: Name, options?: {
    readonly input?: Input | undefined;
    readonly success?: Success | undefined;
    readonly error?: Error | undefined;
    /** Derives the id from the input, which makes starting idempotent. */
    readonly workflowId?: ((input: NoInfer<Input>["Type"]) => string) | undefined;
    /** The timeout of an execution whose start names none. Default: none. */
    readonly timeout?: Duration.Input | undefined;
}) => Workflow<Name, Input, Success, Error>;
