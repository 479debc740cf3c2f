/**
 * Moves executions from one store to another, as lines of JSON: all of their histories, with what they wait for.
 */
import * as Effect from "effect/Effect";
import * as Stream from "effect/Stream";
import type { WorkflowId } from "../Ids.ts";
import { type StoreError, WorkflowStore } from "../Store/WorkflowStore.ts";
import { type ExportOptions } from "./transfer/exporting.ts";
import { TransferError } from "./TransferError.ts";
export type { ExportOptions } from "./transfer/exporting.ts";
export * from "./TransferError.ts";
/**
 * What an import has done.
 *
 * @category models
 * @since 0.2.0
 */
export interface Imported {
    /** How many executions it has stored. */
    readonly imported: number;
    /** How many were there already, as they were exported or further on. */
    readonly present: number;
    /** Executions that it did not store, or not wholly, and why. */
    readonly refused: ReadonlyArray<{
        readonly workflowId: WorkflowId;
        readonly faults: ReadonlyArray<string>;
    }>;
}
/**
 * How to import.
 *
 * @category models
 * @since 0.2.0
 */
export interface ImportOptions {
    /**
     * Imports although workers run. They take each execution as soon as it is there, and a message that it owes to one that comes after it is
     * lost: for executions that have nothing to do with each other.
     */
    readonly whileRunning?: boolean | undefined;
}
/**
 * The executions of a store as lines of JSON, without line feeds. Fails with `StillRunning` while workers run on the store, or if one has
 * come meanwhile.
 *
 * **Example** (A file)
 *
 * ```ts
 * import { NodeServices } from "@effect/platform-node"
 * import { Effect, FileSystem, Stream } from "effect"
 * import { Transfer } from "perdure"
 * import * as SqliteStore from "perdure/Store/Sqlite"
 *
 * const program = Effect.gen(function*() {
 *   const files = yield* FileSystem.FileSystem
 *   yield* Transfer.exportLines().pipe(
 *     Stream.map((line) => `${line}\n`),
 *     Stream.encodeText,
 *     Stream.run(files.sink("orders.jsonl"))
 *   )
 * }).pipe(Effect.provide([SqliteStore.layer({ filename: "orders.db" }), NodeServices.layer]))
 * ```
 *
 * @category operations
 * @since 0.2.0
 */
export declare const exportLines: (options?: ExportOptions) => Stream.Stream<string, StoreError | TransferError, WorkflowStore>;
/**
 * Stores the executions of an export. What is there already stays as it is, so an import that was cut off is done again as a whole, and goes
 * on. An execution that is damaged, or whose id another one has, is refused, and the others are stored.
 *
 * Fails with `StillRunning` while workers run on the store, or if one has come meanwhile; with `BadLine` for a line that is damaged, with
 * `CutOff` where the export has no end, and with `NewerExport`.
 *
 * @category operations
 * @since 0.2.0
 */
export declare const importLines: <E, R>(source: Stream.Stream<string, E, R>, options?: ImportOptions) => Effect.Effect<Imported, E | StoreError | TransferError, WorkflowStore | R>;
