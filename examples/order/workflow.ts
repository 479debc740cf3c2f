/**
 * The program of an order: reserve and charge, wait for an approval, wait for the day of dispatch, ship.
 */
import { Effect, Exit, Option } from "effect"
import { Approval, Charge, Order, Refund, Rejected, Release, Reserve, Ship } from "./contracts.ts"

/** Does something that is undone if the order does not succeed. */
const undoable = <A, E, R, R2>(work: Effect.Effect<A, E, R>, undo: (done: A) => Effect.Effect<void, never, R2>) =>
  Effect.acquireRelease(work, (done, exit) => (Exit.isFailure(exit) ? undo(done) : Effect.void))

export const OrderLive = Order.toLayer(
  Effect.fn("Order")(function* (order) {
    const reserved = undoable(Reserve(order.id), () => Release(order.id))
    const charged = undoable(Charge(order), Refund)
    yield* Effect.all([reserved, charged], { concurrency: "unbounded" })

    const approval = yield* Approval.receive.pipe(Effect.timeoutOption("7 days"))
    if (Option.isNone(approval)) return yield* new Rejected({ by: "nobody answered" })
    if (!approval.value.granted) return yield* new Rejected({ by: approval.value.by })

    yield* Effect.sleep(order.dispatchIn)
    return yield* Ship(order.id)
  })
)
