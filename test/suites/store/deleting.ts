/** Law 9: what deleting leaves, and who may use the id afterwards. */
import { assert } from "@effect/vitest"
import { Effect, Option, Stream } from "effect"
import { WorkflowId } from "perdure/Ids"
import * as Store from "perdure/Store/WorkflowStore"
import { after, finish, freshId, loaded, reasonOf, restart, start } from "./builders.ts"
import { type Area, listed, stores } from "./Settings.ts"

export const deleting: Area = (it, settings) => {
  const { timeout } = settings

  it.effect(
    "9. deleting says whether there was an execution",
    () =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const first = start(freshId())
        assert.isFalse(yield* store.delete(first.workflowId))
        yield* store.save(first)
        assert.isTrue(yield* store.delete(first.workflowId))
        assert.isFalse(yield* store.delete(first.workflowId))
      }),
    timeout
  )

  it.effect(
    "9. of 20 who delete at once one is told that there was an execution",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const first = start(freshId())
        yield* all[0]!.save(first)
        const answers = yield* Effect.forEach(
          Array.from({ length: 20 }, (_, n) => all[n % all.length]!),
          (store) => store.delete(first.workflowId),
          { concurrency: "unbounded" }
        )
        assert.lengthOf(
          answers.filter((existed) => existed),
          1
        )
      }),
    timeout
  )

  it.effect(
    "9. a deleted execution is neither read nor listed, with none of its runs",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const first = start(freshId(), { summary: { workflow: freshId("workflow") } })
        const second = finish(first.summary)
        const third = restart(second.summary, { summary: { workflow: first.summary.workflow } })
        for (const commit of [first, second, third]) yield* all[0]!.save(commit)
        yield* all[0]!.delete(first.workflowId)
        for (const store of all) {
          assert.isTrue(Option.isNone(yield* store.load(first.workflowId)))
          assert.isTrue(Option.isNone(yield* store.load(first.workflowId, { after: third.version })))
          yield* listed(
            store,
            settings,
            Effect.map(Stream.runCollect(Store.stream(store, { workflow: first.summary.workflow })), (found) =>
              assert.isEmpty(found)
            )
          )
        }
      }),
    timeout
  )

  it.effect(
    "9. only the execution that is named is deleted",
    () =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const id = freshId()
        const neighbours = [
          `${id}.`,
          `${id} `,
          `${id}/x`,
          id.toUpperCase(),
          id.slice(0, -1),
          `${id}*`,
          `${id}.>`,
          `${id}%`
        ].map((neighbour) => start(WorkflowId.make(neighbour)))
        yield* store.save(start(id))
        for (const neighbour of neighbours) yield* store.save(neighbour)
        yield* store.delete(id)
        for (const { summary, workflowId } of neighbours) {
          assert.deepStrictEqual((yield* loaded(store, workflowId)).summary, summary)
        }
      }),
    timeout
  )

  it.effect(
    "9. a deleted id starts again from version 1, with nothing of what was",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const old = start(freshId(), { summary: { attributes: { old: true }, wakeAt: 1 } })
        yield* all[0]!.save(old)
        yield* all[0]!.save(after(old.summary))
        yield* all[0]!.delete(old.workflowId)
        assert.strictEqual(yield* reasonOf(all[0]!.save(after(after(old.summary).summary))), "Conflict")
        const again = start(old.workflowId)
        yield* all.at(-1)!.save(again)
        for (const store of all) {
          const { commits, summary } = yield* loaded(store, old.workflowId, 0)
          assert.deepStrictEqual(summary, again.summary)
          assert.deepStrictEqual(
            commits.map(({ id }) => id),
            [again.id]
          )
        }
      }),
    timeout
  )

  it.effect(
    "9. whoever goes on with a deleted execution meets a conflict, before the id is used again and after",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const old = start(freshId())
        const stale = after(old.summary)
        yield* all[0]!.save(old)
        for (const store of all) yield* loaded(store, old.workflowId)
        yield* all.at(-1)!.delete(old.workflowId)
        for (const store of all) assert.strictEqual(yield* reasonOf(store.save(stale)), "Conflict")
        const again = start(old.workflowId)
        yield* all.at(-1)!.save(again)
        for (const store of all) {
          // The version is the one that the new execution comes to next; the run is not.
          assert.strictEqual(yield* reasonOf(store.save(stale)), "Conflict")
          assert.strictEqual(yield* reasonOf(store.save(after(stale.summary))), "Conflict")
          assert.strictEqual(yield* reasonOf(store.save(old)), "Conflict")
        }
        const next = after(again.summary)
        yield* all[0]!.save(next)
        for (const store of all) {
          assert.strictEqual(yield* reasonOf(store.save(stale)), "Conflict")
          assert.deepStrictEqual((yield* loaded(store, old.workflowId)).summary, next.summary)
        }
      }),
    timeout
  )

  it.effect(
    "9. an id can be deleted and used again many times",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const workflowId = freshId()
        for (let round = 0; round < 20; round++) {
          const first = start(workflowId)
          const second = after(first.summary)
          yield* all[round % all.length]!.save(first)
          yield* all[(round + 1) % all.length]!.save(second)
          assert.deepStrictEqual(
            (yield* loaded(all[0]!, workflowId)).commits.map(({ id }) => id),
            [first.id, second.id]
          )
          assert.isTrue(yield* all[round % all.length]!.delete(workflowId))
        }
      }),
    timeout
  )
}
