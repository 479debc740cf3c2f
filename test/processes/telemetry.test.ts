/** Runs the examples of telemetry as a user does, one with a collector that listens here. */
import { execFile } from "node:child_process"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type Drawn, outline } from "../../examples/telemetry/waterfall.ts"
import * as page from "../support/telemetryPage.ts"
import { outputOf } from "./exampleOutput.ts"

const root = join(import.meta.dirname, "../..")

const run = (path: string, ...args: ReadonlyArray<string>) =>
  Effect.callback<string>((resume) => {
    const child = execFile(
      process.execPath,
      ["--conditions=perdure-source", path, ...args],
      { cwd: root, timeout: 25_000, killSignal: "SIGKILL" },
      (error, stdout, stderr) =>
        resume(error === null ? Effect.succeed(stdout) : Effect.die(new Error(`${error.message}: ${stdout}${stderr}`)))
    )
    return Effect.sync(() => child.kill("SIGKILL"))
  })

/** A collector on loopback: what was sent to each of its paths. */
const collector = Effect.acquireRelease(
  Effect.callback<{ readonly url: string; readonly received: Map<string, Array<any>>; readonly close: () => void }>(
    (resume) => {
      const received = new Map<string, Array<any>>()
      const server = createServer((request, response) => {
        const chunks: Array<Buffer> = []
        request.on("data", (chunk: Buffer) => chunks.push(chunk))
        request.on("end", () => {
          const path = request.url ?? ""
          received.set(path, [...(received.get(path) ?? []), JSON.parse(Buffer.concat(chunks).toString())])
          response.writeHead(200, { "content-type": "application/json" }).end("{}")
        })
      })
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo
        const close = () => server.close().closeAllConnections()
        resume(Effect.succeed({ url: `http://127.0.0.1:${port}`, received, close }))
      })
    }
  ),
  ({ close }) => Effect.sync(close)
)

interface Sent {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: ReadonlyArray<{ readonly key: string; readonly value: { readonly stringValue?: string } }>
}

const drawn = ({ endTimeUnixNano, name, parentSpanId, spanId, startTimeUnixNano }: Sent): Drawn => ({
  name,
  spanId,
  parent: parentSpanId,
  from: Number(startTimeUnixNano) / 1e6,
  until: Number(endTimeUnixNano) / 1e6
})

const opentelemetry = "examples/telemetry/opentelemetry.ts"
const otlp = "examples/telemetry/otlp.ts"

describe("an example of telemetry", () => {
  it.live("with the SDK of OpenTelemetry prints the trace that it says", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* run(opentelemetry), outputOf(opentelemetry))
      assert.strictEqual(page.trace, outputOf(opentelemetry))
    })
  )

  it.live("with OTLP sends one trace, metrics and logs to a collector, and serves a page for Prometheus", () =>
    Effect.gen(function* () {
      const { received, url } = yield* collector
      assert.strictEqual(yield* run(otlp, url), outputOf(otlp))

      const all: ReadonlyArray<Sent> = (received.get("/v1/traces") ?? [])
        .flatMap(({ resourceSpans }) => resourceSpans)
        .flatMap(({ scopeSpans }) => scopeSpans)
        .flatMap(({ spans }) => spans)
      const { traceId } = all.find(({ name }) => name === "POST /orders")!
      const trace = all.filter((span) => span.traceId === traceId && !span.name.startsWith("WorkflowStore."))
      assert.strictEqual(`${outline(trace.map(drawn))}\n`, outputOf(opentelemetry))
      const declined = trace.filter(({ attributes }) => attributes.some(({ key }) => key === "error.type"))
      assert.deepStrictEqual(
        declined.map(({ attributes, name }) => [name, attributes.find(({ key }) => key === "error.type")?.value]),
        [["activity.execute Charge", { stringValue: "Declined" }]]
      )

      const metrics: ReadonlyArray<any> = (received.get("/v1/metrics") ?? [])
        .flatMap(({ resourceMetrics }) => resourceMetrics)
        .flatMap(({ scopeMetrics }) => scopeMetrics)
        .flatMap(({ metrics }) => metrics)
      const duration = metrics.findLast(({ name }) => name === "workflow.execution.duration")
      assert.strictEqual(duration.unit, "s")
      const [point] = duration.histogram.dataPoints
      assert.deepStrictEqual(point.attributes.map(({ key, value }: any) => [key, value.stringValue]).toSorted(), [
        ["unit", "s"],
        ["workflow.name", "Order"],
        ["workflow.status", "completed"]
      ])
      assert.isAbove(point.sum, 0.9)
      assert.isBelow(point.sum, 20)
      assert.isAbove(received.get("/v1/logs")?.length ?? 0, 0)
    }).pipe(Effect.scoped)
  )
})
