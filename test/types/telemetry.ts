/** Layers of telemetry need what they look at, and provide no more than they take. */
import { Effect, Layer } from "effect"
import { Metrics, Middleware, Tracing, Workflow } from "perdure"
import * as Executor from "perdure/Executor/Default"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import type { Executions } from "perdure/Executor/Executions"
import type { Observers } from "perdure/Executor/Observers"
import * as Memory from "perdure/Store/Memory"
import type { StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import { holds, type LayerChannels, type Same } from "./Exact.ts"

type Wrapped = DurableExecutor | Executions
holds<Same<LayerChannels<typeof Tracing.layer>, [Wrapped, never, Wrapped | Observers]>>()
holds<Same<LayerChannels<typeof Middleware.tracing>, [Wrapped, never, Wrapped | Observers]>>()
holds<Same<LayerChannels<typeof Metrics.layer>, [never, never, Observers]>>()
holds<Same<LayerChannels<typeof Middleware.metrics>, [never, never, Observers]>>()
holds<Same<LayerChannels<typeof Metrics.store>, [WorkflowStore, never, WorkflowStore]>>()
const gauges = Metrics.gauges({ every: "1 minute", atMost: 1000 })
holds<Same<LayerChannels<typeof gauges>, [never, never, WorkflowStore]>>()

// Around an executor they need nothing more, and take nothing away.
const both = Middleware.apply(Executor.layer, Tracing.layer, Metrics.layer)
holds<Same<LayerChannels<typeof both>, [Executor.Services, StoreError, WorkflowStore]>>()

const Order = Workflow.make("Order")
const program = Order.toLayer(() => Effect.void)
const run = <E>(layer: Layer.Layer<never, E>) => layer

run(program.pipe(Layer.provide(both), Layer.provide(Metrics.store), Layer.provide(Memory.layer)))
