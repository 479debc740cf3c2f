/** What is thrown by what an executor is given - a store, a logger, ids - harms no more than what it was thrown in. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Clock, Effect, Exit, Fiber, Layer, Logger, Schedule, Schema, Scope, Stream, Tracer } from "effect"
import { Activity, Signal, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { Alarms } from "../../src/Executor/default/Alarms.ts"
import { Fibers } from "../../src/Executor/default/Fibers.ts"
import { until } from "../suites/executor/Lab.ts"

const Go = Signal.make("go")
const Step = Activity.make("Step", { input: Schema.Int, success: Schema.Int })
const Order = Workflow.make("Order", {
  input: Schema.Int,
  success: Schema.Array(Schema.Int),
  workflowId: (number) => `order ${number}`
})

const workflows = Order.toLayer(
  Effect.fnUntraced(function* (number) {
    const first = yield* Step(number)
    yield* Go.receive
    yield* Effect.sleep("20 millis")
    return [first, yield* Step(-number)]
  })
).pipe(Layer.provide(Step.toLayer((number) => Effect.succeed(number))))

type Store = WorkflowStore["Service"]
type Operation = "saveAll" | "load" | "summary" | "deletion" | "list" | "heartbeat" | "workers" | "changes"

const operations: ReadonlyArray<Operation> = [
  "saveAll",
  "load",
  "summary",
  "deletion",
  "list",
  "heartbeat",
  "workers",
  "changes"
]

/** How an operation goes wrong, in ways that no store should have. */
const ways = {
  "that throws": () => {
    throw new Error("the driver has a bug")
  },
  "that throws no error": () => {
    // eslint-disable-next-line no-throw-literal
    throw undefined
  },
  "whose effect dies": () => Effect.die(new Error("the driver has a bug")) as Effect.Effect<never>,
  "whose effect fails with what is no error": () => Effect.fail("no" as never) as Effect.Effect<never>,
  "that answers nothing": () => Effect.succeed(undefined as never) as Effect.Effect<never>,
  "that is no effect": () => undefined as unknown as Effect.Effect<never>
} satisfies Record<string, () => Effect.Effect<never>>

/** A store of which one operation can be bad for a while. */
const badly = (store: Store, durability: "none" | "process") => {
  const bad: { operation: Operation | undefined; way: () => Effect.Effect<never> } = {
    operation: undefined,
    way: ways["that throws"]
  }
  const or =
    <Args extends ReadonlyArray<unknown>, A>(operation: Operation, ask: (...args: Args) => A) =>
    (...args: Args): A =>
      bad.operation === operation ? (bad.way() as A) : ask(...args)
  const linked: Store = {
    ...store,
    guarantees: { ...store.guarantees, durability },
    save: or("saveAll", store.save),
    saveAll: or("saveAll", store.saveAll),
    load: or("load", store.load),
    summary: or("summary", store.summary),
    deletion: or("deletion", store.deletion),
    list: or("list", store.list),
    heartbeat: or("heartbeat", store.heartbeat),
    workers: Effect.suspend(or("workers", () => store.workers)),
    changes: Stream.flatMap(store.changes, (changes) =>
      Stream.fromEffect(Effect.suspend(or("changes", () => Effect.succeed(changes))))
    )
  }
  return { bad, linked }
}

/** A worker in a scope of its own. */
const open = Effect.fnUntraced(function* (store: Store, options: DefaultExecutor.Options = {}) {
  const scope = yield* Scope.make()
  const layer = workflows.pipe(
    Layer.provideMerge(
      DefaultExecutor.layerWith({
        heartbeatInterval: "20 millis",
        lease: "10 minutes",
        answerTimeout: "200 millis",
        shutdownTimeout: "1 second",
        ...options
      })
    ),
    Layer.provide(Layer.succeed(WorkflowStore, store))
  )
  yield* Effect.addFinalizer(() => Scope.close(scope, Exit.void))
  const context = yield* Layer.buildWithMemoMap(layer, Layer.makeMemoMapUnsafe(), scope)
  const run = Effect.provideContext(context)
  return <A, E, R>(effect: Effect.Effect<A, E, R>) => run(effect)
})

type Run = Effect.Success<ReturnType<typeof open>>

/** Signals an order until it is finished, which it then is with the right result. */
const finish = Effect.fnUntraced(function* (run: Run, number: number) {
  const again = Effect.retry({ schedule: Schedule.spaced("20 millis"), times: 200 } as const)
  const handle = yield* again(run(Order.handle(`order ${number}`)))
  yield* Effect.ignore(run(Go.send(handle)))
  const result = yield* again(Effect.timeout(run(handle.result), "5 seconds"))
  assert.deepStrictEqual(result, [number, -number])
})

const quiet = Logger.layer([])

/** Each operation of a store that is written at once, and saving also where commits are grouped. */
const cases = Object.keys(ways).flatMap((words) => {
  const way = words as keyof typeof ways
  const all = operations.map((operation) => ({ durability: "none", operation, way }) as const)
  return [...all, { durability: "process", operation: "saveAll", way } as const]
})

describe.concurrent("an executor goes on after a while on a store", () => {
  for (const { durability, operation, way } of cases) {
    it.live(`of durability ${durability} with an operation ${operation} ${way}`, () =>
      Effect.gen(function* () {
        const { bad, linked } = badly(yield* WorkflowStore, durability)
        const run = yield* open(linked)
        for (const number of [1, 2, 3]) yield* run(Order.start(number))
        const other = yield* open(yield* WorkflowStore)
        yield* other(Order.start(4))
        bad.way = ways[way]
        bad.operation = operation
        const tried = yield* Effect.forkChild(
          Effect.all(
            [
              run(Effect.flatMap(Order.handle("order 1"), (handle) => Go.send(handle))),
              run(Order.start(5)),
              run(Effect.flatMap(Order.handle("order 4"), ({ result }) => Effect.timeout(result, "100 millis"))),
              // Another process commits to one of its executions.
              other(Go.send("order 2", undefined)),
              run(Effect.flatMap(Order.handle("order 3"), ({ describe }) => describe))
            ].map((each) => Effect.exit(each as Effect.Effect<unknown, unknown>)),
            { concurrency: "unbounded", discard: true }
          )
        )
        yield* Effect.sleep("60 millis")
        bad.operation = undefined
        yield* Effect.timeout(Fiber.await(tried), "10 seconds")
        yield* Effect.ignore(run(Order.start(5)))
        yield* run(Order.start(6))
        for (const number of [1, 2, 3, 4, 5, 6]) yield* finish(run, number)
      }).pipe(Effect.scoped, Effect.provide([MemoryStore.layer, quiet]), Effect.timeout("20 seconds"))
    )
  }
})

const Stuck = Workflow.make("Stuck", { workflowId: () => "stuck" })
const StuckLive = Stuck.toLayer(() =>
  Effect.as(
    Effect.promise(() => Promise.resolve()),
    undefined
  )
)

/** Builds a worker with what `given` provides, in the scope of the test. */
const openWith = Effect.fnUntraced(function* (options: DefaultExecutor.Options, given: Layer.Layer<never> = quiet) {
  const store = yield* WorkflowStore
  const layer = Layer.merge(workflows, StuckLive).pipe(
    Layer.provideMerge(DefaultExecutor.layerWith({ heartbeatInterval: "20 millis", lease: "10 minutes", ...options })),
    Layer.provide([Layer.succeed(WorkflowStore, store), given])
  )
  const context = yield* Layer.build(Layer.fresh(layer))
  const run = Effect.provideContext(context)
  return <A, E, R>(effect: Effect.Effect<A, E, R>) => run(effect)
})

describe("an executor goes on", () => {
  it.live("with a logger that throws at all that it is told", () =>
    Effect.gen(function* () {
      let lines = 0
      const logger = Logger.make(() => {
        lines++
        throw new Error("the disk is full")
      })
      const run = yield* openWith({}, Logger.layer([logger]))
      yield* run(Order.start(1))
      yield* run(Stuck.start())
      const blocked = yield* Effect.flip(run(Effect.flatMap(Stuck.handle("stuck"), ({ result }) => result)))
      assert.strictEqual((blocked as { readonly reason: { readonly _tag: string } }).reason._tag, "Blocked")
      yield* run(Order.start(2))
      for (const number of [1, 2]) yield* finish(run, number)
      assert.isAbove(lines, 0)
    }).pipe(Effect.scoped, Effect.provide(MemoryStore.layer), Effect.timeout("20 seconds"))
  )

  it.live("with ids that cannot be made for a while: a start that needs one fails, and leaves nothing behind", () =>
    Effect.gen(function* () {
      let isBad = false
      let ids = 0
      const makeId = () => {
        if (isBad) throw new Error("no entropy")
        return `id-${ids++}`
      }
      const run = yield* openWith({ makeId })
      yield* run(Order.start(1))
      isBad = true
      const failed = yield* Effect.exit(run(Order.start(2)))
      assert.isTrue(Exit.isFailure(failed))
      assert.include(String(Exit.isFailure(failed) ? Cause.pretty(failed.cause) : ""), "no entropy")
      yield* finish(run, 1)
      isBad = false
      const missing = yield* Effect.flip(run(Order.handle("order 2")))
      assert.strictEqual(missing.reason._tag, "NotFound")
      assert.isTrue((yield* run(Order.start(2))).created)
      yield* finish(run, 2)
    }).pipe(Effect.scoped, Effect.provide(MemoryStore.layer), Effect.timeout("20 seconds"))
  )

  it.live("with a tracer that throws for a while", () =>
    Effect.gen(function* () {
      let isBad = false
      let spans = 0
      const tracer = Tracer.make({
        span: (options) => {
          if (!isBad) return new Tracer.NativeSpan(options)
          spans++
          throw new Error("no exporter")
        }
      })
      const run = yield* openWith({}, Layer.merge(quiet, Layer.succeed(Tracer.Tracer, tracer)))
      const first = yield* run(Order.start(1))
      isBad = true
      yield* Effect.exit(Effect.timeout(run(Order.start(2)), "100 millis"))
      yield* Effect.exit(Effect.timeout(run(Go.send(first)), "100 millis"))
      yield* Effect.sleep("100 millis")
      isBad = false
      assert.isAbove(spans, 0)
      yield* Effect.ignore(run(Order.start(2)))
      yield* run(Order.start(3))
      for (const number of [1, 2, 3]) yield* finish(run, number)
    }).pipe(Effect.scoped, Effect.provide(MemoryStore.layer), Effect.timeout("20 seconds"))
  )
})

describe("a part of the executor that throws", () => {
  const fibersWith = (lines: Array<string>) => {
    const logger = Logger.make(({ message }) => void lines.push(String(message)))
    const clock = Clock.Clock.defaultValue()
    return Effect.map(
      Effect.provide(Effect.context<never>(), Logger.layer([logger])),
      (context) => new Fibers(context, clock)
    )
  }

  it.live("is logged as a bug, whether what it waits for has ended at once or later", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const fibers = yield* fibersWith(lines)
      const fail = () => {
        throw new Error("oh no")
      }
      fibers.fork(Effect.void, fail)
      fibers.fork(Effect.sleep("5 millis"), fail)
      fibers.after(5, fail)
      fibers.yield(fail)
      fibers.guard(fail)
      yield* until(Effect.sync(() => lines.length >= 5))
      for (const line of lines) assert.match(line, /has a bug, please report it: .*oh no/s)
      yield* Effect.timeout(fibers.close, "1 second")
      assert.lengthOf(lines, 5)
    })
  )

  it.live("keeps no other alarm from ringing, and none that is set later", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const fibers = yield* fibersWith(lines)
      const alarms = new Alarms(fibers)
      const rung: Array<string> = []
      const owner = (name: string, wake: () => void = () => rung.push(name)) => ({ alarmAt: undefined, wake })
      const bad = owner("bad", () => {
        throw new Error("oh no")
      })
      const now = fibers.now()
      alarms.at(owner("a"), now + 10)
      alarms.at(bad, now + 10)
      alarms.at(owner("b"), now + 10)
      alarms.at(owner("c"), now + 20)
      yield* until(Effect.sync(() => rung.length === 3))
      assert.deepStrictEqual(rung, ["a", "b", "c"])
      assert.strictEqual(alarms.size, 0)
      alarms.at(bad, now)
      alarms.at(owner("d"), now)
      assert.deepStrictEqual(rung, ["a", "b", "c", "d"], "what is due rings at once")
      assert.lengthOf(lines, 2)
    })
  )
})
