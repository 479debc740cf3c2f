/** What deleting leaves in a bucket of NATS, and what the store makes of it: the records of law 16, and where they are. */
import { assert, describe, it } from "@effect/vitest"
import { Array as Arr, Effect, Fiber, Option, Stream } from "effect"
import { type RunId, Version, type WorkflowId } from "perdure/Ids"
import type { Commit, WorkflowStore } from "perdure/Store/WorkflowStore"
import {
  after,
  finish,
  freshId,
  freshRun,
  loaded,
  reasonOf,
  restart,
  save,
  signal,
  start
} from "../suites/store/builders.ts"
import { manager, open } from "../support/natsClient.ts"
import { proxy } from "../support/proxy.ts"
import { describeWith, type NatsServer, natsServer, shared } from "../support/servers.ts"

type Store = WorkflowStore["Service"]

/** The first commit after a deletion of the execution that ended with the given one. */
const again = ({ summary }: Commit): Commit => restart({ ...summary, version: Version.make(summary.version + 1) })

/** What says that version 1 is not free after version 2. */
const refusal = { _tag: "Conflict", version: Version.make(1), latest: Version.make(2) } as const

/** Removes the messages of a plain id below a sequence, all of them by default, as expiry and lost purges do. */
const purge = Effect.fnUntraced(function* (server: NatsServer, bucket: string, workflowId: WorkflowId, seq?: number) {
  const jsm = yield* manager(server)
  const filter = `$KV.${bucket}.${workflowId}`
  return yield* Effect.promise(() =>
    jsm.streams.purge(`KV_${bucket}`, seq === undefined ? { filter } : { filter, seq })
  )
})

const messagesOf = Effect.fnUntraced(function* (server: NatsServer, bucket: string) {
  const jsm = yield* manager(server)
  const { state } = yield* Effect.promise(() => jsm.streams.info(`KV_${bucket}`, { subjects_filter: ">" }))
  return state.subjects ?? {}
})

const versionsOf = (store: Store, workflowId: WorkflowId, from?: number) =>
  Effect.map(loaded(store, workflowId, from), ({ commits }) => commits.map(({ version }) => Number(version)))

const deletionOf = (store: Store, workflowId: WorkflowId) =>
  Effect.map(store.deletion(workflowId), Option.getOrUndefined)

/** Three runs of an execution, of two commits each: versions 1 to 6. The last commit of the first run is in parts. */
const threeRuns = Effect.fnUntraced(function* (store: Store, workflowId: WorkflowId) {
  const first = start(workflowId)
  const second = after(first.summary, { events: [signal("k".repeat(2_500_000))] })
  const third = restart(second.summary)
  const fourth = finish(third.summary)
  const fifth = restart(fourth.summary)
  const sixth = after(fifth.summary)
  const commits = [first, second, third, fourth, fifth, sixth]
  for (const commit of commits) yield* save(store, commit)
  return commits
})

describeWith("nats", "what the NATS store removes", () => {
  const server = shared(natsServer())

  describe("a deletion", () => {
    it.live("leaves its record in the marker, in use again or not, for stores that come later too", () =>
      Effect.gen(function* () {
        const store = yield* open(yield* server, { bucket: "marked" })
        const first = start("order" as WorkflowId)
        yield* save(store, first)
        const seen = { one: 3, two: 1 }
        assert.isTrue(yield* store.delete(first.workflowId, { version: first.version, seen }))
        const record = { version: Version.make(2), seen }
        const fresh = yield* open(yield* server, { bucket: "marked" })
        for (const each of [store, fresh]) {
          assert.deepStrictEqual(yield* deletionOf(each, first.workflowId), record)
          const refused = yield* Effect.flip(each.save(start(first.workflowId)))
          assert.deepInclude(refused.reason, refusal)
        }
        const next = again(first)
        yield* save(fresh, next)
        yield* save(store, after(next.summary))
        for (const each of [store, fresh, yield* open(yield* server, { bucket: "marked" })]) {
          assert.deepStrictEqual(yield* deletionOf(each, first.workflowId), record)
        }
      }).pipe(Effect.scoped)
    )

    it.live("keeps what an earlier one said, also after many", () =>
      Effect.gen(function* () {
        const store = yield* open(yield* server, { bucket: "kept" })
        let commit = start("order" as WorkflowId)
        for (let round = 1; round <= 3; round++) {
          yield* save(store, commit)
          yield* store.delete(commit.workflowId, { ...commit, seen: { [`chain ${round}`]: round, latest: round } })
          commit = again(commit)
        }
        assert.deepStrictEqual(yield* deletionOf(store, commit.workflowId), {
          version: Version.make(6),
          seen: { "chain 1": 1, "chain 2": 2, "chain 3": 3, latest: 3 }
        })
      }).pipe(Effect.scoped)
    )

    it.live("may have seen more messages than headers hold, and no more than a message holds", () =>
      Effect.gen(function* () {
        const store = yield* open(yield* server, { bucket: "many" })
        const first = start(freshId())
        yield* save(store, first)
        const seen = (count: number) => Object.fromEntries(Array.from({ length: count }, () => [freshRun(), 1]))
        assert.strictEqual(
          yield* reasonOf(store.delete(first.workflowId, { ...first, seen: seen(30_000) })),
          "Unsupported"
        )
        assert.strictEqual((yield* loaded(store, first.workflowId)).summary.version, 1)
        const most = seen(10_000)
        assert.isTrue(yield* store.delete(first.workflowId, { ...first, seen: most }))
        assert.deepStrictEqual((yield* deletionOf(store, first.workflowId))?.seen, most)
      }).pipe(Effect.scoped)
    )

    it.live("is forgotten with its record: then versions begin again", () =>
      Effect.gen(function* () {
        const on = yield* server
        const store = yield* open(on, { bucket: "forgotten" })
        const first = start("order" as WorkflowId)
        yield* save(store, first)
        yield* store.delete(first.workflowId, first)
        yield* purge(on, "forgotten", first.workflowId)
        assert.isUndefined(yield* deletionOf(store, first.workflowId))
        assert.strictEqual(yield* reasonOf(store.save(again(first))), "Conflict")
        yield* save(store, start(first.workflowId))
      }).pipe(Effect.scoped)
    )

    it.live("whose answer is lost has taken place, also when the id is in use again by then", () =>
      Effect.gen(function* () {
        const on = yield* server
        const between = yield* proxy(on.address)
        const store = yield* open(on, { servers: between.address, bucket: "answers", timeout: "2 seconds" })
        const direct = yield* open(on, { bucket: "answers" })
        const first = start(freshId())
        yield* save(store, first)
        const gone = yield* Effect.forkChild(
          Stream.runHead(
            Stream.filter(
              direct.changes,
              Arr.some(({ version }) => version === 0)
            )
          )
        )
        yield* Effect.sleep("100 millis")
        yield* between.loseAnswersFrom("KV-Operation: PURGE")
        const deleting = yield* Effect.forkChild(store.delete(first.workflowId, first))
        yield* Fiber.join(gone)
        const next = again(first)
        yield* save(direct, next)
        yield* between.cut
        assert.isTrue(yield* Fiber.join(deleting))
        assert.strictEqual(yield* reasonOf(store.delete(first.workflowId, first)), "Conflict")
        assert.strictEqual((yield* loaded(store, first.workflowId)).summary.version, next.version)
      }).pipe(Effect.scoped)
    )

    it.live("of a version that another store has gone on from removes nothing", () =>
      Effect.gen(function* () {
        const on = yield* server
        const between = yield* proxy(on.address)
        const store = yield* open(on, { servers: between.address, bucket: "moved", timeout: "2 seconds" })
        const direct = yield* open(on, { bucket: "moved" })
        const first = start(freshId())
        yield* save(store, first)
        // The request to delete is on its way while another store commits.
        yield* between.freeze
        const deleting = yield* Effect.forkChild(Effect.flip(store.delete(first.workflowId, first)))
        yield* save(direct, after(first.summary))
        yield* between.cut
        const { reason } = yield* Fiber.join(deleting)
        assert.deepInclude(reason, refusal)
        assert.deepStrictEqual(yield* versionsOf(store, first.workflowId), [1, 2])
      }).pipe(Effect.scoped)
    )
  })

  describe("the removal of older runs", () => {
    it.live("purges their messages and leaves a record, in which an earlier deletion lives on", () =>
      Effect.gen(function* () {
        const on = yield* server
        const store = yield* open(on, { bucket: "older" })
        const other = yield* open(on, { bucket: "older" })
        const old = start("order" as WorkflowId)
        yield* save(store, old)
        yield* store.delete(old.workflowId, { ...old, seen: { a: 1, b: 1 } })
        const first = again(old)
        const second = restart(first.summary)
        const third = after(second.summary)
        for (const commit of [first, second, third]) yield* save(store, commit)
        assert.strictEqual(yield* reasonOf(store.delete(old.workflowId, { before: third.version })), "Conflict")
        assert.isTrue(yield* store.delete(old.workflowId, { before: second.version, seen: { b: 2 } }))
        assert.isFalse(yield* store.delete(old.workflowId, { before: second.version, seen: { b: 3 } }))
        assert.deepStrictEqual(yield* messagesOf(on, "older"), { "$KV.older.order": 2, "$KV.older.order.record": 1 })
        const fresh = yield* open(on, { bucket: "older" })
        for (const each of [store, other, fresh]) {
          assert.deepStrictEqual(yield* deletionOf(each, old.workflowId), {
            version: second.version,
            seen: { a: 1, b: 2 }
          })
          assert.deepStrictEqual(yield* versionsOf(each, old.workflowId, 0), [4, 5])
          assert.deepStrictEqual((yield* each.list()).executions, [third.summary])
          assert.strictEqual(yield* each.count(), 1)
          assert.strictEqual(yield* reasonOf(each.save(first)), "Conflict")
          yield* each.save(second)
        }
        const fourth = after(third.summary)
        yield* save(other, fourth)
        assert.isTrue(yield* store.delete(old.workflowId, { ...fourth, seen: { c: 1 } }))
        assert.deepStrictEqual(yield* deletionOf(fresh, old.workflowId), {
          version: Version.make(7),
          seen: { a: 1, b: 2, c: 1 }
        })
      }).pipe(Effect.scoped)
    )

    it.live("may end in the middle of one", () =>
      Effect.gen(function* () {
        const store = yield* open(yield* server, { bucket: "middle" })
        const commits = yield* threeRuns(store, freshId())
        const { workflowId } = commits[0]!
        for (const [before, left] of [
          [1, [1, 2, 3, 4, 5, 6]],
          [2, [2, 3, 4, 5, 6]],
          [4, [4, 5, 6]],
          [3, [4, 5, 6]],
          [5, [5, 6]]
        ] as const) {
          const removed = yield* store.delete(workflowId, { before: Version.make(before) })
          assert.strictEqual(removed, before !== 1 && before !== 3)
          assert.deepStrictEqual(yield* versionsOf(store, workflowId, 0), [...left])
          assert.deepStrictEqual(yield* versionsOf(store, workflowId), [5, 6])
        }
      }).pipe(Effect.scoped)
    )

    it.live("that ended half way shows what is left, and can be repeated", () =>
      Effect.gen(function* () {
        const on = yield* server
        const store = yield* open(on, { bucket: "half" })
        const [first] = yield* threeRuns(store, "order" as WorkflowId)
        const { workflowId } = first!
        // The first commit, and the first part of the second one.
        const { purged } = yield* purge(on, "half", workflowId, 3)
        assert.strictEqual(purged, 2)
        for (const each of [store, yield* open(on, { bucket: "half" })]) {
          assert.deepStrictEqual(yield* versionsOf(each, workflowId, 0), [3, 4, 5, 6])
          assert.deepStrictEqual(yield* versionsOf(each, workflowId), [5, 6])
        }
        assert.isTrue(yield* store.delete(workflowId, { before: Version.make(5), seen: { a: 1 } }))
        assert.deepStrictEqual(yield* versionsOf(store, workflowId, 0), [5, 6])
        assert.deepStrictEqual((yield* deletionOf(store, workflowId))?.seen, { a: 1 })
      }).pipe(Effect.scoped)
    )

    it.live("by many at once keeps what each of them has seen", () =>
      Effect.gen(function* () {
        const on = yield* server
        const stores = [yield* open(on, { bucket: "crowd" }), yield* open(on, { bucket: "crowd" })]
        const commits = yield* threeRuns(stores[0]!, freshId())
        const { workflowId } = commits[0]!
        const removed = yield* Effect.forEach(
          [2, 3, 4, 5].map((before) => ({ before: Version.make(before), seen: { [`chain ${before}`]: before } })),
          (options, index) => stores[index % 2]!.delete(workflowId, options),
          { concurrency: "unbounded" }
        )
        assert.deepStrictEqual(yield* versionsOf(stores[1]!, workflowId, 0), [5, 6])
        const seen = (yield* deletionOf(stores[1]!, workflowId))?.seen
        for (const [index, before] of [2, 3, 4, 5].entries()) {
          if (removed[index] === true) assert.strictEqual(seen?.[`chain ${before}`], before)
        }
        assert.include(removed, true)
      }).pipe(Effect.scoped)
    )
  })

  it.live("a late answer does not bring back what was deleted meanwhile", () =>
    Effect.gen(function* () {
      const on = yield* server
      const [one, two] = [yield* open(on, { bucket: "late" }), yield* open(on, { bucket: "late" })]
      for (let round = 0; round < 30; round++) {
        const commits = Array.from({ length: 20 }, () => start(freshId(), { runId: `${round}` as RunId }))
        yield* Effect.forEach(commits, (commit) => save(one, commit), { concurrency: 20 })
        yield* Effect.forEach(
          commits,
          ({ version, workflowId }, index) =>
            Effect.all(
              [
                (index % 2 === 0 ? one : two).delete(workflowId, { version }),
                Effect.result(one.load(workflowId)),
                Effect.result(two.summary(workflowId))
              ],
              { concurrency: 3 }
            ),
          { concurrency: 20 }
        )
        for (const store of [one, two]) assert.deepStrictEqual((yield* store.list()).executions, [])
      }
    }).pipe(Effect.scoped)
  )
})
