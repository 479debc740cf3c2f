/**
 * Three releases of one program on one store. The second one checks the address of an order before it is packed: orders that are
 * under way go on as they began, new ones are checked. The third one has lost the old branch, once no order needs it any more.
 * Kill it and start it again: `npm run example examples/patched-deployment.ts orders.db`.
 */
import { Console, Effect, Layer, Logger, Schedule, Schema } from "effect"
import { Activity, Signal, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"

const Do = Activity.make("Do", { input: Schema.String, success: Schema.String })
const PickUp = Signal.make("pick up")
const Order = Workflow.make("Order", {
  input: Schema.String,
  success: Schema.Array(Schema.String),
  workflowId: (customer) => `order of ${customer}`
})

const First = Order.toLayer(
  Effect.fn("Order")(function* () {
    const done = [yield* Do("packed")]
    yield* PickUp.receive
    return [...done, yield* Do("sent")]
  })
)

const Second = Order.toLayer(
  Effect.fn("Order")(function* () {
    const done: Array<string> = []
    if (yield* Workflow.patched("check the address")) done.push(yield* Do("checked"))
    done.push(yield* Do("packed"))
    yield* PickUp.receive
    return [...done, yield* Do("sent")]
  })
)

const Third = Order.toLayer(
  Effect.fn("Order")(function* () {
    yield* Workflow.deprecatePatch("check the address")
    const done = [yield* Do("checked"), yield* Do("packed")]
    yield* PickUp.receive
    return [...done, yield* Do("sent")]
  })
)

const DoLive = Do.toLayer((what) => Effect.delay(Effect.succeed(what), "100 millis"))

/** What happens while a release runs, which is a process of its own elsewhere. */
const deploy = <A, E>(release: typeof First, work: Effect.Effect<A, E, DefaultExecutor.Services>) =>
  Effect.provide(work, Layer.fresh(release.pipe(Layer.provide(DoLive), Layer.provideMerge(DefaultExecutor.layer))))

/** Orders something, and waits until it is packed. */
const order = Effect.fnUntraced(function* (customer: string) {
  const { history } = yield* Order.start(customer)
  const isPacked = Effect.map(history, (events) =>
    events.some((event) => event._tag === "ActivityResolved" && "value" in event.exit && event.exit.value === "packed")
  )
  yield* Effect.repeat(isPacked, { until: (isPacked) => isPacked, schedule: Schedule.spaced("10 millis") })
})

const pickUp = Effect.fnUntraced(function* (customer: string) {
  const { id, result } = yield* Order.handle(`order of ${customer}`)
  yield* PickUp.send(id, undefined, { key: "truck 7" })
  yield* Console.log(`${id}: ${(yield* result).join(", ")}`)
})

const [filename = ":memory:"] = process.argv.slice(2)

const program = Effect.gen(function* () {
  yield* deploy(First, order("Ada"))
  yield* deploy(Second, Effect.andThen(order("Bob"), pickUp("Ada")))
  yield* deploy(Third, Effect.andThen(pickUp("Bob"), Effect.andThen(order("Edith"), pickUp("Edith"))))
})

await Effect.runPromise(
  program.pipe(
    // The log goes to stderr, so that only the output of the example is on stdout.
    Effect.provide([SqliteStore.layer({ filename }), Layer.succeed(Logger.LogToStderr, true)])
  )
)

// Output:
// order of Ada: packed, sent
// order of Bob: checked, packed, sent
// order of Edith: checked, packed, sent
