/**
 * Messages to a running execution: kept from the moment when the execution exists, delivered in order, each to one
 * receiver.
 */
import * as Effect from "effect/Effect";
import * as Option from "effect/Option";
import * as Schema from "effect/Schema";
import * as Stream from "effect/Stream";
import { DurableExecutor } from "./Executor/DurableExecutor.ts";
import type { Ref } from "./Ids.ts";
import type { WorkflowContext } from "./WorkflowContext.ts";
import type { WorkflowError } from "./WorkflowError.ts";
/**
 * Marks signals.
 *
 * @category symbols
 * @since 0.2.0
 */
export declare const TypeId: "~perdure/Signal";
/**
 * Any signal, whatever its payload.
 *
 * @category models
 * @since 0.2.0
 */
export interface Any {
    readonly [TypeId]: typeof TypeId;
    readonly name: string;
    readonly payload: Schema.Codec<unknown, unknown>;
}
/**
 * The payload of a signal.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Payload<S extends Any> = S["payload"]["Type"];
/**
 * Whether a value is a signal.
 *
 * @category guards
 * @since 0.2.0
 */
export declare const isSignal: (value: unknown) => value is Any;
/**
 * The contract of a signal.
 *
 * @category models
 * @since 0.1.0
 */
export interface Signal<Name extends string, Payload extends Schema.Codec<unknown, unknown>> extends Any {
    readonly name: Name;
    readonly payload: Payload;
    /** Inside a program: takes the next signal, or waits for it. */
    readonly receive: Effect.Effect<Payload["Type"], never, WorkflowContext>;
    /** Inside a program: takes the next signal if one is there. */
    readonly poll: Effect.Effect<Option.Option<Payload["Type"]>, never, WorkflowContext>;
    /** Inside a program: every signal from now on. */
    readonly stream: Stream.Stream<Payload["Type"], never, WorkflowContext>;
    /**
     * Sends the signal to an execution, by its id, a ref or a handle. When it returns, the signal is durable; in a program, when it is in
     * the history of its receiver.
     */
    readonly send: (to: Ref | string, payload: Payload["Type"]) => Effect.Effect<void, WorkflowError, DurableExecutor>;
}
/**
 * Defines a signal.
 *
 * **Example** (Waiting for an approval, but not for ever)
 *
 * ```ts
 * import { Effect, Schema } from "effect"
 * import { Signal } from "perdure"
 *
 * const Approve = Signal.make("approve", { payload: Schema.Struct({ by: Schema.String }) })
 *
 * const approval = Approve.receive.pipe(Effect.timeoutOption("7 days"))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export declare const make: <const Name extends string, Payload extends Schema.Codec<unknown, unknown> = typeof Schema.Void>(name: Name, options?: {
    readonly payload?: Payload | undefined;
}) => Signal<Name, Payload>;
