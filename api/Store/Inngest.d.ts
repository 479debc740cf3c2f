/**
 * Keeps executions in the events of a server of Inngest, which one process writes.
 *
 * A commit is an event whose name is that of its execution, and it is stored once the server shows it. The event API has no conditional
 * write, so one process decides what is written; others send it what they want, and look for it. Which process that is, they find out by
 * events too.
 *
 * **Needs** a server of Inngest, its event key and its signing key, and that it keeps events for longer than a run lives.
 *
 * **Gotchas** That one process writes is best effort (`guarantees.fencing` is `"single-writer"`): run one worker. Each commit waits until
 * the server shows it, 50 milliseconds or more. The process that writes keeps the summaries of all executions in memory, about a kilobyte
 * each, and reads them back when it starts.
 */
import * as Config from "effect/Config";
import * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Option from "effect/Option";
import type * as Scope from "effect/Scope";
import * as Stream from "effect/Stream";
import type { Version, WorkflowId } from "../Ids.ts";
import * as Own from "./inngest/OwnOptions.ts";
import { type Change, type Commit, StoreError, type StoreErrorReason, WorkflowStore } from "./WorkflowStore.ts";
/**
 * The settings of a store on Inngest.
 *
 * @category models
 * @since 0.2.0
 */
export interface Options extends Own.OwnOptions {
}
/**
 * Opens a store. It ends with the scope.
 *
 * @category constructors
 * @since 0.2.0
 */
export declare const make: (options: Options) => Effect.Effect<{
    readonly save: (commit: Commit) => Effect.Effect<void, StoreError>;
    readonly saveAll: (commits: ReadonlyArray<Commit>) => Effect.Effect<ReadonlyArray<import("effect/Exit").Exit<void, StoreErrorReason>>>;
    readonly load: (workflowId: WorkflowId, options?: {
        readonly after?: Version | undefined;
    }) => Effect.Effect<Option.Option<import("./StoredExecution.ts").StoredExecution>, StoreError>;
    readonly summary: (workflowId: WorkflowId) => Effect.Effect<Option.Option<import("./StoredExecution.ts").ExecutionSummary>, StoreError>;
    readonly deletion: (workflowId: WorkflowId) => Effect.Effect<Option.Option<import("./WorkflowStore.ts").Deletion>, StoreError>;
    readonly list: (filter?: import("./StoredExecution.ts").WorkflowFilter) => Effect.Effect<import("./StoredExecution.ts").Page, StoreError>;
    readonly count: (filter?: import("./StoredExecution.ts").WorkflowFilter, options?: import("./StoredExecution.ts").CountOptions) => Effect.Effect<number, StoreError>;
    readonly delete: (workflowId: WorkflowId, options: import("./WorkflowStore.ts").DeleteOptions) => Effect.Effect<boolean, StoreError>;
    readonly changes: Stream.Stream<ReadonlyArray<Change>, StoreError>;
    readonly heartbeat: (worker: import("./Workers.ts").WorkerRecord, lease: Duration.Duration, asked?: import("./Workers.ts").Asked) => Effect.Effect<import("./Workers.ts").Outlook | void, StoreError>;
    readonly workers: Effect.Effect<import("./Workers.ts").Workers, StoreError>;
    readonly saveDetails: (all: ReadonlyArray<import("./WorkflowStore.ts").CallDetails>) => Effect.Effect<void, StoreError>;
    readonly details: (call: import("./WorkflowStore.ts").CallPlace) => Effect.Effect<Option.Option<import("effect/Schema").Json>, StoreError>;
    readonly guarantees: import("./WorkflowStore.ts").Guarantees;
    readonly database?: object | undefined;
}, StoreError, Scope.Scope>;
/**
 * Provides a store on Inngest.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layer: (options?: Options) => Layer.Layer<WorkflowStore, StoreError>;
/**
 * Provides a store on Inngest with settings from the configuration of the app.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layerConfig: (options: Config.Wrap<Options>) => Layer.Layer<WorkflowStore, StoreError | Config.ConfigError>;
