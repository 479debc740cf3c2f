/** Groups of activities: one layer with all handlers, and what is refused where no compiler has checked. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Context, Effect, Exit, Layer, Schema } from "effect"
import { Activity, ActivityContext, ActivityGroup, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"

class Bank extends Context.Service<Bank, { readonly charge: (cents: number) => Effect.Effect<string> }>()("Bank") {}

const Charge = Activity.make("Charge", { input: Schema.Number, success: Schema.String })
const Ship = Activity.make("Ship", { input: Schema.String, success: Schema.String })
const Shop = ActivityGroup.make(Charge, Ship)

const Order = Workflow.make("Order", { input: Schema.Number, success: Schema.String, workflowId: String })
const OrderLive = Order.toLayer((cents) => Effect.flatMap(Charge(cents), Ship))
const BankLive = Layer.succeed(Bank, { charge: (cents) => Effect.succeed(`receipt of ${cents}`) })
const executor = DefaultExecutor.layer.pipe(Layer.provide(MemoryStore.layer))

const ship = (receipt: string) =>
  Effect.map(ActivityContext.ActivityContext, ({ activity }) => `${activity} for the ${receipt}`)
const charge = (cents: number) => Effect.flatMap(Bank, (bank) => bank.charge(cents))

describe("a group of activities", () => {
  it("has them by their names, in their order", () => {
    assert.deepStrictEqual([...Shop.activities.keys()], ["Charge", "Ship"])
    assert.strictEqual(Shop.activities.get("Ship"), Ship)
  })

  const layers = {
    "all at once": Shop.toLayer({ Charge: charge, Ship: ship }),
    "with limits": Shop.toLayer({ Charge: { handler: charge, concurrency: 1 }, Ship: { handler: ship } }),
    "by an effect": Shop.toLayer(Effect.map(Bank, (bank) => ({ Charge: bank.charge, Ship: ship })))
  }
  for (const [how, layer] of Object.entries(layers)) {
    it.effect(`implements them ${how}`, () =>
      Effect.gen(function* () {
        assert.strictEqual(yield* Order.execute(7), "Ship for the receipt of 7")
      }).pipe(
        Effect.provide(OrderLive.pipe(Layer.provide(layer), Layer.provide(BankLive), Layer.provideMerge(executor)))
      )
    )
  }

  it.effect("gives an activity its limits", () =>
    Effect.gen(function* () {
      const seen = { running: 0, most: 0 }
      const handler = (cents: number) =>
        Effect.acquireUseRelease(
          Effect.sync(() => (seen.most = Math.max(seen.most, ++seen.running))),
          () => Effect.as(Effect.yieldNow, String(cents)),
          () => Effect.sync(() => seen.running--)
        )
      const layer = Shop.toLayer({ Charge: { handler, concurrency: 2 }, Ship: ship })
      const main = OrderLive.pipe(Layer.provide(layer), Layer.provideMerge(executor))
      const orders = Array.from({ length: 10 }, (_, index) => Order.execute(index))
      yield* Effect.provide(Effect.all(orders, { concurrency: "unbounded" }), main)
      assert.strictEqual(seen.most, 2)
    })
  )

  it("refuses two activities of one name, and what is no activity", () => {
    const make = ActivityGroup.make as (...activities: ReadonlyArray<unknown>) => unknown
    assert.throws(() => make(Charge, Ship, Charge), TypeError, "two activities of the group are named Charge")
    assert.throws(() => make(Charge, "Ship"), TypeError, 'a group is made of activities, and not of "Ship"')
  })

  it("has no handler for an activity whose name every object has", () => {
    const odd = ActivityGroup.make(Charge, Activity.make("toString"))
    assert.throws(() => odd.toLayer({ Charge: charge } as never), TypeError, "no handler of activity toString")
  })

  const toLayer = Shop.toLayer as unknown as (handlers: unknown) => Layer.Layer<never>
  const faults: ReadonlyArray<readonly [string, unknown, string]> = [
    [
      "a handler that is missing",
      { Charge: charge },
      "the group has no handler of activity Ship: give it a function or {"
    ],
    [
      "no handler",
      { Charge: charge, Ship: { concurrency: 1 } },
      'handler, concurrency, rateLimit }, not {"concurrency":1}'
    ],
    ["a name of no activity", { Charge: charge, Ship: ship, Shipp: ship }, "the group has no activity named Shipp"],
    [
      "limits",
      { Charge: { handler: charge, concurrency: 0 }, Ship: ship },
      "the limits of activity Charge: concurrency"
    ],
    ["no object", 5, "the handlers of a group must be an object with a field for each activity, and are 5"]
  ]
  for (const [what, handlers, fault] of faults) {
    it.effect(`refuses ${what}, at once or in an effect`, () =>
      Effect.gen(function* () {
        assert.throws(() => toLayer(handlers), TypeError, fault)
        const exit = yield* Effect.exit(Effect.scoped(Layer.build(toLayer(Effect.succeed(handlers)))))
        assert.include(Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "none", fault)
      })
    )
  }
})
