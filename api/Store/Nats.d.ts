/**
 * Keeps executions in a key-value bucket of NATS JetStream, shared by any number of processes.
 *
 * The bucket holds one key for each workflow id, and the history of that key is the history of the id: a commit is one
 * message, published on the condition that the message before it is the latest one. That condition is what fences
 * writers off, and it costs one request. `nats kv history` shows what a store wrote.
 *
 * **Needs** nats-server 2.12 or later with `jetstream { sync_interval: always }`, and the packages
 * `@nats-io/transport-node` and `@nats-io/jetstream`. The settings of the servers are checked when the layer is built.
 *
 * **Gotchas** Every process keeps the summaries of all executions of the bucket in memory, about a kilobyte each. Values
 * larger than the server's `max_payload` are split over several messages that are stored together or not at all.
 */
import type { NodeConnectionOptions } from "@nats-io/transport-node";
import * as Config from "effect/Config";
import * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Option from "effect/Option";
import type * as Scope from "effect/Scope";
import * as Own from "./nats/OwnOptions.ts";
import { StoreError, type StoreErrorReason, WorkflowStore } from "./WorkflowStore.ts";
/**
 * The settings of a store on NATS.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends Own.OwnOptions {
    /** TLS and other options of the client. They go before credentials that stand elsewhere. */
    readonly connection?: Omit<NodeConnectionOptions, "servers"> | undefined;
}
/**
 * Connects a store. It ends with the scope.
 *
 * @category constructors
 * @since 0.1.0
 */
export declare const make: (options: Options) => Effect.Effect<{
    readonly save: (commit: import("./StoredExecution.ts").Commit) => Effect.Effect<void, StoreError>;
    readonly saveAll: (commits: ReadonlyArray<import("./StoredExecution.ts").Commit>) => Effect.Effect<ReadonlyArray<import("effect/Exit").Exit<void, StoreErrorReason>>>;
    readonly load: (workflowId: import("../Ids.ts").WorkflowId, options?: {
        readonly after?: import("../Ids.ts").Version | undefined;
    }) => Effect.Effect<Option.Option<import("./StoredExecution.ts").StoredExecution>, StoreError>;
    readonly summary: (workflowId: import("../Ids.ts").WorkflowId) => Effect.Effect<Option.Option<import("./StoredExecution.ts").ExecutionSummary>, StoreError>;
    readonly deletion: (workflowId: import("../Ids.ts").WorkflowId) => Effect.Effect<Option.Option<import("./WorkflowStore.ts").Deletion>, StoreError>;
    readonly list: (filter?: import("./StoredExecution.ts").WorkflowFilter) => Effect.Effect<import("./StoredExecution.ts").Page, StoreError>;
    readonly count: (filter?: import("./StoredExecution.ts").WorkflowFilter, options?: import("./StoredExecution.ts").CountOptions) => Effect.Effect<number, StoreError>;
    readonly delete: (workflowId: import("../Ids.ts").WorkflowId, options: import("./WorkflowStore.ts").DeleteOptions) => Effect.Effect<boolean, StoreError>;
    readonly changes: import("effect/Stream").Stream<ReadonlyArray<import("./WorkflowStore.ts").Change>, StoreError>;
    readonly heartbeat: (worker: import("./Workers.ts").WorkerRecord, lease: Duration.Duration, asked?: import("./Workers.ts").Asked) => Effect.Effect<import("./Workers.ts").Outlook | void, StoreError>;
    readonly workers: Effect.Effect<import("./Workers.ts").Workers, StoreError>;
    readonly saveDetails: (all: ReadonlyArray<import("./WorkflowStore.ts").CallDetails>) => Effect.Effect<void, StoreError>;
    readonly details: (call: import("./WorkflowStore.ts").CallPlace) => Effect.Effect<Option.Option<import("effect/Schema").Json>, StoreError>;
    readonly guarantees: import("./WorkflowStore.ts").Guarantees;
    readonly database?: object | undefined;
}, StoreError, Scope.Scope>;
/**
 * Provides a store on NATS.
 *
 * @category layers
 * @since 0.1.0
 */
export declare const layer: (options: Options) => Layer.Layer<WorkflowStore, StoreError>;
/**
 * Provides a store on NATS with settings from the configuration of the app.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layerConfig: (options: Config.Wrap<Options>) => Layer.Layer<WorkflowStore, StoreError | Config.ConfigError>;
