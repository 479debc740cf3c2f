/** Snapshots of the Kafka store: a start reads the end of the topic only, and from nothing that is damaged, old or of another topic. */
import { assert, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Logger, Option } from "effect"
import { Version } from "perdure/Ids"
import type * as Kafka from "perdure/Store/Kafka"
import { after, freshId, loaded, restart, save, saveAll, start, type Store } from "../suites/store/builders.ts"
import { admin, open } from "../support/kafkaClient.ts"
import { kafkaBehindProxy } from "../support/kafkaServer.ts"
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
  const place = shared(kafkaBehindProxy())
  const server = Effect.map(place, ({ server }) => server)

  it.live("is written at the end, and tells a start all that the topic told, which is not read again", () =>
    Effect.gen(function* () {
      const { between, server: on } = yield* place
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
      const opened = Effect.fnUntraced(function* (options: Partial<Kafka.Options>) {
        const before = yield* between.received
        const store = yield* open(between, options)
        return { store, bytes: (yield* between.received) - before }
      })
      const { bytes: all, store: plain } = yield* opened({ topic: "kept" })
      const { bytes, store: restored } = yield* opened(options)
      assert.deepStrictEqual(yield* first.look(restored), yield* first.look(plain))
      // The beginning of each partition says whether the snapshot is of this topic.
      assert.isBelow(bytes, all / 2)
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
        const { logged, value } = yield* logs(
          Effect.scoped(Effect.flatMap(open(on, options), (store) => loaded(store, commit.workflowId)))
        )
        assert.lengthOf(value.commits, 1)
        assert.deepStrictEqual(logged, [`the snapshot ${file} is passed over: Error: it is damaged`])
      }
      rmSync(file)
      execFileSync("mkfifo", [file])
      const { logged } = yield* logs(Effect.scoped(open(on, options)))
      assert.deepStrictEqual(logged, [`the snapshot ${file} is passed over: Error: it is no file`])
      const all = yield* admin(on)
      yield* Effect.promise(() => all.deleteTopics({ topics: ["damaged"] }))
      // The new one reaches further than the snapshot does.
      const others = Array.from({ length: 20 }, () => start(freshId()))
      yield* Effect.scoped(Effect.flatMap(open(on, { topic: "damaged" }), (store) => saveAll(store, others)))
      writeFileSync(file, sound)
      const anew = yield* open(on, options)
      assert.isTrue(Option.isNone(yield* anew.load(commit.workflowId)))
      assert.strictEqual(yield* anew.count(), others.length)
      yield* save(anew, commit)
    }).pipe(Effect.scoped)
  )

  it.live("is written by a store that has only read, and by several at once, which leave nothing else behind", () =>
    Effect.gen(function* () {
      const on = yield* server
      const snapshots = yield* freshFolder
      const options = { topic: "readers", snapshots }
      yield* Effect.scoped(
        Effect.flatMap(open(on, { topic: "readers" }), (store) => saveAll(store, [start(freshId())]))
      )
      // What a process left behind that ended while it wrote; another one writes still.
      const [old, young] = ["readers-0.snapshot.0123456789ab", "readers-0.snapshot.ba9876543210"]
      for (const part of [old, young]) writeFileSync(join(snapshots, part!), "part")
      utimesSync(join(snapshots, old!), 0, 0)
      const reading = Effect.scoped(Effect.flatMap(open(on, options), (store) => store.count()))
      const { logged, value } = yield* logs(
        Effect.all(
          Array.from({ length: 4 }, () => reading),
          { concurrency: 4 }
        )
      )
      assert.deepStrictEqual(value, [1, 1, 1, 1])
      assert.deepStrictEqual(readdirSync(snapshots).sort(), ["readers-0.snapshot", young])
      assert.deepStrictEqual(logged, [])
    }).pipe(Effect.scoped)
  )

  it.live("that cannot be written is told of in the log, and costs nothing else", () =>
    Effect.gen(function* () {
      const on = yield* server
      const file = join(yield* freshFolder, "file")
      writeFileSync(file, "no folder")
      const options = { topic: "unwritten", snapshots: join(file, "below") }
      const commit = start(freshId())
      const { logged } = yield* logs(Effect.scoped(Effect.flatMap(open(on, options), (store) => save(store, commit))))
      assert.lengthOf(logged, 1)
      assert.include(logged[0], `no snapshot was written to ${join(file, "below")}: Error: ENOTDIR`)
      const store = yield* open(on, { topic: "unwritten" })
      assert.lengthOf((yield* loaded(store, commit.workflowId)).commits, 1)
    }).pipe(Effect.scoped)
  )
})

/** What an effect logs. */
const logs = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const logged: Array<string> = []
    const logger = Logger.make(({ message }) => void logged.push(String(message)))
    return Effect.map(Effect.provide(effect, Logger.layer([logger])), (value) => ({ logged, value }))
  })

const flipped = (bytes: Buffer): Buffer => {
  const copy = Buffer.from(bytes)
  copy[100] = copy[100]! ^ 1
  return copy
}
