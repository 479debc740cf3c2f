/**
 * The rows by which executions are found by their attributes, one for each attribute of an execution.
 *
 * They are in the order of names, values and then places in a listing: those of one value come in listing order, and those of a range
 * stand together.
 */
import type { DatabaseSync, SQLInputValue } from "node:sqlite"
import * as Option from "effect/Option"
import type { Attribute } from "../../HistoryEvent.ts"
import { parseJson } from "../../internal/core/parse.ts"
import { type Condition, meets } from "../../internal/store/conditions.ts"
import { areAttributes } from "../../internal/store/damage.ts"
import { fromName } from "./Row.ts"

/** An execution as its rows show it. `attributes` is JSON. */
export interface Indexed {
  readonly key: number | bigint
  readonly id: SQLInputValue
  readonly startedAt: number
  readonly attributes: string
}

/** The JSON of an execution without attributes, which has no rows. */
export const none = "{}"

/**
 * The column of a value. SQLite orders numbers before texts and those before bytes, so the three types of attributes are apart:
 * numbers, flags as text, and texts as their code units, the higher byte first, which are in the order of `<` in JavaScript. As text they
 * would be in that of UTF-8, which is another one, and has no place for unpaired surrogates.
 */
export const fromValue = (value: Attribute): SQLInputValue => {
  if (typeof value === "string") return Buffer.from(value, "utf16le").swap16()
  return typeof value === "number" ? value : String(value)
}

/** The name of a function of SQL that tells whether the JSON of attributes meets the JSON of conditions, or is damaged. */
export const meetsAll = "perdure_meets"

/** Defines that function. */
export const define = (connection: DatabaseSync): void => {
  let known = ""
  let conditions: ReadonlyArray<ReturnType<typeof meets>> = []
  connection.function(meetsAll, { deterministic: true, directOnly: true }, (attributes, asked) => {
    if (asked !== known) {
      known = String(asked)
      conditions = (parseJson(known) as ReadonlyArray<Condition>).map(meets)
    }
    const found = Option.getOrUndefined(attributesIn(String(attributes)))
    return found === undefined || conditions.every((isMet) => isMet(found)) ? 1 : 0
  })
}

/** Adds and removes the rows of executions. */
export interface Rows {
  readonly add: (execution: Indexed) => void
  readonly remove: (execution: Indexed) => void
}

/** The rows of a database. */
export const make = (connection: DatabaseSync): Rows => {
  const insert = connection.prepare(`
    INSERT OR REPLACE INTO attributes (name, value, started_at, workflow_id, execution) VALUES (?, ?, ?, ?, ?)
  `)
  const remove = connection.prepare(
    "DELETE FROM attributes WHERE name = ? AND value = ? AND started_at = ? AND workflow_id = ?"
  )
  // Looks at all rows, since only a damaged execution does not say which are its own.
  const removeAll = connection.prepare("DELETE FROM attributes WHERE execution = ?")
  return {
    add: ({ attributes, id, key, startedAt }) => {
      for (const attribute of Option.getOrElse(columnsOf(attributes), () => []))
        insert.run(...attribute, startedAt, id, key)
    },
    remove: ({ attributes, id, key, startedAt }) => {
      const columns = Option.getOrUndefined(columnsOf(attributes))
      if (columns === undefined) removeAll.run(key)
      else for (const attribute of columns) remove.run(...attribute, startedAt, id)
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
const columnsOf = (attributes: string): Option.Option<ReadonlyArray<readonly [name: string, value: SQLInputValue]>> =>
  attributes === none
    ? Option.some([])
    : Option.map(attributesIn(attributes), (found) =>
        Object.entries(found).map(([name, value]) => [fromName(name), fromValue(value)] as const)
      )

const attributesIn = (text: string): Option.Option<Readonly<Record<string, Attribute>>> =>
  Option.filter(parse(text), (found): found is Readonly<Record<string, Attribute>> => areAttributes(found))

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(parseJson)
