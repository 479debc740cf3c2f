/** Workflows that survive every crash, and workflows that do not. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Schema } from "effect"
import { Activity, ActivityContext, RetryPolicy, Signal, Update, Workflow } from "perdure"
import { CrashFailure, crashEverywhere } from "perdure/testing"

class Busy extends Schema.TaggedError<Busy>()("Busy", {}) {}

const Charge = Activity.make("Charge", {
  input: Schema.Int,
  success: Schema.String,
  error: Busy,
  retry: RetryPolicy.exponential({ initialInterval: "1 minute", maxAttempts: 5 })
})
const Ship = Activity.make("Ship", { input: Schema.String, success: Schema.String })
const Approve = Signal.make("approve", { payload: Schema.String })
const Add = Update.make("add", { input: Schema.Int, success: Schema.Int })

const Parcel = Workflow.make("Parcel", { input: Schema.String, success: Schema.String })
const ParcelLive = Parcel.toLayer(
  Effect.fnUntraced(function* (address) {
    yield* Effect.sleep("1 day")
    return yield* Ship(address)
  })
)

const Order = Workflow.make("Order", { input: Schema.Int, success: Schema.String, workflowId: (cents) => `order-${cents}` })
const OrderLive = Order.toLayer(
  Effect.fnUntraced(function* (cents) {
    let extra = 0
    yield* Add.handle((more) => Effect.sync(() => (extra += more)))
    const by = yield* Approve.receive.pipe(Effect.timeoutOption("7 days"))
    if (Option.isNone(by)) return "refused"
    const [receipt, parcel] = yield* Effect.all([Charge(cents + extra), Parcel.execute("home")], {
      concurrency: "unbounded"
    })
    yield* Effect.sleep("30 days")
    return `${by.value}: ${receipt}, ${parcel}`
  }, Effect.orDie)
)

/** Fails as often as it is told, and counts what it has charged by its idempotency keys. */
const bank = (failures: number) => {
  const charged = new Map<string, number>()
  let calls = 0
  const layer = Charge.toLayer(
    Effect.fnUntraced(function* (cents) {
      const { idempotencyKey } = yield* ActivityContext.ActivityContext
      yield* Effect.sleep("10 seconds")
      if (calls++ < failures) return yield* new Busy()
      charged.set(idempotencyKey, cents)
      return `receipt of ${cents}`
    })
  )
  return { charged, layer }
}

const failureOf = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, CrashFailure)
    return error
  })

describe("a workflow with sleeps, signals, retries, updates and a child survives every crash", () => {
  it.effect("with a script from outside", () =>
    Effect.gen(function* () {
      const report = yield* crashEverywhere(Order, 100, () => {
        const { charged, layer } = bank(2)
        return {
          layer: Layer.merge(OrderLive, ParcelLive).pipe(
            Layer.provide([layer, Ship.toLayer((to) => Effect.succeed(`parcel to ${to}`))])
          ),
          script: Effect.fnUntraced(function* (order) {
            yield* Effect.sleep("1 hour")
            assert.strictEqual(yield* Add.execute(order, 11), 11)
            yield* Effect.sleep("2 days")
            yield* Approve.send(order, "Ada")
          }),
          invariant: ({ exit }) => {
            assert.deepStrictEqual([...charged.values()], [111])
            assert.strictEqual(exit._tag === "Success" ? exit.value : "", "Ada: receipt of 111, parcel to home")
          }
        }
      })
      assert.isAbove(report.commits, 10)
      assert.isAbove(report.lives, 100)
      yield* Effect.sync(() => console.log(report))
    })
  )
})
