/**
 * The order of `order/` in virtual time: a dispatch thirty days from now takes no time at all.
 */
import { Console, Duration, Effect, Fiber, Layer, Logger } from "effect"
import { TestClock } from "effect/testing"
import { Waiting } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"
import { Approval, Order } from "./order/contracts.ts"
import { HandlersLive, Ledger } from "./order/handlers.ts"
import { OrderLive } from "./order/workflow.ts"

const LedgerLive = Layer.succeed(Ledger, {
  note: (run) => Console.log(`${run.activity}, attempt ${run.attempt}`)
})

const Main = OrderLive.pipe(
  Layer.provide(HandlersLive),
  Layer.provide(LedgerLive),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(MemoryStore.layer),
  // The log goes to stderr, so that only the output of the example is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true)),
  Layer.provideMerge(TestClock.layer())
)

const program = Effect.gen(function* () {
  const handle = yield* Order.start({ id: "order-1", cents: 4_200, dispatchIn: Duration.days(30) })
  const result = yield* Effect.forkChild(handle.result)

  yield* TestClock.adjust("6 days")
  yield* Console.log(`after 6 days it waits for ${(yield* handle.describe).waitingFor.map(Waiting.inWords).at(-1)}`)
  yield* Approval.send("order-1", { by: "Ada", granted: true })

  yield* TestClock.adjust("29 days")
  yield* Console.log(`after 35 days it is ${yield* handle.status}`)

  yield* TestClock.adjust("1 day")
  yield* Console.log(yield* Fiber.join(result))
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// Reserve, attempt 1
// Charge, attempt 1
// Charge, attempt 2
// Charge, attempt 3
// after 6 days it waits for signal approval
// after 35 days it is running
// Ship, attempt 1
// parcel of order-1
