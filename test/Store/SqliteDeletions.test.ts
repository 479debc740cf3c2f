/** What a SQLite store keeps of deletions, for how long, and how other processes learn of them. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Option, Stream } from "effect"
import { Version, WorkerId, type WorkflowId } from "perdure/Ids"
import { type Change, type Commit, deletionTtl, type StoreError } from "perdure/Store/WorkflowStore"
import * as Deletions from "../../src/Store/sqlite/Deletions.ts"
import {
  after,
  finish,
  freshId,
  loaded,
  reasonOf,
  remove,
  restart,
  saveAll,
  signal,
  start,
  startAgain,
  type Store
} from "../suites/store/builders.ts"
import { freshFile, open, tamper } from "../support/sqliteFiles.ts"
import { foldOwn, openParts } from "../support/sqliteParts.ts"

/** Lets all records of a file expire. */
const expire = (filename: string) =>
  tamper(filename, (database) =>
    database.exec(`UPDATE deletions SET until = until - ${Duration.toMillis(deletionTtl)}`)
  )

const records = (filename: string) =>
  tamper(filename, (database) => database.prepare("SELECT workflow_id, version, until FROM deletions").all())

/** An execution that was deleted. */
const deleted = Effect.fnUntraced(function* (store: Store) {
  const first = start(freshId())
  yield* store.save(first)
  yield* store.delete(first.workflowId, { version: first.version, seen: { chain: 1 } })
  return first
})

describe("the records of deletions in a SQLite file", () => {
  it.live("16. are kept for a day, and then versions begin again", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const store = yield* open(filename)
      const before = yield* Clock.currentTimeMillis
      const first = yield* deleted(store)
      const [row] = yield* records(filename)
      const until = before + Duration.toMillis(deletionTtl)
      assert.isAtLeast(Number(row!["until"]), until)
      assert.isBelow(Number(row!["until"]), until + 60_000)
      yield* expire(filename)
      assert.isTrue(Option.isNone(yield* store.deletion(first.workflowId)))
      assert.strictEqual(yield* reasonOf(store.save(startAgain(first.summary))), "Conflict")
      yield* store.save(first)
      yield* remove(store, first.workflowId)
      const record = yield* store.deletion(first.workflowId)
      assert.deepStrictEqual(record, Option.some({ version: Version.make(2), seen: {} }))
    })
  )

  it.live("16. go when the next execution is deleted, and when the file is opened", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const store = yield* open(filename)
      for (let n = 0; n < 20; n++) yield* deleted(store)
      assert.lengthOf(yield* records(filename), 20)
      yield* expire(filename)
      const last = yield* deleted(store)
      assert.deepStrictEqual(
        (yield* records(filename)).map((row) => row["workflow_id"]),
        [last.workflowId]
      )
      yield* expire(filename)
      yield* open(filename)
      assert.isEmpty(yield* records(filename))
    })
  )

  it.live("16. may have null for a number, which says nothing", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const store = yield* open(filename)
      const first = yield* deleted(store)
      const text = JSON.stringify({ chain: 1, other: null })
      yield* tamper(filename, (database) => database.exec(`UPDATE deletions SET seen = '${text}'`))
      const seen = Effect.map(store.deletion(first.workflowId), (record) => Option.getOrThrow(record).seen)
      assert.deepStrictEqual(yield* seen, { chain: 1 })
      const again = startAgain(first.summary)
      yield* store.save(again)
      yield* store.delete(again.workflowId, { version: again.version, seen: { third: 3 } })
      assert.deepStrictEqual(yield* seen, { chain: 1, third: 3 })
    })
  )

  it.live("16. that are damaged are found when they are read", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const store = yield* open(filename)
      const first = yield* deleted(store)
      yield* tamper(filename, (database) => database.exec("UPDATE deletions SET seen = 'x'"))
      assert.strictEqual(yield* reasonOf(store.deletion(first.workflowId)), "Corrupt")
      const again = startAgain(first.summary)
      yield* store.save(again)
      const { version, workflowId } = again
      assert.strictEqual(yield* reasonOf(store.delete(workflowId, { version })), "Corrupt")
      assert.isTrue(Option.isSome(yield* store.summary(workflowId)))
    })
  )
})

describe("deletions in a SQLite file that is shared", () => {
  it.live("12. are told once, by whichever store, and not when the id is in use", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const [store, other] = [yield* open(filename), yield* open(filename)]
      const heard: Array<Change> = []
      const of = (id: WorkflowId) => heard.flatMap(({ version, workflowId }) => (workflowId === id ? [version] : []))
      yield* Effect.forkScoped(
        Stream.runForEach(store.changes, (changes) => Effect.sync(() => heard.push(...changes))),
        { startImmediately: true }
      )
      const [own, foreign, older] = [start(freshId("own")), start(freshId("foreign")), start(freshId("older"))]
      for (const commit of [own, foreign, older]) yield* store.save(commit)
      const second = finish(older.summary)
      const third = restart(second.summary)
      for (const commit of [second, third]) yield* store.save(commit)
      yield* remove(store, own.workflowId)
      yield* other.delete(older.workflowId, { before: third.version })
      yield* remove(other, foreign.workflowId)
      yield* Effect.repeat(Effect.sleep("2 millis"), { until: () => of(foreign.workflowId).includes(0) }).pipe(
        Effect.timeout("5 seconds")
      )
      yield* Effect.sleep("50 millis")
      assert.deepStrictEqual(of(own.workflowId), [1, 0])
      assert.deepStrictEqual(of(foreign.workflowId), [1, 0])
      assert.deepStrictEqual(of(older.workflowId), [1, 2, 3])
    })
  )

  it.live("12. an execution that waits for a worker is told as unowned also by another store", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const [store, other] = [yield* open(filename), yield* open(filename)]
      const heard: Array<Change> = []
      yield* Effect.forkScoped(
        Stream.runForEach(store.changes, (changes) => Effect.sync(() => heard.push(...changes))),
        { startImmediately: true }
      )
      const waiting = start(freshId("waiting"))
      const owing = start(freshId("owing"), { summary: { status: "failed", wakeAt: 1, owed: 1 } })
      const done = start(freshId("done"), { summary: { status: "failed" } })
      const owned = start(freshId("owned"), { summary: { owner: WorkerId.make("w\uD800"), wakeAt: 1.5 } })
      yield* other.saveAll([waiting, owing, done, owned])
      yield* Effect.repeat(Effect.sleep("2 millis"), { until: () => heard.length > 3 }).pipe(
        Effect.timeout("5 seconds")
      )
      assert.sameDeepMembers(heard, [
        { workflowId: waiting.workflowId, version: waiting.version, unowned: true },
        { workflowId: owing.workflowId, version: owing.version, unowned: true },
        { workflowId: done.workflowId, version: done.version },
        { workflowId: owned.workflowId, version: owned.version, owner: owned.summary.owner, wakeAt: 1.5 }
      ])
    })
  )

  it.live("12. a commit that takes the place of one that was deleted is told by another store", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const [store, other] = [yield* open(filename), yield* open(filename)]
      const heard = new Set<string>()
      yield* Effect.forkScoped(
        Stream.runForEach(store.changes, (changes) =>
          Effect.sync(() => changes.forEach(({ workflowId }) => heard.add(workflowId)))
        ),
        { startImmediately: true }
      )
      const until = (id: string) =>
        Effect.repeat(Effect.sleep("2 millis"), { until: () => heard.has(id) }).pipe(Effect.timeout("5 seconds"))
      for (let round = 0; round < 10; round++) {
        const [newest, next] = [start(freshId("newest")), start(freshId("next"))]
        yield* other.save(newest)
        yield* until(newest.workflowId)
        yield* other.delete(newest.workflowId, newest)
        yield* other.save(next)
        yield* until(next.workflowId)
      }
    })
  )
})

describe("a deletion in a SQLite file of earlier runs with many commits", () => {
  /** A store with an execution whose earlier run takes many rows, and what each slice of a deletion takes and is followed by. */
  const long = Effect.fnUntraced(function* (
    commits: number,
    then: (store: Store, slice: number, last: Commit) => Effect.Effect<unknown, StoreError>
  ) {
    const filename = freshFile()
    const { database, listeners, store } = yield* openParts(filename)
    const payload = "x".repeat(1000)
    let last = start(freshId())
    const all = [last]
    while (all.length < commits) all.push((last = after(last.summary, { events: [signal(payload)] })))
    all.push((last = restart(last.summary)), (last = finish(last.summary)))
    yield* saveAll(store, all)
    yield* foldOwn(database)
    const slices: Array<number> = []
    const sliced: typeof database = {
      ...database,
      write: (body) =>
        database
          .write(() => {
            // Of the processor, which other tests use meanwhile.
            const start = process.cpuUsage()
            const answer = body()
            const { system, user } = process.cpuUsage(start)
            slices.push((user + system) / 1000)
            return answer
          })
          .pipe(Effect.tap(() => Effect.ignore(then(store, slices.length, last))))
    }
    const id = last.workflowId
    const rows = tamper(filename, (other) => other.prepare("SELECT count(*) AS n FROM segments").get()!["n"])
    const { delete: remove } = Deletions.make(sliced, listeners)
    return { id, last, remove, rows, slices, store }
  })

  it.live(
    "9. takes less than 2 ms at a time, and leaves what a deletion at once does",
    () =>
      Effect.gen(function* () {
        let least = Infinity
        for (let n = 0; n < 2 || (n < 20 && least >= 2); n++) {
          const { id, last, remove, rows, slices, store } = yield* long(6000, () => Effect.void)
          const { firstVersion, version } = last.summary
          if (n % 2 === 0) {
            assert.isTrue(yield* remove(id, { before: firstVersion, seen: { a: 1 } }))
            const { commits } = yield* loaded(store, id, 0)
            assert.deepStrictEqual(
              commits.map(({ version }) => version),
              [firstVersion, version]
            )
            assert.deepStrictEqual(yield* store.deletion(id), Option.some({ version: firstVersion, seen: { a: 1 } }))
            assert.isFalse(yield* remove(id, { before: firstVersion }))
            assert.strictEqual(yield* rows, 1)
          } else {
            assert.isTrue(yield* remove(id, { version, seen: { a: 1 } }))
            assert.isTrue(Option.isNone(yield* store.summary(id)))
            const record = { version: Version.make(version + 1), seen: { a: 1 } }
            assert.deepStrictEqual(yield* store.deletion(id), Option.some(record))
            assert.strictEqual(yield* rows, 0)
          }
          assert.isAbove(slices.length, 1)
          least = Math.min(least, Math.max(...slices))
        }
        assert.isBelow(least, 2)
      }),
    60_000
  )

  it.live("9. that another commit overtakes is refused, and what is gone by then is on record", () =>
    Effect.gen(function* () {
      const overtakes = (store: Store, slice: number, last: Commit) =>
        slice === 1 ? store.save(restart(last.summary)) : Effect.void
      const { id, last, remove, store } = yield* long(6000, overtakes)
      const { firstVersion, version } = last.summary
      assert.strictEqual(
        yield* Effect.match(remove(id, { version, seen: { a: 1 } }), {
          onFailure: ({ _tag }) => _tag,
          onSuccess: () => "it is deleted"
        }),
        "Conflict"
      )
      assert.strictEqual((yield* loaded(store, id)).summary.version, version + 1)
      assert.deepStrictEqual(yield* store.deletion(id), Option.some({ version: firstVersion, seen: { a: 1 } }))
      const { commits } = yield* loaded(store, id, firstVersion - 1)
      assert.lengthOf(commits, 3)
    })
  )
})
