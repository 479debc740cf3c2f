/**
 * An order that a person approves. Four weeks pass in no time: `npm run example examples/approval/main.ts`.
 */
import { Console, Effect, Layer, Logger, Stream } from "effect"
import { Approvals } from "perdure/ai"
import { TestWorkflows } from "perdure/testing"
import { Approve, Charge, Mail, Order, Refund, Ship } from "./contracts.ts"
import { OrderLive } from "./workflow.ts"

const HandlersLive = Layer.mergeAll(
  Charge.toLayer((cents) => Effect.as(Console.log(`charges ${cents} cents`), `receipt of ${cents}`)),
  Refund.toLayer((receipt) => Console.log(`pays back the ${receipt}`)),
  Mail.toLayer((text) => Console.log(`mail: ${text}`)),
  Ship.toLayer((id) => Effect.as(Console.log(`ships ${id}`), `parcel of ${id}`))
)

const Main = Layer.merge(OrderLive, Approvals.layer).pipe(
  Layer.provide(HandlersLive),
  Layer.provideMerge(TestWorkflows.layer),
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

/** What becomes of an order when its request is answered after so many days. */
const ordered = Effect.fnUntraced(function* (
  id: string,
  days: number,
  by: string,
  decision: (typeof Approve.decision)["Type"]
) {
  const approvals = yield* Approvals.Approvals
  const order = yield* Order.start({ id, cents: 700 })
  yield* TestWorkflows.pass(`${days} days`)
  const open = Approvals.stream(approvals, { workflow: Order.name })
  yield* Stream.runForEach(open, (request) => approvals.answer(Approve, request, { decision, by })).pipe(
    Effect.catchTag("ApprovalRefused", ({ reason }) => Console.log(`${by} cannot answer: ${reason}`))
  )
  yield* TestWorkflows.pass("7 days")
  yield* order.result.pipe(
    Effect.flatMap(Console.log),
    Effect.catchTag("Rejected", ({ by }) => Console.log(`${id} is rejected by ${by}`))
  )
})

const program = Effect.gen(function* () {
  yield* ordered("a book", 0, "ada", "ship it")
  yield* ordered("a piano", 2, "grace", "not that one")
  yield* ordered("a yacht", 1, "eve", "ship it")
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// charges 700 cents
// mail: please look at a book
// ships a book
// parcel of a book
// charges 700 cents
// mail: please look at a piano
// mail: a piano still waits for you
// pays back the receipt of 700
// a piano is rejected by grace
// charges 700 cents
// mail: please look at a yacht
// mail: a yacht still waits for you
// eve cannot answer: Forbidden
// pays back the receipt of 700
// a yacht is rejected by nobody in 7 days
