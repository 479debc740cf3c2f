import * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type * as Schema from "effect/Schema";
import type { Scope } from "effect/Scope";
import { DurableExecutor } from "../Executor/DurableExecutor.ts";
import { Executions } from "../Executor/Executions.ts";
import { type Attempting, Observers } from "../Executor/Observers.ts";
import type { AttemptEnd } from "../Executor/WorkflowRegistry.ts";
import { type Forbidden } from "../WorkflowError.ts";
import * as Hooks from "./Hooks.ts";
import { type Around, type Operation, type Services } from "./middleware/Operation.ts";
import { type Inside } from "./middleware/layerOf.ts";
export type { Around, Operation, Sending, Services } from "./middleware/Operation.ts";
/**
 * A layer that takes the services of an executor and provides them wrapped.
 *
 * @category models
 * @since 0.2.0
 */
export type Middleware<E = never, R = never> = Layer.Layer<DurableExecutor | Executions, E, DurableExecutor | Executions | R>;
/**
 * Middleware from a function between services: of the executor, and of what reads.
 *
 * @category constructors
 * @since 0.2.0
 */
export declare const make: (wrap: (services: Services) => Services) => Middleware;
/**
 * Middleware that does something around each operation. It runs in the fiber of the caller, and `next` is the operation itself.
 *
 * Services that it needs are those of the layer, or of the caller where the caller has them: so a user who is provided to one request is
 * the user there. `DurableExecutor` and `Executions` are those inside of the middleware, so asking them does not come back to it. A `Scope`
 * is that of the operation, and is closed with it.
 *
 * @category constructors
 * @since 0.2.0
 */
export declare const around: <R = never>(call: Around<R>) => Middleware<never, Exclude<R, Inside>>;
/**
 * Puts middleware around an executor; the first one is the outermost. Each executor has middleware of its own, also where several of
 * them in an app are given the same value. So what is provided to the middleware itself is made once for each of them, too.
 *
 * **Example** (An executor that logs, and refuses what a user may not do)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Middleware, WorkflowError } from "perdure"
 * import * as DefaultExecutor from "perdure/Executor/Default"
 *
 * const readOnly = Middleware.authorise(({ _tag }) =>
 *   _tag === "Describe" || _tag === "List" ? Effect.void : new WorkflowError.Forbidden({ detail: "this service only reads" })
 * )
 * const ExecutorLive = Middleware.apply(DefaultExecutor.layer, Middleware.logging, readOnly)
 * ```
 *
 * @category combinators
 * @since 0.2.0
 */
export declare const apply: <Out, E, R, const Layers extends ReadonlyArray<Layer.Layer<never, any, any>>>(base: Layer.Layer<Out, E, R>, ...middleware: Layers) => Layer.Layer<Out, E | Layer.Error<Layers[number]>, R | Exclude<Layer.Services<Layers[number]>, Out>>;
/**
 * Does something around each attempt of an activity, in the process that runs it. `next` is the attempt, and succeeds with how it has
 * ended, in encoded values. What is done counts as a part of the handler: its time is that of the attempt, what it dies with is the defect
 * of the attempt, and an end of its own takes the place of the handler's, if it fits the schemas of the activity: else the attempt has a
 * defect, as it has for `Pending` where the handler has ended. Services that it needs are those of the layer, and a `Scope` is
 * that of the attempt.
 *
 * @category constructors
 * @since 0.2.0
 */
export declare const activity: <R>(call: (attempt: Attempting, next: Effect.Effect<AttemptEnd>) => Effect.Effect<AttemptEnd, never, R>) => Layer.Layer<never, never, Observers | Exclude<R, Scope>>;
/**
 * Hooks among middleware: `Hooks.layer`. Hooks are told of commits, so it makes no difference where in the list they stand.
 *
 * @category constructors
 * @since 0.2.0
 */
export declare const withHooks: typeof Hooks.layer;
/**
 * Logs each operation when it has ended: a success as `Info`, and as `Debug` where it only reads; a failure as a `Warn`, and an interrupt,
 * since its caller did not wait, as `Debug`.
 *
 * @category middleware
 * @since 0.2.0
 */
export declare const logging: Middleware;
/**
 * Makes spans of operations, and of what the executor does for its executions: `Tracing.layer`.
 *
 * @category middleware
 * @since 0.2.0
 */
export declare const tracing: Middleware<never, Observers>;
/**
 * Counts and times what the executor does: `Metrics.layer`.
 *
 * @category middleware
 * @since 0.2.0
 */
export declare const metrics: Layer.Layer<never, never, Observers>;
/**
 * Refuses what a caller may not do: of each operation a function says whether it goes on, with `Forbidden` if it does not. The caller gets
 * that as the reason of a `WorkflowError`. No operation goes past it, of either service.
 *
 * @category middleware
 * @since 0.2.0
 */
export declare const authorise: <R = never, A extends void | undefined = void>(may: (operation: Operation) => Effect.Effect<A, Forbidden, R>) => Middleware<never, Exclude<R, Inside>>;
/**
 * How many operations are let through: at most `limit` in any span of `every`, by the clock of this process.
 *
 * @category models
 * @since 0.2.0
 */
export interface RateLimit {
    readonly limit: number;
    readonly every: Duration.Input;
    /**
     * Which operations share a limit: each text has its own, and those of `undefined` have none. Default: all that do not only read
     * share one.
     */
    readonly key?: ((operation: Operation) => string | undefined) | undefined;
    /** Whether what is too much fails with `RateLimited`, the default, or waits for its turn. */
    readonly whenFull?: "fail" | "wait" | undefined;
    /** Operations that may wait, of all keys; what comes then fails with `RateLimited`. Default 1,000. */
    readonly queueSize?: number | undefined;
}
/**
 * Limits how often operations come. Throws a `TypeError` for a limit that makes no sense.
 *
 * @category middleware
 * @since 0.2.0
 */
export declare const rateLimit: (options: RateLimit) => Middleware;
/**
 * A definition whose input, or payload, is validated.
 *
 * @category models
 * @since 0.2.0
 */
export type Validated = {
    readonly name: string;
    readonly input: Schema.Codec<unknown, unknown>;
} | {
    readonly name: string;
    readonly payload: Schema.Codec<unknown, unknown>;
};
/**
 * Refuses an input that does not fit the schema of its definition with `InvalidPayload`, before anything is recorded: for callers that
 * use `DurableExecutor` itself, such as a gateway that passes JSON on. Of several definitions of a name, such as the versions of a workflow,
 * it must fit one. What is started or sent to other definitions is let through.
 *
 * @category middleware
 * @since 0.2.0
 */
export declare const inputValidation: (...definitions: ReadonlyArray<Validated>) => Middleware;
