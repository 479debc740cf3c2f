/**
 * A program that chooses its activities as it goes: which carrier takes a parcel follows from its input, and each carrier is an activity.
 * All that may be chosen stand in the table, so a forgotten handler is still a compile error.
 */
import { Console, Effect, Layer, Logger, Schema } from "effect"
import { Activity, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"

const parcel = { input: Schema.String, success: Schema.String }
const ByShip = Activity.make("ByShip", parcel)
const ByPlane = Activity.make("ByPlane", parcel)
const ByBike = Activity.make("ByBike", parcel)

const carriers = { ship: ByShip, plane: ByPlane, bike: ByBike }

const Carrier = Schema.Literals(["ship", "plane", "bike"])
const Delivery = Workflow.make("Delivery", {
  input: Schema.Struct({ what: Schema.String, route: Schema.Array(Carrier) }),
  success: Schema.Array(Schema.String)
})

const DeliveryLive = Delivery.toLayer(
  Effect.fnUntraced(function* ({ route, what }) {
    const told: Array<string> = []
    for (const leg of route) told.push(yield* carriers[leg](what))
    return told
  })
)

const Main = DeliveryLive.pipe(
  Layer.provide([
    ByShip.toLayer((what) => Effect.succeed(`${what} went by ship`)),
    ByPlane.toLayer((what) => Effect.succeed(`${what} flew`)),
    ByBike.toLayer((what) => Effect.succeed(`${what} came by bike`))
  ]),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(MemoryStore.layer),
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

const program = Effect.gen(function* () {
  for (const leg of yield* Delivery.execute({ what: "a book", route: ["plane", "ship", "bike"] }))
    yield* Console.log(leg)
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// a book flew
// a book went by ship
// a book came by bike
