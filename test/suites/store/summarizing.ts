/** Law 15: what is known of an execution without its history. */
import { Effect, Option, Struct } from "effect"
import { assert } from "../assert.ts"
import { after, finish, freshId, freshRun, freshWorker, loaded, remove, restart, start } from "./builders.ts"
import { type Area, stores } from "./Settings.ts"

export const summarizing: Area = (it, settings) => {
  const { timeout } = settings

  it.effect(
    "15. a summary is the one that a load has, after each commit and in every store",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const first = start(freshId(), {
          summary: {
            attributes: { text: "1", number: 1, flag: true },
            memo: { of: [1, null, "é \u0000 \ud800"], ["__proto__"]: true },
            chain: freshRun(),
            parent: { workflowId: freshId("parent"), chain: freshRun() },
            root: { workflowId: freshId("root"), chain: freshRun() }
          }
        })
        const published = { progress: { value: { done: 1, of: [2, null, "é"] } }, large: { leftOut: "it is large" } }
        const second = after(first.summary, {
          summary: { owner: freshWorker(), wakeAt: 7, owed: 2, format: 2, published }
        })
        // A change of what is published and of the memo alone, which moves no index of a store.
        const third = after(second.summary, {
          summary: { owed: 1, published: { progress: { value: null } }, memo: "another" }
        })
        const fourth = finish(third.summary, { summary: { memo: null } })
        const settled = Struct.omit(fourth.summary, ["owed", "wakeAt", "memo"])
        const fifth = after(settled, { summary: { attributes: {} } })
        const sixth = restart(fifth.summary, { summary: { startedAt: 5 } })
        for (const commit of [first, second, third, fourth, fifth, sixth]) {
          yield* all[commit.version % all.length]!.save(commit)
          for (const store of all) {
            const summary = yield* store.summary(commit.workflowId)
            assert.deepStrictEqual(summary, Option.some(commit.summary))
            assert.deepStrictEqual((yield* loaded(store, commit.workflowId)).summary, commit.summary)
          }
        }
        yield* remove(all[0]!, first.workflowId)
        for (const store of all) assert.isTrue(Option.isNone(yield* store.summary(first.workflowId)))
      }),
    timeout
  )
}
