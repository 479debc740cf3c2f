/**
 * Metrics: counters and histograms of what executors do, gauges of what a store has, and the times of its operations.
 *
 * They are metrics of Effect, in the registry of the app, so whatever exports that has them too. A replay counts nothing again but
 * itself. `docs/telemetry.md` has the table of the names and labels.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { Observers } from "../Executor/Observers.ts"
import { goingOn, ofLayer } from "../internal/ofLayer.ts"
import { count, first, time } from "../internal/options.ts"
import { WorkflowStore } from "../Store/WorkflowStore.ts"
import { observer } from "./telemetry/counting.ts"
import { Gauges } from "./telemetry/gauges.ts"
import { Series } from "./telemetry/series.ts"
import { timedStore } from "./telemetry/timedStore.ts"

/**
 * Counts and times what the executor of its context does: executions, attempts of activities, replays.
 *
 * **Example** (A page that Prometheus scrapes)
 *
 * ```ts
 * import { Effect, Layer } from "effect"
 * import { PrometheusMetrics } from "effect/observability"
 * import { Metrics, Middleware, Workflow } from "perdure"
 * import * as DefaultExecutor from "perdure/Executor/Default"
 * import * as SqliteStore from "perdure/Store/Sqlite"
 *
 * const Order = Workflow.make("Order")
 * const AppLive = Order.toLayer(() => Effect.void).pipe(
 *   Layer.provideMerge(Middleware.apply(DefaultExecutor.layer, Metrics.layer)),
 *   Layer.merge(Metrics.gauges()),
 *   Layer.provide(Metrics.store),
 *   Layer.provide(SqliteStore.layer({ filename: "orders.db" }))
 * )
 * const PageLive = PrometheusMetrics.layerHttp({ path: "/metrics" })
 * ```
 *
 * @category layers
 * @since 0.2.0
 */
export const layer: Layer.Layer<never, never, Observers> = Layer.effectDiscard(
  Effect.gen(function* () {
    const { add } = yield* Observers
    yield* add(observer(new Series(yield* ofLayer())))
  })
)

/**
 * A store whose operations are timed, around the one that is provided: `DefaultExecutor.layer.pipe(Layer.provide(Metrics.store),
 * Layer.provide(SqliteStore.layer({ … })))`.
 *
 * @category layers
 * @since 0.2.0
 */
export const store: Layer.Layer<WorkflowStore, never, WorkflowStore> = Layer.effect(
  WorkflowStore,
  Effect.gen(function* () {
    return timedStore(yield* WorkflowStore, new Series(yield* ofLayer()))
  })
)

/**
 * How gauges look at a store.
 *
 * @category models
 * @since 0.2.0
 */
export interface GaugesOptions {
  /** How long to wait between two looks. Default: 15 seconds. */
  readonly every?: Duration.Input | undefined
  /** How many executions to look at, the oldest first. Default: 10,000. */
  readonly atMost?: number | undefined
}

/**
 * Gauges of the executions of a store that are not finished: how many there are, how many no worker has and since when, and how many
 * timers are pending or overdue. Throws a `TypeError` for settings that make no sense.
 *
 * **Details**
 *
 * A look is one query for the workers and one for each thousand executions that are not finished. The gauges are those of the whole
 * store, so one process that has them is enough; where several do, they show the same. A look that fails is logged, and the gauges stay
 * as they are.
 *
 * @category layers
 * @since 0.2.0
 */
export const gauges = (options: GaugesOptions = {}): Layer.Layer<never, never, WorkflowStore> => {
  const { atMost = 10_000, every = "15 seconds" } = options
  const fault = first(time("every", every), count("atMost", atMost))
  if (fault !== undefined) throw new TypeError(`the gauges of a store: ${fault}`)
  return Layer.effectDiscard(
    Effect.gen(function* () {
      const { look } = new Gauges(yield* WorkflowStore, new Series(yield* ofLayer()), atMost)
      const looks = Effect.catchCause(look, (cause) =>
        Effect.logWarning("the gauges of the store keep their values, since it could not be read", cause)
      ).pipe(goingOn)
      yield* Effect.forkScoped(Effect.repeat(looks, Schedule.spaced(Duration.fromInputUnsafe(every))))
    })
  )
}
