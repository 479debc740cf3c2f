/** A test as users of `node --test` write it, without vitest. */
import assert from "node:assert"
import { test } from "node:test"
import { Effect, Layer, Schema } from "effect"
import { Activity, Workflow } from "perdure"
import { crashEverywhere, double, TestWorkflows } from "perdure/testing"

const Charge = Activity.make("Charge", { input: Schema.Int, success: Schema.String })
const Order = Workflow.make("Order", { input: Schema.Int, success: Schema.String })
const OrderLive = Order.toLayer((cents) => Effect.delay(Charge(cents), "7 days"))

test("an order is charged after a week", () => {
  const charge = double(Charge)
  charge.succeedNext("receipt")
  const program = Effect.gen(function* () {
    const order = yield* Order.start(100)
    yield* TestWorkflows.pass("7 days")
    assert.strictEqual(yield* order.result, "receipt")
    assert.deepStrictEqual(charge.calls, [100])
  })
  const Test = OrderLive.pipe(Layer.provide(charge.layer), Layer.provideMerge(TestWorkflows.layer))
  return Effect.runPromise(Effect.provide(program, Test))
})

test("an order survives every crash", () =>
  Effect.runPromise(
    Effect.map(
      crashEverywhere(Order, 100, {
        layer: OrderLive.pipe(Layer.provide(Charge.toLayer((cents) => Effect.succeed(`receipt of ${cents}`))))
      }),
      ({ commits, lives }) => {
        assert.strictEqual(commits, 3)
        assert.ok(lives > 30)
      }
    )
  ))

test("an order that draws its own numbers does not", () => {
  const layer = Order.toLayer(() => Effect.suspend(() => Charge(Math.floor(Math.random() * 1e9)))).pipe(
    Layer.provide(Charge.toLayer(() => Effect.succeed("receipt")))
  )
  return assert.rejects(Effect.runPromise(crashEverywhere(Order, 100, { layer })), /disagrees with its history/)
})
