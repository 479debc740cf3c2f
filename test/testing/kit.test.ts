/** The parts of the test kit: an executor for tests, doubles, replay, and stories of histories. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, Effect, Exit, Fiber, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Activity, RetryPolicy, Signal, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"
import {
  assertStory,
  callsOf,
  crashEverywhere,
  double,
  replay,
  ReplayFailure,
  story,
  TestWorkflows
} from "perdure/testing"

const Charge = Activity.make("Charge", {
  input: Schema.Struct({ cents: Schema.Int }),
  success: Schema.String,
  error: Schema.String,
  retry: RetryPolicy.exponential({ initialInterval: "1 minute", maxAttempts: 3 }),
  timeout: "1 hour"
})
const Log = Activity.make("Log")
const Approve = Signal.make("approve", { payload: Schema.String })
const Order = Workflow.make("Order", { input: Schema.Int, success: Schema.String, error: Schema.String })
const OrderLive = Order.toLayer(
  Effect.fnUntraced(function* (cents) {
    const by = yield* Approve.receive.pipe(Effect.timeoutOption("7 days"))
    if (Option.isNone(by)) return yield* Effect.fail("not approved")
    const receipt = yield* Charge({ cents })
    yield* Log()
    return receipt
  })
)

/** An order with doubles. */
const make = () => {
  const charge = double(Charge)
  const log = double(Log, () => Effect.void)
  const layer = OrderLive.pipe(Layer.provide([charge.layer, log.layer]))
  return { charge, log, layer, Test: Layer.provideMerge(layer, TestWorkflows.layer) }
}

describe("TestWorkflows", () => {
  it.effect("lets time pass, and what follows from it happen", () => {
    const { charge, log, Test } = make()
    return Effect.gen(function* () {
      const begin = yield* Clock.currentTimeMillis
      charge.failNext("busy")
      charge.failNext("busy")
      charge.succeedNext("receipt")
      const order = yield* Order.start(100)
      yield* Approve.send(order, "Ada")
      yield* TestWorkflows.pass("1 minute")
      assert.strictEqual(charge.calls.length, 2)
      yield* TestWorkflows.pass("2 minutes")
      assert.deepStrictEqual(charge.calls, [{ cents: 100 }, { cents: 100 }, { cents: 100 }])
      assert.strictEqual(log.calls.length, 1)
      assert.strictEqual(yield* order.result, "receipt")
      assert.strictEqual((yield* Clock.currentTimeMillis) - begin, 180_000)
    }).pipe(Effect.provide(Test))
  })

  it.effect("runs on the clock of the test, which may move it as well", () =>
    Effect.gen(function* () {
      const { Test } = make()
      const result = yield* Effect.gen(function* () {
        const order = yield* Order.start(100)
        return yield* Effect.forkChild(Effect.exit(order.result))
      }).pipe(
        Effect.tap(() => TestClock.adjust("7 days")),
        Effect.flatMap(Fiber.join),
        Effect.provide(Test)
      )
      assert.deepStrictEqual(result, Exit.fail("not approved"))
    })
  )

  it("brings a clock where there is none, and has settings", () => {
    const { layer } = make()
    const test = Effect.gen(function* () {
      const order = yield* Order.start(100)
      yield* TestWorkflows.pass("7 days")
      assert.strictEqual(yield* Clock.currentTimeMillis, 7 * 24 * 3600 * 1000)
      assert.include((yield* order.describe).workflowId, order.id)
      return yield* Effect.exit(order.result)
    })
    const Test = Layer.provideMerge(layer, TestWorkflows.layerWith({ worker: "one" }))
    return Effect.runPromise(Effect.provide(test, Test)).then((exit) =>
      assert.deepStrictEqual(exit, Exit.fail("not approved"))
    )
  })

  describe("waits until nothing is left to do", () => {
    const Work = Activity.make("Work")
    const Works = Workflow.make("Works")
    /** How an execution stands, whose handler does this, once all has come to rest. */
    const settledAfter = (handler: Effect.Effect<void>) => {
      const layer = Works.toLayer(() => Work()).pipe(Layer.provide(Work.toLayer(() => handler)))
      return Effect.gen(function* () {
        const started = yield* Works.start()
        yield* TestWorkflows.settle
        return yield* started.status
      }).pipe(Effect.provide(Layer.provideMerge(layer, TestWorkflows.layer)))
    }
    const often = (times: number, effect: Effect.Effect<unknown>) => Effect.repeat(effect, { times })

    it.effect("however many turns a handler takes", () =>
      Effect.gen(function* () {
        for (const turns of [0, 1, 2, 10, 1000]) {
          assert.strictEqual(yield* settledAfter(Effect.asVoid(often(turns, Effect.yieldNow))), "completed", `${turns}`)
        }
      })
    )

    it.effect("also in fibers that a handler forks, and after promises that need nothing from outside", () =>
      Effect.gen(function* () {
        const forked = Effect.flatMap(Effect.forkDetach(often(20, Effect.yieldNow)), Fiber.join)
        assert.strictEqual(yield* settledAfter(Effect.asVoid(forked)), "completed")
        const promised = Effect.promise(() => Promise.resolve())
        const both = often(20, Effect.andThen(promised, Effect.yieldNow))
        assert.strictEqual(yield* settledAfter(Effect.asVoid(both)), "completed")
      })
    )

    it.effect("and no longer than that: not for time, and not for what never rests", () =>
      Effect.gen(function* () {
        assert.strictEqual(yield* settledAfter(Effect.sleep(1)), "running")
        const defect = yield* Effect.exit(settledAfter(Effect.forever(Effect.yieldNow)))
        assert.include(String(defect), "the executor does not come to rest")
      })
    )

    it("on the clock that it brings as well", () =>
      Effect.runPromise(settledAfter(Effect.asVoid(often(10, Effect.yieldNow)))).then((status) =>
        assert.strictEqual(status, "completed")
      ))
  })

  it.effect("has a store of its own in each test", () =>
    Effect.gen(function* () {
      const start = Effect.suspend(() => Effect.provide(Order.start(1, { workflowId: "same" }), make().Test))
      assert.isTrue((yield* start).created)
      assert.isTrue((yield* start).created)
    })
  )
})

describe("double", () => {
  it.effect("ends an unexpected call with a defect that names it", () => {
    const { Test } = make()
    return Effect.gen(function* () {
      const order = yield* Order.start(100)
      yield* Approve.send(order, "Ada")
      const exit = yield* Effect.exit(order.result)
      assert.include(
        String(exit),
        'activity Charge was called with {"cents":100}, its attempt 1, and its double has no answer left: name one with succeedNext, failNext or hang'
      )
    }).pipe(Effect.provide(Test))
  })

  it.effect("hangs until the timeout of the activity", () => {
    const { charge, Test } = make()
    return Effect.gen(function* () {
      charge.hang()
      charge.succeedNext("receipt")
      const order = yield* Order.start(100)
      yield* Approve.send(order, "Ada")
      yield* TestWorkflows.pass("59 minutes")
      assert.strictEqual(charge.calls.length, 1)
      yield* TestWorkflows.pass("2 minutes")
      assert.strictEqual(charge.calls.length, 2)
      assert.strictEqual(yield* order.result, "receipt")
    }).pipe(Effect.provide(Test))
  })

  it.effect(
    "is one of a transactional activity as well, with its retries and timeouts, on a store without transactions",
    () => {
      const Move = Activity.transactional("Move", {
        input: Schema.Int,
        success: Schema.Date,
        error: Schema.String,
        retry: RetryPolicy.exponential({ initialInterval: "1 minute", maxAttempts: 3 }),
        timeout: "1 hour"
      })
      const Moving = Workflow.make("Moving", { success: Schema.Date, error: Schema.String })
      const move = double(Move)
      const Test = Moving.toLayer(() => Move(7)).pipe(
        Layer.provide(move.layer),
        Layer.provideMerge(TestWorkflows.layer)
      )
      return Effect.gen(function* () {
        move.failNext("busy")
        move.hang()
        move.succeedNext(new Date(5))
        const moving = yield* Moving.start()
        yield* TestWorkflows.pass("1 minute")
        assert.deepStrictEqual(move.calls, [7, 7])
        yield* TestWorkflows.pass("2 hours")
        assert.deepStrictEqual(yield* moving.result, new Date(5))
        assert.deepStrictEqual(move.calls, [7, 7, 7])
      }).pipe(Effect.provide(Test))
    }
  )

  it.effect("serves every process of a life that crashes", () =>
    crashEverywhere(Order, 100, () => {
      const { charge, layer } = make()
      charge.failNext("busy")
      // Attempts that are lost in a crash are made again.
      for (let attempt = 0; attempt < 3; attempt++) charge.succeedNext("receipt")
      return { layer, script: (order) => Approve.send(order, "Ada") }
    })
  )
})

describe("story", () => {
  it.effect("tells what happened, and finds what did not", () => {
    const { charge, Test } = make()
    return Effect.gen(function* () {
      const order = yield* Order.start(100)
      charge.failNext("busy")
      charge.succeedNext("receipt")
      yield* TestWorkflows.pass("1 day")
      yield* Approve.send(order, "Ada")
      yield* TestWorkflows.pass("1 minute")
      const history = yield* order.history
      assert.deepStrictEqual(story(history), [
        "Order starts with 100",
        "sleeps 7d",
        'receives approve("Ada")',
        "stops sleeping 7d",
        'calls Charge({"cents":100})',
        'Charge fails with "busy", and is tried again after 1m',
        'Charge succeeds with "receipt"',
        "calls Log(null)",
        "Log succeeds with null",
        'ends with "receipt"'
      ])
      assert.deepStrictEqual(callsOf(history, Charge), [{ cents: 100 }])
      assertStory(history, ["sleeps 7d", 'Charge succeeds with "receipt"', 'ends with "receipt"'])
      assert.throws(
        () => assertStory(history, ["stops sleeping 7d", "sleeps 7d"]),
        /"sleeps 7d" is in the story, but earlier than the marked line:\n(.*\n){3}> stops sleeping 7d/
      )
      assert.throws(() => assertStory(history, ["wakes after 7d"]), /"wakes after 7d" is not in the story:/)
    }).pipe(Effect.provide(Test))
  })
})

describe("replay", () => {
  /** A history, recorded by the workflow as it is. */
  const recorded = (isOver: boolean) => {
    const { charge, Test } = make()
    return Effect.gen(function* () {
      if (isOver) charge.succeedNext("receipt")
      else charge.hang()
      const order = yield* Order.start(100)
      yield* Approve.send(order, "Ada")
      yield* TestWorkflows.pass("1 minute")
      return yield* order.history
    }).pipe(Effect.provide(Test))
  }
  const handlers = Layer.merge(double(Charge).layer, double(Log).layer)
  const changed = Order.toLayer(
    Effect.fnUntraced(function* (cents) {
      yield* Approve.receive.pipe(Effect.timeoutOption("7 days"))
      yield* Log()
      return yield* Charge({ cents })
    })
  ).pipe(Layer.provide(handlers))

  it.effect("succeeds with the code that wrote the history, as values, as JSON and as text", () =>
    Effect.gen(function* () {
      for (const isOver of [true, false]) {
        const history = yield* recorded(isOver)
        const { layer } = make()
        yield* replay(history, layer)
        yield* replay(JSON.parse(JSON.stringify(history)), layer)
        yield* replay(JSON.stringify(history), layer)
      }
    })
  )

  it.effect("fails with both sides where the code of today disagrees", () =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(replay(yield* recorded(false), changed))
      assert.instanceOf(failure, ReplayFailure)
      assert.include(
        failure.message,
        'the program of "Order" disagrees with its history at event 5\n' +
          '  history: ActivityScheduled #1 Charge({"cents":100})\n  program: ActivityScheduled #1 Log(null)\n'
      )
      assert.include(failure.message, '3. SignalReceived approve("Ada")')
      assert.strictEqual(failure.history.length, 5)
    })
  )

  it.effect("says what is no history, and which workflow is missing", () =>
    Effect.gen(function* () {
      const messageOf = (history: unknown, layer = changed) => Effect.map(Effect.flip(replay(history, layer)), String)
      assert.include(yield* messageOf("{"), "this is no history: SyntaxError")
      assert.include(yield* messageOf([{ _tag: "Nonsense" }]), "this is no history: ")
      assert.include(yield* messageOf([]), "there is no ExecutionStarted")
      const other = Workflow.make("Other").toLayer(() => Effect.void)
      assert.include(yield* messageOf(yield* recorded(true), other), "the layer has no workflow Order, but Other")
    })
  )

  it.effect("follows the version that a run is pinned to, and what its layer computes with", () =>
    Effect.gen(function* () {
      class Tariff extends Context.Service<Tariff, number>()("Tariff") {}
      const Two = Workflow.make("Two", { version: "2" })
      const One = Workflow.make("Two", { version: "1" })
      const TwoLive = Two.toLayer(() => Effect.flatMap(Workflow.pure(Tariff), (days) => Effect.sleep(`${days} days`)))
      const layer = Layer.merge(
        TwoLive,
        One.toLayer(() => Effect.sleep("1 day"))
      ).pipe(Layer.provide(Layer.succeed(Tariff, 2)))
      const started = { _tag: "ExecutionStarted", at: 0, workflow: "Two", workflowId: "w", runId: "r", input: null }
      const history = [
        { ...started, version: "2" },
        { _tag: "TimerStarted", at: 0, seq: 0, fireAt: 2 * 24 * 3600 * 1000 }
      ]
      yield* replay(history, layer)
      const failure = yield* Effect.flip(replay([{ ...started, version: "1" }, history[1]], layer))
      assert.include(String(failure), "program: TimerStarted #0 for 86400000 ms")
    })
  )

  it("is also of what an executor of one's own recorded", () => {
    const { charge, layer } = make()
    charge.succeedNext("receipt")
    const Main = layer.pipe(Layer.provideMerge(DefaultExecutor.layer), Layer.provide(MemoryStore.layer))
    const test = Effect.gen(function* () {
      const order = yield* Order.start(100)
      yield* Approve.send(order, "Ada")
      yield* order.result
      yield* replay(yield* order.history, layer)
    })
    return Effect.runPromise(Effect.provide(test, Main))
  })
})
