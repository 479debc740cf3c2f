/** Laws 6, 8, 9, 14, 15 and 16 where nothing has been saved, and what a store does that takes no commits. */
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Version } from "perdure/Ids"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { freshId, reasonOf, reasonsOf, start } from "./builders.ts"
import type { Area } from "./Settings.ts"

export const reading: Area = (it, settings) => {
  const { timeout } = settings

  it.effect(
    "6. an id that is unknown has no execution",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        assert.isTrue(Option.isNone(yield* store.load(freshId())))
        assert.isTrue(Option.isNone(yield* store.load(freshId(), { after: Version.make(1) })))
      }),
    timeout
  )

  it.effect(
    "15. an id that is unknown has no summary",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        assert.isTrue(Option.isNone(yield* store.summary(freshId())))
      }),
    timeout
  )

  it.effect(
    "16. an id that is unknown has no record of a deletion",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        assert.isTrue(Option.isNone(yield* store.deletion(freshId())))
      }),
    timeout
  )

  it.effect(
    "8. what is no cursor is refused",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        for (const cursor of ["", "nonsense", "{}", "null", "[1]", '["a",1]']) {
          for (const order of ["oldest", "newest"] as const) {
            const error = yield* Effect.flip(store.list({ cursor, order }))
            assert.deepStrictEqual([error.operation, error.reason._tag], ["list", "Unsupported"])
          }
        }
      }),
    timeout
  )

  it.effect(
    "the store says whether it takes commits",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        assert.strictEqual(store.guarantees.writes, settings.writes)
      }),
    timeout
  )

  if (settings.writes === "accepted") return

  it.effect(
    "14. a store that takes no commits says that it cannot, for each commit of a group",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const commits = [start(freshId()), start(freshId())]
        assert.strictEqual(yield* reasonOf(store.save(commits[0]!)), "Unsupported")
        const reasons = yield* Effect.flatMap(store.saveAll(commits), reasonsOf)
        assert.deepStrictEqual(reasons, ["Unsupported", "Unsupported"])
        for (const { workflowId } of commits) assert.isTrue(Option.isNone(yield* store.load(workflowId)))
      }),
    timeout
  )
}
