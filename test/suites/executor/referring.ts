/** Promises 1 and 8, of refs: a handle keeps to its execution, and a process without the program can start one. */
import { Effect, Fiber, Layer, Logger, Ref, Schema } from "effect"
import { Query, Signal, Update, Workflow, type WorkflowError } from "perdure"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { Sequence } from "perdure/Ids"
import type { WorkflowStore } from "perdure/Store/WorkflowStore"
import { assert } from "../assert.ts"
import { errorOf, reasonOf } from "./failures.ts"
import { Lab, open, settle, until } from "./Lab.ts"
import type { SuitePart } from "./SuitePart.ts"

const Go = Signal.make("go")
const Wait = Workflow.make("Wait", { input: Schema.String, success: Schema.String })
const WaitLive = Wait.toLayer((input) => Effect.as(Go.receive, input))
const Other = Workflow.make("Other", { success: Schema.Number })
const OtherLive = Other.toLayer(() => Effect.as(Go.receive, 7))

/** Goes on with another run at each signal, and adds its number to what it is given. */
const Entry = Workflow.make("Entry", { input: Schema.Int })
const Add = Update.make("add", { input: Schema.Int, success: Schema.Int })
const Size = Query.make("size", { success: Schema.Int })
const EntryLive = Entry.toLayer((size) =>
  Effect.gen(function* () {
    yield* Size.publish(yield* Ref.make(size))
    yield* Add.handle((number) => Effect.succeed(size + number))
    yield* Go.receive
    return Entry.continueAsNew(size + 1)
  })
)
const update = { _tag: "Update", name: "add", input: 1, wait: "answered" } as const

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

  it.effect("8. a ref with a later run of a chain means the chain, wherever it is used", () =>
    Effect.gen(function* () {
      const worker = yield* open(EntryLive)
      for (const app of [worker, yield* open(Layer.empty)]) {
        const { executions, executor, run } = app
        const handle = yield* worker.run(Entry.start(0))
        const { id: workflowId } = handle
        const next = Effect.andThen(worker.run(Go.send(workflowId)), settle)
        yield* settle
        yield* next
        const { runId } = yield* handle.describe
        assert.notStrictEqual(runId, handle.runId)
        // Twice: with the latest run, and with one before it.
        for (const round of [0, 1]) {
          const ref = { workflowId, runId }
          const ask = run(Add.execute(ref, 1, { updateId: `${round}` }))
          const answer = [yield* ask, yield* ask]
          assert.deepStrictEqual(answer, [round + 2, round + 2])
          const again = yield* executor.send(ref, { ...update, id: `${round}` })
          assert.deepInclude(again, { runId: handle.runId, accepted: true })
          assert.strictEqual(yield* run(Size.ask(ref)), round + 1)
          assert.strictEqual((yield* executions.describe(ref)).chain, handle.runId)
          assert.strictEqual((yield* executions.history(ref))[0]?._tag, "ExecutionStarted")
          assert.strictEqual(yield* reasonOf(executions.delete(ref)), "Unfinished")
          const waiting = yield* Effect.forkChild(executor.result(ref))
          yield* settle
          assert.isUndefined(waiting.pollUnsafe())
          yield* Fiber.interrupt(waiting)
          const complete = { _tag: "Complete", run: runId, seq: Sequence.make(0), activity: "Any", attempt: 1 } as const
          const exit = { _tag: "Success", value: null } as const
          assert.strictEqual(yield* reasonOf(executor.send(ref, { ...complete, exit })), "ActivityOver")
          yield* run(Go.send(ref))
          yield* settle
          assert.strictEqual((yield* handle.describe).status, "running")
        }
        const ref = { workflowId, runId }
        const waiting = yield* Effect.forkChild(executor.result(ref))
        yield* settle
        yield* executor.send(ref, { _tag: "Cancel", reason: "enough" })
        yield* settle
        for (const ended of [yield* Fiber.join(waiting), yield* executor.result(ref)]) {
          assert.include(ended, { _tag: "ExecutionCancelled", reason: "enough" })
        }
        yield* worker.run(Entry.start(0, { workflowId, whenExists: "restart" }))
        // Of an execution that is over its history tells.
        assert.include(yield* executor.result(ref), { _tag: "ExecutionCancelled", reason: "enough" })
        assert.deepInclude(yield* executor.send(ref, { ...update, id: "1" }), { exit: { _tag: "Success", value: 3 } })
        for (const message of [
          { _tag: "Cancel", reason: "" },
          { _tag: "Terminate", reason: "" }
        ] as const) {
          assert.strictEqual(yield* reasonOf(executor.send(ref, message)), "Restarted")
        }
      }
    })
  )

  it.effect("8. a ref with a later run of a chain means the chain in a program, too, and ends and removes it", () =>
    Effect.gen(function* () {
      const Asker = Workflow.make("Asker", { input: Schema.String, success: Schema.Json })
      const AskerLive = Asker.toLayer((runId) =>
        Effect.gen(function* () {
          const ref = { workflowId: "entry", runId }
          const executor = yield* DurableExecutor
          const sum = yield* Add.execute(ref, 1)
          const size = yield* Size.ask(ref)
          yield* Go.send(ref)
          yield* executor.send(ref, { _tag: "Cancel", reason: "enough" })
          return [sum, size, (yield* executor.result(ref))._tag]
        }).pipe(Effect.orDie)
      )
      const app = yield* open(Layer.merge(EntryLive, AskerLive))
      const handle = yield* app.run(Entry.start(0, { workflowId: "entry" }))
      yield* settle
      yield* app.run(Go.send(handle))
      yield* settle
      const { runId } = yield* handle.describe
      assert.deepStrictEqual(yield* app.run(Asker.execute(runId)), [2, 1, "ExecutionCancelled"])
      yield* settle
      const second = yield* app.run(Entry.start(0, { workflowId: "entry", whenExists: "restart" }))
      yield* settle
      yield* app.run(Go.send(second))
      yield* settle
      const ref = { workflowId: "entry", runId: (yield* second.describe).runId }
      yield* app.executor.send(ref, { _tag: "Terminate", reason: "enough" })
      yield* settle
      yield* app.executions.delete(ref)
      assert.strictEqual(yield* reasonOf(second.status), "NotFound")
    })
  )

  it.effect("8. a ref with a later run of a child means the child", () =>
    Effect.gen(function* () {
      const Tell = Signal.make("tell", { payload: Schema.String })
      const Parent = Workflow.make("Parent", { success: Schema.String })
      const ParentLive = Parent.toLayer(() =>
        Effect.gen(function* () {
          yield* Entry.start(0, { workflowId: "child" })
          const runId = yield* Tell.receive
          yield* Go.send({ workflowId: "child", runId })
          return yield* reasonOf(Go.send({ workflowId: "child", runId: "another" }))
        }).pipe(Effect.orDie)
      )
      const { run } = yield* open(Layer.merge(EntryLive, ParentLive))
      const parent = yield* run(Parent.start())
      yield* settle
      const child = yield* run(Entry.handle("child"))
      yield* run(Go.send(child))
      yield* settle
      const { runId, version } = yield* child.describe
      yield* run(Tell.send(parent, runId))
      assert.strictEqual(yield* parent.result, "Restarted")
      yield* settle
      assert.isAbove((yield* child.describe).version, version)
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
      // News of a commit of another process may be on its way for a while.
      yield* until(Effect.sync(() => lines.length > 1))
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
