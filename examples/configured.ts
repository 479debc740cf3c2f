/**
 * An app that says nothing of where its executions are kept: the environment does. In memory, unless told:
 *
 *     PERDURE_STORE=sqlite PERDURE_STORE_URL=meters.db npm run example examples/configured.ts
 *     PERDURE_STORE=nats PERDURE_STORE_URL=localhost:4222 PERDURE_STORE_UNSAFE=true npm run example examples/configured.ts
 *
 * Run it twice: in memory the meter is read again, and on a file or a server it is found that it was read.
 */
import { Config, Console, Effect, Layer, Logger, Schema } from "effect"
import { Activity, Providers, Workflow } from "perdure"

const ReadMeter = Activity.make("ReadMeter", { input: Schema.String, success: Schema.Int })
const Bill = Workflow.make("Bill", {
  input: Schema.String,
  success: Schema.String,
  workflowId: (meter) => `bill-${meter}`
})

const ReadMeterLive = ReadMeter.toLayer((meter) => Effect.as(Console.log(`reading meter ${meter}`), 230))

const BillLive = Bill.toLayer(
  Effect.fn("Bill")(function* (meter) {
    return `meter ${meter}: ${yield* ReadMeter(meter)} kWh`
  })
)

const Main = BillLive.pipe(
  Layer.provide(ReadMeterLive),
  Layer.provideMerge(Providers.layerConfig({ store: { name: "memory" } })),
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

const program = Effect.gen(function* () {
  const store = yield* Config.withDefault(Config.String("PERDURE_STORE"), "memory")
  yield* Console.log(`${store}, of ${Providers.stores.join(", ")}`)
  yield* Console.log(yield* Bill.execute("7"))
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// memory, of dapr, inngest, kafka, memory, nats, postgres, sqlite
// reading meter 7
// meter 7: 230 kWh
