/**
 * Two workers share one SQLite file. Each execution runs on one of them at a time; when one ends, the other takes what it
 * left. What keeps the two apart is no lock but the version of each execution.
 */
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect, Exit, FileSystem, Layer, Logger, Schema, Scope } from "effect"
import { Activity, ActivityContext, Signal, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"

const Weigh = Activity.make("Weigh", { success: Schema.Int })
const Leave = Signal.make("leave")
const Parcel = Workflow.make("Parcel", { input: Schema.Int, success: Schema.Int, workflowId: (n) => `parcel-${n}` })

const ParcelLive = Parcel.toLayer(
  Effect.fn("Parcel")(function* () {
    const before = yield* Weigh()
    yield* Leave.receive
    return before + (yield* Weigh())
  })
)

const calls: Array<string> = []

const WeighLive = Weigh.toLayer(
  Effect.fn("Weigh")(function* () {
    const { idempotencyKey } = yield* ActivityContext.ActivityContext
    calls.push(idempotencyKey)
    return 1
  })
)

/** A worker in this process, as if it were one of its own. */
const startWorker = (name: string, filename: string) =>
  Layer.build(
    ParcelLive.pipe(
      Layer.provide(WeighLive),
      Layer.provideMerge(DefaultExecutor.layer({ worker: name, heartbeatInterval: "100 millis" })),
      Layer.provide(SqliteStore.layer({ filename })),
      // The log goes to stderr, so that only the output of the example is on stdout.
      Layer.provide(Layer.succeed(Logger.LogToStderr, true)),
      Layer.fresh
    )
  )

const numbers = Array.from({ length: 10 }, (_, index) => index)

const program = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const filename = join(yield* files.makeTempDirectoryScoped(), "parcels.db")
  const scope = yield* Scope.make()
  const one = yield* Scope.provide(startWorker("one", filename), scope)
  const two = yield* startWorker("two", filename)

  // Both start every execution, and each runs once.
  const startAll = Effect.forEach(numbers, (number) => Parcel.start(number))
  const handles = yield* Effect.all([Effect.provideContext(startAll, one), Effect.provideContext(startAll, two)], {
    concurrency: "unbounded"
  })
  yield* Console.log(`${handles.flat().filter(({ created }) => created).length} executions`)

  yield* Scope.close(scope, Exit.void)
  yield* Console.log("worker one has ended")

  const finish = (number: number) => Effect.andThen(Leave.send(`parcel-${number}`), Parcel.execute(number))
  const results = yield* Effect.provideContext(Effect.forEach(numbers, finish), two)
  yield* Console.log(`worker two: ${results.filter((sum) => sum === 2).length} completed`)
  yield* Console.log(`${calls.length} runs of handlers for ${new Set(calls).size} calls`)
})

await Effect.runPromise(program.pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

// Output:
// 10 executions
// worker one has ended
// worker two: 10 completed
// 20 runs of handlers for 20 calls
