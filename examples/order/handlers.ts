/**
 * The handlers of an order. Each run of a handler is noted, so that they can be counted.
 */
import { Context, Effect, Layer, Schema } from "effect"
import { ActivityContext } from "perdure"
import { Charge, ChargeFailed, Refund, Release, Reserve, Ship } from "./contracts.ts"

/** One run of a handler. `call` names the call, the same in all its attempts. */
export const Run = Schema.Struct({
  activity: Schema.String,
  order: Schema.String,
  attempt: Schema.Int,
  call: Schema.String
})

/** Where the runs of handlers are noted. */
export class Ledger extends Context.Service<Ledger, { readonly note: (run: typeof Run.Type) => Effect.Effect<void> }>()(
  "examples/order/Ledger"
) {}

const noted = Effect.gen(function* () {
  const { activity, attempt, idempotencyKey, workflowId } = yield* ActivityContext.ActivityContext
  const ledger = yield* Ledger
  yield* ledger.note({ activity, order: workflowId, attempt, call: idempotencyKey })
  return attempt
})

const ChargeLive = Charge.toLayer(
  Effect.fn("Charge")(function* ({ id }) {
    const attempt = yield* noted
    if (attempt < 3) return yield* new ChargeFailed({ why: "the bank is busy" })
    return `receipt of ${id}`
  })
)

export const HandlersLive = Layer.mergeAll(
  ChargeLive,
  Reserve.toLayer(() => noted),
  Release.toLayer(() => noted),
  Refund.toLayer(() => noted),
  Ship.toLayer((id) => Effect.as(noted, `parcel of ${id}`))
)
