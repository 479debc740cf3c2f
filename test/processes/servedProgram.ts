/**
 * A worker process on a server: `node servedProgram.ts NAME LOG COUNT nats ADDRESS MONITOR`, `… postgres URL`, or `… CLIENT ADDRESS` with
 * a client of Kafka, or `… dapr.COMPONENT URL`, or `… inngest URL`. It says when all workloads are started, and runs them until it is killed or the process that started it is gone.
 */
import { writeSync } from "node:fs"
import { Effect, Layer, Logger, Redacted } from "effect"
import * as Executor from "perdure/Executor/Default"
import * as Dapr from "perdure/Store/Dapr"
import * as Inngest from "perdure/Store/Inngest"
import * as Kafka from "perdure/Store/Kafka"
import * as Nats from "perdure/Store/Nats"
import * as Postgres from "perdure/Store/Postgres"
import * as Workload from "./WorkloadProgram.ts"

const [worker = "", logFile = "", count = "0", store, address = "", monitor = ""] = process.argv.slice(2)

const timeout = "2 seconds"
const [, component] = /^dapr\.(.*)$/.exec(store!) ?? []
const Store =
  store === "nats"
    ? Nats.layer({ servers: address, monitor, timeout })
    : store === "postgres"
      ? Postgres.layer({ url: Redacted.make(address), timeout })
      : store === "inngest"
        ? Inngest.layer({ url: address, lookEvery: "50 millis", lease: "2500 millis" })
        : component !== undefined
          ? Dapr.layer({ url: address, component, timeout, lookEvery: "200 millis" })
          : Kafka.layer({ brokers: address, client: store as "kafkajs", replicas: 1, timeout })

const work = Effect.gen(function* () {
  yield* Effect.forEach(
    Array.from({ length: Number(count) }, (_, number) => number),
    (number) => Workload.Workload.start(number),
    { concurrency: "unbounded", discard: true }
  )
  yield* Effect.sync(() => writeSync(1, "started\n"))
  return yield* Effect.never
}).pipe(
  Effect.provide(
    Workload.layer(logFile).pipe(
      Layer.provideMerge(Executor.layerWith({ worker, heartbeatInterval: "200 millis", lease: "1 second" })),
      Layer.provide(Store),
      // What it prints is for the test.
      Layer.provide(Logger.layer([]))
    )
  )
)

process.stdin.on("end", () => process.exit()).resume()
Effect.runFork(work)
