/**
 * A `SqlClient` over the connection of the store, for handlers. Its statements run at once, and only while a transaction is open to them.
 */
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite"
import * as Effect from "effect/Effect"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Result from "effect/Result"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { classifySqliteError, SqlError } from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"
import * as Stream from "effect/Stream"

/** Whether statements may run now. */
export interface Gate {
  isOpen: boolean
}

/** Makes a client. What it calls a transaction is a part of the one that is open. */
export const make = (database: DatabaseSync, gate: Gate): Effect.Effect<SqlClient.SqlClient> =>
  SqlClient.make({
    acquirer: Effect.succeed(connectionOf(database, gate)),
    compiler: Statement.makeCompilerSqlite(),
    driver: "sqlite-node",
    spanAttributes: [["db.system.name", "sqlite"]],
    beginTransaction: `SAVEPOINT ${part}`,
    commit: `RELEASE SAVEPOINT ${part}`,
    rollback: `ROLLBACK TO SAVEPOINT ${part}`,
    releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`
  }).pipe(Effect.provide(Reactivity.layer))

// internal

const part = "perdure_part"

const connectionOf = (database: DatabaseSync, gate: Gate): Connection => {
  const run = <A>(
    sql: string,
    parameters: ReadonlyArray<unknown>,
    use: (statement: StatementSync, values: ReadonlyArray<SQLInputValue>) => A
  ): Effect.Effect<A, SqlError> =>
    Effect.withFiber((fiber) => {
      if (!gate.isOpen) return Effect.fail(failed(new Error("the transaction of this handler has ended")))
      if (control.test(sql)) return Effect.fail(failed(new Error(notItsOwn)))
      const done = Result.try(() => {
        const statement = database.prepare(sql)
        if (fiber.getRef(SqlClient.SafeIntegers)) statement.setReadBigInts(true)
        return use(statement, parameters.map(valueOf))
      })
      return Result.isSuccess(done) ? Effect.succeed(done.success) : Effect.fail(failed(done.failure))
    })
  const rows: Connection["execute"] = (sql, parameters, transform) => {
    const found = run(sql, parameters, (statement, values) => statement.all(...values).map(plain))
    return transform === undefined ? found : Effect.map(found, transform)
  }
  const values: Connection["executeValues"] = (sql, parameters) =>
    run(sql, parameters, (statement, values) => {
      statement.setReturnArrays(true)
      return statement.all(...values) as unknown as ReadonlyArray<ReadonlyArray<unknown>>
    })
  return {
    execute: rows,
    executeUnprepared: rows,
    executeValues: values,
    executeValuesUnprepared: values,
    executeRaw: (sql, parameters) =>
      run(sql, parameters, (statement, values) =>
        statement.columns().length === 0 ? statement.run(...values) : statement.all(...values).map(plain)
      ),
    executeStream: (sql, parameters, transform) =>
      Stream.unwrap(Effect.map(rows(sql, parameters, transform), (found) => Stream.fromIterable(found)))
  }
}

/** What begins or ends a transaction, and not a part of it. */
const control = /^\s*(BEGIN|COMMIT|END|ROLLBACK(?!\s+(TRANSACTION\s+)?TO\b))\b/i

const notItsOwn = "the transaction is that of the store, which ends it; run parts of it within sql.withTransaction"

/** SQLite has numbers for what is true and false. */
const valueOf = (value: unknown): SQLInputValue =>
  typeof value === "boolean" ? Number(value) : (value as SQLInputValue)

/** An object like all others: those of Node.js have no prototype. */
const plain = (row: Record<string, SQLOutputValue>) => ({ ...row })

const failed = (cause: unknown): SqlError =>
  new SqlError({
    reason: classifySqliteError(
      // Where it looks for the number of the error.
      cause instanceof Error && "errcode" in cause ? Object.assign(cause, { errno: cause.errcode }) : cause,
      { message: cause instanceof Error ? cause.message : "a statement failed", operation: "execute" }
    )
  })
