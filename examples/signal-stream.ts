/**
 * The signals of one name are a `Stream`, with all that streams can do: here readings of a meter are written down in batches of
 * three, or whatever came in an hour. The hour is a durable timer.
 */
import { Console, Effect, Fiber, Layer, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Activity, Signal, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"

const Reading = Signal.make("reading", { payload: Schema.Int })
const WriteDown = Activity.make("WriteDown", { input: Schema.Array(Schema.Int) })
const Meter = Workflow.make("Meter", { input: Schema.String, success: Schema.Int, workflowId: (meter) => meter })

const MeterLive = Meter.toLayer(() =>
  Reading.stream.pipe(
    Stream.takeUntil((watts) => watts === 0),
    Stream.groupedWithin(3, "1 hour"),
    Stream.tap((batch) => WriteDown(batch)),
    Stream.runFold(
      () => 0,
      (sum, batch) => sum + batch.reduce((a, b) => a + b, 0)
    )
  )
)

const Main = MeterLive.pipe(
  Layer.provide(WriteDown.toLayer((batch) => Console.log(batch.join(", ")))),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(MemoryStore.layer),
  Layer.provideMerge(TestClock.layer())
)

const program = Effect.gen(function* () {
  const handle = yield* Meter.start("kitchen")
  const total = yield* Effect.forkChild(handle.result)
  for (const watts of [40, 60, 50, 90]) yield* Reading.send(handle, watts)
  yield* TestClock.adjust("1 hour")
  for (const watts of [70, 0]) yield* Reading.send(handle, watts)
  yield* TestClock.adjust("1 hour")
  yield* Console.log(`in all ${yield* Fiber.join(total)}`)
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// 40, 60, 50
// 90
// 70, 0
// in all 310
