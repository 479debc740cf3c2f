/**
 * Commits by a process that does not run the execution: a signal, an update, a cancel or a termination that it sends.
 *
 * A cancel of an execution that no worker has taken also ends it, in the same commit: its program has never run, so it has no
 * finalizers. Of that commit and a worker that takes it meanwhile the version decides.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { EventOf, HistoryEvent, MessageOutcome } from "../../HistoryEvent.ts"
import { type Ref, type RunId, Version, type WorkflowId } from "../../Ids.ts"
import { receivedBy } from "../../internal/core/told.ts"
import type { Message } from "../../Message.ts"
import { evolve } from "../../internal/core/evolve.ts"
import { noSignals } from "../../internal/replay/signals.ts"
import { refused } from "../../internal/store/failure.ts"
import { patiently } from "../../internal/store/patiently.ts"
import { appended, isUntaken, reasonOfCancel, stateOf, summarize } from "../../internal/store/summary.ts"
import type { Commit, ExecutionSummary, StoreError } from "../../Store/WorkflowStore.ts"
import type { WorkflowState } from "../../WorkflowState.ts"
import { Finished, NotFound, type WorkflowErrorReason } from "../../WorkflowError.ts"
import { isFinal } from "../../WorkflowState.ts"
import type { Appender } from "./Appender.ts"
import { eventsOfChain } from "./chains.ts"
import { summaryOf } from "./nextRun.ts"
import type { Known } from "./Observed.ts"

/** How often a commit is tried when other commits keep winning the race for the next version. */
const races = 200

/** What a process may append to an execution that it does not run. */
export type Appendable = EventOf<
  | "SignalReceived"
  | "UpdateRequested"
  | "CancelRequested"
  | "ChildEnded"
  | "ActivityResolved"
  | "ActivityAttemptEnded"
  | "ExecutionTerminated"
>

/** What became of a message, and the version of its receiver that has it: the next message of the line can only be later. */
export interface Delivered {
  readonly outcome: MessageOutcome
  readonly version?: Version | undefined
}

/** Who sends a message. */
export type Sender = Pick<WorkflowState, "workflowId" | "chain" | "root" | "trace">

/**
 * Appends one event to an execution, and returns its summary then. The rest of that stays as it is, except that a worker must
 * look at once; a termination closes it, and a cancel one that no worker has taken.
 */
export const append = (
  appender: Appender,
  options: {
    readonly ref: Ref
    /** How long to wait for a store that does not answer, in milliseconds. */
    readonly answerTimeout: number
    readonly event: (at: number) => Appendable
  }
): Effect.Effect<ExecutionSummary, StoreError | WorkflowErrorReason> => {
  const { answerTimeout, ref } = options
  return Effect.gen(function* () {
    const found = yield* summaryOf(appender, ref.workflowId as WorkflowId).pipe(patiently(answerTimeout))
    if (found._tag === "None") return yield* new NotFound()
    const summary = found.value
    const happened = options.event(Math.max(appender.now(), summary.updatedAt))
    const { status } = summary
    const refusal = refused(ref, summary) ?? (isFinal(status) ? new Finished({ status }) : undefined)
    if (refusal !== undefined) {
      // One that was sent again may have been taken before.
      if (refusal._tag !== "NewerRelease" && (yield* hasTaken(appender, ref, happened, answerTimeout))) return summary
      return yield* refusal
    }
    const { commit, known } =
      happened._tag === "ExecutionTerminated"
        ? yield* terminationOf(appender, summary, happened.reason).pipe(patiently(answerTimeout))
        : { commit: commitOf(appender, summary, () => happened), known: undefined }
    yield* appender.save(commit, known).pipe(patiently(answerTimeout))
    return commit.summary
  }).pipe(retryRaces)
}

/** The event of a message. */
export const appendable = (
  message: Extract<Message, { readonly _tag: "Signal" | "Cancel" | "Terminate" }>,
  at: number
): Appendable => {
  switch (message._tag) {
    case "Signal":
      return { ...receivedBy(message, at), unread: true }
    case "Cancel":
      return { _tag: "CancelRequested", at, kind: "cancel", reason: message.reason, unread: true }
    case "Terminate":
      return { _tag: "ExecutionTerminated", at, reason: message.reason }
  }
}

/** Tries again what lost a race for the next version. */
export const retryRaces = <A, E extends StoreError | WorkflowErrorReason>(
  effect: Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.retry(effect, {
    times: races,
    while: (error) => error._tag === "StoreError" && error.reason._tag === "Conflict"
  })

/** The next commit of an execution with one event and what follows from it, at a time that is not before its latest event. */
export const commitOf = (
  { commitId, now }: Appender,
  summary: ExecutionSummary,
  event: (at: number) => Appendable
): Commit => {
  const happened = event(Math.max(now(), summary.updatedAt))
  const next = appended(summary, happened)
  const { runId, version, workflowId } = next
  const commit = { id: commitId(), workflowId, runId, version }
  if (happened._tag !== "CancelRequested" || !isUntaken(summary))
    return { ...commit, events: [happened], summary: next }
  const { at } = happened
  const closing = { _tag: "ExecutionCancelled", at, reason: reasonOfCancel(summary, happened.reason) } as const
  return { ...commit, events: [happened, closing], summary: { ...appended(next, closing), version } }
}

/** A commit that terminates an execution, and what was known before it where its history was read. */
interface Termination {
  readonly commit: Commit
  readonly known?: Known
}

/**
 * The commit that terminates an execution. One that may have children or a parent owes them something then, which its history
 * tells; where that cannot be read the summary must do.
 */
export const terminationOf = (
  appender: Appender,
  summary: ExecutionSummary,
  reason: string
): Effect.Effect<Termination, StoreError> => {
  const { commitId, now, store } = appender
  const { firstVersion, published, runId, workflowId } = summary
  const at = Math.max(now(), summary.updatedAt)
  const event = { _tag: "ExecutionTerminated", at, reason } as const
  const bySummary = Effect.sync((): Termination => ({ commit: commitOf(appender, summary, () => event) }))
  if ((summary.format ?? 1) < 2) return bySummary
  const byHistory: Effect.Effect<Termination, StoreError> = Effect.gen(function* () {
    const found = yield* store.load(workflowId)
    if (found._tag === "None" || found.value.summary.version !== summary.version) return yield* bySummary
    const state = stateOf(found.value)
    if (state === undefined) return yield* bySummary
    const known = { open: state.open, updates: state.updates, trace: state.trace }
    evolve(state, event)
    const version = Version.make(summary.version + 1)
    const next = summarize(state, { version, firstVersion, signals: noSignals, published })
    return { commit: { id: commitId(), workflowId, runId, version, events: [event], summary: next }, known }
  })
  return Effect.catchIf(
    byHistory,
    ({ reason }) => reason._tag === "Corrupt" || reason._tag === "NewerFormat",
    () => bySummary
  )
}

// internal

/** Whether the chain that is meant has a signal of the key of an event. */
const hasTaken = (
  { store }: Appender,
  { runId, workflowId }: Ref,
  event: Appendable,
  answerTimeout: number
): Effect.Effect<boolean, StoreError | WorkflowErrorReason> => {
  if (event._tag !== "SignalReceived" || event.key === undefined) return Effect.succeed(false)
  const { key } = event
  // What a run begins with has the keys of the runs before it, which may be deleted.
  const isIt = (other: HistoryEvent) =>
    other._tag === "ExecutionStarted"
      ? other.continues?.keys.includes(key) === true
      : other._tag === "SignalReceived" && other.key === key
  return Effect.map(
    store.load(workflowId as WorkflowId, { after: Version.make(0) }).pipe(patiently(answerTimeout)),
    (found) =>
      Option.exists(found, (stored) => {
        const { chain = stored.summary.runId } = stored.summary
        return eventsOfChain(stored, (runId as RunId | undefined) ?? chain).some(isIt)
      })
  )
}
