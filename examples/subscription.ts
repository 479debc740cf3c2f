/**
 * A subscription that lives for years: each month is a run of its own, which charges, waits, and continues as new. Ada changes her
 * plan by an update, pauses by a signal, and cancels in the middle of a month, which is paid back. Here a month is 200 milliseconds;
 * thirty days are as durable. Kill it and start it again: `npm run example examples/subscription.ts subscriptions.db`.
 */
import { Console, Effect, Layer, Logger, Option, Ref, Schema } from "effect"
import { Activity, ActivityContext, Query, RetryPolicy, Signal, Update, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"

class Declined extends Schema.TaggedError<Declined>()("Declined", { card: Schema.String }) {}

const Plan = Schema.Literals(["small", "large"])
const cents = { small: 900, large: 1900 }

const Payment = Schema.Struct({ month: Schema.Int, cents: Schema.Int })
const Charge = Activity.make("Charge", {
  input: Payment,
  error: Declined,
  retry: RetryPolicy.exponential({ maxAttempts: 10, maximumInterval: "1 second" })
})
const Refund = Activity.make("Refund", { input: Payment })
const Mail = Activity.make("Mail", { input: Schema.String })

const ChangePlan = Update.make("changePlan", { input: Plan, success: Schema.Int })
const Pause = Signal.make("pause")
const Resume = Signal.make("resume")
const State = Query.make("state", { success: Schema.Struct({ month: Schema.Int, plan: Plan }) })

const Subscription = Workflow.make("Subscription", {
  input: Schema.Struct({ customer: Schema.String, month: Schema.Int, plan: Plan }),
  error: Declined,
  workflowId: ({ customer }) => `subscription of ${customer}`
})

const SubscriptionLive = Subscription.toLayer(
  Effect.fn("Subscription")(function* ({ customer, month, plan }) {
    const state = yield* Ref.make({ month, plan })
    yield* State.answer(() => Ref.get(state))
    yield* ChangePlan.handle((plan) => Effect.as(Ref.set(state, { month, plan }), cents[plan]))

    // Undone when this run fails or is cancelled. What earlier months have paid stays paid.
    const payment = { month, cents: cents[plan] }
    yield* Workflow.withCompensation(Charge(payment), () => Refund(payment))
    yield* Mail(`month ${month} is paid`)
    yield* Effect.sleep("200 millis")
    if (Option.isSome(yield* Pause.poll)) {
      yield* Mail(`paused after month ${month}`)
      yield* Resume.receive
    }
    const next = yield* Ref.get(state)
    return Subscription.continueAsNew({ customer, month: month + 1, plan: next.plan })
  })
)

/** The bank is busy now and then. */
const ChargeLive = Charge.toLayer(
  Effect.fn("Charge")(function* ({ cents, month }) {
    const { attempt } = yield* ActivityContext.ActivityContext
    if (month === 3 && attempt < 3) return yield* new Declined({ card: "4111" })
    yield* Console.log(`charged ${cents} cents`)
  })
)

const RefundLive = Refund.toLayer(({ cents, month }) => Console.log(`paid ${cents} cents of month ${month} back`))

/** Ada reads her mail, and answers it. Keys and ids name what she does, as a mail that is read again is answered again. */
const MailLive = Mail.toLayer(
  Effect.fn("Mail")(function* (text) {
    yield* Console.log(text)
    const { workflowId } = yield* ActivityContext.ActivityContext
    switch (text) {
      case "month 2 is paid": {
        const cents = yield* ChangePlan.execute(workflowId, "large", { updateId: "to large" })
        return yield* Console.log(`Ada will pay ${cents} cents`)
      }
      case "month 3 is paid":
        return yield* Pause.send(workflowId, undefined, { key: "pause" })
      case "paused after month 3":
        return yield* Resume.send(workflowId, undefined, { key: "resume" })
      case "month 4 is paid":
        return yield* (yield* Subscription.handle(workflowId)).cancel("Ada moves")
    }
  }, Effect.orDie)
)

const [filename = ":memory:"] = process.argv.slice(2)

const Main = SubscriptionLive.pipe(
  Layer.provide([ChargeLive, RefundLive, MailLive]),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(SqliteStore.layer({ filename })),
  // The log goes to stderr, so that only the output of the example is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

const program = Effect.gen(function* () {
  const subscription = yield* Subscription.start({ customer: "Ada", month: 1, plan: "small" })
  yield* subscription.result.pipe(
    Effect.catchReason("WorkflowError", "Cancelled", ({ because }) => Console.log(`it is over: ${because}`))
  )
  const { month, plan } = yield* subscription.ask(State)
  yield* Console.log(`it came to month ${month}, on the ${plan} plan`)
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// charged 900 cents
// month 1 is paid
// charged 900 cents
// month 2 is paid
// Ada will pay 1900 cents
// charged 1900 cents
// month 3 is paid
// paused after month 3
// charged 1900 cents
// month 4 is paid
// paid 1900 cents of month 4 back
// it is over: Ada moves
// it came to month 4, on the large plan
