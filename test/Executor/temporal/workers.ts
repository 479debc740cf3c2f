/**
 * The workers of the tests. All have one module of workflows, whose bundle is kept in a folder for all files and runs of tests, until a file
 * of it changes.
 */
import { Client, Connection } from "@temporalio/client"
import { Worker } from "@temporalio/worker"
import { Effect, type Layer, type Scope } from "effect"
import * as TemporalWorker from "perdure/Executor/TemporalWorker"
import type { Codec } from "perdure/layers/PayloadCodec"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bundleOf } from "../../../src/Executor/temporal/worker/bundles.ts"
import { pathOf } from "../../../src/Executor/temporal/worker/bundling.ts"
import { codecOf } from "../../../src/internal/temporal/sealing.ts"
import type { TemporalHistory } from "./history.ts"

/** The module, and the folder for its bundle. */
export const bundling = {
  workflows: new URL("./workflows.ts", import.meta.url),
  bundleCache: join(tmpdir(), "perdure-bundles-of-tests")
}

/** A worker. */
export const workerLayer = (
  options: Partial<TemporalWorker.Options>
): Layer.Layer<TemporalWorker.Services, TemporalWorker.TemporalError> =>
  TemporalWorker.layer({ ...bundling, ...options })

/** A client of Temporal's own. */
export const clientOf = (address: string): Effect.Effect<Client, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(() => Connection.connect({ address })),
      (connection) => Effect.promise(() => connection.close())
    ),
    (connection) => new Client({ connection })
  )

/** Why the replayer refuses a history. */
export interface Refusal {
  readonly name: string
  readonly error: Error
}

/** Gives histories to Temporal's replayer and answers what it says of the ones that it refuses. */
export const replay = Effect.fnUntraced(function* (
  histories: Iterable<readonly [name: string, history: TemporalHistory]>,
  codec?: Codec
) {
  const code = yield* Effect.orDie(bundleOf(pathOf(bundling.workflows), bundling.bundleCache))
  const inputs = Array.from(histories, ([workflowId, history]) => ({ workflowId, history }))
  return yield* Effect.promise(async () => {
    const refusals: Array<Refusal> = []
    const options = { workflowBundle: { code }, ...(codec && { dataConverter: { payloadCodecs: [codecOf(codec)] } }) }
    for await (const { error, workflowId } of Worker.runReplayHistories(options, inputs)) {
      if (error !== undefined) refusals.push({ name: workflowId, error })
    }
    return refusals
  })
})
