/** Which workers a SQLite store takes for alive: by their leases, their processes, and what older releases write. */
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber } from "effect"
import { leftTtl } from "perdure/Store/WorkflowStore"
import { freshWorker, living, reasonOf, type Store } from "../suites/store/builders.ts"
import { freshFile, open, step, tamper } from "../support/sqliteFiles.ts"

const minute = Duration.minutes(1)

const left = (store: Store) => Effect.map(store.workers, ({ left }) => left)

/** What is changed of the rows of a file by other means than the store. */
const change = (filename: string, ...statements: ReadonlyArray<string>) =>
  tamper(filename, (database) => statements.forEach((sql) => database.exec(sql)))

describe("the workers of a SQLite file", () => {
  it.live("13. live on when the wall clock is put forward", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const [store, other] = [yield* open(filename), yield* open(filename)]
      const [worker, another, gone] = [freshWorker(), freshWorker("another"), freshWorker("gone")]
      yield* store.heartbeat({ id: worker }, minute)
      yield* store.heartbeat({ id: gone }, Duration.zero)
      yield* step("30 hours")
      // The heartbeat of another worker removes rows that are past, and no others.
      yield* other.heartbeat({ id: another }, minute)
      for (const each of [store, other]) {
        assert.sameMembers(yield* living(each), [worker, another])
        assert.deepStrictEqual(yield* left(each), [gone])
      }
    })
  )

  it.live("13. are gone when their leases end, though the wall clock was put back", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const [store, other] = [yield* open(filename), yield* open(filename)]
      const [silent, worker] = [freshWorker("silent"), freshWorker()]
      yield* store.heartbeat({ id: silent }, Duration.millis(50))
      yield* store.heartbeat({ id: worker }, minute)
      yield* step("-3 hours")
      yield* Effect.sleep("60 millis")
      for (const each of [store, other]) assert.deepStrictEqual(yield* living(each), [worker])
      yield* store.heartbeat({ id: worker }, minute)
      for (const each of [store, other]) assert.deepStrictEqual(yield* living(each), [worker])
    })
  )

  it.live("13. are gone when another process has their number, and trusted in another container", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const store = yield* open(filename)
      const [own, reused, elsewhere] = [freshWorker("own"), freshWorker("reused"), freshWorker("elsewhere")]
      for (const id of [own, reused, elsewhere]) yield* store.heartbeat({ id }, minute)
      for (const table of ["leases", "workers"]) {
        yield* change(
          filename,
          `UPDATE ${table} SET started = started || '0' WHERE worker = '${reused}'`,
          `UPDATE ${table} SET started = 'x' || started, pid = 999999999 WHERE worker = '${elsewhere}'`
        )
      }
      assert.sameMembers(yield* living(store), [own, elsewhere])
    })
  )

  it.live("13. of an earlier boot of the machine are gone, and of a clock without a name live by the wall clock", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const store = yield* open(filename)
      const [own, rebooted, nameless, past] = ["own", "rebooted", "nameless", "past"].map(freshWorker)
      for (const id of [own, rebooted, nameless, past]) yield* store.heartbeat({ id: id! }, minute)
      yield* change(
        filename,
        `UPDATE leases SET clock = 'x' || clock WHERE worker = '${rebooted}'`,
        `UPDATE leases SET clock = '', until = 0 WHERE worker = '${nameless}'`,
        `UPDATE leases SET clock = '', wall_until = 0 WHERE worker = '${past}'`
      )
      assert.sameMembers(yield* living(store), [own!, nameless!])
    })
  )

  it.live("13. leave no rows behind, but for a day that they have left", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const store = yield* open(filename)
      const rows = tamper(filename, (database) => {
        const names = (table: string) =>
          database
            .prepare(`SELECT worker FROM ${table} ORDER BY worker`)
            .all()
            .map(({ worker }) => worker)
        return [names("leases"), names("workers")]
      })
      for (let n = 0; n < 20; n++) yield* store.heartbeat({ id: freshWorker() }, Duration.millis(50))
      const gone = freshWorker("gone")
      yield* store.heartbeat({ id: gone }, minute)
      yield* store.heartbeat({ id: gone }, Duration.zero)
      yield* Effect.sleep("100 millis")
      const worker = freshWorker()
      yield* store.heartbeat({ id: worker }, minute)
      assert.deepStrictEqual(yield* rows, [[gone, worker].toSorted(), [worker]])
      yield* change(filename, `UPDATE leases SET until = until - ${Duration.toMillis(leftTtl)} WHERE has_left = 1`)
      assert.deepStrictEqual(yield* left(store), [])
      yield* store.heartbeat({ id: worker }, minute)
      assert.deepStrictEqual(yield* rows, [[worker], [worker]])
    })
  )

  it.live(
    "13. live on when the file could not be written for longer than their leases, and have one more to be heard",
    () =>
      Effect.gen(function* () {
        const filename = freshFile()
        const store = yield* open(filename, { busyTimeout: "10 millis" })
        const other = yield* open(filename, { busyTimeout: "10 millis" })
        const [worker, silent] = [freshWorker(), freshWorker("silent")]
        yield* store.heartbeat({ id: worker }, Duration.millis(200))
        yield* other.heartbeat({ id: silent }, Duration.millis(200))
        yield* Effect.acquireUseRelease(
          Effect.sync(() => new DatabaseSync(filename)),
          (database) =>
            Effect.gen(function* () {
              database.exec("BEGIN IMMEDIATE")
              yield* Effect.sleep("300 millis")
              assert.strictEqual(yield* reasonOf(store.heartbeat({ id: worker }, Duration.millis(200))), "Unavailable")
            }),
          (database) => Effect.sync(() => database.close())
        )
        assert.sameMembers(yield* living(store), [worker, silent])
        yield* store.heartbeat({ id: worker }, minute)
        assert.sameMembers(yield* living(store), [worker, silent])
        yield* Effect.sleep("210 millis")
        assert.deepStrictEqual(yield* living(store), [worker])
      })
  )

  it.live("13. live on while a heartbeat waits for a lock, and after it", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const [store, other] = [yield* open(filename), yield* open(filename)]
      const [worker, another] = [freshWorker(), freshWorker("another")]
      for (const [each, id] of [
        [store, worker],
        [other, another]
      ] as const) {
        yield* each.heartbeat({ id }, Duration.millis(400))
      }
      const waiting = yield* Effect.acquireUseRelease(
        Effect.sync(() => new DatabaseSync(filename)),
        (database) =>
          Effect.gen(function* () {
            database.exec("BEGIN IMMEDIATE")
            const waiting = yield* Effect.forkChild(store.heartbeat({ id: worker }, minute), { startImmediately: true })
            yield* Effect.sleep("700 millis")
            assert.sameMembers(yield* living(store), [worker, another])
            return waiting
          }),
        (database) => Effect.sync(() => database.close())
      )
      yield* Fiber.join(waiting)
      assert.sameMembers(yield* living(store), [worker, another])
      yield* Effect.sleep("410 millis")
      assert.deepStrictEqual(yield* living(store), [worker])
    })
  )

  it.live("13. are not kept alive by the short waits of a busy file", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const [store, other] = [yield* open(filename), yield* open(filename)]
      const silent = freshWorker("silent")
      yield* other.heartbeat({ id: silent }, Duration.millis(300))
      const database = yield* Effect.acquireRelease(
        Effect.sync(() => new DatabaseSync(filename)),
        (database) => Effect.sync(() => database.close())
      )
      for (let n = 0; n < 20; n++) {
        database.exec("BEGIN IMMEDIATE")
        const waiting = yield* Effect.forkChild(store.heartbeat({ id: freshWorker() }, Duration.millis(1)), {
          startImmediately: true
        })
        yield* Effect.sleep("15 millis")
        database.exec("COMMIT")
        yield* Fiber.join(waiting)
      }
      yield* Effect.sleep("10 millis")
      assert.deepStrictEqual(yield* living(store), [])
    })
  )

  it.live("13. of an older release are found and find others, each by what it knows", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const store = yield* open(filename)
      const [own, old, dead] = [freshWorker("own"), freshWorker("old"), freshWorker("dead")]
      /** What release 0.1 does, as the worker `id`. */
      const older = {
        beats: (id: string, millis: number) =>
          tamper(filename, (database) =>
            database
              .prepare(`
                INSERT INTO workers (worker, until, pid, started) VALUES (?, ?, ?, '')
                ON CONFLICT DO UPDATE SET until = excluded.until, pid = excluded.pid, started = excluded.started
              `)
              .run(id, Date.now() + millis, process.pid)
          ),
        leaves: (id: string) =>
          tamper(filename, (database) => database.prepare("DELETE FROM workers WHERE worker = ?").run(id)),
        sees: tamper(filename, (database) =>
          database
            .prepare("SELECT worker FROM workers WHERE until > ? ORDER BY worker")
            .all(Date.now())
            .map(({ worker }) => worker)
        )
      }
      yield* older.beats(old, 60_000)
      yield* older.beats(dead, -1)
      yield* store.heartbeat({ id: own, workflows: ["W"] }, minute)
      assert.deepStrictEqual(yield* store.workers, { living: [{ id: old }, { id: own, workflows: ["W"] }], left: [] })
      assert.deepStrictEqual(yield* older.sees, [old, own])
      yield* older.leaves(old)
      yield* store.heartbeat({ id: own, workflows: ["W"] }, Duration.zero)
      assert.deepStrictEqual(yield* store.workers, { living: [], left: [own] })
      assert.deepStrictEqual(yield* older.sees, [])
      // The name lives again, in a process of the older release.
      yield* older.beats(own, 60_000)
      assert.deepStrictEqual(yield* store.workers, { living: [{ id: own }], left: [] })
    })
  )

  it.live("13. one that is damaged does not hide the others", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const store = yield* open(filename)
      const ids = ["own", "names", "process", "clock"].map(freshWorker)
      const [own, names, process, clock] = ids
      for (const id of ids) yield* store.heartbeat({ id: id!, workflows: ["W"] }, minute)
      yield* change(
        filename,
        `UPDATE leases SET workflows = '[' WHERE worker = '${names}'`,
        `UPDATE leases SET pid = -9223372036854775808 WHERE worker = '${process}'`,
        `UPDATE leases SET clock = 'x', until = -1e308, has_left = 7 WHERE worker = '${clock}'`,
        "DELETE FROM workers"
      )
      const { living } = yield* store.workers
      assert.sameDeepMembers([...living], [{ id: own!, workflows: ["W"] }, { id: names! }])
    })
  )
})
