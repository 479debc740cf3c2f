/** How hooks are called: what becomes of the ones that fail, hang or are too slow, and of calls that are left at the end. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer, Logger, References, Schema } from "effect"
import { Activity, Hooks, Query, Signal, Update, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"
import * as Lab from "../suites/executor/Lab.ts"
import { summaryOf } from "../suites/executor/stored.ts"

const { open, pass, settle } = Lab
const laboratory = Effect.provide(Lab.layer({ store: MemoryStore.layer, executor: DefaultExecutor.layerWith }))

const Note = Signal.make("note", { payload: Schema.Int })
const Order = Workflow.make("Order", { input: Schema.Int, success: Schema.Int, workflowId: (n) => `order-${n}` })
const OrderLive = Order.toLayer((n) => Effect.as(Effect.sleep("1 hour"), n))

const startAll = (numbers: ReadonlyArray<number>) => Effect.forEach(numbers, (n) => Order.start(n), { discard: true })

/** The lines of the log of hooks, with what stands beside them. */
const logging = () => {
  const lines: Array<string> = []
  const logger = Logger.make(({ cause, fiber, logLevel, message }) => {
    const { hook, workflowId } = fiber.getRef(References.CurrentLogAnnotations)
    const because = cause.reasons.map((reason) =>
      "error" in reason ? reason.error : "defect" in reason ? reason.defect : "?"
    )
    const of = hook === undefined ? [] : [`(${String(workflowId)})`]
    lines.push([logLevel, message, ...because, ...of].flat().map(String).join(" "))
  })
  return { lines, layer: Logger.layer([logger]) }
}

/** An executor with hooks, whose log is kept. */
const opened = Effect.fnUntraced(function* (hooks: Hooks.Hooks, options?: Hooks.Options) {
  const { layer, lines } = logging()
  const app = yield* open(OrderLive.pipe(Layer.provideMerge(Hooks.layer(hooks, options)), Layer.provide(layer)))
  return { app, lines }
})

describe("a hook", () => {
  const told: Array<string> = []
  const bad: Readonly<Record<string, readonly [Hooks.Handlers<typeof Order>["onWorkflowStart"], log: string]>> = {
    fails: [() => Effect.fail("no disk"), "failed no disk"],
    dies: [() => Effect.die(new Error("a bug")), "failed Error: a bug"],
    interrupts: [() => Effect.interrupt, "failed ?"],
    throws: [
      () => {
        throw new Error("at once")
      },
      "failed Error: at once"
    ],
    "returns no effect": [
      () => "done" as never,
      'failed TypeError: hook onWorkflowStart returned no effect but "done"'
    ],
    "is an async function that fails": [
      (() => Promise.reject(new Error("later"))) as never,
      "failed TypeError: hook onWorkflowStart returned no effect but a promise: write Effect.fn instead of async"
    ],
    "is a generator": [
      function* () {
        yield* Effect.void
      } as never,
      "failed TypeError: hook onWorkflowStart returned no effect but a generator: put Effect.fn around the function*"
    ],
    hangs: [() => Effect.never, "took longer than 5000 ms"],
    "hangs and cannot be interrupted": [() => Effect.uninterruptible(Effect.never), "took longer than 5000 ms"]
  }
  for (const [what, [onWorkflowStart, log]] of Object.entries(bad)) {
    it.effect(`that ${what} is logged, and touches nothing else`, () =>
      Effect.gen(function* () {
        told.length = 0
        const after = Hooks.make([Order], {
          onWorkflowStart: ({ workflowId }) => Effect.sync(() => told.push(workflowId)),
          onWorkflowComplete: ({ value }) => Effect.sync(() => told.push(`it is ${value}`))
        })
        const first = Hooks.make([Order], { onWorkflowStart: onWorkflowStart! }) as Hooks.Hooks
        const hooks = Hooks.compose(first, after)
        const { app, lines } = yield* opened(hooks, { concurrency: 1, shutdownTimeout: "10 millis" })
        const run = yield* app.run(Order.start(5))
        yield* pass("5 seconds")
        assert.deepStrictEqual(told, ["order-5"])
        yield* pass("2 hours")
        assert.strictEqual(yield* app.run(run.result), 5)
        assert.deepStrictEqual(lines, [`Error hook onWorkflowStart ${log} (order-5)`])
        assert.deepStrictEqual(told, ["order-5", "it is 5"])
      }).pipe(laboratory)
    )
  }

  it.effect("is not called for a value that does not fit its schema, which is logged", () =>
    Effect.gen(function* () {
      const told: Array<unknown> = []
      const Newer = Workflow.make("Order", { input: Schema.Struct({ id: Schema.String }), success: Schema.String })
      const hooks = Hooks.make([Newer], {
        onWorkflowStart: ({ input }) => Effect.sync(() => told.push(input)),
        onTimer: ({ late }) => Effect.sync(() => told.push(late)),
        onWorkflowComplete: ({ value }) => Effect.sync(() => told.push(value))
      })
      const { app, lines } = yield* opened(hooks)
      yield* app.run(Order.start(5))
      yield* pass("2 hours")
      assert.strictEqual((yield* summaryOf("order-5")).status, "completed")
      assert.deepStrictEqual(told, [0])
      assert.strictEqual(lines.length, 2)
      assert.match(lines[0]!, /^Error hook onWorkflowStart was not called: the input does not fit its schema: .*object/)
      assert.match(lines[1]!, /^Error hook onWorkflowComplete was not called: the success does not fit its schema: /)
    }).pipe(laboratory)
  )
})

describe("calls", () => {
  const slow = (told: Array<string>) =>
    Hooks.make([Order], {
      onWorkflowStart: ({ input, workflowId }) =>
        Effect.andThen(
          input < 10 ? Effect.never : Effect.sleep("1 second"),
          Effect.sync(() => told.push(workflowId))
        )
    })

  it.effect("that hang hold up those of other executions for a limited time", () =>
    Effect.gen(function* () {
      const told: Array<string> = []
      const { app } = yield* opened(slow(told), { concurrency: 2, timeout: "3 seconds" })
      // One place is left, and then none for three seconds.
      yield* app.run(startAll([1, 11, 2, 12]))
      yield* pass("1 second")
      assert.deepStrictEqual(told, ["order-11"])
      yield* pass("2 seconds")
      assert.deepStrictEqual(told, ["order-11"])
      yield* pass("1 second")
      assert.deepStrictEqual(told, ["order-11", "order-12"])
    }).pipe(laboratory)
  )

  it.effect("of one execution come in the order of its commits, and those of another one in between", () =>
    Effect.gen(function* () {
      const told: Array<string> = []
      const hooks = Hooks.make([Note], {
        onSignal: ({ payload, workflowId }) =>
          Effect.andThen(
            Effect.sleep(`${5 - payload} seconds`),
            Effect.sync(() => told.push(`${workflowId} ${payload}`))
          )
      })
      const { app } = yield* opened(hooks, { concurrency: 1 })
      yield* app.run(startAll([1, 2]))
      for (const n of [1, 2, 3]) yield* app.run(Note.send("order-1", n))
      yield* app.run(Note.send("order-2", 4))
      yield* pass("1 minute")
      assert.deepStrictEqual(told, ["order-1 1", "order-2 4", "order-1 2", "order-1 3"])
    }).pipe(laboratory)
  )

  it.effect("that find too many waiting are dropped, and counted", () =>
    Effect.gen(function* () {
      const told: Array<string> = []
      const { app, lines } = yield* opened(slow(told), { concurrency: 1, queueSize: 4 })
      yield* app.run(startAll([11]))
      yield* settle
      // The first one runs, four wait, three are dropped.
      yield* app.run(startAll([12, 13, 14, 15, 16, 17, 18]))
      yield* settle
      assert.strictEqual(lines.length, 1)
      assert.include(lines[0], "4 calls of hooks wait")
      yield* pass("1 second")
      assert.strictEqual(lines.length, 1)
      yield* pass("1 second")
      assert.deepStrictEqual(lines.slice(1), ["Error 3 call(s) of hooks were dropped, because too many waited"])
      yield* app.run(startAll([19]))
      yield* pass("1 minute")
      assert.deepStrictEqual(
        told,
        [11, 12, 13, 14, 15, 19].map((n) => `order-${n}`)
      )
      assert.strictEqual(lines.length, 2)
    }).pipe(laboratory)
  )

  it.effect("that are left at the end of the layer are made", () =>
    Effect.gen(function* () {
      const told: Array<string> = []
      const hooks = Hooks.make([Order], {
        onWorkflowStart: ({ workflowId }) =>
          Effect.andThen(
            Effect.provideService(Effect.sleep("5 millis"), Clock.Clock, Clock.Clock.defaultValue()),
            Effect.sync(() => told.push(workflowId))
          )
      })
      const { app, lines } = yield* opened(hooks, { concurrency: 1 })
      yield* app.run(startAll([1, 2, 3]))
      assert.deepStrictEqual(told, [])
      yield* app.stop
      assert.deepStrictEqual(told, ["order-1", "order-2", "order-3"])
      assert.deepStrictEqual(lines, [])
    }).pipe(laboratory)
  )

  it.effect("that are left are given up when the end has taken too long", () =>
    Effect.gen(function* () {
      const ended: Array<string> = []
      const hooks = Hooks.make([Order], {
        onWorkflowStart: ({ workflowId }) =>
          Effect.onInterrupt(Effect.never, () => Effect.sync(() => ended.push(workflowId)))
      })
      const { app, lines } = yield* opened(hooks, { concurrency: 1, shutdownTimeout: "20 millis" })
      yield* app.run(startAll([1, 2, 3]))
      yield* settle
      yield* app.stop
      yield* settle
      assert.deepStrictEqual(ended, ["order-1"])
      assert.deepStrictEqual(lines, [
        "Error hooks took longer than the 20 ms of their shutdown: 2 call(s) that waited are lost, and what ran is interrupted"
      ])
    }).pipe(laboratory)
  )

  it.effect("of commits that a shutdown makes are made", () =>
    Effect.gen(function* () {
      const Work = Activity.make("Work", { success: Schema.Int })
      const Job = Workflow.make("Job", { success: Schema.Int, workflowId: () => "job" })
      const late = Effect.provideService(Effect.sleep("20 millis"), Clock.Clock, Clock.Clock.defaultValue())
      const JobLive = Job.toLayer(() => Work()).pipe(Layer.provide(Work.toLayer(() => Effect.as(late, 7))))
      const told: Array<string> = []
      const hooks = Hooks.make([Work, Job], {
        onActivityComplete: ({ value }) => Effect.sync(() => told.push(`${value} is done`)),
        onWorkflowComplete: ({ value }) => Effect.sync(() => told.push(`it is ${value}`))
      })
      const app = yield* open(JobLive.pipe(Layer.provideMerge(Hooks.layer(hooks))), { drain: true })
      yield* app.run(Job.start())
      yield* settle
      yield* app.stop
      assert.strictEqual((yield* summaryOf("job")).status, "completed")
      assert.deepStrictEqual(told, ["7 is done", "it is 7"])
    }).pipe(laboratory)
  )
})

describe("what no compiler has checked", () => {
  const hook = () => Effect.void
  const make = Hooks.make as (...given: ReadonlyArray<unknown>) => Hooks.Hooks
  const refused = (run: () => unknown, text: string) => assert.throws(run, TypeError, text)

  it("is refused when hooks are made", () => {
    refused(() => make([Query.make("q", { success: Schema.Int })], { onSignal: hook }), "hooks cannot be told of")
    refused(() => make(["Order"], { onSignal: hook }), 'hooks cannot be told of "Order"')
    refused(() => make(Order, { onSignal: hook }), "the definitions of hooks must be a list")
    refused(() => make(undefined, { onSignal: hook }), "the definitions of hooks must be a list")
    refused(() => make([Order, Workflow.make("Order")], {}), "the list of definitions has workflow Order twice")
    refused(() => make([Order, Note], { onUpdate: hook }), "onUpdate: the list of definitions has no update")
    refused(() => make([], { onTimer: hook }), "onTimer: the list of definitions has no workflow")
    refused(
      () => make({ onWorkflowStarted: hook }),
      'there is no hook "onWorkflowStarted"; there are onWorkflowStart, '
    )
    refused(() => make({ onSignal: "log" }), 'onSignal must be a function, and is "log"')
    refused(() => make(undefined), "hooks must be an object, and are undefined")
  })

  it("one name may be that of a workflow, an activity, a signal and an update", () => {
    const Same = [Workflow.make("a"), Activity.make("a"), Signal.make("a"), Update.make("a")] as const
    Hooks.make(Same, { onSignal: hook, onUpdate: hook, onTimer: hook, onRetry: hook })
  })

  it("is refused when a layer is made", () => {
    const hooks = Hooks.make({ onSignal: undefined as never })
    refused(() => Hooks.layer({} as Hooks.Hooks), "these are no hooks: make them with Hooks.make")
    refused(() => Hooks.compose(hooks, {} as Hooks.Hooks), "these are no hooks")
    refused(() => Hooks.layer(hooks, { timeout: 0 }), "hooks: timeout must be at least 1 ms, and is 0")
    refused(() => Hooks.layer(hooks, { concurrency: 0 }), "hooks: concurrency must be a whole number of at least 1")
    refused(() => Hooks.layer(hooks, { queueSize: 0.5 }), "hooks: queueSize must be a whole number of at least 1")
    refused(() => Hooks.layer(hooks, { shutdownTimeout: "soon" as never }), "hooks: shutdownTimeout must be a duration")
    assert.isTrue(Hooks.isHooks(hooks))
    assert.isFalse(Hooks.isHooks({}))
  })
})
