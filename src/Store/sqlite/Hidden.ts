/**
 * The keys of the rows of executions that are in the log. Such a row says nothing of its execution any more, so lists and counts leave it out.
 *
 * The keys are a table of this connection alone, kept in memory, in which statements look for the rows that they meet. It is brought up to
 * date when it is of use, which costs as much as has changed since.
 */
import type { DatabaseSync } from "node:sqlite"
import type { Key } from "./Entry.ts"

/** The name of the table, which has one column, `key`. */
export const table = "temp.perdure_hidden"

export class Hidden {
  private readonly statements: ReturnType<typeof prepare>
  /** What the table has not yet, and what it still has. */
  private readonly missing = new Set<Key>()
  private readonly stale = new Set<Key>()
  private isKnown = false
  private size = 0

  constructor(connection: DatabaseSync) {
    connection.exec(`PRAGMA temp_store = MEMORY; CREATE TEMP TABLE perdure_hidden (key INTEGER PRIMARY KEY)`)
    this.statements = prepare(connection)
  }

  add(key: Key | undefined): void {
    if (key === undefined) return
    this.size++
    if (!this.stale.delete(key)) this.missing.add(key)
  }

  delete(key: Key | undefined): void {
    if (key === undefined) return
    this.size--
    if (!this.missing.delete(key)) this.stale.add(key)
  }

  /** Begins anew, also after a transaction that failed: the table may have anything then. */
  clear(): void {
    this.missing.clear()
    this.stale.clear()
    this.isKnown = false
    this.size = 0
  }

  /** Brings the table up to date, within a transaction; whether there is anything to leave out. */
  update(): boolean {
    const { empty, insert, remove } = this.statements
    if (!this.isKnown) empty.run()
    for (const key of this.stale) remove.run(key)
    for (const key of this.missing) insert.run(key)
    this.missing.clear()
    this.stale.clear()
    this.isKnown = true
    return this.size > 0
  }
}

// internal

const prepare = (connection: DatabaseSync) => ({
  empty: connection.prepare(`DELETE FROM ${table}`),
  // A key is given again once its row is deleted, and may come back before it has left.
  insert: connection.prepare(`INSERT OR IGNORE INTO ${table} (key) VALUES (?)`),
  remove: connection.prepare(`DELETE FROM ${table} WHERE key = ?`)
})
