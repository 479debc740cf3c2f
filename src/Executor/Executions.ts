/**
 * Reading and tidying up: what is known of executions, by their store alone. None of it is durable, so it is a service of its
 * own that no program can use.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { HistoryEvent } from "../HistoryEvent.ts"
import { type Ref, Version, type WorkflowId } from "../Ids.ts"
import { numberIn } from "../internal/core/evolve.ts"
import { isUnreadable, refused, workflowError } from "../internal/store/failure.ts"
import { programName } from "../internal/core/programName.ts"
import { workerOf } from "../internal/store/summary.ts"
import { patiently } from "../internal/store/patiently.ts"
import {
  type ExecutionSummary,
  type Page,
  type StoredCommit,
  type StoreError,
  type CountOptions,
  type WorkflowFilter,
  WorkflowStore
} from "../Store/WorkflowStore.ts"
import {
  NotFound,
  Restarted,
  StillOwes,
  Unfinished,
  type WorkflowError,
  type WorkflowErrorReason
} from "../WorkflowError.ts"
import type { Waiting } from "../Waiting.ts"
import { isFinal } from "../WorkflowState.ts"

/**
 * Reads executions and tidies them up.
 *
 * A `Ref` with a `runId` means that chain alone: once the id was started again, operations on it fail with `Restarted`.
 *
 * @category services
 * @since 0.2.0
 */
export class Executions extends Context.Service<
  Executions,
  {
    /** What is known of an execution; `waitingFor` also says when no living worker has its workflow. */
    readonly describe: (ref: Ref | string) => Effect.Effect<ExecutionSummary, WorkflowError>
    /**
     * The events of the current run, oldest first; with `run` those of that run, which `ExecutionStarted.continues.run` of the one after
     * it names. Fails with `NotFound` for a run that was removed.
     */
    readonly history: (
      ref: Ref | string,
      options?: { readonly run?: string | undefined }
    ) => Effect.Effect<ReadonlyArray<HistoryEvent>, WorkflowError>
    /** Finds executions, a page at a time. */
    readonly list: (filter?: WorkflowFilter) => Effect.Effect<Page, WorkflowError>
    /** Counts the executions that match, or up to `atMost` of them. */
    readonly count: (filter?: WorkflowFilter, options?: CountOptions) => Effect.Effect<number, WorkflowError>
    /**
     * Removes a finished execution with its history. Fails with `Unfinished` while it runs, with `StillOwes` while it owes
     * messages to others, and leaves a run alone that was started meanwhile.
     *
     * With `before` it removes the runs that came before that one instead, also while the execution goes on. Results of earlier
     * executions of the id are gone then, too.
     */
    readonly delete: (
      ref: Ref | string,
      options?: { readonly before?: string | undefined }
    ) => Effect.Effect<void, WorkflowError>
  }
>()("perdure/Executor/Executions") {}

/**
 * Reads from a store. An operation waits for a store that does not answer for so many milliseconds, 30,000 by default.
 *
 * @category constructors
 * @since 0.2.0
 */
export const make = (store: WorkflowStore["Service"], answerTimeout = 30_000): Executions["Service"] => {
  const patient = patiently(answerTimeout)
  const summaryOf = Effect.fnUntraced(function* (ref: Ref) {
    const found = yield* patient(store.summary(ref.workflowId as WorkflowId))
    if (found._tag === "None") return yield* new NotFound()
    const refusal = refused(ref, found.value)
    // What a newer release recorded can be described and removed all the same.
    return refusal instanceof Restarted ? yield* refusal : found.value
  })
  const described = Effect.fnUntraced(function* (ref: Ref) {
    const summary = yield* summaryOf(ref)
    if (summary.status !== "running" || summary.waitingFor.some(isForWorker)) return summary
    const { living } = yield* patient(store.workers)
    const program = programName(summary)
    // Releases before 0.2 do not say which workflows they have.
    const isRun = living.some(({ workflows }) => workflows?.includes(program) ?? true)
    if (isRun) return summary
    const worker: Waiting = workerOf(summary)
    return { ...summary, waitingFor: [worker, ...summary.waitingFor] }
  })
  const load = Effect.fnUntraced(function* (ref: Ref, after?: Version) {
    const found = yield* patient(store.load(ref.workflowId as WorkflowId, { after }))
    if (found._tag === "None") return yield* new NotFound()
    const refusal = refused(ref, found.value.summary)
    return refusal === undefined ? found.value.commits : yield* refusal
  })
  const historyOf = Effect.fnUntraced(function* (ref: Ref, run: string | undefined) {
    if (run === undefined) return eventsOf(yield* load(ref))
    const commits = (yield* load(ref, all)).filter(({ runId }) => runId === run)
    return commits.length === 0 ? yield* new NotFound() : eventsOf(commits)
  })
  const removeBefore = Effect.fnUntraced(function* (ref: Ref, run: string) {
    const commits = yield* load(ref, all)
    const index = commits.findIndex(({ runId }) => runId === run)
    if (index < 0) return yield* new NotFound()
    const seen = seenIn(eventsOf(commits.slice(0, index)))
    yield* patient(store.delete(ref.workflowId as WorkflowId, { before: commits[index]!.version, seen }))
  })
  const remove = Effect.fnUntraced(function* (ref: Ref): Effect.fn.Return<void, StoreError | WorkflowErrorReason> {
    const { owed = 0, runId, status, version, workflowId } = yield* summaryOf(ref)
    if (!isFinal(status)) return yield* new Unfinished({ status })
    if (owed > 0) return yield* new StillOwes({ messages: owed })
    const seen = yield* patient(store.load(workflowId, { after: all })).pipe(
      Effect.map((found) => (found._tag === "Some" ? seenIn(eventsOf(found.value.commits)) : {})),
      // What cannot be read here is removed all the same. A message that it had is then refused if it comes again.
      Effect.catchIf(isUnreadable, () => Effect.succeed({}))
    )
    return yield* patient(store.delete(workflowId, { version, seen })).pipe(
      Effect.asVoid,
      // Another commit came first: the id was started again, or deleted. What was asked for is about the run that was seen.
      Effect.catchIf(isConflict, () => remove({ workflowId, runId }))
    )
  })
  return {
    describe: (ref) => about("describe", ref, described),
    history: (ref, options) => about("history", ref, (ref) => historyOf(ref, options?.run)),
    list: (filter) => patient(store.list(filter)).pipe(workflowError("list")),
    count: (filter, options) => patient(store.count(filter, options)).pipe(workflowError("count")),
    delete: (ref, { before } = {}) =>
      about("delete", ref, (ref) => (before === undefined ? remove(ref) : removeBefore(ref, before)))
  }
}

/**
 * Reads from the store that is provided. Executors provide it too.
 *
 * @category layers
 * @since 0.2.0
 */
export const layer: Layer.Layer<Executions, never, WorkflowStore> = Layer.effect(
  Executions,
  Effect.map(WorkflowStore, (store) => make(store))
)

// internal

/** After it come the commits of all runs. */
const all = Version.make(0)

const isForWorker = ({ _tag }: Waiting): boolean => _tag === "Worker"

const about = <A>(
  operation: WorkflowError["operation"],
  ref: Ref | string,
  effect: (ref: Ref) => Effect.Effect<A, WorkflowErrorReason | StoreError>
): Effect.Effect<A, WorkflowError> => {
  const asked = typeof ref === "string" ? { workflowId: ref } : ref
  return workflowError(operation, asked.workflowId)(effect(asked))
}

const eventsOf = (commits: ReadonlyArray<StoredCommit>): ReadonlyArray<HistoryEvent> =>
  commits.flatMap((commit) => commit.events)

const reasonOf = (error: { readonly _tag: string }): string | undefined =>
  error._tag === "StoreError" ? (error as StoreError).reason._tag : undefined

const isConflict = (error: { readonly _tag: string }): boolean => reasonOf(error) === "Conflict"

/**
 * Of each chain that sent messages, the number of the last one: kept when the events are removed, so none is taken twice. What a
 * parent sends when it ends has no number, and is for one chain alone, so it needs none.
 */
const seenIn = (events: ReadonlyArray<HistoryEvent>): Readonly<Record<string, number>> => {
  const seen: Record<string, number> = {}
  for (const event of events) {
    if (event._tag !== "SignalReceived" && event._tag !== "CancelRequested") continue
    if (event.from === undefined || event.id === undefined) continue
    const number = numberIn(event.from, event.id)
    if (number > (seen[event.from] ?? 0)) seen[event.from] = number
  }
  return seen
}
