/**
 * Writes summaries into the rows of executions, and into the rows by which they are found.
 */
import type { DatabaseSync, SQLInputValue } from "node:sqlite"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type { Ancestor } from "../../HistoryEvent.ts"
import type { ExecutionSummary } from "../WorkflowStore.ts"
import * as Attributes from "./Attributes.ts"
import type { Entry, Key } from "./Entry.ts"
import { numbered } from "./numbered.ts"
import { fromAncestor, fromId, fromName } from "./Row.ts"

/** Writes the summary of an execution and returns the key of its row. */
export const make = (connection: DatabaseSync): ((entry: Entry) => Key) => {
  const { advance, change, create, find, replace, spoil } = prepare(connection)
  const attributes = Attributes.make(connection)
  const set = ({ column, key }: Entry, summary: ExecutionSummary): Key => {
    const values = columns(column, summary)
    if (key !== undefined && advance.run(...values, key).changes === 1) return key
    if (key !== undefined && change.run(...values, key).changes === 1) return key
    const found = find.get(column)
    if (found !== undefined) {
      attributes.remove(Attributes.indexed(found))
      replace.run(...values, found["key"]!)
    }
    const written = (found?.["key"] as Key | undefined) ?? create.run(...values).lastInsertRowid
    const json = String(values[attributesAt])
    if (json !== Attributes.none) {
      attributes.add({ key: written, id: column, startedAt: summary.startedAt, attributes: json })
    }
    return written
  }
  /** Keeps a summary that is damaged as one that cannot be read. */
  const setDamaged = ({ column, commits, damage, summary, version }: Entry): Key => {
    const detail = damage ?? "it has a value that no column takes"
    const found = find.get(column)?.["key"] as Key | undefined
    if (found !== undefined) {
      spoil.run(version, detail, found)
      return found
    }
    const startedAt = summary !== undefined && Number.isFinite(summary.startedAt) ? summary.startedAt : 0
    const { runId } = commits.at(-1)!
    const least = { runId, workflow: "", status: "blocked", version, startedAt, updatedAt: startedAt } as const
    const values = columns(column, { ...least, firstVersion: version, waitingFor: [], attributes: {} } as never)
    const { lastInsertRowid } = create.run(...values)
    spoil.run(version, detail, lastInsertRowid)
    return lastInsertRowid
  }
  return (entry) => {
    const { damage, summary } = entry
    if (summary === undefined || damage !== undefined) return setDamaged(entry)
    const written = Result.try(() => set(entry, summary))
    if (Result.isSuccess(written)) return written.success
    // A caller gave what is no summary. It must not keep all others from being folded.
    if (isConstraint(written.failure)) return setDamaged(entry)
    throw written.failure
  }
}

// internal

/** The code of SQLite for a value that a column does not take. */
const constraint = 19

const isConstraint = (cause: unknown): boolean =>
  Predicate.hasProperty(cause, "errcode") && (Number(cause.errcode) & 0xff) === constraint

const prepare = (connection: DatabaseSync) => {
  const setAll = `
    UPDATE executions
    SET version = ?2, updated_at = ?3, waiting_for = ?4, run_id = ?5, status = ?6, owner = ?7, wake_at = ?8,
      attributes = ?9, owed = ?10, format = ?11, unreceived = ?12, published = ?13,
      memo = ?14, closed_at = ?15, workflow = ?16, first_version = ?17, started_at = ?18, chain = ?19, parent = ?20,
      parent_id = ?21, root = ?22, root_id = ?23, workflow_version = ?24, workflow_id = ?1
    WHERE key = ?25
  `
  return {
    create: numbered(
      connection,
      `
      INSERT INTO executions (
        workflow_id, version, updated_at, waiting_for, run_id, status, owner, wake_at, attributes, owed, format,
        unreceived, published, memo, closed_at, workflow, first_version, started_at, chain, parent,
        parent_id, root, root_id, workflow_version
      )
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
        ?23, ?24)
    `
    ),
    // Without a change to an indexed column SQLite leaves the indexes alone.
    advance: numbered(
      connection,
      `
      UPDATE executions
      SET version = ?2, updated_at = ?3, waiting_for = ?4, run_id = ?5, owed = ?10, format = ?11, unreceived = ?12,
        published = ?13, memo = ?14, closed_at = ?15, workflow = ?16, first_version = ?17, chain = ?19, parent = ?20,
        root = ?22, workflow_version = ?24
      WHERE key = ?25 AND workflow_id = ?1 AND status = ?6 AND owner IS ?7 AND wake_at IS ?8 AND attributes = ?9
        AND started_at = ?18 AND parent_id IS ?21 AND root_id IS ?23
    `
    ),
    // For summaries after which no row of attributes changes.
    change: numbered(
      connection,
      `${setAll}
      AND workflow_id = ?1 AND attributes = ?9 AND (?9 = '${Attributes.none}' OR started_at = ?18)
    `
    ),
    replace: numbered(connection, setAll),
    find: connection.prepare("SELECT key, workflow_id, started_at, attributes FROM executions WHERE workflow_id = ?"),
    spoil: connection.prepare("UPDATE executions SET version = ?, waiting_for = ? WHERE key = ?")
  }
}

/** All columns but the key, `workflow_id` first. */
const columns = (id: SQLInputValue, summary: ExecutionSummary) => {
  const { chain, closedAt, firstVersion, format, memo, owed, owner, parent, published } = summary
  const { root, runId, startedAt, status, unreceived, updatedAt, version, waitingFor, wakeAt } = summary
  return [
    id,
    version,
    updatedAt,
    JSON.stringify(waitingFor),
    fromName(runId),
    status,
    owner === undefined ? null : fromName(owner),
    wakeAt ?? null,
    JSON.stringify(summary.attributes),
    owed ?? null,
    format ?? null,
    unreceived === undefined ? null : JSON.stringify(unreceived),
    published === undefined ? null : JSON.stringify(published),
    memo === undefined ? null : JSON.stringify(memo),
    closedAt ?? null,
    fromName(summary.workflow),
    firstVersion,
    startedAt,
    chain === undefined ? null : fromName(chain),
    ...ancestor(parent),
    ...ancestor(root),
    summary.workflowVersion === undefined ? null : fromName(summary.workflowVersion)
  ] as const
}

/** The place of the attributes among the columns. */
const attributesAt = 8

/** The columns of an ancestor: as a whole, and its id alone, for their index. */
const ancestor = (of: Ancestor | undefined): readonly [SQLInputValue, SQLInputValue] =>
  of === undefined ? [null, null] : [fromAncestor(of), fromId(of.workflowId)]
