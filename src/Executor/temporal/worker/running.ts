/**
 * Temporal's worker as a scoped effect: it runs from the first registration until the scope closes.
 */
import { NativeConnection, Worker, type WorkerDeploymentOptions } from "@temporalio/worker"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { connectionOf, type Settings } from "../../../internal/temporal/Options.ts"
import { statusOf, unusable } from "../../../internal/temporal/Server.ts"
import { type TemporalError, temporalError, WorkerFailed } from "../../../internal/temporal/TemporalError.ts"
import { activityOf, type Shared } from "./activities.ts"
import { codecOf } from "../../../internal/temporal/sealing.ts"
import { encoding, failureConverterPath } from "./bundling.ts"
import type { Options, WorkerSettings } from "./Options.ts"

/** Connects, until the scope closes. */
export const connected = (
  options: Options,
  settings: Settings
): Effect.Effect<NativeConnection, TemporalError, Scope.Scope> => {
  if (options.connection !== undefined) return Effect.succeed(options.connection)
  return Effect.acquireRelease(
    Effect.tryPromise({
      try: () => NativeConnection.connect(connectionOf(options, settings)),
      catch: (thrown) => unusable(settings, thrown)
    }),
    (connection) => Effect.ignore(Effect.tryPromise(() => connection.close()))
  )
}

/** A worker that runs once it is told to. */
export interface Running {
  /** Begins, unless it has begun. */
  readonly begin: Effect.Effect<void, TemporalError>
  /** Fails when the worker has ended by itself. */
  readonly ended: Effect.Effect<never, TemporalError>
}

/** Makes a worker, which is drained when the scope closes. */
export const running = Effect.fnUntraced(function* (made: {
  readonly connection: NativeConnection
  readonly settings: Settings
  readonly worker: WorkerSettings
  /** Nothing where it runs no programs. */
  readonly code: string | undefined
  readonly shared: Shared
}): Effect.fn.Return<Running, never, Scope.Scope> {
  const { taskQueue } = made.settings
  const scope = yield* Effect.scope
  const ended = yield* Deferred.make<never, TemporalError>()
  const failed = (thrown: unknown) => temporalError(new WorkerFailed({ taskQueue, detail: statusOf(thrown).detail }))
  const begin = Effect.gen(function* () {
    const worker = yield* Effect.tryPromise({ try: () => create(made), catch: failed })
    const running = Effect.tryPromise({ try: () => worker.run(), catch: failed }).pipe(
      // The app may have installed Temporal's runtime, which ends workers at a signal.
      Effect.tap(() => Deferred.fail(ended, failed(new Error("it was shut down")))),
      Effect.tapError((error) => Effect.andThen(Effect.logError(error.message), Deferred.fail(ended, error))),
      Effect.ignore
    )
    const fiber = yield* Effect.forkIn(running, scope, { startImmediately: true })
    yield* Effect.addFinalizer(() =>
      Effect.andThen(
        Effect.sync(() => (worker.getState() === "RUNNING" ? worker.shutdown() : undefined)),
        Fiber.await(fiber)
      )
    )
  })
  const once = yield* Effect.cached(Effect.uninterruptible(Effect.provideService(begin, Scope.Scope, scope)))
  return { begin: once, ended: Deferred.await(ended) }
})

// internal

/**
 * After so long a task that was meant for this worker is given to any: when the worker has died, or the server has lost the task, which it
 * does now and then when updates race with the end of a run.
 */
const lostTasks = "3 seconds"

const create = ({
  code,
  connection,
  settings: { codec, namespace, taskQueue },
  shared,
  worker: { deployment, grace, maxActivities, maxLoaded, only, shutdownTimeout }
}: Parameters<typeof running>[0]): Promise<Worker> =>
  Worker.create({
    connection,
    namespace,
    taskQueue,
    ...(code === undefined ? {} : { workflowBundle: { code: codec === undefined ? code : encoding(code) } }),
    ...(codec === undefined ? {} : { dataConverter: { payloadCodecs: [codecOf(codec)], failureConverterPath } }),
    ...(only === "workflows" ? {} : { activities: { default: activityOf(shared) } }),
    maxConcurrentActivityTaskExecutions: maxActivities,
    stickyQueueScheduleToStartTimeout: lostTasks,
    ...(maxLoaded === undefined ? {} : { maxCachedWorkflows: maxLoaded }),
    ...(deployment === undefined ? {} : { workerDeploymentOptions: pinnedTo(deployment) }),
    sinks: {
      perdure: {
        committed: { fn: ({ runId }, text: string) => shared.told(runId, text), callDuringReplay: false },
        spanned: { fn: ({ runId }, text: string) => shared.spanned(runId, text), callDuringReplay: false }
      }
    },
    shutdownGraceTime: grace,
    // Handlers that do not let themselves be interrupted are left behind then.
    shutdownForceTime: Math.max(grace, shutdownTimeout),
    // Temporal tells of a cancel in the answer to a heartbeat.
    maxHeartbeatThrottleInterval: 100,
    defaultHeartbeatThrottleInterval: 100
  })

const pinnedTo = ({ buildId, name }: NonNullable<WorkerSettings["deployment"]>): WorkerDeploymentOptions => ({
  version: { deploymentName: name, buildId },
  useWorkerVersioning: true,
  defaultVersioningBehavior: "PINNED"
})
