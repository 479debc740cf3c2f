/**
 * A workflow for the pages of telemetry: a card that is declined once, an approval, a wait, and a parcel. It takes real time where
 * the clock is real, and none where a test has one of its own.
 */
import { Duration, Effect, Layer, Schema } from "effect"
import { Activity, ActivityContext, RetryPolicy, Signal, Update, Workflow } from "perdure"

export class Declined extends Schema.TaggedError<Declined>()("Declined", { card: Schema.String }) {}

const Charge = Activity.make("Charge", {
  input: Schema.Int,
  error: Declined,
  retry: RetryPolicy.exponential({ initialInterval: "200 millis" })
})
const Ship = Activity.make("Ship", { success: Schema.String })

export const Approval = Signal.make("approval", { payload: Schema.String })
export const Address = Update.make("address", { input: Schema.String, success: Schema.String })

export const Order = Workflow.make("Order", {
  input: Schema.Struct({ id: Schema.String, cents: Schema.Int }),
  success: Schema.String,
  error: Declined,
  workflowId: ({ id }) => id
})

const ChargeLive = Charge.toLayer(
  Effect.fnUntraced(function* () {
    yield* Effect.sleep("100 millis")
    const { attempt } = yield* ActivityContext.ActivityContext
    if (attempt === 1) return yield* new Declined({ card: "1234" })
    // A span of the handler's own: it is a part of the attempt.
    yield* Effect.withSpan(Effect.sleep("50 millis"), "bank.pay")
  })
)
const ShipLive = Ship.toLayer(() => Effect.as(Effect.sleep("150 millis"), "a parcel"))

export const OrderLive = Order.toLayer(
  Effect.fnUntraced(function* ({ cents }) {
    yield* Address.handle((address) => Effect.succeed(`to ${address}`))
    yield* Charge(cents)
    yield* Approval.receive
    yield* Effect.sleep("300 millis")
    return yield* Ship()
  })
).pipe(Layer.provide([ChargeLive, ShipLive]))

/** What a web server does for its user, whose request is a span. */
export const order = Effect.fn("POST /orders")(function* (id: string) {
  return yield* Order.start({ id, cents: 4_200 })
})

/** An order from its request to its parcel. */
export const story = Effect.fnUntraced(function* (id: string) {
  const { result } = yield* order(id)
  yield* Effect.sleep(Duration.millis(500))
  yield* Effect.withSpan(Address.execute(id, "Ada"), "PUT /orders/address")
  yield* Effect.withSpan(Approval.send(id, "Grace"), "POST /orders/approval")
  return yield* result
})
