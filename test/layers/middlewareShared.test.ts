/** Middleware that several executors of one app share: each has its own, around its own services. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Logger, Schema } from "effect"
import { DurableExecutor, Executions, Hooks, Middleware, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"

const Order = Workflow.make("Order", { input: Schema.Int, workflowId: (n) => `order-${n}` })
const OrderLive = Order.toLayer(() => Effect.void)

type Services = DurableExecutor.DurableExecutor | Executions.Executions
class A extends Context.Service<A, Context.Context<Services>>()("A") {}
class B extends Context.Service<B, Context.Context<Services>>()("B") {}

/** An executor with a store of its own, under a name of its own. */
const named = <Name extends typeof A | typeof B, E, R>(
  name: Name,
  executor: Layer.Layer<DefaultExecutor.Services, E, R>
) =>
  Layer.effect(name as typeof A, Effect.context<Services>()).pipe(Layer.provide(executor)) as Layer.Layer<
    Name["Identifier"],
    E,
    R
  >

const memory = () => DefaultExecutor.layer({}).pipe(Layer.provide(Layer.fresh(MemoryStore.layer)))

/** An executor with middleware around it, that runs orders. */
const around = <const Layers extends ReadonlyArray<Layer.Layer<never, any, any>>>(...layers: Layers) =>
  Layer.provideMerge(Layer.fresh(OrderLive), Middleware.apply(memory(), ...layers))

/** Starts an order in each of two executors, and says what each of them has. */
const orders = Effect.gen(function* () {
  const [a, b] = [yield* A, yield* B]
  const idsOf = Effect.map(
    Effect.flatMap(Executions.Executions, ({ list }) => list()),
    ({ executions }) => executions.map(({ workflowId }) => workflowId)
  )
  yield* Effect.provideContext(Order.execute(1), a)
  yield* Effect.provideContext(Order.execute(2), b)
  return { a: yield* Effect.provideContext(idsOf, a), b: yield* Effect.provideContext(idsOf, b) }
})

const apart = { a: ["order-1"], b: ["order-2"] }

describe("two executors of one app that share", () => {
  const logger = Logger.layer([Logger.make(() => {})])

  it.effect("logging, tracing and metrics are two", () =>
    Effect.gen(function* () {
      for (const shared of [Middleware.logging, Middleware.tracing]) {
        const app = Layer.merge(
          named(A, around(shared, Middleware.metrics)),
          named(B, around(shared, Middleware.metrics))
        )
        assert.deepStrictEqual(yield* Effect.provide(orders, app), apart)
      }
    }).pipe(Effect.provide(logger))
  )

  it.effect("what says who may do what are two", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      const shared = Middleware.authorise(({ _tag, ref }) =>
        Effect.sync(() => void asked.push(`${_tag} ${String(ref?.workflowId)}`))
      )
      const app = Layer.merge(named(A, around(shared)), named(B, around(Middleware.logging, shared)))
      assert.deepStrictEqual(yield* Effect.provide(orders, app), apart)
      assert.deepStrictEqual(asked, [
        ...["Start order-1", "Result order-1", "Start order-2", "Result order-2"],
        ...["List undefined", "List undefined"]
      ])
    }).pipe(Effect.provide(logger))
  )

  it.effect("hooks and middleware of activities are told of both", () =>
    Effect.gen(function* () {
      const told: Array<string> = []
      const note = ({ workflowId }: Hooks.About) => Effect.sync(() => void told.push(workflowId))
      const shared = Hooks.layer(Hooks.make([Order], { onWorkflowStart: note }))
      const app = Layer.merge(named(A, around(shared)), named(B, around(shared)))
      assert.deepStrictEqual(yield* Effect.provide(orders, app), apart)
      assert.deepStrictEqual(told, ["order-1", "order-2"])
    })
  )

  it.effect("a limit have one each", () =>
    Effect.gen(function* () {
      const shared = Middleware.rateLimit({ limit: 2, every: "1 second" })
      const key = { key: () => "all", limit: 3, every: "1 second" } as const
      const keyed = Middleware.rateLimit(key)
      for (const limited of [shared, keyed]) {
        const app = Layer.merge(named(A, around(limited)), named(B, around(limited)))
        assert.deepStrictEqual(yield* Effect.provide(orders, app), apart)
      }
    })
  )
})

describe("an executor that is provided in several places", () => {
  it.effect("is built once, and its middleware with it", () =>
    Effect.gen(function* () {
      let built = 0
      const counting = Layer.effectDiscard(Effect.sync(() => built++))
      const Executor = Middleware.apply(memory(), Middleware.logging, counting)
      const app = Layer.merge(named(A, Executor), named(B, Executor))
      const { a, b } = yield* Effect.gen(function* () {
        return { a: yield* A, b: yield* B }
      }).pipe(Effect.provide(app))
      assert.strictEqual(built, 1)
      assert.strictEqual(
        Context.get(a, DurableExecutor.DurableExecutor),
        Context.get(b, DurableExecutor.DurableExecutor)
      )
    })
  )
})
