/**
 * Keeps executions in a compacted topic of Kafka, shared by any number of processes.
 *
 * A compacted topic has no conditional write, so the log decides: each record names the one that it follows, and every process that has
 * read the log comes to the same executions. A commit costs one request, and is stored once all in-sync copies have it.
 *
 * **Needs** a broker, of which Kafka 4.4 is tested, and the package `kafkajs` or `@platformatic/kafka`. The settings of the topic are checked
 * when the layer is built; it is created when there is none.
 *
 * **Gotchas** Every process reads the whole topic and keeps it in memory. Never copy a topic to another cluster or name: the offsets of its
 * records are part of what they say.
 */
import * as Config from "effect/Config";
import * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type * as Scope from "effect/Scope";
import * as Stream from "effect/Stream";
import { type ConnectionOptions } from "node:tls";
import * as Own from "./kafka/OwnOptions.ts";
import { type Change, StoreError, type StoreErrorReason, WorkflowStore } from "./WorkflowStore.ts";
/**
 * The settings of a store on Kafka.
 *
 * @category models
 * @since 0.2.0
 */
export interface Options extends Own.OwnOptions {
    /** Options of `tls.connect`, such as `ca`, `cert` and `key`, with which connections are encrypted. */
    readonly connection?: ConnectionOptions | undefined;
}
/**
 * Connects a store. It ends with the scope.
 *
 * @category constructors
 * @since 0.2.0
 */
export declare const make: (options: Options) => Effect.Effect<{
    readonly save: (commit: import("./StoredExecution.ts").Commit) => Effect.Effect<void, StoreError>;
    readonly saveAll: (commits: ReadonlyArray<import("./StoredExecution.ts").Commit>) => Effect.Effect<ReadonlyArray<import("effect/Exit").Exit<void, StoreErrorReason>>>;
    readonly load: (workflowId: import("../Ids.ts").WorkflowId, options?: {
        readonly after?: import("../Ids.ts").Version | undefined;
    }) => Effect.Effect<import("effect/Option").Option<import("./StoredExecution.ts").StoredExecution>, StoreError>;
    readonly summary: (workflowId: import("../Ids.ts").WorkflowId) => Effect.Effect<import("effect/Option").Option<import("./StoredExecution.ts").ExecutionSummary>, StoreError>;
    readonly deletion: (workflowId: import("../Ids.ts").WorkflowId) => Effect.Effect<import("effect/Option").Option<import("./WorkflowStore.ts").Deletion>, StoreError>;
    readonly list: (filter?: import("./StoredExecution.ts").WorkflowFilter) => Effect.Effect<import("./StoredExecution.ts").Page, StoreError>;
    readonly count: (filter?: import("./StoredExecution.ts").WorkflowFilter, options?: import("./StoredExecution.ts").CountOptions) => Effect.Effect<number, StoreError>;
    readonly delete: (workflowId: import("../Ids.ts").WorkflowId, options: import("./WorkflowStore.ts").DeleteOptions) => Effect.Effect<boolean, StoreError>;
    readonly changes: Stream.Stream<ReadonlyArray<Change>, StoreError>;
    readonly heartbeat: (worker: import("./Workers.ts").WorkerRecord, lease: Duration.Duration, asked?: import("./Workers.ts").Asked) => Effect.Effect<import("./Workers.ts").Outlook | void, StoreError>;
    readonly workers: Effect.Effect<import("./Workers.ts").Workers, StoreError>;
    readonly saveDetails: (all: ReadonlyArray<import("./WorkflowStore.ts").CallDetails>) => Effect.Effect<void, StoreError>;
    readonly details: (call: import("./WorkflowStore.ts").CallPlace) => Effect.Effect<import("effect/Option").Option<import("effect/Schema").Json>, StoreError>;
    readonly guarantees: import("./WorkflowStore.ts").Guarantees;
    readonly database?: object | undefined;
}, StoreError, Scope.Scope>;
/**
 * Provides a store on Kafka.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layer: (options: Options) => Layer.Layer<WorkflowStore, StoreError>;
/**
 * Provides a store on Kafka with settings from the configuration of the app.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layerConfig: (options: Config.Wrap<Options>) => Layer.Layer<WorkflowStore, StoreError | Config.ConfigError>;
