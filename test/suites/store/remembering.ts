/** Law 16: what a deletion leaves. */
import { Effect, Option } from "effect"
import { RunId, Version, type WorkflowId } from "perdure/Ids"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import {
  after,
  finish,
  freshId,
  freshRun,
  loaded,
  reasonOf,
  restart,
  start,
  startAgain,
  type Store
} from "./builders.ts"
import { assert } from "../assert.ts"
import { another, type Area, stores } from "./Settings.ts"

/** What a store says of messages that removed runs have seen. */
const seenBy = (store: Store, workflowId: WorkflowId) =>
  Effect.map(store.deletion(workflowId), (deletion) => Option.getOrUndefined(deletion)?.seen)

export const remembering: Area = (it, settings) => {
  const { timeout } = settings

  it.effect(
    "16. a deletion leaves a record one version above the last commit, with what its caller said",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const first = start(freshId())
        const second = finish(first.summary)
        const third = restart(second.summary)
        for (const commit of [first, second, third]) yield* all[0]!.save(commit)
        for (const store of all) assert.isTrue(Option.isNone(yield* store.deletion(first.workflowId)))
        // Chains are texts, and any text is a key.
        const seen = { [freshRun()]: 7, "": 1, "a.b *": 3, constructor: 4 }
        yield* all[0]!.delete(first.workflowId, { version: third.version, seen })
        for (const store of all) {
          const record = yield* store.deletion(first.workflowId)
          assert.deepStrictEqual(record, Option.some({ version: Version.make(4), seen }))
        }
      }),
    timeout
  )

  it.effect(
    "16. a deletion of which its caller said nothing leaves a record without messages",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const first = start(freshId())
        yield* store.save(first)
        yield* store.delete(first.workflowId, { version: first.version })
        const record = yield* store.deletion(first.workflowId)
        assert.deepStrictEqual(record, Option.some({ version: Version.make(2), seen: {} }))
      }),
    timeout
  )

  it.effect(
    "16. a deleted id starts again above the deletion, with nothing of what was",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const old = start(freshId(), {
          summary: { attributes: { old: true }, wakeAt: 1, chain: freshRun(), owed: 3, format: 2 }
        })
        const second = after(old.summary)
        yield* all[0]!.save(old)
        yield* all[0]!.save(second)
        yield* all[0]!.delete(old.workflowId, { version: second.version })
        const again = startAgain(second.summary)
        assert.strictEqual(again.version, 4)
        yield* all.at(-1)!.save(again)
        for (const store of all) {
          const { commits, summary } = yield* loaded(store, old.workflowId, 0)
          assert.deepStrictEqual(summary, again.summary)
          assert.deepStrictEqual(
            commits.map(({ id, runId }) => [id, runId]),
            [[again.id, again.runId]]
          )
        }
        const next = after(again.summary)
        yield* all[0]!.save(next)
        yield* all.at(-1)!.save(again)
        assert.strictEqual((yield* loaded(all.at(-1)!, old.workflowId)).commits.length, 2)
      }),
    timeout
  )

  it.effect(
    "16. no version but the next one is free after a deletion, for a new run or an old one",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const history = [start(freshId())]
        while (history.length < 3) history.push(after(history.at(-1)!.summary))
        const { summary } = history.at(-1)!
        for (const commit of history) yield* all[0]!.save(commit)
        yield* all[0]!.delete(summary.workflowId, { version: summary.version })
        for (const store of all) {
          for (const version of [1, 2, 3, 4, 6, 7]) {
            const begun = restart({ ...summary, version: Version.make(version - 1) })
            const error = yield* Effect.flip(store.save(begun))
            assert.strictEqual(error.reason._tag, "Conflict", `${version}`)
            if (error.reason._tag === "Conflict" && error.reason.latest !== undefined) {
              assert.strictEqual(error.reason.latest, 4)
            }
          }
          for (const version of [1, 2, 3, 4, 5, 6]) {
            const late = after({ ...summary, version: Version.make(version - 1) })
            assert.strictEqual(yield* reasonOf(store.save(late)), "Conflict", `${version}`)
          }
          for (const commit of history) assert.strictEqual(yield* reasonOf(store.save(commit)), "Conflict")
          assert.isTrue(Option.isNone(yield* store.load(summary.workflowId)))
        }
        yield* all.at(-1)!.save(startAgain(summary))
        // And now the id is in use again, so late writers find no version free either.
        for (const store of all) {
          for (const version of [1, 2, 3, 4, 5, 6]) {
            const late = after({ ...summary, version: Version.make(version - 1) })
            assert.strictEqual(yield* reasonOf(store.save(late)), "Conflict", `${version}`)
          }
          for (const commit of history) assert.strictEqual(yield* reasonOf(store.save(commit)), "Conflict")
        }
      }),
    timeout
  )

  it.effect(
    "16. of many that begin the next run at once exactly one is stored",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const first = start(freshId())
        yield* all[0]!.save(first)
        yield* all[0]!.delete(first.workflowId, { version: first.version })
        const begun = Array.from({ length: 20 }, () => startAgain(first.summary))
        const reasons = yield* Effect.forEach(
          begun,
          (commit, n) => Effect.map(reasonOf(all[n % all.length]!.save(commit)), (reason) => reason ?? commit.id),
          { concurrency: "unbounded" }
        )
        const stored = reasons.filter((reason) => reason !== "Conflict")
        assert.lengthOf(stored, 1)
        assert.deepStrictEqual(
          (yield* loaded(all.at(-1)!, first.workflowId)).commits.map(({ id }) => id),
          stored
        )
      }),
    timeout
  )

  it.effect(
    "16. a second deletion keeps what the first one said and the second does not, also while the id is in use",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const [a, b, c] = ["a", "b", "c"].map((name) => RunId.make(name))
        const first = start(freshId())
        yield* all[0]!.save(first)
        yield* all[0]!.delete(first.workflowId, { version: first.version, seen: { [a!]: 1, [b!]: 2 } })
        const again = startAgain(first.summary)
        yield* all.at(-1)!.save(again)
        for (const store of all) {
          assert.deepStrictEqual(yield* seenBy(store, first.workflowId), { [a!]: 1, [b!]: 2 })
        }
        const ended = finish(again.summary)
        const third = restart(ended.summary)
        yield* all[0]!.save(ended)
        yield* all[0]!.save(third)
        // Older runs go, and then all of it.
        yield* all.at(-1)!.delete(first.workflowId, { before: third.version, seen: { [b!]: 5 } })
        for (const store of all) {
          assert.deepStrictEqual(yield* seenBy(store, first.workflowId), { [a!]: 1, [b!]: 5 })
        }
        yield* all[0]!.delete(first.workflowId, { version: third.version, seen: { [c!]: 9 } })
        for (const store of all) {
          const record = Option.getOrThrow(yield* store.deletion(first.workflowId))
          assert.deepStrictEqual(record, {
            version: Version.make(third.version + 1),
            seen: { [a!]: 1, [b!]: 5, [c!]: 9 }
          })
        }
      }),
    timeout
  )

  it.effect(
    "16. removing older runs leaves a record, and the current run goes on",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const first = start(freshId())
        const second = finish(first.summary)
        const third = restart(second.summary)
        for (const commit of [first, second, third]) yield* all[0]!.save(commit)
        yield* all[0]!.delete(first.workflowId, { before: third.version, seen: { chain: 2 } })
        for (const store of all) {
          assert.deepStrictEqual(yield* seenBy(store, first.workflowId), { chain: 2 })
          assert.strictEqual(yield* reasonOf(store.save(start(first.workflowId))), "Conflict")
        }
        yield* all.at(-1)!.save(after(third.summary))
        assert.strictEqual((yield* loaded(all[0]!, first.workflowId)).summary.version, 4)
      }),
    timeout
  )

  it.effect(
    "16. a deletion that is refused, or finds nothing, leaves no record",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const first = start(freshId())
        yield* store.delete(first.workflowId, { version: first.version, seen: { a: 1 } })
        assert.isTrue(Option.isNone(yield* store.deletion(first.workflowId)))
        yield* store.save(first)
        yield* reasonOf(store.delete(first.workflowId, { version: Version.make(2), seen: { a: 1 } }))
        yield* store.delete(first.workflowId, { before: Version.make(1), seen: { a: 1 } })
        assert.isTrue(Option.isNone(yield* store.deletion(first.workflowId)))
      }),
    timeout
  )

  if (!settings.shared) return

  it.effect(
    "16. the record is there when the store is opened again, and versions go on from it",
    () =>
      Effect.gen(function* () {
        const first = start(freshId("kept"))
        yield* Effect.scoped(
          Effect.gen(function* () {
            const store = yield* another(settings)
            yield* store.save(first)
            yield* store.delete(first.workflowId, { version: first.version, seen: { chain: 4 } })
          })
        )
        const store = yield* another(settings)
        const record = yield* store.deletion(first.workflowId)
        assert.deepStrictEqual(record, Option.some({ version: Version.make(2), seen: { chain: 4 } }))
        assert.strictEqual(yield* reasonOf(store.save(start(first.workflowId))), "Conflict")
        yield* store.save(startAgain(first.summary))
      }),
    timeout
  )
}
