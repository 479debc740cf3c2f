/** Promise 1, of starts: none is lost, and one id is one execution. */
import { Effect, Layer, Schema } from "effect"
import { Activity, Signal, Workflow } from "perdure"
import { assert } from "../assert.ts"
import type { SuitePart } from "./SuitePart.ts"
import { open, settle, Lab } from "./Lab.ts"
import { errorOf, reasonOf } from "./failures.ts"

const Count = Activity.make("Count", { input: Schema.String, success: Schema.String })
const Go = Signal.make("go")

const Greet = Workflow.make("Greet", {
  input: Schema.Struct({ name: Schema.String }),
  success: Schema.String,
  workflowId: ({ name }) => `greet ${name}`
})
const Wait = Workflow.make("Wait", { input: Schema.String, success: Schema.String })

/** Both workflows; `counted` gets the input of each run of the activity. */
const workflows = (counted: Array<string> = []) =>
  Layer.mergeAll(
    Greet.toLayer(({ name }) => Count(`Hello ${name}`)),
    Wait.toLayer((input) => Effect.as(Go.receive, input))
  ).pipe(
    Layer.provide(
      Count.toLayer((text) =>
        Effect.as(
          Effect.sync(() => counted.push(text)),
          text
        )
      )
    )
  )

export const starting: SuitePart = (it) => {
  it.effect("1. a start that was answered is in the store", () =>
    Effect.gen(function* () {
      const app = yield* open(workflows())
      const handle = yield* app.run(Greet.start({ name: "Ada" }))
      assert.isTrue(handle.created)
      assert.strictEqual(handle.id, "greet Ada")
      const { store } = yield* Lab
      const { executions } = yield* store.list()
      assert.deepStrictEqual(
        executions.map(({ runId, workflow, workflowId }) => ({ runId, workflow, workflowId: String(workflowId) })),
        [{ runId: handle.runId, workflow: "Greet", workflowId: "greet Ada" }]
      )
      assert.strictEqual(yield* handle.result, "Hello Ada")
    })
  )

  it.effect("1. starting an id again answers the first execution, running or finished", () =>
    Effect.gen(function* () {
      const counted: Array<string> = []
      const app = yield* open(workflows(counted))
      const first = yield* app.run(Wait.start("x", { workflowId: "once" }))
      const second = yield* app.run(Wait.start("x", { workflowId: "once" }))
      assert.isFalse(second.created)
      assert.strictEqual(second.runId, first.runId)
      yield* app.run(Go.send(first))
      assert.strictEqual(yield* second.result, "x")
      const third = yield* app.run(Wait.start("x", { workflowId: "once" }))
      assert.isFalse(third.created)
      assert.strictEqual(yield* third.result, "x")
      yield* Effect.replicateEffect(app.run(Greet.execute({ name: "Ada" })), 3)
      assert.deepStrictEqual(counted, ["Hello Ada"])
    })
  )

  it.effect("1. another input under one id is an error, running or finished", () =>
    Effect.gen(function* () {
      const app = yield* open(workflows())
      const handle = yield* app.run(Wait.start("x", { workflowId: "once" }))
      const again = app.run(Wait.start("y", { workflowId: "once" }))
      assert.include(yield* errorOf(again), { _tag: "AlreadyExists", status: "running", differs: "input" })
      yield* app.run(Go.send(handle))
      yield* handle.result
      assert.include(yield* errorOf(again), { _tag: "AlreadyExists", status: "completed", differs: "input" })
      assert.strictEqual(yield* handle.result, "x")
    })
  )

  it.effect("1. the id of another workflow is an error", () =>
    Effect.gen(function* () {
      const app = yield* open(workflows())
      yield* app.run(Greet.start({ name: "Ada" }))
      const error = yield* errorOf(app.run(Wait.start("x", { workflowId: "greet Ada" })))
      assert.include(error, { _tag: "AlreadyExists", differs: "workflow" })
    })
  )

  it.effect("1. whenExists fail refuses an id that exists, also with the same input", () =>
    Effect.gen(function* () {
      const app = yield* open(workflows())
      const start = app.run(Wait.start("x", { workflowId: "once", whenExists: "fail" }))
      const handle = yield* start
      assert.include(yield* errorOf(start), { _tag: "AlreadyExists", status: "running", differs: "nothing" })
      yield* app.run(Go.send(handle))
      yield* handle.result
      assert.include(yield* errorOf(start), { _tag: "AlreadyExists", status: "completed", differs: "nothing" })
    })
  )

  it.effect("1. whenExists restart makes a new run of a finished execution, also with another input", () =>
    Effect.gen(function* () {
      const app = yield* open(workflows())
      const start = (input: string) => app.run(Wait.start(input, { workflowId: "again", whenExists: "restart" }))
      const first = yield* start("x")
      assert.strictEqual((yield* start("x")).runId, first.runId)
      yield* app.run(Go.send(first))
      assert.strictEqual(yield* first.result, "x")
      const second = yield* start("y")
      assert.isTrue(second.created)
      assert.notStrictEqual(second.runId, first.runId)
      assert.strictEqual(yield* second.status, "running")
      assert.strictEqual(yield* first.result, "x")
      yield* app.run(Go.send(second))
      assert.strictEqual(yield* second.result, "y")
      assert.strictEqual(yield* first.result, "x")
    })
  )

  it.effect("1. whenExists restart answers an execution that runs, and refuses it another input", () =>
    Effect.gen(function* () {
      const app = yield* open(workflows())
      const start = (input: string) => app.run(Wait.start(input, { workflowId: "again", whenExists: "restart" }))
      const first = yield* start("x")
      assert.include(yield* errorOf(start("y")), { _tag: "AlreadyExists", status: "running", differs: "input" })
      assert.strictEqual(yield* first.status, "running")
    })
  )

  it.effect("1. starts of one id at once make one run", () =>
    Effect.gen(function* () {
      const counted: Array<string> = []
      const apps = yield* Effect.all([open(workflows(counted)), open(workflows(counted))])
      const handles = yield* Effect.forEach(
        Array.from({ length: 20 }, (_, index) => apps[index % 2]!),
        (app) => app.run(Greet.start({ name: "Ada" })),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(new Set(handles.map((handle) => handle.runId)).size, 1)
      assert.strictEqual(handles.filter((handle) => handle.created).length, 1)
      yield* Effect.forEach(handles, (handle) => handle.result, { concurrency: "unbounded" })
      assert.deepStrictEqual(counted, ["Hello Ada"])
    })
  )

  it.effect("1. restarts of one id at once make one run", () =>
    Effect.gen(function* () {
      const apps = yield* Effect.all([open(workflows()), open(workflows())])
      const start = (app: (typeof apps)[number]) =>
        app.run(Wait.start("x", { workflowId: "again", whenExists: "restart" }))
      const first = yield* start(apps[0])
      yield* apps[0].run(Go.send(first))
      yield* first.result
      const handles = yield* Effect.forEach(
        Array.from({ length: 10 }, (_, index) => apps[index % 2]!),
        start,
        { concurrency: "unbounded" }
      )
      assert.strictEqual(new Set(handles.map((handle) => handle.runId)).size, 1)
      assert.strictEqual(handles.filter((handle) => handle.created).length, 1)
      assert.notStrictEqual(handles[0]!.runId, first.runId)
    })
  )

  it.effect("1. any text is a good id", () =>
    Effect.gen(function* () {
      const app = yield* open(workflows())
      const ids = [
        "",
        " ",
        "a/b\\c",
        "a.b:c*d>e",
        "../up",
        "%00",
        "\u0000",
        "'; DROP TABLE x; --",
        "ключ-🗝️",
        "\ud800",
        "é",
        "e\u0301"
      ]
      const handles = yield* Effect.forEach(ids, (workflowId) => app.run(Wait.start(workflowId, { workflowId })))
      assert.strictEqual(new Set(handles.map((handle) => handle.runId)).size, ids.length)
      yield* Effect.forEach(handles, (handle) => app.run(Go.send(handle)))
      assert.deepStrictEqual(yield* Effect.forEach(handles, (handle) => handle.result), ids)
      const { executions } = yield* app.executions.list()
      assert.sameMembers(
        executions.map(({ workflowId }) => String(workflowId)),
        ids
      )
    })
  )

  it.effect("1. a timeout that is no time, and an id that is no text, is refused", () =>
    Effect.gen(function* () {
      const app = yield* open(Layer.empty)
      const hostile = [{ timeout: NaN }, { timeout: {} }, { timeout: { seconds: NaN } }, { workflowId: null }]
      const Nothing = Workflow.make("Nothing")
      for (const options of hostile) {
        const reason = yield* reasonOf(app.run(Nothing.start(undefined, options as never)))
        assert.strictEqual(reason, "InvalidPayload", JSON.stringify(options))
      }
    })
  )

  it.effect("1. an id has at most 1,024 bytes", () =>
    Effect.gen(function* () {
      const app = yield* open(workflows())
      const start = (workflowId: string) => app.run(Wait.start("x", { workflowId }))
      assert.isTrue((yield* start("é".repeat(512))).created)
      const error = yield* errorOf(start(`${"é".repeat(512)}x`))
      assert.include(error, { _tag: "InvalidId", bytes: 1025 })
      const { executions } = yield* app.executions.list()
      assert.strictEqual(executions.length, 1)
    })
  )

  it.effect("1. an execution without an id of its own gets one that nobody has", () =>
    Effect.gen(function* () {
      const app = yield* open(workflows())
      const handles = yield* Effect.replicateEffect(app.run(Wait.start("x")), 50)
      assert.strictEqual(new Set(handles.map((handle) => handle.id)).size, 50)
    })
  )

  it.effect("1. a finished id is started again by its own workflow alone", () =>
    Effect.gen(function* () {
      const app = yield* open(workflows())
      yield* app.run(Greet.execute({ name: "Ada" }))
      const start = Wait.start("x", { workflowId: "greet Ada", whenExists: "restart" })
      const error = yield* errorOf(app.run(start))
      assert.include(error, { _tag: "AlreadyExists", differs: "workflow" })
      assert.include(error.message, "belongs to another workflow")
      assert.strictEqual((yield* app.executions.describe("greet Ada")).workflow, "Greet")
    })
  )

  it.effect("1. an attribute is a text, a finite number or a flag", () =>
    Effect.gen(function* () {
      const app = yield* open(workflows())
      const start = (value: number, workflowId: string) =>
        app.run(Wait.start("x", { workflowId, attributes: { text: "", flag: false, number: value } }))
      yield* start(0, "good")
      const error = yield* errorOf(start(Number.NaN, "bad"))
      assert.strictEqual(error._tag, "InvalidPayload")
      assert.include(error.message, "the attributes of workflow Wait")
      assert.strictEqual(yield* reasonOf(app.executions.describe("bad")), "NotFound")
    })
  )

  it.effect("1. an input that does not fit its schema is refused and starts nothing", () =>
    Effect.gen(function* () {
      const app = yield* open(Small.toLayer(() => Effect.void))
      const error = yield* errorOf(app.run(Small.start(11, { workflowId: "small" })))
      assert.strictEqual(error._tag, "InvalidPayload")
      assert.include(error.message, "the input of workflow Small")
      yield* settle
      assert.strictEqual(yield* reasonOf(app.executions.describe("small")), "NotFound")
    })
  )
}

const Small = Workflow.make("Small", { input: Schema.Number.check(Schema.isLessThan(10)) })
