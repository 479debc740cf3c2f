/**
 * Temporal's worker and client as scoped effects.
 */
import { Client, Connection } from "@temporalio/client"
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap
} from "@temporalio/worker"
import { Effect, Fiber } from "effect"
import { fileURLToPath } from "node:url"
import { attemptsOf } from "./attempts.ts"
import type { Registrations } from "./registrations.ts"

/** Keeps Temporal from printing and from taking the signals of the process. Once a process, before anything else. */
export const quiet = Effect.sync(() =>
  Runtime.install({
    logger: new DefaultLogger("ERROR"),
    telemetryOptions: { logging: { filter: { core: "ERROR", other: "ERROR" } } },
    shutdownSignals: []
  })
)

/** The workflows as a bundle for the sandbox. */
export const bundle: Effect.Effect<WorkflowBundleWithSourceMap> = Effect.promise(() =>
  bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL("./workflows.ts", import.meta.url)),
    logger: new DefaultLogger("ERROR"),
    webpackConfigHook: (config) => ({
      ...config,
      // Every execution evaluates the whole bundle, so unused modules are left out. Minifying would take longer.
      mode: "production",
      optimization: { minimize: false, concatenateModules: false },
      // Reading the source maps of dependencies takes half of the time.
      module: { ...config.module, rules: (config.module?.rules ?? []).filter(isNoSourceMapLoader) },
      devtool: "inline-nosources-cheap-source-map",
      resolve: { ...config.resolve, conditionNames: ["perdure-source", "..."] }
    })
  })
)

/** What a worker runs. */
export type Work = "workflows" | "activities" | "both"

/** Runs a worker until the scope closes; then its attempts are interrupted and it is drained. */
export const runWorker = Effect.fnUntraced(function* (options: {
  readonly address: string
  readonly taskQueue: string
  readonly work: Work
  readonly workflowBundle: WorkflowBundleWithSourceMap
  readonly registrations: Registrations
}) {
  const { address, registrations, taskQueue, work, workflowBundle } = options
  const connection = yield* Effect.acquireRelease(
    Effect.promise(() => NativeConnection.connect({ address })),
    (connection) => Effect.promise(() => connection.close())
  )
  const worker = yield* Effect.promise(() =>
    Worker.create({
      connection,
      taskQueue,
      ...(work === "activities" ? {} : { workflowBundle }),
      ...(work === "workflows" ? {} : { activities: { default: attemptsOf(registrations) } }),
      // Temporal tells of a cancel in the answer to a heartbeat.
      maxHeartbeatThrottleInterval: 200
    })
  )
  const ended = yield* Effect.forkScoped(
    Effect.promise(() => worker.run()),
    { startImmediately: true }
  )
  yield* Effect.addFinalizer(() =>
    Effect.andThen(
      Effect.sync(() => worker.shutdown()),
      Fiber.await(ended)
    )
  )
})

/** A client until the scope closes. */
export const connect = (address: string) =>
  Effect.acquireRelease(
    Effect.promise(() => Connection.connect({ address })),
    (connection) => Effect.promise(() => connection.close())
  ).pipe(Effect.map((connection) => new Client({ connection })))

// internal

const isNoSourceMapLoader = (rule: unknown): boolean =>
  !(typeof rule === "object" && rule !== null && "enforce" in rule && rule.enforce === "pre")
