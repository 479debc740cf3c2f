/**
 * Folds events into a `WorkflowState`; the table stands at the top of `WorkflowState.ts`.
 */
import type { ClosingEvent, EventOf, HistoryEvent } from "../../HistoryEvent.ts"
import type { Sequence } from "../../Ids.ts"
import type { OpenActivity, OpenTimer, WorkflowState, WorkflowStatus } from "../../WorkflowState.ts"

/** The state of a run that has just started. */
export const initial = (event: EventOf<"ExecutionStarted">): WorkflowState => ({
  workflow: event.workflow,
  workflowId: event.workflowId,
  runId: event.runId,
  status: "running",
  startedAt: event.at,
  updatedAt: event.at,
  deadline: event.deadline,
  owner: undefined,
  open: [],
  cancel: undefined,
  problem: undefined,
  closed: undefined
})

/** The state after one more event. */
export const evolve = (state: WorkflowState, event: HistoryEvent): WorkflowState => {
  // A command has the time of the event from which it follows, though somebody else may have committed a later one.
  const updatedAt = Math.max(state.updatedAt, event.at)
  switch (event._tag) {
    case "ExecutionStarted":
      return initial(event)
    case "ActivityScheduled":
      return opened(state, updatedAt, {
        _tag: "Activity",
        seq: event.seq,
        scheduled: event,
        failures: [],
        retryAt: undefined
      })
    case "TimerStarted":
      return opened(state, updatedAt, { _tag: "Timer", seq: event.seq, fireAt: event.fireAt })
    case "ActivityAttemptFailed":
      return { ...state, updatedAt, open: state.open.map((command) => failed(command, event)) }
    case "ActivityResolved":
    case "ActivityCancelled":
    case "TimerFired":
    case "TimerCancelled":
      return { ...state, updatedAt, open: without(state.open, event.seq) }
    case "SignalReceived":
      return { ...state, updatedAt }
    case "CancelRequested":
      return { ...state, updatedAt, cancel: state.cancel ?? event }
    case "OwnerChanged":
      return { ...state, updatedAt, status: "running", problem: undefined, owner: event.owner }
    case "ExecutionBlocked":
      return { ...state, updatedAt, status: "blocked", problem: event.problem }
    case "ExecutionCompleted":
      return closed(state, updatedAt, event, "completed")
    case "ExecutionFailed":
      return closed(state, updatedAt, event, "failed")
    case "ExecutionCancelled":
      return closed(state, updatedAt, event, "cancelled")
    case "ExecutionTimedOut":
      return closed(state, updatedAt, event, "timedOut")
    case "ExecutionTerminated":
      return closed(state, updatedAt, event, "terminated")
  }
}

/**
 * The state that a history adds up to, from its beginning or on from a state; `undefined` for a history that does not
 * begin with a start.
 */
export const fold = (history: Iterable<HistoryEvent>, from?: WorkflowState): WorkflowState | undefined => {
  let state = from
  for (const event of history) {
    if (state !== undefined) state = evolve(state, event)
    else if (event._tag === "ExecutionStarted") state = initial(event)
    else return undefined
  }
  return state
}

/** When somebody must look at the run although nothing happened: the next timer, repetition or deadline. */
export const wakeAt = (state: WorkflowState): number | undefined => {
  if (state.closed !== undefined) return undefined
  let earliest = state.cancel === undefined && state.deadline !== undefined ? state.deadline : Number.POSITIVE_INFINITY
  for (const command of state.open) {
    const due = command._tag === "Timer" ? command.fireAt : command.retryAt
    if (due !== undefined && due < earliest) earliest = due
  }
  return earliest === Number.POSITIVE_INFINITY ? undefined : earliest
}

// internal

const opened = (state: WorkflowState, updatedAt: number, command: OpenActivity | OpenTimer): WorkflowState => ({
  ...state,
  updatedAt,
  open: state.open.length === 0 ? [command] : [...state.open, command]
})

const without = (open: WorkflowState["open"], seq: Sequence): WorkflowState["open"] =>
  open.length === 1 && open[0]!.seq === seq ? [] : open.filter((command) => command.seq !== seq)

const failed = (
  command: OpenActivity | OpenTimer,
  event: EventOf<"ActivityAttemptFailed">
): OpenActivity | OpenTimer =>
  command._tag === "Activity" && command.seq === event.seq
    ? {
        ...command,
        failures: [...command.failures, { at: event.at, failure: event.failure }],
        retryAt: event.retryAt
      }
    : command

const closed = (
  state: WorkflowState,
  updatedAt: number,
  event: ClosingEvent,
  status: WorkflowStatus
): WorkflowState => ({
  ...state,
  updatedAt,
  status,
  open: [],
  problem: undefined,
  closed: event
})
