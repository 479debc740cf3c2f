/**
 * A worker process on PostgreSQL: `node postgresProgram.ts URL NAME LOG COUNT`. It says when all workloads are started, and
 * runs them until it is killed or whoever started it is gone.
 */
import { writeSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Executor from "perdure/Executor/Default"
import * as Postgres from "perdure/Store/Postgres"
import * as Workload from "./WorkloadProgram.ts"

const [url = "", worker = "", logFile = "", count = "0"] = process.argv.slice(2)

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
      Layer.provide(Postgres.layer({ url: Redacted.make(url), timeout: "2 seconds" }))
    )
  )
)

process.stdin.on("end", () => process.exit()).resume()
Effect.runFork(work)
