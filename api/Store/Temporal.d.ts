/**
 * A view of the executions that Temporal manages, as a store: it shows, lists, counts and removes them, also the ones of
 * other authors. It takes no commits (`guarantees.writes: "refused"`), so the default executor refuses to run on it.
 */
import type { Client } from "@temporalio/client";
import * as Config from "effect/Config";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type * as Scope from "effect/Scope";
import type { ServerOptions } from "../internal/temporal/Options.ts";
import type { TemporalError } from "../internal/temporal/TemporalError.ts";
import { WorkflowStore } from "./WorkflowStore.ts";
export type { ServerOptions, Tls } from "../internal/temporal/Options.ts";
export * from "../internal/temporal/TemporalError.ts";
/**
 * How the store reaches Temporal.
 *
 * @category models
 * @since 0.2.0
 */
export interface Options extends ServerOptions {
    /** A client of one's own, which is not closed. Default: one to `address` and `namespace`. */
    readonly client?: Client | undefined;
}
/**
 * Makes the view. Its connection ends with the scope.
 *
 * @category constructors
 * @since 0.2.0
 */
export declare const make: (options?: Options) => Effect.Effect<WorkflowStore["Service"], TemporalError, Scope.Scope>;
/**
 * Provides the view.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layer: (options?: Options) => Layer.Layer<WorkflowStore, TemporalError>;
/**
 * Provides the view with options from the configuration of the app.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layerConfig: (options: Config.Wrap<Options>) => Layer.Layer<WorkflowStore, TemporalError | Config.ConfigError>;
