/**
 * Questions to a running execution that may change it: a handler of its program answers, which may do all that the program may.
 * Each is answered once, and the same.
 */
import * as Effect from "effect/Effect";
import * as Schema from "effect/Schema";
import type { Scope } from "effect/Scope";
import { DurableExecutor, type StartOptions } from "./Executor/DurableExecutor.ts";
import type { Ref, RunId } from "./Ids.ts";
import type { Checked, Durable } from "./internal/requirements.ts";
import { type Startable } from "./internal/starting.ts";
import type { WorkflowContext } from "./WorkflowContext.ts";
import type { WorkflowError } from "./WorkflowError.ts";
/**
 * Marks updates.
 *
 * @category symbols
 * @since 0.2.0
 */
export declare const TypeId: "~perdure/Update";
/**
 * Any update, whatever its types.
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
 * The input of an update.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Input<U extends Any> = U["input"]["Type"];
/**
 * What an update is answered with.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Success<U extends Any> = U["success"]["Type"];
/**
 * What an update fails with, beside `WorkflowError`.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Error<U extends Any> = U["error"]["Type"];
/**
 * Whether a value is an update.
 *
 * @category guards
 * @since 0.2.0
 */
export declare const isUpdate: (value: unknown) => value is Any;
/**
 * How to send an update.
 *
 * @category models
 * @since 0.2.0
 */
export interface SendOptions {
    /**
     * Names the update among those of its execution: it is answered once, and a second request of the id gets the same answer, also
     * after the end of the execution. Default: a new id. At most 1,024 bytes.
     */
    readonly updateId?: string | undefined;
}
/**
 * An update that was accepted. It is a `Ref` to its execution.
 *
 * @category models
 * @since 0.2.0
 */
export interface UpdateHandle<out Success, out Error> extends Ref {
    readonly workflowId: string;
    readonly runId: RunId;
    readonly updateId: string;
    /** Waits for the answer. */
    readonly result: Effect.Effect<Success, Error | WorkflowError>;
}
/**
 * How a program answers an update.
 *
 * @category models
 * @since 0.2.0
 */
export interface HandleOptions<in Input, out Error> {
    /**
     * Refuses an input by failing, before its request is recorded where the caller shares the process with the worker. It runs at
     * once, only reads, and does not run again in a replay, so it may look at the time.
     */
    readonly validate?: ((input: Input) => Effect.Effect<void, Error>) | undefined;
}
/**
 * The contract of an update.
 *
 * @category models
 * @since 0.2.0
 */
export interface Update<Name extends string, Input extends Schema.Codec<unknown, unknown>, Success extends Schema.Codec<unknown, unknown>, Error extends Schema.Codec<unknown, unknown>> extends Any {
    readonly name: Name;
    readonly input: Input;
    readonly success: Success;
    readonly error: Error;
    /**
     * Inside a program: answers from now on, and takes what has come before. The handler may do all that the program may, in a fiber and
     * a scope of its own; when the program ends, handlers that run are interrupted, and their callers get `Finished`. A second
     * handler takes the place of the first one. A defect of a handler is its answer, and the program goes on.
     */
    readonly handle: <R>(handler: (input: Input["Type"]) => Effect.Effect<Success["Type"], Error["Type"] | WorkflowError, unknown> & Checked<Effect.Effect<Success["Type"], Error["Type"] | WorkflowError, R>, Durable<R>>, options?: HandleOptions<Input["Type"], Error["Type"]>) => Effect.Effect<void, never, Exclude<R, Scope> | WorkflowContext>;
    /** Sends the update to an execution, by its id, a ref or a handle, and waits for its answer. In a program it is done once, and the answer is recorded. */
    readonly execute: (to: Ref | string, input: Input["Type"], options?: SendOptions) => Effect.Effect<Success["Type"], Error["Type"] | WorkflowError, DurableExecutor>;
    /** Sends the update and waits until a handler has accepted it, or refuses it. In a program it is done once, and that is recorded. */
    readonly start: (to: Ref | string, input: Input["Type"], options?: SendOptions) => Effect.Effect<UpdateHandle<Success["Type"], Error["Type"]>, Error["Type"] | WorkflowError, DurableExecutor>;
    /**
     * Starts an execution with the update in its first commit, or sends it to the execution that has the id, whatever its input; waits
     * for the answer. In a program it starts a child, or asks the execution that has the id.
     */
    readonly startWith: <WorkflowInput, Handle extends Ref>(workflow: Startable<WorkflowInput, Handle>, workflowInput: NoInfer<WorkflowInput>, input: Input["Type"], options?: StartOptions & SendOptions) => Effect.Effect<readonly [handle: Handle, success: Success["Type"]], Error["Type"] | WorkflowError, DurableExecutor>;
}
/**
 * Defines an update.
 *
 * **Example** (A cart that answers with its size)
 *
 * ```ts
 * import { Effect, Ref, Schema } from "effect"
 * import { Signal, Update, Workflow } from "perdure"
 *
 * const AddItem = Update.make("addItem", { input: Schema.String, success: Schema.Int })
 * const CheckOut = Signal.make("checkOut")
 * const Cart = Workflow.make("Cart", { success: Schema.Array(Schema.String) })
 *
 * const CartLive = Cart.toLayer(() =>
 *   Effect.gen(function*() {
 *     const items = yield* Ref.make<ReadonlyArray<string>>([])
 *     yield* AddItem.handle((item) =>
 *       Ref.updateAndGet(items, (all) => [...all, item]).pipe(Effect.map((all) => all.length))
 *     )
 *     yield* CheckOut.receive
 *     return yield* Ref.get(items)
 *   })
 * )
 *
 * const program = AddItem.execute("cart-1", "a book")
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export declare const make: <const Name extends string, Input extends Schema.Codec<unknown, unknown> = typeof Schema.Void, Success extends Schema.Codec<unknown, unknown> = typeof Schema.Void, Error extends Schema.Codec<unknown, unknown> = typeof Schema.Never>(name: Name, options?: {
    readonly input?: Input | undefined;
    readonly success?: Success | undefined;
    readonly error?: Error | undefined;
}) => Update<Name, Input, Success, Error>;
