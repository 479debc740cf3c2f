/**
 * The default executor: runs executions in this process, on any store.
 *
 * It takes over what is unfinished and has no living worker, keeps idle executions out of memory, and never lets two processes
 * advance one execution: the store's versions see to that.
 */
import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scheduler from "effect/Scheduler"
import type * as Scope from "effect/Scope"
import { WorkerId, type WorkflowId } from "../Ids.ts"
import { LiveClock } from "../internal/liveClock.ts"
import { operationOf } from "../internal/operation.ts"
import { silenced } from "../internal/replay/silence.ts"
import { workflowError } from "../internal/store/failure.ts"
import { type StoreError, WorkflowStore } from "../Store/WorkflowStore.ts"
import { incarnationOf } from "./default/Heartbeat.ts"
import { type Options, settings as settingsOf } from "./default/Options.ts"
import { Worker } from "./default/Worker.ts"
import { DurableExecutor } from "./DurableExecutor.ts"
import * as Executions from "./Executions.ts"
import { Observers } from "./Observers.ts"
import { InlineActivities, WorkflowRegistry } from "./WorkflowRegistry.ts"

export type { Options } from "./default/Options.ts"

/**
 * The services of an executor: to run executions, to register workflows, with inline activities if they have some, to read and
 * tidy up, and to observe it.
 *
 * @category models
 * @since 0.2.0
 */
export type Services = DurableExecutor | WorkflowRegistry | InlineActivities | Executions.Executions | Observers

/**
 * Makes a default executor on the store that is provided. It ends with the scope: handlers are interrupted, what they
 * finished is saved, and other workers may take the executions at once.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  options?: Options
): Effect.Effect<Context.Context<Services>, StoreError, WorkflowStore | Scope.Scope> =>
  Effect.suspend(() => Effect.map(makeWorker(options, false), ({ services }) => services))

/**
 * Runs workflows until there is nothing more to do, and returns: for a job of cron, or a function that is called now and then. It
 * takes the executions for which there is something to do now, runs them, and leaves executions that wait for later to the
 * next call. What falls due within a second is waited for; the end or the answer of another execution, which may come at any time,
 * is looked for by each call.
 *
 * Returns whether there is nothing more to do; `false` when `within` has passed before. Handlers that still run then are
 * interrupted as in every shutdown, which may take `shutdownTimeout` more.
 *
 * **Example** (A job that cron starts every minute)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Workflow } from "perdure"
 * import * as DefaultExecutor from "perdure/Executor/Default"
 * import * as SqliteStore from "perdure/Store/Sqlite"
 *
 * const Remind = Workflow.make("Remind")
 * const RemindLive = Remind.toLayer(() => Effect.sleep("1 day"))
 *
 * const job = DefaultExecutor.runUntilIdle(RemindLive, { within: "50 seconds" }).pipe(
 *   Effect.provide(SqliteStore.layer({ filename: "reminders.db" }))
 * )
 * ```
 *
 * @category running
 * @since 0.2.0
 */
export const runUntilIdle = <E, R>(
  workflows: Layer.Layer<never, E, R>,
  options: Options & { readonly within: Duration.Input }
): Effect.Effect<boolean, E | StoreError, WorkflowStore | Exclude<R, Services>> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { services, worker } = yield* makeWorker(options, true)
      yield* Layer.build(Layer.provide(workflows, Layer.succeedContext(services)))
      return yield* worker.runUntilIdle(Duration.fromInputUnsafe(options.within))
    })
  ) as Effect.Effect<boolean, E | StoreError, WorkflowStore | Exclude<R, Services>>

/**
 * The default executor with its default settings.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Services, StoreError, WorkflowStore> = Layer.effectContext(make())

/**
 * The default executor with settings of one's own.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Options): Layer.Layer<Services, StoreError, WorkflowStore> =>
  Layer.effectContext(make(options))

/**
 * The default executor with settings from the configuration of the app.
 *
 * @category layers
 * @since 0.2.0
 */
export const layerConfig = (
  options: Config.Wrap<Options>
): Layer.Layer<Services, StoreError | Config.ConfigError, WorkflowStore> =>
  Layer.effectContext(Effect.flatMap(Config.unwrap(options), make))

// internal

const makeWorker = Effect.fnUntraced(function* (
  options: Options | undefined,
  onlyDue: boolean
): Effect.fn.Return<
  { readonly worker: Worker; readonly services: Context.Context<Services> },
  StoreError,
  WorkflowStore | Scope.Scope
> {
  const store = yield* WorkflowStore
  const settings = settingsOf(options)
  const context = yield* Effect.context<never>()
  const scheduler = yield* Scheduler.Scheduler
  const makeId = options?.makeId ?? (() => globalThis.crypto.randomUUID())
  const liveClock = yield* LiveClock
  const name = options?.worker
  const id = makeId()
  const worker = new Worker({
    worker: name === undefined ? WorkerId.make(id) : incarnationOf(name, id, liveClock.currentTimeMillisUnsafe()),
    name,
    context,
    clock: yield* Clock.Clock,
    liveClock,
    store,
    dispatcher: scheduler.makeDispatcher(),
    programContext: silenced(context),
    settings,
    onlyDue,
    makeId
  })
  yield* worker.start
  // Before what goes on beside the executions ends: a worker that stops still says that it lives.
  yield* Effect.addFinalizer(() => worker.close)
  const services = Context.make(DurableExecutor, executorOf(worker)).pipe(
    Context.add(WorkflowRegistry, {
      register: (registration) => workflowError("register", registration.workflow)(worker.register(registration))
    }),
    Context.add(InlineActivities, true),
    Context.add(Observers, { add: (observer) => worker.observed.add(observer) }),
    Context.add(Executions.Executions, Executions.make(store, settings.answerTimeout))
  )
  return { worker, services }
})

const executorOf = ({ client }: Worker): DurableExecutor["Service"] => ({
  start: (request) => client.start(request).pipe(workflowError("start", request.workflowId)),
  find: (workflowId) => client.find(workflowId as WorkflowId).pipe(workflowError("find", workflowId)),
  send: (ref, message) => client.send(ref, message).pipe(workflowError(operationOf(message), ref.workflowId)),
  result: (ref) => client.result(ref).pipe(workflowError("result", ref.workflowId))
})
