/**
 * Spans: of callers, and of what executors do for their executions, in one trace for each execution over restarts and processes.
 *
 * The span of the caller is recorded in the history with a start, a signal or an update, so whatever happens to the execution later, and
 * in whichever process, is part of the trace of its start; children and next runs too. A replay makes no span again, but for its own.
 * `docs/telemetry.md` has the table of the names and attributes.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import { DurableExecutor } from "../Executor/DurableExecutor.ts"
import { Executions } from "../Executor/Executions.ts"
import { Observers } from "../Executor/Observers.ts"
import { ofLayer } from "../internal/ofLayer.ts"
import { traced } from "./telemetry/callers.ts"
import { observer } from "./telemetry/observer.ts"
import { Spans } from "./telemetry/Spans.ts"

/**
 * Makes spans of operations, executions, attempts, timers, updates and replays, with the tracer of its context.
 *
 * **Details**
 *
 * The span of an execution is made when it ends, with its true length. A process that dies takes the spans of the attempts that it runs
 * with it. An execution that was started without a span has a trace all the same, which each process finds by its run id. Of a caller
 * whose span is not sampled nothing is, in any process.
 *
 * **Gotchas**
 *
 * Provide the tracer to the whole app, not to this layer alone: the spans of handlers, programs and the store are made by their own.
 *
 * **Example** (Spans for a collector that speaks OTLP)
 *
 * ```ts
 * import { Effect, Layer } from "effect"
 * import { FetchHttpClient } from "effect/http"
 * import { OtlpSerialization, OtlpTracer } from "effect/observability"
 * import { Middleware, Tracing, Workflow } from "perdure"
 * import * as DefaultExecutor from "perdure/Executor/Default"
 * import * as SqliteStore from "perdure/Store/Sqlite"
 *
 * const Order = Workflow.make("Order")
 * const TracerLive = OtlpTracer.layer({ url: "http://localhost:4318/v1/traces", resource: { serviceName: "orders" } }).pipe(
 *   Layer.provide([OtlpSerialization.layerJson, FetchHttpClient.layer])
 * )
 * const AppLive = Order.toLayer(() => Effect.void).pipe(
 *   Layer.provideMerge(Middleware.apply(DefaultExecutor.layer, Tracing.layer)),
 *   Layer.provide(SqliteStore.layer({ filename: "orders.db" })),
 *   Layer.provideMerge(TracerLive)
 * )
 * ```
 *
 * @category layers
 * @since 0.2.0
 */
export const layer: Layer.Layer<DurableExecutor | Executions, never, DurableExecutor | Executions | Observers> =
  Layer.effectContext(
    Effect.gen(function* () {
      const services = { executor: yield* DurableExecutor, executions: yield* Executions }
      const { add } = yield* Observers
      const context = yield* ofLayer()
      const isOn = Context.get(context, References.TracerEnabled)
      if (isOn) yield* add(observer(new Spans(context)))
      const { executions, executor } = isOn ? traced(services, Context.get(context, Tracer.Tracer)) : services
      return Context.make(DurableExecutor, executor).pipe(Context.add(Executions, executions))
    })
  )
