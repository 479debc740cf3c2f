/**
 * An execution with commits that are in the log alone.
 */
import type { RunId, WorkflowId } from "../../Ids.ts"
import type { ExecutionSummary } from "../WorkflowStore.ts"
import * as Line from "./Line.ts"
import type * as Places from "./Places.ts"
import { fromId } from "./Row.ts"

/** The key of an execution: its row, to which its commits refer. */
export type Key = number | bigint

/** A commit that is in the log and not in the tables. */
export interface Pending {
  /** The row of the log, and which of its lines it is. */
  readonly position: number
  readonly index: number
  readonly id: string
  readonly runId: RunId
  readonly version: number
  readonly format: number
  /** JSON in shorthand, or what is there instead. */
  events: string
}

/** An execution, as of the latest of its lines. */
export class Entry {
  readonly workflowId: WorkflowId
  /** The column of its id, and its id as JSON. */
  readonly column: string | Uint8Array
  readonly quoted: string
  /** Its row; none when it was never folded. */
  key: Key | undefined
  version: number
  runId: RunId | undefined
  commits: Array<Pending> = []
  /** Whether it is open and has made some commits since it was last folded: more will follow, and be folded with them. */
  isMoving = false
  private sound: ExecutionSummary | undefined
  private fault: string | undefined
  /** Lines that were read and have not told the summary yet, which few are asked for. */
  private untold: Array<Line.Line> = []
  private placed: Places.Place

  constructor(of: {
    readonly workflowId: WorkflowId
    readonly quoted: string
    readonly key: Key | undefined
    readonly version: number
    readonly runId: RunId | undefined
  }) {
    this.workflowId = of.workflowId
    this.column = fromId(of.workflowId)
    this.quoted = of.quoted
    this.key = of.key
    this.version = of.version
    this.runId = of.runId
    this.placed = [0, this.column]
  }

  /** The latest summary that is sound. */
  get summary(): ExecutionSummary | undefined {
    this.tell()
    return this.sound
  }

  /** What is wrong with a later one. */
  get damage(): string | undefined {
    this.tell()
    return this.fault
  }

  /** Adds a commit of this process. */
  add(summary: ExecutionSummary, commit: Pending): void {
    this.sound = summary
    this.fault = undefined
    this.untold = []
    this.push(commit, summary.runId, summary.closedAt === undefined)
  }

  /** Adds a commit that was read. */
  follow(line: Line.Line, at: Pick<Pending, "position" | "index">): void {
    const { change, events, format, id, version } = line
    if (Line.isFull(line)) {
      this.fault = undefined
      this.untold = [line]
    } else if (version !== this.version + 1) {
      this.fault = `the commits from version ${this.version + 1} to ${version} are missing`
    } else if (this.fault === undefined) this.untold.push(line)
    const { closedAt, runId = this.runId } = Line.changed(change)
    this.push({ ...at, id, runId: runId ?? Line.unknownRun, version, format, events }, runId, closedAt === undefined)
  }

  /** Adds a commit that is damaged. */
  break(text: string, at: Pick<Pending, "position" | "index">): void {
    const version = Line.versionIn(text) ?? this.version + 1
    this.tell()
    this.fault = `the line of version ${version} in the log`
    const runId = this.runId ?? Line.unknownRun
    this.push({ ...at, id: "", runId, version, format: 1, events: text }, this.runId, false)
  }

  /** Its place in a listing. */
  get place(): Places.Place {
    const startedAt = this.summary?.startedAt ?? 0
    if (this.placed[0] !== startedAt) this.placed = [startedAt, this.column]
    return this.placed
  }

  /** What the next line says only the difference to. */
  get before() {
    const { damage, summary } = this
    return damage === undefined && summary !== undefined ? { summary, ...this.commits.at(-1)! } : undefined
  }

  private push(commit: Pending, runId: RunId | undefined, isOpen: boolean): void {
    this.version = commit.version
    this.runId = runId
    this.isMoving = this.commits.push(commit) >= someCommits && isOpen
  }

  private tell(): void {
    if (this.untold.length === 0) return
    const summary = Line.summaryAfter(this.sound, this.workflowId, this.untold)
    this.untold = []
    if (typeof summary === "string") this.fault = summary
    else this.sound = summary
  }
}

// internal

/** How many commits an execution that is moving has in the log. */
const someCommits = 3
