import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type * as Scope from "effect/Scope";
import { TemporalError } from "../internal/temporal/TemporalError.ts";
import { type Options } from "./temporal/worker/Options.ts";
import { type Services, TemporalWorker } from "./temporal/worker/Services.ts";
export type { Options } from "./temporal/worker/Options.ts";
export * from "./temporal/worker/Services.ts";
export * from "../internal/temporal/TemporalError.ts";
/**
 * Makes a worker. It begins with the first workflow that is registered, and ends with the scope.
 *
 * @category constructors
 * @since 0.2.0
 */
export declare const make: (options: Options) => Effect.Effect<Context.Context<Services>, TemporalError, Scope.Scope>;
/**
 * A worker, which provides what the default executor does but for inline activities: so an app moves to Temporal with another layer.
 *
 * **Gotchas**
 *
 * A layer cannot fail once it is built. When the worker ends by itself that is logged, and the services for callers go on: run the app with
 * `TemporalWorker.launch` in place of `Layer.launch`, which fails then.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layer: (options: Options) => Layer.Layer<Services, TemporalError>;
/**
 * Runs an app with a worker for ever, as `Layer.launch` does, and fails with `WorkerFailed` when the worker ends by itself.
 *
 * @category running
 * @since 0.2.0
 */
export declare const launch: <E, R>(app: Layer.Layer<TemporalWorker, E, R>) => Effect.Effect<never, E | TemporalError, R>;
/**
 * Bundles a module of workflows ahead of time and writes the bundle to a file, for the option `bundle` of a worker that should begin at
 * once, or has no sources.
 *
 * @category running
 * @since 0.2.0
 */
export declare const bundle: (options: {
    readonly workflows: URL | string;
    readonly file: URL | string;
}) => Effect.Effect<void, TemporalError>;
