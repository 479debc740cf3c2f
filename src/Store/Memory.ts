/**
 * Keeps executions in the memory of the process: for tests, and for executions that may end with the process.
 *
 * No operation waits for anything, so under a `TestClock` each is over at once. Commits are handed out as they are, not
 * copied: events are immutable data.
 */
import * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as PubSub from "effect/PubSub"
import type * as Schema from "effect/Schema"
import * as Scheduler from "effect/Scheduler"
import * as Stream from "effect/Stream"
import { Version, type WorkerId, type WorkflowId } from "../Ids.ts"
import { liveNow } from "../internal/liveClock.ts"
import { layerWithOptions, type LayerWithOptions } from "../internal/layerWithOptions.ts"
import { admit, type Head } from "../internal/store/admit.ts"
import { defaultMaxCommitBytes, refusedEvents } from "../internal/store/commitSize.ts"
import * as Listing from "../internal/store/listing.ts"
import {
  type CallDetails,
  type CallPlace,
  type Change,
  type Commit,
  Conflict,
  type DeleteOptions,
  type Deletion,
  deletionTtl,
  type ExecutionSummary,
  leftTtl,
  make as makeStore,
  type StoredCommit,
  type StoredExecution,
  type StoreErrorReason,
  type WorkerRecord,
  type Workers,
  WorkflowStore
} from "./WorkflowStore.ts"

/**
 * The settings of a store in memory.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** How many bytes the events of one commit may have if they were encoded: 8 MiB by default. */
  readonly maxCommitBytes?: number | undefined
}

/**
 * Makes a store that is empty.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = Effect.fnUntraced(function* (options: Options = {}) {
  const executions = new Executions(options.maxCommitBytes ?? defaultMaxCommitBytes)
  const workers = new Living()
  const changes = yield* PubSub.sliding<ReadonlyArray<Change>>(1024)
  const scheduler = yield* Scheduler.Scheduler
  const publish = batched<Change>(scheduler.makeDispatcher(), (batch) => PubSub.publishUnsafe(changes, batch))
  return makeStore({
    saveAll: (commits) =>
      Effect.sync(() => {
        const exits = commits.map((commit) => executions.append(commit))
        for (let i = 0; i < commits.length; i++)
          if (Exit.isSuccess(exits[i]!)) publish(Listing.changeOf(commits[i]!.summary))
        return exits
      }),
    load: (workflowId, after) => Effect.sync(() => executions.load(workflowId, after)),
    summary: (workflowId) => Effect.sync(() => Option.map(executions.get(workflowId), ({ summary }) => summary)),
    deletion: (workflowId) => Effect.sync(() => executions.deletion(workflowId)),
    list: (filter) => Effect.map(Listing.startOf(filter), (after) => Listing.page(executions.summaries, filter, after)),
    count: (filter) => Effect.sync(() => Listing.count(executions.summaries, filter)),
    delete: (workflowId, options) =>
      Effect.suspend(() => {
        const removed = executions.delete(workflowId, options)
        if (Exit.isSuccess(removed) && removed.value && "version" in options) publish({ workflowId, version: 0 })
        return removed
      }),
    changes: Stream.fromPubSub(changes),
    heartbeat: (worker, lease, asked) =>
      Effect.sync(() => {
        workers.beat(worker, Duration.toMillis(lease))
        return asked === undefined ? undefined : Listing.outlook(executions.summaries, workers.now, asked)
      }),
    workers: Effect.sync(() => workers.now),
    saveDetails: (all) => Effect.sync(() => all.forEach((each) => executions.note(each))),
    details: (call) => Effect.sync(() => executions.noted(call)),
    guarantees: {
      durability: "none",
      fencing: "fenced",
      listing: "strong",
      maxCommitBytes: executions.maxCommitBytes,
      writes: "accepted"
    }
  })
})

/**
 * Provides a store in memory, with settings of your own when it is called: `layer`, or `layer({ maxCommitBytes: 1024 })`.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: LayerWithOptions<Options, WorkflowStore, never, never> = layerWithOptions((options?: Options) =>
  Layer.effect(WorkflowStore, make(options))
)

/**
 * The same as `layer(options)`.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Options): Layer.Layer<WorkflowStore> => layer(options)

/**
 * Provides a store with settings from the configuration of the app.
 *
 * @category layers
 * @since 0.2.0
 */
export const layerConfig = (options: Config.Wrap<Options>): Layer.Layer<WorkflowStore, Config.ConfigError> =>
  Layer.effect(WorkflowStore, Effect.flatMap(Config.unwrap(options), make))

// internal

/** The workers, each until its lease has run out or it is forgotten that it has left. */
class Living {
  private readonly all = new Map<
    WorkerId,
    { readonly worker: WorkerRecord; readonly until: number; readonly left: boolean }
  >()

  beat(worker: WorkerRecord, lease: number): void {
    const left = lease === 0
    this.all.set(worker.id, { worker, until: liveNow() + (left ? Duration.toMillis(leftTtl) : lease), left })
  }

  get now(): Workers {
    const now = liveNow()
    for (const [id, { until }] of this.all) if (until <= now) this.all.delete(id)
    const all = Array.from(this.all.values())
    return {
      living: all.flatMap(({ left, worker }) => (left ? [] : [worker])),
      left: all.flatMap(({ left, worker }) => (left ? [worker.id] : []))
    }
  }
}

/** The place of a call in its execution. */
const placeOf = ({ runId, seq }: Omit<CallPlace, "workflowId">): string => `${seq} ${runId}`

interface Execution {
  summary: ExecutionSummary
  /** The commits that were not removed; the one at `version` has the index `version - 1 - removed`. */
  commits: Array<StoredCommit>
  removed: number
}

/** The record of a deletion, and until when it is kept. */
interface Record extends Deletion {
  readonly until: number
}

class Executions {
  readonly maxCommitBytes: number
  private readonly all = new Map<WorkflowId, Execution>()
  private readonly records = new Map<WorkflowId, Record>()

  /** The details of calls of activities, by executions and then by runs and places. */
  private readonly details = new Map<WorkflowId, Map<string, Schema.Json>>()

  constructor(maxCommitBytes: number) {
    this.maxCommitBytes = maxCommitBytes
  }

  note({ details, workflowId, ...call }: CallDetails): void {
    const all = this.details.get(workflowId) ?? new Map<string, Schema.Json>()
    if (details === undefined) all.delete(placeOf(call))
    else all.set(placeOf(call), details)
    if (all.size === 0) this.details.delete(workflowId)
    else this.details.set(workflowId, all)
  }

  noted({ workflowId, ...call }: CallPlace): Option.Option<Schema.Json> {
    return Option.fromUndefinedOr(this.details.get(workflowId)?.get(placeOf(call)))
  }

  get summaries(): Iterable<ExecutionSummary> {
    return Array.from(this.all.values(), ({ summary }) => summary)
  }

  get(workflowId: WorkflowId): Option.Option<Execution> {
    return Option.fromUndefinedOr(this.all.get(workflowId))
  }

  load(workflowId: WorkflowId, after: Version | undefined): Option.Option<StoredExecution> {
    return Option.map(this.get(workflowId), ({ commits, removed, summary }) => ({
      summary,
      commits: commits.slice(Math.max(0, (after ?? summary.firstVersion - 1) - removed))
    }))
  }

  append(commit: Commit): Exit.Exit<void, StoreErrorReason> {
    const { id, runId, version, workflowId } = commit
    const execution = this.all.get(workflowId)
    const head = execution?.summary ?? this.deleted(workflowId)
    const admission = admit(head, commit, execution?.commits[version - 1 - execution.removed]?.id)
    if (admission === "stored") return Exit.void
    if (admission !== "append") return Exit.fail(admission)
    const refused = refusedEvents(commit.events, this.maxCommitBytes)
    if (refused !== undefined) return Exit.fail(refused)
    const stored = { id, runId, version, events: commit.events }
    if (execution === undefined) {
      this.all.set(workflowId, { summary: commit.summary, commits: [stored], removed: version - 1 })
    } else {
      execution.summary = commit.summary
      execution.commits.push(stored)
    }
    return Exit.void
  }

  delete(workflowId: WorkflowId, options: DeleteOptions): Exit.Exit<boolean, Conflict> {
    const execution = this.all.get(workflowId)
    if (execution === undefined) return Exit.succeed(false)
    const { firstVersion, version } = execution.summary
    const latest = Version.make(version)
    if ("before" in options) {
      if (options.before > firstVersion) return Exit.fail(new Conflict({ version: options.before, latest }))
      const removed = Math.max(0, options.before - 1 - execution.removed)
      if (removed === 0) return Exit.succeed(false)
      execution.commits = execution.commits.slice(removed)
      execution.removed += removed
      this.record(workflowId, options.before, options.seen)
      return Exit.succeed(true)
    }
    if (options.version !== version) return Exit.fail(new Conflict({ version: options.version, latest }))
    this.all.delete(workflowId)
    this.details.delete(workflowId)
    this.record(workflowId, version + 1, options.seen)
    return Exit.succeed(true)
  }

  deletion(workflowId: WorkflowId): Option.Option<Deletion> {
    const record = this.records.get(workflowId)
    if (record === undefined || record.until <= liveNow()) return Option.none()
    return Option.some({ version: record.version, seen: record.seen })
  }

  private deleted(workflowId: WorkflowId): Head | undefined {
    if (this.records.size === 0) return undefined
    return Option.getOrUndefined(
      Option.map(this.deletion(workflowId), ({ version }) => ({ version, runId: undefined }))
    )
  }

  private record(workflowId: WorkflowId, version: number, seen: Deletion["seen"] = {}): void {
    const now = liveNow()
    for (const [id, { until }] of this.records) {
      if (until > now) break
      this.records.delete(id)
    }
    const earlier = Option.getOrUndefined(this.deletion(workflowId))?.seen
    // Behind all others, since it is kept for longest.
    this.records.delete(workflowId)
    this.records.set(workflowId, {
      version: Version.make(version),
      seen: { ...earlier, ...seen },
      until: now + Duration.toMillis(deletionTtl)
    })
  }
}

/** Collects what comes within one turn of the scheduler: waking listeners for each commit would cost as much as the commit. */
const batched = <A>(
  dispatcher: Scheduler.SchedulerDispatcher,
  publish: (batch: ReadonlyArray<A>) => void
): ((value: A) => void) => {
  let batch: Array<A> = []
  const flush = () => {
    const full = batch
    batch = []
    publish(full)
  }
  return (value) => {
    if (batch.push(value) === 1) dispatcher.scheduleTask(flush, 0)
  }
}
