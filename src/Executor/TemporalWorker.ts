/**
 * Workers on Temporal: the programs of a module run in Temporal's sandbox, by our interpreter, and the handlers of activities run here,
 * with the layers of the app.
 */
import { Client } from "@temporalio/client"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { thrownText } from "../internal/given.ts"
import { withoutSpan } from "../internal/ofLayer.ts"
import { connected as clientOf, serverOf } from "../internal/temporal/connecting.ts"
import { settingsOf } from "../internal/temporal/Options.ts"
import { viewOf } from "../internal/temporal/view.ts"
import { TemporalError } from "../internal/temporal/TemporalError.ts"
import { WorkflowError } from "../WorkflowError.ts"
import { DurableExecutor } from "./DurableExecutor.ts"
import * as Executions from "./Executions.ts"
import { Observers } from "./Observers.ts"
import { executorOf, operations } from "./temporal/client/executor.ts"
import { bundleIn, bundleOf, written } from "./temporal/worker/bundles.ts"
import { pathOf } from "./temporal/worker/bundling.ts"
import { Handlers } from "./temporal/worker/Handlers.ts"
import { Limits } from "./temporal/worker/Limits.ts"
import { Observed, terminationOf } from "./temporal/worker/Observed.ts"
import { type Options, workerSettingsOf } from "./temporal/worker/Options.ts"
import { ownOf } from "./temporal/worker/own.ts"
import { Policies } from "./temporal/worker/Policies.ts"
import { programsIn } from "./temporal/worker/programs.ts"
import { ProgramSpans } from "./temporal/worker/ProgramSpans.ts"
import { refusalOf } from "./temporal/worker/registering.ts"
import { connected, type Running, running } from "./temporal/worker/running.ts"
import { installed } from "./temporal/worker/runtime.ts"
import { type Services, TemporalWorker } from "./temporal/worker/Services.ts"
import { type Registration, WorkflowRegistry } from "./WorkflowRegistry.ts"

export type { Options } from "./temporal/worker/Options.ts"
export * from "./temporal/worker/Services.ts"
export * from "../internal/temporal/TemporalError.ts"

/**
 * Makes a worker. It begins with the first workflow that is registered, and ends with the scope.
 *
 * @category constructors
 * @since 0.2.0
 */
export const make = (options: Options): Effect.Effect<Context.Context<Services>, TemporalError, Scope.Scope> =>
  Effect.suspend(() => makeWith(options))

/**
 * A worker, which provides what the default executor does but for inline activities: so an app moves to Temporal with another layer.
 *
 * **Gotchas**
 *
 * A layer cannot fail once it is built. When the worker ends by itself that is logged, and the services for callers go on: run the app with
 * `TemporalWorker.launch` in place of `Layer.launch`, which fails then.
 *
 * @category layers
 * @since 0.2.0
 */
export const layer = (options: Options): Layer.Layer<Services, TemporalError> => Layer.effectContext(make(options))

/**
 * Runs an app with a worker for ever, as `Layer.launch` does, and fails with `WorkerFailed` when the worker ends by itself.
 *
 * @category running
 * @since 0.2.0
 */
export const launch = <E, R>(app: Layer.Layer<TemporalWorker, E, R>): Effect.Effect<never, E | TemporalError, R> =>
  Effect.scoped(Effect.flatMap(Layer.build(app), (services) => Context.get(services, TemporalWorker).ended)).pipe(
    // A worker that cannot begin is a defect of the layer that registers the first workflow.
    Effect.catchDefect((defect) => (defect instanceof TemporalError ? Effect.fail(defect) : Effect.die(defect)))
  )

/**
 * Bundles a module of workflows ahead of time and writes the bundle to a file, for the option `bundle` of a worker that should begin at
 * once, or has no sources.
 *
 * @category running
 * @since 0.2.0
 */
export const bundle = (options: {
  readonly workflows: URL | string
  readonly file: URL | string
}): Effect.Effect<void, TemporalError> =>
  Effect.flatMap(bundleOf(pathOf(options.workflows)), (code) => written(pathOf(options.file), code))

// internal

const makeWith = Effect.fnUntraced(function* (options: Options) {
  const settings = settingsOf(options)
  const worker = workerSettingsOf(options)
  yield* installed
  const code = worker.only === "activities" ? undefined : yield* codeOf(options)
  const programs = code === undefined ? undefined : yield* programsIn(code, pathOf(options.bundle ?? options.workflows))
  const connection = yield* connected(options, settings)
  const server = yield* options.connection === undefined
    ? clientOf(options)
    : serverOf(new Client({ connection, namespace: settings.namespace }), settings)
  const handlers = new Handlers()
  const observed = new Observed()
  const context = withoutSpan(yield* Effect.context<never>())
  const spans = new ProgramSpans(context)
  const threw = (thrown: unknown) =>
    void Effect.runForkWith(context)(Effect.logError(`an observer of the worker threw: ${thrownText(thrown)}`))
  const own = operations(server, (run, reason) => observed.tell(terminationOf(run, reason), threw))
  const shared = {
    handlers,
    limits: new Limits(),
    policies: new Policies(),
    context,
    heartbeatInterval: worker.heartbeatInterval,
    own: ownOf(server, own),
    told: (temporalRun: string, text: string) => observed.told(temporalRun, text, threw),
    spanned: spans.told.bind(spans),
    observed: observed.attempt.bind(observed)
  }
  const runs = yield* running({ connection, settings, worker, code, shared })
  return Context.make(DurableExecutor, executorOf(own)).pipe(
    Context.add(WorkflowRegistry, { register: (registration) => register(handlers, programs, runs, registration) }),
    Context.add(Executions.Executions, Executions.make(viewOf(server), settings.answerTimeout)),
    Context.add(Observers, { add: (observer) => observed.add(observer) }),
    Context.add(TemporalWorker, { ended: runs.ended })
  )
})

const codeOf = ({ bundle: file, bundleCache, workflows }: Options): Effect.Effect<string, TemporalError> =>
  file === undefined ? bundleOf(pathOf(workflows), bundleCache) : bundleIn(pathOf(file))

const register = (
  handlers: Handlers,
  programs: ReadonlySet<string> | undefined,
  { begin }: Running,
  registration: Registration
): Effect.Effect<void, WorkflowError, Scope.Scope> => {
  const added = Effect.suspend(() => {
    const reason = refusalOf(registration, handlers, programs)
    if (reason !== undefined) return Effect.fail(new WorkflowError({ operation: "register", reason }))
    handlers.add(registration)
    return Effect.void
  })
  return Effect.acquireRelease(added, () => Effect.sync(() => handlers.remove(registration))).pipe(
    Effect.andThen(Effect.orDie(begin))
  )
}
