/**
 * A workflow under property test: whatever the bank does, whenever the approval comes and whenever the order is cancelled, what
 * was not shipped is neither reserved nor charged in the end. 300 orders of up to seventy days take a second or two.
 */
import { assert, it } from "@effect/vitest"
import { Duration, Effect, Layer, Result, Schema } from "effect"
import { TestClock } from "effect/testing"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"
import { Approval, Charge, ChargeFailed, Order, Refund, Release, Reserve, Ship } from "./order/contracts.ts"
import { OrderLive } from "./order/workflow.ts"

const upTo = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))

/** What happens to an order. */
const Plan = Schema.Struct({
  /** How many attempts of the charge fail. */
  failures: upTo(6),
  /** How long each handler takes. */
  seconds: upTo(40),
  answer: Schema.Literals(["grant", "refuse", "none"]),
  answerAfterDays: upTo(10),
  dispatchInDays: upTo(60),
  cancelAfterDays: Schema.UndefinedOr(upTo(20))
})

/** Handlers that keep count and fail as planned. What they do is done at once, and their answer takes its time. */
const handlersOf = (plan: typeof Plan.Type) => {
  const counts = { reserved: 0, charged: 0, shipped: 0 }
  let failures = 0
  const add = (what: keyof typeof counts, change: 1 | -1) =>
    Effect.andThen(
      Effect.sync(() => void (counts[what] += change)),
      Effect.sleep(plan.seconds * 1000)
    )
  const layer = Layer.mergeAll(
    Reserve.toLayer(() => add("reserved", 1)),
    Release.toLayer(() => add("reserved", -1)),
    Charge.toLayer(({ id }) =>
      ++failures > plan.failures
        ? Effect.as(add("charged", 1), `receipt of ${id}`)
        : Effect.fail(new ChargeFailed({ why: "the bank is busy" }))
    ),
    Refund.toLayer(() => add("charged", -1)),
    Ship.toLayer((id) => Effect.as(add("shipped", 1), `parcel of ${id}`))
  )
  return { counts, layer }
}

/** Lives through a plan. An answer comes at noon, a cancel early in the day: on the first one while handlers still run. */
const live = Effect.fn("live")(function* (plan: typeof Plan.Type) {
  const handle = yield* Order.start({ id: "order", cents: 100, dispatchIn: Duration.days(plan.dispatchInDays) })
  const answer = Approval.send(handle, { by: "Ada", granted: plan.answer === "grant" })
  if (plan.answer !== "none") {
    yield* Effect.forkChild(Effect.delay(answer, Duration.days(plan.answerAfterDays + 0.5)))
  }
  if (plan.cancelAfterDays !== undefined) {
    yield* Effect.forkChild(
      Effect.delay(handle.cancel(), Duration.sum(Duration.days(plan.cancelAfterDays), Duration.seconds(20.5)))
    )
  }
  yield* TestClock.adjust("100 days")
  return yield* Effect.result(handle.result)
})

const endings = new Set<string>()

it.effect.prop(
  "an order that is not shipped leaves nothing behind",
  { plan: Plan },
  Effect.fnUntraced(function* ({ plan }) {
    const { counts, layer } = handlersOf(plan)
    const Main = OrderLive.pipe(
      Layer.provide(layer),
      Layer.provideMerge(DefaultExecutor.layer),
      Layer.provide(Layer.fresh(MemoryStore.layer))
    )
    const result = yield* Effect.provide(live(plan), Main)
    const ending = Result.match(result, {
      onSuccess: () => "shipped",
      onFailure: (error) => (error._tag === "WorkflowError" ? error.reason._tag : error._tag)
    })
    endings.add(ending)

    const shipped = ending === "shipped" ? 1 : 0
    assert.deepStrictEqual(counts, { reserved: shipped, charged: shipped, shipped })
    if (plan.cancelAfterDays !== undefined) return
    const isGranted = plan.answer === "grant" && plan.answerAfterDays < 7
    assert.strictEqual(ending, plan.failures >= 5 ? "ChargeFailed" : isGranted ? "shipped" : "Rejected")
  }),
  { arbitrary: { runs: 300 } }
)

it("those orders ended in every way", () => {
  assert.sameMembers([...endings], ["shipped", "Rejected", "ChargeFailed", "Cancelled"])
})
