/**
 * A worker process on NATS: `node natsProgram.ts ADDRESS MONITOR NAME LOG COUNT`. It says when all workloads are started, and
 * runs them until it is killed or whoever started it is gone.
 */
import { writeSync } from "node:fs"
import { Effect, Layer } from "effect"
import * as Executor from "perdure/Executor/Default"
import * as Nats from "perdure/Store/Nats"
import * as Workload from "./WorkloadProgram.ts"

const [servers = "", monitor = "", worker = "", logFile = "", count = "0"] = process.argv.slice(2)

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
      Layer.provide(Nats.layer({ servers, monitor, timeout: "2 seconds" }))
    )
  )
)

process.stdin.on("end", () => process.exit()).resume()
Effect.runFork(work)
