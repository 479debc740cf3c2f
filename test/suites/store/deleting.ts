/** Law 9: what is deleted, and when. */
import { Effect, Exit, Option, Stream } from "effect"
import { Version, WorkflowId } from "perdure/Ids"
import * as Store from "perdure/Store/WorkflowStore"
import { assert } from "../assert.ts"
import { after, finish, freshId, loaded, reasonOf, remove, restart, start, startAgain } from "./builders.ts"
import { type Area, listed, stores } from "./Settings.ts"

export const deleting: Area = (it, settings) => {
  const { timeout } = settings

  it.effect(
    "9. deleting says whether there was an execution",
    () =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const first = start(freshId())
        const { version, workflowId } = first
        assert.isFalse(yield* store.delete(workflowId, { version }))
        assert.isFalse(yield* store.delete(workflowId, { before: version }))
        yield* store.save(first)
        assert.isTrue(yield* store.delete(workflowId, { version }))
        assert.isFalse(yield* store.delete(workflowId, { version }))
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
          (store) => store.delete(first.workflowId, { version: first.version }),
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
        yield* all[0]!.delete(first.workflowId, { version: third.version })
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
        yield* remove(store, id)
        for (const { summary, workflowId } of neighbours) {
          assert.deepStrictEqual((yield* loaded(store, workflowId)).summary, summary)
        }
      }),
    timeout
  )

  it.effect(
    "9. an execution that has moved on is not deleted, nor one that has not come so far",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const first = start(freshId())
        const second = finish(first.summary)
        for (const commit of [first, second]) yield* all[0]!.save(commit)
        const before = yield* loaded(all[0]!, first.workflowId)
        for (const store of all) {
          for (const version of [0, 1, 3, 1000]) {
            const error = yield* Effect.flip(store.delete(first.workflowId, { version: Version.make(version) }))
            assert.deepStrictEqual([error.operation, error.workflowId], ["delete", first.workflowId])
            assert.strictEqual(error.reason._tag, "Conflict")
            if (error.reason._tag !== "Conflict") continue
            assert.strictEqual(error.reason.version, version)
            if (error.reason.latest !== undefined) assert.strictEqual(error.reason.latest, 2)
          }
          assert.deepStrictEqual(yield* loaded(store, first.workflowId), before)
          assert.isTrue(Option.isNone(yield* store.deletion(first.workflowId)))
        }
        assert.isTrue(yield* all.at(-1)!.delete(first.workflowId, { version: second.version }))
      }),
    timeout
  )

  it.effect(
    "9. of a deletion and a commit at the same time exactly one wins",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        for (let round = 0; round < 40; round++) {
          const first = start(freshId())
          const second = after(first.summary)
          yield* all[0]!.save(first)
          const save: Effect.Effect<Exit.Exit<unknown, Store.StoreError>> = Effect.exit(all[0]!.save(second))
          const removal: typeof save = Effect.exit(all.at(-1)!.delete(first.workflowId, { version: first.version }))
          // Sometimes the one is asked first and sometimes the other.
          const both = round % 2 === 0 ? { saved: save, deleted: removal } : { deleted: removal, saved: save }
          const { deleted, saved } = yield* Effect.all(both, { concurrency: "unbounded" })
          const isSaved = Exit.isSuccess(saved)
          assert.strictEqual(Exit.isSuccess(deleted), !isSaved)
          assert.strictEqual(yield* reasonOf(Effect.suspend(() => (isSaved ? deleted : saved))), "Conflict")
          for (const store of all) {
            const left = Option.map(yield* store.load(first.workflowId), ({ commits }) => commits.map(({ id }) => id))
            assert.deepStrictEqual(left, isSaved ? Option.some([first.id, second.id]) : Option.none())
          }
        }
      }),
    timeout
  )

  it.effect(
    "9. `before` removes the commits of older runs and nothing of the current one",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const first = start(freshId(), { summary: { workflow: freshId("workflow"), attributes: { kept: true } } })
        const history = [first, finish(first.summary)]
        for (const next of [restart, after, finish, restart, after]) {
          history.push(next(history.at(-1)!.summary, { summary: { workflow: first.summary.workflow } }))
        }
        for (const commit of history) yield* all[0]!.save(commit)
        const before = yield* loaded(all[0]!, first.workflowId)
        assert.strictEqual(before.summary.firstVersion, 6)
        const options = { before: Version.make(6) }
        assert.isTrue(yield* all.at(-1)!.delete(first.workflowId, options))
        assert.isFalse(yield* all[0]!.delete(first.workflowId, options))
        for (const store of all) {
          assert.deepStrictEqual(yield* loaded(store, first.workflowId), before)
          for (const version of [0, 1, 4, 5]) {
            assert.deepStrictEqual(yield* loaded(store, first.workflowId, version), before)
          }
          yield* listed(
            store,
            settings,
            Effect.map(store.list({ workflow: first.summary.workflow }), ({ executions }) =>
              assert.deepStrictEqual(executions, [before.summary])
            )
          )
          yield* store.save(history.at(-1)!)
        }
        yield* all.at(-1)!.save(after(before.summary))
      }),
    timeout
  )

  it.effect(
    "9. `before` above the beginning of the current run is refused, and removes nothing",
    () =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const first = start(freshId())
        const second = finish(first.summary)
        const third = restart(second.summary)
        const fourth = after(third.summary)
        for (const commit of [first, second, third, fourth]) yield* store.save(commit)
        const all = yield* loaded(store, first.workflowId, 0)
        for (const before of [4, 5, 1000]) {
          assert.strictEqual(
            yield* reasonOf(store.delete(first.workflowId, { before: Version.make(before) })),
            "Conflict"
          )
        }
        // Nothing is below it.
        assert.isFalse(yield* store.delete(first.workflowId, { before: Version.make(1) }))
        assert.deepStrictEqual(yield* loaded(store, first.workflowId, 0), all)
        assert.lengthOf(all.commits, 4)
      }),
    timeout
  )

  it.effect(
    "9. `before` within an older run leaves the rest of it, and of each commit its run",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const history = [start(freshId())]
        for (const next of [after, finish, restart, after, after, finish, restart]) {
          history.push(next(history.at(-1)!.summary))
        }
        for (const commit of history) yield* all[0]!.save(commit)
        for (const before of [3, 4, 6, 8]) {
          assert.isTrue(yield* all[0]!.delete(history[0]!.workflowId, { before: Version.make(before) }))
          for (const store of all) {
            for (let version = 0; version <= history.length; version++) {
              const { commits } = yield* loaded(store, history[0]!.workflowId, version)
              assert.deepStrictEqual(
                commits.map(({ id, runId }) => [id, runId]),
                history.slice(Math.max(version, before - 1)).map(({ id, runId }) => [id, runId])
              )
            }
          }
        }
      }),
    timeout
  )

  it.effect(
    "9. a commit that was removed is not known again, and what is left is",
    () =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const first = start(freshId())
        const second = finish(first.summary)
        const third = restart(second.summary)
        for (const commit of [first, second, third]) yield* store.save(commit)
        yield* store.delete(first.workflowId, { before: third.version })
        for (const commit of [first, second]) assert.strictEqual(yield* reasonOf(store.save(commit)), "Conflict")
        yield* store.save(third)
        assert.strictEqual((yield* loaded(store, first.workflowId, 0)).commits.length, 1)
      }),
    timeout
  )

  it.effect(
    "9. a deleted execution takes no commit, before the id is used again and after",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const old = start(freshId())
        const stale = after(old.summary)
        yield* all[0]!.save(old)
        for (const store of all) yield* loaded(store, old.workflowId)
        yield* remove(all.at(-1)!, old.workflowId)
        for (const store of all) assert.strictEqual(yield* reasonOf(store.save(stale)), "Conflict")
        const again = startAgain(old.summary)
        yield* all.at(-1)!.save(again)
        // The version is the one that the new execution comes to next; the run is not.
        const late = after({ ...old.summary, version: again.version })
        for (const store of all) {
          assert.strictEqual(yield* reasonOf(store.save(stale)), "Conflict")
          assert.strictEqual(yield* reasonOf(store.save(late)), "Conflict")
          assert.strictEqual(yield* reasonOf(store.save(after(stale.summary))), "Conflict")
          assert.strictEqual(yield* reasonOf(store.save(old)), "Conflict")
        }
        const next = after(again.summary)
        yield* all[0]!.save(next)
        for (const store of all) {
          assert.strictEqual(yield* reasonOf(store.save(stale)), "Conflict")
          assert.strictEqual(yield* reasonOf(store.save(late)), "Conflict")
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
        let first = start(workflowId)
        for (let round = 0; round < 20; round++) {
          const second = after(first.summary)
          yield* all[round % all.length]!.save(first)
          yield* all[(round + 1) % all.length]!.save(second)
          assert.deepStrictEqual(
            (yield* loaded(all[0]!, workflowId)).commits.map(({ id }) => id),
            [first.id, second.id]
          )
          assert.isTrue(yield* all[round % all.length]!.delete(workflowId, { version: second.version }))
          first = startAgain(second.summary)
        }
      }),
    timeout
  )
}
