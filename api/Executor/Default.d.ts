import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type * as Scope from "effect/Scope";
import { type StoreError, WorkflowStore } from "../Store/WorkflowStore.ts";
import { type Options } from "./default/Options.ts";
import { DurableExecutor } from "./DurableExecutor.ts";
export type { Options } from "./default/Options.ts";
/**
 * Makes a default executor on the store that is provided. It ends with the scope: handlers are interrupted, what they
 * finished is saved, and other workers may take the executions at once.
 *
 * @category constructors
 * @since 0.1.0
 */
export declare const make: (options?: Options) => Effect.Effect<DurableExecutor["Service"], StoreError, WorkflowStore | Scope.Scope>;
/**
 * The default executor with its default settings.
 *
 * @category layers
 * @since 0.1.0
 */
export declare const layer: Layer.Layer<DurableExecutor, StoreError, WorkflowStore>;
/**
 * The default executor with settings of one's own.
 *
 * @category layers
 * @since 0.1.0
 */
export declare const layerWith: (options: Options) => Layer.Layer<DurableExecutor, StoreError, WorkflowStore>;
