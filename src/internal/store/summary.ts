/**
 * The summary that goes with a commit: a fold of the events and of nothing else, but for the signals that the program waits
 * for. Receiving leaves no event, so only the worker that runs the program can name those; nothing is decided by them.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import type * as Types from "effect/Types"
import type { EventOf } from "../../HistoryEvent.ts"
import { Version } from "../../Ids.ts"
import type { ExecutionSummary, StoredExecution } from "../../Store/WorkflowStore.ts"
import type { Open, WorkflowState } from "../../WorkflowState.ts"
import { fold, wakeAt } from "../core/evolve.ts"
import { describeMessage } from "../core/match.ts"

/** How many things that an execution waits for are named. */
const namedAtMost = 10

/** Summarizes a state at a version. `signals` are the names of the signals that the program waits for. */
export const summarize = (
  state: WorkflowState,
  at: {
    readonly version: Version
    readonly firstVersion: Version
    readonly signals: ReadonlyArray<string>
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
  if (state.parent !== undefined) summary.parent = state.parent
  if (state.format > 1) summary.format = state.format
  if (state.owed.size > 0) summary.owed = state.owed.size
  if (state.closed !== undefined) summary.closedAt = state.closed.at
  if (state.owner !== undefined) summary.owner = state.owner
  const wake = wakeAt(state)
  if (wake !== undefined) summary.wakeAt = wake
  return summary
}

/** The state of the current run, from all its commits; `undefined` when their history has no beginning. */
export const stateOf = ({ commits, summary }: StoredExecution): WorkflowState | undefined => {
  const state = fold(commits.flatMap(({ events }) => events))
  // Release 0.1 kept attributes in the summary alone, so the events of its executions have none.
  if (state === undefined || Object.keys(state.attributes).length > 0) return state
  return { ...state, attributes: summary.attributes }
}

/** The summary after one more event that a process appends which does not run the execution: the fold, without the history. */
export const appended = (
  summary: ExecutionSummary,
  event: EventOf<"SignalReceived" | "CancelRequested" | "ExecutionTerminated">
): ExecutionSummary => {
  const updatedAt = Math.max(summary.updatedAt, event.at)
  const next = { ...summary, version: Version.make(summary.version + 1), updatedAt }
  if (event._tag !== "ExecutionTerminated") return { ...next, wakeAt: Math.min(event.at, summary.wakeAt ?? event.at) }
  const owed = summary.owed ?? 0
  const closed: Types.Mutable<ExecutionSummary> = {
    ...next,
    status: "terminated",
    closedAt: event.at,
    waitingFor: owedInWords(owed)
  }
  // What the execution owes is delivered all the same: a worker must look.
  if (owed > 0) closed.wakeAt = event.at
  else {
    delete closed.wakeAt
    delete closed.owner
  }
  return closed
}

// internal

/** What an execution waits for, in words. */
const waitingFor = (state: WorkflowState, signals: ReadonlyArray<string>): ReadonlyArray<string> => {
  if (state.closed !== undefined) return owedInWords(state.owed.size)
  if (state.problem !== undefined) return [`blocked: ${state.problem.message}`]
  const names: Array<string> = []
  for (const open of state.open.values()) {
    if (names.length === namedAtMost) break
    names.push(describe(open))
  }
  for (const signal of signals) if (names.length < namedAtMost) names.push(`signal ${signal}`)
  for (const { message, to } of state.owed.values()) {
    if (names.length === namedAtMost) break
    names.push(`delivery of ${describeMessage(message)} to ${JSON.stringify(to)}`)
  }
  const more = state.open.size + signals.length + state.owed.size - names.length
  if (more > 0) names.push(`and ${more} more`)
  if (names.length > 0) return names
  if (state.unreadSince !== undefined) return [`a worker that has workflow ${state.workflow}`]
  return ["nothing that can happen by itself: only a cancel or terminate ends it"]
}

const owedInWords = (owed: number): ReadonlyArray<string> => (owed === 0 ? [] : [`delivery of ${owed} message(s)`])

const describe = ({ dueAt, failures, issued, seq }: Open): string => {
  if (issued._tag === "TimerStarted") return `timer #${seq} until ${time(issued.fireAt)}`
  const name = `activity ${issued.name} #${seq}`
  return dueAt === undefined ? name : `${name}, attempt ${failures.length + 1} at ${time(dueAt)}`
}

/** A time in words; dates end 275,000 years from now, and sleeps need not. */
const time = (at: number): string =>
  Option.match(DateTime.make(at), { onNone: () => `${at} ms`, onSome: DateTime.formatIso })
