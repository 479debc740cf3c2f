/**
 * What the tests share: a server, the bundle, a worker, and what was seen of them.
 */
import { Worker, type WorkflowBundleWithSourceMap } from "@temporalio/worker"
import { Context, Effect, Layer, type Scope } from "effect"
import { Refused } from "../../corpus/activities.ts"
import * as Handlers from "../../corpus/handlers.ts"
import { temporalServer } from "../../support/servers.ts"
import { clientOf } from "./client.ts"
import type { TemporalHistory } from "./history.ts"
import * as Programs from "./programs.ts"
import { registrationsOf } from "./registrations.ts"
import { bundle, connect, quiet, runWorker, type Work } from "./worker.ts"

export class Lab extends Context.Service<
  Lab,
  {
    /** A client that starts executions for the workers of a queue. */
    readonly client: (taskQueue: string) => ReturnType<typeof clientOf>
    /** Runs a worker until the scope closes. */
    readonly worker: (taskQueue: string, work?: Work) => Effect.Effect<void, never, Scope.Scope>
    /** The runs of handlers so far. */
    readonly runs: ReadonlyArray<Handlers.Run>
    /** Gives histories to Temporal's replayer and answers what it says of those that it refuses. */
    readonly replay: (
      histories: Iterable<readonly [name: string, history: TemporalHistory]>
    ) => Effect.Effect<ReadonlyArray<Refusal>>
  }
>()("perdure/test/seams/Lab") {}

/** Why the replayer refuses a history. */
export interface Refusal {
  readonly name: string
  readonly error: Error
}

/** The queue of the worker that is always there. */
export const corpusQueue = "corpus"

/** Everything started, and stopped again at the end. */
export const layer: Layer.Layer<Lab> = Layer.effect(
  Lab,
  Effect.gen(function* () {
    yield* quiet
    const { address } = yield* temporalServer()
    const workflowBundle = yield* bundle
    const runs: Array<Handlers.Run> = []
    const handlers = Layer.merge(
      Handlers.layer((run) => runs.push(run)),
      ownHandlers
    )
    const registrations = yield* Effect.provideContext(registrationsOf(Programs.layer), yield* Layer.build(handlers))
    const client = yield* connect(address)
    const worker = (taskQueue: string, work: Work = "both") =>
      runWorker({ address, taskQueue, work, workflowBundle, registrations })
    yield* worker(corpusQueue)
    return Lab.of({
      client: (taskQueue) => clientOf(client, taskQueue),
      worker,
      runs,
      replay: (histories) => Effect.promise(() => replay(workflowBundle, histories))
    })
  }).pipe(Effect.orDie)
)

// internal

const ownHandlers = Layer.merge(
  Programs.Stubborn.toLayer(() => Effect.uninterruptible(Effect.sleep("2 seconds"))),
  Programs.Hopeful.toLayer(() => Effect.fail(new Refused({ what: "for now" })))
)

const replay = async (
  workflowBundle: WorkflowBundleWithSourceMap,
  histories: Iterable<readonly [string, TemporalHistory]>
): Promise<ReadonlyArray<Refusal>> => {
  const refusals: Array<Refusal> = []
  const inputs = Array.from(histories, ([workflowId, history]) => ({ workflowId, history }))
  for await (const { error, workflowId } of Worker.runReplayHistories({ workflowBundle }, inputs)) {
    if (error !== undefined) refusals.push({ name: workflowId, error })
  }
  return refusals
}
