import * as Config from "effect/Config";
import type * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type * as Scope from "effect/Scope";
import { Transactions } from "./Transactions.ts";
import { StoreError, WorkflowStore } from "./WorkflowStore.ts";
/**
 * The settings of a store in a SQLite file.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
    /** The path of the file, which is created when it does not exist; `":memory:"` keeps everything in memory. */
    readonly filename: string;
    /** Whether the file is made when there is none: `true` by default. With `false` a name that is misspelt is refused, and no empty store. */
    readonly create?: boolean | undefined;
    /**
     * What a commit waits for: `"FULL"`, the default, for the disk; `"NORMAL"` only for the operating system, which is
     * several times faster for single commits. With `"NORMAL"` a loss of power or a crash of the operating system may lose
     * the latest acknowledged commits, though never a part of one; the end of the process loses nothing.
     */
    readonly synchronous?: "FULL" | "NORMAL" | undefined;
    /** How long an operation waits for another process that writes before it is `Unavailable`. The default is 5 seconds. */
    readonly busyTimeout?: Duration.Input | undefined;
    /** How many bytes the encoded events of one commit may have. The default is 8 MiB. */
    readonly maxCommitBytes?: number | undefined;
}
/**
 * Opens a store for as long as the scope lasts.
 *
 * @category constructors
 * @since 0.1.0
 */
export declare const make: (options: Options) => Effect.Effect<WorkflowStore["Service"], StoreError, Scope.Scope>;
/**
 * Provides a store in a SQLite file.
 *
 * **Details**
 *
 * Building it fails with a `StoreError` of the operation `open` that says what to do when there is something at the path
 * that is not a database of this library, is damaged, was written by a newer release or cannot be written.
 *
 * @category layers
 * @since 0.1.0
 */
export declare const layer: (options: Options) => Layer.Layer<WorkflowStore | Transactions, StoreError>;
/**
 * Provides a store in a SQLite file with settings from the configuration of the app.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layerConfig: (options: Config.Wrap<Options>) => Layer.Layer<WorkflowStore | Transactions, StoreError | Config.ConfigError>;
