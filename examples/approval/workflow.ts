/**
 * The program of the order: charge, ask, remind after a day, ship, or pay back what was charged.
 */
import { Effect, Option } from "effect"
import { Workflow } from "perdure"
import { Approve, Charge, Mail, Order, Refund, Rejected, Ship } from "./contracts.ts"

export const OrderLive = Order.toLayer(
  Effect.fn("Order")(
    function* ({ cents, id }) {
      yield* Workflow.withCompensation(Charge(cents), Refund)
      const request = yield* Approve.open({ order: id, cents }, { who: ["ada", "grace"], expires: "7 days" })
      yield* Mail(`please look at ${id}`)
      const early = yield* Effect.timeoutOption(request.answer, "1 day")
      if (Option.isNone(early)) yield* Mail(`${id} still waits for you`)
      const { by, decision } = yield* request.answer
      if (decision === "not that one") return yield* new Rejected({ by })
      return yield* Ship(id)
    },
    Effect.catchTag("ApprovalExpired", () => Effect.fail(new Rejected({ by: "nobody in 7 days" })))
  )
)
