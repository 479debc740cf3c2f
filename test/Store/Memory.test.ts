import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Memory from "perdure/Store/Memory"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { after, freshId, freshWorker, loaded, reasonOf, signal, start } from "../suites/store/builders.ts"
import { suite } from "../suites/StoreSuite.ts"

suite("memory", { layer: Memory.layer })

describe("the memory store", () => {
  it.effect("promises what it keeps", () =>
    Effect.gen(function* () {
      const { guarantees } = yield* WorkflowStore
      assert.deepStrictEqual(guarantees, {
        durability: "none",
        fencing: "fenced",
        listing: "strong",
        maxCommitBytes: 8 * 1024 * 1024
      })
    }).pipe(Effect.provide(Memory.layer))
  )

  it.effect("11. accepts as many bytes as it is told", () =>
    Effect.gen(function* () {
      const store = yield* WorkflowStore
      const first = start(freshId(), { events: [signal("")] })
      yield* store.save(first)
      const bytes = JSON.stringify([signal("")]).length
      const [fits, exceeds] = [100 - bytes, 101 - bytes].map((length) =>
        after(first.summary, { events: [signal("x".repeat(length))] })
      )
      assert.strictEqual(yield* reasonOf(store.save(exceeds!)), "TooLarge")
      yield* store.save(fits!)
    }).pipe(Effect.provide(Memory.layerWith({ maxCommitBytes: 100 })))
  )

  it.effect("lets workers live by the clock of the test", () =>
    Effect.gen(function* () {
      const store = yield* WorkflowStore
      const worker = freshWorker()
      yield* store.heartbeat(worker, 30_000)
      yield* TestClock.adjust("29 seconds")
      assert.deepStrictEqual(yield* store.workers, [worker])
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* store.workers, [])
    }).pipe(Effect.provide(Memory.layer))
  )

  it.effect("answers at once, without waiting for anything", () =>
    Effect.gen(function* () {
      const store = yield* WorkflowStore
      const first = start(freshId())
      const answered = Effect.runSyncExit(Effect.andThen(store.save(first), store.load(first.workflowId)))
      assert.strictEqual(answered._tag, "Success")
    }).pipe(Effect.provide(Memory.layer))
  )

  it.live("costs the same per commit however long the history is", () =>
    Effect.gen(function* () {
      const store = yield* WorkflowStore
      let { summary } = yield* Effect.tap(Effect.succeed(start(freshId())), store.save)
      const following = (length: number) =>
        Array.from({ length }, () => {
          const commit = after(summary)
          summary = commit.summary
          return commit
        })
      // The fastest of several runs: the others met the garbage collector or another process.
      const fastest = Effect.map(
        Effect.forEach(Array.from({ length: 10 }), () => {
          const commits = following(200)
          return Effect.timed(Effect.forEach(commits, store.save, { discard: true }))
        }),
        (runs) => Math.min(...runs.map(([duration]) => Duration.toMillis(duration)))
      )
      yield* fastest
      const early = yield* fastest
      for (let group = 0; group < 100; group++) yield* store.saveAll(following(1000))
      assert.isBelow(yield* fastest, early * 5)
      assert.strictEqual((yield* loaded(store, summary.workflowId, 106_000)).commits.length, 1)
    }).pipe(Effect.provide(Memory.layer))
  )
})
