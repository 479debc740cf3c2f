/** What the SQLite store promises when several processes share a file and some of them are killed. */
import { existsSync, mkdtempSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, Duration, Effect, Exit, Fiber, Layer, Stream } from "effect"
import * as Sqlite from "perdure/Store/Sqlite"
import type { WorkflowId } from "perdure/Ids"
import { type Change, WorkflowStore } from "perdure/Store/WorkflowStore"
import {
  appendToken,
  freshId,
  freshWorker,
  living,
  loaded,
  saveAll,
  start,
  type Store,
  tokens
} from "../suites/store/builders.ts"
import * as Processes from "../support/Processes.ts"

/** A file of its own for a test. */
const file = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "perdure-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  ),
  (folder) => join(folder, "store.db")
)

const open = (filename: string) =>
  Effect.map(Layer.build(Sqlite.layer({ filename })), (context) => Context.get(context, WorkflowStore))

/** A process of `sqliteProgram.ts` in one of its roles. */
const run = (role: string, filename: string, args: ReadonlyArray<string>, prefix?: ReadonlyArray<string>) =>
  Processes.start("./sqliteProgram.ts", [role, filename, ...args], prefix)

const integrity = (filename: string) =>
  Effect.acquireUseRelease(
    Effect.sync(() => new DatabaseSync(filename)),
    (database) => Effect.sync(() => database.prepare("PRAGMA integrity_check").get()!["integrity_check"]),
    (database) => Effect.sync(() => database.close())
  )

/** Reads the end of an execution that others write to: its summary and its last commit belong together. */
const whole = (store: Store, workflowId: WorkflowId) =>
  Effect.map(loaded(store, workflowId), ({ commits, summary }) =>
    assert.strictEqual(summary.version, commits.at(-1)!.version)
  )

/** Starts eight executions in a file; returns their ids. */
const startEight = Effect.fnUntraced(function* (filename: string) {
  const ids = Array.from({ length: 8 }, (_, n) => freshId(String(n)))
  const commits = ids.map((id) => start(id))
  yield* Effect.scoped(Effect.flatMap(open(filename), (store) => saveAll(store, commits)))
  return ids
})

describe("SQLite files shared by processes", () => {
  it.live(
    "2. three processes append to the same executions: nothing is lost and nothing there twice",
    () =>
      Effect.gen(function* () {
        const filename = yield* file
        const store = yield* open(filename)
        const ids = [freshId("a"), freshId("b")]
        yield* saveAll(
          store,
          ids.map((id) => start(id))
        )
        const writers = yield* Effect.forEach(["x", "y"], (name) => run("append", filename, [name, "100", ...ids]))
        yield* Effect.forEach(writers, ({ go, line }) => Effect.andThen(line, go))
        const reading = yield* Effect.forkScoped(Effect.forever(Effect.andThen(whole(store, ids[0]!), Effect.yieldNow)))
        for (let n = 0; n < 100; n++) {
          yield* Effect.forEach(ids, (id) => appendToken(store, id, `own:${n}`), { concurrency: "unbounded" })
        }
        const acknowledged = (yield* Effect.forEach(writers, ({ rest }) => rest)).flat()
        assert.lengthOf(acknowledged, 400)
        // It reads until it is stopped, unless something that it read was torn.
        yield* Fiber.interrupt(reading)
        assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(reading)))
        for (const id of ids) {
          const { commits, summary } = yield* loaded(store, id)
          assert.deepStrictEqual(
            commits.map(({ version }) => Number(version)),
            Array.from({ length: 301 }, (_, n) => n + 1)
          )
          assert.strictEqual(summary.version, 301)
          for (const name of ["x", "y", "own"]) {
            assert.deepStrictEqual(
              tokens(commits).filter((token) => String(token).startsWith(`${name}:`)),
              Array.from({ length: 100 }, (_, n) => `${name}:${n}`)
            )
          }
        }
      }),
    120_000
  )

  it.live(
    "5. whenever a writer is killed, every acknowledged commit is there, and none is torn",
    () =>
      Effect.gen(function* () {
        const filename = yield* file
        const ids = yield* startEight(filename)
        const acknowledged: Array<ReadonlyArray<string>> = []
        for (let round = 0; round < 10; round++) {
          const writer = yield* run("group", filename, [String(round), ...ids])
          // Some rounds are killed in the middle of printing, some a little later.
          for (let n = 0; n < 50 + round * 37; n++) acknowledged.push(yield* writer.line)
          yield* Effect.sleep(round)
          yield* writer.kill
          acknowledged.push(...(yield* writer.rest))
        }
        assert.strictEqual(yield* integrity(filename), "ok")
        const store = yield* open(filename)
        let unacknowledged = 0
        for (const id of ids) {
          const { commits, summary } = yield* loaded(store, id)
          assert.deepStrictEqual(
            commits.map(({ version }) => Number(version)),
            commits.map((_, n) => n + 1)
          )
          assert.strictEqual(summary.version, commits.length)
          const groups = commits.slice(1).map((commit) => tokens([commit]))
          for (const group of groups) {
            assert.lengthOf(group, 3)
            assert.strictEqual(group[0], group[2])
          }
          assert.strictEqual(summary.attributes["token"], groups.at(-1)![0])
          const stored = groups.map(([token]) => String(token))
          assert.lengthOf(new Set(stored), stored.length)
          const expected = acknowledged.filter(([name]) => name === id).map(([, token]) => token!)
          const missing = expected.filter((token) => !stored.includes(token))
          assert.deepStrictEqual(missing, [])
          unacknowledged += stored.length - expected.length
        }
        // What was stored without its writer living to say so is at most one group a round.
        assert.isAtMost(unacknowledged, 10 * ids.length)
        assert.isAbove(acknowledged.length, 2000)
      }),
    120_000
  )

  it.live(
    "14. when the disk is full the group is unavailable, and what was acknowledged is there",
    () =>
      Effect.gen(function* () {
        const filename = yield* file
        const ids = yield* startEight(filename)
        // The process may not let a file grow over 1 MiB; ignoring the signal, it meets the error of a full disk.
        const writer = yield* run(
          "group",
          filename,
          ["full", ...ids],
          ["bash", "-c", "trap '' XFSZ; ulimit -f 1024; exec \"$@\"", "bash"]
        )
        const said = yield* writer.rest
        const [word, failure] = said.at(-1)!
        assert.strictEqual(word, "failed")
        assert.match(
          failure!,
          /Unavailable: the store did not answer: .*store\.db: .*; (free some space on|look at) its disk/
        )
        assert.isAtMost(statSync(`${filename}-wal`, { throwIfNoEntry: false })?.size ?? 0, 1024 * 1024)
        const store = yield* open(filename)
        for (const id of ids) {
          const { commits } = yield* loaded(store, id)
          const expected = said.filter(([name]) => name === id).map(([, token]) => token!)
          assert.isNotEmpty(expected)
          assert.deepStrictEqual(
            commits.slice(1).map((commit) => String(tokens([commit])[0])),
            expected
          )
        }
        assert.strictEqual(yield* integrity(filename), "ok")
      }),
    120_000
  )

  it.live(
    "5. when the file is taken away a process says so, and all that it acknowledged is in that file",
    () =>
      Effect.gen(function* () {
        const filename = yield* file
        const ids = yield* startEight(filename)
        const writer = yield* run("group", filename, ["moved", ...ids])
        const acknowledged = [yield* writer.line]
        const [place, moved] = [dirname(filename), `${dirname(filename)}.moved`]
        renameSync(place, moved)
        yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(moved, { recursive: true, force: true })))
        acknowledged.push(...(yield* writer.rest))
        const [word, failure] = acknowledged.pop()!
        assert.strictEqual(word, "failed")
        assert.match(
          failure!,
          /Unavailable: the store did not answer: .*store\.db was deleted or moved.*put back the file that was there/
        )
        assert.isFalse(existsSync(filename))
        renameSync(moved, place)
        assert.strictEqual(yield* integrity(filename), "ok")
        const store = yield* open(filename)
        for (const id of ids) {
          const stored = (yield* loaded(store, id)).commits.slice(1).map((commit) => String(tokens([commit])[0]))
          const expected = acknowledged.filter(([name]) => name === id).map(([, token]) => token!)
          assert.deepStrictEqual(stored.slice(0, expected.length), expected)
        }
      }),
    120_000
  )

  it.live(
    "5. processes that race to create the file all open it",
    () =>
      Effect.gen(function* () {
        const filename = yield* file
        const ids = Array.from({ length: 5 }, () => freshId())
        const racers = yield* Effect.forEach(ids, (id) => run("race", filename, [id]))
        yield* Effect.forEach(racers, ({ line }) => line)
        yield* Effect.forEach(racers, ({ go }) => go)
        const said = yield* Effect.forEach(racers, ({ rest }) => rest)
        assert.deepStrictEqual(
          said,
          racers.map(() => [["opened"]])
        )
        const store = yield* open(filename)
        yield* Effect.forEach(ids, (id) => loaded(store, id))
      }),
    120_000
  )

  it.live(
    "12. commits by another process are heard of at once",
    () =>
      Effect.gen(function* () {
        const filename = yield* file
        // Through a link, because the log that tells of commits is beside the file itself.
        const link = yield* file
        symlinkSync(filename, link)
        const store = yield* open(link)
        const heard = new Map<string, number>()
        const hear = (changes: ReadonlyArray<Change>) =>
          Effect.map(Clock.currentTimeMillis, (now) => {
            for (const { workflowId } of changes) heard.set(workflowId, now)
          })
        yield* Effect.forkScoped(Stream.runForEach(store.changes, hear), { startImmediately: true })
        const ids = Array.from({ length: 9 }, () => freshId())
        const writer = yield* run("commit", filename, ids)
        yield* writer.line
        const delays: Array<number> = []
        for (const id of ids) {
          // At any moment between two of the looks that the store takes anyway.
          yield* Effect.sleep(137)
          yield* writer.go
          const [, at] = yield* writer.line
          yield* Effect.repeat(Effect.sleep("2 millis"), { until: () => heard.has(id) }).pipe(
            Effect.timeout("3 seconds")
          )
          delays.push(heard.get(id)! - Number(at))
        }
        delays.sort((a, b) => a - b)
        // Looking once a second alone would take half a second more often than not.
        assert.isBelow(delays[4]!, 250)
        assert.isBelow(delays[8]!, 2000)
      }),
    120_000
  )

  it.live(
    "12. of 200 commits by another process 99 in 100 are heard of within 50 ms",
    () =>
      Effect.gen(function* () {
        const filename = yield* file
        const store = yield* open(filename)
        const heard = new Map<string, number>()
        const hear = (changes: ReadonlyArray<Change>) =>
          Effect.map(Clock.currentTimeMillis, (now) => {
            for (const { workflowId } of changes) if (!heard.has(workflowId)) heard.set(workflowId, now)
          })
        yield* Effect.forkScoped(Stream.runForEach(store.changes, hear), { startImmediately: true })
        /** How long after its answer a commit was heard of, for the slowest but two of 200. */
        const round = Effect.gen(function* () {
          const ids = Array.from({ length: 200 }, () => freshId())
          const writer = yield* run("commit", filename, ids)
          yield* writer.line
          const delays: Array<number> = []
          for (const [n, id] of ids.entries()) {
            yield* Effect.sleep(n % 7)
            yield* writer.go
            const [, at] = yield* writer.line
            yield* Effect.repeat(Effect.sleep("1 millis"), { until: () => heard.has(id) }).pipe(
              Effect.timeout("3 seconds")
            )
            delays.push(heard.get(id)! - Number(at))
          }
          // No machine is that slow: such a commit was passed over until the look that is taken once a second.
          assert.isEmpty(delays.filter((delay) => delay > 500))
          return delays.toSorted((a, b) => a - b)[197]!
        }).pipe(Effect.scoped)
        // A machine that does something else for a while may spoil a round.
        const rounds = yield* Effect.forEach([1, 2, 3], () => round)
        assert.isAtMost(Math.min(...rounds), 50)
      }),
    120_000
  )

  it.live(
    "13. the worker of a process that was killed is gone at once, and others live on",
    () =>
      Effect.gen(function* () {
        const filename = yield* file
        const store = yield* open(filename)
        const [own, dead, alive] = [freshWorker("own"), freshWorker("dead"), freshWorker("alive")]
        yield* store.heartbeat({ id: own }, Duration.minutes(10))
        const victim = yield* run("live", filename, [dead])
        const other = yield* run("live", filename, [alive])
        yield* victim.line
        yield* other.line
        assert.sameMembers(yield* living(store), [own, dead, alive])
        yield* victim.kill
        assert.sameMembers(yield* living(store), [own, alive])
      }),
    120_000
  )

  it.live(
    "5. a process that is killed while others write does not hold them up",
    () =>
      Effect.gen(function* () {
        const filename = yield* file
        const store = yield* open(filename)
        const [theirs, ours] = [freshId("theirs"), freshId("ours")]
        yield* saveAll(store, [start(theirs), start(ours)])
        const appending = yield* Effect.forkScoped(
          Effect.forEach(Array.from({ length: 400 }), (_, n) =>
            Effect.andThen(appendToken(store, ours, `${n}`), Effect.sleep("2 millis"))
          )
        )
        for (let round = 0; round < 2; round++) {
          const writer = yield* run("group", filename, [String(round), theirs])
          for (let n = 0; n < 30; n++) yield* writer.line
          yield* writer.kill
        }
        yield* Fiber.join(appending).pipe(Effect.timeout("30 seconds"))
        assert.lengthOf(tokens((yield* loaded(store, ours)).commits), 400)
      }),
    120_000
  )
})
