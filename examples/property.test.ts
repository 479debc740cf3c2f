/**
 * A workflow under property test: whatever the bank does, whenever the approval comes, whenever the order is cancelled and wherever its
 * process dies, what was not shipped is neither reserved nor charged in the end. 300 orders of up to seventy days take a second or two.
 */
import { assert, it } from "@effect/vitest"
import { Duration, Effect, Layer, Schema } from "effect"
import { ActivityContext, type WorkflowHandle } from "perdure"
import { crashEverywhere, Life, live } from "perdure/testing"
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

/** Handlers that keep count and fail as planned. What they do is done at once and once, and their answer takes its time. */
const handlersOf = (plan: typeof Plan.Type) => {
  const counts = { reserved: 0, charged: 0, shipped: 0 }
  const done = new Set<string>()
  let failures = 0
  const add = Effect.fnUntraced(function* (what: keyof typeof counts, change: 1 | -1) {
    // An attempt that was lost with its process has done it already.
    const { idempotencyKey } = yield* ActivityContext.ActivityContext
    if (!done.has(idempotencyKey)) counts[what] += change
    done.add(idempotencyKey)
    yield* Effect.sleep(plan.seconds * 1000)
  })
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

/** What the outside does. An answer comes at noon, a cancel early in the day: on the first one while handlers still run. */
const scriptOf = (plan: typeof Plan.Type) => (order: WorkflowHandle.WorkflowHandle<unknown, unknown>) => {
  const { answer, answerAfterDays, cancelAfterDays } = plan
  const answers = Approval.send(order, { by: "Ada", granted: answer === "grant" })
  const cancels = order.cancel()
  const all = [
    ...(answer === "none" ? [] : [Effect.delay(answers, Duration.days(answerAfterDays + 0.5))]),
    ...(cancelAfterDays === undefined
      ? []
      : [Effect.delay(cancels, Duration.sum(Duration.days(cancelAfterDays), Duration.seconds(20.5)))])
  ]
  // One that comes when the order is over is refused.
  return Effect.all(
    all.map((each) => Effect.ignore(each)),
    { concurrency: "unbounded" }
  )
}

const inputOf = (plan: typeof Plan.Type) => ({
  id: "order",
  cents: 100,
  dispatchIn: Duration.days(plan.dispatchInDays)
})

/** An order with its handlers, and the claim. */
const scenarioOf = (plan: typeof Plan.Type) => () => {
  const { counts, layer } = handlersOf(plan)
  return {
    layer: OrderLive.pipe(Layer.provide(layer)),
    script: scriptOf(plan),
    invariant: ({ exit }: { readonly exit: { readonly _tag: string } }) => {
      const shipped = exit._tag === "Success" ? 1 : 0
      assert.deepStrictEqual(counts, { reserved: shipped, charged: shipped, shipped })
    }
  }
}

const endings = new Set<string>()

it.effect.prop(
  "an order that is not shipped leaves nothing behind",
  { plan: Plan, life: Life },
  Effect.fnUntraced(function* ({ life, plan }) {
    const { exit } = yield* live(Order, inputOf(plan), scenarioOf(plan), life)
    const ending = yield* Effect.match(exit, {
      onSuccess: () => "shipped",
      onFailure: (error) => (error._tag === "WorkflowError" ? error.reason._tag : error._tag)
    })
    endings.add(ending)

    // An attempt of the bank that is lost in a crash comes again, so that it may refuse once more, or be ready by then.
    if (plan.cancelAfterDays !== undefined || life.crashes.length > 0) return
    const isGranted = plan.answer === "grant" && plan.answerAfterDays < 7
    assert.strictEqual(ending, plan.failures >= 5 ? "ChargeFailed" : isGranted ? "shipped" : "Rejected")
  }),
  { arbitrary: { runs: 300 } }
)

it("those orders ended in every way", () => {
  assert.sameMembers([...endings], ["shipped", "Rejected", "ChargeFailed", "Cancelled"])
})

it.effect("an order survives a crash at every commit", () => {
  const plan = { failures: 1, seconds: 5, answerAfterDays: 2, dispatchInDays: 30, cancelAfterDays: undefined } as const
  return crashEverywhere(Order, inputOf({ ...plan, answer: "grant" }), scenarioOf({ ...plan, answer: "grant" }))
})
