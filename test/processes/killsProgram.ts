/**
 * A worker process: `node killsProgram.ts FILENAME LOG COUNT`. It says when it has loaded, begins when it is told, says when all
 * workloads are started, and runs them until it is killed or whoever started it is gone.
 */
import { once } from "node:events"
import { writeSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Executor from "perdure/Executor/Default"
import * as Sqlite from "perdure/Store/Sqlite"
import * as Workload from "./WorkloadProgram.ts"

const [filename = "", logFile = "", count = "0"] = process.argv.slice(2)

const say = (word: string) => Effect.sync(() => writeSync(1, `${word}\n`))

const begin = Effect.promise(() => once(process.stdin, "data"))

const work = Effect.gen(function* () {
  yield* Effect.forEach(
    Array.from({ length: Number(count) }, (_, number) => number),
    (number) => Workload.Workload.start(number),
    { concurrency: "unbounded", discard: true }
  )
  yield* say("started")
  return yield* Effect.never
}).pipe(
  Effect.provide(
    Workload.layer(logFile).pipe(
      Layer.provideMerge(Executor.layerWith({ heartbeatInterval: "200 millis", lease: "5 seconds" })),
      Layer.provide(Sqlite.layer({ filename }))
    )
  )
)

process.stdin.on("end", () => process.exit())
Effect.runFork(say("loaded").pipe(Effect.andThen(begin), Effect.andThen(work)))
