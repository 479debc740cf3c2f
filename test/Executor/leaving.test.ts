/** What a worker says of itself while its workflows end and others come, and who has its executions then. */
import { assert, it } from "@effect/vitest"
import { Context, Duration, Effect, Exit, Fiber, Latch, Layer, Logger, Schema, Scope } from "effect"
import { Activity, Workflow } from "perdure"
import * as Default from "perdure/Executor/Default"
import { InlineActivities, WorkflowRegistry } from "perdure/Executor/WorkflowRegistry"
import * as Memory from "perdure/Store/Memory"
import * as FaultyStore from "../suites/executor/FaultyStore.ts"
import * as Lab from "../suites/executor/Lab.ts"
import { eventsOf } from "../suites/executor/stored.ts"

const Call = Activity.make("Call", { success: Schema.String })
const Order = Workflow.make("Order", { success: Schema.String, workflowId: () => "order" })
const Other = Workflow.make("Other", { workflowId: () => "other" })

const order = (handler: Effect.Effect<string>): Lab.Workflows =>
  Layer.provide(
    Order.toLayer(() => Call()),
    Call.toLayer(() => handler)
  )
const other = Other.toLayer(() => Effect.never)

const beats = { heartbeatInterval: "50 millis", lease: "300 millis" } as const

/** A test in real time. */
const live = (title: string, body: Effect.Effect<void, unknown, Lab.Lab | Scope.Scope>) =>
  it.live(title, () =>
    Effect.scoped(body).pipe(
      Effect.provide(Lab.layer({ store: Memory.layer, executor: Default.layerWith }), { local: true }),
      Effect.provide(Logger.layer([]))
    )
  )

/** Adds a workflow to an executor in a scope of its own, which ends it. */
const register = Effect.fnUntraced(function* (app: Lab.Running, workflows: Lab.Workflows) {
  const scope = yield* Scope.make()
  const registry = Context.make(WorkflowRegistry, app.registry).pipe(Context.add(InlineActivities, true))
  yield* Layer.buildWithScope(Layer.provide(workflows, Layer.succeedContext(registry)), scope)
  return Scope.close(scope, Exit.void)
})

const owners = Effect.map(eventsOf("order", "OwnerChanged"), (changes) => changes.map(({ owner }) => Lab.nameOf(owner)))

/** Which workflows the living workers say that they have. */
const announced = Effect.gen(function* () {
  const { store } = yield* Lab.Lab
  return (yield* store.workers).living.map(({ workflows }) => workflows)
})

/** A laboratory whose executors wait for a latch when they ask who lives, from when the test says so. */
const slowToTell = Effect.gen(function* () {
  const lab = yield* Lab.Lab
  const gate = { answer: Latch.makeUnsafe(true), asks: 0 }
  const workers = Effect.suspend(() => {
    gate.asks++
    return Effect.andThen(gate.answer.await, lab.store.workers)
  })
  return { gate, lab: { ...lab, store: { ...lab.store, workers } } }
})

live(
  "a worker that drains for longer than its lease lives all the while: its handler ends, and no other one takes it",
  Effect.gen(function* () {
    const begun: Array<string> = []
    const gate = Latch.makeUnsafe()
    const handler = (name: string) =>
      order(
        Effect.andThen(
          Effect.sync(() => begun.push(name)),
          Effect.as(gate.await, name)
        )
      )
    const first = yield* Lab.open(handler("first"), {
      ...beats,
      worker: "first",
      drain: true,
      shutdownTimeout: "20 seconds"
    })
    const { result } = yield* first.run(Order.start())
    const ended = yield* Effect.forkChild(result)
    yield* Lab.until(Effect.sync(() => begun.length === 1))
    const second = yield* Lab.open(handler("second"), { ...beats, worker: "second" })
    const stopping = yield* Effect.forkChild(first.stop, { startImmediately: true })
    yield* Effect.sleep(Duration.times(Duration.fromInputUnsafe(beats.lease), 3))
    yield* Lab.looked(second)
    assert.isUndefined(stopping.pollUnsafe())
    yield* gate.open
    assert.strictEqual(yield* Fiber.join(ended), "first")
    yield* Fiber.join(stopping)
    assert.deepStrictEqual(begun, ["first"])
    assert.deepStrictEqual(yield* owners, [])
    assert.lengthOf(yield* announced, 1)
  })
)

live(
  "a workflow that is registered again while its old registration ends goes on with its executions",
  Effect.gen(function* () {
    const state = { begun: false, ending: false }
    const end = Latch.makeUnsafe()
    const old = Effect.suspend(() => {
      state.begun = true
      return Effect.onInterrupt(Effect.never, () => {
        state.ending = true
        return end.await
      })
    })
    const app = yield* Lab.open(Layer.empty, { ...beats, shutdownTimeout: "20 seconds" })
    const close = yield* register(app, order(old))
    const { result } = yield* app.run(Order.start())
    yield* Lab.until(Effect.sync(() => state.begun))
    const closing = yield* Effect.forkChild(close, { startImmediately: true })
    yield* Lab.until(Effect.sync(() => state.ending))
    yield* Effect.asVoid(register(app, order(Effect.succeed("new"))))
    // What a registration looks for at once is still in care.
    yield* Lab.looked(app)
    yield* end.open
    yield* Fiber.join(closing)
    const later = yield* app.run(Order.handle("order"))
    assert.strictEqual(yield* Effect.timeout(later.result, "5 seconds"), "new")
    yield* Effect.ignore(Effect.timeout(Effect.exit(result), "1 second"))
    assert.deepStrictEqual(yield* announced, [["Order"]])
  })
)

live(
  "a worker whose last workflow ends while another one comes goes on saying that it lives",
  Effect.gen(function* () {
    const { gate, lab } = yield* slowToTell
    const app = yield* Effect.provideService(Lab.open(Layer.empty, { heartbeatInterval: "1 hour" }), Lab.Lab, lab)
    const close = yield* register(app, order(Effect.never))
    gate.answer.closeUnsafe()
    const { asks } = gate
    const registering = yield* Effect.forkChild(register(app, other), { startImmediately: true })
    yield* Lab.until(Effect.sync(() => gate.asks > asks))
    yield* close
    yield* gate.answer.open
    yield* Effect.asVoid(Fiber.join(registering))
    assert.lengthOf(yield* announced, 1)
    const { store } = yield* Lab.Lab
    assert.deepStrictEqual((yield* store.workers).left, [])
  })
)

live(
  "a workflow that is registered again while its old registration ends is announced, and its worker lives",
  Effect.gen(function* () {
    const { gate, lab } = yield* slowToTell
    const app = yield* Effect.provideService(Lab.open(Layer.empty, beats), Lab.Lab, lab)
    const close = yield* register(app, other)
    gate.answer.closeUnsafe()
    const { asks } = gate
    const registering = yield* Effect.forkChild(register(app, other), { startImmediately: true })
    const closing = yield* Effect.forkChild(close, { startImmediately: true })
    const again = yield* Effect.forkChild(register(app, other), { startImmediately: true })
    yield* Lab.until(Effect.sync(() => gate.asks > asks))
    yield* Effect.sleep("100 millis")
    yield* gate.answer.open
    yield* Fiber.join(closing)
    const exits = [yield* Fiber.await(registering), yield* Fiber.await(again)]
    assert.isTrue(exits.some(Exit.isSuccess))
    assert.deepStrictEqual(yield* announced, [["Other"]])
    const { heartbeat } = app.link.count
    yield* Lab.until(Effect.sync(() => app.link.count.heartbeat > heartbeat))
    const { store } = yield* Lab.Lab
    assert.deepStrictEqual((yield* store.workers).left, [])
  })
)

live(
  "a registration whose heartbeat fails announces nothing: its worker has nothing to run, and does not say that it lives",
  Effect.gen(function* () {
    const app = yield* Lab.open(Layer.empty, { ...beats, answerTimeout: "100 millis" })
    app.link.fault = FaultyStore.cut("heartbeat")
    assert.isTrue(Exit.isFailure(yield* Effect.exit(register(app, other))))
    app.link.fault = FaultyStore.sound
    const { heartbeat, list } = app.link.count
    yield* Lab.until(Effect.sync(() => app.link.count.list > list + 6))
    assert.strictEqual(app.link.count.heartbeat, heartbeat)
    assert.deepStrictEqual(yield* announced, [])
    yield* Effect.asVoid(register(app, other))
    assert.deepStrictEqual(yield* announced, [["Other"]])
  })
)

live(
  "executors without workflows leave no record of having lived",
  Effect.gen(function* () {
    for (let count = 0; count < 3; count++) {
      const app = yield* Lab.open(Layer.empty, beats)
      yield* app.run(Effect.ignore(Order.handle("order")))
      yield* app.stop
      assert.strictEqual(app.link.count.heartbeat, 0)
    }
    const { store } = yield* Lab.Lab
    assert.deepStrictEqual(yield* store.workers, { living: [], left: [] })
  })
)
