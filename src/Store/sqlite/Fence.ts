/**
 * The fence: moves the row of an execution to the version of a commit, if that is its next one.
 */
import type { RunId } from "../../Ids.ts"
import type { Commit } from "../WorkflowStore.ts"
import type { Database } from "./Database.ts"
import { fromId } from "./Row.ts"

/** The key of an execution: its row, to which its commits refer. */
export type Key = number | bigint

/** A commit that may be the next one, with the parts of its summary that are kept as JSON. */
export interface Candidate {
  readonly commit: Commit
  readonly waitingFor: string
  readonly attributes: string
}

/** Moves an execution one version on and answers its key; `undefined` when the commit is not the next one. */
export const make = ({ connection }: Database): ((candidate: Candidate) => Key | undefined) => {
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
    SET version = ?2, updated_at = ?3, waiting_for = ?4, run_id = ?5, status = ?6, owner = ?7, wake_at = ?8,
      attributes = ?9, closed_at = ?10, workflow = ?11, first_version = ?12, started_at = ?13
    WHERE workflow_id = ?1 AND version = ?2 - 1 AND (run_id = ?5 OR ?12 = ?2)
    RETURNING key
  `)
  const keys = new Keys()
  const moved = ({ attributes, commit, waitingFor }: Candidate): Key | undefined => {
    const { runId, summary, version } = commit
    const { firstVersion, startedAt, status, updatedAt, workflow } = summary
    const owner = summary.owner ?? null
    const wakeAt = summary.wakeAt ?? null
    const known = keys.get(runId)
    if (known !== undefined) {
      // The key may be another execution's by now, after a deletion, but the run is not.
      const { changes } = advance.run(known, version, updatedAt, waitingFor, runId, status, owner, wakeAt, attributes)
      if (changes === 1) return known
    }
    const id = fromId(commit.workflowId)
    const moving = [version, updatedAt, waitingFor, runId, status, owner, wakeAt, attributes] as const
    const lasting = [summary.closedAt ?? null, workflow, firstVersion, startedAt] as const
    if (version === 1) {
      const { changes, lastInsertRowid } = create.run(id, ...moving, ...lasting)
      return changes === 1 ? lastInsertRowid : undefined
    }
    return change.get(id, ...moving, ...lasting)?.["key"] as Key | undefined
  }
  return (candidate) => {
    const key = moved(candidate)
    if (key !== undefined) keys.remember(candidate.commit, key)
    return key
  }
}

// internal

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

/** How many keys are remembered before those that were not used lately are forgotten. */
const keysAtMost = 8192
