/**
 * `recovery.ts victim FILE` leaves executions half done and says so, to be killed; `recovery.ts survivor FILE` finishes them
 * and prints how long that took.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Latch, Layer, Logger } from "effect"
import { Executions } from "perdure/Executor/Executions"
import * as Workload from "../Workload.ts"

const [, , role, filename = ""] = process.argv
const executions = 1_000
const half = Workload.activities / 2

const victim = Effect.gen(function* () {
  const halfDone = yield* Latch.make()
  let waiting = 0
  const echo = (index: number) => {
    if (index < half) return Effect.succeed(index)
    if (++waiting === executions) halfDone.openUnsafe()
    return Effect.never
  }
  return yield* Workload.startMany(executions, (options) => Workload.Sequence.start(Workload.activities, options)).pipe(
    Effect.andThen(halfDone.await),
    Effect.andThen(Console.log("half done")),
    Effect.andThen(Effect.never),
    Effect.provide(Workload.layerSqlite(filename, { echo }))
  )
})

const survivor = Effect.gen(function* () {
  let steps = 0
  const echo = (index: number) =>
    Effect.sync(() => {
      steps++
      return index
    })
  const start = performance.now()
  const context = yield* Layer.build(Workload.layerSqlite(filename, { echo }))
  const completed = yield* Effect.gen(function* () {
    yield* Workload.finished
    const found = yield* Executions
    return (yield* found.list({ status: ["completed"], limit: 1_000 })).executions.length
  }).pipe(Effect.provideContext(context))
  const seconds = (performance.now() - start) / 1000
  yield* Console.log(JSON.stringify({ completed, steps, seconds }))
})

const program = role === "victim" ? victim : survivor

// What is printed is the answer alone.
program.pipe(Effect.scoped, Effect.provide(Logger.layer([])), NodeRuntime.runMain)
