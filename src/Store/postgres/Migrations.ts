/**
 * The versions of the tables, and how a database gets the latest one: under a lock, by the first process that finds an older one.
 */
import type { Connection } from "effect/sql/SqlConnection"
import type { SqlError } from "effect/sql/SqlError"
import * as Effect from "effect/Effect"
import * as PgTypes from "@effect/sql-pg/PgTypes"
import { Unsupported } from "../WorkflowStore.ts"
import { functions } from "./functions.ts"
import { tables } from "./tables.ts"
import { version2 } from "./version2.ts"

/** The step at index `n` brings version `n` of the tables to version `n + 1`. */
const migrations: ReadonlyArray<(schema: string) => string> = [(schema) => tables(schema) + functions(schema), version2]

/** A name as SQL quotes it. The names of schemas have been checked, and have nothing in them to escape. */
export const quoted = (schema: string): string => `"${schema}"`

/** Brings the tables up to date. */
export const migrate = Effect.fnUntraced(function* (
  connection: Connection,
  schema: string
): Effect.fn.Return<void, SqlError | Unsupported> {
  const before = yield* versionOf(connection, schema)
  if (before === migrations.length) return
  yield* connection.executeRaw("BEGIN", [])
  // Where the connection is gone, so is the transaction. Otherwise it would go back to the others as it is.
  yield* Effect.onError(migrateAll(connection, schema), () => Effect.ignore(connection.executeRaw("ROLLBACK", [])))
})

/** The statements of a text: each ends with a semicolon, and only bodies between `$$` have others. */
export const statementsOf = (text: string): ReadonlyArray<string> => {
  const bodies = text.split("$$")
  let statement = ""
  const statements: Array<string> = []
  for (const [index, part] of bodies.entries()) {
    if (index % 2 === 1) {
      statement += `$$${part}$$`
      continue
    }
    const [first, ...more] = part.split(";")
    statement += first
    for (const next of more) {
      statements.push(statement)
      statement = next
    }
  }
  return statements.map((each) => each.trim()).filter((each) => each !== "")
}

// internal

const migrateAll = Effect.fnUntraced(function* (connection: Connection, schema: string) {
  const lock = "SELECT pg_advisory_xact_lock(hashtextextended('perdure ' || $1, 0))::text"
  yield* connection.executeValues(lock, [PgTypes.text(schema)])
  const exists = yield* connection.executeValues("SELECT 1 FROM pg_namespace WHERE nspname = $1", [
    PgTypes.text(schema)
  ])
  // Not IF NOT EXISTS, which needs the right to create schemas also where there is nothing to create.
  if (exists.length === 0) yield* connection.executeRaw(`CREATE SCHEMA ${quoted(schema)}`, [])
  const version = yield* versionOf(connection, schema)
  const meta = `${quoted(schema)}.meta`
  if (version === 0) yield* connection.executeRaw(`CREATE TABLE ${meta} (version integer NOT NULL)`, [])
  for (const migration of migrations.slice(version)) {
    for (const statement of statementsOf(migration(quoted(schema)))) yield* connection.executeRaw(statement, [])
  }
  yield* connection.executeRaw(`DELETE FROM ${meta}`, [])
  yield* connection.executeRaw(`INSERT INTO ${meta} VALUES (${migrations.length})`, [])
  yield* connection.executeRaw("COMMIT", [])
})

/** The version of the tables; 0 where there are none. */
const versionOf = Effect.fnUntraced(function* (
  connection: Connection,
  schema: string
): Effect.fn.Return<number, SqlError | Unsupported> {
  const there = yield* connection.executeValues(
    "SELECT to_regclass($1)::text, to_regclass($2)::text",
    [`${quoted(schema)}.meta`, `${quoted(schema)}.executions`].map(PgTypes.text)
  )
  const [meta, executions] = there[0]!
  if (meta === null && executions !== null) return yield* foreign(schema)
  if (meta === null) return 0
  const rows = yield* connection.executeValues(`SELECT version FROM ${quoted(schema)}.meta`, [])
  const version = rows[0]?.[0]
  if (typeof version !== "number") return yield* foreign(schema)
  if (version <= migrations.length) return version
  return yield* new Unsupported({
    detail:
      `the schema ${schema} was written by a newer release: its tables have version ${version} and this release knows ` +
      `versions up to ${migrations.length}; use that release`
  })
})

const foreign = (schema: string): Unsupported =>
  new Unsupported({ detail: `the schema ${schema} has tables of another program; name another schema` })
