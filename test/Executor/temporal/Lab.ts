/**
 * What the tests share: a server, workers, and what was seen of their handlers.
 */
import type { Client } from "@temporalio/client"
import { Context, Effect, Layer, type Scope } from "effect"
import { ActivityContext } from "perdure"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import * as TemporalExecutor from "perdure/Executor/Temporal"
import type * as TemporalWorker from "perdure/Executor/TemporalWorker"
import { Refused } from "../../corpus/activities.ts"
import * as Handlers from "../../corpus/handlers.ts"
import { temporalServer, type TemporalServer } from "../../support/servers.ts"
import type { TemporalHistory } from "./history.ts"
import * as Programs from "./programs.ts"
import { clientOf, replay, workerLayer } from "./workers.ts"

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
    readonly replay: typeof replay
  }
>()("perdure/test/Executor/temporal/Lab") {}

/** The queue of the worker that is always there. */
export const corpusQueue = "corpus"

/** Everything started, and stopped again at the end. */
export const layer: Layer.Layer<Lab> = Layer.effect(
  Lab,
  Effect.gen(function* () {
    const server = yield* temporalServer()
    const { address } = server
    const client = yield* clientOf(address)
    const runs: Array<Handlers.Run> = []
    const handlers = Layer.merge(
      Handlers.layer((run) => runs.push(run)),
      ownHandlers
    )
    const all = Layer.merge(Programs.corpus, Programs.others).pipe(Layer.provide(handlers))
    const worker = (taskQueue: string, options: Partial<TemporalWorker.Options> = {}) =>
      Layer.build(
        Layer.provideMerge(all, workerLayer({ address, taskQueue, heartbeatInterval: "200 millis", ...options }))
      ).pipe(Effect.orDie)
    yield* worker(corpusQueue)
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
      replay
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
        Effect.sleep("450 millis"),
        Effect.map(ActivityContext.ActivityContext, ({ attempt }) => attempt)
      ),
    { concurrency: 1 }
  ),
  Programs.Huge.toLayer((fails) => {
    const text = "x".repeat(2_100_000)
    return fails ? Effect.fail(new Refused({ what: text })) : Effect.succeed(text)
  }),
  Programs.Given.toLayer(Effect.succeed),
  Programs.Hopeful.toLayer(() => Effect.fail(new Refused({ what: "for now" })))
)
