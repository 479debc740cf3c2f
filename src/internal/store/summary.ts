/**
 * The summary that goes with a commit: a fold of the events and of nothing else, but for the signals that the program waits
 * for and the values that it publishes. Neither leaves an event, so only the worker that runs the program can name them; nothing
 * is decided by them.
 */
import type * as Types from "effect/Types"
import { type EventOf, formatOf } from "../../HistoryEvent.ts"
import { type Sequence, Version, type WorkflowId } from "../../Ids.ts"
import type { ExecutionSummary, StoredExecution } from "../../Store/WorkflowStore.ts"
import type { Waiting } from "../../Waiting.ts"
import type { Open, WorkflowState } from "../../WorkflowState.ts"
import type { ProgramOf } from "../core/programName.ts"
import { isAsk, questionOf } from "../core/asked.ts"
import { attemptOf, fold, wakeAt } from "../core/evolve.ts"
import { describeMessage } from "../core/match.ts"
import { mustBeAlone } from "../replay/losses.ts"
import type { Signals } from "../replay/signals.ts"

/** How many things that an execution waits for are named. */
const namedAtMost = 10

/** Summarizes a state at a version. */
export const summarize = (
  state: WorkflowState,
  at: {
    readonly version: Version
    readonly firstVersion: Version
    readonly signals: Signals
    /** What the program publishes, or has published last where it does not run. */
    readonly published?: ExecutionSummary["published"]
  }
): ExecutionSummary => {
  const summary: Types.Mutable<ExecutionSummary> = {
    workflowId: state.workflowId,
    runId: state.runId,
    workflow: state.workflow,
    status: state.status,
    version: at.version,
    firstVersion: at.firstVersion,
    startedAt: state.startedAt,
    updatedAt: state.updatedAt,
    waitingFor: waitingFor(state, at.signals),
    attributes: state.attributes
  }
  if (state.chain !== state.runId) summary.chain = state.chain
  if (state.workflowVersion !== undefined) summary.workflowVersion = state.workflowVersion
  if (state.memo !== undefined) summary.memo = state.memo
  if (state.parent !== undefined) summary.parent = state.parent
  if (state.root !== undefined) summary.root = state.root
  if (state.format > 1) summary.format = state.format
  if (at.signals.unreceived !== undefined) summary.unreceived = at.signals.unreceived
  if (at.published !== undefined) summary.published = at.published
  if (state.owed.size > 0) summary.owed = state.owed.size
  if (state.closed !== undefined) summary.closedAt = state.closed.at
  if (state.owner !== undefined) summary.owner = state.owner
  const wake = wakeAt(state)
  if (wake !== undefined) summary.wakeAt = wake
  return summary
}

/** The worker that an execution waits for. */
export const workerOf = ({ workflow, workflowVersion: version }: ProgramOf): Waiting =>
  version === undefined ? { _tag: "Worker", workflow } : { _tag: "Worker", workflow, version }

/**
 * The state of a run with its attributes. Release 0.1 kept those of a start in the summary alone: where the start has none, the
 * summary has them, and what the program has changed since.
 */
export const attributed = (
  state: WorkflowState | undefined,
  { commits, summary: { attributes } }: StoredExecution
): WorkflowState | undefined => {
  const first = commits[0]?.events[0]
  const isTold = first?._tag === "ExecutionStarted" && first.attributes !== undefined
  return state === undefined || isTold ? state : { ...state, attributes }
}

/** The state of the current run, from all its commits; `undefined` when their history has no beginning. */
export const stateOf = (stored: StoredExecution): WorkflowState | undefined =>
  attributed(fold(stored.commits.flatMap(({ events }) => events)), stored)

/** Whether the latest run is over and the next one is not begun yet: it comes before anything else. */
export const isBetweenRuns = ({ waitingFor: [first] }: ExecutionSummary): boolean => first?._tag === "NextRun"

/** The summary after one more event that a process appends which does not run the execution: the fold, without the history. */
export const appended = (
  summary: ExecutionSummary,
  event: EventOf<
    | "SignalReceived"
    | "UpdateRequested"
    | "CancelRequested"
    | "ChildEnded"
    | "ActivityResolved"
    | "ActivityAttemptEnded"
    | "ExecutionTerminated"
    | "ExecutionCancelled"
  >
): ExecutionSummary => {
  const updatedAt = Math.max(summary.updatedAt, event.at)
  const next: Types.Mutable<ExecutionSummary> = { ...summary, version: Version.make(summary.version + 1), updatedAt }
  if (formatOf(event) > (summary.format ?? 1)) next.format = formatOf(event)
  if (event._tag !== "ExecutionTerminated" && event._tag !== "ExecutionCancelled") {
    const wakeAt = Math.min(event.at, summary.wakeAt ?? event.at)
    switch (event._tag) {
      case "SignalReceived":
        return { ...next, wakeAt, unreceived: oneMore(summary.unreceived, event.name) }
      case "UpdateRequested":
        return { ...next, wakeAt, waitingFor: updating(summary.waitingFor, event) }
      case "CancelRequested":
        return { ...next, wakeAt, waitingFor: cancelling(summary.waitingFor, event.reason) }
      case "ActivityResolved":
      case "ActivityAttemptEnded":
        return { ...next, wakeAt, waitingFor: summary.waitingFor.filter((each) => !isCall(each, event.seq)) }
      case "ChildEnded":
        return { ...next, wakeAt }
    }
  }
  // A parent is told of the end. Of children the summary knows nothing.
  const owed = (summary.owed ?? 0) + (summary.parent === undefined ? 0 : 1)
  const closed: Types.Mutable<ExecutionSummary> = {
    ...next,
    status: event._tag === "ExecutionTerminated" ? "terminated" : "cancelled",
    closedAt: event.at,
    waitingFor: deliveries(owed)
  }
  // What the execution owes is delivered all the same: a worker must look.
  if (owed > 0) {
    closed.owed = owed
    closed.wakeAt = event.at
  } else {
    delete closed.wakeAt
    delete closed.owner
  }
  return closed
}

/**
 * Whether the program of an execution has never run: no worker has taken it, so nothing of it is there that could be undone. What
 * continues another run has children and messages of that.
 */
export const isUntaken = ({ chain, owner, status }: ExecutionSummary): boolean =>
  chain === undefined && status === "running" && owner === undefined

/** Why an execution is cancelled that was asked to: the first cancel counts. */
export const reasonOfCancel = ({ waitingFor }: ExecutionSummary, reason: string): string =>
  waitingFor.find((each) => each._tag === "Cancelling")?.reason ?? reason

// internal

/** What an execution waits for once it was asked to end. */
const cancelling = (waitingFor: ExecutionSummary["waitingFor"], reason: string): ReadonlyArray<Waiting> =>
  waitingFor.some(({ _tag }) => _tag === "Cancelling") ? waitingFor : [{ _tag: "Cancelling", reason }, ...waitingFor]

/** Whether it is a call that a caller outside has ended. */
const isCall = (waiting: Waiting, seq: Sequence): boolean => waiting._tag === "Activity" && waiting.seq === seq

/** What an execution waits for once it was asked for an update. */
const updating = (
  waitingFor: ExecutionSummary["waitingFor"],
  { id, name }: EventOf<"UpdateRequested">
): ReadonlyArray<Waiting> => {
  const isKnown = waitingFor.some((each) => each._tag === "Update" && each.id === id)
  if (isKnown || waitingFor.length >= namedAtMost) return waitingFor
  return [...waitingFor.filter(({ _tag }) => _tag !== "Nothing"), { _tag: "Update", id, name }]
}

/** One signal more of a name. Names beyond the first ones are not counted. */
const oneMore = (counts: ExecutionSummary["unreceived"] = {}, name: string): Readonly<Record<string, number>> => {
  if (!Object.hasOwn(counts, name) && Object.keys(counts).length >= namedAtMost) return counts
  return { ...counts, [name]: (Object.hasOwn(counts, name) ? counts[name]! : 0) + 1 }
}

const waitingFor = (
  state: WorkflowState,
  { awaited: signals, updates: taken = [] }: Signals
): ReadonlyArray<Waiting> => {
  const { cancel, children, closed, continued, open, owed, problem, retryAt, unreadSince, updates } = state
  if (closed !== undefined) return deliveries(owed.size)
  if (continued !== undefined) return betweenRuns
  if (problem !== undefined) return [{ _tag: "Blocked", problem, ...(retryAt === undefined ? {} : { retryAt }) }]
  const named: Array<Waiting> = []
  if (cancel !== undefined) named.push({ _tag: "Cancelling", reason: cancel.reason })
  for (const each of open.values()) {
    if (named.length === namedAtMost) break
    named.push(waitingOf(each))
  }
  for (const [workflowId, { workflow }] of children) {
    if (named.length === namedAtMost) break
    named.push({ _tag: "Child", workflowId, workflow })
  }
  for (const [id, { name, request }] of updates.open) {
    if (named.length === namedAtMost) break
    named.push({ _tag: "Update", id, name, ...(request === undefined ? { accepted: true } : {}) })
  }
  for (const name of signals) if (named.length < namedAtMost) named.push({ _tag: "Signal", name })
  for (const { message, to } of owed.values()) {
    if (named.length === namedAtMost) break
    named.push({ _tag: "Delivery", to, message: describeMessage(message) })
  }
  const count = open.size + children.size + updates.open.size + signals.length + owed.size
  const more = count + (cancel === undefined ? 0 : 1) - named.length
  if (more > 0) named.push({ _tag: "More", count: more })
  // A handler stands by as long as its program runs, so it is what the program waits for where little else is.
  const standsBy = taken.length > 0 && named.every(({ _tag }) => _tag === "Timer")
  if (standsBy) named.push({ _tag: "Updates", names: taken.slice(0, namedAtMost) })
  if (named.length > 0) return named
  return [unreadSince === undefined ? { _tag: "Nothing" } : workerOf(state)]
}

const betweenRuns: ReadonlyArray<Waiting> = [{ _tag: "NextRun" }]

const deliveries = (count: number): ReadonlyArray<Waiting> => (count === 0 ? [] : [{ _tag: "Deliveries", count }])

const waitingOf = (open: Open): Waiting => {
  const { dueAt, issued, lost, pending, seq } = open
  if (issued._tag === "TimerStarted") return { _tag: "Timer", seq, until: issued.fireAt }
  if (isAsk(issued)) {
    const { operation, workflowId } = questionOf(issued.input)
    return { _tag: "Answer", workflowId: workflowId as WorkflowId, operation }
  }
  const activity: Types.Mutable<Extract<Waiting, { readonly _tag: "Activity" }>> = {
    _tag: "Activity",
    seq,
    name: issued.name,
    attempt: attemptOf(open)
  }
  if (pending !== undefined) activity.pending = true
  if (dueAt !== undefined) activity[pending === undefined ? "retryAt" : "timeoutAt"] = dueAt
  if (lost !== undefined && mustBeAlone(open)) activity.alone = true
  return activity
}
