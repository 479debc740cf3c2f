/**
 * Savepoints by their depth in a transaction. Their names are known to this connection alone, so that no statement of an app means one.
 */
import { randomUUID } from "node:crypto"
import type { DatabaseSync, StatementSync } from "node:sqlite"

export class Savepoints {
  private readonly connection: DatabaseSync
  private readonly name = `perdure_${randomUUID().replaceAll("-", "")}`
  private readonly all: Array<Savepoint> = []

  constructor(connection: DatabaseSync) {
    this.connection = connection
  }

  begin(depth: number): void {
    this.at(depth).begin.run()
  }

  /** Keeps what was done since. */
  release(depth: number): void {
    this.at(depth).release.run()
  }

  /** Undoes what was done since. */
  undo(depth: number): void {
    this.at(depth).rollback.run()
    this.at(depth).release.run()
  }

  private at(depth: number): Savepoint {
    const prepare = (verb: string) => this.connection.prepare(`${verb} ${this.name}_${depth}`)
    return (this.all[depth] ??= {
      begin: prepare("SAVEPOINT"),
      release: prepare("RELEASE"),
      rollback: prepare("ROLLBACK TO")
    })
  }
}

// internal

interface Savepoint {
  readonly begin: StatementSync
  readonly release: StatementSync
  readonly rollback: StatementSync
}
