/** Promise 16: executions are found by those from which they descend. */
import { Effect, Layer, Schema } from "effect"
import { Executions, Signal, Workflow } from "perdure"
import { WorkflowId } from "perdure/Ids"
import type { WorkflowFilter } from "perdure/Store/WorkflowStore"
import { assert } from "../assert.ts"
import { open, settle } from "./Lab.ts"
import type { SuitePart } from "./SuitePart.ts"

const Go = Signal.make("go")

/** A leaf waits for a signal. */
const Leaf = Workflow.make("Leaf", { input: Schema.String, workflowId: (id) => id })
const LeafLive = Leaf.toLayer(() => Go.receive)

const Middle = Workflow.make("Middle", { workflowId: () => "middle" })
const MiddleLive = Middle.toLayer(() => Leaf.execute("low"))

const Top = Workflow.make("Top", { workflowId: () => "top" })
const TopLive = Top.toLayer(() => Effect.all([Middle.execute(), Leaf.execute("high")], { concurrency: "unbounded" }))

const Main = Layer.mergeAll(LeafLive, MiddleLive, TopLive)

const idsOf = Effect.fnUntraced(function* (filter: WorkflowFilter) {
  const { list } = yield* Executions.Executions
  return (yield* list(filter)).executions.map(({ workflowId }) => String(workflowId))
})

export const descending: SuitePart = (it) => {
  it.effect("16. children are found by their parent, and all that descends from an execution by its root", () =>
    Effect.gen(function* () {
      const { run, signal } = yield* open(Main)
      const first = yield* run(Top.start())
      yield* settle
      assert.sameMembers(yield* run(idsOf({ parent: first })), ["middle", "high"])
      assert.sameMembers(yield* run(idsOf({ parent: "top" })), ["middle", "high"])
      assert.deepStrictEqual(yield* run(idsOf({ parent: "middle" })), ["low"])
      assert.sameMembers(yield* run(idsOf({ root: first, status: ["running"] })), ["middle", "high", "low"])
      assert.deepStrictEqual(yield* run(idsOf({ root: "middle" })), [])
      for (const leaf of ["low", "high"]) yield* signal(leaf, "go", null)
      yield* settle
      // They keep their descent when they have ended, and another run of the id has children of its own.
      assert.sameMembers(yield* run(idsOf({ root: first, status: ["completed"] })), ["middle", "high", "low"])
      const { delete: remove } = yield* Executions.Executions
      yield* remove("high")
      yield* remove("low")
      yield* remove("middle")
      const second = yield* run(Top.start(undefined, { whenExists: "restart" }))
      yield* settle
      assert.deepStrictEqual(yield* run(idsOf({ root: first })), [])
      assert.sameMembers(yield* run(idsOf({ root: second })), ["middle", "high", "low"])
    })
  )

  it.effect("16. the descent of a child is that of its first event, wherever it is read", () =>
    Effect.gen(function* () {
      const { run } = yield* open(Main)
      const { runId, workflowId } = yield* run(Top.start())
      yield* settle
      const { describe, history } = yield* Executions.Executions
      const top = { workflowId: WorkflowId.make(workflowId), chain: runId }
      const middle = yield* describe("middle")
      assert.deepStrictEqual<unknown>([middle.parent, middle.root], [top, top])
      const low = yield* describe("low")
      const parent = { workflowId: middle.workflowId, chain: middle.runId }
      assert.deepStrictEqual<unknown>([low.parent, low.root], [parent, top])
      assert.deepInclude((yield* history("low"))[0], { parent, root: top })
      assert.notProperty(yield* describe("top"), "root")
    })
  )
}
