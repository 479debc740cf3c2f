/**
 * A payment that the provider completes: the handler gives the token of the call away and ends, the execution waits without a handler, and
 * a web server that has the contract alone ends the call. A restart of either loses nothing: the token names the call for ever.
 */
import { Console, Effect, Layer, Logger, Queue, Schema } from "effect"
import { Activity, ActivityContext, RetryPolicy, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"

class Declined extends Schema.TaggedError<Declined>()("Declined", { why: Schema.String }) {}

const Charge = Activity.make("Charge", {
  input: Schema.Struct({ card: Schema.String, cents: Schema.Int }),
  success: Schema.String,
  error: Declined,
  retry: RetryPolicy.none,
  timeout: "1 hour"
})
const Payment = Workflow.make("Payment", {
  input: Schema.Struct({ card: Schema.String, cents: Schema.Int }),
  success: Schema.String,
  workflowId: ({ card }) => `payment with ${card}`
})

const PaymentLive = Payment.toLayer((payment) =>
  Charge(payment).pipe(Effect.catchTag("Declined", ({ why }) => Effect.succeed(`declined: ${why}`)))
)

/** What the provider was asked for: it calls back when the customer has agreed, or not. */
const asked = Effect.runSync(Queue.unbounded<{ readonly card: string; readonly token: string }>())

const ChargeLive = Charge.toLayer(
  Effect.fnUntraced(function* ({ card }) {
    const { token } = yield* ActivityContext.ActivityContext
    yield* Queue.offer(asked, { card, token })
    return yield* Activity.pending
  })
)

/** The route of the web server. A provider may call twice, or after the order was given up: that is refused, and changes nothing. */
const webhook = (token: string, answer: "paid" | "no cover") =>
  (answer === "paid" ? Charge.succeed(token, "receipt 1") : Charge.fail(token, new Declined({ why: answer }))).pipe(
    Effect.as("taken"),
    Effect.catchReasons("WorkflowError", {
      ActivityOver: () => Effect.succeed("known already"),
      Finished: () => Effect.succeed("known already")
    })
  )

const provider = Effect.gen(function* () {
  while (true) {
    const { card, token } = yield* Queue.take(asked)
    yield* Effect.sleep("200 millis")
    yield* webhook(token, card === "gold card" ? "paid" : "no cover")
  }
})

const Main = PaymentLive.pipe(
  Layer.provide(ChargeLive),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(MemoryStore.layer),
  // The log goes to stderr, so that only the output of the example is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

const program = Effect.gen(function* () {
  yield* Effect.forkChild(provider)
  for (const card of ["gold card", "empty card"]) {
    yield* Console.log(`${card}: ${yield* Payment.execute({ card, cents: 1999 })}`)
  }
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// gold card: receipt 1
// empty card: declined: no cover
