/**
 * Moves executions from one store to another, as lines of JSON: all of their histories, with what they wait for.
 */
import * as Effect from "effect/Effect"
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { WorkflowId } from "../Ids.ts"
import { type StoreError, WorkflowStore } from "../Store/WorkflowStore.ts"
import { atRest } from "./transfer/atRest.ts"
import { type Block, Blocks, type Missing } from "./transfer/Blocks.ts"
import { type ExportOptions, lines } from "./transfer/exporting.ts"
import { importOne } from "./transfer/importing.ts"
import { patient } from "./transfer/patient.ts"
import { TransferError, type TransferErrorReason } from "./TransferError.ts"

export type { ExportOptions } from "./transfer/exporting.ts"
export * from "./TransferError.ts"

/**
 * What an import has done.
 *
 * @category models
 * @since 0.2.0
 */
export interface Imported {
  /** How many executions it has stored. */
  readonly imported: number
  /** How many were there already, as they were exported or further on. */
  readonly present: number
  /** Executions that it did not store, or not wholly, and why. */
  readonly refused: ReadonlyArray<{ readonly workflowId: WorkflowId; readonly faults: ReadonlyArray<string> }>
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
  readonly whileRunning?: boolean | undefined
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
export const exportLines = (
  options: ExportOptions = {}
): Stream.Stream<string, StoreError | TransferError, WorkflowStore> =>
  Stream.unwrap(Effect.map(WorkflowStore, (store) => lines(store, options)))

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
export const importLines = <E, R>(
  source: Stream.Stream<string, E, R>,
  options: ImportOptions = {}
): Effect.Effect<Imported, E | StoreError | TransferError, WorkflowStore | R> =>
  Effect.gen(function* () {
    const store = yield* WorkflowStore
    const { still } = yield* atRest(store, "import", options.whileRunning)
    const blocks = new Blocks()
    const result = { imported: 0, present: 0, refused: [] as Array<Imported["refused"][number]> }
    const take = Effect.fnUntraced(function* (found: Block | Missing) {
      if ("faults" in found) return void result.refused.push(found)
      const outcome = yield* importOne(store, found)
      if (typeof outcome === "string") result[outcome]++
      else result.refused.push({ workflowId: found.summary.workflowId, faults: outcome })
    })
    yield* source.pipe(
      Stream.mapEffect((line) => checked(blocks.take(line.trimEnd()))),
      Stream.filter((found) => found !== undefined),
      Stream.mapEffect(take, { concurrency: storesAtOnce, unordered: true }),
      Stream.runDrain
    )
    yield* checked(blocks.end())
    yield* still
    // What they ran was not lost with them.
    yield* Effect.forEach(blocks.left, (id) => patient(store.heartbeat({ id, workflows: [] }, Duration.zero)), {
      discard: true
    })
    return result
  })

// internal

/** So many executions are stored at a time: stores put their commits together. */
const storesAtOnce = 64

const checked = <A>(result: Result.Result<A, TransferErrorReason>): Effect.Effect<A, TransferError> =>
  Effect.fromResult(Result.mapError(result, (reason) => new TransferError({ operation: "import", reason })))
