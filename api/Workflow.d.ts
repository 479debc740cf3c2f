/**
 * A workflow: a plain Effect program that survives crashes. Inside it `Effect.sleep`, `timeout`, `race`, `all`, `retry`,
 * fibers, queues, `Clock` and `Random` are durable and deterministic.
 */
import * as Context from "effect/Context";
import type * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import type * as Layer from "effect/Layer";
import * as Schema from "effect/Schema";
import { DurableExecutor, type StartOptions } from "./Executor/DurableExecutor.ts";
import type { WorkflowRegistry } from "./Executor/WorkflowRegistry.ts";
import type { Checked, Distinct, Durable, LayerNeeds, Needs, NeedsOf } from "./internal/requirements.ts";
import type { Begin } from "./internal/starting.ts";
import { WorkflowContext } from "./WorkflowContext.ts";
import { WorkflowError } from "./WorkflowError.ts";
import { type WorkflowHandle } from "./WorkflowHandle.ts";
export { withCompensation } from "./Compensation.ts";
export type { Needs, NeedsOf, StartOptions };
/**
 * Marks workflows.
 *
 * @category symbols
 * @since 0.2.0
 */
export declare const TypeId: "~perdure/Workflow";
/**
 * Any workflow, whatever its types.
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
 * The input of a workflow.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Input<W extends Any> = W["input"]["Type"];
/**
 * What a workflow succeeds with.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Success<W extends Any> = W["success"]["Type"];
/**
 * What a workflow fails with, beside `WorkflowError`.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Error<W extends Any> = W["error"]["Type"];
/**
 * The handle of an execution of a workflow.
 *
 * @category utility types
 * @since 0.2.0
 */
export type HandleOf<W extends Any> = WorkflowHandle<Success<W>, Error<W>>;
/**
 * The end of a run whose execution goes on with a new one: what `Order.continueAsNew(input)` makes, for the program of `Order` to
 * return.
 *
 * @category models
 * @since 0.2.0
 */
export interface ContinueAsNew<Name extends string> {
    "~perdure/Workflow/ContinueAsNew"(name: Name): void;
}
/**
 * What a program is. Two types, since one whose success is `void` may succeed with anything, and a union with `void` may not.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Run<Name extends string, Success, Error, R> = Effect.Effect<Success, Error | WorkflowError, R> | Effect.Effect<Success | ContinueAsNew<Name>, Error | WorkflowError, R>;
/**
 * Whether a value is the definition of a workflow.
 *
 * @category guards
 * @since 0.2.0
 */
export declare const isWorkflow: (value: unknown) => value is Any;
/**
 * The definition of a workflow.
 *
 * @category models
 * @since 0.1.0
 */
export interface Workflow<Name extends string, Input extends Schema.Codec<unknown, unknown>, Success extends Schema.Codec<unknown, unknown>, Error extends Schema.Codec<unknown, unknown>> extends Any {
    readonly name: Name;
    readonly input: Input;
    readonly success: Success;
    readonly error: Error;
    /**
     * Gives the workflow its program and registers it with the executor whose registry is provided. The program may only use activities,
     * signals, other workflows, a scope that is closed at its end and what `Workflow.pure` admits; any other service in its requirements
     * is a compile error, because it would not be durable. An undeclared `WorkflowError` ends the execution with the reason
     * `OtherFailed`. A program that reads configuration is blocked; one that returns `continueAsNew(input)` of its own workflow begins
     * again. Loggers, the tracer, the console and metrics are those of the process, with their settings; any other `Context.Reference`
     * has its default value in a program. Fails with `AlreadyRegistered` and with `AmbiguousActivity`.
     */
    readonly toLayer: <R>(program: (input: Input["Type"]) => Run<Name, Success["Type"], Error["Type"], unknown> & Checked<Run<Name, Success["Type"], Error["Type"], R>, Durable<R> | Distinct<R>>) => Layer.Layer<never, WorkflowError, WorkflowRegistry | LayerNeeds<R>>;
    /**
     * Starts an execution, whether its program is registered here or not. When it returns, the start is durable. In a program it starts
     * a child, which needs an id that is free.
     */
    readonly start: (input: Input["Type"], options?: StartOptions) => Effect.Effect<WorkflowHandle<Success["Type"], Error["Type"]>, WorkflowError, DurableExecutor>;
    /**
     * Starts an execution, or finds it, and waits for its result. In a program it starts a child: when the call is interrupted, by a
     * timeout, a lost race or a cancel, the child is asked to stop and its end is waited for.
     */
    readonly execute: (input: Input["Type"], options?: StartOptions) => Effect.Effect<Success["Type"], Error["Type"] | WorkflowError, DurableExecutor>;
    /**
     * For the program to return: its run ends, once its finalizers have run, and the execution goes on with a new run of this input and
     * an empty history. Signals that were not received, children, messages that are under way, the deadline and the attributes are those
     * of the new run. An execution that lives long stays small by it.
     *
     * The run ends when its handlers of updates have ended. A function that makes the input is called then, so give one where handlers or
     * fibers change what the next run begins with.
     */
    readonly continueAsNew: (input: Input["Type"] | (() => Input["Type"])) => ContinueAsNew<Name>;
    /**
     * Starts an execution with a message in its first commit, unless its id exists: `Signal.sendOrStart` and `Update.startWith` are
     * made of it.
     */
    readonly begin: Begin<Input["Type"], WorkflowHandle<Success["Type"], Error["Type"]>>;
    /** The handle of an execution that exists. Fails with `WrongWorkflow` when the id belongs to another workflow. */
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
 *   if (Option.isNone(approval)) return yield* Effect.fail("not approved")
 *   return yield* Ship(orderId)
 * }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export declare const make: <const Name extends string, Input extends Schema.Codec<unknown, unknown> = typeof Schema.Void, Success extends Schema.Codec<unknown, unknown> = typeof Schema.Void, Error extends Schema.Codec<unknown, unknown> = typeof Schema.Never>(name: Name, options?: {
    readonly input?: Input | undefined;
    readonly success?: Success | undefined;
    readonly error?: Error | undefined;
    /** Derives the id from the input, which makes starting idempotent. */
    readonly workflowId?: ((input: NoInfer<Input>["Type"]) => string) | undefined;
    /** The timeout of an execution whose start names none. Default: none. */
    readonly timeout?: Duration.Input | undefined;
    /**
     * Tells the programs of one workflow apart, such as `"2"` or `"2026-11"`: a run keeps the version with which it was started,
     * until the execution continues as new, and a worker may have several. Numbers in it count as numbers, so 10 is higher than 9. Default: none.
     */
    readonly version?: string | undefined;
    /** Whether an execution whose program dies fails, or is blocked until other code goes on. Default `"fail"`. */
    readonly defects?: "fail" | "block" | undefined;
}) => Workflow<Name, Input, Success, Error>;
/**
 * Whether a program goes by a change of it: true for what is new, false in the replay of what is older. The first call with an id
 * decides for the run, and every call of it says the same, so executions that are under way go on as they began.
 *
 * **Example** (Charging before shipping, for new orders alone)
 *
 * ```ts
 * import { Effect, Layer, Schema } from "effect"
 * import { Activity, Workflow } from "perdure"
 *
 * const Ship = Activity.make("Ship")
 * const Charge = Activity.make("Charge")
 * const Order = Workflow.make("Order")
 *
 * const OrderLive = Order.toLayer(() =>
 *   Effect.gen(function*() {
 *     if (yield* Workflow.patched("charge first")) {
 *       yield* Charge()
 *       yield* Ship()
 *     } else {
 *       yield* Ship()
 *       yield* Charge()
 *     }
 *   }).pipe(Effect.orDie)
 * )
 * ```
 *
 * @category versions
 * @since 0.2.0
 */
export declare const patched: (id: string) => Effect.Effect<boolean, never, WorkflowContext>;
/**
 * Stands where `patched` was asked, once the old branch is gone because no execution runs by it any more. When no execution of
 * the time of the patch runs either, it can go, too.
 *
 * @category versions
 * @since 0.2.0
 */
export declare const deprecatePatch: (id: string) => Effect.Effect<void, never, WorkflowContext>;
/**
 * A service that a program may use because it only computes: a tariff, a codec, a table of rules. The layer of the program needs it,
 * and the process that runs the program provides it.
 *
 * The caller vouches for it: every process and every release that goes on with an execution must give the same answers, and a method
 * that reads a file, the network or the real clock is not pure. A method that waits for something outside blocks the execution. What
 * does not only compute belongs in an activity.
 *
 * **Example** (A tariff)
 *
 * ```ts
 * import { Context, Effect, Layer, Schema } from "effect"
 * import { Activity, Workflow } from "perdure"
 *
 * class Tariff extends Context.Service<Tariff, { readonly priceOf: (grams: number) => number }>()("app/Tariff") {}
 *
 * const Charge = Activity.make("Charge", { input: Schema.Int })
 * const Parcel = Workflow.make("Parcel", { input: Schema.Int })
 *
 * // It needs the layer of Tariff.
 * const ParcelLive = Parcel.toLayer(Effect.fnUntraced(function*(grams) {
 *   const tariff = yield* Workflow.pure(Tariff)
 *   yield* Charge(tariff.priceOf(grams))
 * }))
 * ```
 *
 * @category combinators
 * @since 0.2.0
 */
export declare const pure: <Id, Service>(key: Context.Key<Id, Service>) => Effect.Effect<Service, never, Needs<Id>>;
