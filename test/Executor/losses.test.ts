/** Promise 2 where a handler ends the process that runs it: attempts that run alone, and executions that are blocked by them. */
import { assert } from "@effect/vitest"
import { Effect, Exit, Fiber, Latch, Layer, Option, Scope } from "effect"
import { TestClock } from "effect/testing"
import { Activity, RetryPolicy, Waiting, Workflow } from "perdure"
import { WorkflowRegistry } from "perdure/Executor/WorkflowRegistry"
import { WorkflowId } from "perdure/Ids"
import { stateOf as stateIn } from "../../src/internal/store/summary.ts"
import { errorOf } from "../suites/executor/failures.ts"
import * as Lab from "../suites/executor/Lab.ts"
import { append, taken } from "../support/histories.ts"
import { effect } from "../support/lines.ts"
import { Job, lostOrder, make, openBeside, Order, passInSteps, seq, stateOf, Work } from "../support/losing.ts"

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
    yield* Lab.until(Effect.sync(() => count.list > 12))
    assert.deepStrictEqual(begun, [])
    assert.strictEqual((yield* stateOf(second)).version, blocked.version)
    yield* TestClock.adjust("1 minute")
    yield* Lab.until(Effect.sync(() => begun.length > 0))
    assert.deepStrictEqual(begun, ["attempt 7"])
  })
)

effect(
  "2. after three losses an attempt waits until no other handler runs, records that it runs alone, and begins",
  (lines) =>
    Effect.gen(function* () {
      yield* lostOrder(3, 0)
      const { begun, job, latch, order } = make()
      const app = yield* openBeside(job, order)
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
    const app = yield* openBeside(job, order)
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
      const app = yield* openBeside(job, order)
      yield* app.cancel("order")
      assert.strictEqual((yield* app.result("order"))._tag, "ExecutionCancelled")
      yield* passInSteps("1 minute", 3)
      assert.deepStrictEqual(begun, ["before"])
      yield* app.run(Job.start("after"))
      yield* Lab.settle
      assert.deepStrictEqual(begun, ["before", "after"])
    })
)

effect("2. an attempt that has outlived its time alone is recorded as not alone, and its loss is one of many", () =>
  Effect.gen(function* () {
    yield* lostOrder(3, 0)
    const { begun, order } = make()
    const app = yield* Lab.open(order, { worker: "next", lease: "1 minute" })
    yield* Lab.settle
    yield* Lab.pass("59 seconds")
    const alone = { _tag: "ActivityAttemptIsolated", seq, attempt: 4 } as const
    const before = (yield* app.executions.history("order")).at(-1)
    assert.deepInclude(before, alone)
    assert.notProperty(before, "over")
    yield* Lab.pass("1 second")
    assert.deepInclude((yield* app.executions.history("order")).at(-1), { ...alone, over: true })
    assert.deepStrictEqual(begun, ["attempt 4"])
    const { store } = yield* Lab.Lab
    yield* append(store, "order", (at) => [taken(at, true)])
    const stored = Option.getOrThrow(yield* store.load(WorkflowId.make("order")))
    assert.deepStrictEqual(stateIn(stored)?.open.get(seq)?.lost, { attempts: 4, alone: 0, isAlone: false })
  })
)

effect("2. an attempt alone that ends at once leaves the line as it was: free for others, and held by a shutdown", () =>
  Effect.gen(function* () {
    yield* lostOrder(3, 0)
    const { begun, job, latch, order } = make()
    yield* latch.open
    const app = yield* Lab.open(Layer.merge(job, order), { worker: "next" })
    yield* Lab.settle
    assert.deepStrictEqual(begun, ["attempt 4"])
    const Ending = Workflow.make("Ending", { workflowId: () => "ending" })
    const end = Latch.makeUnsafe()
    const hanging = Work.toLayer((name) =>
      Effect.uninterruptible(
        Effect.andThen(
          Effect.sync(() => begun.push(name)),
          end.await
        )
      )
    )
    const scope = yield* Scope.make()
    const ending = Layer.provide(
      Ending.toLayer(() => Work("hangs")),
      [hanging, Layer.succeed(WorkflowRegistry, app.registry)]
    )
    yield* Layer.buildWithScope(ending, scope)
    yield* app.run(Ending.start())
    yield* app.run(Job.start("one"))
    yield* Lab.settle
    assert.deepStrictEqual(begun, ["attempt 4", "hangs", "one"])
    const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void), { startImmediately: true })
    yield* app.run(Job.start("two"))
    yield* Lab.settle
    assert.lengthOf(begun, 3, "the shutdown holds the line")
    yield* end.open
    yield* Fiber.join(closing)
    yield* Lab.until(Effect.sync(() => begun.length === 4))
    assert.strictEqual(begun[3], "two")
  })
)

effect("2. an attempt whose record is late does not begin while a drain holds the line, and begins after it", () =>
  Effect.gen(function* () {
    yield* lostOrder(3, 0)
    const lab = yield* Lab.Lab
    const [save, end] = [Latch.makeUnsafe(), Latch.makeUnsafe()]
    let isSaving = false
    const slow: typeof lab.store = {
      ...lab.store,
      saveAll: (commits) => {
        const isAlone = commits.some(({ events }) => events.some(({ _tag }) => _tag === "ActivityAttemptIsolated"))
        if (!isAlone) return lab.store.saveAll(commits)
        isSaving = true
        return Effect.andThen(save.await, lab.store.saveAll(commits))
      }
    }
    const app = yield* Effect.provideService(Lab.open(Layer.empty, { worker: "next", drain: true }), Lab.Lab, {
      ...lab,
      store: slow
    })
    const registry = Layer.succeed(WorkflowRegistry, app.registry)
    // A handler that is left behind after its timeout keeps no other from running, and a drain waits for it.
    const Late = Activity.make("Late", { timeout: "1 second", retry: RetryPolicy.none })
    const Ending = Workflow.make("Ending", { workflowId: () => "ending" })
    const ending = Layer.provide(
      Ending.toLayer(() => Effect.ignoreCause(Late())),
      [Late.toLayer(() => Effect.uninterruptible(end.await)), registry]
    )
    const scope = yield* Scope.make()
    yield* Layer.buildWithScope(ending, scope)
    yield* app.run(Ending.start())
    yield* Lab.pass("1 second")
    const { begun, order } = make()
    yield* Layer.build(Layer.provide(order, registry))
    yield* Lab.until(Effect.sync(() => isSaving))
    const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void), { startImmediately: true })
    yield* save.open
    yield* Lab.settle
    assert.deepInclude((yield* app.executions.history("order")).at(-1), { _tag: "ActivityAttemptIsolated", attempt: 4 })
    assert.deepStrictEqual(begun, [])
    yield* end.open
    yield* Fiber.join(closing)
    // The line is held for a moment longer, in real time.
    const step = Effect.andThen(TestClock.withLive(Effect.sleep("1 millis")), Lab.pass("1 second"))
    yield* Effect.repeat(step, { until: () => begun.length > 0, times: 5000 })
    assert.deepStrictEqual(begun, ["attempt 4"])
  })
)
