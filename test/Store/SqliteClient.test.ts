/** The client of SQL that handlers of transactional activities have on SQLite: values, numbers, and statements of every kind. */
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { SqlClient } from "effect/sql"
import * as Client from "../../src/Store/sqlite/Client.ts"
import * as Guard from "../../src/Store/sqlite/Guard.ts"
import { Savepoints } from "../../src/Store/sqlite/Savepoints.ts"

/** A client of an empty table, within a transaction. */
const open = Effect.gen(function* () {
  const database = yield* Effect.acquireRelease(
    Effect.sync(() => new DatabaseSync(":memory:")),
    (database) => Effect.sync(() => database.close())
  )
  database.exec("CREATE TABLE t (name TEXT, n INTEGER); BEGIN")
  const shared: Client.Shared = {
    connection: database,
    prepare: Guard.make(database),
    savepoints: new Savepoints(database),
    current: undefined
  }
  const gate = new Client.Gate(shared)
  shared.current = gate
  return { database, gate, sql: Client.make(shared) }
})

/** More than a number of JavaScript can hold. */
const large = 9_007_199_254_740_993n

describe("the client of SQL of a SQLite store", () => {
  it.effect("has what is true and false as 1 and 0", () =>
    Effect.gen(function* () {
      const { sql } = yield* open
      yield* sql`INSERT INTO t VALUES (${"yes"}, ${true}), (${"no"}, ${false})`
      assert.deepStrictEqual(yield* sql`SELECT name, n FROM t WHERE n = ${true}`, [{ name: "yes", n: 1 }])
      assert.deepStrictEqual(yield* sql`SELECT name, n FROM t WHERE n = ${false}`, [{ name: "no", n: 0 }])
      assert.deepStrictEqual(yield* sql.unsafe("SELECT name FROM t WHERE n = ?", [true]), [{ name: "yes" }])
    })
  )

  it.effect("reads large numbers where SafeIntegers is set, and fails where it is not", () =>
    Effect.gen(function* () {
      const { sql } = yield* open
      yield* sql`INSERT INTO t VALUES (${"large"}, ${large})`
      const read = sql`SELECT n FROM t`
      assert.deepStrictEqual(yield* Effect.provideService(read, SqlClient.SafeIntegers, true), [{ n: large }])
      assert.strictEqual((yield* Effect.flip(read))._tag, "SqlError")
      assert.deepStrictEqual(yield* sql`SELECT n + ${-large} AS n FROM t`, [{ n: 0 }])
    })
  )

  it.effect("reads rows as objects like all others, as lists of values, raw, and as a stream", () =>
    Effect.gen(function* () {
      const { sql } = yield* open
      const inserted = yield* sql`INSERT INTO t VALUES (${"a"}, ${1}), (${"b"}, ${null})`.raw
      assert.deepStrictEqual({ ...(inserted as object) }, { changes: 2, lastInsertRowid: 2 })
      const read = sql`SELECT name, n FROM t ORDER BY name`
      const rows = [
        { name: "a", n: 1 },
        { name: "b", n: null }
      ]
      for (const found of [
        yield* read,
        yield* read.raw,
        yield* read.unprepared,
        yield* Stream.runCollect(read.stream)
      ]) {
        assert.deepStrictEqual(found, rows)
      }
      assert.strictEqual(Object.getPrototypeOf((yield* read)[0]), Object.prototype)
      for (const found of [yield* read.values, yield* read.valuesUnprepared]) {
        assert.deepStrictEqual(found, [
          ["a", 1],
          ["b", null]
        ])
      }
    })
  )

  it.effect("undoes a part that fails, and leaves the transaction open", () =>
    Effect.gen(function* () {
      const { database, sql } = yield* open
      yield* sql`INSERT INTO t VALUES ('kept', 1)`
      const part = sql`INSERT INTO t VALUES ('undone', 2)`.pipe(
        Effect.andThen(sql.withTransaction(sql`INSERT INTO t VALUES ('undone too', 3)`)),
        Effect.andThen(Effect.fail("no"))
      )
      assert.strictEqual(yield* Effect.flip(sql.withTransaction(part)), "no")
      assert.isTrue(database.isTransaction)
      assert.deepStrictEqual(yield* sql`SELECT name FROM t`, [{ name: "kept" }])
    })
  )

  it.effect("runs nothing once the transaction has ended", () =>
    Effect.gen(function* () {
      const { gate, sql } = yield* open
      gate.close()
      const error = yield* Effect.flip(sql`SELECT 1`)
      assert.include(String(error.cause), "the transaction is over, and this is a fiber that it has left behind")
    })
  )
})
