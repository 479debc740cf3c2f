/**
 * What others have committed and deleted, as listeners are told of it: from the rows of the log, and when some were folded before they were
 * read, from the tables.
 */
import type { DatabaseSync, SQLOutputValue } from "node:sqlite"
import type * as Types from "effect/Types"
import type { WorkerId, WorkflowId } from "../../Ids.ts"
import { changeOf } from "../../internal/store/listing.ts"
import type { Change, ExecutionSummary } from "../WorkflowStore.ts"
import { unsettled } from "./Migrations.ts"
import { integer, toId, toName } from "./Row.ts"

/** What the log has of executions. */
interface Executions {
  readonly entries: ReadonlyMap<
    WorkflowId,
    { readonly version: number; readonly summary: ExecutionSummary | undefined; readonly damage: string | undefined }
  >
}

export class News {
  /** Told of changes by others; none listens at first. */
  listener: ((changes: ReadonlyArray<Change>) => void) | undefined
  /** The latest row of `segments` of which is known. */
  segment = 0
  /** The latest row of the log of which listeners know. */
  private heard: number | undefined
  private deletion = 0
  private readonly noted = new Set<WorkflowId>()
  private readonly statements: ReturnType<typeof prepare>

  constructor(connection: DatabaseSync) {
    this.statements = prepare(connection)
  }

  /** Notes an execution of a row that was read. */
  note(workflowId: WorkflowId, position: number): void {
    if (this.heard !== undefined && position > this.heard) this.noted.add(workflowId)
  }

  /** Listeners know of all rows up to one. */
  knowUpTo(position: number): void {
    this.heard = position
  }

  /** A deletion by this process, of which its listeners are told apart. */
  knowDeletion(position: number): void {
    this.deletion = position
  }

  /** Calls back with what was deleted since the last call; returns the position before. */
  deletions(forget: (workflowId: WorkflowId) => void): number {
    const before = this.deletion
    const { seq } = this.statements.newest.get()!
    if (Number(seq) === before) return before
    this.deletion = Number(seq)
    for (const { id } of this.statements.removed.iterate(before)) forget(toId(id))
    return before
  }

  /** Tells of what was noted, and of the deletions after a position. `first` is the oldest row of the log. */
  tell({ entries }: Executions, deletedAfter: number, first: number): void {
    const { heard, segment } = this
    const known = Number(this.statements.newest.get()!["segment"])
    this.segment = known
    if (heard === undefined || this.listener === undefined) return this.noted.clear()
    const changes: Array<Change> = []
    if (first > heard + 1) {
      const { newest } = this.statements.reused.get(deletedAfter)!
      const after = Math.min(segment, known, Number(newest ?? segment))
      for (const row of this.statements.folded.all(after)) {
        const change = fromRow(row)
        if (!entries.has(change.workflowId)) changes.push(change)
      }
    }
    for (const workflowId of this.noted) {
      const { damage, summary, version } = entries.get(workflowId) ?? {}
      if (version === undefined) continue
      changes.push(
        summary !== undefined && damage === undefined ? changeOf(summary) : ({ workflowId, version } as Change)
      )
    }
    this.noted.clear()
    if (this.deletion > deletedAfter) {
      for (const row of this.statements.deleted.all(deletedAfter)) {
        const change = fromRow(row)
        if (!entries.has(change.workflowId)) changes.push(change)
      }
    }
    if (changes.length > 0) this.listener(changes)
  }
}

// internal

/** How many executions are told at most of the ones that were folded before their rows were read. */
const maxRows = 10_000

const prepare = (connection: DatabaseSync) => ({
  newest: connection.prepare(`
    SELECT coalesce((SELECT max(position) FROM segments), 0) AS segment,
      coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'deletions'), 0) AS seq
  `),
  removed: connection.prepare("SELECT workflow_id AS id FROM deletions WHERE position > ?"),
  // The positions of deleted rows are used again when they were the newest.
  reused: connection.prepare("SELECT min(newest) AS newest FROM deletions WHERE position > ?"),
  folded: connection.prepare(`
    SELECT workflow_id AS id, ${integer("executions.version")} AS version, owner IS NULL AND ${unsettled} AS unowned, owner, wake_at,
      CASE WHEN closed_at IS NOT NULL THEN parent_id END AS parent
    FROM (SELECT DISTINCT execution FROM segments WHERE position > ? LIMIT ${maxRows}) AS recent
    CROSS JOIN executions ON executions.key = recent.execution
  `),
  // A record is also there when older runs were removed, or when the id is in use again.
  deleted: connection.prepare(`
    SELECT workflow_id AS id, 0 AS version, 0 AS unowned, NULL AS owner, NULL AS wake_at, NULL AS parent
    FROM deletions
    WHERE position > ? AND NOT EXISTS (SELECT 1 FROM executions WHERE executions.workflow_id = deletions.workflow_id)
  `)
})

const fromRow = (row: Record<string, SQLOutputValue>): Change => {
  const { id, owner, parent, unowned, version, wake_at: wakeAt } = row
  const change: Types.Mutable<Change> = { workflowId: toId(id), version: Number(version) }
  if (unowned === 1) change.unowned = true
  if (typeof owner === "string") {
    change.owner = toName(owner) as WorkerId
    if (typeof wakeAt === "number") {
      change.wakeAt = wakeAt
      if (parent !== null) change.owedTo = toId(parent)
    }
  }
  return change
}
