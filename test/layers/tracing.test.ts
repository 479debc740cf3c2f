/** Spans of callers and executors: the whole table of them, in one trace, and none twice. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, type Duration, Effect, Layer, References, Schema, type Scope, Tracer } from "effect"
import {
  Activity,
  ActivityContext,
  Middleware,
  Query,
  RetryPolicy,
  Signal,
  Tracing,
  Update,
  Workflow,
  WorkflowStore
} from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"
import * as SqliteStore from "perdure/Store/Sqlite"
import * as Lab from "../suites/executor/Lab.ts"
import { open, pass } from "../suites/executor/Lab.ts"
import { eventsOf } from "../suites/executor/stored.ts"
import { freshFile } from "../support/sqliteFiles.ts"
import { type Kept, keeping, lengthOf, parentId, rowOf } from "../support/spans.ts"

class Declined extends Schema.TaggedError<Declined>()("Declined", { message: Schema.String }) {}

const Charge = Activity.make("Charge", {
  input: Schema.Int,
  success: Schema.Int,
  error: Declined,
  retry: RetryPolicy.exponential({ initialInterval: "10 seconds", maxAttempts: 3 })
})
const Go = Signal.make("go", { payload: Schema.Int })
const Add = Update.make("add", { input: Schema.Int, success: Schema.Int })
const Total = Query.make("total", { success: Schema.Int })
const Order = Workflow.make("Order", {
  input: Schema.Int,
  success: Schema.Int,
  error: Declined,
  workflowId: (n) => `order-${n}`
})

/** The first attempt for less than 100 cents fails, and all of them for more. */
const ChargeLive = Charge.toLayer((cents) =>
  Effect.gen(function* () {
    yield* Effect.sleep("1 second")
    const { attempt } = yield* ActivityContext.ActivityContext
    if (attempt === 1 || cents > 100) return yield* new Declined({ message: "not today" })
    return yield* Effect.withSpan(Effect.succeed(cents), "call the bank")
  })
)
const OrderLive = Order.toLayer(
  Effect.fnUntraced(function* (n) {
    yield* Add.handle((more) => Effect.as(Effect.sleep("5 seconds"), n + more))
    yield* Total.answer(() => Effect.succeed(n))
    const cents = yield* Charge(n)
    yield* Effect.withSpan(Effect.sleep("1 minute"), "wait")
    return cents + (yield* Go.receive)
  })
).pipe(Layer.provide(ChargeLive))

/** A laboratory whose executors make spans. */
const tracedOn = <E>(store: Layer.Layer<WorkflowStore.WorkflowStore, E>) =>
  Lab.layer({
    store,
    executor: (options) => Middleware.apply(DefaultExecutor.layerWith(options), Tracing.layer)
  })

/** Runs a test in a laboratory of its own, with the spans that end in it. */
const recorded = <A, E, StoreError = never>(
  test: (spans: ReadonlyArray<Kept>) => Effect.Effect<A, E, Lab.Lab | Scope.Scope>,
  lab: Layer.Layer<Lab.Lab, StoreError> = tracedOn(MemoryStore.layer)
) =>
  Effect.suspend(() => {
    const { ended, tracer } = keeping()
    return test(ended).pipe(Effect.scoped, Effect.provide(lab), Effect.provideService(Tracer.Tracer, tracer))
  })

/** A store whose answers to heartbeats say nothing, so that executors list what there may be to do. */
const silent = Layer.effect(
  WorkflowStore.WorkflowStore,
  Effect.map(WorkflowStore.WorkflowStore, (store) => ({
    ...store,
    heartbeat: (worker: WorkflowStore.WorkerRecord, lease: Duration.Duration) =>
      Effect.asVoid(store.heartbeat(worker, lease))
  }))
).pipe(Layer.provide(MemoryStore.layer))

const isOurs = ({ name }: Kept) => !name.startsWith("WorkflowStore.")

/** Two orders, of which the second one fails, and all that callers do with the first. */
const story = Effect.gen(function* () {
  const app = yield* open(OrderLive)
  const run = yield* Effect.withSpan(app.run(Order.start(5)), "request")
  yield* pass("30 seconds")
  yield* Effect.forkChild(Effect.withSpan(app.run(Add.execute(run, 1)), "page"))
  yield* pass("10 seconds")
  assert.strictEqual(yield* app.run(Total.ask(run)), 5)
  yield* app.run(Go.send(run, 2))
  yield* pass("1 hour")
  assert.strictEqual(yield* app.run(run.result), 7)
  const failing = yield* app.run(Order.start(500))
  yield* pass("1 hour")
  assert.instanceOf(yield* Effect.flip(app.run(failing.result)), Declined)
  return { app, run, failing }
})

const traceIds = (spans: ReadonlyArray<Kept>) => new Set(spans.map(({ traceId }) => traceId))

const named = (spans: ReadonlyArray<Kept>, name: string) => spans.filter((span) => span.name === name)

const only = (spans: ReadonlyArray<Kept>, name: string): Kept => {
  const all = named(spans, name)
  assert.lengthOf(all, 1, name)
  return all[0]!
}

describe("tracing", () => {
  it.effect("makes a span of all that happens, with the attributes of the table", () =>
    recorded((spans) =>
      Effect.gen(function* () {
        const { run } = yield* story
        const of = { "workflow.name": "Order", "workflow.id": "order-5", "workflow.run.id": run.runId }
        const id = { "workflow.id": "order-5" }
        const charge = { kind: "internal", ...of, "workflow.activity.name": "Charge" }
        const { id: update } = (yield* eventsOf("order-5", "UpdateRequested"))[0]!
        const add = { "workflow.update.name": "add", "workflow.update.id": update }
        const ours = spans.filter(isOurs)
        assert.deepStrictEqual(ours.slice(0, 13).map(rowOf), [
          { name: "workflow.start Order", kind: "producer", ...of },
          { name: "request", kind: "internal" },
          { name: "activity.execute Charge", ...charge, "workflow.activity.attempt": 1, "error.type": "Declined" },
          { name: "call the bank", kind: "internal" },
          { name: "activity.execute Charge", ...charge, "workflow.activity.attempt": 2 },
          { name: "workflow.timer Order", kind: "internal", ...of, "workflow.timer.late": 0 },
          { name: "workflow.update.handle add", kind: "server", ...of, ...add },
          { name: "workflow.update add", kind: "client", ...id, ...add, "workflow.run.id": run.runId },
          { name: "page", kind: "internal" },
          { name: "workflow.query total", kind: "client", ...id, "workflow.query.name": "total" },
          { name: "workflow.signal go", kind: "producer", ...id, "workflow.signal.name": "go" },
          { name: "wait", kind: "internal" },
          { name: "workflow.timer Order", kind: "internal", ...of, "workflow.timer.late": 0 }
        ])
        const whole = ours.filter(({ name }) => name === "workflow.execute Order").map(rowOf)
        assert.deepStrictEqual(whole[0], {
          name: "workflow.execute Order",
          kind: "consumer",
          ...of,
          "workflow.status": "completed"
        })
        assert.strictEqual(whole[1]?.["error.type"], "Declined")
        assert.strictEqual(whole[1]?.["workflow.status"], "failed")
        assert.lengthOf(whole, 2)
      })
    )
  )

  it.effect("hangs all of an execution on the span of its start, with its true length", () =>
    recorded((spans) =>
      Effect.gen(function* () {
        yield* story
        const [start] = named(spans, "workflow.start Order")
        const [whole] = named(spans, "workflow.execute Order")
        assert.strictEqual(parentId(whole!), start!.spanId)
        assert.strictEqual(lengthOf(whole!), 1000 + 10_000 + 1000 + 60_000)
        const [first, second] = named(spans, "activity.execute Charge")
        for (const attempt of [first!, second!]) {
          assert.strictEqual(parentId(attempt), start!.spanId)
          assert.strictEqual(lengthOf(attempt), 1000)
        }
        assert.strictEqual(parentId(only(spans, "call the bank")), second!.spanId)
        assert.strictEqual(parentId(only(spans, "wait")), start!.spanId)
        assert.strictEqual(parentId(start!), only(spans, "request").spanId)
        const handled = only(spans, "workflow.update.handle add")
        const asked = only(spans, "workflow.update add")
        assert.strictEqual(parentId(handled), asked.spanId)
        assert.strictEqual(parentId(asked), only(spans, "page").spanId)
        assert.deepStrictEqual(
          handled.links.map(({ span }) => span.spanId),
          [start!.spanId]
        )
        assert.strictEqual(lengthOf(handled), 5000)
      })
    )
  )

  it.effect("makes none twice over a restart, and all in one trace", () =>
    recorded((spans) =>
      Effect.gen(function* () {
        const first = yield* open(OrderLive)
        const run = yield* first.run(Order.start(5))
        yield* pass("30 seconds")
        yield* first.stop
        const before = spans.filter(isOurs).length
        const second = yield* open(OrderLive)
        yield* pass("30 seconds")
        assert.deepStrictEqual(
          spans
            .filter(isOurs)
            .slice(before)
            .map(({ attributes, name }) => [name, attributes.get("workflow.replay.events")]),
          [["workflow.replay Order", 5]]
        )
        yield* second.run(Effect.withSpan(Go.send(run, 2), "elsewhere"))
        yield* pass("1 hour")
        assert.strictEqual(yield* second.run(run.result), 7)
        const elsewhere = only(spans, "elsewhere").traceId
        const own = spans.filter((span) => span.traceId !== elsewhere && isOurs(span))
        assert.strictEqual(traceIds(own).size, 1)
        const counts: Record<string, number> = {}
        for (const { name } of own) counts[name] = (counts[name] ?? 0) + 1
        assert.deepStrictEqual(counts, {
          "workflow.start Order": 1,
          "activity.execute Charge": 2,
          "call the bank": 1,
          "workflow.replay Order": 1,
          "workflow.timer Order": 1,
          // The one that was open when the first executor stopped has gone with it, and the second one's program slept on.
          "workflow.execute Order": 1
        })
        const [signal] = yield* eventsOf("order-5", "SignalReceived")
        assert.strictEqual(signal?.trace?.traceId, elsewhere)
      })
    )
  )

  it.effect("tells how executions end, whichever process ends them", () =>
    recorded((spans) =>
      Effect.gen(function* () {
        const Wait = Workflow.make("Wait", { input: Schema.String, workflowId: (id) => id })
        const Lost = Workflow.make("Lost", { input: Schema.String, workflowId: (id) => id })
        const WaitLive = Wait.toLayer((id) => (id === "bug" ? Effect.die(new RangeError("too far")) : Effect.never))
        const app = yield* open(WaitLive)
        const web = yield* open(Layer.empty)
        for (const id of ["bug", "cancelled", "terminated", "elsewhere"]) yield* web.run(Wait.start(id))
        yield* web.run(Wait.start("late", { timeout: "1 minute" }))
        yield* web.run(Lost.start("untaken"))
        yield* web.run(Lost.start("dropped"))
        yield* pass("10 seconds")
        yield* app.cancel("cancelled", "no need")
        yield* app.terminate("terminated", "enough")
        yield* web.terminate("elsewhere", "enough")
        yield* web.terminate("dropped", "enough")
        yield* web.cancel("untaken", "no need")
        yield* pass("1 hour")
        const ends = spans
          .filter(({ name }) => name.startsWith("workflow.execute"))
          .map(({ attributes, status, ...span }) => {
            const exit = status._tag === "Ended" ? status.exit : undefined
            const why = exit?._tag === "Failure" ? Cause.prettyErrors(exit.cause)[0]?.message : undefined
            const id = attributes.get("workflow.id")
            const start = spans.find(
              (one) => one.attributes.get("workflow.id") === id && one.name.startsWith("workflow.start")
            )
            assert.strictEqual(parentId(span as Kept), start?.spanId, String(id))
            return [id, attributes.get("workflow.status"), attributes.get("error.type"), why]
          })
        assert.deepStrictEqual(ends.toSorted(), [
          ["bug", "failed", "RangeError", "too far"],
          ["cancelled", "cancelled", undefined, "All fibers interrupted without error"],
          ["dropped", "terminated", "Terminated", "enough"],
          ["elsewhere", "terminated", "Terminated", "enough"],
          ["late", "timedOut", "TimedOut", "the deadline has passed"],
          ["terminated", "terminated", "Terminated", "enough"],
          ["untaken", "cancelled", undefined, "All fibers interrupted without error"]
        ])
      })
    )
  )

  it.effect("tells an attempt that took too long from one that a cancel or a shutdown has ended", () =>
    recorded((spans) =>
      Effect.gen(function* () {
        const Work = Activity.make("Work", { input: Schema.String, timeout: "1 minute", retry: RetryPolicy.none })
        const Run = Workflow.make("Run", { input: Schema.String, workflowId: (id) => id })
        const live = Run.toLayer((id) => Effect.orDie(Work(id))).pipe(Layer.provide(Work.toLayer(() => Effect.never)))
        const app = yield* open(live)
        yield* app.run(Run.start("slow"))
        yield* pass("2 minutes")
        yield* app.run(Run.start("cancelled"))
        yield* pass("1 second")
        yield* app.cancel("cancelled")
        yield* app.run(Run.start("stopped"))
        yield* pass("1 second")
        yield* app.stop
        const ends = named(spans, "activity.execute Work").map(({ attributes, status }) => {
          const cause = status._tag === "Ended" && status.exit._tag === "Failure" ? status.exit.cause : Cause.empty
          return [attributes.get("workflow.id"), attributes.get("error.type"), Cause.hasInterruptsOnly(cause)]
        })
        assert.deepStrictEqual(ends, [
          ["slow", "TimedOut", false],
          ["cancelled", undefined, true],
          ["stopped", undefined, true]
        ])
      })
    )
  )

  it.effect("finds a trace of its own for what was started without a span, with children and next runs", () =>
    recorded((spans) =>
      Effect.gen(function* () {
        const Child = Workflow.make("Child", { workflowId: () => "child" })
        const Parent = Workflow.make("Parent", { input: Schema.Int, workflowId: () => "parent" })
        const live = Layer.merge(
          Child.toLayer(() => Effect.sleep("1 minute")),
          Parent.toLayer((n) =>
            n > 0 ? Effect.as(Effect.sleep("1 minute"), Parent.continueAsNew(n - 1)) : Child.execute()
          )
        )
        const { executor } = yield* open(Layer.empty).pipe(Effect.provideService(References.TracerEnabled, false))
        yield* executor.start({ workflow: "Parent", workflowId: "parent", input: 1 })
        assert.isUndefined((yield* eventsOf("parent", "ExecutionStarted"))[0]?.trace)
        const first = yield* open(live)
        yield* pass("90 seconds")
        yield* first.stop
        yield* open(live)
        yield* pass("1 hour")
        const own = spans.filter(isOurs)
        assert.deepStrictEqual(
          own.map(({ name }) => name).filter((name) => !name.startsWith("workflow.replay")),
          ["workflow.timer Parent", "workflow.timer Child", "workflow.execute Child", "workflow.execute Parent"]
        )
        assert.strictEqual(traceIds(own).size, 1)
        assert.match(own[0]!.traceId, /^[0-9a-f]{32}$/)
        assert.match(parentId(own[0]!)!, /^[0-9a-f]{16}$/)
        assert.strictEqual(lengthOf(only(spans, "workflow.execute Parent")), 120_000)
      })
    )
  )

  it.effect("goes by what the caller decides: what is not sampled is not sampled in any process", () =>
    recorded((spans) =>
      Effect.gen(function* () {
        const web = yield* open(Layer.empty)
        const run = yield* web.run(Effect.withSpan(Order.start(5), "request", { sampled: false }))
        const app = yield* open(OrderLive)
        yield* pass("2 minutes")
        yield* app.run(Effect.withSpan(Go.send(run, 1), "request", { sampled: false }))
        yield* pass("1 hour")
        assert.strictEqual(yield* app.run(run.result), 6)
        assert.deepStrictEqual(spans.filter(isOurs).map(rowOf), [])
      })
    )
  )

  it.effect("keeps to the span of a gateway that tells it", () =>
    recorded((spans) =>
      Effect.gen(function* () {
        const { executor } = yield* open(OrderLive)
        const trace = { traceId: "a".repeat(32), spanId: "b".repeat(16), sampled: true }
        const message = { _tag: "Signal", name: "go", payload: 1 } as const
        yield* executor.start({ workflow: "Order", workflowId: "order-5", input: 5, trace, with: message })
        yield* executor.send({ workflowId: "order-5" }, { ...message, trace })
        yield* pass("1 hour")
        const start = only(spans, "workflow.start Order")
        assert.strictEqual(parentId(start), trace.spanId)
        assert.strictEqual(parentId(only(spans, "workflow.signal go")), trace.spanId)
        const { spanId, traceId } = start
        const signals = yield* eventsOf("order-5", "SignalReceived")
        assert.deepStrictEqual(
          signals.map((signal) => signal.trace),
          [
            { traceId, spanId, sampled: true },
            { traceId, spanId: only(spans, "workflow.signal go").spanId, sampled: true }
          ]
        )
        assert.deepStrictEqual(traceIds(spans.filter(isOurs)), new Set([trace.traceId]))
      })
    )
  )

  it.effect("hangs operations of the store on what they are for, and never on the span in which an app was built", () =>
    recorded(
      (spans) =>
        Effect.gen(function* () {
          const app = yield* Effect.withSpan(open(OrderLive, { heartbeatInterval: "20 millis" }), "build")
          const built = spans.length
          yield* app.run(Order.start(5))
          yield* app.run(Go.send("order-5", 1))
          yield* pass("1 hour")
          yield* Lab.looked(app)
          const build = only(spans, "build")
          const start = only(spans, "workflow.start Order")
          const saves = named(spans, "WorkflowStore.saveAll")
          assert.isAbove(saves.length, 3)
          for (const save of saves) assert.strictEqual(parentId(save), start.spanId)
          // The build itself looks for what it has to take over, once.
          const later = spans.slice(built)
          assert.isAbove(named(later, "WorkflowStore.list").length, 3)
          assert.deepStrictEqual(
            later.filter((span) => span.traceId === build.traceId).map(({ name }) => name),
            []
          )
          assert.strictEqual(only(spans, "call the bank").traceId, start.traceId)
        }),
      tracedOn(silent)
    )
  )

  it.effect("lets no handler and no program hang on the span in which an app was built, also without the layer", () =>
    recorded(
      (spans) =>
        Effect.gen(function* () {
          const app = yield* Effect.withSpan(open(OrderLive), "build")
          yield* app.run(Effect.withSpan(Order.start(5), "request"))
          yield* pass("1 hour")
          const own = ["call the bank", "wait"].map((name) => only(spans, name))
          assert.deepStrictEqual(own.map(parentId), [undefined, undefined])
        }),
      Lab.layer({ store: MemoryStore.layer, executor: DefaultExecutor.layerWith })
    )
  )

  it.effect("links a save of several executions to each of them", () =>
    recorded(
      (spans) =>
        Effect.gen(function* () {
          const app = yield* open(OrderLive)
          yield* Effect.all([app.run(Order.start(1)), app.run(Order.start(2))], { concurrency: 2 })
          yield* pass("1 hour")
          const links = named(spans, "WorkflowStore.saveAll").flatMap((save) =>
            save.links.map(({ span }) => span.spanId)
          )
          const starts = named(spans, "workflow.start Order").map(({ spanId }) => spanId)
          assert.lengthOf(starts, 2)
          assert.deepStrictEqual(new Set(links), new Set(starts))
        }),
      tracedOn(SqliteStore.layer({ filename: freshFile() }))
    )
  )

  it.effect("does nothing where spans are turned off", () =>
    recorded((spans) =>
      Effect.gen(function* () {
        const app = yield* open(OrderLive)
        yield* app.run(Order.start(5))
        yield* app.run(Go.send("order-5", 1))
        yield* pass("1 hour")
        assert.deepStrictEqual(spans, [])
        assert.isUndefined((yield* eventsOf("order-5", "ExecutionStarted"))[0]?.trace)
      }).pipe(Effect.provideService(References.TracerEnabled, false))
    )
  )
})
