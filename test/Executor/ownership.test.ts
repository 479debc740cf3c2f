/** Who takes an execution whose worker is gone. */
import { assert, it } from "@effect/vitest"
import { Duration, Effect, Layer, Schedule, Schema } from "effect"
import { Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import { WorkerId } from "perdure/Ids"
import * as MemoryStore from "perdure/Store/Memory"
import { WorkflowStore } from "perdure/Store/WorkflowStore"

const Wait = Workflow.make("Wait", { input: Schema.Int, workflowId: (number) => `wait-${number}` })

const WaitLive = Wait.toLayer(() => Effect.never)

const numbers = Array.from({ length: 20 }, (_, index) => index)

/** Starts executions on a worker that stays silent until the end of the test, as if it were killed. */
const startAndDie = (name: string) =>
  Effect.gen(function* () {
    const Worker = WaitLive.pipe(
      Layer.provideMerge(DefaultExecutor.layerWith({ worker: name, heartbeatInterval: "1 hour" })),
      Layer.fresh
    )
    yield* Effect.forEach(numbers, (number) => Wait.start(number)).pipe(
      Effect.provideContext(yield* Layer.build(Worker))
    )
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
