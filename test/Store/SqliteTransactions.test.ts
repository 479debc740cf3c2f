/** Transactions of a SQLite store: what statements may do, what SQLite ends by itself, and the groups in which bodies run. */
import { DatabaseSync, StatementSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, FiberSet } from "effect"
import { SqlClient } from "effect/sql"
import type { Transaction, Verdict } from "perdure/Store/Transactions"
import { type StoreError, type StoreErrorReason, Unavailable } from "perdure/Store/WorkflowStore"
import * as Append from "../../src/Store/sqlite/Append.ts"
import * as Bodies from "../../src/Store/sqlite/Bodies.ts"
import * as Changes from "../../src/Store/sqlite/Changes.ts"
import * as Database from "../../src/Store/sqlite/Database.ts"
import * as Guard from "../../src/Store/sqlite/Guard.ts"
import * as Transactions from "../../src/Store/sqlite/Transactions.ts"
import { after, freshId, start } from "../suites/store/builders.ts"
import { freshFile, tamper } from "../support/sqliteFiles.ts"
import { soon } from "../support/soon.ts"

/** A store on a file of its own, with what is within. */
const opened = Effect.gen(function* () {
  const filename = freshFile()
  const database = yield* Database.open({ filename, synchronous: "NORMAL", busyTimeout: "1 second" })
  const listeners = Changes.make(database)
  const appending = yield* Append.make(database, listeners, 1_000_000)
  const { run } = yield* Transactions.make(database, appending, listeners, 1_000_000)
  const { connection } = database
  connection.exec("CREATE TABLE rows (a ANY, b ANY, c ANY) STRICT; CREATE TABLE once (id INTEGER PRIMARY KEY)")
  const all = () =>
    connection
      .prepare("SELECT a, b, c FROM rows")
      .all()
      .map((row) => ({ ...row }))
  return { filename, database, connection, appending, run, all }
})

type Body = (transaction: Transaction, sql: SqlClient.SqlClient) => Effect.Effect<unknown, unknown>

/** A body that commits what succeeds. */
const committing =
  (body: Body) =>
  (transaction: Transaction): Effect.Effect<Verdict<Exit.Exit<unknown, unknown>>> =>
    transaction.guard(Effect.flatMap(SqlClient.SqlClient, (sql) => body(transaction, sql))).pipe(
      Effect.provideContext(transaction.services),
      Effect.exit,
      Effect.map((exit) => ({
        _tag: Exit.isSuccess(exit) ? "Commit" : "Undo",
        value: exit,
        committed: () => {}
      }))
    )

/** What a body that commits ends with. */
const canAsk = ({ connection }: Effect.Success<typeof opened>) => typeof connection.setAuthorizer === "function"

const within = ({ run }: Effect.Success<typeof opened>, body: Body) => Effect.flatten(run(undefined, committing(body)))

const messageOf = <A, R>(effect: Effect.Effect<A, unknown, R>) =>
  Effect.match(effect, { onFailure: (error) => (error as Error).message, onSuccess: () => "it succeeded" })

describe("statements within a transaction of a SQLite store", () => {
  it.effect("23. take times as texts and bytes as they are, also as the first parameter", () =>
    Effect.gen(function* () {
      const store = yield* opened
      const time = new Date(0)
      yield* within(store, (_, sql) => sql`INSERT INTO rows VALUES (${time as never}, ${"b"}, ${true})`)
      const bytes = new Uint8Array([1, 2])
      yield* within(store, (_, sql) => sql`INSERT INTO rows VALUES (${bytes}, ${null}, ${5n})`)
      yield* within(store, (_, sql) => sql`INSERT INTO rows VALUES (${bytes.buffer as never}, ${1.5}, ${"c"})`)
      assert.deepStrictEqual(store.all(), [
        { a: "1970-01-01T00:00:00.000Z", b: "b", c: 1 },
        { a: bytes, b: null, c: 5 },
        { a: bytes, b: 1.5, c: "c" }
      ])
    })
  )

  it.effect("23. name a parameter that SQLite does not have", () =>
    Effect.gen(function* () {
      const store = yield* opened
      for (const [given, said] of [
        [{ a: 1 }, "an object"],
        [[1], "an array"],
        [undefined, "undefined"],
        [() => 1, "a function"],
        [new Date(Number.NaN), "an invalid Date"]
      ] as const) {
        for (const place of [0, 1]) {
          const values = [1, 2].map((value, index) => (index === place ? given : value))
          const insert: Body = (_, sql) => sql.unsafe("INSERT INTO rows (a, b) VALUES (?, ?)", values)
          assert.include(
            yield* messageOf(within(store, insert)),
            `parameter ${place + 1} is ${said}; give null, a number`
          )
        }
      }
      assert.deepStrictEqual(store.all(), [])
    })
  )

  const refusals: ReadonlyArray<readonly [why: string, statements: ReadonlyArray<string>]> = [
    [
      "the transaction is that of the store, which ends it",
      ["COMMIT", "/* a */ COMMIT", "; COMMIT", "-- a\nBEGIN", "SAVEPOINT a", "RELEASE a", "ROLLBACK TO a", "end"]
    ],
    [
      "are of the connection, which is that of the store",
      [
        ...["PRAGMA query_only = 1", "PRAGMA user_version = 99", "PRAGMA main.journal_mode = DELETE"],
        ...["ATTACH ':memory:' AS other", "DETACH other", "CREATE TEMP TABLE commit_groups (a)"]
      ]
    ]
  ]
  const ofStore = [
    ...[
      "DROP TABLE commit_groups",
      "DELETE FROM EXECUTIONS",
      "UPDATE leases SET until = 0",
      "ALTER TABLE details ADD a"
    ],
    ...["CREATE TRIGGER own AFTER INSERT ON segments BEGIN SELECT 1; END", "CREATE INDEX own ON segments (id)"],
    // A name of an earlier version of the tables.
    ...["INSERT INTO workers VALUES (1, 1, 1, 1)", "CREATE TABLE commits (a)", "CREATE VIEW Commits AS SELECT 1"]
  ]

  it.effect("23. mean the tables of the app, whatever these are called", () =>
    Effect.gen(function* () {
      const store = yield* opened
      const found = yield* within(store, (_, sql) =>
        Effect.gen(function* () {
          yield* sql`CREATE TABLE hidden (id INTEGER)`
          yield* sql`INSERT INTO hidden VALUES (7)`
          return yield* sql`SELECT id FROM hidden`
        })
      )
      assert.deepStrictEqual(found, [{ id: 7 }])
      assert.deepStrictEqual(
        store.connection
          .prepare("SELECT id FROM main.hidden")
          .all()
          .map(({ id }) => id),
        [7]
      )
    })
  )

  it.effect("23. are refused where they are of the connection or of the store, and harmless ones are not", () =>
    Effect.gen(function* () {
      const store = yield* opened
      const before = store.connection.prepare("PRAGMA user_version").get()
      for (const [why, statements] of [
        ...refusals,
        // SQLite can be asked what a statement writes from Node.js 24.10 on.
        ["the tables of the store are written by the store", canAsk(store) ? ofStore : []] as const
      ]) {
        for (const statement of statements) {
          assert.include(yield* messageOf(within(store, (_, sql) => sql.unsafe(statement))), why, statement)
        }
      }
      assert.deepStrictEqual(store.connection.prepare("PRAGMA user_version").get(), before)
      const found = yield* within(store, (_, sql) =>
        Effect.gen(function* () {
          yield* sql`CREATE TABLE parents (id INTEGER PRIMARY KEY)`
          yield* sql`CREATE TRIGGER seen AFTER INSERT ON parents BEGIN INSERT INTO rows VALUES (new.id, 0, 0); END`
          yield* sql`INSERT INTO parents VALUES (7)`
          yield* sql`SELECT count(*) FROM executions`
          return yield* sql`PRAGMA table_info(parents)`
        })
      )
      assert.deepInclude((found as ReadonlyArray<object>)[0], { name: "id" })
      assert.deepStrictEqual(store.all(), [{ a: 7, b: 0, c: 0 }])
    })
  )

  it.effect("23. change tables of the app, as migrations do", () =>
    Effect.gen(function* () {
      const store = yield* opened
      yield* within(store, (_, sql) =>
        Effect.gen(function* () {
          yield* sql`ALTER TABLE rows ADD COLUMN d ANY`
          yield* sql`ALTER TABLE rows RENAME COLUMN a TO first`
          yield* sql`ALTER TABLE rows DROP COLUMN b`
          yield* sql`ALTER TABLE rows RENAME TO places`
          yield* sql`INSERT INTO places (first, c, d) VALUES (1, 2, 3)`
        })
      )
      assert.deepStrictEqual({ ...store.connection.prepare("SELECT * FROM places").get() }, { first: 1, c: 2, d: 3 })
    })
  )

  it("23. are refused by their words where SQLite cannot be asked", () => {
    const connection = new DatabaseSync(":memory:")
    const prepare = Guard.make(connection, { byWords: true })
    for (const [why, statements] of refusals) {
      for (const statement of statements) assert.throws(() => prepare(statement), why)
    }
    for (const statement of [
      "SELECT 1",
      "PRAGMA table_info(a)",
      "/* COMMIT */ SELECT 1; -- COMMIT",
      " SELECT 'COMMIT' ;"
    ]) {
      assert.isNotEmpty(prepare(statement).all().concat({}))
    }
    connection.close()
  })

  it.effect("23. come one by one: a text of several is refused, and runs none", () =>
    Effect.gen(function* () {
      const store = yield* opened
      const two = "INSERT INTO rows VALUES (1, 1, 1); INSERT INTO rows VALUES (2, 2, 2)"
      assert.include(yield* messageOf(within(store, (_, sql) => sql.unsafe(two))), "the text has several statements")
      assert.deepStrictEqual(store.all(), [])
      yield* within(store, (_, sql) => sql.unsafe(" INSERT INTO rows VALUES (1, 1, 1) ; -- the end\n /* really */ ;"))
      assert.lengthOf(store.all(), 1)
    })
  )
})

describe("a transaction of a SQLite store that SQLite ends", () => {
  it.effect("23. refuses each statement after that, and is told what has ended it", () =>
    Effect.gen(function* () {
      const store = yield* opened
      store.connection.exec("INSERT INTO once VALUES (1)")
      let then = ""
      const spoilt = within(store, (_, sql) =>
        Effect.gen(function* () {
          yield* sql`INSERT INTO rows VALUES (1, 1, 1)`
          yield* Effect.ignore(sql`INSERT OR ROLLBACK INTO once VALUES (1)`)
          then = yield* messageOf(sql`INSERT INTO rows VALUES (2, 2, 2)`)
        })
      )
      const message = yield* messageOf(spoilt)
      assert.include(message, "has ended the transaction of the store, which a statement did: UNIQUE constraint failed")
      assert.include(then, "SQLite has ended the transaction, and a statement would take effect by itself")
      assert.deepStrictEqual(store.all(), [])
    })
  )

  it.effect("23. is to begin anew when its disk was full, whatever the body makes of that", () =>
    Effect.gen(function* () {
      const store = yield* opened
      const pages = Number(store.connection.prepare("PRAGMA page_count").get()!["page_count"])
      store.connection.exec(`PRAGMA max_page_count = ${pages + 20}; PRAGMA cache_size = 5`)
      for (const isIgnored of [true, false]) {
        const passed: Array<boolean> = []
        const large: Body = ({ passes }, sql) =>
          Effect.gen(function* () {
            yield* sql`INSERT INTO rows VALUES (1, 1, 1)`
            const insert = sql`INSERT INTO rows VALUES (zeroblob(1000000), 2, 2)`
            const noted = Effect.tapError(insert, (error) => Effect.sync(() => passed.push(passes(error))))
            yield* isIgnored ? Effect.ignore(noted) : Effect.orDie(noted)
          })
        const error = yield* Effect.flip(Effect.catchDefect(within(store, large), Effect.fail))
        if ((error as { _tag?: string })._tag === "StoreError") {
          const { reason } = error as StoreError
          assert.strictEqual(reason._tag, "Unavailable")
          assert.include(reason.message, "free some space on its disk")
        }
        assert.deepStrictEqual(passed, [true])
        assert.deepStrictEqual(store.all(), [])
      }
    })
  )

  it.effect("23. fails when the store itself cannot be read within it, instead of dying", () =>
    Effect.gen(function* () {
      const store = yield* opened
      store.connection.exec("ALTER TABLE executions RENAME TO elsewhere")
      const found = yield* Effect.flip(within(store, ({ store }) => store.load(freshId())))
      assert.strictEqual((found as StoreError).reason._tag, "Unavailable")
    })
  )
})

describe("bodies of transactions of a SQLite store", () => {
  it.effect("23. do after the commit what is asked for, and nothing of a part that is undone", () =>
    Effect.gen(function* () {
      const store = yield* opened
      const told: Array<string> = []
      const tell = (text: string) => Effect.sync(() => void told.push(`${text}, ${store.all().length} rows`))
      yield* within(store, (_, sql) =>
        Effect.gen(function* () {
          yield* sql.afterCommit(tell("all"))
          yield* sql.withTransaction(
            Effect.andThen(sql.afterCommit(tell("part")), sql`INSERT INTO rows VALUES (1, 1, 1)`)
          )
          yield* Effect.ignore(sql.withTransaction(Effect.andThen(sql.afterCommit(tell("undone")), Effect.fail("no"))))
          assert.deepStrictEqual(told, [])
        })
      )
      yield* Effect.exit(within(store, (_, sql) => Effect.andThen(sql.afterCommit(tell("no")), Effect.die("no"))))
      yield* soon(Effect.sync(() => assert.deepStrictEqual(told, ["all, 1 rows", "part, 1 rows"])))
    })
  )

  it.live("23. have the log folded when nothing more comes, as other commits have", () =>
    Effect.gen(function* () {
      const store = yield* opened
      const first = start(freshId())
      yield* within(store, ({ store }) => Effect.andThen(store.save(first), store.save(after(first.summary))))
      const rows = tamper(store.filename, (database) => database.prepare("SELECT version FROM executions").all())
      yield* soon(Effect.map(rows, (found) => assert.deepStrictEqual({ ...found[0] }, { version: 2 })))
    }).pipe(Effect.scoped)
  )

  it.effect("23. see what they have saved, and not what a part of them has saved that is undone", () =>
    Effect.gen(function* () {
      const store = yield* opened
      const first = start(freshId())
      const { workflowId } = first
      const versions: Array<number | undefined> = []
      yield* within(store, ({ store }, sql) => {
        const look = Effect.map(store.summary(workflowId), (found) =>
          versions.push(found._tag === "Some" ? found.value.version : undefined)
        )
        const second = Effect.andThen(store.save(after(first.summary)), look)
        return Effect.gen(function* () {
          yield* store.save(first)
          yield* look
          yield* Effect.ignore(sql.withTransaction(Effect.andThen(second, Effect.fail("undone"))))
          yield* look
          yield* sql.withTransaction(second)
        })
      })
      assert.deepStrictEqual(versions, [1, 2, 1, 2])
    })
  )

  it.effect("23. that save much of one execution ask as little for each commit as those that save little", () =>
    Effect.gen(function* () {
      const store = yield* opened
      const { get } = StatementSync.prototype
      let asked = 0
      StatementSync.prototype.get = function (...values: Array<any>) {
        asked++
        return get.apply(this, values as [any])
      }
      yield* Effect.addFinalizer(() => Effect.sync(() => void (StatementSync.prototype.get = get)))
      const first = start(freshId())
      const commits = [first]
      while (commits.length < 300) commits.push(after(commits.at(-1)!.summary))
      yield* within(store, (transaction) => Effect.forEach(commits, (commit) => transaction.store.save(commit)))
      assert.isBelow(asked, 3 * commits.length)
    })
  )

  it.live("23. that suspend are interrupted, also when their caller is at that moment", () =>
    Effect.gen(function* () {
      const store = yield* opened
      const ended = yield* Deferred.make<void>()
      const caller: { fiber?: Fiber.Fiber<unknown, unknown> } = {}
      const waits = within(store, () => {
        caller.fiber!.interruptUnsafe()
        return Effect.onInterrupt(Effect.never, () => Deferred.succeed(ended, undefined))
      })
      caller.fiber = yield* Effect.forkChild(waits)
      yield* Deferred.await(ended).pipe(Effect.timeout("2 seconds"))
    }).pipe(Effect.scoped)
  )
})

/** A line of bodies over transactions that a test decides about. */
const line = Effect.gen(function* () {
  const fork = yield* FiberSet.makeRuntime<never, void, never>()
  const groups: Array<number> = []
  const told: Array<number> = []
  const outcome: { next: Effect.Effect<void, StoreErrorReason> } = { next: Effect.void }
  const write: Database.Database["write"] = (body) =>
    Effect.suspend(() => {
      const before = ran.length
      const answer = body()
      groups.push(ran.length - before)
      return Effect.as(outcome.next, answer)
    })
  const ran: Array<string> = []
  const line = new Bodies.Line(write, { notify: (commits) => told.push(commits.length) }, fork)
  const add = (name: string, run: () => void = () => {}) =>
    Effect.callback<string, StoreError>((resume) => {
      const leave = line.add({
        call: undefined,
        run: () => {
          ran.push(name)
          run()
          const exit = Exit.succeed({ _tag: "Commit", value: name, committed: () => {} } as const)
          return { exit, saved: [], committed: [] }
        },
        done: (exit) => resume(exit as Exit.Exit<string, StoreError>)
      })
      return Effect.sync(leave)
    })
  const all = (names: ReadonlyArray<string>, run?: () => void) =>
    Effect.forEach(names, (name) => Effect.exit(add(name, run)), { concurrency: "unbounded" })
  return { line, add, all, groups, ran, outcome, told }
})

const names = (count: number) => Array.from({ length: count }, (_, number) => `${number}`)

describe("the line of bodies of a SQLite store", () => {
  it.live("23. has groups of 64, and of as many as there is time for", () =>
    Effect.gen(function* () {
      const { all, groups } = yield* line
      yield* all(names(100))
      assert.deepStrictEqual(groups.splice(0), [64, 36])
      const busy = () => {
        for (const until = performance.now() + 6; performance.now() < until;);
      }
      yield* all(names(6), busy)
      assert.isTrue(
        groups.every((size) => size <= 2),
        String(groups)
      )
    }).pipe(Effect.scoped)
  )

  it.live("23. runs those alone that shared a spoilt transaction, and then groups again", () =>
    Effect.gen(function* () {
      const { all, groups } = yield* line
      let tries = 0
      const exits = yield* all(names(5), () => {
        if (++tries === 3 || tries === 6) throw new Bodies.Spoilt("spoilt")
      }).pipe(Effect.andThen((first) => Effect.map(all(names(5)), (then) => [first, then])))
      assert.strictEqual(exits[0]!.filter(Exit.isSuccess).length, 4)
      assert.strictEqual(exits[1]!.filter(Exit.isSuccess).length, 5)
      assert.strictEqual(groups.at(-1), 5)
    }).pipe(Effect.scoped)
  )

  it.live("23. tells all that wait when none can begin, and whom a commit that fails was for", () =>
    Effect.gen(function* () {
      const { add, line: bodies } = yield* line
      const unavailable = new Unavailable({ cause: new Error("busy") })
      const busy = new Bodies.Line(
        () => Effect.fail(unavailable),
        { notify: () => {} },
        yield* FiberSet.makeRuntime<never, void, never>()
      )
      const waiting = Effect.callback<never, StoreError>((resume) => {
        busy.add({ call: undefined, run: () => assert.fail(), done: (exit) => resume(exit as never) })
      })
      const error = yield* Effect.flip(waiting).pipe(Effect.timeout("1 second"))
      assert.strictEqual((error as StoreError).reason, unavailable)
      assert.strictEqual(yield* add("one"), "one")
      bodies.close()
    }).pipe(Effect.scoped)
  )

  it.live("23. that is closed tells those who wait, and those who come later", () =>
    Effect.gen(function* () {
      const { add, line: bodies, ran } = yield* line
      const waits = yield* Effect.forkChild(Effect.flip(add("waits")), { startImmediately: true })
      bodies.close()
      const errors = [yield* Fiber.join(waits), yield* Effect.flip(add("late")).pipe(Effect.timeout("1 second"))]
      for (const error of errors) assert.include((error as StoreError).reason.message, "the store is closed")
      assert.deepStrictEqual(ran, [])
    }).pipe(Effect.scoped)
  )

  it.live("23. forgets who waits no more", () =>
    Effect.gen(function* () {
      const { add, ran } = yield* line
      const waits = yield* Effect.forkChild(add("leaves"), { startImmediately: true })
      yield* Fiber.interrupt(waits)
      yield* add("stays")
      assert.deepStrictEqual(ran, ["stays"])
    }).pipe(Effect.scoped)
  )
})
