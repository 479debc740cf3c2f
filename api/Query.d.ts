/**
 * Questions to an execution about its state: answered by its program at any time, also after its end, and never recorded.
 */
import * as Effect from "effect/Effect";
import * as Cell from "effect/Ref";
import * as Schema from "effect/Schema";
import { DurableExecutor } from "./Executor/DurableExecutor.ts";
import type { Ref } from "./Ids.ts";
import type { Checked, Declared, Publishable, Reading } from "./internal/requirements.ts";
import type { WorkflowContext } from "./WorkflowContext.ts";
import { WorkflowError } from "./WorkflowError.ts";
/**
 * Marks queries.
 *
 * @category symbols
 * @since 0.2.0
 */
export declare const TypeId: "~perdure/Query";
/**
 * Any query, whatever its types.
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
 * The input of a query.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Input<Q extends Any> = Q["input"]["Type"];
/**
 * What a query succeeds with.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Success<Q extends Any> = Q["success"]["Type"];
/**
 * What a query fails with, beside `WorkflowError`.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Error<Q extends Any> = Q["error"]["Type"];
/**
 * The input of a query as the last arguments of a function: one that may be left out where there is none.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Arguments<Input> = void extends Input ? [input?: Input] : [input: Input];
/**
 * Whether a value is a query.
 *
 * @category guards
 * @since 0.2.0
 */
export declare const isQuery: (value: unknown) => value is Any;
/**
 * The contract of a query.
 *
 * @category models
 * @since 0.2.0
 */
export interface Query<Name extends string, Input extends Schema.Codec<unknown, unknown>, Success extends Schema.Codec<unknown, unknown>, Error extends Schema.Codec<unknown, unknown>> extends Any {
    readonly name: Name;
    readonly input: Input;
    readonly success: Success;
    readonly error: Error;
    /**
     * Inside a program: answers from now on, also after the program has ended. A second `answer` takes the place of the first.
     *
     * The handler only reads what the program has in its memory, such as a `Ref`. It may require nothing and wait for nothing. Its
     * clock has the time of the latest event, and its random numbers are not those of the program.
     *
     * **Gotchas**
     *
     * A handler that writes to a `Ref` changes the program where replay does not, which is not noticed.
     */
    readonly answer: <E, R>(handler: (input: Input["Type"]) => Effect.Effect<Success["Type"], unknown, unknown> & Checked<Effect.Effect<Success["Type"], E, R>, Reading<R, "a query"> | Declared<Name, Error["Type"], E>>) => Effect.Effect<void, never, WorkflowContext>;
    /**
     * Inside a program: answers from now on with the value of a `Ref`, and keeps the value beside the history with every commit. So any
     * process that has the store reads it, without the program. For a query without input and errors.
     *
     * An execution publishes 16 values at most, and 8 KB in all. What is beyond is left out, and the log says so.
     */
    readonly publish: (ref: Checked<Cell.Ref<Success["Type"]>, Publishable<Name, Input["Type"], Error["Type"]>>) => Effect.Effect<void, never, WorkflowContext>;
    /**
     * Asks an execution, by its id, a ref or a handle. The answer is of a state that is saved. Fails with the errors of the query, or
     * with a `WorkflowError`.
     */
    readonly ask: (to: Ref | string, ...input: Arguments<Input["Type"]>) => Effect.Effect<Success["Type"], Error["Type"] | WorkflowError, DurableExecutor>;
}
/**
 * Defines a query.
 *
 * **Example** (An import that tells how far it is)
 *
 * ```ts
 * import { Effect, Ref, Schema } from "effect"
 * import { Activity, Query, Workflow } from "perdure"
 *
 * const Load = Activity.make("Load", { input: Schema.Int })
 * const Progress = Query.make("progress", { success: Schema.Int })
 * const Import = Workflow.make("Import", { input: Schema.Int })
 *
 * const ImportLive = Import.toLayer(Effect.fnUntraced(function*(pages) {
 *   const done = yield* Ref.make(0)
 *   yield* Progress.answer(() => Ref.get(done))
 *   for (let page = 0; page < pages; page++) {
 *     yield* Load(page)
 *     yield* Ref.update(done, (count) => count + 1)
 *   }
 * }))
 *
 * const progress = Progress.ask("import-1")
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export declare const make: <const Name extends string, Success extends Schema.Codec<unknown, unknown>, Input extends Schema.Codec<unknown, unknown> = typeof Schema.Void, Error extends Schema.Codec<unknown, unknown> = typeof Schema.Never>(name: Name, options: {
    readonly input?: Input | undefined;
    readonly success: Success;
    readonly error?: Error | undefined;
}) => Query<Name, Input, Success, Error>;
