/** Who takes an execution whose worker is gone. */
import { assert, it } from "@effect/vitest"
import { Duration, Effect, Layer, Logger, Schedule, Schema } from "effect"
import { Activity, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import { WorkerId } from "perdure/Ids"
import * as MemoryStore from "perdure/Store/Memory"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { until } from "../suites/executor/Lab.ts"

const Wait = Workflow.make("Wait", { input: Schema.Int, workflowId: (number) => `wait-${number}` })

const WaitLive = Wait.toLayer(() => Effect.never)

const numbers = Array.from({ length: 20 }, (_, index) => index)

/** Starts executions on a worker that stays silent until the end of the test, as if it were killed; returns its id. */
const startAndStaySilent = (name: string) =>
  Effect.gen(function* () {
    const Worker = WaitLive.pipe(
      Layer.provideMerge(DefaultExecutor.layerWith({ worker: name, heartbeatInterval: "1 hour" })),
      Layer.fresh
    )
    const context = yield* Layer.build(Worker)
    const [first] = yield* Effect.forEach(numbers, (number) => Wait.start(number)).pipe(Effect.provideContext(context))
    const { owner } = yield* Effect.provideContext(first!.describe, context)
    return owner!
  })

/** The same, and the store knows that the worker is gone, as SQLite does when its process is. */
const startAndDie = Effect.fnUntraced(function* (name: string) {
  const store = yield* WorkflowStore
  const id = yield* startAndStaySilent(name)
  // It tells of its workflows once more, when all of them are registered.
  yield* until(Effect.map(store.workers, ({ living }) => living.some(({ workflows = [] }) => workflows.length > 0)))
  yield* store.heartbeat({ id }, Duration.zero)
})

/** Waits until all executions were taken, 3 seconds at most. */
const allTaken = Effect.forEach(numbers, (number) =>
  Effect.gen(function* () {
    const handle = yield* Wait.handle(`wait-${number}`)
    return (yield* handle.history).some((event) => event._tag === "OwnerChanged")
  })
).pipe(
  Effect.filterOrFail((all) => all.every((taken) => taken)),
  Effect.retry({ schedule: Schedule.spaced("10 millis"), times: 300 })
)

it.live(
  "a worker that starts again under its name takes its executions at once, whoever else lives",
  Effect.fnUntraced(
    function* () {
      yield* startAndDie("w")
      const store = yield* WorkflowStore
      for (const other of ["a", "b", "c"]) yield* store.heartbeat({ id: WorkerId.make(other) }, Duration.hours(1))
      const Again = WaitLive.pipe(
        Layer.provideMerge(DefaultExecutor.layerWith({ worker: "w", heartbeatInterval: "1 hour" }))
      )
      yield* Effect.provide(allTaken, Again)
    },
    Effect.scoped,
    Effect.provide(MemoryStore.layer)
  )
)

it.live(
  "it takes them too when it registers their workflow long after it started",
  Effect.fnUntraced(
    function* () {
      yield* startAndDie("w")
      const Late = Layer.unwrap(Effect.as(Effect.sleep("150 millis"), WaitLive))
      const Again = Late.pipe(
        Layer.provideMerge(DefaultExecutor.layerWith({ worker: "w", heartbeatInterval: "20 millis" }))
      )
      yield* Effect.provide(allTaken, Again)
    },
    Effect.scoped,
    Effect.provide(MemoryStore.layer)
  )
)

it.live(
  "a worker leaves executions to another one that comes first for them, for one look",
  Effect.fnUntraced(
    function* () {
      yield* startAndDie("dead")
      const store = yield* WorkflowStore
      // It lives, says that it has the workflow, and takes nothing.
      yield* store.heartbeat({ id: WorkerId.make("other"), workflows: ["Wait"] }, Duration.hours(1))
      const taken: Array<number> = []
      const logger = Logger.make(({ message }) => {
        const [, count] = /^has taken (\d+) execution\(s\) over from worker dead\//.exec(String(message)) ?? []
        if (count !== undefined) taken.push(Number(count))
      })
      let ids = 0
      const Worker = WaitLive.pipe(
        Layer.provideMerge(
          DefaultExecutor.layerWith({ worker: "w", heartbeatInterval: "20 millis", makeId: () => `id ${ids++}` })
        ),
        Layer.provide(Logger.layer([logger]))
      )
      const told = Effect.sync(() => taken.reduce((sum, count) => sum + count, 0))
      const allTold = told.pipe(
        Effect.filterOrFail((sum) => sum >= numbers.length),
        Effect.retry({ schedule: Schedule.spaced("10 millis"), times: 300 })
      )
      yield* Effect.provide(Effect.andThen(allTaken, allTold), Worker)
      assert.strictEqual(yield* told, numbers.length)
      assert.isAtLeast(taken.length, 2, "some at the first look, and the others later")
    },
    Effect.scoped,
    Effect.provide(MemoryStore.layer)
  )
)

it.live(
  "of two living workers of one name the later one has the executions, once the earlier one has stopped and said so",
  Effect.fnUntraced(
    function* () {
      const lines: Array<string> = []
      const logger = Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])
      const calls: Array<string> = []
      const Step = Activity.make("Step", { input: Schema.Int })
      const Job = Workflow.make("Job", { input: Schema.Int, workflowId: String })
      const StepLive = Step.toLayer((n) => Effect.sync(() => calls.push(`${n}`)).pipe(Effect.delay("1 millis")))
      const Worker = Job.toLayer((job) =>
        Effect.andThen(Step(job), Effect.andThen(Effect.sleep("400 millis"), Step(-job)))
      ).pipe(
        Layer.provide(StepLive),
        Layer.provideMerge(
          DefaultExecutor.layerWith({ worker: "orders", heartbeatInterval: "40 millis", lease: "1 minute" })
        ),
        Layer.provide(logger),
        Layer.fresh
      )
      const one = yield* Layer.build(Worker)
      const jobs = Array.from({ length: 10 }, (_, index) => index + 1)
      const handles = yield* Effect.provideContext(
        Effect.forEach(jobs, (job) => Job.start(job)),
        one
      )
      yield* Effect.sleep("50 millis")
      const two = yield* Layer.build(Worker)
      yield* Effect.forEach(handles, (handle) => Effect.provideContext(Job.execute(Number(handle.id)), two), {
        concurrency: "unbounded"
      })
      assert.sameMembers(calls, [...jobs, ...jobs.map((job) => -job)].map(String), "every call ran once")
      const said = lines.filter((line) => line.includes("another worker has started"))
      assert.lengthOf(said, 1, lines.join("\n"))
      assert.include(said[0], '"orders"')
      const { living } = yield* (yield* WorkflowStore).workers
      assert.lengthOf(living, 1)
      // The earlier one is no worker any more, and still a client.
      assert.isTrue((yield* Effect.provideContext(Job.start(11), one)).created)
    },
    Effect.scoped,
    Effect.provide(MemoryStore.layer)
  )
)

it.live(
  "a worker does not take what it is just starting",
  Effect.fnUntraced(
    function* () {
      yield* Effect.all(
        [
          Wait.start(1),
          // Registering makes the worker look while the store has saved the start and not yet answered.
          Effect.delay(Layer.build(Workflow.make("Other").toLayer(() => Effect.void)), "50 millis")
        ],
        { concurrency: "unbounded" }
      )
      const handle = yield* Wait.handle("wait-1")
      assert.deepStrictEqual(
        (yield* handle.history).map((event) => event._tag),
        ["ExecutionStarted"]
      )
    },
    Effect.scoped,
    Effect.provide(Layer.suspend(() => SlowWorker))
  )
)

/** A store that is slow to say that it has saved. */
const SlowStore = Layer.effect(
  WorkflowStore,
  Effect.map(WorkflowStore, (store) => ({
    ...store,
    saveAll: (commits: Parameters<typeof store.saveAll>[0]) =>
      Effect.tap(store.saveAll(commits), Effect.sleep("100 millis"))
  }))
).pipe(Layer.provide(MemoryStore.layer))

const SlowWorker = WaitLive.pipe(Layer.provideMerge(DefaultExecutor.layer), Layer.provide(SlowStore))
