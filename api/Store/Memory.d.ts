import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Layer from "effect/Layer";
import * as Option from "effect/Option";
import * as Stream from "effect/Stream";
import { type WorkerId, Version, type WorkflowId } from "../Ids.ts";
import { type Change, type Commit, type StoredExecution, StoreError, WorkflowStore } from "./WorkflowStore.ts";
/**
 * The settings of a store in memory.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
    /** How many bytes the events of one commit may have if they were encoded: 8 MiB unless told. */
    readonly maxCommitBytes?: number | undefined;
}
/**
 * Makes a store that is empty.
 *
 * @category constructors
 * @since 0.1.0
 */
export declare const make: (options?: Options | undefined) => Effect.Effect<{
    readonly save: (commit: Commit) => Effect.Effect<void, StoreError>;
    readonly saveAll: (commits: ReadonlyArray<Commit>) => Effect.Effect<ReadonlyArray<Exit.Exit<void, StoreError>>>;
    readonly load: (workflowId: WorkflowId, options?: {
        readonly after?: Version | undefined;
    }) => Effect.Effect<Option.Option<StoredExecution>, StoreError>;
    readonly list: (filter?: import("./WorkflowStore.ts").WorkflowFilter) => Effect.Effect<import("./WorkflowStore.ts").Page, StoreError>;
    readonly delete: (workflowId: WorkflowId) => Effect.Effect<boolean, StoreError>;
    readonly changes: Stream.Stream<ReadonlyArray<Change>, StoreError>;
    readonly heartbeat: (worker: WorkerId, until: number) => Effect.Effect<void, StoreError>;
    readonly workers: Effect.Effect<ReadonlyArray<WorkerId>, StoreError>;
    readonly guarantees: import("./WorkflowStore.ts").Guarantees;
}, never, never>;
/**
 * Provides a store with settings of your own.
 *
 * @category layers
 * @since 0.1.0
 */
export declare const layerWith: (options: Options) => Layer.Layer<WorkflowStore>;
/**
 * Provides a store in memory.
 *
 * @category layers
 * @since 0.1.0
 */
export declare const layer: Layer.Layer<WorkflowStore>;
