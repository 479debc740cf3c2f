/**
 * Appends commits: all that are ready go together, in one statement that is one transaction.
 *
 * A few groups are under way at a time, each on a connection of its own; what is saved meanwhile waits and becomes the next groups. So
 * many saves at once need few transactions and few connections. An execution is in one group at a time, and its commits go in the
 * order in which they came.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import { admit } from "../../internal/store/admit.ts"
import { damaged, isVersion } from "../../internal/store/damage.ts"
import type { RunId } from "../../Ids.ts"
import { type Commit, Conflict, type Driver, type StoreErrorReason, Unavailable } from "../WorkflowStore.ts"
import type { Listeners } from "./Changes.ts"
import { codeOf, type Database } from "./Database.ts"
import * as Group from "./Group.ts"
import * as Held from "./Held.ts"
import { toText } from "./key.ts"
import type { Row } from "./Row.ts"

type Outcome = Exit.Exit<void, StoreErrorReason>

/** A commit that waits to be saved. */
interface Entry {
  readonly encoded: Group.Encoded
  readonly done: (outcome: Outcome) => void
  /** Whether no other commit waits with it for an answer. */
  readonly alone: boolean
  tries: number
}

/** Appends groups of commits and notifies the listeners of them. */
export const make = Effect.fnUntraced(function* (
  database: Database,
  listeners: Listeners,
  { lanes, maxCommitBytes }: { readonly lanes: number; readonly maxCommitBytes: number }
): Effect.fn.Return<Driver["saveAll"], never, Scope.Scope> {
  // Each lane has the context of the store, not that of the caller whose commit opens it.
  const fork = yield* FiberSet.makeRuntime<never, void, never>()
  const appender = new Appender(database, listeners, lanes, fork)
  yield* Effect.addFinalizer(() => Effect.sync(() => appender.close()))
  return (commits) =>
    Effect.callback((resume) => {
      const outcomes: Array<Outcome> = Array.from({ length: commits.length }, () => Exit.void)
      let left = commits.length
      if (left === 0) return resume(Effect.succeed(outcomes))
      const settle = (index: number) => (outcome: Outcome) => {
        outcomes[index] = outcome
        if (--left === 0) resume(Effect.succeed(outcomes))
      }
      for (const [index, commit] of commits.entries()) {
        const encoded = Group.encode(commit, maxCommitBytes)
        if (Exit.isFailure(encoded)) settle(index)(encoded)
        else appender.add({ encoded: encoded.value, done: settle(index), alone: commits.length === 1, tries: 0 })
      }
    })
})

// internal

/** How often a commit is tried again that lost against another transaction, or that is free to go by now. */
const mostTries = 10

class Appender {
  private readonly database: Database
  private readonly listeners: Listeners
  private readonly lanes: number
  private readonly statement: string
  private waiting: Array<Entry> = []
  /** The executions of which a commit is under way. */
  private readonly busy = new Set<string>()
  private readonly held: Held.Held<Entry>
  /** Of all groups together two parts look at a time for the execution that is held. */
  private readonly looking = Semaphore.makeUnsafe(2)
  private readonly fork: (lane: Effect.Effect<void>) => unknown
  private open = 0
  private closed = false

  constructor(database: Database, listeners: Listeners, lanes: number, fork: (lane: Effect.Effect<void>) => unknown) {
    this.database = database
    this.listeners = listeners
    this.lanes = lanes
    this.fork = fork
    this.statement = Group.statement(database.schema)
    const turn = (entry: Entry) => this.settled([entry], this.save([entry], Held.patience))
    this.held = new Held.Held({ timeout: database.timeout, turn, fork })
  }

  add(entry: Entry): void {
    if (this.closed) return entry.done(closed)
    this.waiting.push(entry)
    this.openLane()
  }

  /** Leaves what waits, and tells its callers. */
  close(): void {
    this.closed = true
    for (const { done } of this.waiting.splice(0)) done(closed)
    this.held.close()
  }

  /** Begins the next group in a moment: what is saved in the same turn of the process goes with it. */
  private openLane(): void {
    if (this.open >= this.lanes || this.waiting.length === 0) return
    this.open++
    this.fork(
      Effect.ensuring(
        Effect.andThen(Effect.yieldNow, this.lane),
        Effect.sync(() => void this.open--)
      )
    )
  }

  private readonly lane: Effect.Effect<void> = Effect.suspend(() => {
    const group = this.take()
    if (group.length === 0) return Effect.void
    // What is left may fill another group, though it came when this lane was the only one.
    this.openLane()
    return Effect.andThen(this.settled(group, this.save(group, patience)), this.lane)
  })

  /** Saves a group; of the executions that are not held another commit may go then. */
  private settled(group: ReadonlyArray<Entry>, save: Effect.Effect<void>): Effect.Effect<void> {
    const settle = Effect.sync(() => {
      for (const entry of group) if (!this.held.waits(entry)) this.busy.delete(entry.encoded.key)
      this.openLane()
    })
    return Effect.ensuring(save, settle)
  }

  /** Takes the commits that may go now, each of another execution, in the order of their locks. */
  private take(): ReadonlyArray<Entry> {
    const group: Array<Entry> = []
    const left: Array<Entry> = []
    let bytes = 0
    /** The executions of which a commit stays behind, and those after it. */
    const behind = new Set<string>()
    for (const entry of this.waiting) {
      const { key, size } = entry.encoded
      const fits = group.length < Group.mostCommits && (group.length === 0 || bytes + size <= Group.mostBytes)
      if (!fits || behind.has(key) || this.busy.has(key)) {
        behind.add(key)
        left.push(entry)
      } else if (this.held.has(key)) {
        this.busy.add(key)
        this.held.add(entry, this.waitingOf(entry, closed))
      } else {
        this.busy.add(key)
        bytes += size
        group.push(entry)
      }
    }
    this.waiting = left
    return group.sort((a, b) => (a.encoded.key < b.encoded.key ? -1 : 1))
  }

  /** A commit whose execution is held, with its outcome should that stay so. */
  private waitingOf({ alone, done, encoded }: Entry, otherwise: Outcome): Held.Waiting {
    return { key: encoded.key, isPatient: alone, refuse: () => done(this.closed ? closed : otherwise) }
  }

  /** Saves a group, and settles all of it. Executions are waited for so many milliseconds; `one` is around the statement. */
  private save(
    group: ReadonlyArray<Entry>,
    patience: number,
    one: <A, E>(statement: Effect.Effect<A, E>) => Effect.Effect<A, E> = (statement) => statement
  ): Effect.Effect<void> {
    const { run } = this.database
    const { listeners } = this
    const commits = group.map(({ encoded }) => encoded)
    const parameters = listeners.areNoOthers()
      ? Group.untold(commits, patience)
      : Group.parameters(commits, this.database.channel, listeners.author, patience)
    const saved = Effect.onInterrupt(one(run(this.statement, parameters)), () =>
      Effect.sync(() => group.forEach(({ done }) => done(closed)))
    )
    return Effect.matchCauseEffect(saved, {
      onSuccess: (rows) => this.settle(group, rows),
      onFailure: (cause) => {
        const exit: Outcome = Exit.failCause(cause)
        const reason = cause.reasons.find((each) => each._tag === "Fail")?.error
        const code = reason && codeOf(reason.cause)
        // A transaction has one of the executions for longer, and the others do not wait for it.
        if (code === "55P03") return this.saveHalves(group, exit)
        if (code === "40P01" || code === "40001") return this.again(group, exit)
        return Effect.sync(() => group.forEach(({ done }) => done(exit)))
      }
    })
  }

  /** Looks for the execution that is held. */
  private saveHalves(group: ReadonlyArray<Entry>, exit: Outcome): Effect.Effect<void> {
    if (group.length === 1) return Effect.sync(() => this.held.again(group[0]!, this.waitingOf(group[0]!, exit)))
    const half = group.length >> 1
    const parts = [group.slice(0, half), group.slice(half)]
    return Effect.all(
      parts.map((part) => this.save(part, Held.patience, this.looking.withPermits(1))),
      { concurrency: 2, discard: true }
    )
  }

  /** Saves again what may succeed by now. */
  private again(group: ReadonlyArray<Entry>, otherwise: Outcome): Effect.Effect<void> {
    const more = group.filter((entry) => ++entry.tries <= mostTries)
    for (const { done, tries } of group) if (tries > mostTries) done(otherwise)
    return more.length === 0 ? Effect.void : this.save(more, patience)
  }

  /** Answers commits that wait at versions which have a winner by now, without asking the server. */
  private refuseOthers(stored: ReadonlyArray<Commit>): void {
    if (this.waiting.length === 0) return
    const winners = new Map(stored.map((commit) => [commit.workflowId, commit]))
    const left: Array<Entry> = []
    for (const entry of this.waiting) {
      const { id, version, workflowId } = entry.encoded.commit
      const winner = winners.get(workflowId)
      if (winner === undefined || winner.version !== version || winner.id === id) left.push(entry)
      else entry.done(Exit.fail(new Conflict({ version, latest: version })))
    }
    this.waiting = left
  }

  private settle(group: ReadonlyArray<Entry>, rows: ReadonlyArray<Row>): Effect.Effect<void> {
    const missed = new Map(rows.map((row) => [Number(row[0]), row]))
    const stored: Array<Commit> = []
    const again: Array<Entry> = []
    for (const [index, entry] of group.entries()) {
      const row = missed.get(index + 1)
      const outcome = row === undefined ? Exit.void : outcomeOf(entry.encoded.commit, row)
      this.held.free(entry.encoded.key)
      if (row === undefined) stored.push(entry.encoded.commit)
      if (outcome === "append") again.push(entry)
      else entry.done(outcome)
    }
    if (stored.length > 0) {
      this.listeners.notify(stored)
      this.refuseOthers(stored)
    }
    return again.length === 0 ? Effect.void : this.again(again, lost)
  }
}

/** For how long the executions of a group are waited for, in milliseconds. One alone waits for longer, beside the others. */
const patience = 100

const closed: Outcome = Exit.fail(new Unavailable({ cause: new Error("the store is closed") }))

const lost: Outcome = Exit.fail(new Unavailable({ cause: new Error("others were always first, and then were not") }))

/** What became of a commit that was not stored now; `append` when it may be by now. */
export const outcomeOf = (commit: Commit, [, version, runId, deletedAt, idAtVersion]: Row): Outcome | "append" => {
  if (version !== null && !isVersion(version)) {
    return Exit.fail(damaged(`the summary has the version ${String(version)}`))
  }
  const head =
    version !== null
      ? { version, runId: toText(runId) as RunId }
      : deletedAt !== null
        ? { version: Number(deletedAt), runId: undefined }
        : undefined
  const admission = admit(head, commit, idAtVersion === null ? undefined : toText(idAtVersion))
  if (admission === "stored") return Exit.void
  return admission === "append" ? "append" : Exit.fail(admission)
}
