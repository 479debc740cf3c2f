/**
 * What the body of a transaction has saved. It is appended to the log when the body takes effect: the log is in memory too, and would
 * not forget what is undone.
 *
 * A part of the body may be undone alone, by a savepoint of which the client of the app alone knows. So each commit leaves a row in a
 * temporary table, which goes when that part does.
 */
import type { DatabaseSync } from "node:sqlite"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { Version, type WorkflowId } from "../../Ids.ts"
import { admit } from "../../internal/store/admit.ts"
import type { Commit, ExecutionSummary, StoredExecution, StoreErrorReason } from "../WorkflowStore.ts"
import * as Append from "./Append.ts"
import type { Database } from "./Database.ts"
import * as Fence from "./Fence.ts"

/** A commit that takes effect with the body, and what is called then. */
export interface Entry {
  readonly encoded: Append.Encoded
  readonly committed: () => void
}

/** Makes what keeps the commits of one body after the other. */
export const make = (database: Database, maxCommitBytes: number): (() => Saved) => {
  const { connection, log } = database
  const rows = rowsOf(connection)
  const decide = Fence.make(connection, log)
  const append = Append.appender(database)
  return () => new Saved({ rows, decide, append, maxCommitBytes })
}

/** The commits of a body. */
export class Saved {
  private readonly given: Given
  private readonly all: Array<Entry> = []
  /** Where the commits of each execution are in there. */
  private readonly places = new Map<WorkflowId, Array<number>>()

  constructor(given: Given) {
    this.given = given
  }

  /** Saves a commit, when it is the next one of its execution by what is stored and what was saved before. */
  save(commit: Commit, committed: () => void): Exit.Exit<void, StoreErrorReason> {
    const encoded = Append.encode(commit, this.given.maxCommitBytes)
    if (Exit.isFailure(encoded)) return encoded
    const admission = this.admit(commit)
    if (admission === "stored") return Exit.void
    if (typeof admission === "object" && "_tag" in admission) return Exit.fail(admission)
    const place = this.all.length
    this.given.rows.add(place)
    this.all.push({ encoded: encoded.value, committed })
    const places = this.places.get(commit.workflowId)
    if (places === undefined) this.places.set(commit.workflowId, [place])
    else places.push(place)
    return Exit.void
  }

  /** The latest summary of an execution, where a commit of it was saved. */
  summary(workflowId: WorkflowId): ExecutionSummary | undefined {
    return this.of(workflowId).at(-1)?.summary
  }

  /** An execution with what was saved of it, by what is stored of it after a version. */
  over(
    workflowId: WorkflowId,
    stored: Option.Option<StoredExecution>,
    after: Version | undefined
  ): Option.Option<StoredExecution> {
    const saved = this.of(workflowId)
    const summary = saved.at(-1)?.summary
    if (summary === undefined) return stored
    const from = after ?? Version.make(summary.firstVersion - 1)
    const before = Option.isSome(stored) ? stored.value.commits : []
    const more = saved.map(({ events, id, runId, version }) => ({ id, runId, version, events }))
    return Option.some({ summary, commits: [...before, ...more].filter(({ version }) => version > from) })
  }

  /** Appends what was saved to the log, and returns it. */
  append(): ReadonlyArray<Entry> {
    const saved = this.living
    if (saved.length > 0) this.given.rows.clear()
    for (const { encoded } of saved) {
      // Nothing has come between, so this is a bug.
      if (Exit.isFailure(this.given.append(encoded))) throw new Error("a commit was saved that the log does not take")
    }
    return saved
  }

  private of(workflowId: WorkflowId): ReadonlyArray<Commit> {
    const places = this.places.get(workflowId) ?? []
    // What a part has saved that is undone stands last: it is looked for before anything is added.
    while (places.length > 0 && !this.given.rows.has(places.at(-1)!)) places.pop()
    return places.map((place) => this.all[place]!.encoded.commit)
  }

  /** What was not undone. */
  private get living(): ReadonlyArray<Entry> {
    if (this.all.length === 0) return []
    return this.given.rows.all().map((place) => this.all[place]!)
  }

  private admit(commit: Commit): Fence.Decision | "append" {
    const saved = this.of(commit.workflowId)
    const last = saved.at(-1)
    if (last === undefined) return this.given.decide(commit)
    return admit(last, commit, saved.find(({ version }) => version === commit.version)?.id)
  }
}

// internal

/** What the commits of all bodies are kept with. */
interface Given {
  readonly rows: Rows
  readonly decide: (commit: Commit) => Fence.Decision
  readonly append: (encoded: Append.Encoded) => Exit.Exit<void, StoreErrorReason>
  readonly maxCommitBytes: number
}

interface Rows {
  readonly add: (place: number) => void
  readonly has: (place: number) => boolean
  readonly all: () => ReadonlyArray<number>
  readonly clear: () => void
}

const rowsOf = (connection: DatabaseSync): Rows => {
  connection.exec("CREATE TEMP TABLE IF NOT EXISTS perdure_saved (place INTEGER PRIMARY KEY)")
  const add = connection.prepare("INSERT INTO temp.perdure_saved (place) VALUES (?)")
  const has = connection.prepare("SELECT 1 FROM temp.perdure_saved WHERE place = ?")
  const all = connection.prepare("SELECT place FROM temp.perdure_saved ORDER BY place")
  const clear = connection.prepare("DELETE FROM temp.perdure_saved")
  return {
    add: (place) => void add.run(place),
    has: (place) => has.get(place) !== undefined,
    all: () => all.all().map(({ place }) => Number(place)),
    clear: () => void clear.run()
  }
}
