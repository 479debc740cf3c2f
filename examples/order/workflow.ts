/**
 * The program of an order: reserve and charge, wait for an approval, wait for the day of dispatch, ship.
 */
import { Effect, Option } from "effect"
import { Workflow } from "perdure"
import { Approval, Charge, Order, Refund, Rejected, Release, Reserve, Ship } from "./contracts.ts"

export const OrderLive = Order.toLayer(
  Effect.fn("Order")(function* (order) {
    const reserved = Workflow.withCompensation(Reserve(order.id), () => Release(order.id))
    const charged = Workflow.withCompensation(Charge(order), Refund)
    yield* Effect.all([reserved, charged], { concurrency: "unbounded" })

    const approval = yield* Approval.receive.pipe(Effect.timeoutOption("7 days"))
    if (Option.isNone(approval)) return yield* new Rejected({ by: "nobody answered" })
    if (!approval.value.granted) return yield* new Rejected({ by: approval.value.by })

    yield* Effect.sleep(order.dispatchIn)
    return yield* Ship(order.id)
  })
)
