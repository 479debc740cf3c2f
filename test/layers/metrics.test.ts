/** Metrics of executors and stores: the whole table, counted once, and gauges of what is not finished. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Logger, Metric, Schema, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { Activity, ActivityContext, Metrics, Middleware, RetryPolicy, Signal, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import { WorkflowId } from "perdure/Ids"
import * as MemoryStore from "perdure/Store/Memory"
import { StoreError, Unavailable, WorkflowStore } from "perdure/Store/WorkflowStore"
import { table } from "../../src/layers/telemetry/series.ts"
import * as FaultyStore from "../suites/executor/FaultyStore.ts"
import * as Lab from "../suites/executor/Lab.ts"
import { open, pass } from "../suites/executor/Lab.ts"
import * as page from "../support/telemetryPage.ts"

const Charge = Activity.make("Charge", {
  input: Schema.Int,
  success: Schema.Int,
  error: Schema.String,
  retry: RetryPolicy.exponential({ initialInterval: "10 seconds", maxAttempts: 2 })
})
const Go = Signal.make("go")
const Order = Workflow.make("Order", { input: Schema.Int, success: Schema.Int, workflowId: (n) => `order-${n}` })
const ChargeLive = Charge.toLayer((cents) =>
  Effect.gen(function* () {
    yield* Effect.sleep("2 seconds")
    const { attempt } = yield* ActivityContext.ActivityContext
    return attempt === 1 ? yield* Effect.fail("not today") : cents
  })
)
const OrderLive = Order.toLayer(
  Effect.fnUntraced(function* (n) {
    const cents = yield* Effect.orDie(Charge(n))
    yield* Effect.sleep("1 minute")
    yield* Go.receive
    return cents
  })
).pipe(Layer.provide(ChargeLive))

/** The metrics of the registry, each as `name{label=value,…} value`; of a histogram how many there were and their sum. */
const lines = Effect.map(Metric.snapshot, (all) =>
  all
    .map(({ attributes = {}, id, state, type }) => {
      const labels = Object.entries(attributes).filter(([name]) => name !== "unit")
      const shown = labels.map(([name, value]) => `${name}=${value}`)
      const value =
        type === "Histogram"
          ? `${state.count} of ${state.sum} in all`
          : type === "Counter"
            ? state.count
            : type === "Gauge"
              ? state.value
              : ""
      return `${id}{${shown.join(",")}} ${value}`
    })
    .toSorted()
)

/** Runs a test in a laboratory of its own, with a registry of its own. */
const measured = <A, E>(test: Effect.Effect<A, E, Lab.Lab | Scope.Scope>) =>
  test.pipe(
    Effect.scoped,
    Effect.provide(
      Lab.layer({
        store: MemoryStore.layer,
        executor: (options) => Middleware.apply(DefaultExecutor.layerWith(options), Metrics.layer)
      })
    ),
    Effect.provideService(Metric.MetricRegistry, new Map())
  )

const without = (all: ReadonlyArray<string>, ...names: ReadonlyArray<string>) =>
  all.filter((line) => !names.some((name) => line.startsWith(`${name}{`)))

describe("the table of metrics", () => {
  it("is that of the documentation", () => {
    const rows = Object.entries(table).map(([name, { labels, type }]) => ({ name, type, labels: [...labels] }))
    assert.deepStrictEqual(
      page.metrics.map(({ labels, name, type }) => ({ name, type, labels })),
      rows
    )
    const inSeconds = Object.entries(table).filter(([, metric]) => "unit" in metric)
    assert.deepStrictEqual(
      page.metrics.filter(({ is }) => /\bseconds (?!ago)/.test(is)).map(({ name }) => name),
      inSeconds.map(([name]) => name)
    )
  })
})

describe("Metrics.layer", () => {
  it.effect("counts what happens once, over a restart with its replay", () =>
    measured(
      Effect.gen(function* () {
        const first = yield* open(OrderLive)
        const run = yield* first.run(Order.start(5))
        yield* pass("30 seconds")
        yield* first.stop
        const second = yield* open(OrderLive)
        yield* pass("1 hour")
        yield* second.run(Go.send(run))
        assert.strictEqual(yield* second.run(run.result), 5)
        const all = yield* lines
        assert.deepStrictEqual(without(all, "workflow.replay.duration"), [
          "workflow.activity.attempts{workflow.name=Order,workflow.activity.name=Charge,workflow.activity.outcome=fail} 1",
          "workflow.activity.attempts{workflow.name=Order,workflow.activity.name=Charge,workflow.activity.outcome=success} 1",
          "workflow.activity.duration{workflow.name=Order,workflow.activity.name=Charge,workflow.activity.outcome=fail} 1 of 2 in all",
          "workflow.activity.duration{workflow.name=Order,workflow.activity.name=Charge,workflow.activity.outcome=success} 1 of 2 in all",
          "workflow.execution.duration{workflow.name=Order,workflow.status=completed} 1 of 3630 in all",
          "workflow.executions.completed{workflow.name=Order,workflow.status=completed} 1",
          "workflow.executions.started{workflow.name=Order} 1",
          "workflow.replay.events{workflow.name=Order} 1 of 5 in all"
        ])
        assert.lengthOf(all, 9)
      })
    )
  )

  it.effect("counts programs that disagree with their history, and how attempts end", () =>
    measured(
      Effect.gen(function* () {
        const Work = Activity.make("Work", { input: Schema.String, timeout: "1 minute", retry: RetryPolicy.none })
        const Run = Workflow.make("Run", { workflowId: () => "run" })
        const ends = ["die", "hang", "pending"]
        const WorkLive = Work.toLayer((end) =>
          end === "die" ? Effect.die(new Error("a bug")) : end === "hang" ? Effect.never : Activity.pending
        )
        const RunLive = Run.toLayer(() =>
          Effect.gen(function* () {
            yield* Effect.forEach(ends, (end) => Effect.exit(Work(end)), { concurrency: "unbounded", discard: true })
            yield* Effect.sleep("1 hour")
          })
        ).pipe(Layer.provide(WorkLive))
        const first = yield* open(RunLive)
        yield* first.run(Run.start())
        yield* pass("2 minutes")
        yield* first.stop
        yield* open(Run.toLayer(() => Effect.sleep("1 hour")).pipe(Layer.provide(WorkLive)))
        yield* pass("10 seconds")
        const of = "workflow.name=Run,workflow.activity.name=Work"
        assert.deepStrictEqual(without(yield* lines, "workflow.replay.duration", "workflow.activity.duration"), [
          `workflow.activity.attempts{${of},workflow.activity.outcome=die} 1`,
          `workflow.activity.attempts{${of},workflow.activity.outcome=pending} 1`,
          `workflow.activity.attempts{${of},workflow.activity.outcome=timedOut} 1`,
          "workflow.executions.started{workflow.name=Run} 1",
          "workflow.nondeterminism.errors{workflow.name=Run} 1",
          "workflow.replay.events{workflow.name=Run} 1 of 9 in all"
        ])
      })
    )
  )

  it.effect("counts a chain once, and each child", () =>
    measured(
      Effect.gen(function* () {
        const Child = Workflow.make("Child", { input: Schema.Int, workflowId: (n) => `child ${n}` })
        const Parent = Workflow.make("Parent", { input: Schema.Int, workflowId: () => "parent" })
        const live = Layer.merge(
          Child.toLayer(() => Effect.void),
          Parent.toLayer((n) => Effect.as(Child.execute(n), n > 0 ? Parent.continueAsNew(n - 1) : undefined))
        )
        const app = yield* open(live)
        yield* app.run(Parent.start(2))
        yield* pass("1 hour")
        assert.deepStrictEqual(without(yield* lines, "workflow.execution.duration", "workflow.replay.duration"), [
          "workflow.executions.completed{workflow.name=Child,workflow.status=completed} 3",
          "workflow.executions.completed{workflow.name=Parent,workflow.status=completed} 1",
          "workflow.executions.started{workflow.name=Child} 3",
          "workflow.executions.started{workflow.name=Parent} 1",
          // A worker that takes what another part of it has started reads the start.
          "workflow.replay.events{workflow.name=Child} 3 of 3 in all"
        ])
      })
    )
  )
})

describe("Metrics.store", () => {
  it.effect("times each operation, and says why it failed", () =>
    Effect.gen(function* () {
      const whole = yield* WorkflowStore.pipe(Effect.provide(MemoryStore.layer))
      const reason = new Unavailable({ cause: new Error("no disk") })
      const store = {
        ...whole,
        summary: () => Effect.fail(new StoreError({ operation: "summary", reason })),
        saveAll: () => Effect.succeed([Exit.void, Exit.fail(reason)]),
        workers: Effect.andThen(Effect.sleep("2 seconds"), whole.workers)
      }
      const timed = yield* WorkflowStore.pipe(
        Effect.provide(Metrics.store.pipe(Layer.provide(Layer.succeed(WorkflowStore, store))))
      )
      assert.deepStrictEqual(Object.keys(timed).toSorted(), Object.keys(whole).toSorted())
      assert.strictEqual(timed.guarantees, whole.guarantees)
      yield* timed.list()
      yield* Effect.exit(timed.summary(WorkflowId.make("order-1")))
      yield* timed.saveAll([])
      const fiber = yield* Effect.forkChild(timed.workers)
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(yield* lines, [
        "workflow.store.operation.duration{workflow.store.operation=list} 1 of 0 in all",
        "workflow.store.operation.duration{workflow.store.operation=saveAll,error.type=Unavailable} 1 of 0 in all",
        "workflow.store.operation.duration{workflow.store.operation=summary,error.type=Unavailable} 1 of 0 in all",
        "workflow.store.operation.duration{workflow.store.operation=workers} 1 of 2 in all"
      ])
    }).pipe(Effect.provideService(Metric.MetricRegistry, new Map()))
  )
})

describe("Metrics.gauges", () => {
  /** Gauges over a link of their own. */
  const look = Effect.fnUntraced(function* (options?: Metrics.GaugesOptions) {
    const { store, traffic } = yield* Lab.Lab
    const link = FaultyStore.make(store, traffic)
    yield* Layer.build(Metrics.gauges(options).pipe(Layer.provide(Layer.succeed(WorkflowStore, link.store))))
    return link
  })
  const gauges = Effect.map(lines, (all) =>
    all.filter((line) => /^workflow\.(timers|executions\.(active|unowned|uncounted))/.test(line))
  )

  it.effect("show what is not finished, with one query a period, and go back to nothing", () =>
    measured(
      Effect.gen(function* () {
        const web = yield* open(Layer.empty)
        for (const n of [1, 2, 3]) yield* web.run(Order.start(n))
        const link = yield* look({ every: "1 minute" })
        yield* pass("2 minutes")
        assert.deepStrictEqual(yield* gauges, [
          "workflow.executions.active{workflow.name=Order,workflow.status=running} 3",
          "workflow.executions.uncounted{} 0",
          "workflow.executions.unowned.age{} 120",
          "workflow.executions.unowned{workflow.name=Order} 3"
        ])
        assert.strictEqual(link.count.list, 3)
        const app = yield* open(OrderLive)
        // Two attempts and the pause between them take 14 seconds.
        yield* pass("1 minute")
        assert.deepStrictEqual(yield* gauges, [
          "workflow.executions.active{workflow.name=Order,workflow.status=running} 3",
          "workflow.executions.uncounted{} 0",
          "workflow.executions.unowned.age{} 0",
          "workflow.executions.unowned{workflow.name=Order} 0",
          "workflow.timers.pending{workflow.name=Order} 3"
        ])
        yield* app.stop
        yield* pass("2 minutes")
        // The minute that they sleep began with the second attempt, and their worker is gone.
        const gone = yield* gauges
        assert.include(gone, "workflow.timers.overdue{workflow.name=Order} 3")
        assert.include(gone, "workflow.executions.unowned{workflow.name=Order} 3")
        assert.include(gone, "workflow.executions.unowned.age{} 106")
        const later = yield* open(OrderLive)
        for (const n of [1, 2, 3]) yield* later.run(Go.send(`order-${n}`))
        yield* pass("2 minutes")
        assert.deepStrictEqual(yield* gauges, [
          "workflow.executions.active{workflow.name=Order,workflow.status=running} 0",
          "workflow.executions.uncounted{} 0",
          "workflow.executions.unowned.age{} 0",
          "workflow.executions.unowned{workflow.name=Order} 0",
          "workflow.timers.overdue{workflow.name=Order} 0",
          "workflow.timers.pending{workflow.name=Order} 0"
        ])
      })
    )
  )

  it.effect("tell what is due from what is left to sleep, and from what is blocked", () =>
    measured(
      Effect.gen(function* () {
        const Nap = Workflow.make("Nap", { workflowId: () => "nap" })
        const Wrong = Workflow.make("Wrong", { workflowId: () => "wrong" })
        const Busy = Workflow.make("Busy", { workflowId: () => "busy" })
        const Long = Activity.make("Long", { timeout: "1 day" })
        const NapLive = Nap.toLayer(() => Effect.andThen(Effect.sleep("10 minutes"), Effect.sleep("1 hour")))
        const BusyLive = Busy.toLayer(() => Effect.orDie(Long())).pipe(Layer.provide(Long.toLayer(() => Effect.never)))
        const first = yield* open(
          Layer.merge(
            NapLive,
            Wrong.toLayer(() => Effect.sleep("1 hour"))
          )
        )
        yield* first.run(Effect.andThen(Nap.start(), Wrong.start()))
        yield* pass("1 second")
        yield* first.stop
        const second = yield* open(
          Layer.merge(
            NapLive,
            Wrong.toLayer(() => Go.receive)
          )
        )
        yield* pass("11 minutes")
        yield* second.stop
        yield* look({ every: "1 second" })
        const of = (name: string) =>
          Effect.map(gauges, (all) => all.filter((line) => line.startsWith(`workflow.${name}`)))
        yield* pass("30 minutes")
        assert.deepStrictEqual(yield* of("executions.unowned"), [
          "workflow.executions.unowned.age{} 0",
          "workflow.executions.unowned{workflow.name=Nap} 1"
        ])
        assert.deepStrictEqual(yield* of("executions.active"), [
          "workflow.executions.active{workflow.name=Nap,workflow.status=running} 1",
          "workflow.executions.active{workflow.name=Wrong,workflow.status=blocked} 1"
        ])
        // The second sleep of the nap ends after 70 minutes in all, and 41 are over.
        yield* pass("29 minutes")
        const late = () => of("timers.overdue{workflow.name=Nap}")
        assert.deepStrictEqual(yield* late(), [])
        yield* pass("2 seconds")
        assert.deepStrictEqual(yield* late(), [])
        assert.include(yield* of("executions.unowned"), "workflow.executions.unowned.age{} 3")
        yield* pass("4 seconds")
        assert.deepStrictEqual(yield* late(), ["workflow.timers.overdue{workflow.name=Nap} 1"])
        // What was under way is due at once, although no time is set for it.
        const third = yield* open(Layer.merge(NapLive, BusyLive))
        yield* third.run(Busy.start())
        yield* pass("1 minute")
        assert.include(yield* of("executions.unowned"), "workflow.executions.unowned.age{} 0")
        yield* third.stop
        yield* pass("1 minute")
        assert.include(yield* of("executions.unowned"), "workflow.executions.unowned.age{} 120")
      })
    )
  )

  it.effect("stay as they are while the store cannot be read, which is logged", () => {
    const logged: Array<string> = []
    const logger = Logger.layer([Logger.make(({ message }) => void logged.push(String((message as Array<string>)[0])))])
    return measured(
      Effect.gen(function* () {
        const web = yield* open(Layer.empty)
        yield* web.run(Order.start(1))
        const link = yield* look()
        yield* pass("1 second")
        const before = yield* gauges
        assert.lengthOf(before, 4)
        link.fault = FaultyStore.cut("list")
        yield* web.run(Order.start(2))
        yield* pass("30 seconds")
        assert.deepStrictEqual(yield* gauges, before)
        assert.deepStrictEqual(logged, [kept, kept])
        link.fault = FaultyStore.sound
        yield* pass("15 seconds")
        assert.include(yield* gauges, "workflow.executions.active{workflow.name=Order,workflow.status=running} 2")
      })
    ).pipe(Effect.provide(logger))
  })
  const kept = "the gauges of the store keep their values, since it could not be read"

  it.effect("say how many executions they are not of", () =>
    measured(
      Effect.gen(function* () {
        const web = yield* open(Layer.empty)
        for (let n = 0; n < 25; n++) yield* web.run(Order.start(n))
        yield* look({ atMost: 20 })
        yield* pass("1 second")
        const all = yield* gauges
        assert.include(all, "workflow.executions.active{workflow.name=Order,workflow.status=running} 20")
        assert.include(all, "workflow.executions.uncounted{} 5")
      })
    )
  )

  it("need settings that make sense", () => {
    assert.throws(() => Metrics.gauges({ every: 0 }), TypeError, "the gauges of a store: every must be at least 1 ms")
    assert.throws(() => Metrics.gauges({ atMost: 0.5 }), TypeError, "atMost must be a whole number of at least 1")
  })
})
