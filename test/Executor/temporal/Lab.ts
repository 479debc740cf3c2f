/**
 * What the tests share: a server, workers, and what was seen of their handlers.
 */
import { Worker } from "@temporalio/worker"
import { Client, Connection } from "@temporalio/client"
import { Context, Effect, Layer, type Scope } from "effect"
import { ActivityContext } from "perdure"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import * as TemporalExecutor from "perdure/Executor/Temporal"
import * as TemporalWorker from "perdure/Executor/TemporalWorker"
import { Refused } from "../../corpus/activities.ts"
import * as Handlers from "../../corpus/handlers.ts"
import { temporalServer, type TemporalServer } from "../../support/servers.ts"
import { bundleOf } from "../../../src/Executor/temporal/worker/bundles.ts"
import { pathOf } from "../../../src/Executor/temporal/worker/bundling.ts"
import type { TemporalHistory } from "./history.ts"
import * as Programs from "./programs.ts"

export class Lab extends Context.Service<
  Lab,
  {
    readonly server: TemporalServer
    /** A client of Temporal's own. */
    readonly client: Client
    /** The executor of callers, for the workers of a queue. */
    readonly executor: (taskQueue: string) => Effect.Effect<DurableExecutor["Service"], never, Scope.Scope>
    /** Waits until the program has started: a worker answers queries from then on. */
    readonly begun: (workflowId: string) => Effect.Effect<void>
    /** Runs a worker until the scope closes. */
    readonly worker: (
      taskQueue: string,
      options?: Partial<TemporalWorker.Options>
    ) => Effect.Effect<Context.Context<TemporalWorker.Services>, never, Scope.Scope>
    /** The runs of handlers so far. */
    readonly runs: ReadonlyArray<Handlers.Run>
    /** The history so far. */
    readonly history: (workflowId: string) => Effect.Effect<TemporalHistory>
    /** Gives histories to Temporal's replayer and answers what it says of those that it refuses. */
    readonly replay: (
      histories: Iterable<readonly [name: string, history: TemporalHistory]>
    ) => Effect.Effect<ReadonlyArray<Refusal>>
  }
>()("perdure/test/Executor/temporal/Lab") {}

/** Why the replayer refuses a history. */
export interface Refusal {
  readonly name: string
  readonly error: Error
}

/** The queue of the worker that is always there. */
export const corpusQueue = "corpus"

/** The module that the workers of these tests have. */
const workflows = new URL("./workflows.ts", import.meta.url)

/** Everything started, and stopped again at the end. */
export const layer: Layer.Layer<Lab> = Layer.effect(
  Lab,
  Effect.gen(function* () {
    const server = yield* temporalServer()
    const { address } = server
    const connection = yield* Effect.acquireRelease(
      Effect.promise(() => Connection.connect({ address })),
      (connection) => Effect.promise(() => connection.close())
    )
    const client = new Client({ connection })
    const runs: Array<Handlers.Run> = []
    const handlers = Layer.merge(
      Handlers.layer((run) => runs.push(run)),
      ownHandlers
    )
    const all = Layer.merge(Programs.corpus, Programs.others).pipe(Layer.provide(handlers))
    const worker = (taskQueue: string, options: Partial<TemporalWorker.Options> = {}) =>
      Layer.build(
        Layer.provideMerge(
          all,
          TemporalWorker.layer({ address, taskQueue, workflows, heartbeatInterval: "200 millis", ...options })
        )
      ).pipe(Effect.orDie)
    yield* worker(corpusQueue)
    const code = yield* bundleOf(pathOf(workflows))
    return Lab.of({
      server,
      client,
      executor: (taskQueue) =>
        Effect.map(Layer.build(TemporalExecutor.layer({ address, taskQueue })), Context.get(DurableExecutor)).pipe(
          Effect.orDie
        ),
      begun: (workflowId) =>
        Effect.promise(() => client.workflow.getHandle(workflowId).query<unknown>("__temporal_workflow_metadata")).pipe(
          Effect.asVoid
        ),
      worker,
      runs,
      history: (workflowId) => Effect.promise(() => client.workflow.getHandle(workflowId).fetchHistory()),
      replay: (histories) => Effect.promise(() => replay(code, histories))
    })
  }).pipe(Effect.orDie)
)

// internal

const ownHandlers = Layer.mergeAll(
  Programs.Stubborn.toLayer(() => Effect.uninterruptible(Effect.sleep("2 seconds"))),
  Programs.Obstinate.toLayer(() => Effect.uninterruptible(Effect.sleep("3 seconds"))),
  Programs.Narrow.toLayer(
    () =>
      Effect.andThen(
        Effect.sleep("900 millis"),
        Effect.map(ActivityContext.ActivityContext, ({ attempt }) => attempt)
      ),
    { concurrency: 1 }
  ),
  Programs.Hopeful.toLayer(() => Effect.fail(new Refused({ what: "for now" })))
)

const replay = async (
  code: string,
  histories: Iterable<readonly [string, TemporalHistory]>
): Promise<ReadonlyArray<Refusal>> => {
  const refusals: Array<Refusal> = []
  const inputs = Array.from(histories, ([workflowId, history]) => ({ workflowId, history }))
  for await (const { error, workflowId } of Worker.runReplayHistories({ workflowBundle: { code } }, inputs)) {
    if (error !== undefined) refusals.push({ name: workflowId, error })
  }
  return refusals
}
