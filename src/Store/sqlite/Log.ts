/**
 * The log: groups of commits that are not folded into the tables yet. What is in it is in the memory of this process too, and is the fence
 * of its executions: every transaction begins with `refresh`, which learns what others have committed.
 *
 * - The rows of the log follow each other without gaps. A fold removes the oldest ones, and never the newest.
 * - An execution is folded with the row of its oldest commit that is in the log alone, and as a whole. Lines of it that are left in later
 *   rows are in the tables, and its next commit has its summary in full.
 * - A deletion folds all rows that name the execution.
 *
 * See docs/decisions/0021-groups-in-a-log.md.
 */
import type { DatabaseSync } from "node:sqlite"
import type { RunId, WorkflowId } from "../../Ids.ts"
import type { Head } from "../../internal/store/admit.ts"
import { isVersion } from "../../internal/store/damage.ts"
import type { Commit } from "../WorkflowStore.ts"
import { Entry, type Key, type Pending } from "./Entry.ts"
import * as Group from "./Group.ts"
import { Hidden } from "./Hidden.ts"
import * as Line from "./Line.ts"
import { News } from "./News.ts"
import * as Places from "./Places.ts"
import { Recents } from "./Recents.ts"
import { fromId, integer, toName } from "./Row.ts"

/** What the fence knows of an execution. */
export interface Known extends Head {
  readonly key: Key | undefined
}

/** A row of the log. */
interface Row {
  readonly position: number
  readonly ids: ReadonlyArray<WorkflowId>
  /** The executions of its lines, as far as they are known. */
  readonly lines: ReadonlyArray<WorkflowId | undefined>
  readonly length: number
}

export class Log {
  /** The executions with commits that are in the log alone. */
  readonly entries = new Map<WorkflowId, Entry>()
  /** Their rows, as far as there are any. */
  readonly hidden: Hidden
  /** What others have committed is told here. */
  readonly news: News
  private readonly statements: ReturnType<typeof prepare>
  private readonly recents = new Recents<Known>()
  private rows: Array<Row> = []
  private last = 0
  private dataVersion = -1
  private valid = false
  private buffer: Buffer = emptyBuffer()
  private order: ReadonlyArray<Entry> | undefined
  /** How many commits the rows have, and how many characters. */
  lines = 0
  length = 0
  /** How many executions are moving. */
  moving = 0
  /** Grows with each change of an execution. */
  changes = 0

  constructor(connection: DatabaseSync) {
    this.statements = prepare(connection)
    this.hidden = new Hidden(connection)
    this.news = new News(connection)
  }

  /** Learns what others have committed. The first thing in every transaction. */
  refresh(): void {
    const dataVersion = this.statements.dataVersion()
    if (this.valid && dataVersion === this.dataVersion) return
    const found = this.statements.bounds.get()!
    const first = Number(found["first"] ?? this.last + 1)
    const last = Number(found["last"] ?? this.last)
    if (!this.valid || first > this.last + 1 || last < this.last) this.begin(first)
    else this.settleBelow(first)
    const deleted = this.news.deletions((id) => this.recents.delete(id))
    for (const row of this.statements.rows.iterate(this.last)) this.read(row)
    this.last = Math.max(this.last, last)
    this.news.tell(this, deleted, first)
    this.dataVersion = dataVersion
    this.valid = true
  }

  /** Forgets everything, since a transaction failed: the next one reads the log again. */
  reset(): void {
    this.valid = false
  }

  /** Whether others have committed since the last transaction. */
  isBehind(): boolean {
    return !this.valid || this.statements.dataVersion() !== this.dataVersion
  }

  /** What the fence knows of an execution that is not in the log. */
  find(workflowId: WorkflowId): Known | undefined {
    return this.recents.get(workflowId) ?? this.rowOf(workflowId)
  }

  /** Adds a commit, which is written by `flush`. */
  push(commit: Commit, key: Key | undefined, { events, format }: { events: string; format: number }): void {
    const { summary, version, workflowId } = commit
    const known = this.entries.get(workflowId)
    const quoted = known?.quoted ?? JSON.stringify(workflowId)
    const last = known?.before
    const before = last && {
      summary: last.summary,
      place: Line.placeOf(this.last + 1 - last.position, last.index)
    }
    const line = Line.encode(commit, before, { events, format, quoted })
    const entry = known ?? this.add(new Entry({ workflowId, quoted, key, version: version - 1, runId: undefined }))
    const { buffer } = this
    const at = { position: this.last + 1, index: buffer.lines.length }
    if (last?.summary.startedAt !== summary.startedAt) this.order = undefined
    this.count(entry, () => entry.add(summary, { ...at, id: commit.id, runId: commit.runId, version, format, events }))
    buffer.ids.push(workflowId)
    buffer.names.push(before === undefined ? quoted : String(before.place))
    buffer.lines.push(line)
    buffer.commits.push(entry.commits.at(-1)!)
    buffer.length += line.length
    if (buffer.lines.length === Group.linesAtMost || buffer.length > Group.lengthAtMost) this.flush()
  }

  /** Counts an execution that moves, or does not any more, after something is done. */
  private count(entry: Entry, change: () => void): void {
    const before = entry.isMoving
    change()
    this.changes++
    if (entry.isMoving !== before) this.moving += before ? -1 : 1
  }

  /** Writes what was added as one row. */
  flush(): void {
    const { commits, ids, lines, names } = this.buffer
    if (lines.length === 0) return
    const data = lines.join("\n")
    this.write(ids, `[${names.join()}]`, data)
    // Part of one text, since each by itself is many small pieces.
    let end = -1
    for (const [index, commit] of commits.entries()) {
      end += lines[index]!.length + 1
      commit.events = data.slice(end - commit.events.length, end)
    }
    this.buffer = emptyBuffer()
  }

  /** The latest row that names an execution. */
  lastPositionOf(workflowId: WorkflowId): number | undefined {
    return this.rows.findLast(({ ids }) => ids.includes(workflowId))?.position
  }

  /** Takes the oldest rows off the log, up to a position, with what `fold` does to each execution that is in the log alone. */
  takeRow(fold: (entry: Entry) => Known | undefined): number {
    // The newest row has the position from which the next one counts.
    if (this.rows.length === 1) this.write([], "[]", "")
    const { ids, length, position } = this.rows.shift()!
    for (const id of ids) {
      const entry = this.entries.get(id)
      // Lines of an execution that was folded since are in the tables, and its later ones have their turn with their own row.
      if (entry !== undefined && entry.commits[0]!.position <= position) this.leave(entry, fold(entry))
    }
    this.lines -= ids.length
    this.length -= length
    return position
  }

  /** Removes the rows that were taken. */
  removeUpTo(position: number): void {
    this.statements.remove.run(position)
  }

  /** The position of the oldest row that has commits; none when nothing is there to fold. */
  get oldest(): number | undefined {
    return this.lines === 0 ? undefined : this.rows[0]?.position
  }

  get newest(): number {
    return this.last
  }

  /** The executions in listing order. */
  get ordered(): ReadonlyArray<Entry> {
    return (this.order ??= Array.from(this.entries.values()).sort(inOrder))
  }

  /** Forgets an execution that is deleted. */
  forget(workflowId: WorkflowId): void {
    this.recents.delete(workflowId)
  }

  private begin(first: number): void {
    this.entries.clear()
    this.recents.clear()
    this.buffer = emptyBuffer()
    this.hidden.clear()
    this.order = undefined
    this.changes++
    this.rows = []
    this.lines = 0
    this.length = 0
    this.moving = 0
    this.last = first - 1
  }

  /** Follows what others have folded: the rows below a position. */
  private settleBelow(first: number): void {
    while (this.rows.length > 0 && this.rows[0]!.position < first) {
      const { ids, length } = this.rows.shift()!
      this.lines -= ids.length
      this.length -= length
      for (const id of ids) {
        const entry = this.entries.get(id)
        if (entry !== undefined && entry.commits[0]!.position < first) this.settle(entry, first)
      }
    }
  }

  private settle(entry: Entry, first: number): void {
    const row = this.rowOf(entry.workflowId)
    const folded = row !== undefined && isVersion(row.version) ? row.version : 0
    this.hidden.delete(entry.key)
    this.hidden.add(row?.key)
    entry.key = row?.key
    entry.commits = entry.commits.filter(({ position, version }) => position >= first && version > folded)
    if (entry.commits.length === 0) this.leave(entry, row)
  }

  private leave(entry: Entry, known: Known | undefined): void {
    const { workflowId } = entry
    this.entries.delete(workflowId)
    this.hidden.delete(entry.key)
    this.order = undefined
    this.changes++
    if (entry.isMoving) this.moving--
    if (known === undefined) this.recents.delete(workflowId)
    else this.recents.set(workflowId, known)
  }

  private add(entry: Entry): Entry {
    this.entries.set(entry.workflowId, entry)
    this.hidden.add(entry.key)
    this.order = undefined
    return entry
  }

  private write(ids: ReadonlyArray<WorkflowId>, quoted: string, data: string): void {
    this.statements.insert.run(++this.last, quoted, data)
    this.rows.push({ position: this.last, ids, lines: ids, length: data.length })
    this.lines += ids.length
    this.length += data.length
  }

  private rowOf(workflowId: WorkflowId): Known | undefined {
    const row = this.statements.find.get(fromId(workflowId))
    return row && { key: row["key"] as Key, version: Number(row["version"]), runId: toName(row["run_id"]) as RunId }
  }

  /** Reads a row that another process has written, or that is not in memory any more. */
  private read(row: Record<string, unknown>): void {
    const [position, data] = [Number(row["position"]), String(row["data"])]
    const { ids: lines, members } = Group.read({ position, data, ids: String(row["ids"]) }, this.idAt)
    // What may be of one of two executions is not of the one that has its commit of that version.
    for (const member of members) if (!member.isDoubtful) this.follow(member, position)
    for (const member of members) if (member.isDoubtful && !this.has(member)) this.follow(member, position)
    const ids = members.map(({ workflowId }) => workflowId)
    this.rows.push({ position, ids, lines, length: data.length })
    this.last = position
    this.lines += ids.length
    this.length += data.length
  }

  private has({ text, workflowId }: Group.Member): boolean {
    const version = Line.versionIn(text)
    const known = this.entries.get(workflowId) ?? this.rowOf(workflowId)
    return version !== undefined && known !== undefined && known.version >= version
  }

  private readonly idAt: Group.IdAt = (position, index) => {
    const first = this.rows[0]?.position ?? this.last + 1
    if (position < first) return Group.folded
    const row = this.rows[position - first]
    return row?.position === position ? row.lines[index] : undefined
  }

  private follow({ index, line, text, workflowId }: Group.Member, position: number): void {
    const entry = this.entries.get(workflowId) ?? this.enter(workflowId, line, text)
    if (entry === undefined) return
    this.news.note(workflowId, position)
    // Its place in a listing may be another one now.
    this.order = undefined
    this.count(entry, () =>
      line === undefined ? entry.break(text, { position, index }) : entry.follow(line, { position, index })
    )
  }

  /** The entry of an execution that had none; none when its line is in the tables already. */
  private enter(workflowId: WorkflowId, line: Line.Line | undefined, text: string): Entry | undefined {
    const row = line?.version === 1 ? undefined : this.rowOf(workflowId)
    const version = line?.version ?? Line.versionIn(text)
    if (row !== undefined && version !== undefined && row.version >= version) return undefined
    const before = row?.version ?? (version ?? 1) - 1
    const { key, runId } = row ?? { key: undefined, runId: undefined }
    return this.add(new Entry({ workflowId, quoted: JSON.stringify(workflowId), key, version: before, runId }))
  }
}

// internal

/** Commits that are to be one row. */
interface Buffer {
  readonly ids: Array<WorkflowId>
  /** The executions as JSON, or where their lines before are. */
  readonly names: Array<string>
  readonly lines: Array<string>
  readonly commits: Array<Pending>
  length: number
}

const emptyBuffer = (): Buffer => ({ ids: [], names: [], lines: [], commits: [], length: 0 })

const inOrder = (a: Entry, b: Entry): number => Places.compare(a.place, b.place)

const prepare = (connection: DatabaseSync) => {
  const dataVersion = connection.prepare("PRAGMA data_version")
  dataVersion.setReturnArrays(true)
  return {
    dataVersion: () => (dataVersion.get() as unknown as readonly [number])[0],
    bounds: connection.prepare("SELECT min(position) AS first, max(position) AS last FROM commit_groups"),
    rows: connection.prepare("SELECT position, ids, data FROM commit_groups WHERE position > ? ORDER BY position"),
    insert: connection.prepare("INSERT INTO commit_groups (position, ids, data) VALUES (?, ?, ?)"),
    remove: connection.prepare("DELETE FROM commit_groups WHERE position <= ?"),
    find: connection.prepare(
      `SELECT key, ${integer("version")} AS version, run_id FROM executions WHERE workflow_id = ?`
    )
  }
}
