/** Promise 9: an execution keeps the version of its workflow with which it began, and a worker may have several. */
import { Effect, Latch, Layer, Schema } from "effect"
import { Signal, Workflow } from "perdure"
import { assert } from "../assert.ts"
import { reasonOf } from "./failures.ts"
import { open, settle, slowly, until, words } from "./Lab.ts"
import { summaryOf } from "./stored.ts"
import type { SuitePart } from "./SuitePart.ts"

const Go = Signal.make("go")
const definition = { input: Schema.Finite, success: Schema.String }
const Plain = Workflow.make("Job", definition)
const One = Workflow.make("Job", { ...definition, version: "1" })
const Two = Workflow.make("Job", { ...definition, version: "2" })

/** Waits, and says which program it is. Each begins otherwise, so that none can replay another. */
const waits = (name: string, sleeps: number) => () =>
  Effect.as(Effect.andThen(Effect.raceFirst(Effect.sleep(`${sleeps} days`), Go.receive), Effect.void), name)
const PlainLive = Plain.toLayer(waits("plain", 10))
const OneLive = One.toLayer(waits("one", 11))
const TwoLive = Two.toLayer(waits("two", 12))

const versionOf = (id: string) => Effect.map(summaryOf(id), ({ workflowVersion }) => workflowVersion)

const start = (workflow: typeof Plain, id: string) => Effect.asVoid(workflow.start(1, { workflowId: id }))

const finish = (id: string) =>
  Effect.gen(function* () {
    yield* Go.send(id, undefined)
    return yield* (yield* Plain.handle(id)).result
  })

export const versioning: SuitePart = (it) => {
  it.effect("9. each execution keeps its version, side by side and with a new worker", () =>
    Effect.gen(function* () {
      const first = yield* open(OneLive)
      yield* first.run(start(One, "a"))
      yield* settle
      yield* first.stop
      const second = yield* open(Layer.merge(OneLive, TwoLive))
      yield* second.run(start(Two, "b"))
      yield* settle
      assert.deepStrictEqual([yield* versionOf("a"), yield* versionOf("b")], ["1", "2"])
      yield* second.stop
      const third = yield* open(Layer.merge(TwoLive, OneLive))
      yield* settle
      assert.deepStrictEqual([yield* third.run(finish("a")), yield* third.run(finish("b"))], ["one", "two"])
    })
  )

  it.effect("9. a start without a version gets the highest that its first worker has, and keeps it", () =>
    Effect.gen(function* () {
      const client = yield* open(Layer.empty)
      yield* client.run(start(Plain, "elsewhere"))
      assert.isUndefined(yield* versionOf("elsewhere"))
      const Ten = Workflow.make("Job", { ...definition, version: "10" })
      const TenLive = Ten.toLayer(waits("ten", 20))
      const before = yield* open(OneLive)
      yield* settle
      const first = yield* open(TwoLive.pipe(Layer.provideMerge(TenLive), Layer.provideMerge(OneLive)))
      yield* settle
      yield* first.run(start(Plain, "here"))
      yield* settle
      assert.deepStrictEqual([yield* versionOf("elsewhere"), yield* versionOf("here")], ["1", "10"])
      yield* Effect.all([before.stop, first.stop])
      const second = yield* open(Layer.mergeAll(OneLive, TwoLive, TenLive))
      yield* settle
      const results = [yield* second.run(finish("elsewhere")), yield* second.run(finish("here"))]
      assert.deepStrictEqual(results, ["one", "ten"])
    })
  )

  it.effect("9. a version that no worker has is waited for, and what waits says so", () =>
    Effect.gen(function* () {
      const worker = yield* open(OneLive)
      yield* worker.run(start(Two, "new"))
      yield* settle
      assert.deepStrictEqual(words(yield* worker.executions.describe("new")), [
        "a worker that has workflow Job, version 2"
      ])
      const other = yield* open(TwoLive)
      yield* settle
      assert.strictEqual(yield* other.run(finish("new")), "two")
    })
  )

  it.effect("9. an execution of the time before versions goes on with the program that has none, or the lowest", () =>
    Effect.gen(function* () {
      const first = yield* open(PlainLive)
      yield* first.run(start(Plain, "a"))
      yield* first.run(start(Plain, "b"))
      yield* settle
      yield* first.stop
      const second = yield* open(Layer.merge(TwoLive, PlainLive))
      yield* settle
      assert.strictEqual(yield* second.run(finish("a")), "plain")
      assert.isUndefined(yield* versionOf("a"))
      yield* second.stop
      // What had no version is the first one now.
      const AsOne = One.toLayer(waits("plain", 10))
      const third = yield* open(Layer.merge(TwoLive, AsOne))
      yield* settle
      assert.strictEqual(yield* versionOf("b"), "1")
      assert.strictEqual(yield* third.run(finish("b")), "plain")
    })
  )

  it.live("9. a program that is registered while another one is tried in its place is tried at once", () =>
    Effect.gen(function* () {
      const first = yield* open(PlainLive)
      yield* first.run(start(Plain, "a"))
      yield* until(Effect.map(summaryOf("a"), (summary) => words(summary).includes("signal go")))
      yield* first.stop
      const tried = yield* Latch.make()
      const PlainAsOne = Layer.unwrap(Effect.as(tried.await, One.toLayer(waits("plain", 10))))
      const reading = Effect.andThen(tried.open, Effect.sleep("200 millis"))
      // Its second look is long after the test.
      const second = yield* slowly(
        reading,
        open(Layer.provideMerge(PlainAsOne, TwoLive), { heartbeatInterval: "1 hour" })
      )
      yield* until(Effect.map(versionOf("a"), (version) => version === "1"))
      assert.strictEqual(second.link.count.load, 2, "the other one was tried before")
      assert.strictEqual(yield* second.run(finish("a")), "plain")
    })
  )

  it.effect("9. a run that continues as new has the latest version", () =>
    Effect.gen(function* () {
      const again = (workflow: typeof Plain, name: string) =>
        workflow.toLayer((runs) => Effect.as(Go.receive, runs === 2 ? name : workflow.continueAsNew(runs + 1)))
      const first = yield* open(again(One, "one"))
      yield* first.run(start(One, "a"))
      yield* settle
      yield* first.stop
      const second = yield* open(Layer.merge(again(Two, "two"), again(One, "one")))
      yield* settle
      yield* second.run(Go.send("a", undefined))
      yield* settle
      assert.strictEqual(yield* versionOf("a"), "2")
      assert.strictEqual(yield* second.run(finish("a")), "two")
    })
  )

  it.effect("9. one version of a workflow is registered once, and executions are found by it", () =>
    Effect.gen(function* () {
      const { executions, registry, run } = yield* open(Layer.merge(OneLive, TwoLive))
      const again = { workflow: "Job", version: "2", program: () => Effect.never, handlers: new Map() }
      assert.strictEqual(yield* reasonOf(Effect.scoped(registry.register(again))), "AlreadyRegistered")
      yield* run(start(One, "a"))
      yield* run(start(Two, "b"))
      yield* run(start(Two, "c"))
      const count = (workflowVersion: string) => executions.count({ workflow: "Job", workflowVersion })
      assert.deepStrictEqual([yield* count("1"), yield* count("2"), yield* count("3")], [1, 2, 0])
    })
  )
}
