/**
 * Which statements of the app run within a transaction of the store: what reads, and what writes to tables of the app.
 *
 * Where Node.js lets a program ask SQLite what a statement does (since 24.10), it is asked. Before that the words at the beginning of a
 * statement must do, which say nothing of the tables of the store.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite"
import { isEmpty, statementOf } from "../../internal/store/keywords.ts"
import { notItsOwn } from "../../internal/store/part.ts"
import { tableNames } from "./Migrations.ts"

/** Prepares a statement of the app; throws an error that says what is refused. */
export type Prepare = (sql: string) => StatementSync

/** Prepares statements of the app on the connection of the store. */
export const make = (connection: DatabaseSync, { byWords = false }: { readonly byWords?: boolean } = {}): Prepare => {
  const constants = process.getBuiltinModule("node:sqlite").constants as unknown as Readonly<Record<string, number>>
  const isAsked = !byWords && typeof connection.setAuthorizer === "function"
  let refusal: string | undefined
  let isOfApp = false
  if (isAsked) {
    const { SQLITE_DENY: deny, SQLITE_OK: pass } = constants as {
      readonly SQLITE_DENY: number
      readonly SQLITE_OK: number
    }
    const refusalOf = rules(constants)
    connection.setAuthorizer((code, first, second, database) => {
      // Statements of the store may be prepared again while one of the app runs.
      if (isOfApp) refusal ??= refusalOf(code, first, second, database)
      return isOfApp && refusal !== undefined ? deny : pass
    })
  }
  return (sql) => {
    refusal = isAsked ? undefined : byItsWords(sql)
    if (refusal !== undefined) throw new Error(refusal)
    isOfApp = true
    try {
      const statement = connection.prepare(sql)
      if (!isEmpty(sql.slice(statement.sourceSQL.length), "flat")) throw new Error(several)
      return statement
    } catch (cause) {
      throw refusal === undefined ? cause : new Error(refusal)
    } finally {
      isOfApp = false
    }
  }
}

// internal

/** The tables of the store. */
const own = new Set([...tableNames, "perdure_saved", "perdure_hidden"])

/** What tells of tables and changes nothing. */
const harmless = new Set([
  ...["table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list"],
  ...["foreign_key_check", "database_list", "function_list", "module_list", "collation_list", "compile_options"],
  "page_size"
])

/** Where SQLite looks for what is temporary when it renames a table or a column. No statement writes there by itself. */
const temporarySchema = "sqlite_temp_master"

type RefusalOf = (
  code: number,
  first: string | null,
  second: string | null,
  database: string | null
) => string | undefined

/** What is refused, by the names that SQLite has for actions. */
const rules = (constants: Readonly<Record<string, number>>): RefusalOf => {
  const codes = (names: string) => new Set(names.split(" ").map((name) => constants[`SQLITE_${name}`]))
  const control = codes("TRANSACTION SAVEPOINT")
  const files = codes("ATTACH DETACH")
  const temporary = codes(
    "CREATE_TEMP_INDEX CREATE_TEMP_TABLE CREATE_TEMP_TRIGGER CREATE_TEMP_VIEW DROP_TEMP_INDEX DROP_TEMP_TABLE DROP_TEMP_TRIGGER DROP_TEMP_VIEW"
  )
  const ofTable = codes("INSERT UPDATE DELETE CREATE_TABLE CREATE_VIEW DROP_TABLE")
  const onTable = codes("ALTER_TABLE CREATE_INDEX CREATE_TRIGGER DROP_INDEX DROP_TRIGGER")
  return (code, first, second, database) => {
    if (control.has(code)) return notItsOwn
    if (code === constants["SQLITE_PRAGMA"]) return harmless.has(first ?? "") ? undefined : settings
    if (files.has(code)) return settings
    if (temporary.has(code)) return settings
    if (ofTable.has(code) && database === "temp" && first !== temporarySchema) return settings
    const table = ofTable.has(code) ? first : onTable.has(code) ? second : undefined
    return own.has(table?.toLowerCase() ?? "") ? ofStore : undefined
  }
}

const byItsWords = (sql: string): string | undefined => {
  const statement = statementOf(sql, "flat")
  if (/^(BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE)\b/i.test(statement)) return notItsOwn
  const pragma = /^PRAGMA\s+(?:\w+\s*\.\s*)?(\w*)/i.exec(statement)
  if (pragma !== null) return harmless.has(pragma[1]!.toLowerCase()) ? undefined : settings
  return /^(ATTACH|DETACH|VACUUM|CREATE\s+TEMP|CREATE\s+TEMPORARY)\b/i.test(statement) ? settings : undefined
}

const settings =
  "PRAGMA, ATTACH, DETACH and what is temporary are of the connection, which is that of the store; use another connection for them"

const ofStore = "the tables of the store are written by the store alone; use the API of executions"

const several = "the text has several statements, of which SQLite runs the first one alone; run them one by one"
