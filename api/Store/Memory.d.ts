/**
 * Keeps executions in the memory of the process: for tests, and for executions that may end with the process.
 *
 * No operation waits for anything, so under a `TestClock` each is over at once. Commits are handed out as they are, not
 * copied: events are immutable data.
 */
import * as Config from "effect/Config";
import * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Layer from "effect/Layer";
import * as Option from "effect/Option";
import type * as Schema from "effect/Schema";
import * as Stream from "effect/Stream";
import { Version, type WorkflowId } from "../Ids.ts";
import { type LayerWithOptions } from "../internal/layerWithOptions.ts";
import { type CallDetails, type CallPlace, type Change, type Commit, type DeleteOptions, type Deletion, type ExecutionSummary, type StoredExecution, type StoreErrorReason, type WorkerRecord, type Workers, WorkflowStore } from "./WorkflowStore.ts";
/**
 * The settings of a store in memory.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
    /** How many bytes the events of one commit may have if they were encoded: 8 MiB by default. */
    readonly maxCommitBytes?: number | undefined;
}
/**
 * Makes a store that is empty.
 *
 * @category constructors
 * @since 0.1.0
 */
export declare const make: (options?: Options | undefined) => Effect.Effect<{
    readonly save: (commit: Commit) => Effect.Effect<void, import("./StoreError.ts").StoreError>;
    readonly saveAll: (commits: ReadonlyArray<Commit>) => Effect.Effect<ReadonlyArray<Exit.Exit<void, StoreErrorReason>>>;
    readonly load: (workflowId: WorkflowId, options?: {
        readonly after?: Version | undefined;
    }) => Effect.Effect<Option.Option<StoredExecution>, import("./StoreError.ts").StoreError>;
    readonly summary: (workflowId: WorkflowId) => Effect.Effect<Option.Option<ExecutionSummary>, import("./StoreError.ts").StoreError>;
    readonly deletion: (workflowId: WorkflowId) => Effect.Effect<Option.Option<Deletion>, import("./StoreError.ts").StoreError>;
    readonly list: (filter?: import("./StoredExecution.ts").WorkflowFilter) => Effect.Effect<import("./StoredExecution.ts").Page, import("./StoreError.ts").StoreError>;
    readonly count: (filter?: import("./StoredExecution.ts").WorkflowFilter, options?: import("./StoredExecution.ts").CountOptions) => Effect.Effect<number, import("./StoreError.ts").StoreError>;
    readonly delete: (workflowId: WorkflowId, options: DeleteOptions) => Effect.Effect<boolean, import("./StoreError.ts").StoreError>;
    readonly changes: Stream.Stream<ReadonlyArray<Change>, import("./StoreError.ts").StoreError>;
    readonly heartbeat: (worker: WorkerRecord, lease: Duration.Duration, asked?: import("./Workers.ts").Asked) => Effect.Effect<import("./Workers.ts").Outlook | void, import("./StoreError.ts").StoreError>;
    readonly workers: Effect.Effect<Workers, import("./StoreError.ts").StoreError>;
    readonly saveDetails: (all: ReadonlyArray<CallDetails>) => Effect.Effect<void, import("./StoreError.ts").StoreError>;
    readonly details: (call: CallPlace) => Effect.Effect<Option.Option<Schema.Json>, import("./StoreError.ts").StoreError>;
    readonly guarantees: import("./WorkflowStore.ts").Guarantees;
    readonly database?: object | undefined;
}, never, never>;
/**
 * Provides a store in memory, with settings of your own when it is called: `layer`, or `layer({ maxCommitBytes: 1024 })`.
 *
 * @category layers
 * @since 0.1.0
 */
export declare const layer: LayerWithOptions<Options, WorkflowStore, never, never>;
/**
 * The same as `layer(options)`.
 *
 * @category layers
 * @since 0.1.0
 */
export declare const layerWith: (options: Options) => Layer.Layer<WorkflowStore>;
/**
 * Provides a store with settings from the configuration of the app.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layerConfig: (options: Config.Wrap<Options>) => Layer.Layer<WorkflowStore, Config.ConfigError>;
