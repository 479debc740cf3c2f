/** Limits of operations: how many wait, and what is remembered; and lines of the log, which change nothing of an operation. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Logger, References, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Middleware, Workflow, WorkflowError } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"
import { Windows } from "../../src/layers/middleware/Windows.ts"

const Order = Workflow.make("Order", { input: Schema.Int, workflowId: (n) => `order-${n}` })
const base = DefaultExecutor.layer.pipe(Layer.provide(MemoryStore.layer))

/** When operations were let through. */
const passed: Array<number> = []
const noting = Middleware.around((_, next) =>
  Effect.andThen(
    Effect.sync(() => passed.push(performance.now())),
    next
  )
)

describe("rateLimit", () => {
  it("remembers no more keys than are in use, or have been lately", () => {
    const windows = new Windows(1, 1000)
    for (let n = 0; n < 1024; n++) assert.strictEqual(windows.enter(`early-${n}`, 0, false), 0)
    windows.enter("late", 500, false)
    assert.strictEqual(windows.size, 1025)
    for (let n = 0; n < 2000; n++) windows.enter(`next-${n}`, 1000, false)
    assert.strictEqual(windows.size, 2001)
    // Three operations have turns at 0, 20 and 40. The first begins late, at 100, so the next one may begin at 120.
    const late = new Windows(1, 20)
    assert.deepStrictEqual(
      [0, 0, 0].map((now) => late.enter("a", now, true)),
      [0, 20, 40]
    )
    assert.deepStrictEqual(
      [100, 100, 119, 120].map((now) => late.begin("a", now)),
      [0, 20, 1, 0]
    )
    assert.strictEqual(late.enter("a", 125, false), 15)
    // What is remembered still counts.
    assert.strictEqual(windows.enter("late", 1400, false), 100)
  })

  it.effect("lets so many wait, refuses what comes then, and has room again when one has its turn or gives up", () =>
    Effect.gen(function* () {
      const begun: Array<number> = []
      const start = (n: number) => Effect.tap(Order.start(n), () => Effect.sync(() => begun.push(n)))
      const fork = (n: number) => Effect.forkChild(start(n), { startImmediately: true })
      yield* start(1)
      yield* fork(2)
      const third = yield* fork(3)
      const refused = yield* Effect.flip(start(4))
      assert.deepStrictEqual(refused.reason, new WorkflowError.RateLimited({ retryAfter: 3000 }))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(begun, [1, 2])
      yield* fork(5)
      assert.strictEqual((yield* Effect.flip(start(6))).reason._tag, "RateLimited")
      yield* Fiber.interrupt(third)
      yield* fork(7)
      assert.strictEqual((yield* Effect.flip(start(8))).reason._tag, "RateLimited")
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(begun, [1, 2, 5, 7])
    }).pipe(
      Effect.provide(
        Middleware.apply(base, Middleware.rateLimit({ limit: 1, every: "1 second", whenFull: "wait", queueSize: 2 }))
      )
    )
  )

  it.live("lets no burst through when the process was busy", () =>
    Effect.gen(function* () {
      const others = yield* Effect.forkChild(
        Effect.forEach([1, 2, 3, 4, 5, 6, 7, 8], (n) => Order.start(n), { concurrency: "unbounded" })
      )
      yield* Effect.sleep("30 millis")
      const until = performance.now() + 150
      while (performance.now() < until);
      yield* Fiber.join(others)
      const starts = passed.toSorted((a, b) => a - b)
      assert.lengthOf(starts, 8)
      const gaps = starts.slice(1).map((at, index) => at - starts[index]!)
      // All that had their turns meanwhile would come at once. One may be told late of its own.
      assert.isAtMost(gaps.filter((gap) => gap < 10).length, 1)
    }).pipe(
      Effect.provide(
        Middleware.apply(base, Middleware.rateLimit({ limit: 1, every: "20 millis", whenFull: "wait" }), noting)
      )
    )
  )

  it.effect("has a bound of 1,000 that wait where none is given", () =>
    Effect.gen(function* () {
      yield* Order.start(0)
      for (let n = 1; n <= 1000; n++) yield* Effect.forkChild(Order.start(n), { startImmediately: true })
      assert.strictEqual((yield* Effect.flip(Order.start(1001))).reason._tag, "RateLimited")
    }).pipe(
      Effect.provide(Middleware.apply(base, Middleware.rateLimit({ limit: 1, every: "1 second", whenFull: "wait" })))
    )
  )

  it("refuses a bound that makes no sense", () => {
    assert.throws(
      () => Middleware.rateLimit({ limit: 1, every: 1, queueSize: 0 }),
      TypeError,
      "queueSize must be a whole number of at least 1"
    )
  })
})

describe("logging", () => {
  it.effect("takes a caller that stops waiting for no fault", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.make(({ logLevel, message }) => {
        lines.push(`${logLevel} ${String((message as ReadonlyArray<unknown>)[0])}`)
      })
      const program = Effect.gen(function* () {
        const run = yield* Order.start(1)
        const waiting = yield* Effect.forkChild(run.result, { startImmediately: true })
        yield* TestClock.adjust("1 second")
        yield* Fiber.interrupt(waiting)
      })
      yield* program.pipe(
        Effect.provide(Layer.provideMerge(Middleware.apply(base, Middleware.logging), Logger.layer([logger]))),
        Effect.provideService(References.MinimumLogLevel, "Debug")
      )
      assert.deepStrictEqual(lines, ["Info start took 0 ms", "Debug result was interrupted after 1000 ms"])
    })
  )

  it.effect("by a logger that throws changes nothing of the operation", () =>
    Effect.gen(function* () {
      const logger = Logger.make(() => {
        throw new Error("the disk is full")
      })
      const program = Effect.gen(function* () {
        const run = yield* Order.start(1)
        const { reason } = yield* Effect.flip(Order.handle("order-2"))
        return [run.workflowId, reason._tag]
      })
      const app = Layer.provideMerge(Middleware.apply(base, Middleware.logging), Logger.layer([logger]))
      assert.deepStrictEqual(yield* Effect.provide(program, app), ["order-1", "NotFound"])
    })
  )
})
