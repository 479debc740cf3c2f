/** Promise 16: the ends of children that another worker runs, which the worker of their parent fetches. */
import { Effect, Layer, Schema } from "effect"
import { Signal, Workflow } from "perdure"
import { assert } from "../assert.ts"
import * as FaultyStore from "./FaultyStore.ts"
import { Lab, open, pass, settle, until } from "./Lab.ts"
import { commitsOf, eventsOf } from "./stored.ts"
import { numbers } from "../numbers.ts"
import type { SuitePart } from "./SuitePart.ts"

const Go = Signal.make("go")

const Child = Workflow.make("Child", { input: Schema.Int, success: Schema.Int, workflowId: (n) => `child-${n}` })
const Parent = Workflow.make("Parent", { input: Schema.Int, success: Schema.Int, workflowId: () => "parent" })
const ParentLive = Parent.toLayer((count) =>
  Effect.map(
    Effect.forEach(
      Array.from({ length: count }, (_, n) => n),
      (n) => Child.execute(n),
      { concurrency: "unbounded" }
    ),
    (all) => all.reduce((sum, n) => sum + n, 0)
  )
)

const endsOf = (id: string) => eventsOf(id, "ChildEnded")

export const handingOver: SuitePart = (it) => {
  it.effect(
    "16. the worker of a parent fetches the ends of its children from other workers, several in one commit",
    () =>
      Effect.gen(function* () {
        // An end is delivered from elsewhere after two heartbeats, which are in real time.
        const settings = { heartbeatInterval: "2 minutes", lease: "10 minutes" } as const
        const app = yield* open(ParentLive, settings)
        const other = yield* open(
          Child.toLayer((n) => Effect.as(Go.receive, n)),
          settings
        )
        yield* app.run(Parent.start(100))
        yield* settle
        // They all end while the parent cannot save.
        app.link.fault = FaultyStore.cut("saveAll")
        for (const n of numbers(100)) yield* other.signal(`child-${n}`, "go", null)
        yield* settle
        app.link.fault = FaultyStore.sound
        yield* pass("10 seconds")
        assert.deepInclude(yield* app.result("parent"), { value: 4950 })
        const ends = yield* endsOf("parent")
        assert.lengthOf(ends, 100)
        // None of them came from outside, so none was in a race with the parent.
        assert.isEmpty(ends.filter(({ unread }) => unread === true))
        const counts = (yield* commitsOf("parent")).map(
          ({ events }) => events.filter(({ _tag }) => _tag === "ChildEnded").length
        )
        assert.isAbove(Math.max(...counts), 10, "it fetches some at a time, and they wait for one commit")
        const { store } = yield* Lab
        assert.strictEqual(yield* store.count({ parent: "parent", unsettled: true }), 0)
      })
  )

  it.live("16. an end of which the worker of the parent does not hear is delivered by that of the child", () =>
    Effect.gen(function* () {
      const settings = { heartbeatInterval: "50 millis", lease: "1 minute" } as const
      const app = yield* open(ParentLive, settings)
      const other = yield* open(
        Child.toLayer((n) => Effect.as(Go.receive, n)),
        settings
      )
      yield* app.run(Parent.start(3))
      yield* until(Effect.map(app.executions.count({ parent: "parent", status: ["running"] }), (count) => count === 3))
      app.link.fault = FaultyStore.cut("changes")
      const { heartbeat } = other.link.count
      for (const n of numbers(3)) yield* other.signal(`child-${n}`, "go", null)
      yield* until(Effect.map(endsOf("parent"), (ends) => ends.length === 3))
      assert.isAbove(other.link.count.heartbeat, heartbeat, "they are left to the worker of the parent for a while")
      assert.isTrue((yield* endsOf("parent")).every(({ unread }) => unread === true))
      app.link.fault = FaultyStore.sound
      assert.deepInclude(yield* app.result("parent"), { value: 3 })
    })
  )

  it.live("16. an end is delivered within two heartbeats where the worker of the parent has left unheard", () =>
    Effect.gen(function* () {
      const app = yield* open(ParentLive)
      const ChildLive = Child.toLayer((n) => Effect.as(Go.receive, n))
      const other = yield* open(ChildLive, { heartbeatInterval: "50 millis", lease: "1 minute" })
      yield* app.run(Parent.start(2))
      yield* until(
        Effect.map(other.executions.count({ parent: "parent", status: ["running"] }), (count) => count === 2)
      )
      yield* settle
      yield* app.stop
      const { heartbeat } = other.link.count
      yield* other.signal("child-1", "go", null)
      yield* until(Effect.map(endsOf("parent"), (ends) => ends.length === 1))
      // Two, and what may pass until a test looks.
      assert.isAtMost(other.link.count.heartbeat - heartbeat, 4)
      yield* other.signal("child-0", "go", null)
      const again = yield* open(Layer.merge(ParentLive, ChildLive))
      assert.deepInclude(yield* again.result("parent"), { value: 1 })
      assert.lengthOf(yield* endsOf("parent"), 2)
    })
  )
}
