/**
 * Appends commits, a group in one transaction: the fence is the number of rows that an update of the execution finds.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import { formatVersion } from "../../HistoryEvent.ts"
import { type RunId, Version } from "../../Ids.ts"
import { encodeEvents } from "../../internal/codec.ts"
import { refusedText } from "../../internal/commitSize.ts"
import { type Commit, Conflict, type Driver, StoreError, type StoreErrorReason } from "../WorkflowStore.ts"
import type { Listeners } from "./Changes.ts"
import type { Database } from "./Database.ts"
import { fromId } from "./Row.ts"

/** Appends groups of commits and tells the listeners of them. */
export const make = (database: Database, listeners: Listeners, maxCommitBytes: number): Driver["saveAll"] => {
  const append = appender(database)
  return (commits) =>
    Effect.suspend(() => {
      const encoded = commits.map((commit) => encode(commit, maxCommitBytes))
      const positions: Positions = { first: 0, last: 0 }
      const appendAll = () => encoded.map((each) => (Exit.isSuccess(each) ? append(each.value, positions) : each))
      return Effect.match(database.write("save", appendAll), {
        onSuccess: (exits) => {
          const saved = commits.filter((_, index) => Exit.isSuccess(exits[index]!))
          if (saved.length > 0) listeners.tell(saved, positions)
          return exits
        },
        onFailure: ({ reason }) =>
          encoded.map((each, index) => (Exit.isSuccess(each) ? failure(commits[index]!, reason) : each))
      })
    })
}

/** The rows that a group added to `commits`; 0 for none. */
export interface Positions {
  first: number
  last: number
}

// internal

/** A commit in the form in which it is written. */
interface Encoded {
  readonly commit: Commit
  readonly events: string
  readonly waitingFor: string
  readonly attributes: string
}

const encode = (commit: Commit, limit: number): Exit.Exit<Encoded, StoreError> => {
  const encoded = Result.try(() => ({
    commit,
    events: encodeEvents(commit.events),
    waitingFor: JSON.stringify(commit.summary.waitingFor),
    attributes: JSON.stringify(commit.summary.attributes)
  }))
  // What has no JSON is no event: a bug of the caller, and no reason to fail the others of the group.
  if (Result.isFailure(encoded)) return Exit.die(encoded.failure)
  const refused = refusedText(encoded.success.events, limit)
  return refused === undefined ? Exit.succeed(encoded.success) : failure(commit, refused)
}

const failure = (commit: Commit, reason: StoreErrorReason): Exit.Exit<never, StoreError> =>
  Exit.fail(new StoreError({ operation: "save", workflowId: commit.workflowId, reason }))

const appender = ({ connection }: Database) => {
  const create = connection.prepare(`
    INSERT INTO executions (
      workflow_id, version, updated_at, waiting_for, run_id, status, owner, wake_at, attributes, closed_at,
      workflow, first_version, started_at
    )
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
    ON CONFLICT DO NOTHING
  `)
  // Most commits change none of what the indexes have, and what they leave alone no index has to follow.
  const advance = connection.prepare(`
    UPDATE executions SET version = ?2, updated_at = ?3, waiting_for = ?4
    WHERE key = ?1 AND version = ?2 - 1 AND run_id = ?5 AND status = ?6 AND owner IS ?7 AND wake_at IS ?8
      AND attributes = ?9
  `)
  const change = connection.prepare(`
    UPDATE executions
    SET version = ?2, updated_at = ?3, waiting_for = ?4, status = ?6, owner = ?7, wake_at = ?8, attributes = ?9,
      closed_at = ?10
    WHERE key = ?1 AND version = ?2 - 1 AND run_id = ?5
  `)
  const find = connection.prepare(`
    UPDATE executions
    SET version = ?2, updated_at = ?3, waiting_for = ?4, run_id = ?5, status = ?6, owner = ?7, wake_at = ?8,
      attributes = ?9, closed_at = ?10, workflow = ?11, first_version = ?12, started_at = ?13
    WHERE workflow_id = ?1 AND version = ?2 - 1 AND (run_id = ?5 OR ?12 = ?2)
    RETURNING key
  `)
  const insert = connection.prepare(`
    INSERT INTO commits (execution, version, id, run_id, format, events) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
  `)
  const missed = connection.prepare(`
    SELECT executions.version AS latest, commits.id AS id
    FROM executions LEFT JOIN commits ON commits.execution = executions.key AND commits.version = ?2
    WHERE executions.workflow_id = ?1
  `)
  const keys = new Keys()
  /** The key of the execution, once the commit is known to be its next one. */
  const next = ({ attributes, commit, waitingFor }: Encoded): number | bigint | undefined => {
    const { runId, summary, version } = commit
    const { firstVersion, startedAt, status, updatedAt, workflow } = summary
    const owner = summary.owner ?? null
    const wakeAt = summary.wakeAt ?? null
    const closedAt = summary.closedAt ?? null
    const known = keys.get(runId)
    if (known !== undefined) {
      // The key may be another execution's by now, after a deletion, but the run is not.
      const { changes } = advance.run(known, version, updatedAt, waitingFor, runId, status, owner, wakeAt, attributes)
      if (changes === 1) return known
    }
    const moving = [version, updatedAt, waitingFor, runId, status, owner, wakeAt, attributes, closedAt]
    if (known !== undefined && change.run(known, ...moving).changes === 1) return known
    const all = [fromId(commit.workflowId), ...moving, workflow, firstVersion, startedAt]
    if (version === 1) {
      const created = create.run(...all)
      return created.changes === 1 ? created.lastInsertRowid : undefined
    }
    const found = find.get(...all)
    return found === undefined ? undefined : Number(found["key"])
  }
  return (encoded: Encoded, positions: Positions): Exit.Exit<void, StoreError> => {
    const { commit, events } = encoded
    const { summary, version, workflowId } = commit
    const key = next(encoded)
    if (key !== undefined) {
      keys.remember(commit, key)
      const runId = version === summary.firstVersion ? commit.runId : null
      positions.last = Number(insert.run(key, version, commit.id, runId, formatVersion, events).lastInsertRowid)
      if (positions.first === 0) positions.first = positions.last
      return Exit.void
    }
    const found = missed.get(fromId(workflowId), version)
    if (found?.["id"] === commit.id) return Exit.void
    const latest = Version.make(Number(found?.["latest"] ?? 0))
    return failure(commit, new Conflict({ version, latest }))
  }
}

/** The keys of executions to which this process has committed lately, by their runs. */
class Keys {
  private recent = new Map<RunId, number | bigint>()
  private older = new Map<RunId, number | bigint>()

  get(runId: RunId): number | bigint | undefined {
    return this.recent.get(runId) ?? this.older.get(runId)
  }

  /** Remembers the key of the execution of a commit, until the commit that closes its run. */
  remember({ runId, summary }: Commit, key: number | bigint): void {
    if (summary.closedAt !== undefined) {
      this.recent.delete(runId)
      this.older.delete(runId)
    } else if (!this.recent.has(runId)) {
      this.recent.set(runId, key)
      if (this.recent.size < keysAtMost) return
      this.older = this.recent
      this.recent = new Map()
    }
  }
}

/** How many keys are remembered before those that were not used lately are forgotten. */
const keysAtMost = 8192
