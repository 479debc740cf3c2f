/**
 * Spans by the SDK of OpenTelemetry: the layers of the library are the same, and another one brings the tracer. Here an exporter keeps
 * the spans in memory, to print the trace of an order: its names, and on stderr a drawing with the times.
 */
import * as NodeSdk from "@effect/opentelemetry/NodeSdk"
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base"
import { Console, Effect, Layer, Logger } from "effect"
import { Metrics, Middleware, Tracing } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"
import { OrderLive, story } from "./order.ts"
import { type Drawn, outline, waterfall } from "./waterfall.ts"

const exporter = new InMemorySpanExporter()

const Observability = NodeSdk.layer(() => ({
  resource: { serviceName: "orders" },
  spanProcessor: new SimpleSpanProcessor(exporter)
}))

const Main = OrderLive.pipe(
  Layer.provideMerge(Middleware.apply(DefaultExecutor.layer, Tracing.layer, Metrics.layer)),
  Layer.provide(MemoryStore.layer),
  Layer.provideMerge(Observability),
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

const milliseconds = ([seconds, nanos]: ReadableSpan["startTime"]) => seconds * 1000 + nanos / 1e6

const drawn = (span: ReadableSpan): Drawn => ({
  name: span.name,
  spanId: span.spanContext().spanId,
  parent: span.parentSpanContext?.spanId,
  from: milliseconds(span.startTime),
  until: milliseconds(span.endTime),
  note: noteOf(span.attributes)
})

const noteOf = (attributes: ReadableSpan["attributes"]) => {
  const attempt = attributes["workflow.activity.attempt"]
  const parts = [
    attempt === undefined ? "" : `attempt ${attempt}`,
    attributes["workflow.status"],
    attributes["error.type"]
  ]
  return parts.filter((part) => part !== undefined && part !== "").join(", ")
}

const program = Effect.gen(function* () {
  yield* story("order-1")
  const spans = exporter.getFinishedSpans()
  const { traceId } = spans.find(({ name }) => name === "POST /orders")!.spanContext()
  const trace = spans
    .filter((span) => span.spanContext().traceId === traceId && !span.name.startsWith("WorkflowStore."))
    .map(drawn)
  yield* Console.log(outline(trace))
  yield* Console.error(waterfall(trace))
})

await Effect.runPromise(program.pipe(Effect.provide(Main)))

// Output:
// POST /orders
//   workflow.start Order
//     workflow.execute Order
//     activity.execute Charge
//     activity.execute Charge
//       bank.pay
//     workflow.timer Order
//     activity.execute Ship
