/**
 * A payment that takes days, and a caller that waits for its first part only: the update starts the execution in one commit and is
 * answered when the money is reserved, while the program goes on to settle it.
 */
import { Console, Effect, Deferred, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Activity, Update, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"

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
    yield* Effect.sleep("3 days")
    return yield* Settle(token)
  })
)

const Main = PaymentLive.pipe(
  Layer.provide([
    Reserve.toLayer((cents) => Effect.succeed(`reservation of ${cents} cents`)),
    Settle.toLayer((token) => Effect.succeed(`settled the ${token}`))
  ]),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(MemoryStore.layer),
  Layer.provideMerge(TestClock.layer())
)

const program = Effect.gen(function* () {
  const input = { order: "7", cents: 1999 }
  const [payment, reserved] = yield* Reserved.startWith(Payment, input, undefined)
  yield* Console.log(`the caller has its answer: ${reserved}`)
  // A caller that crashed asks again, and finds the same payment.
  const [same, again] = yield* Reserved.startWith(Payment, input, undefined)
  yield* Console.log(`started again: ${same.created}, ${again}`)
  yield* TestClock.adjust("3 days")
  yield* Console.log(`three days later: ${yield* payment.result}`)
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// the caller has its answer: reservation of 1999 cents
// started again: false, reservation of 1999 cents
// three days later: settled the reservation of 1999 cents
