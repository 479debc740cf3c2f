/**
 * The rows by which executions are found by their attributes, one for each attribute of an execution.
 *
 * A row has the place of its execution in a listing, so that the rows of one attribute come in listing order.
 */
import type { DatabaseSync, SQLInputValue } from "node:sqlite"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"

/** An execution as its rows show it. `attributes` is JSON. */
export interface Indexed {
  readonly key: number | bigint
  readonly id: SQLInputValue
  readonly startedAt: number
  readonly attributes: string
}

/** The JSON of an execution without attributes, which has no rows. */
export const none = "{}"

/** The column of an attribute. As JSON, in which 1, "1" and true differ and every text has its place. */
export const fromAttribute = (name: string, value: unknown): string => JSON.stringify([name, value])

/** Adds and removes the rows of executions. */
export interface Rows {
  readonly add: (execution: Indexed) => void
  readonly remove: (execution: Indexed) => void
}

/** The rows of a database. */
export const make = (connection: DatabaseSync): Rows => {
  const insert = connection.prepare(`
    INSERT OR REPLACE INTO attributes (attribute, started_at, workflow_id, execution) VALUES (?, ?, ?, ?)
  `)
  const remove = connection.prepare("DELETE FROM attributes WHERE attribute = ? AND started_at = ? AND workflow_id = ?")
  // Looks at all rows, since only a damaged execution does not say which are its own.
  const removeAll = connection.prepare("DELETE FROM attributes WHERE execution = ?")
  return {
    add: ({ attributes, id, key, startedAt }) => {
      for (const attribute of Option.getOrElse(columnsOf(attributes), () => []))
        insert.run(attribute, startedAt, id, key)
    },
    remove: ({ attributes, id, key, startedAt }) => {
      const columns = Option.getOrUndefined(columnsOf(attributes))
      if (columns === undefined) removeAll.run(key)
      else for (const attribute of columns) remove.run(attribute, startedAt, id)
    }
  }
}

/** Adds the rows of all executions to a database that has none yet. */
export const fill = (connection: DatabaseSync): void => {
  const { add } = make(connection)
  const executions = connection.prepare(`
    SELECT key, workflow_id, started_at, attributes FROM executions WHERE attributes <> '${none}'
  `)
  for (const row of executions.iterate()) add(indexed(row))
}

/** An execution of the columns `key`, `workflow_id`, `started_at` and `attributes`. */
export const indexed = (row: Readonly<Record<string, unknown>>): Indexed => ({
  key: row["key"] as Indexed["key"],
  id: row["workflow_id"] as SQLInputValue,
  startedAt: Number(row["started_at"]),
  attributes: String(row["attributes"])
})

// internal

/** The columns of the attributes in a text of JSON; none when it is damaged. */
const columnsOf = (attributes: string): Option.Option<ReadonlyArray<string>> =>
  attributes === none
    ? Option.some([])
    : Option.flatMap(parse(attributes), (found) =>
        Predicate.isObject(found)
          ? Option.some(Object.entries(found).map(([name, value]) => fromAttribute(name, value)))
          : Option.none()
      )

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(JSON.parse)
