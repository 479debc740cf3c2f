/**
 * A cart as a long-lived execution: its state is a variable of the program, and each change is an update that is answered. The
 * handler asks an activity for the price. Two updates that come at once wait for each other by a semaphore, so what `validate` saw may
 * be old when the handler acts, and it looks again. Kill it and start it
 * again: `npm run example examples/entity-cart.ts cart.db`. Each update has an id, so nothing is in the cart twice.
 */
import { Console, Effect, Layer, Logger, Schema, Semaphore } from "effect"
import { Activity, Signal, Update, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"

class Full extends Schema.TaggedError<Full>()("Full", { limit: Schema.Int }) {}

const Price = Activity.make("Price", { input: Schema.String, success: Schema.Int })
const AddItem = Update.make("addItem", { input: Schema.String, success: Schema.Int, error: Full })
const CheckOut = Signal.make("checkOut")
const Cart = Workflow.make("Cart", {
  input: Schema.Struct({ customer: Schema.String, limit: Schema.Int }),
  success: Schema.Int,
  workflowId: ({ customer }) => `cart of ${customer}`
})

const CartLive = Cart.toLayer(
  Effect.fn("Cart")(function* ({ limit }) {
    let cents = 0
    let items = 0
    const oneByOne = yield* Semaphore.make(1)
    yield* AddItem.handle(
      (item) =>
        oneByOne.withPermits(1)(
          Effect.gen(function* () {
            if (items === limit) return yield* new Full({ limit })
            cents += yield* Price(item)
            items++
            return cents
          })
        ),
      // Refuses before anything is recorded, if it is full already.
      { validate: () => (items < limit ? Effect.void : Effect.fail(new Full({ limit }))) }
    )
    yield* CheckOut.receive
    return cents
  })
)

const PriceLive = Price.toLayer((item) => Effect.delay(Effect.succeed(item.length * 100), "200 millis"))

const [filename = ":memory:"] = process.argv.slice(2)

const Main = CartLive.pipe(
  Layer.provide(PriceLive),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(SqliteStore.layer({ filename })),
  // The log goes to stderr, so that only the output of the example is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

const program = Effect.gen(function* () {
  const cart = yield* Cart.start({ customer: "Ada", limit: 2 })
  yield* Console.log(`with a book: ${yield* AddItem.execute(cart, "book", { updateId: "click-3" })}`)
  // A request that is repeated under its id is answered once.
  for (const time of ["once", "again"]) {
    yield* Console.log(`${time}, with a pencil: ${yield* AddItem.execute(cart, "pencil", { updateId: "click-7" })}`)
  }
  const third = AddItem.execute(cart, "lamp", { updateId: "click-8" }).pipe(
    Effect.map(String),
    Effect.catchTag("Full", ({ limit }) => Effect.succeed(`no, ${limit} items are all`))
  )
  yield* Effect.andThen(
    Effect.flatMap(third, (answer) => Console.log(`with a lamp: ${answer}`)),
    CheckOut.send(cart)
    // After a restart it may be checked out already.
  ).pipe(Effect.catchReason("WorkflowError", "Finished", () => Effect.void))
  yield* Console.log(`to pay: ${yield* cart.result}`)
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// with a book: 400
// once, with a pencil: 1000
// again, with a pencil: 1000
// with a lamp: no, 2 items are all
// to pay: 1000
