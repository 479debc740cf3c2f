/**
 * Spans, metrics and logs by Effect's own exporters: `npm run example examples/telemetry/otlp.ts http://localhost:4318` sends them to
 * a collector that speaks OTLP, such as that of OpenTelemetry, Jaeger or Grafana, and serves a page that Prometheus scrapes.
 */
import { createServer } from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Console, Effect, Layer, Logger } from "effect"
import { FetchHttpClient, HttpRouter, HttpServer } from "effect/http"
import { Otlp, PrometheusMetrics } from "effect/observability"
import { Metrics, Middleware, Tracing } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"
import { OrderLive, story } from "./order.ts"

const [baseUrl = "http://localhost:4318"] = process.argv.slice(2)

const Store = Metrics.store.pipe(Layer.provide(MemoryStore.layer))

const Workflows = Layer.merge(OrderLive, Metrics.gauges({ every: "1 second" })).pipe(
  Layer.provideMerge(Middleware.apply(DefaultExecutor.layer, Tracing.layer, Metrics.layer)),
  Layer.provide(Store)
)

const Page = HttpRouter.serve(PrometheusMetrics.layerHttp({ path: "/metrics" }), {
  disableLogger: true,
  disableListenLog: true
}).pipe(Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 })))

// The exporters come last, so that all the others have them, and the scope ends them last: they send what is left.
const Observability = Otlp.layerJson({ baseUrl, resource: { serviceName: "orders" } }).pipe(
  Layer.provide(FetchHttpClient.layer)
)

const Main = Layer.merge(Workflows, Page).pipe(
  Layer.provideMerge(Observability),
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

/** What Prometheus would read, of what does not depend on time. */
const scrape = Effect.gen(function* () {
  const url = yield* HttpServer.addressFormattedWith((address) => Effect.succeed(`${address}/metrics`))
  const text = yield* Effect.promise(async () => (await fetch(url)).text())
  return text.split("\n").filter((line) => /^workflow_(executions_(started|completed)|activity_attempts)/.test(line))
})

const program = Effect.gen(function* () {
  yield* Console.log(`order-1: ${yield* story("order-1")}`)
  for (const line of yield* scrape) yield* Console.log(line)
})

await Effect.runPromise(program.pipe(Effect.provide(Main)))

// Output:
// order-1: a parcel
// workflow_executions_started{workflow_name="Order"} 1
// workflow_activity_attempts{workflow_name="Order",workflow_activity_name="Charge",workflow_activity_outcome="fail"} 1
// workflow_activity_attempts{workflow_name="Order",workflow_activity_name="Charge",workflow_activity_outcome="success"} 1
// workflow_activity_attempts{workflow_name="Order",workflow_activity_name="Ship",workflow_activity_outcome="success"} 1
// workflow_executions_completed{workflow_name="Order",workflow_status="completed"} 1
