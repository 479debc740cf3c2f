/**
 * Callers of executions on Temporal: starts, messages, results. It needs no program and runs none; `TemporalWorker` does.
 */
import type { Client } from "@temporalio/client";
import * as Config from "effect/Config";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type * as Scope from "effect/Scope";
import type { ServerOptions } from "../internal/temporal/Options.ts";
import type { TemporalError } from "../internal/temporal/TemporalError.ts";
import { DurableExecutor } from "./DurableExecutor.ts";
import * as Executions from "./Executions.ts";
export type { ServerOptions, Tls } from "../internal/temporal/Options.ts";
export * from "../internal/temporal/TemporalError.ts";
/**
 * How callers reach Temporal.
 *
 * @category models
 * @since 0.2.0
 */
export interface Options extends ServerOptions {
    /** A client of one's own, which is not closed. Default: one to `address` and `namespace`. */
    readonly client?: Client | undefined;
}
/**
 * The services for callers.
 *
 * @category models
 * @since 0.2.0
 */
export type Services = DurableExecutor | Executions.Executions;
/**
 * Makes the services for callers. The connection ends with the scope.
 *
 * @category constructors
 * @since 0.2.0
 */
export declare const make: (options?: Options) => Effect.Effect<Context.Context<Services>, TemporalError, Scope.Scope>;
/**
 * The services for callers.
 *
 * **Example** (Starting an execution from a process that runs no workflows)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Workflow } from "perdure"
 * import * as TemporalExecutor from "perdure/Executor/Temporal"
 *
 * const Order = Workflow.make("Order")
 *
 * const program = Order.execute().pipe(
 *   Effect.provide(TemporalExecutor.layer({ address: "temporal.example.com:7233", taskQueue: "orders" }))
 * )
 * ```
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layer: (options?: Options) => Layer.Layer<Services, TemporalError>;
/**
 * The same with options from the configuration of the app.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layerConfig: (options: Config.Wrap<Options>) => Layer.Layer<Services, TemporalError | Config.ConfigError>;
