/**
 * The fence: moves the row of an execution to the version of a commit, if that is its next one.
 */
import type { SQLInputValue } from "node:sqlite"
import type { Ancestor } from "../../HistoryEvent.ts"
import type { RunId } from "../../Ids.ts"
import { admit, type Head } from "../../internal/store/admit.ts"
import { damaged, isVersion } from "../../internal/store/damage.ts"
import type { Commit, Conflict, Corrupt } from "../WorkflowStore.ts"
import * as Attributes from "./Attributes.ts"
import { numbered } from "./numbered.ts"
import { liveNow } from "./clock.ts"
import type { Database } from "./Database.ts"
import * as Deletions from "./Deletions.ts"
import { fromAncestor, fromId, fromName, integer, toName } from "./Row.ts"

/** The key of an execution: its row, to which its commits refer. */
export type Key = number | bigint

/** A commit that may be the next one, with the parts of its summary that are kept as JSON. */
export interface Candidate {
  readonly commit: Commit
  readonly waitingFor: string
  readonly attributes: string
}

/** Moves an execution one version on and returns its key, or what became of a commit that is not the next one. */
export const make = (database: Database): ((candidate: Candidate) => Key | "stored" | Conflict | Corrupt) => {
  const { advance, change, create, replace } = prepare(database)
  const find = finder(database)
  const attributes = Attributes.make(database.connection)
  const keys = new Keys()
  const begin = (values: Values, livingAfter: number): Key | undefined => {
    const { changes, lastInsertRowid } = create.run(...columns(values), livingAfter)
    if (changes === 0) return undefined
    if (values.attributes !== Attributes.none) attributes.add({ ...values, key: lastInsertRowid })
    return lastInsertRowid
  }
  /** Decides on a commit that no fast path took. */
  const settle = (values: Values): Key | "stored" | Conflict | Corrupt => {
    const { execution, head, idAtVersion } = find(values)
    if (head !== undefined && !isVersion(head.version)) return damaged(`the summary has the version ${head.version}`)
    const admission = admit(head, values.commit, idAtVersion)
    if (admission !== "append") return admission
    // `admit` has considered the record of a deletion, so the insert ignores it: none lives after the end of time.
    if (execution === undefined) return begin(values, Infinity)!
    attributes.remove(execution)
    replace.run(...columns(values))
    attributes.add({ ...values, key: execution.key })
    return execution.key
  }
  const move = (candidate: Candidate): Key | "stored" | Conflict | Corrupt => {
    const { commit } = candidate
    const known = keys.get(commit.runId)
    // The key may be another execution's by now, after a deletion, but the run is not.
    if (known !== undefined && advance.run(known, ...moving(candidate)).changes === 1) return known
    const values = { ...candidate, id: fromId(commit.workflowId), startedAt: commit.summary.startedAt }
    const key =
      commit.version === 1 && commit.summary.firstVersion === 1
        ? begin(values, liveNow())
        : (change.get(...columns(values))?.["key"] as Key | undefined)
    return key ?? settle(values)
  }
  return (candidate) => {
    const moved = move(candidate)
    if (typeof moved === "number" || typeof moved === "bigint") keys.remember(candidate.commit, moved)
    return moved
  }
}

// internal

const prepare = ({ connection }: Database) => {
  const setAll = `
    UPDATE executions
    SET version = ?2, updated_at = ?3, waiting_for = ?4, run_id = ?5, status = ?6, owner = ?7, wake_at = ?8,
      attributes = ?9, owed = ?10, format = ?11, unreceived = ?12, published = ?13,
      memo = ?14, closed_at = ?15, workflow = ?16, first_version = ?17, started_at = ?18, chain = ?19, parent = ?20,
      parent_id = ?21, root = ?22, root_id = ?23, workflow_version = ?24
    WHERE workflow_id = ?1
  `
  return {
    // A start at version 1 needs no look before: there must be no execution, and no record of a deletion.
    create: numbered(
      connection,
      `
      INSERT OR IGNORE INTO executions (
        workflow_id, version, updated_at, waiting_for, run_id, status, owner, wake_at, attributes, owed, format,
        unreceived, published, memo, closed_at, workflow, first_version, started_at, chain, parent,
        parent_id, root, root_id, workflow_version
      )
      SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
        ?23, ?24
      WHERE NOT EXISTS (SELECT 1 FROM deletions WHERE workflow_id = ?1 AND until > ?25)
    `
    ),
    // Fast path: without a change to an indexed column SQLite leaves the indexes alone.
    advance: numbered(
      connection,
      `
      UPDATE executions
      SET version = ?2, updated_at = ?3, waiting_for = ?4, owed = ?10, format = ?11, unreceived = ?12, published = ?13, memo = ?14
      WHERE key = ?1 AND version = ?2 - 1 AND run_id = ?5 AND status = ?6 AND owner IS ?7 AND wake_at IS ?8
        AND attributes = ?9
    `
    ),
    // For commits after which no row of attributes changes.
    change: numbered(
      connection,
      `${setAll}
      AND version = ?2 - 1 AND (run_id = ?5 OR ?17 = ?2)
      AND attributes = ?9 AND (?9 = '${Attributes.none}' OR started_at = ?18)
      RETURNING key
    `
    ),
    replace: numbered(connection, setAll)
  }
}

/** A candidate with what its rows of attributes need. */
interface Values extends Candidate {
  readonly id: SQLInputValue
  readonly startedAt: number
}

/** The columns that move with most commits, `version` first. */
const moving = ({ attributes, commit, waitingFor }: Candidate) => {
  const { runId, summary, version } = commit
  return [
    version,
    summary.updatedAt,
    waitingFor,
    fromName(runId),
    summary.status,
    summary.owner === undefined ? null : fromName(summary.owner),
    summary.wakeAt ?? null,
    attributes,
    summary.owed ?? null,
    summary.format ?? null,
    summary.unreceived === undefined ? null : JSON.stringify(summary.unreceived),
    summary.published === undefined ? null : JSON.stringify(summary.published),
    summary.memo === undefined ? null : JSON.stringify(summary.memo)
  ] as const
}

/** All columns but the key, `workflow_id` first. */
const columns = (values: Values) => {
  const { chain, closedAt, firstVersion, parent, root, startedAt, workflow, workflowVersion } = values.commit.summary
  return [
    values.id,
    ...moving(values),
    closedAt ?? null,
    fromName(workflow),
    firstVersion,
    startedAt,
    chain === undefined ? null : fromName(chain),
    ...ancestor(parent),
    ...ancestor(root),
    workflowVersion === undefined ? null : fromName(workflowVersion)
  ] as const
}

/** The columns of an ancestor: as a whole, and its id alone, for their index. */
const ancestor = (found: Ancestor | undefined) =>
  found === undefined ? ([null, null] as const) : ([fromAncestor(found), fromId(found.workflowId)] as const)

/** Reads what decides on a commit that no fast path took. */
const finder = (database: Database) => {
  const found = numbered(
    database.connection,
    `
    SELECT executions.key, workflow_id, ${integer("executions.version")} AS version, executions.run_id, started_at, attributes,
      commits.id AS commit_id
    FROM executions LEFT JOIN commits ON commits.execution = executions.key AND commits.version = ?2
    WHERE workflow_id = ?1
  `
  )
  const recordOf = Deletions.finder(database)
  return ({ commit, id }: Values) => {
    const row = found.get(id, commit.version)
    if (row !== undefined) {
      const head: Head = { version: Number(row["version"]), runId: toName(row["run_id"]) as RunId }
      const idAtVersion = row["commit_id"] === null ? undefined : toName(row["commit_id"])
      return { head, execution: Attributes.indexed(row), idAtVersion }
    }
    const deleted = recordOf(id)
    const head: Head | undefined = deleted && { version: deleted.version, runId: undefined }
    return { head, execution: undefined, idAtVersion: undefined }
  }
}

/** The keys of executions to which this process has committed lately, by their runs. */
class Keys {
  private recent = new Map<RunId, Key>()
  private older = new Map<RunId, Key>()

  get(runId: RunId): Key | undefined {
    return this.recent.get(runId) ?? this.older.get(runId)
  }

  /** Remembers the key of the execution of a commit, until the commit that closes its run. */
  remember({ runId, summary }: Commit, key: Key): void {
    if (summary.closedAt !== undefined) {
      this.recent.delete(runId)
      this.older.delete(runId)
    } else if (this.recent.get(runId) !== key) {
      this.recent.set(runId, key)
      if (this.recent.size < keysAtMost) return
      this.older = this.recent
      this.recent = new Map()
    }
  }
}

/** How many keys are remembered; beyond it the keys that were not used lately are forgotten. */
const keysAtMost = 8192
