/** Promise 2 where a blocked execution is tried again: by which worker, how often, and what comes of it. */
import { assert } from "@effect/vitest"
import { Duration, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { WorkerId } from "perdure/Ids"
import * as Lab from "../suites/executor/Lab.ts"
import { append, taken } from "../support/histories.ts"
import { effect } from "../support/lines.ts"
import { Bomb, lostOrder, make, Order, passInSteps, stateOf, Work } from "../support/losing.ts"

/** An order that a worker has blocked, and tries again at its time, as the attempt whose handler waits. */
const triedAgain = Effect.gen(function* () {
  yield* lostOrder(3, 3)
  const first = make()
  const app = yield* Lab.open(first.order, { worker: "first" })
  yield* Lab.settle
  const { store } = yield* Lab.Lab
  const blocked = yield* store.list({ status: ["blocked"] })
  assert.lengthOf(blocked.executions, 1)
  yield* Lab.pass("1 minute")
  assert.deepStrictEqual(first.begun, ["attempt 7"])
  return { app, blocked, first }
})

effect("2. a worker that knows an execution as blocked does not take it from one that has it running by now", () =>
  Effect.gen(function* () {
    const { app, blocked, first } = yield* triedAgain
    const lab = yield* Lab.Lab
    let pages = 0
    const late: typeof lab.store = {
      ...lab.store,
      list: (filter) =>
        filter?.status?.join() === "blocked" && pages++ === 0 ? Effect.succeed(blocked) : lab.store.list(filter)
    }
    const second = make()
    const other = yield* Effect.provideService(Lab.open(second.order, { worker: "second" }), Lab.Lab, {
      ...lab,
      store: late
    })
    yield* Lab.settle
    assert.strictEqual(pages, 1)
    assert.isAbove(other.link.count.load, 0)
    assert.deepStrictEqual(second.begun, [])
    assert.strictEqual(Lab.ownerName(yield* stateOf(app)), "first")
    yield* first.latch.open
    assert.strictEqual(yield* app.run(Effect.flatMap(Order.handle("order"), ({ result }) => result)), 7)
    assert.deepStrictEqual(first.begun, ["attempt 7"])
  })
)

effect("2. an execution that is tried again and cannot go on for another reason is tried once", () =>
  Effect.gen(function* () {
    yield* lostOrder(3, 3)
    let runs = 0
    const handlers = Layer.merge(
      Bomb.toLayer(() => Effect.succeed(1)),
      Work.toLayer(() => Effect.void)
    )
    // Its program asks for something else from the second run on, but for one that is run again and again.
    const order = Order.toLayer(() =>
      Effect.gen(function* () {
        if (++runs === 1 || runs > 20) return yield* Bomb()
        yield* Work("another")
        return 2
      })
    ).pipe(Layer.provide(handlers))
    const app = yield* Lab.open(order, { worker: "next", heartbeatInterval: "1 hour", lease: "3 hours" })
    yield* Lab.settle
    assert.strictEqual(runs, 1)
    yield* Lab.pass("1 minute")
    const blocked = yield* stateOf(app)
    assert.strictEqual(blocked.status, "blocked")
    assert.include(Lab.words(blocked).join(), "disagrees with its history")
    assert.strictEqual(runs, 2)
    yield* passInSteps("1 minute", 5)
    assert.strictEqual(runs, 2)
    assert.strictEqual((yield* stateOf(app)).version, blocked.version)
  })
)

effect("2. an execution that was blocked by its losses when its worker died is tried, and not blocked again", () =>
  Effect.gen(function* () {
    yield* lostOrder(3, 3)
    const { store } = yield* Lab.Lab
    const problem = { reason: "LostAttempts", message: "they were lost" } as const
    yield* append(store, "order", (at) => [
      taken(at, true),
      { _tag: "ExecutionBlocked", at, problem, retryAt: at + 60_000 }
    ])
    yield* TestClock.adjust("1 minute")
    const { begun, latch, order } = make()
    const app = yield* Lab.open(order, { worker: "next" })
    yield* Lab.settle
    assert.lengthOf(begun, 1)
    yield* latch.open
    const result = yield* app.run(Effect.flatMap(Order.handle("order"), ({ result }) => result))
    assert.deepStrictEqual(begun, [`attempt ${result}`])
  })
)

effect("2. an execution that was lost to others is not blocked for it: a program must decline it three times", () =>
  Effect.gen(function* () {
    yield* lostOrder(1, 0)
    const lab = yield* Lab.Lab
    // It lives, says that it has the workflow, and takes nothing.
    yield* lab.store.heartbeat({ id: WorkerId.make("other"), workflows: ["Order"] }, Duration.hours(1))
    const loads = { lost: 0, declined: 0 }
    const store: typeof lab.store = {
      ...lab.store,
      load: (workflowId, options) => {
        if (loads.lost === 4) loads.declined++
        else loads.lost++
        return loads.declined === 0 ? Effect.succeedNone : lab.store.load(workflowId, options)
      }
    }
    const order = Order.toLayer(() => Effect.as(Work("another"), 2)).pipe(
      Layer.provide(Work.toLayer(() => Effect.void))
    )
    const options = { worker: "next", heartbeatInterval: "20 millis", lease: "1 hour" } as const
    yield* Effect.provideService(Lab.open(order, options), Lab.Lab, { ...lab, store })
    const isBlocked = Effect.map(lab.store.list({ status: ["blocked"] }), ({ executions }) => executions.length > 0)
    yield* Lab.until(isBlocked)
    assert.isAtLeast(loads.declined, 4)
  })
)
