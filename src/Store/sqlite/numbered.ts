/**
 * Statements whose parameters have numbers. Node.js 22.19, and 24 before 24.6, cannot bind `?1`: there each place of a number
 * gets a parameter of its own.
 */
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementResultingChanges } from "node:sqlite"
import * as Result from "effect/Result"

/** A statement that takes its values in the order of their numbers. */
export interface Numbered {
  readonly run: (...values: ReadonlyArray<SQLInputValue>) => StatementResultingChanges
  readonly get: (...values: ReadonlyArray<SQLInputValue>) => Record<string, SQLOutputValue> | undefined
  readonly all: (...values: ReadonlyArray<SQLInputValue>) => ReadonlyArray<Record<string, SQLOutputValue>>
}

/** Prepares a statement with parameters `?1`, `?2` and so on. */
export const numbered = (connection: DatabaseSync, sql: string): Numbered => {
  if (bindsNumbers(connection)) {
    const statement = connection.prepare(sql)
    return {
      run: statement.run.bind(statement),
      get: statement.get.bind(statement),
      all: statement.all.bind(statement)
    }
  }
  const places = [...sql.matchAll(/\?(\d+)/g)].map(([, number]) => Number(number) - 1)
  const statement = connection.prepare(sql.replaceAll(/\?\d+/g, "?"))
  const inOrder = (values: ReadonlyArray<SQLInputValue>) => places.map((place) => values[place]!)
  return {
    run: (...values) => statement.run(...inOrder(values)),
    get: (...values) => statement.get(...inOrder(values)),
    all: (...values) => statement.all(...inOrder(values))
  }
}

// internal

/** Whether this Node.js binds them, once that is known. */
let binds: boolean | undefined

const bindsNumbers = (connection: DatabaseSync): boolean =>
  (binds ??= Result.isSuccess(Result.try(() => connection.prepare("SELECT ?1").get(1))))
