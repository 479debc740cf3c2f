/** What a transaction on PostgreSQL lets pass and refuses, without a server. */
import type { PgClient } from "@effect/sql-pg/PgClient"
import { assert, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { SqlClient } from "effect/sql"
import type { Connection } from "effect/sql/SqlConnection"
import { ConnectionError, SqlError, UnknownError } from "effect/sql/SqlError"
import { statementOf } from "../../src/internal/store/keywords.ts"
import { Gate } from "../../src/Store/postgres/Gate.ts"
import { passes, stays } from "../../src/Store/postgres/passing.ts"

const failed = (code: string | undefined) =>
  new SqlError({
    reason: new UnknownError({
      cause: Object.assign(new Error("said"), code === undefined ? {} : { code }),
      message: "said",
      operation: "execute"
    })
  })

it("23. an error passes that the same statements may not meet again", () => {
  const passing = [
    "08006",
    "40001",
    "40P01",
    "53100",
    "53200",
    "53300",
    "55P03",
    "57P01",
    "57P03",
    "58030",
    "25006",
    "XX000"
  ]
  const staying = ["23505", "23503", "42501", "42P01", "22P02", "25P02", "0A000", "P0001", "XX001", "22023"]
  for (const code of passing) assert.isTrue(passes(failed(code)), code)
  for (const code of staying) assert.isFalse(passes(failed(code)), code)
  assert.deepStrictEqual(
    staying.map((code) => stays(failed(code).reason.cause)),
    staying.map(() => true)
  )
  // What the client could not send it cannot send the next time; what the socket said has a name that is no state of the server.
  assert.isFalse(passes(failed(undefined)))
  const reset = Object.assign(new Error("reset"), { code: "EPIPE" })
  assert.isTrue(
    passes(new SqlError({ reason: new ConnectionError({ cause: reset, message: "", operation: "query" }) }))
  )
  assert.isFalse(stays(reset))
})

it("23. a statement begins after comments, spaces and semicolons", () => {
  for (const [sql, nested, flat] of [
    ["COMMIT", "COMMIT", "COMMIT"],
    [" ;\n-- a\n--b\n /* c */;COMMIT", "COMMIT", "COMMIT"],
    ["/* a /* b */ COMMIT */ SELECT", "SELECT", "COMMIT */ SELECT"],
    ["\u{FEFF}COMMIT", "COMMIT", "COMMIT"],
    ["/* never", "", ""],
    ["-- never", "", ""],
    ["SELECT ';' -- COMMIT", "SELECT ';' -- COMMIT", "SELECT ';' -- COMMIT"]
  ] as const) {
    assert.deepStrictEqual([statementOf(sql, "nested"), statementOf(sql, "flat")], [nested, flat], sql)
  }
})

const level = SqlClient.TransactionConnection(-1)

const gated = (sent: Array<string>) => {
  const execute = (sql: string) =>
    Effect.sync(() => {
      sent.push(sql)
      return []
    })
  const gate = new Gate({ transactionService: level } as PgClient, { execute } as unknown as Connection, 0)
  const send = (sql: string, depth = 0) =>
    Effect.runSyncExit(
      Effect.provideContext(gate.connection.execute(sql, [], undefined), Context.make(level, [gate.connection, depth]))
    )
  return { gate, send }
}

it("23. what a session keeps is noticed, and what a transaction keeps is not", () => {
  const kept = [
    "SET synchronous_commit = off",
    "/* a */ set session b = 1",
    "LISTEN a",
    "SELECT pg_try_advisory_lock(1)",
    "DO $$ $$"
  ]
  const more = [
    "SELECT set_config('a', 'b', false)",
    "CREATE TEMP TABLE a ()",
    "SET LOCAL ROLE a",
    "DECLARE a CURSOR WITH HOLD FOR b",
    "PREPARE a AS SELECT 1"
  ]
  const own = [
    "SELECT 1",
    "SET LOCAL lock_timeout = 1",
    "SET CONSTRAINTS ALL DEFERRED",
    "SELECT set_config('a', 'b', true)"
  ]
  const changes = (sql: string) => {
    const { gate, send } = gated([])
    send(sql)
    return gate.hasChangedSession
  }
  for (const sql of [...kept, ...more]) assert.isTrue(changes(sql), sql)
  for (const sql of [...own, "SELECT pg_advisory_xact_lock(1)", "UPDATE settings SET a = 1"])
    assert.isFalse(changes(sql), sql)
})

it("23. statements pass in their part alone, and none once it is over", () => {
  const sent: Array<string> = []
  const { gate, send } = gated(sent)
  assert.isTrue(send("SAVEPOINT effect_sql_1")._tag === "Success" && gate.hasOpenPart)
  assert.include(String(send("SELECT 1")), "a part of this transaction is open in another fiber")
  assert.strictEqual(send("SELECT 2", 1)._tag, "Success")
  send("ROLLBACK TO SAVEPOINT effect_sql_1")
  assert.isTrue(gate.hasOpenPart)
  send("RELEASE SAVEPOINT effect_sql_1")
  assert.isFalse(gate.hasOpenPart)
  assert.include(String(send("SELECT 3", 1)), "the transaction is over")
  send("SELECT 4")
  gate.close()
  assert.include(String(send("SELECT 5")), "the transaction is over")
  const parts = ["SAVEPOINT", "ROLLBACK TO SAVEPOINT", "RELEASE SAVEPOINT"].map((verb) => `${verb} effect_sql_1`)
  assert.deepStrictEqual(sent, [parts[0], "SELECT 2", parts[1], parts[2], "SELECT 4"])
})

it("23. the seconds count in which a process that is awake leaves its connection unused", () => {
  const { gate, send } = gated([])
  for (let second = 0; second < 20; second++) gate.tick()
  send("SELECT 1")
  for (let second = 0; second < 12; second++) gate.tick()
  assert.strictEqual(gate.longestUnused, 20)
})
