/** Snapshots of the Kafka store: a start reads the end of the topic only, and from nothing that is damaged, old or of another topic. */
import { assert, it } from "@effect/vitest"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { Version } from "perdure/Ids"
import { after, freshId, loaded, restart, save, saveAll, start, type Store } from "../suites/store/builders.ts"
import { admin, open, readAll } from "../support/kafkaClient.ts"
import { kafkaServer } from "../support/kafkaServer.ts"
import { describeWith, shared } from "../support/servers.ts"

const freshFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "perdure-snapshots-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

/** Fills a store with executions of several kinds, and returns how one of each is read. */
const fill = Effect.fnUntraced(function* (store: Store) {
  const many = Array.from({ length: 3000 }, () => start(freshId()))
  yield* saveAll(store, many)
  const [one, two, three] = many
  yield* save(store, after(one!.summary))
  yield* store.delete(two!.workflowId, { version: Version.make(1), seen: { chain: 7 } })
  const again = restart(three!.summary)
  yield* save(store, again)
  yield* store.delete(three!.workflowId, { before: Version.make(2), seen: { other: 3 } })
  yield* store.saveDetails([{ workflowId: one!.workflowId, runId: one!.runId, seq: 0 as never, details: { at: 1 } }])
  const look = Effect.fnUntraced(function* (store: Store) {
    const call = { workflowId: one!.workflowId, runId: one!.runId, seq: 0 as never }
    return {
      count: yield* store.count(),
      one: yield* loaded(store, one!.workflowId),
      two: yield* store.load(two!.workflowId),
      deleted: yield* store.deletion(two!.workflowId),
      three: yield* loaded(store, three!.workflowId, 0),
      removed: yield* store.deletion(three!.workflowId),
      details: yield* store.details(call),
      page: yield* store.list({ limit: 1000 })
    }
  })
  return { look, one: one! }
})

describeWith("kafka", "a snapshot of the Kafka store", () => {
  const server = shared(kafkaServer({ inMemory: true }))

  it.live("is written at the end, and tells a start all that the topic told", () =>
    Effect.gen(function* () {
      const on = yield* server
      const snapshots = yield* freshFolder
      const options = { topic: "kept", partitions: 2, snapshots }
      const first = yield* Effect.scoped(
        Effect.gen(function* () {
          const { look, one } = yield* fill(yield* open(on, options))
          return { look, one }
        })
      )
      assert.deepStrictEqual(readdirSync(snapshots).sort(), ["kept-0.snapshot", "kept-1.snapshot"])
      assert.strictEqual(statSync(join(snapshots, "kept-0.snapshot")).mode & 0o777, 0o600)
      const [plain, restored] = [yield* open(on, { topic: "kept" }), yield* open(on, options)]
      assert.deepStrictEqual(yield* first.look(restored), yield* first.look(plain))
      // It goes on from there.
      const { summary } = yield* loaded(restored, first.one.workflowId)
      yield* save(restored, after(summary))
      assert.deepStrictEqual(yield* first.look(plain), yield* first.look(restored))
    }).pipe(Effect.scoped)
  )

  it.live("that is damaged, cut off, or of another topic of the name is passed over", () =>
    Effect.gen(function* () {
      const on = yield* server
      const snapshots = yield* freshFolder
      const options = { topic: "damaged", snapshots }
      const file = join(snapshots, "damaged-0.snapshot")
      const commit = start(freshId())
      yield* Effect.scoped(Effect.flatMap(open(on, options), (store) => save(store, commit)))
      const sound = readFileSync(file)
      for (const bytes of [sound.subarray(0, 10), sound.subarray(0, -1), Buffer.alloc(0), flipped(sound)]) {
        writeFileSync(file, bytes)
        yield* Effect.scoped(
          Effect.gen(function* () {
            const store = yield* open(on, options)
            assert.strictEqual((yield* loaded(store, commit.workflowId)).commits.length, 1)
          })
        )
      }
      writeFileSync(file, sound)
      const all = yield* admin(on)
      yield* Effect.promise(() => all.deleteTopics({ topics: ["damaged"] }))
      yield* Effect.scoped(open(on, { topic: "damaged", unsafe: true }))
      assert.lengthOf(yield* readAll(on, "damaged"), 1)
      const anew = yield* open(on, options)
      assert.strictEqual(yield* anew.count(), 0)
      yield* save(anew, commit)
    }).pipe(Effect.scoped)
  )
})

const flipped = (bytes: Buffer): Buffer => {
  const copy = Buffer.from(bytes)
  copy[100] = copy[100]! ^ 1
  return copy
}
