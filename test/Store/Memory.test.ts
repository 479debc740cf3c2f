import { assert, describe, it } from "@effect/vitest"
import { Config, ConfigProvider, Duration, Effect, Layer, Option } from "effect"
import { vi } from "vitest"
import * as Memory from "perdure/Store/Memory"
import { Version } from "perdure/Ids"
import { deletionTtl, WorkflowStore } from "perdure/Store/WorkflowStore"
import {
  after,
  freshId,
  loaded,
  nothingToLookFor,
  reasonOf,
  signal,
  start,
  startAgain
} from "../suites/store/builders.ts"
import { suite } from "../suites/StoreSuite.ts"
import { toldInTheTable } from "../docs/guarantees.ts"

suite("memory", { layer: Memory.layer })

toldInTheTable("memory", Memory.layer)

describe("the memory store", () => {
  it.effect("promises what it keeps", () =>
    Effect.gen(function* () {
      const { guarantees } = yield* WorkflowStore
      assert.deepStrictEqual(guarantees, {
        durability: "none",
        fencing: "fenced",
        listing: "strong",
        maxCommitBytes: 8 * 1024 * 1024,
        writes: "accepted"
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

  it.effect("13. tells a worker that there is nothing to look for", () =>
    Effect.gen(function* () {
      const told = yield* nothingToLookFor(yield* WorkflowStore)
      const nothing = [false, false, false]
      assert.deepStrictEqual(told, [nothing, nothing])
    }).pipe(Effect.provide(Memory.layer))
  )

  it.effect("takes its settings from the configuration of the app", () =>
    Effect.gen(function* () {
      const { guarantees } = yield* WorkflowStore
      assert.strictEqual(guarantees.maxCommitBytes, 1234)
    }).pipe(
      Effect.provide(
        Memory.layerConfig({ maxCommitBytes: Config.Number("MAX_COMMIT_BYTES") }).pipe(
          Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({ MAX_COMMIT_BYTES: 1234 })))
        )
      )
    )
  )

  it.effect("16. keeps the record of a deletion for a day", () =>
    Effect.gen(function* () {
      const store = yield* WorkflowStore
      const [first, other] = [start(freshId()), start(freshId())]
      for (const { version, workflowId } of [first, other]) {
        yield* store.save(start(workflowId))
        yield* store.delete(workflowId, { version, seen: { chain: 1 } })
      }
      yield* Effect.acquireRelease(
        Effect.sync(() => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() })),
        () => Effect.sync(() => vi.useRealTimers())
      )
      const day = Duration.toMillis(deletionTtl)
      vi.setSystemTime(Date.now() + day - 60_000)
      assert.isTrue(Option.isSome(yield* store.deletion(first.workflowId)))
      assert.strictEqual(yield* reasonOf(store.save(start(first.workflowId))), "Conflict")
      vi.setSystemTime(Date.now() + 120_000)
      assert.isTrue(Option.isNone(yield* store.deletion(first.workflowId)))
      assert.strictEqual(yield* reasonOf(store.save(startAgain(first.summary))), "Conflict")
      // From version 1 again, and without what was said a day ago.
      yield* store.save(first)
      yield* store.delete(first.workflowId, { version: first.version })
      const record = yield* store.deletion(first.workflowId)
      assert.deepStrictEqual(record, Option.some({ version: Version.make(2), seen: {} }))
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
