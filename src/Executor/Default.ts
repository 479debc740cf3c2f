/**
 * The default executor: runs executions in this process, on any store.
 *
 * It takes over what is unfinished and has no living worker, keeps idle executions out of memory, and never lets two processes
 * advance one execution: the store's versions see to that.
 */
import * as Config from "effect/Config"
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { layerWithOptions, type LayerWithOptions } from "../internal/layerWithOptions.ts"
import * as MemoryStore from "../Store/Memory.ts"
import type { StoreError, WorkflowStore } from "../Store/WorkflowStore.ts"
import type { Options } from "./default/Options.ts"
import * as Parts from "./default/services.ts"
import type { DurableExecutor } from "./DurableExecutor.ts"
import type * as Executions from "./Executions.ts"
import type { Observers } from "./Observers.ts"
import type { InlineActivities, WorkflowRegistry } from "./WorkflowRegistry.ts"

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
): Effect.Effect<Context.Context<Services>, StoreError, WorkflowStore | Scope.Scope> => Parts.make(options)

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
      const { services, worker } = yield* Parts.makeWorker(options, true)
      yield* Layer.build(Layer.provide(workflows, Layer.succeedContext(services)))
      return yield* worker.runUntilIdle(Duration.fromInputUnsafe(options.within))
    })
  ) as Effect.Effect<boolean, E | StoreError, WorkflowStore | Exclude<R, Services>>

/**
 * The default executor, with settings of one's own when it is called: `layer`, or `layer({ maxActivities: 50 })`.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: LayerWithOptions<Options, Services, StoreError, WorkflowStore> = layerWithOptions(
  (options?: Options) => Parts.layer(options)
)

/**
 * The same as `layer(options)`.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Options): Layer.Layer<Services, StoreError, WorkflowStore> => layer(options)

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

/**
 * The default executor and a store in memory in one, with settings of the executor when it is called: for tests, and for
 * executions that may end with the process.
 *
 * **Example** (A program that needs nothing else)
 *
 * ```ts
 * import { Effect, Layer } from "effect"
 * import { Workflow } from "perdure"
 * import * as DefaultExecutor from "perdure/Executor/Default"
 *
 * const Hello = Workflow.make("Hello")
 * const Main = Hello.toLayer(() => Effect.sleep("1 milli")).pipe(Layer.provideMerge(DefaultExecutor.layerMemory))
 *
 * const program = Hello.execute().pipe(Effect.provide(Main))
 * ```
 *
 * @category layers
 * @since 0.2.0
 */
export const layerMemory: LayerWithOptions<Options, Services | WorkflowStore, StoreError, never> = layerWithOptions(
  (options?: Options) => Layer.provideMerge(Parts.layer(options), MemoryStore.layer())
)
