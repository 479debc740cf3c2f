import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Result } from "effect"
import { Sequence, Version, WorkflowId } from "perdure/Ids"
import * as SqliteStore from "perdure/Store/Sqlite"
import { StoreError, type StoredExecution, type WorkflowFilter } from "perdure/Store/WorkflowStore"
import { isFinal } from "perdure/WorkflowState"
import { path as pathFault } from "../../src/internal/options.ts"
import { after, freshId, freshRun, loaded, saveAll, start, type Store } from "../suites/store/builders.ts"
import { filled, fold, folder, freshFile, open, overwrite, tamper, withoutLog } from "../support/sqliteFiles.ts"

describe("opening a SQLite file", () => {
  const refusal = (filename: string) =>
    Effect.map(Effect.scoped(Effect.result(open(filename))), (opened) => {
      assert.isTrue(Result.isFailure(opened), "it was opened")
      const error = Option.getOrThrow(Result.getFailure(opened))
      assert.instanceOf(error, StoreError)
      assert.strictEqual(error.operation, "open")
      return [error.reason._tag, error.message] as const
    })

  const refused = Effect.fnUntraced(function* (filename: string, tag: string, message: RegExp) {
    const [actual, text] = yield* refusal(filename)
    assert.strictEqual(actual, tag)
    assert.match(text, message)
  })

  it.live("creates it, and keeps what is in it", () =>
    Effect.gen(function* () {
      const { commits, filename } = yield* filled
      const store = yield* open(filename)
      for (const { summary, workflowId } of commits) {
        assert.deepStrictEqual((yield* loaded(store, workflowId)).summary, summary)
      }
    })
  )

  it.live("refuses an address, and shows nothing of it", () =>
    Effect.gen(function* () {
      const path = /^open: filename must be the path of a file/
      for (const filename of ["file:foo.db", "sqlite://foo.db"]) {
        yield* refused(filename, "Unsupported", /: write the path alone, without (file|sqlite):$/)
      }
      for (const filename of ["nats://ada:hush@a:4222", "localhost:4222", "ada:hush@a", "[::1]:4222"]) {
        yield* refused(filename, "Unsupported", path)
        assert.notInclude((yield* refusal(filename))[1], filename.slice(0, 6))
      }
      // These are paths: a drive, a colon further on, and memory.
      for (const filename of ["C:\\data\\a.db", "data/a:b.db", "./a:b.db", ":memory:"]) {
        assert.isUndefined(pathFault("filename", filename))
      }
      yield* Effect.scoped(open(":memory:"))
    })
  )

  it.live("takes an empty file for a new one", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      writeFileSync(filename, "")
      yield* Effect.scoped(Effect.flatMap(open(filename), (store) => store.save(start(freshId()))))
    })
  )

  it.live("leaves one whole file behind when it is closed", () =>
    Effect.gen(function* () {
      const { commits, filename } = yield* filled
      assert.isFalse(
        readdirSync(folder).some((name) => filename.endsWith(name.replace(/-(wal|shm)$/, "")) && /-/.test(name))
      )
      const copy = freshFile()
      copyFileSync(filename, copy)
      const store = yield* open(copy)
      yield* loaded(store, commits[199]!.workflowId)
    })
  )

  it.live("refuses what is no database", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      writeFileSync(filename, "the quick brown fox jumps over the lazy dog\n".repeat(1000))
      yield* refused(filename, "Corrupt", /is not a SQLite database; name another file/)
    })
  )

  it.live("refuses a folder", () => refused(folder, "Unsupported", /is a folder; name a file in it/))

  it.live("refuses a file in a folder that is not there", () =>
    refused(join(folder, "missing", "store.db"), "Unsupported", /missing is not a folder; create it/)
  )

  it.live("refuses a file below a file", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      writeFileSync(filename, "")
      yield* refused(join(filename, "store.db"), "Unsupported", /is not a folder; create it/)
    })
  )

  it.live("refuses a file that was cut off", () =>
    Effect.gen(function* () {
      const { filename } = yield* filled
      truncateSync(filename, statSync(filename).size / 2)
      yield* refused(filename, "Corrupt", /is damaged \(.*malformed.*\); restore it from a backup/)
    })
  )

  it.live("refuses a file whose head was overwritten", () =>
    Effect.gen(function* () {
      const { filename } = yield* filled
      overwrite(filename, 0, 4096)
      yield* refused(filename, "Corrupt", /is not a SQLite database/)
    })
  )

  it.live.each([
    ...["executions", "attributes", "commit_groups", "segments", "deletions", "leases", "details", "workers"].map(
      (table) => [`DROP TABLE ${table}`, `no such table: (main\\.)?${table}`] as const
    ),
    ["ALTER TABLE leases RENAME COLUMN until TO ends", "table leases has no column named until"],
    ["ALTER TABLE executions DROP COLUMN memo", "no such column: executions\\.memo"]
  ] as const)("refuses a file that has other tables: after %s", ([statement, message]) =>
    Effect.gen(function* () {
      const { filename } = yield* filled
      yield* tamper(filename, (database) => database.exec(statement))
      yield* refused(filename, "Corrupt", new RegExp(`has other tables than it must \\(${message}`))
    })
  )

  it.live("refuses the database of another program", () =>
    Effect.gen(function* () {
      const cases = [
        ["CREATE TABLE Commits (x)", 'it has "Commits" already, which is a name of this store'],
        ["CREATE TABLE a (x); CREATE INDEX executions_root ON a (x)", 'it has "executions_root" already'],
        ["CREATE TABLE a (x); PRAGMA user_version = 1", "its user_version is 1, and both would use that"],
        ["CREATE TABLE a (x); PRAGMA application_id = 7", "its application_id is 7"]
      ] as const
      for (const [statements, why] of cases) {
        const filename = freshFile()
        yield* tamper(filename, (database) => database.exec(statements))
        yield* refused(
          filename,
          "Unsupported",
          new RegExp(`is the database of another program: ${why}.*; name another file`)
        )
        const mode = yield* tamper(
          filename,
          (database) => database.prepare("PRAGMA journal_mode").get()!["journal_mode"]
        )
        assert.strictEqual(mode, "delete")
      }
    })
  )

  it.live("is not made when it is to be there, and is used when it is", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const error = yield* Effect.flip(SqliteStore.make({ filename, create: false }))
      assert.strictEqual(error.reason._tag, "Unsupported")
      assert.strictEqual(
        error.message,
        `open: there is no file ${filename}; name the one that is meant, or leave out create: false`
      )
      assert.isFalse(existsSync(filename))
      yield* Effect.scoped(open(filename))
      yield* SqliteStore.make({ filename, create: false })
    }).pipe(Effect.scoped)
  )

  it.live("is not opened with an option that there is not", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(SqliteStore.make({ filename: freshFile(), filname: "x" } as SqliteStore.Options))
      assert.strictEqual(
        error.message,
        "open: there is no option filname, but filename, create, synchronous, busyTimeout and maxCommitBytes"
      )
    }).pipe(Effect.scoped)
  )

  it.live("has no name that another program may have too", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      yield* Effect.scoped(open(filename))
      const names = yield* tamper(filename, (database) =>
        database.prepare("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").all()
      )
      assert.isAbove(names.length, 10)
      for (const { name } of names) {
        const other = freshFile()
        yield* tamper(other, (database) => database.exec(`CREATE TABLE ${String(name)} (x)`))
        yield* refused(other, "Unsupported", new RegExp(`it has "${String(name)}" already`))
      }
    })
  )

  it.live("may be that of an app, with tables of the app", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      yield* tamper(filename, (database) => database.exec("CREATE TABLE orders (id); INSERT INTO orders VALUES (7)"))
      const first = start(freshId())
      yield* Effect.flatMap(open(filename), (store) => store.save(first)).pipe(Effect.scoped)
      const store = yield* open(filename)
      assert.deepStrictEqual((yield* store.list()).executions, [first.summary])
      const orders = yield* tamper(filename, (database) => database.prepare("SELECT id FROM orders").all())
      assert.deepStrictEqual(
        orders.map(({ id }) => id),
        [7]
      )
    }).pipe(Effect.scoped)
  )

  it.live("refuses a file of a newer release and leaves it alone", () =>
    Effect.gen(function* () {
      const { filename } = yield* filled
      yield* tamper(filename, (database) => database.exec("PRAGMA user_version = 99"))
      yield* refused(filename, "Unsupported", /newer release.*version 99.*up to 6; use that release/)
      const version = yield* tamper(
        filename,
        (database) => database.prepare("PRAGMA user_version").get()!["user_version"]
      )
      assert.strictEqual(version, 99)
    })
  )

  it.live("refuses a file that cannot be written", () =>
    Effect.gen(function* () {
      const place = join(folder, "read-only")
      mkdirSync(place)
      const { filename } = yield* filled
      const copy = join(place, "store.db")
      copyFileSync(filename, copy)
      for (const [file, directory] of [
        [0o444, 0o777],
        [0o444, 0o555],
        [0o666, 0o555]
      ] as const) {
        chmodSync(copy, file)
        chmodSync(place, directory)
        const [tag, message] = withoutPrivileges(() => Effect.runSync(refusal(copy)))
        assert.strictEqual(tag, "Unsupported")
        assert.match(message, /store\.db (is read-only|cannot be opened); let this process .*write.* and .*its folder/)
      }
      chmodSync(place, 0o700)
    })
  )

  it.live("refuses a log without its file, and leaves it alone", () =>
    Effect.gen(function* () {
      const { filename } = yield* filled
      const [copy, link] = [freshFile(), freshFile()]
      // The commit is in the log alone, since the file was copied before.
      const store = yield* open(filename)
      copyFileSync(filename, copy)
      const commit = start(freshId())
      yield* store.save(commit)
      copyFileSync(`${filename}-wal`, `${copy}-wal`)
      renameSync(copy, `${copy}.aside`)
      symlinkSync(copy, link)
      for (const named of [copy, link]) {
        yield* refused(named, "Unsupported", /\d\.db is missing or empty, and its log .*-wal is not; put the file back/)
      }
      writeFileSync(copy, "")
      yield* refused(copy, "Unsupported", /put the file back beside its log, .*, or remove the log to begin anew/)
      renameSync(`${copy}.aside`, copy)
      yield* Effect.scoped(Effect.flatMap(open(link), (again) => loaded(again, commit.workflowId)))
      rmSync(copy)
      writeFileSync(`${copy}-wal`, "")
      yield* Effect.scoped(Effect.flatMap(open(copy), (empty) => empty.save(start(freshId()))))
    })
  )

  it.live("names it, and what to do, also when it may be tried again", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const other = new DatabaseSync(filename)
      yield* Effect.addFinalizer(() => Effect.sync(() => other.close()))
      other.exec("BEGIN EXCLUSIVE")
      const error = yield* Effect.flip(Effect.scoped(open(filename, { busyTimeout: 0 })))
      assert.strictEqual(error.reason._tag, "Unavailable")
      assert.include(error.message, `${filename}: database is locked; another process writes to it`)
    })
  )

  it.live("eight times at once gives eight stores on one file", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const all = yield* Effect.forEach(Array.from({ length: 8 }), () => open(filename), { concurrency: "unbounded" })
      const commit = start(freshId())
      yield* all[0]!.save(commit)
      for (const store of all) yield* loaded(store, commit.workflowId)
    })
  )
})

describe("a SQLite file of release 0.1", () => {
  /** A copy of the file that the release has written. */
  const written = Effect.sync(() => {
    const filename = freshFile()
    copyFileSync(new URL("../golden/0.1/store.db", import.meta.url), filename)
    return filename
  })

  const schemaOf = (filename: string) =>
    tamper(filename, (database) => [
      database.prepare("PRAGMA user_version").get(),
      ...database
        .prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY name")
        .all()
        .map(({ name, sql, type }) => [type, name, String(sql).replaceAll(/\s+/g, " ")])
    ])

  it.live("gets the tables of a new one when it is opened, also by many at once", () =>
    Effect.gen(function* () {
      const [filename, fresh] = [yield* written, freshFile()]
      yield* open(fresh)
      yield* Effect.forEach(Array.from({ length: 8 }), () => open(filename), { concurrency: "unbounded" })
      assert.deepStrictEqual(yield* schemaOf(filename), yield* schemaOf(fresh))
    })
  )

  it.live("keeps its executions, finds them by all that a new one does, and goes on with them", () =>
    Effect.gen(function* () {
      const filename = yield* written
      const rows = yield* tamper(filename, (database) =>
        database.prepare("SELECT run_id, version, status, attributes, wake_at FROM executions ORDER BY run_id").all()
      )
      const store = yield* open(filename)
      const { executions } = yield* store.list()
      const now = executions.map(({ attributes, runId, status, version, wakeAt }) => ({
        run_id: runId,
        version,
        status,
        attributes: JSON.stringify(attributes),
        wake_at: wakeAt ?? null
      }))
      assert.sameDeepMembers(
        now,
        rows.map((row) => ({ ...row }))
      )
      const ids = (filter: WorkflowFilter) =>
        Effect.map(store.list(filter), ({ executions }) => executions.map(({ workflowId }) => workflowId))
      assert.deepStrictEqual(yield* ids({ attributes: { customer: "Zo\u00eb", weight: 2.5, urgent: true } }), [
        "completed"
      ])
      assert.deepStrictEqual(yield* ids({ attributes: { weight: -0.25 } }), ["with attributes"])
      const open_ = executions.filter(({ status }) => !isFinal(status))
      assert.deepStrictEqual(
        yield* ids({ unsettled: true }),
        open_.map(({ workflowId }) => workflowId)
      )
      for (const { workflowId } of executions) {
        const { summary } = yield* loaded(store, workflowId)
        yield* store.save(after(summary, { summary: { attributes: { again: true } } }))
        assert.isTrue(yield* store.delete(workflowId, { version: Version.make(summary.version + 1) }))
      }
      assert.strictEqual(yield* store.count(), 0)
      const left = yield* tamper(filename, (database) => database.prepare("SELECT * FROM attributes").all())
      assert.isEmpty(left)
    })
  )
})

describe("a SQLite file without columns of ancestors", () => {
  it.live("gets them when it is opened, and finds the children that it has", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const parent = { workflowId: WorkflowId.make("a parent \ud800"), chain: freshRun() }
      const commits = Array.from({ length: 4 }, (_, n) => start(freshId(), n < 3 ? { summary: { parent } } : {}))
      yield* Effect.scoped(Effect.flatMap(open(filename), (store) => saveAll(store, commits)))
      yield* fold(filename)
      yield* tamper(filename, (database) => {
        withoutLog(database)
        database.exec(
          "DROP TABLE details; DROP INDEX executions_parent; DROP INDEX executions_root; PRAGMA user_version = 3"
        )
        for (const column of ["published", "parent_id", "root", "root_id", "workflow_version", "memo"]) {
          database.exec(`ALTER TABLE executions DROP COLUMN ${column}`)
        }
        database.prepare("UPDATE executions SET parent = 'x' WHERE workflow_id = ?").run(commits[2]!.workflowId)
      })
      const store = yield* open(filename)
      for (const asked of [parent.workflowId, { workflowId: parent.workflowId, runId: parent.chain }]) {
        const { executions } = yield* store.list({ parent: asked })
        assert.sameMembers(
          executions.map(({ workflowId }) => workflowId),
          commits.slice(0, 2).map(({ workflowId }) => workflowId)
        )
      }
      assert.lengthOf((yield* store.list()).unreadable ?? [], 1)
    })
  )
})

describe("a SQLite file whose attributes have one column", () => {
  it.live("gets columns for names and values when it is opened, and finds executions by both and by ranges", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const all = [{ total: 5, name: "a" }, { total: 50, name: "b\u{1f4b3}" }, { total: true, "\ud800": "\ud800" }, {}]
      const commits = all.map((attributes, n) => start(freshId(), { summary: { startedAt: n, attributes } }))
      yield* Effect.scoped(Effect.flatMap(open(filename), (store) => saveAll(store, commits)))
      yield* fold(filename)
      yield* tamper(filename, (database) => {
        withoutLog(database)
        database.exec(`
          DROP TABLE attributes;
          CREATE TABLE attributes (
            attribute TEXT NOT NULL,
            started_at REAL NOT NULL,
            workflow_id ANY NOT NULL,
            execution INTEGER NOT NULL,
            PRIMARY KEY (attribute, started_at, workflow_id)
          ) STRICT, WITHOUT ROWID;
          INSERT INTO attributes SELECT '["total",5]', started_at, workflow_id, key FROM executions WHERE started_at = 0;
          ALTER TABLE executions DROP COLUMN memo;
          PRAGMA user_version = 4;
        `)
      })
      const store = yield* open(filename)
      const found = (filter: WorkflowFilter) =>
        Effect.map(store.list(filter), ({ executions }) => executions.map(({ startedAt }) => startedAt))
      assert.deepStrictEqual(yield* found({}), [0, 1, 2, 3])
      assert.deepStrictEqual(yield* found({ where: { total: { above: 4 } } }), [0, 1])
      assert.deepStrictEqual(yield* found({ attributes: { total: true } }), [2])
      assert.deepStrictEqual(yield* found({ where: { name: { from: "b" } } }), [1])
      assert.deepStrictEqual(yield* found({ attributes: { "\ud800": "\ud800" } }), [2])
      const next = after(commits[0]!.summary, { summary: { attributes: { total: 60 }, memo: { is: "new" } } })
      yield* store.save(next)
      assert.deepStrictEqual(yield* found({ where: { total: { above: 40 } } }), [0, 1])
      assert.deepStrictEqual(yield* found({ attributes: { total: 5 } }), [])
      assert.deepStrictEqual((yield* loaded(store, next.workflowId)).summary, next.summary)
    })
  )
})

describe("a SQLite file of one row a commit", () => {
  const golden = (name: string) => new URL(`../golden/tables-5/${name}`, import.meta.url)

  /** What the store that wrote the file has loaded from it, of all versions that it had. */
  const written = JSON.parse(readFileSync(golden("store.json"), "utf8")) as ReadonlyArray<StoredExecution>

  it.live("is read as it was written, before and after others come, and goes on", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      copyFileSync(golden("store.db"), filename)
      const all = (store: Store) => Effect.forEach(written, ({ summary }) => loaded(store, summary.workflowId, 0))
      const store = yield* open(filename)
      assert.deepStrictEqual(yield* all(store), written)
      for (const { commits, summary } of written) {
        // A commit whose answer was lost is known by its id.
        const { id, version } = commits.at(-1)!
        const again = after({ ...summary, version: Version.make(version - 1) }, { id, summary: { version } })
        yield* store.save(again)
      }
      const next = written.map(({ summary }) => after(summary))
      yield* saveAll(store, next)
      const expected = written.map(({ commits }, n) => {
        const { events, id, runId, summary, version } = next[n]!
        return { summary, commits: [...commits, { id, runId, version, events }] }
      })
      assert.deepStrictEqual(yield* all(store), expected)
      assert.deepStrictEqual(yield* Effect.scoped(Effect.flatMap(open(filename), all)), expected)
      yield* fold(filename)
      assert.deepStrictEqual(yield* all(store), expected)
      assert.deepStrictEqual(yield* Effect.scoped(Effect.flatMap(open(filename), all)), expected)
    })
  )

  it.live("keeps its records of deletions, details and older runs, and loses what is deleted", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      copyFileSync(golden("store.db"), filename)
      const store = yield* open(filename)
      assert.deepStrictEqual(
        yield* store.deletion(WorkflowId.make("deleted")),
        Option.some({ version: Version.make(3), seen: { other: 1 } })
      )
      const [attributes, continued] = ["attributes", "continued"].map((id) =>
        written.find(({ summary }) => summary.workflowId === id)!
      )
      const call = { workflowId: attributes!.summary.workflowId, runId: attributes!.summary.runId }
      assert.deepStrictEqual(yield* store.details({ ...call, seq: Sequence.make(0) }), Option.some({ percent: 50 }))
      const { summary } = continued!
      // In the middle of the second run, of which the first commit names the run.
      assert.isTrue(yield* store.delete(summary.workflowId, { before: Version.make(4) }))
      const left = yield* loaded(store, summary.workflowId, 0)
      assert.deepStrictEqual(left.commits, continued!.commits.slice(1))
      for (const { summary } of written) assert.isTrue(yield* store.delete(summary.workflowId, summary))
      const rows = yield* tamper(filename, (database) =>
        database
          .prepare(
            "SELECT (SELECT count(*) FROM segments) AS segments, (SELECT count(*) FROM attributes) AS attributes"
          )
          .get()
      )
      assert.deepStrictEqual({ ...rows }, { segments: 0, attributes: 0 })
    })
  )

  it.live("is not written any more by a process of the release that wrote it", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      copyFileSync(golden("store.db"), filename)
      const older = yield* Effect.acquireRelease(
        Effect.sync(() => new DatabaseSync(filename)),
        (database) => Effect.sync(() => database.close())
      )
      const appending = older.prepare(
        "INSERT INTO commits (execution, version, id, format, events) VALUES (1, 99, 'x', 1, '')"
      )
      const removing = older.prepare("DELETE FROM commits WHERE execution = 1")
      yield* open(filename)
      for (const statement of [appending, removing]) assert.throws(() => statement.run(), /no such table/)
    })
  )
})

/** Runs as a user to whom file permissions apply, should the tests run as root. */
const withoutPrivileges = <A>(body: () => A): A => {
  if (process.geteuid?.() !== 0) return body()
  chmodSync(folder, 0o755)
  process.seteuid!(65534)
  try {
    return body()
  } finally {
    process.seteuid!(0)
  }
}
