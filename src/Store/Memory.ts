/**
 * Keeps executions in the memory of the process: for tests, and for executions that may end with the process.
 *
 * No operation waits for anything, so under a `TestClock` each is over at once. What was committed is handed out as it
 * is, not copied: events are data that nobody changes.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as PubSub from "effect/PubSub"
import * as Scheduler from "effect/Scheduler"
import * as Stream from "effect/Stream"
import { type WorkerId, Version, type WorkflowId } from "../Ids.ts"
import { defaultMaxCommitBytes, refusedEvents } from "../internal/commitSize.ts"
import * as Listing from "../internal/listing.ts"
import {
  type Change,
  type Commit,
  Conflict,
  type ExecutionSummary,
  make as makeStore,
  type StoredCommit,
  type StoredExecution,
  StoreError,
  type StoreErrorReason,
  WorkflowStore
} from "./WorkflowStore.ts"

/**
 * The settings of a store in memory.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** How many bytes the events of one commit may have if they were encoded: 8 MiB unless told. */
  readonly maxCommitBytes?: number | undefined
}

/**
 * Makes a store that is empty.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = Effect.fnUntraced(function* (options: Options = {}) {
  const maxCommitBytes = options.maxCommitBytes ?? defaultMaxCommitBytes
  const executions: Executions = new Map()
  const workers = new Map<WorkerId, number>()
  const changes = yield* PubSub.sliding<ReadonlyArray<Change>>(1024)
  const scheduler = yield* Scheduler.Scheduler
  const publish = batched<Change>(scheduler.makeDispatcher(), (batch) => PubSub.publishUnsafe(changes, batch))
  return makeStore({
    saveAll: (commits) =>
      Effect.sync(() => {
        const exits = commits.map((commit) => append(executions, commit, maxCommitBytes))
        for (let i = 0; i < commits.length; i++) if (Exit.isSuccess(exits[i]!)) publish(changed(commits[i]!))
        return exits
      }),
    load: (workflowId, options) => Effect.sync(() => load(executions, workflowId, options?.after)),
    list: (filter = {}) =>
      Effect.map(Listing.startOf(filter), (after) =>
        Listing.page(
          Array.from(executions.values(), (execution) => execution.summary),
          filter,
          after
        )
      ),
    delete: (workflowId) =>
      Effect.sync(() => {
        if (!executions.delete(workflowId)) return false
        publish({ workflowId, version: 0 })
        return true
      }),
    changes: Stream.fromPubSub(changes),
    heartbeat: (worker, until) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        if (until > now) workers.set(worker, until)
        else workers.delete(worker)
      }),
    workers: Effect.map(Clock.currentTimeMillis, (now) =>
      Array.from(workers).flatMap(([worker, until]) => (until > now ? [worker] : []))
    ),
    guarantees: { durability: "none", fencing: "fenced", listing: "strong", maxCommitBytes }
  })
})

/**
 * Provides a store with settings of your own.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Options): Layer.Layer<WorkflowStore> => Layer.effect(WorkflowStore, make(options))

/**
 * Provides a store in memory.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<WorkflowStore> = layerWith({})

// internal

interface Execution {
  summary: ExecutionSummary
  /** All commits of all runs: the one at `version` has the index `version - 1`. */
  readonly commits: Array<StoredCommit>
}

type Executions = Map<WorkflowId, Execution>

const append = (executions: Executions, commit: Commit, limit: number): Exit.Exit<void, StoreError> => {
  const execution = executions.get(commit.workflowId)
  if (execution?.commits[commit.version - 1]?.id === commit.id) return Exit.void
  const latest = execution?.commits.length ?? 0
  if (commit.version !== latest + 1 || (execution !== undefined && !continues(execution.summary, commit))) {
    return failure(commit, new Conflict({ version: commit.version, latest: Version.make(latest) }))
  }
  const refused = refusedEvents(commit.events, limit)
  if (refused !== undefined) return failure(commit, refused)
  const stored = { id: commit.id, runId: commit.runId, version: commit.version, events: commit.events }
  if (execution === undefined) executions.set(commit.workflowId, { summary: commit.summary, commits: [stored] })
  else {
    execution.summary = commit.summary
    execution.commits.push(stored)
  }
  return Exit.void
}

const continues = (latest: ExecutionSummary, commit: Commit): boolean =>
  latest.runId === commit.runId || commit.summary.firstVersion === commit.version

const failure = (commit: Commit, reason: StoreErrorReason): Exit.Exit<never, StoreError> =>
  Exit.fail(new StoreError({ operation: "save", workflowId: commit.workflowId, reason }))

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

const changed = ({ workflowId, version }: Commit): Change => ({ workflowId, version })

const load = (
  executions: Executions,
  workflowId: WorkflowId,
  after: Version | undefined
): Option.Option<StoredExecution> => {
  const execution = executions.get(workflowId)
  if (execution === undefined) return Option.none()
  const { commits, summary } = execution
  return Option.some({ summary, commits: commits.slice(after ?? summary.firstVersion - 1) })
}
