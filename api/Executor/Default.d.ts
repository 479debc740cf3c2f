import * as Config from "effect/Config";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type * as Scope from "effect/Scope";
import { type StoreError, WorkflowStore } from "../Store/WorkflowStore.ts";
import { type Options } from "./default/Options.ts";
import { DurableExecutor } from "./DurableExecutor.ts";
import * as Executions from "./Executions.ts";
import { WorkflowRegistry } from "./WorkflowRegistry.ts";
export type { Options } from "./default/Options.ts";
/**
 * The services of an executor: to run executions, to register workflows, and to read and tidy up.
 *
 * @category models
 * @since 0.2.0
 */
export type Services = DurableExecutor | WorkflowRegistry | Executions.Executions;
/**
 * Makes a default executor on the store that is provided. It ends with the scope: handlers are interrupted, what they
 * finished is saved, and other workers may take the executions at once.
 *
 * @category constructors
 * @since 0.1.0
 */
export declare const make: (options?: Options | undefined) => Effect.Effect<Context.Context<Services>, StoreError, Scope.Scope | WorkflowStore>;
/**
 * The default executor with its default settings.
 *
 * @category layers
 * @since 0.1.0
 */
export declare const layer: Layer.Layer<Services, StoreError, WorkflowStore>;
/**
 * The default executor with settings of one's own.
 *
 * @category layers
 * @since 0.1.0
 */
export declare const layerWith: (options: Options) => Layer.Layer<Services, StoreError, WorkflowStore>;
/**
 * The default executor with settings from the configuration of the app.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layerConfig: (options: Config.Wrap<Options>) => Layer.Layer<Services, StoreError | Config.ConfigError, WorkflowStore>;
