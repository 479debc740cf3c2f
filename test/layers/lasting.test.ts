/** What layers do long after they were built: in no scope and no span of theirs, and in the trace of what it is about. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema, Tracer } from "effect"
import { TestClock } from "effect/testing"
import { Activity, DurableExecutor, Hooks, Metrics, Middleware, Retention, Signal, Tracing, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"
import { keeping, type Kept, parentId } from "../support/spans.ts"

const Go = Signal.make("go")
const Work = Activity.make("Work", { input: Schema.Int })
const Order = Workflow.make("Order", { input: Schema.Int, workflowId: (n) => `order-${n}` })
const WorkLive = Work.toLayer(() => Effect.withSpan(Effect.void, "the handler"))
const OrderLive = Order.toLayer((n) => Work(n)).pipe(Layer.provide(WorkLive))
const base = DefaultExecutor.layer.pipe(Layer.provideMerge(MemoryStore.layer))

/** Counts what is open. */
const resource = () => {
  const count = { opened: 0, open: 0 }
  const acquire = Effect.acquireRelease(
    Effect.sync(() => {
      count.opened++
      count.open++
    }),
    () => Effect.sync(() => void count.open--)
  )
  return { acquire, count }
}

describe("what middleware opens", () => {
  it.effect("around an operation is closed with it", () =>
    Effect.gen(function* () {
      const { acquire, count } = resource()
      const opening = Middleware.around((_, next) => Effect.andThen(acquire, next))
      const asking = Middleware.authorise(() => acquire)
      const program = Effect.gen(function* () {
        for (let n = 0; n < 50; n++) {
          yield* Order.start(n)
          assert.strictEqual(count.open, 0)
        }
        assert.strictEqual(count.opened, 100)
      })
      yield* Effect.provide(program, Middleware.apply(base, opening, asking))
    })
  )

  it.effect("around an attempt is closed with it", () =>
    Effect.gen(function* () {
      const { acquire, count } = resource()
      const opening = Middleware.activity((_, next) =>
        Effect.andThen(
          acquire,
          Effect.tap(next, () => Effect.sync(() => assert.strictEqual(count.open, 1)))
        )
      )
      const program = Effect.gen(function* () {
        for (let n = 0; n < 50; n++) {
          yield* Order.execute(n)
          assert.deepStrictEqual(count, { opened: n + 1, open: 0 })
        }
      })
      yield* Effect.provide(program, OrderLive.pipe(Layer.provideMerge(Middleware.apply(base, opening))))
    })
  )
})

describe("what middleware of activities needs", () => {
  class Prefix extends Context.Service<Prefix, string>()("Prefix") {}

  it.effect("is that of its own layer, also where the executor was given another", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const own = Middleware.activity((_, next) =>
        Effect.andThen(
          Effect.map(Prefix, (prefix) => seen.push(prefix)),
          next
        )
      ).pipe(Layer.provide(Layer.succeed(Prefix, "of the middleware")))
      const live = OrderLive.pipe(
        Layer.provideMerge(Middleware.apply(base, own)),
        Layer.provide(Layer.succeed(Prefix, "of the executor"))
      )
      yield* Effect.provide(Order.execute(1), live)
      assert.deepStrictEqual(seen, ["of the middleware"])
    })
  )
})

/** Runs an effect in an app that is built within a span, with the spans that have ended. */
const within = <A, E, R, E2>(
  app: Layer.Layer<R, E2>,
  test: (spans: ReadonlyArray<Kept>) => Effect.Effect<A, E, R>
): Effect.Effect<A, E | E2> =>
  Effect.suspend(() => {
    const { ended, tracer } = keeping()
    const run = Effect.gen(function* () {
      const context = yield* Effect.withSpan(Layer.build(app), "building")
      return yield* Effect.provideContext(test(ended), context)
    })
    return Effect.scoped(Effect.provideService(run, Tracer.Tracer, tracer))
  })

const named = (spans: ReadonlyArray<Kept>, name: string) => spans.filter((span) => span.name === name)
const trace = { traceId: "a".repeat(32), spanId: "b".repeat(16), sampled: true }
const start = (n: number, from?: typeof trace) =>
  Effect.flatMap(DurableExecutor.DurableExecutor, ({ start }) =>
    start({ workflow: "Order", workflowId: `order-${n}`, input: n, ...(from === undefined ? {} : { trace: from }) })
  )

describe("the spans", () => {
  const span = () => Effect.withSpan(Effect.void, "the hook")
  const hooks = Hooks.layer(Hooks.make([Order, Go], { onWorkflowStart: span, onWorkflowComplete: span }))
  const hooked = OrderLive.pipe(Layer.provideMerge(Middleware.apply(base, hooks)))

  it.effect("of hooks are in the trace of the execution, and else in one of their own", () =>
    within(hooked, (spans) =>
      Effect.gen(function* () {
        yield* start(1)
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(named(spans, "the hook").map(parentId), [undefined, undefined])
        yield* start(2, trace)
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(
          named(spans, "the hook")
            .slice(2)
            .map((hook) => [hook.traceId, parentId(hook)]),
          [
            [trace.traceId, trace.spanId],
            [trace.traceId, trace.spanId]
          ]
        )
      })
    )
  )

  it.effect("of handlers, and of middleware around tracing, are in the trace of the execution", () =>
    Effect.gen(function* () {
      const around = Middleware.activity((_, next) => Effect.andThen(Effect.withSpan(Effect.void, "around"), next))
      const untraced = OrderLive.pipe(Layer.provideMerge(Middleware.apply(base, around)))
      const traced = OrderLive.pipe(Layer.provideMerge(Middleware.apply(base, around, Tracing.layer)))
      for (const app of [untraced, traced]) {
        yield* within(app, (spans) =>
          Effect.gen(function* () {
            yield* start(1, trace)
            yield* TestClock.adjust("1 second")
            const [outside] = named(spans, "around")
            assert.strictEqual(outside!.traceId, trace.traceId)
            assert.strictEqual(named(spans, "the handler")[0]!.traceId, trace.traceId)
            if (app === untraced) assert.strictEqual(parentId(outside!), trace.spanId)
          })
        )
      }
    })
  )

  it.effect("of what retention and gauges read are in none that was there before", () =>
    Effect.gen(function* () {
      const looking = { gauges: Metrics.gauges({ every: "1 minute" }), retention: Retention.layer({ closed: "1 day" }) }
      for (const layer of Object.values(looking)) {
        yield* within(Layer.provideMerge(layer, base), (spans) =>
          Effect.gen(function* () {
            yield* TestClock.adjust("3 hours")
            const [built] = named(spans, "building")
            const read = named(spans, "WorkflowStore.list")
            assert.isAbove(read.length, 1)
            for (const { traceId } of read) assert.notStrictEqual(traceId, built!.traceId)
          })
        )
      }
    })
  )
})

describe("a hook that takes longer than it may", () => {
  it.effect("is interrupted", () =>
    Effect.gen(function* () {
      const ends: Array<string> = []
      const slow = Hooks.make([Order], {
        onWorkflowStart: () => Effect.onInterrupt(Effect.never, () => Effect.sync(() => ends.push("interrupted")))
      })
      const app = OrderLive.pipe(Layer.provideMerge(Middleware.apply(base, Hooks.layer(slow, { timeout: "1 second" }))))
      const program = Effect.gen(function* () {
        yield* start(1)
        yield* TestClock.adjust("999 millis")
        assert.deepStrictEqual(ends, [])
        yield* TestClock.adjust("1 millis")
        assert.deepStrictEqual(ends, ["interrupted"])
      })
      yield* Effect.provide(program, app)
    })
  )
})

describe("the tracer of Tracing.layer", () => {
  const traced = OrderLive.pipe(Layer.provideMerge(Middleware.apply(base, Tracing.layer)))

  it.effect("is that of callers that have none", () =>
    Effect.gen(function* () {
      const own = keeping()
      const others = keeping()
      const app = Layer.provide(traced, Layer.succeed(Tracer.Tracer, own.tracer))
      const program = Effect.gen(function* () {
        yield* Effect.provideService(Order.start(1), Tracer.Tracer, Tracer.nativeTracer)
        yield* Effect.provideService(Order.start(2), Tracer.Tracer, others.tracer)
      })
      yield* Effect.provide(program, app)
      assert.lengthOf(named(own.ended, "workflow.start Order"), 1)
      assert.lengthOf(named(others.ended, "workflow.start Order"), 1)
    })
  )

  it.effect("is asked for no more than its level wants", () =>
    Effect.gen(function* () {
      for (const [minimum, count] of [
        ["Info", 1],
        ["Error", 0]
      ] as const) {
        const own = keeping()
        const settings = Layer.mergeAll(
          Layer.succeed(Tracer.Tracer, own.tracer),
          Layer.succeed(Tracer.MinimumTraceLevel, minimum)
        )
        yield* Effect.provide(
          Effect.andThen(start(1, trace), TestClock.adjust("1 second")),
          Layer.provide(traced, settings)
        )
        assert.lengthOf(named(own.ended, "workflow.execute Order"), count)
      }
    })
  )
})
