/** Promise 14, of time and order: a shutdown takes its time once, begins nothing, and with `drain` lets handlers end. */
import { Clock, Effect, Exit, Fiber, Latch, Layer, Option, Schema, Scope } from "effect"
import { Activity, Signal, Workflow } from "perdure"
import { InlineActivities, WorkflowRegistry } from "perdure/Executor/WorkflowRegistry"
import { WorkflowId } from "perdure/Ids"
import { assert } from "../assert.ts"
import type { SuitePart } from "./SuitePart.ts"
import { looked, open, pass, type Running, settle, until, Lab, type Workflows, words } from "./Lab.ts"

const Add = Signal.make("add", { payload: Schema.Number })
const Work = Activity.make("Work", { input: Schema.Number, success: Schema.Number })
const Run = Workflow.make("Run", { input: Schema.Number, success: Schema.Array(Schema.Number) })

/** Workflows whose one activity hangs, or does what a test says. */
const Call = Activity.make("Call", { success: Schema.Number })
const named = (names: ReadonlyArray<string>, handler: Effect.Effect<number>) => {
  const workflows = names.map((name) => Workflow.make(name, { success: Schema.Number }))
  const layers = workflows.map((workflow) =>
    workflow.toLayer(() => Call()).pipe(Layer.provide(Call.toLayer(() => handler)))
  )
  return { workflows, layers }
}
/** Registers workflows one after the other, to be unregistered one after the other. */
const inTurn = (layers: ReadonlyArray<Workflows>): Workflows =>
  layers.reduce((all, layer) => Layer.provideMerge(layer, all))

const orders = {
  together: (layers: ReadonlyArray<Workflows>): Workflows => Layer.mergeAll(Layer.empty, ...layers),
  "one after the other": inTurn
}

const took = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const before = yield* Clock.currentTimeMillis
  yield* effect
  return (yield* Clock.currentTimeMillis) - before
})

export const unregistering: SuitePart = (it) => {
  for (const [order, all] of Object.entries(orders)) {
    it.live(`14. a shutdown takes its time once, when many workflows end ${order}`, () =>
      Effect.gen(function* () {
        const gate = yield* Latch.make(false)
        const names = ["A", "B", "C", "D", "E", "F"]
        const { layers, workflows } = named(names, Effect.uninterruptible(Effect.as(gate.await, 1)))
        const app = yield* open(all(layers), { shutdownTimeout: "400 millis" })
        const handles = yield* Effect.forEach(workflows, (workflow) => app.run(workflow.start()))
        yield* until(
          Effect.map(
            Effect.forEach(handles, (handle) => handle.describe),
            (described) => described.every((summary) => words(summary)[0] === "activity Call #0")
          )
        )
        assert.isBelow(yield* took(app.stop), 1000)
        yield* gate.open
      })
    )

    it.live(`14. no handler that stands in line begins in a shutdown, when many workflows end ${order}`, () =>
      Effect.gen(function* () {
        let begun = 0
        const handler = Effect.suspend(() => {
          begun++
          return Effect.as(Effect.uninterruptible(Effect.sleep("50 millis")).pipe(Effect.andThen(Effect.never)), 1)
        })
        const { layers, workflows } = named(["A", "B", "C"], handler)
        const app = yield* open(all(layers), { maxActivities: 2 })
        // The workflow that ends first has the handlers that run.
        for (const workflow of workflows.toReversed()) yield* Effect.replicateEffect(app.run(workflow.start()), 5)
        yield* until(Effect.sync(() => begun === 2))
        yield* app.stop
        assert.strictEqual(begun, 2)
      })
    )
  }

  it.live("14. a workflow that ends alone holds up the handlers of others no longer than it takes", () =>
    Effect.gen(function* () {
      const begun: Array<string> = []
      const handler = (name: string) => Effect.suspend(() => (begun.push(name) > 1 ? Effect.succeed(1) : Effect.never))
      const [ending, staying] = [named(["Ending"], handler("ending")), named(["Staying"], handler("staying"))]
      const app = yield* open(staying.layers[0]!, { maxActivities: 1 })
      const scope = yield* Scope.make()
      yield* Layer.buildWithScope(
        Layer.provide(ending.layers[0]!, Layer.succeed(WorkflowRegistry, app.registry)),
        scope
      )
      yield* app.run(ending.workflows[0]!.start())
      yield* until(Effect.sync(() => begun.length === 1))
      const handle = yield* app.run(staying.workflows[0]!.start())
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(yield* Effect.timeout(handle.result, "5 seconds"), 1)
      assert.deepStrictEqual(begun, ["ending", "staying"])
    })
  )

  it.live("14. handlers of a workflow that has ended alone make room for others, also when they hang", () =>
    Effect.gen(function* () {
      const gate = yield* Latch.make(false)
      let begun = 0
      const hanging = Effect.suspend(() => {
        begun++
        return Effect.uninterruptible(Effect.as(gate.await, 1))
      })
      const [ending, staying] = [named(["Ending"], hanging), named(["Staying"], Effect.succeed(1))]
      const app = yield* open(staying.layers[0]!, { maxActivities: 1, shutdownTimeout: "100 millis" })
      const scope = yield* Scope.make()
      const registry = Layer.succeed(WorkflowRegistry, app.registry)
      yield* Layer.buildWithScope(Layer.provide(ending.layers[0]!, registry), scope)
      yield* app.run(ending.workflows[0]!.start(undefined, { workflowId: "hangs" }))
      yield* until(Effect.sync(() => begun === 1))
      const handle = yield* app.run(staying.workflows[0]!.start())
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(yield* Effect.timeout(handle.result, "5 seconds"), 1)
      // What it was about goes on when its workflow is there again.
      yield* gate.open
      yield* Layer.build(Layer.provide(named(["Ending"], Effect.succeed(2)).layers[0]!, registry))
      assert.deepInclude(yield* Effect.timeout(app.result("hangs"), "5 seconds"), { value: 2 })
    })
  )

  it.live("14. with drain a shutdown lets handlers that run go on, keeps their results, and begins nothing", () =>
    Effect.gen(function* () {
      const begun: Array<number> = []
      const gate = yield* Latch.make(false)
      const handler = Work.toLayer((number) =>
        Effect.suspend(() => {
          begun.push(number)
          return Effect.as(number === 3 ? Effect.never : gate.await, number * 10)
        })
      )
      const app = yield* open(
        Run.toLayer((number) => Effect.all([Work(number), Work(number)])).pipe(Layer.provide(handler)),
        { drain: true, maxActivities: 2, shutdownTimeout: "2 seconds" }
      )
      for (const number of [1, 3, 5]) yield* app.run(Run.start(number, { workflowId: `run ${number}` }))
      yield* until(Effect.sync(() => begun.length === 2))
      const stopping = yield* Effect.forkChild(took(app.stop), { startImmediately: true })
      yield* Effect.sleep("20 millis")
      yield* gate.open
      const time = yield* Fiber.join(stopping)
      assert.isAtLeast(time, 1500)
      assert.isBelow(time, 2500)
      assert.deepStrictEqual(begun, [1, 3])
      const { store } = yield* Lab
      const { executions } = yield* store.list()
      assert.deepStrictEqual(
        new Map(executions.map((summary) => [summary.workflowId as string, words(summary)])),
        new Map([
          ["run 1", ["activity Work #1"]],
          ["run 3", ["activity Work #0"]],
          ["run 5", ["activity Work #0"]]
        ])
      )
    })
  )

  it.effect("14. with drain a shutdown ends when the last handler has ended, and callers get what comes of it", () =>
    Effect.gen(function* () {
      const { layers, workflows } = named(["A", "B"], Effect.as(Effect.sleep("1 hour"), 7))
      const app = yield* open(inTurn(layers), { drain: true, shutdownTimeout: Number.POSITIVE_INFINITY })
      const handles = yield* Effect.forEach(workflows, (workflow) => app.run(workflow.start()))
      const results = yield* Effect.forkChild(Effect.forEach(handles, (handle) => handle.result))
      yield* settle
      const stopping = yield* Effect.forkChild(app.stop, { startImmediately: true })
      yield* pass("59 minutes")
      assert.isUndefined(stopping.pollUnsafe())
      yield* pass("1 minute")
      yield* Fiber.join(stopping)
      assert.deepStrictEqual(yield* Fiber.join(results), [7, 7])
    })
  )

  it.effect("14. with drain a race ends when its winner does, and the loser is interrupted", () =>
    Effect.gen(function* () {
      let interrupted = 0
      const handler = Work.toLayer((number) =>
        Effect.as(Effect.sleep(number * 60_000), number).pipe(
          Effect.onInterrupt(() => Effect.sync(() => interrupted++))
        )
      )
      const app = yield* open(
        Run.toLayer(() => Effect.map(Effect.raceFirst(Work(1), Work(60)), (first) => [first])).pipe(
          Layer.provide(handler)
        ),
        { drain: true }
      )
      const handle = yield* app.run(Run.start(0))
      const result = yield* Effect.forkChild(handle.result)
      yield* settle
      const stopping = yield* Effect.forkChild(app.stop, { startImmediately: true })
      yield* pass("1 minute")
      yield* Fiber.join(stopping)
      assert.deepStrictEqual([yield* Fiber.join(result), interrupted], [[1], 1])
    })
  )

  it.effect("14. with drain a program goes on with what it is told, and begins nothing", () =>
    Effect.gen(function* () {
      const begun: Array<number> = []
      const handler = Work.toLayer((number) => {
        begun.push(number)
        return Effect.as(Effect.sleep("1 minute"), number)
      })
      const app = yield* open(
        Run.toLayer((number) =>
          Effect.all([Work(number), Effect.flatMap(Add.receive, Work), Add.receive], { concurrency: 3 })
        ).pipe(Layer.provide(handler)),
        { drain: true }
      )
      const other = yield* open(Layer.empty)
      const { id } = yield* app.run(Run.start(1))
      yield* settle
      const stopping = yield* Effect.forkChild(app.stop, { startImmediately: true })
      for (const number of [2, 3]) {
        yield* other.run(Add.send(id, number))
        yield* settle
      }
      assert.isUndefined(stopping.pollUnsafe())
      yield* pass("1 minute")
      yield* Fiber.join(stopping)
      assert.deepStrictEqual(begun, [1])
      const { store } = yield* Lab
      assert.deepStrictEqual(words((yield* store.list()).executions[0]!), ["activity Work #1"])
    })
  )

  it.live(
    "16. children of an execution that is terminated are told, also when its worker lives and has let it go",
    () =>
      Effect.gen(function* () {
        const [Top, Middle, Leaf] = ["Top", "Middle", "Leaf"].map((name) =>
          Workflow.make(name, { workflowId: () => name })
        )
        const terminate = { parentClose: "terminate" } as const
        const waits = Effect.asVoid(Add.receive)
        const TopLive = Top!.toLayer(() => Effect.andThen(Effect.orDie(Middle!.start(undefined, terminate)), waits))
        const MiddleLive = Middle!.toLayer(() => Effect.andThen(Effect.orDie(Leaf!.start(undefined, terminate)), waits))
        const Other = Workflow.make("Other")
        const beats = { heartbeatInterval: "50 millis", lease: "1 minute" } as const
        const top = yield* open(TopLive, beats)
        const staying = yield* open(
          Other.toLayer(() => waits),
          beats
        )
        yield* open(
          Leaf!.toLayer(() => waits),
          beats
        )
        const { store } = yield* Lab
        const found = (id: string) => Effect.map(store.summary(WorkflowId.make(id)), Option.getOrUndefined)
        const isTold = (id: string) =>
          Effect.map(found(id), (summary) => summary?.status === "terminated" && summary.owed === undefined)
        const waitsFor = (id: string) =>
          Effect.map(found(id), (summary) => summary !== undefined && words(summary).includes("signal add"))
        // By the end of its parent, and by a client.
        for (const end of [top.signal("Top", "add", 1), top.terminate("Middle")]) {
          const letGo = yield* register(staying, MiddleLive)
          yield* top.run(Top!.start(undefined, { whenExists: "restart" }))
          for (const id of ["Top", "Middle", "Leaf"]) yield* until(waitsFor(id))
          yield* letGo
          // The scan after it still finds what was let go.
          yield* looked(staying)
          yield* end
          for (const id of ["Middle", "Leaf"]) yield* until(isTold(id))
          yield* Effect.ignore(top.terminate("Top"))
          for (const id of ["Top", "Middle", "Leaf"]) {
            yield* until(Effect.isSuccess(top.executions.delete(id)))
          }
        }
      })
  )
}

// internal

/** Adds a workflow to an executor until it is let go. */
const register = Effect.fnUntraced(function* (app: Running, workflows: Workflows) {
  const scope = yield* Scope.make()
  const registry = Layer.merge(Layer.succeed(WorkflowRegistry, app.registry), Layer.succeed(InlineActivities, true))
  yield* Layer.buildWithScope(Layer.provide(workflows, registry), scope)
  return Scope.close(scope, Exit.void)
})
