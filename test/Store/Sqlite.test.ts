import { existsSync, statSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import {
  Clock,
  Config,
  ConfigProvider,
  Context,
  Duration,
  Effect,
  Exit,
  Fiber,
  Layer,
  Option,
  Scope,
  Stream
} from "effect"
import { HistoryEvent } from "perdure/HistoryEvent"
import { Sequence, Version, WorkflowId } from "perdure/Ids"
import * as Sqlite from "perdure/Store/Sqlite"
import { type Change, NewerFormat, stream, WorkflowStore } from "perdure/Store/WorkflowStore"
import {
  after,
  epoch,
  freshId,
  freshWorker,
  loaded,
  reasonOf,
  reasonsOf,
  remove,
  saveAll,
  signal,
  start
} from "../suites/store/builders.ts"
import { filled, fold, folder, freshFile, open, overwrite, step, tamper } from "../support/sqliteFiles.ts"
import { suite } from "../suites/StoreSuite.ts"
import { toldInTheTable } from "../docs/guarantees.ts"

const layer = Sqlite.layer({ filename: join(folder, "suite.db") })

suite("SQLite", { layer, shared: true })

toldInTheTable("SQLite", layer)

describe("a SQLite store", () => {
  it.live("promises what its settings give", () =>
    Effect.gen(function* () {
      const full = yield* open(freshFile())
      assert.deepStrictEqual(full.guarantees, {
        durability: "disk",
        fencing: "fenced",
        listing: "strong",
        maxCommitBytes: 8 * 1024 * 1024,
        writes: "accepted"
      })
      const normal = yield* open(freshFile(), { synchronous: "NORMAL", maxCommitBytes: 1000 })
      assert.deepStrictEqual([normal.guarantees.durability, normal.guarantees.maxCommitBytes], ["process", 1000])
      assert.strictEqual((yield* open(":memory:")).guarantees.durability, "none")
    })
  )

  it.live("takes its settings from the configuration of the app", () =>
    Effect.gen(function* () {
      const configured = Sqlite.layerConfig({
        filename: Config.String("FILENAME"),
        synchronous: Config.succeed("NORMAL" as const),
        maxCommitBytes: Config.Number("MAX_COMMIT_BYTES")
      })
      const provider = (config: Record<string, unknown>) => ConfigProvider.layer(ConfigProvider.fromUnknown(config))
      const filename = freshFile()
      const context = yield* Layer.build(
        configured.pipe(Layer.provide(provider({ FILENAME: filename, MAX_COMMIT_BYTES: 5000 })))
      )
      const { guarantees } = Context.get(context, WorkflowStore)
      assert.deepStrictEqual([guarantees.durability, guarantees.maxCommitBytes], ["process", 5000])
      assert.isTrue(existsSync(filename))
      const error = yield* Effect.flip(Layer.build(configured.pipe(Layer.provide(provider({})))))
      assert.strictEqual(error._tag, "ConfigError")
    })
  )

  it.live("keeps everything in memory when told", () =>
    Effect.gen(function* () {
      const [store, other] = [yield* open(":memory:"), yield* open(":memory:")]
      const heard: Array<Change> = []
      yield* Effect.forkScoped(
        Stream.runForEach(store.changes, (changes) => Effect.sync(() => heard.push(...changes))),
        { startImmediately: true }
      )
      const first = start(freshId())
      yield* store.save(first)
      yield* store.save(after(first.summary))
      assert.strictEqual((yield* loaded(store, first.workflowId)).commits.length, 2)
      assert.isTrue((yield* other.load(first.workflowId))._tag === "None")
      yield* Effect.sleep("10 millis")
      assert.deepStrictEqual(
        heard.map(({ version }) => Number(version)),
        [1, 2]
      )
    })
  )

  it.live("finds damage when it reads it", () =>
    Effect.gen(function* () {
      const { commits, filename } = yield* filled
      // The first page says where the tables are; all others are overwritten.
      overwrite(filename, 4096, statSync(filename).size - 4096)
      const store = yield* open(filename)
      const id = commits[0]!.workflowId
      assert.strictEqual(yield* reasonOf(store.load(id)), "Corrupt")
      assert.strictEqual(yield* reasonOf(store.summary(id)), "Corrupt")
      assert.strictEqual(yield* reasonOf(store.list()), "Corrupt")
      assert.strictEqual(yield* reasonOf(store.count()), "Corrupt")
      assert.strictEqual(yield* reasonOf(store.delete(id, { version: Version.make(1) })), "Corrupt")
      const exits = yield* store.saveAll([start(freshId()), start(freshId())])
      assert.deepStrictEqual(yield* reasonsOf(exits), ["Corrupt", "Corrupt"])
    })
  )

  it.live.each<readonly [string, string, RegExp]>([
    ["events that are not JSON", "UPDATE segments SET events = substr(events, 2)", /commit 1: the events are not JSON/],
    [
      "an event that no release knows",
      `UPDATE segments SET events = '[{"_tag":"Ate"}]'`,
      /commit 1: not an event: .*Ate/
    ],
    ["a format that no release has", "UPDATE segments SET format = 0", /commit 1: there is no format 0/],
    ["a parent that is not JSON", "UPDATE executions SET parent = 'x'", /the summary .*"x"/],
    ["a list that is not JSON", "UPDATE executions SET waiting_for = 'x'", /the summary has the waitingFor/],
    ["attributes that are no object", "UPDATE executions SET attributes = '7'", /the summary has the attributes 7;/],
    ["a summary with an unknown status", "UPDATE executions SET status = 'walking'", /the summary .*walking/]
  ])("finds %s", ([, sql, message]) =>
    Effect.gen(function* () {
      const { commits, filename } = yield* filled
      yield* tamper(filename, (database) => database.exec(sql))
      const store = yield* open(filename)
      const error = yield* Effect.flip(store.load(commits[0]!.workflowId))
      assert.strictEqual(error.reason._tag, "Corrupt")
      assert.match(error.message, message)
    })
  )

  it.live("writes a commit in the oldest format that can hold its events, and tells a newer format from damage", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const first = start(freshId())
      const sent = HistoryEvent.cases.MessageSent.make({
        at: epoch,
        seq: Sequence.make(1),
        to: first.workflowId,
        message: { _tag: "Cancel", reason: "" }
      })
      const second = after(first.summary, { events: [signal("before"), sent] })
      const third = after(second.summary)
      yield* Effect.scoped(
        Effect.flatMap(open(filename), (store) => Effect.forEach([first, second, third], store.save))
      )
      yield* fold(filename)
      const formats = yield* tamper(filename, (database) => {
        const rows = database.prepare("SELECT format FROM segments ORDER BY version").all()
        database.exec("UPDATE segments SET format = 3 WHERE version = 3")
        return rows.map(({ format }) => format)
      })
      assert.deepStrictEqual(formats, [1, 2, 1])
      const store = yield* open(filename)
      const { reason } = yield* Effect.flip(store.load(first.workflowId))
      assert.deepStrictEqual(reason, new NewerFormat({ format: 3, known: 2 }))
      assert.match(reason.message, /use the release that wrote it/)
    })
  )

  it.live("15. reads no history for a summary", () =>
    Effect.gen(function* () {
      const { commits, filename } = yield* filled
      yield* tamper(filename, (database) => database.exec("UPDATE segments SET events = 'x', format = 9"))
      const store = yield* open(filename)
      const { summary, workflowId } = commits[0]!
      assert.strictEqual(yield* reasonOf(store.load(workflowId)), "NewerFormat")
      assert.deepStrictEqual(yield* store.summary(workflowId), Option.some(summary))
    })
  )

  it.live("14. undoes the whole of a group when an error interrupts it, and goes on", () =>
    Effect.gen(function* () {
      const { filename } = yield* filled
      yield* tamper(filename, (database) =>
        database.exec(`
          CREATE TRIGGER fail BEFORE INSERT ON commit_groups WHEN instr(new.data, '"broken"') > 0
          BEGIN SELECT RAISE(FAIL, 'no more'); END
        `)
      )
      const store = yield* open(filename)
      const group = [start(freshId()), start(freshId(), { id: "broken" }), start(freshId())]
      const exits = yield* store.saveAll(group)
      assert.deepStrictEqual(yield* reasonsOf(exits), ["Unavailable", "Unavailable", "Unavailable"])
      for (const { workflowId } of group) assert.isTrue((yield* store.load(workflowId))._tag === "None")
      yield* store.save(group[0]!)
      yield* loaded(store, group[0]!.workflowId)
    })
  )

  it.live("is unavailable once it is closed", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const store = yield* Scope.provide(open(freshFile()), scope)
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(yield* reasonOf(store.save(start(freshId()))), "Unavailable")
      assert.strictEqual(yield* reasonOf(store.load(freshId())), "Unavailable")
    })
  )

  it.live("fails a commit that is no JSON without failing its group", () =>
    Effect.gen(function* () {
      const store = yield* open(freshFile())
      const bad = start(freshId())
      const input: unknown = { size: 10n }
      const events = [{ ...bad.events[0], input } as (typeof bad.events)[0]] as const
      const good = [start(freshId()), start(freshId())]
      const exits = yield* store.saveAll([good[0]!, { ...bad, events }, good[1]!])
      assert.deepStrictEqual(exits.map(Exit.isSuccess), [true, false, true])
      assert.isTrue(Exit.hasDies(exits[1]!))
      yield* loaded(store, good[1]!.workflowId)
    })
  )

  it.live("12. tells of each commit by another store once", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const [store, other] = [yield* open(filename), yield* open(filename)]
      const heard: Array<Change> = []
      yield* Effect.forkScoped(
        Stream.runForEach(store.changes, (changes) => Effect.sync(() => heard.push(...changes))),
        { startImmediately: true }
      )
      const commits = Array.from({ length: 5 }, () => start(freshId()))
      for (const commit of commits) {
        yield* other.save(commit)
        yield* Effect.repeat(Effect.sleep("2 millis"), {
          until: () => heard.some(({ workflowId }) => workflowId === commit.workflowId)
        }).pipe(Effect.timeout("5 seconds"))
      }
      yield* Effect.sleep("50 millis")
      assert.deepStrictEqual(
        heard.map(({ workflowId }) => workflowId),
        commits.map(({ workflowId }) => workflowId)
      )
    })
  )

  it.live("10. tells ids apart that differ in unpaired surrogates", () =>
    Effect.gen(function* () {
      const store = yield* open(freshFile())
      const heard: Array<Change> = []
      yield* Effect.forkScoped(
        Stream.runForEach(store.changes, (changes) => Effect.sync(() => heard.push(...changes))),
        { startImmediately: true }
      )
      const ids = ["a\ud800", "a\ud801", "a\udc00", "a\ufffd", "\ud83d\ude00", "\ude00\ud83d"].map((id) =>
        WorkflowId.make(id)
      )
      const other = yield* open(freshFile())
      for (const each of [store, other]) {
        yield* saveAll(
          each,
          ids.map((id) => start(id))
        )
        for (const id of ids) assert.strictEqual((yield* loaded(each, id)).summary.workflowId, id)
        const listed = yield* Stream.runCollect(stream(each, { limit: 1 }))
        assert.sameMembers(
          listed.map(({ workflowId }) => workflowId),
          ids
        )
        for (const id of ids) assert.isTrue(yield* remove(each, id))
      }
      yield* Effect.sleep("10 millis")
      assert.sameMembers(
        heard.filter(({ version }) => version > 0).map(({ workflowId }) => workflowId),
        ids
      )
    })
  )
})

describe("a SQLite file that another connection writes to", () => {
  /** Holds the write lock until the scope ends. */
  const lock = (filename: string) =>
    Effect.acquireRelease(
      Effect.sync(() => {
        const database = new DatabaseSync(filename)
        database.exec("BEGIN IMMEDIATE")
        return database
      }),
      (database) => Effect.sync(() => database.close())
    )

  it.effect("is waited for without stopping the process, whatever the clock of a test says", () =>
    Effect.gen(function* () {
      const { commits, filename } = yield* filled
      const store = yield* open(filename)
      const held = yield* Scope.make()
      yield* Scope.provide(lock(filename), held)
      const saving = yield* Effect.forkChild(store.save(start(freshId())), { startImmediately: true })
      // Reading goes on meanwhile, and so do timers of the process.
      yield* loaded(store, commits[0]!.workflowId)
      yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 50)))
      assert.isUndefined(saving.pollUnsafe())
      yield* Scope.close(held, Exit.void)
      yield* Fiber.join(saving)
    })
  )

  it.live("is waited for no longer when the wall clock is put back", () =>
    Effect.gen(function* () {
      const { filename } = yield* filled
      const store = yield* open(filename, { busyTimeout: "200 millis" })
      yield* lock(filename)
      const saving = yield* Effect.forkChild(reasonOf(store.save(start(freshId()))), { startImmediately: true })
      yield* Effect.sleep("20 millis")
      yield* step("-3 hours")
      assert.strictEqual(yield* Fiber.join(saving).pipe(Effect.timeout("5 seconds")), "Unavailable")
    })
  )

  it.live("makes every write unavailable when it takes too long, and nothing is stored", () =>
    Effect.gen(function* () {
      const { filename } = yield* filled
      const store = yield* open(filename, { busyTimeout: "100 millis" })
      const first = start(freshId())
      const started = yield* Clock.currentTimeMillis
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* lock(filename)
          const exits = yield* store.saveAll([first, start(freshId())])
          assert.deepStrictEqual(yield* reasonsOf(exits), ["Unavailable", "Unavailable"])
          assert.strictEqual(yield* reasonOf(store.delete(freshId(), { version: Version.make(1) })), "Unavailable")
          assert.strictEqual(
            yield* reasonOf(store.heartbeat({ id: freshWorker() }, Duration.seconds(1))),
            "Unavailable"
          )
        })
      )
      assert.isAtLeast((yield* Clock.currentTimeMillis) - started, 300)
      assert.isTrue((yield* store.load(first.workflowId))._tag === "None")
      yield* store.save(first)
    })
  )
})
