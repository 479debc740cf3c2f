/** Hooks where something goes wrong around them: callers that give up, loggers that throw, hooks that never end, late layers. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Logger, Scope } from "effect"
import { Activity, Hooks, Signal, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import * as Lab from "../suites/executor/Lab.ts"

const { open, pass, settle } = Lab
const laboratory = Effect.provide(Lab.layer({ store: MemoryStore.layer, executor: DefaultExecutor.layerWith }))

const Note = Signal.make("note")
const Order = Workflow.make("Order", { workflowId: () => "order" })
const OrderLive = Order.toLayer(() => Effect.forever(Note.receive))

/** Hooks that count the signals. */
const counting = () => {
  const count = { calls: 0 }
  const hooks = Hooks.make([Note], { onSignal: () => Effect.sync(() => count.calls++) })
  return { count, hooks }
}

/** A start that is stored, of which its writer has not learned. */
const starting = Effect.gen(function* () {
  const store = yield* MemoryStore.make()
  const [written, answered] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
  const slow: WorkflowStore["Service"] = {
    ...store,
    save: (commit) =>
      store
        .save(commit)
        .pipe(Effect.andThen(Deferred.succeed(written, undefined)), Effect.andThen(Deferred.await(answered)))
  }
  const started: Array<string> = []
  const hooks = Hooks.make([Order], {
    onWorkflowStart: ({ workflowId }) => Effect.sync(() => started.push(workflowId))
  })
  const live = Hooks.layer(hooks).pipe(
    Layer.provideMerge(DefaultExecutor.layer),
    Layer.provide(Layer.succeed(WorkflowStore, slow))
  )
  const scope = yield* Scope.make()
  const context = yield* Layer.buildWithScope(live, scope)
  const caller = yield* Effect.forkChild(Effect.provideContext(Order.start(), context))
  yield* Deferred.await(written)
  // Who waits for a deferred goes on within the call that ends it.
  yield* Effect.yieldNow
  const answer = Effect.andThen(Deferred.succeed(answered, undefined), Effect.yieldNow)
  return { answer, caller, end: Scope.close(scope, Exit.void), started }
})

describe("a caller", () => {
  it.effect("22. what is stored is told, also when its caller gives up before the answer", () =>
    Effect.gen(function* () {
      const { answer, caller, end, started } = yield* starting
      yield* Fiber.interrupt(caller)
      yield* answer
      yield* end
      assert.deepStrictEqual(started, ["order"])
    })
  )

  it.effect("22. a caller whose executor ends before the store has answered has its answer", () =>
    Effect.gen(function* () {
      const { answer, caller, end, started } = yield* starting
      yield* end
      yield* answer
      const exit = yield* Fiber.await(caller)
      assert.strictEqual(Exit.isSuccess(exit) ? exit.value.workflowId : String(exit.cause), "order")
      assert.deepStrictEqual(started, [])
    })
  )
})

describe("hooks", () => {
  it.effect("go on when a logger throws", () =>
    Effect.gen(function* () {
      const { count, hooks } = counting()
      const bad = Hooks.make([Note], { onSignal: () => Effect.fail("no") })
      const broken = Logger.layer([
        Logger.make(() => {
          throw new Error("the log is full")
        })
      ])
      const live = OrderLive.pipe(
        Layer.provideMerge(Layer.provide(Hooks.layer(Hooks.compose(bad, hooks), { concurrency: 1 }), broken))
      )
      const app = yield* open(live)
      const run = yield* app.run(Order.start())
      for (let i = 0; i < 5; i++) yield* app.run(Note.send(run))
      yield* settle
      assert.strictEqual(count.calls, 5)
    }).pipe(laboratory)
  )

  it.effect("that never end and let nothing interrupt them are bounded in number", () =>
    Effect.gen(function* () {
      let begun = 0
      const lines: Array<string> = []
      const stuck = Hooks.make([Note], {
        onSignal: () =>
          Effect.uninterruptible(
            Effect.andThen(
              Effect.sync(() => begun++),
              Effect.never
            )
          )
      })
      const layer = Hooks.layer(stuck, { timeout: "1 second", queueSize: 100, shutdownTimeout: 0 })
      const log = Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])
      const app = yield* open(OrderLive.pipe(Layer.provideMerge(Layer.provide(layer, log))))
      const run = yield* app.run(Order.start())
      for (let i = 0; i < 150; i++) {
        yield* app.run(Note.send(run))
        yield* pass("1 second")
      }
      assert.strictEqual(begun, 100)
      const dropped = lines.filter((line) => line.includes("dropped"))
      assert.strictEqual(dropped.length, 1)
      assert.include(dropped[0], "100 calls of hooks wait, or hang and let nothing interrupt them")
    }).pipe(laboratory)
  )

  it.effect("of thousands of commits that hang hold no more than their queue", () =>
    Effect.gen(function* () {
      let begun = 0
      const stuck = Hooks.make([Note], {
        onSignal: () =>
          Effect.andThen(
            Effect.sync(() => begun++),
            Effect.never
          )
      })
      const layer = Hooks.layer(stuck, { timeout: "1 second", queueSize: 50, shutdownTimeout: 0 })
      const app = yield* open(OrderLive.pipe(Layer.provideMerge(layer)))
      const run = yield* app.run(Order.start())
      for (let i = 0; i < 3000; i++) yield* app.run(Note.send(run))
      yield* pass("1 minute")
      assert.isAtMost(begun, 52)
      assert.isAtLeast(begun, 50)
    }).pipe(laboratory)
  )

  it.effect("whose layer comes late are told of what is committed from then on", () =>
    Effect.gen(function* () {
      const Work = Activity.make("Work")
      const Job = Workflow.make("Job", { workflowId: () => "job" })
      const JobLive = Job.toLayer(() => Effect.andThen(Work(), Effect.sleep("1 hour"))).pipe(
        Layer.provide(Work.toLayer(() => Effect.sleep("1 minute")))
      )
      const told: Array<string> = []
      const note = (name: string) => () => Effect.sync(() => told.push(name))
      const hooks = Hooks.make([Work, Job], {
        onWorkflowStart: note("start"),
        onActivityStart: note("call"),
        onActivityComplete: note("result"),
        onTimer: note("timer"),
        onWorkflowComplete: note("end")
      })
      const { executor } = yield* Lab.Lab
      const store = yield* MemoryStore.make()
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(
        JobLive.pipe(Layer.provideMerge(executor({})), Layer.provide(Layer.succeed(WorkflowStore, store))),
        scope
      )
      yield* Effect.provideContext(Job.start(), context)
      yield* pass("1 second")
      const late = yield* Scope.make()
      yield* Effect.provideContext(Layer.buildWithScope(Hooks.layer(hooks), late), context)
      yield* pass("1 minute")
      assert.deepStrictEqual(told, ["result"])
      yield* Scope.close(late, Exit.void)
      yield* pass("2 hours")
      assert.deepStrictEqual(told, ["result"])
      yield* Scope.close(scope, Exit.void)
    }).pipe(laboratory)
  )
})
