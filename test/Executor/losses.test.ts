/** Promise 2 where a handler ends the process that runs it: attempts that run alone, and executions that are blocked by them. */
import { assert, it } from "@effect/vitest"
import { type Duration, Effect, Exit, Fiber, Latch, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Activity, ActivityContext, Waiting, Workflow } from "perdure"
import * as Default from "perdure/Executor/Default"
import { WorkflowRegistry } from "perdure/Executor/WorkflowRegistry"
import { Sequence } from "perdure/Ids"
import * as Memory from "perdure/Store/Memory"
import { errorOf } from "../suites/executor/failures.ts"
import * as Lab from "../suites/executor/Lab.ts"
import { append, taken } from "../support/histories.ts"
import { keeping, type Line } from "../support/lines.ts"

const Bomb = Activity.make("Bomb", { success: Schema.Int, timeout: { total: "20 minutes" } })
const Order = Workflow.make("Order", { success: Schema.Int, workflowId: () => "order" })
const Work = Activity.make("Work", { input: Schema.String })
const Job = Workflow.make("Job", { input: Schema.String, workflowId: (name) => name })

/** Workflows of which each handler notes that it begins, and goes on when its latch is opened. */
const make = () => {
  const begun: Array<string> = []
  const latch = Latch.makeUnsafe()
  const handlers = Layer.mergeAll(
    Bomb.toLayer(() =>
      Effect.gen(function* () {
        const { attempt } = yield* ActivityContext.ActivityContext
        begun.push(`attempt ${attempt}`)
        yield* latch.await
        return attempt
      })
    ),
    Work.toLayer((name) =>
      Effect.gen(function* () {
        begun.push(name)
        yield* Effect.sleep(name === "endless" ? "10 days" : "5 seconds")
      })
    )
  )
  return {
    begun,
    latch,
    order: Layer.provide(
      Order.toLayer(() => Bomb()),
      handlers
    ),
    job: Layer.provide(
      Job.toLayer((name) => Work(name)),
      handlers
    )
  }
}

const seq = Sequence.make(0)

/** An order whose worker has died so many times in a row, the last ones while it ran the handler alone. */
const lostOrder = Effect.fnUntraced(function* (losses: number, alone: number) {
  const { order } = make()
  const { store } = yield* Lab.Lab
  const first = yield* Lab.open(order, { worker: "first" })
  yield* first.run(Order.start())
  yield* Lab.settle
  yield* first.stop
  // The worker that takes it counts the last loss.
  yield* append(store, "order", (at) => [taken(at, false)])
  for (let loss = 1; loss < losses; loss++) yield* append(store, "order", (at) => [taken(at, true)])
  for (let loss = 0; loss < alone; loss++) {
    const attempt = losses + loss + 1
    yield* append(store, "order", (at) => [taken(at, true), { _tag: "ActivityAttemptIsolated", at, seq, attempt }])
  }
})

/** A test in virtual time, which is given what was logged. */
const effect = (title: string, body: (lines: Array<Line>) => Effect.Effect<void, unknown, any>) =>
  it.effect(title, () =>
    Effect.suspend(() => {
      const lines: Array<Line> = []
      const lab = Lab.layer({ store: Memory.layer, executor: Default.layerWith })
      return Effect.scoped(Effect.andThen(TestClock.adjust(0), body(lines))).pipe(
        Effect.provide(lab, { local: true }),
        Effect.provide(keeping(lines))
      ) as Effect.Effect<void, unknown>
    })
  )

const stateOf = (app: Lab.Running) => app.executions.describe("order")

/** Lets time pass in steps, in each of which what follows from it happens. */
const passInSteps = (step: Duration.Input, steps: number) => Effect.replicateEffect(Lab.pass(step), steps)

effect(
  "2. an execution is blocked whose attempts were lost alone three times, and tried again after a minute",
  (lines) =>
    Effect.gen(function* () {
      yield* lostOrder(3, 3)
      const { begun, latch, order } = make()
      const app = yield* Lab.open(order, { worker: "next" })
      yield* Lab.settle
      const blocked = yield* stateOf(app)
      assert.strictEqual(blocked.status, "blocked")
      const [waiting] = blocked.waitingFor
      assert.deepInclude(waiting, { _tag: "Blocked", retryAt: blocked.updatedAt + 60_000 })
      const { message, runId } = { message: Waiting.inWords(waiting!), runId: blocked.runId }
      assert.include(message, 'the process ended 3 times while it ran nothing but activity "Bomb" #0')
      const error = yield* errorOf(app.run(Effect.flatMap(Order.handle("order"), ({ result }) => result)))
      assert.deepInclude(error, { _tag: "Blocked" })
      assert.deepStrictEqual(
        lines
          .filter(({ text }) => text.includes("is blocked"))
          .map(({ annotations, level }) => ({ annotations, level })),
        [{ annotations: { workflow: "Order", workflowId: "order", runId }, level: "Error" }]
      )
      yield* Lab.pass(59_999)
      assert.deepStrictEqual(begun, [])
      assert.strictEqual((yield* stateOf(app)).version, blocked.version)
      yield* Lab.pass(1)
      assert.deepStrictEqual(begun, ["attempt 7"])
      const history = yield* app.executions.history("order")
      assert.deepStrictEqual(
        history.slice(-2).map(({ _tag }) => _tag),
        ["OwnerChanged", "ActivityAttemptIsolated"]
      )
      yield* latch.open
      assert.strictEqual(yield* app.run(Effect.flatMap(Order.handle("order"), ({ result }) => result)), 7)
    })
)

effect("2. a worker that starts meanwhile leaves a blocked execution alone until its time", () =>
  Effect.gen(function* () {
    yield* lostOrder(3, 3)
    const first = yield* Lab.open(make().order, { worker: "next" })
    yield* Lab.settle
    const blocked = yield* stateOf(first)
    assert.strictEqual(blocked.status, "blocked")
    yield* first.stop
    const { begun, order } = make()
    const second = yield* Lab.open(order, { worker: "after", heartbeatInterval: "20 millis", lease: "1 hour" })
    const { count } = second.link
    yield* TestClock.withLive(Lab.until(Effect.sync(() => count.list > 12)))
    assert.deepStrictEqual(begun, [])
    assert.strictEqual((yield* stateOf(second)).version, blocked.version)
    yield* TestClock.adjust("1 minute")
    yield* TestClock.withLive(Lab.until(Effect.sync(() => begun.length > 0)))
    assert.deepStrictEqual(begun, ["attempt 7"])
  })
)

effect(
  "2. after three losses an attempt waits until no other handler runs, records that it runs alone, and begins",
  (lines) =>
    Effect.gen(function* () {
      yield* lostOrder(3, 0)
      const { begun, job, latch, order } = make()
      const app = yield* Lab.open(job, { worker: "next" })
      yield* app.run(Job.start("before"))
      yield* Lab.settle
      yield* Effect.provideService(Layer.build(order), WorkflowRegistry, app.registry)
      yield* Lab.settle
      yield* Lab.pass("4 seconds")
      assert.deepStrictEqual(begun, ["before"])
      yield* Lab.pass("1 second")
      assert.deepStrictEqual(begun, ["before", "attempt 4"])
      const { runId } = yield* stateOf(app)
      const [said, ...others] = lines.filter(({ text }) => text.includes("runs alone"))
      assert.deepStrictEqual(others, [])
      assert.deepStrictEqual(said, {
        level: "Warn",
        text:
          "3 attempts of activity Bomb #0 were lost with their workers, so attempt 4 waits until no other handler runs here, " +
          "and runs alone",
        annotations: { workflow: "Order", workflowId: "order", runId, activity: "Bomb", attempt: 4 }
      })
      const history = yield* app.executions.history("order")
      assert.deepInclude(history.at(-1), { _tag: "ActivityAttemptIsolated", seq, attempt: 4 })
      yield* latch.open
      assert.strictEqual(yield* app.run(Effect.flatMap(Order.handle("order"), ({ result }) => result)), 4)
    })
)

effect("2. handlers that come while an attempt waits to run alone, or runs alone, wait until it has ended", () =>
  Effect.gen(function* () {
    yield* lostOrder(3, 0)
    const { begun, job, latch, order } = make()
    const app = yield* Lab.open(job, { worker: "next" })
    yield* app.run(Job.start("before"))
    yield* Lab.settle
    yield* Effect.provideService(Layer.build(order), WorkflowRegistry, app.registry)
    yield* Lab.settle
    yield* app.run(Job.start("behind"))
    yield* Lab.pass("4 seconds")
    assert.deepStrictEqual(begun, ["before"])
    yield* Lab.pass("1 second")
    assert.deepStrictEqual(begun, ["before", "attempt 4"])
    yield* Lab.pass("9 seconds")
    assert.lengthOf(begun, 2)
    yield* latch.open
    yield* Lab.settle
    assert.deepStrictEqual(begun, ["before", "attempt 4", "behind"])
    assert.strictEqual(yield* app.run(Effect.flatMap(Order.handle("order"), ({ result }) => result)), 4)
  })
)

effect("4. the total timeout goes on while an attempt waits to run alone, and it never runs then", () =>
  Effect.gen(function* () {
    yield* lostOrder(3, 0)
    const { begun, job, order } = make()
    const app = yield* Lab.open(job, { worker: "next" })
    yield* app.run(Job.start("endless"))
    yield* Lab.settle
    yield* Effect.provideService(Layer.build(order), WorkflowRegistry, app.registry)
    yield* Lab.settle
    const result = yield* Effect.forkChild(Effect.exit(app.result("order")))
    yield* passInSteps("10 seconds", 119)
    assert.isUndefined(result.pollUnsafe())
    yield* Lab.pass("10 seconds")
    assert.isTrue(Exit.isSuccess(yield* Fiber.join(result)))
    const history = yield* app.executions.history("order")
    const resolved = history.find(({ _tag }) => _tag === "ActivityResolved")
    assert.deepInclude(resolved, { exit: { _tag: "TimedOut", after: 1_200_000 } })
    yield* app.terminate("endless")
    yield* passInSteps("10 minutes", 3)
    assert.deepStrictEqual(begun, ["endless"])
  })
)

effect(
  "7. an execution that is cancelled while its attempt waits to run alone ends at once, and the attempt never runs",
  () =>
    Effect.gen(function* () {
      yield* lostOrder(3, 0)
      const { begun, job, order } = make()
      const app = yield* Lab.open(job, { worker: "next" })
      yield* app.run(Job.start("before"))
      yield* Lab.settle
      yield* Effect.provideService(Layer.build(order), WorkflowRegistry, app.registry)
      yield* Lab.settle
      yield* app.cancel("order")
      assert.strictEqual((yield* app.result("order"))._tag, "ExecutionCancelled")
      yield* passInSteps("1 minute", 3)
      assert.deepStrictEqual(begun, ["before"])
      yield* app.run(Job.start("after"))
      yield* Lab.settle
      assert.deepStrictEqual(begun, ["before", "after"])
    })
)
