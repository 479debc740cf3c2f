/**
 * A payment that takes days, and a caller that waits for its first part only: the update starts the execution in one commit and is
 * answered when the money is reserved, while the program goes on to settle it. Here the days are a second. Kill it and start it
 * again: `npm run example examples/early-return.ts payments.db`.
 */
import { Console, Deferred, Effect, Layer, Logger, Schema } from "effect"
import { Activity, Update, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"

const Reserve = Activity.make("Reserve", { input: Schema.Int, success: Schema.String })
const Settle = Activity.make("Settle", { input: Schema.String, success: Schema.String })
const Reserved = Update.make("reserved", { success: Schema.String })
const Payment = Workflow.make("Payment", {
  input: Schema.Struct({ order: Schema.String, cents: Schema.Int }),
  success: Schema.String,
  workflowId: ({ order }) => `payment of ${order}`
})

const PaymentLive = Payment.toLayer(
  Effect.fn("Payment")(function* ({ cents }) {
    const reservation = yield* Deferred.make<string>()
    yield* Reserved.handle(() => Deferred.await(reservation))
    const token = yield* Reserve(cents)
    yield* Deferred.succeed(reservation, token)
    yield* Effect.sleep("1 second")
    return yield* Settle(token)
  })
)

const [filename = ":memory:"] = process.argv.slice(2)

const Main = PaymentLive.pipe(
  Layer.provide([
    Reserve.toLayer((cents) => Effect.delay(Effect.succeed(`reservation of ${cents} cents`), "300 millis")),
    Settle.toLayer((token) => Effect.delay(Effect.succeed(`settled the ${token}`), "300 millis"))
  ]),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(SqliteStore.layer({ filename })),
  // The log goes to stderr, so that only the output of the example is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

const program = Effect.gen(function* () {
  const start = Reserved.startWith(Payment, { order: "7", cents: 1999 }, undefined, { updateId: "click-7" })
  const [payment, reserved] = yield* start
  yield* Console.log(`the caller has its answer: ${reserved}`)
  // A caller that crashed asks again, and finds the same payment.
  const [same, again] = yield* start
  yield* Console.log(`started again: ${same.created}, ${again}`)
  yield* Console.log(`days later: ${yield* payment.result}`)
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// the caller has its answer: reservation of 1999 cents
// started again: false, reservation of 1999 cents
// days later: settled the reservation of 1999 cents
