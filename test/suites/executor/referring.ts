/** Promises 1 and 8, of refs: a handle keeps to its execution, and a process without the program can start one. */
import { assert } from "@effect/vitest"
import { Effect, Layer, Logger, Schema } from "effect"
import { Signal, Workflow, type WorkflowError } from "perdure"
import type { WorkflowStore } from "perdure/Store/WorkflowStore"
import { errorOf, reasonOf } from "./failures.ts"
import { Lab, open, settle } from "./Lab.ts"
import type { SuitePart } from "./SuitePart.ts"

const Go = Signal.make("go")
const Wait = Workflow.make("Wait", { input: Schema.String, success: Schema.String })
const WaitLive = Wait.toLayer((input) => Effect.as(Go.receive, input))
const Other = Workflow.make("Other", { success: Schema.Number })
const OtherLive = Other.toLayer(() => Effect.as(Go.receive, 7))

export const referring: SuitePart = (it) => {
  it.effect("8. a handle keeps to its execution: once the id is started again, it is refused", () =>
    Effect.gen(function* () {
      const app = yield* open(WaitLive)
      const start = (input: string) => app.run(Wait.start(input, { workflowId: "again", whenExists: "restart" }))
      const first = yield* start("x")
      yield* app.run(Go.send(first))
      assert.strictEqual(yield* first.result, "x")
      const second = yield* start("y")
      const questions: ReadonlyArray<readonly [string, Effect.Effect<unknown, WorkflowError.WorkflowError>]> = [
        ["cancel", first.cancel()],
        ["terminate", first.terminate()],
        ["signal", app.run(Go.send(first))],
        ["status", app.run(first.status)],
        ["describe", app.run(first.describe)],
        ["history", app.run(first.history)],
        ["delete", app.executions.delete(first)]
      ]
      for (const [name, question] of questions) {
        assert.deepInclude(yield* errorOf(question), { _tag: "Restarted", runId: second.runId }, name)
      }
      assert.strictEqual(yield* second.status, "running")
      assert.deepStrictEqual(
        (yield* second.history).map(({ _tag }) => _tag),
        ["ExecutionStarted"]
      )
      assert.strictEqual(yield* first.result, "x")
      yield* app.run(Go.send(second))
      assert.strictEqual(yield* second.result, "y")
    })
  )

  it.effect("8. the same through an executor that does not run the execution", () =>
    Effect.gen(function* () {
      const app = yield* open(WaitLive)
      const client = yield* open(Layer.empty)
      const first = yield* app.run(Wait.start("x", { workflowId: "again" }))
      const old = yield* client.run(Wait.handle("again"))
      yield* app.run(Go.send(first))
      yield* first.result
      const second = yield* app.run(Wait.start("y", { workflowId: "again", whenExists: "restart" }))
      for (const question of [old.cancel(), old.terminate(), client.run(Go.send(old))]) {
        assert.deepInclude(yield* errorOf(question), { _tag: "Restarted", runId: second.runId })
      }
      assert.strictEqual(yield* old.result, "x")
      assert.strictEqual(yield* second.status, "running")
    })
  )

  it.effect("8. the handle of one workflow is not given for an execution of another", () =>
    Effect.gen(function* () {
      const app = yield* open(Layer.merge(WaitLive, OtherLive))
      yield* app.run(Wait.start("x", { workflowId: "order-1" }))
      const error = yield* errorOf(app.run(Other.handle("order-1")))
      assert.deepInclude(error, { _tag: "WrongWorkflow", expected: "Other", found: "Wait" })
      assert.strictEqual((yield* app.run(Wait.handle("order-1"))).id, "order-1")
    })
  )

  it.effect("8. a signal is sent by an id, a ref or a handle", () =>
    Effect.gen(function* () {
      const app = yield* open(WaitLive)
      for (const to of [
        (handle: { readonly id: string }) => handle.id,
        ({ id, runId }: { readonly id: string; readonly runId: string }) => ({ workflowId: id, runId }),
        <H>(handle: H) => handle
      ]) {
        const handle = yield* app.run(Wait.start("x"))
        yield* app.run(Go.send(to(handle), undefined))
        assert.strictEqual(yield* handle.result, "x")
      }
    })
  )

  it.effect("1. a process without the program starts an execution, and a worker that has it runs it at once", () =>
    Effect.gen(function* () {
      const worker = yield* open(WaitLive)
      const client = yield* open(Layer.empty)
      const handle = yield* client.run(Wait.start("x", { workflowId: "one", timeout: "1 hour", attributes: { a: 1 } }))
      assert.isTrue(handle.created)
      yield* settle
      const summary = yield* handle.describe
      assert.isDefined(summary.owner)
      assert.deepInclude(summary, {
        status: "running",
        waitingFor: [{ _tag: "Signal", name: "go" }],
        attributes: { a: 1 }
      })
      yield* client.run(Go.send(handle))
      yield* settle
      assert.strictEqual(yield* handle.result, "x")
      assert.strictEqual(yield* (yield* worker.run(Wait.handle("one"))).result, "x")
      assert.deepStrictEqual(
        (yield* handle.history).map(({ _tag }) => _tag),
        ["ExecutionStarted", "OwnerChanged", "SignalReceived", "ExecutionCompleted"]
      )
    })
  )

  it.effect(
    "1. an execution that no worker can run yet says so, keeps what it is told, and is run by the first that can",
    () =>
      Effect.gen(function* () {
        const client = yield* open(OtherLive)
        const handle = yield* client.run(Wait.start("x"))
        yield* settle
        assert.deepInclude(yield* handle.describe, {
          status: "running",
          waitingFor: [{ _tag: "Worker", workflow: "Wait" }]
        })
        yield* client.run(Go.send(handle))
        const again = yield* client.run(Wait.start("x", { workflowId: handle.id }))
        assert.isFalse(again.created)
        assert.deepInclude(yield* errorOf(client.run(Wait.start("y", { workflowId: handle.id }))), {
          _tag: "AlreadyExists",
          differs: "input"
        })
        yield* open(WaitLive)
        yield* settle
        assert.strictEqual(yield* handle.result, "x")
      })
  )

  it.effect("1. what a program logs at its first run is logged once, also when another process has started it", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.layer([
        Logger.make(({ message }) => {
          // The executor itself says that it has taken the execution over.
          if (!String(message).startsWith("has taken 1 execution(s)")) lines.push(String(message))
        })
      ])
      const Tell = Workflow.make("Tell")
      const TellLive = Tell.toLayer(() =>
        Effect.log("begun").pipe(Effect.andThen(Go.receive), Effect.andThen(Effect.log("gone")))
      )
      const client = yield* open(Layer.empty)
      const handle = yield* client.run(Tell.start())
      const first = yield* Effect.provide(open(TellLive), logger)
      yield* settle
      assert.deepStrictEqual(lines, ["begun"])
      yield* first.stop
      yield* Effect.provide(open(TellLive), logger)
      yield* settle
      yield* client.run(Go.send(handle))
      yield* settle
      assert.deepStrictEqual(lines, ["begun", "gone"])
    })
  )

  it.effect("1. of many workers that could run it one does", () =>
    Effect.gen(function* () {
      const workers = yield* Effect.replicateEffect(open(WaitLive), 4)
      const client = yield* open(Layer.empty)
      const handles = yield* Effect.forEach(
        Array.from({ length: 50 }, (_, index) => `${index}`),
        (workflowId) => client.run(Wait.start("x", { workflowId })),
        { concurrency: "unbounded" }
      )
      yield* settle
      const { store } = yield* Lab
      for (const { id } of handles) {
        yield* client.signal(id, "go", null)
        yield* settle
        assert.strictEqual(yield* (yield* workers[0]!.run(Wait.handle(id))).result, "x")
      }
      assert.strictEqual(yield* store.count({ status: ["completed"] }), 50)
    })
  )

  it.effect("8. a deletion leaves a run alone that was started meanwhile, and the next run goes on after it", () =>
    Effect.gen(function* () {
      const app = yield* open(WaitLive)
      const start = app.run(Wait.start("x", { workflowId: "one", whenExists: "restart" }))
      const first = yield* start
      yield* app.run(Go.send(first))
      yield* first.result
      const { version } = yield* first.describe
      yield* app.executions.delete(first)
      const second = yield* start
      assert.isTrue(second.created)
      assert.strictEqual(Number((yield* second.describe).version), version + 2)
      assert.strictEqual(yield* reasonOf(app.executions.delete(second)), "Unfinished")
      assert.strictEqual(yield* reasonOf(app.executions.delete(first)), "Restarted")
      assert.strictEqual(yield* second.status, "running")
      yield* app.run(Go.send(second))
      assert.strictEqual(yield* second.result, "x")
    })
  )

  it.effect("8. a deletion leaves a run alone that was started, and has ended, while it is under way", () =>
    Effect.gen(function* () {
      const lab = yield* Lab
      const app = yield* open(WaitLive)
      const start = app.run(Wait.start("x", { workflowId: "one", whenExists: "restart" }))
      const finish = Effect.flatMap(start, (handle) => Effect.andThen(app.run(Go.send(handle)), handle.result))
      yield* finish
      let reads = 0
      const store: WorkflowStore["Service"] = {
        ...lab.store,
        load: (workflowId, options) =>
          Effect.tap(lab.store.load(workflowId, options), () => (reads++ === 0 ? Effect.orDie(finish) : Effect.void))
      }
      const client = yield* Effect.provideService(open(Layer.empty), Lab, { ...lab, store })
      assert.strictEqual(yield* reasonOf(client.executions.delete("one")), "Restarted")
      assert.deepInclude(yield* app.executions.describe("one"), { status: "completed" })
    })
  )

  it.effect("8. executions are counted as they are listed", () =>
    Effect.gen(function* () {
      const app = yield* open(Layer.merge(WaitLive, OtherLive))
      for (const workflowId of ["a", "b", "c"]) yield* app.run(Wait.start("x", { workflowId }))
      yield* app.run(Other.start(undefined, { workflowId: "d" }))
      yield* app.signal("b", "go", null)
      yield* settle
      assert.strictEqual(yield* app.executions.count(), 4)
      assert.strictEqual(yield* app.executions.count({ workflow: "Wait", status: ["running"] }), 2)
      assert.strictEqual(yield* app.executions.count({ status: ["completed"] }), 1)
      const { executions } = yield* app.executions.list({ order: "newest", limit: 2 })
      assert.deepStrictEqual(
        executions.map(({ workflowId }) => String(workflowId)),
        ["d", "c"]
      )
    })
  )
}
