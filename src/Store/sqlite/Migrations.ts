/**
 * The tables of the store and how a file of an older release gets them.
 *
 * - `executions` has a row for each execution, its summary: `waiting_for`, `unreceived`, `published`, `attributes`, `memo`, `parent` and `root`
 *   are JSON.
 *   The index of unsettled executions has the columns by which executors look for work again and again. `parent_id` and
 *   `root_id` are the ids of `parent` and `root`, which find the children and all descendants of one in listing order.
 * - `attributes` has a row for each attribute of each execution, so that a value finds executions in listing order, and a range of
 *   values finds them at all.
 * - `commit_groups` is the log: a row for each group of commits that are not all in `executions` and `segments` yet (see Log.ts).
 * - `segments` has rows of commits of one run that follow each other, from the version `first` to `version`, in the order of their arrival:
 *   appending there and finding them by an index dirties few pages, where a table ordered by execution dirties one for each execution that
 *   is in motion. `id` is the JSON of their ids, and `events` has a line for each. A row of an older release is one commit: it has
 *   no `first`, its `id` is that of the commit, and only the oldest one of a run names the run.
 * - `deletions` has the record of the latest deletion of each id, until it expires.
 * - `leases` has a row for each worker: its latest lease by two clocks (see Workers.ts), or that it has left.
 * - `details` has a row for each call of an activity whose handler has reported something.
 * - `workers` is what releases before `leases` read and write: workers and until when they live by the wall clock.
 */
import type { DatabaseSync } from "node:sqlite"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { shown } from "../../internal/options.ts"
import { parseJson } from "../../internal/core/parse.ts"
import { Unsupported } from "../WorkflowStore.ts"
import * as Attributes from "./Attributes.ts"
import { fromId } from "./Row.ts"

/** The tables of any version. */
export const tableNames = [
  ...["executions", "attributes", "commits", "commit_groups", "segments", "deletions", "leases", "details", "workers"]
]

/** Marks a database file as ours: "pdur". */
const applicationId = 0x70647572

/** The executions for which a worker has something to do, as the condition of their index says it. */
export const unsettled = "(status IN ('running', 'blocked') OR wake_at IS NOT NULL)"

/** The step at index `n` brings version `n` of the tables to version `n + 1`. */
const migrations: ReadonlyArray<(connection: DatabaseSync) => void> = [
  (connection) =>
    connection.exec(`
    CREATE TABLE executions (
      key INTEGER PRIMARY KEY,
      workflow_id ANY NOT NULL UNIQUE,
      run_id TEXT NOT NULL,
      workflow TEXT NOT NULL,
      status TEXT NOT NULL,
      version INTEGER NOT NULL,
      first_version INTEGER NOT NULL,
      started_at REAL NOT NULL,
      updated_at REAL NOT NULL,
      closed_at REAL,
      owner TEXT,
      wake_at REAL,
      waiting_for TEXT NOT NULL,
      attributes TEXT NOT NULL
    ) STRICT;
    CREATE INDEX executions_started ON executions (started_at, workflow_id);
    CREATE INDEX executions_open ON executions (started_at, workflow_id, owner, wake_at)
    WHERE status IN ('running', 'blocked');
    CREATE TABLE commits (
      position INTEGER PRIMARY KEY,
      execution INTEGER NOT NULL,
      version INTEGER NOT NULL,
      id TEXT NOT NULL,
      run_id TEXT,
      format INTEGER NOT NULL,
      events TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX commits_version ON commits (execution, version);
    CREATE TABLE workers (
      worker TEXT PRIMARY KEY,
      until REAL NOT NULL,
      pid INTEGER NOT NULL,
      started TEXT NOT NULL
    ) STRICT;
    PRAGMA application_id = ${applicationId};
    `),
  (connection) => {
    connection.exec(`
    ALTER TABLE executions ADD COLUMN chain TEXT;
    ALTER TABLE executions ADD COLUMN parent TEXT;
    ALTER TABLE executions ADD COLUMN owed INTEGER;
    ALTER TABLE executions ADD COLUMN format INTEGER;
    DROP INDEX executions_open;
    CREATE INDEX executions_unsettled ON executions (started_at, workflow_id, owner, wake_at)
    WHERE ${unsettled};
    CREATE TABLE attributes (
      attribute TEXT NOT NULL,
      started_at REAL NOT NULL,
      workflow_id ANY NOT NULL,
      execution INTEGER NOT NULL,
      PRIMARY KEY (attribute, started_at, workflow_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE deletions (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      workflow_id ANY NOT NULL UNIQUE,
      version INTEGER NOT NULL,
      seen TEXT NOT NULL,
      until REAL NOT NULL,
      newest INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX deletions_until ON deletions (until);
    `)
  },
  // A table of its own: an older release that has the file open removes from `workers` what is past by its wall clock.
  (connection) => {
    for (const table of ["executions", "attributes", "deletions"]) renameNul(connection, table)
    connection.exec(`
    ALTER TABLE executions ADD COLUMN unreceived TEXT;
    CREATE TABLE leases (
      worker TEXT PRIMARY KEY,
      workflows TEXT NOT NULL,
      has_left INTEGER NOT NULL,
      length REAL NOT NULL,
      clock TEXT NOT NULL,
      until REAL NOT NULL,
      wall_until REAL NOT NULL,
      pid INTEGER NOT NULL,
      started TEXT NOT NULL
    ) STRICT;
    `)
  },
  (connection) => {
    connection.exec(`
    ALTER TABLE executions ADD COLUMN published TEXT;
    ALTER TABLE executions ADD COLUMN workflow_version TEXT;
    ALTER TABLE executions ADD COLUMN parent_id ANY;
    ALTER TABLE executions ADD COLUMN root TEXT;
    ALTER TABLE executions ADD COLUMN root_id ANY;
    `)
    fillParentIds(connection)
    connection.exec(`
    CREATE INDEX executions_parent ON executions (parent_id, started_at, workflow_id) WHERE parent_id IS NOT NULL;
    CREATE INDEX executions_root ON executions (root_id, started_at, workflow_id) WHERE root_id IS NOT NULL;
    CREATE TABLE details (
      workflow_id ANY NOT NULL,
      run_id ANY NOT NULL,
      seq INTEGER NOT NULL,
      details TEXT NOT NULL,
      PRIMARY KEY (workflow_id, run_id, seq)
    ) STRICT, WITHOUT ROWID;
    `)
  },
  // Before, a row had name and value as one text, which has no order of values.
  (connection) => {
    connection.exec(`
    ALTER TABLE executions ADD COLUMN memo TEXT;
    DROP TABLE attributes;
    CREATE TABLE attributes (
      name TEXT NOT NULL,
      value ANY NOT NULL,
      started_at REAL NOT NULL,
      workflow_id ANY NOT NULL,
      execution INTEGER NOT NULL,
      PRIMARY KEY (name, value, started_at, workflow_id)
    ) STRICT, WITHOUT ROWID;
    `)
    Attributes.fill(connection)
  },
  // The new name keeps a release that has the file open from writing past the log: it does not find the table any more.
  (connection) =>
    connection.exec(`
    ALTER TABLE commits RENAME TO segments;
    ALTER TABLE segments ADD COLUMN first INTEGER;
    CREATE TABLE commit_groups (position INTEGER PRIMARY KEY, ids TEXT NOT NULL, data TEXT NOT NULL) STRICT;
    INSERT INTO commit_groups VALUES (1, '[]', '');
    `)
]

/** Fills the column of the ids of parents. Of one that is damaged there is no id. */
const fillParentIds = (connection: DatabaseSync): void => {
  const found = connection.prepare("SELECT key, parent FROM executions WHERE parent IS NOT NULL")
  const fill = connection.prepare("UPDATE executions SET parent_id = ? WHERE key = ?")
  for (const { key, parent } of found.all()) {
    const id = Option.getOrUndefined(parse(String(parent)))
    if (Predicate.hasProperty(id, "workflowId") && typeof id.workflowId === "string") {
      fill.run(fromId(id.workflowId), key!)
    }
  }
}

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(parseJson)

/** Brings ids with a NUL, which were kept as text, into the form of `fromId`: their code units. */
const renameNul = (connection: DatabaseSync, table: string): void => {
  const isText = "typeof(workflow_id) = 'text' AND instr(workflow_id, char(0)) > 0"
  const found = connection.prepare(`SELECT DISTINCT hex(workflow_id) AS id FROM ${table} WHERE ${isText}`)
  const rename = connection.prepare(`UPDATE ${table} SET workflow_id = ? WHERE ${isText} AND hex(workflow_id) = ?`)
  for (const { id } of found.all()) {
    rename.run(fromId(Buffer.from(String(id), "hex").toString("utf8")), id!)
  }
}

/** What any version of the tables has by name. */
const names = [
  ...tableNames,
  ...["executions_started", "executions_open", "executions_unsettled", "executions_parent", "executions_root"],
  ...["commits_version", "deletions_until"]
]

const look = `
  SELECT user_version, application_id, (
    SELECT min(name) FROM sqlite_schema WHERE lower(name) IN (${names.map((name) => `'${name}'`).join(", ")})
  ) AS taken
  FROM pragma_user_version, pragma_application_id
`

/** The version of the tables. Throws `Unsupported` when this release must leave the file alone. */
export const versionOf = (connection: DatabaseSync, filename: string): number => {
  // One statement, because another process may create the tables between two.
  const found = connection.prepare(look).get()!
  const { application_id: application, taken } = found
  const version = Number(found["user_version"])
  if (application !== applicationId) {
    const fault = faultOf(version, Number(application), taken)
    if (fault === undefined) return 0
    throw new Unsupported({ detail: `${filename} is the database of another program: ${fault}; name another file` })
  }
  if (version > migrations.length) {
    throw new Unsupported({
      detail:
        `${filename} was written by a newer release: its tables have version ${version} and this release knows ` +
        `versions up to ${migrations.length}; use that release`
    })
  }
  return version
}

/** Why the tables cannot be beside the ones of another program. */
const faultOf = (version: number, application: number, taken: unknown): string | undefined => {
  if (application !== 0) return `its application_id is ${application}`
  if (version !== 0) return `its user_version is ${version}, and both would use that`
  return taken === null ? undefined : `it has ${shown(taken)} already, which is a name of this store`
}

/** Brings the tables up to date. Throws `Unsupported` for a file that is not ours or too new, or what SQLite throws. */
export const migrate = (connection: DatabaseSync, filename: string): void => {
  // Several processes may come at once, so the version is read under the lock.
  connection.exec("BEGIN IMMEDIATE")
  try {
    for (const migration of migrations.slice(versionOf(connection, filename))) migration(connection)
    // Written also when it is the same, to find out now that a file cannot be written.
    connection.exec(`PRAGMA user_version = ${migrations.length}`)
    connection.exec("COMMIT")
  } finally {
    if (connection.isTransaction) connection.exec("ROLLBACK")
  }
}
