/**
 * Folds events into a `WorkflowState`; the table stands at the top of `WorkflowState.ts`.
 *
 * A state belongs to the caller that folds it and is changed in place: with many commands open, a copy for every event
 * would cost as much as all of them. `wakeAt` and `nextTimer` read what is due first without a look at all of it.
 */
import type * as Types from "effect/Types"
import {
  type ClosingEvent,
  type EventOf,
  formatOf,
  type HistoryEvent,
  type MessageOutcome
} from "../../HistoryEvent.ts"
import type { MessageId, RunId, Sequence, Version, WorkerId, WorkflowId } from "../../Ids.ts"
import type { Child, Lost, Open, Owed, WorkflowState } from "../../WorkflowState.ts"
import { isAsk } from "./asked.ts"
import { withChanges } from "./attributes.ts"
import { closedAs, closeOf, endOf, suggestedLength } from "./derive.ts"
import { latest } from "./remembered.ts"
import * as updates from "./updates.ts"
import { type Due, Heap } from "./Heap.ts"

/** The state of a run that has just started. */
export const initial = (event: EventOf<"ExecutionStarted">): WorkflowState => {
  const { continues } = event
  const state: State = {
    workflow: event.workflow,
    workflowVersion: event.version,
    workflowId: event.workflowId,
    runId: event.runId,
    chain: continues?.chain ?? event.runId,
    status: "running",
    startedAt: continues?.startedAt ?? event.at,
    updatedAt: event.at,
    deadline: event.deadline,
    owner: event.owner,
    attributes: event.attributes ?? noAttributes,
    memo: event.memo,
    parent: event.parent,
    root: event.root,
    open: nothingOpen,
    owed: continues === undefined ? nothingOwed : owedIn(continues),
    children: continues === undefined ? noChildren : childrenIn(continues),
    sent: continues?.sent ?? 0,
    length: 1,
    suggestContinueAt: event.suggestContinueAt ?? suggestedLength,
    trace: event.trace,
    updates: continues === undefined ? updates.none : updates.from(continues.updates),
    keys: continues === undefined ? noKeys : keysIn(continues),
    // Without an owner the program has not seen that it was started.
    unreadSince: event.owner === undefined ? event.at : undefined,
    cancel: continues?.cancel === undefined ? undefined : { _tag: "CancelRequested", ...continues.cancel },
    problem: undefined,
    retryAt: undefined,
    continued: undefined,
    closed: undefined,
    format: formatOf(event),
    timers: undefined,
    retries: undefined
  }
  return state
}

/** Brings a state forward by one event. */
export const evolve = (current: WorkflowState, event: HistoryEvent): void => {
  // Every state is made by `initial`, which makes more than readers are shown.
  const state = current as State
  // A command has the time of the event from which it follows, though a later one may have been appended meanwhile.
  if (event.at > state.updatedAt) state.updatedAt = event.at
  state.length++
  const format = formatOf(event)
  if (format > state.format) state.format = format
  // The worker that runs the execution reads all events before it records one of its own.
  state.unreadSince = isUnread(event) ? (state.unreadSince ?? event.at) : undefined
  switch (event._tag) {
    case "ExecutionStarted":
      return void Object.assign(state, initial(event))
    case "ActivityScheduled":
      return opened(state, { seq: event.seq, issued: event, failures: [], dueAt: undefined })
    case "TimerStarted":
      return slept(state, event)
    case "ActivityAttemptFailed":
    case "ActivityAttemptIsolated":
    case "ActivityAttemptEnded":
    case "ActivityPending":
      return attempted(state, event)
    case "ActivityResolved":
    case "ActivityCancelled":
    case "TimerFired":
    case "TimerCancelled":
      return void (state.open as Map<Sequence, Open>).delete(event.seq)
    case "MessageSent":
      return sent(state, event)
    case "MessageSettled":
      return settle(state, event)
    case "ChildEnded":
      return childEnded(state, event)
    case "SignalReceived":
      return event.key === undefined ? undefined : keep(state, event.key)
    case "UpdateRequested":
    case "UpdateAccepted":
    case "UpdateAnswered":
      return void (state.updates = updates.after(state.updates, event))
    case "PatchRecorded":
      return
    case "AttributesSet":
      return void (state.attributes = withChanges(state.attributes, event.attributes))
    case "CancelRequested":
      return void (state.cancel ??= event)
    case "OwnerChanged":
      // The handlers of an execution that is blocked because they end their process do not run, so none was lost.
      if (state.problem?.reason !== "LostAttempts") changedHands(state, event)
      if (event.version !== undefined) state.workflowVersion = event.version
      return goesOn(state, event.owner)
    case "ExecutionBlocked":
      return blocked(state, event)
    case "ExecutionContinued":
      state.open = nothingOpen
      state.continued = event
      return
    case "ExecutionCompleted":
    case "ExecutionFailed":
    case "ExecutionCancelled":
    case "ExecutionTimedOut":
    case "ExecutionTerminated":
      return close(state, event)
  }
}

/**
 * The state that a history adds up to, from its beginning or on from a state; `undefined` for a history that does not
 * begin with a start.
 */
export const fold = (history: Iterable<HistoryEvent>, from?: WorkflowState): WorkflowState | undefined => {
  let state = from
  for (const event of history) {
    if (state !== undefined) evolve(state, event)
    else if (event._tag === "ExecutionStarted") state = initial(event)
    else return undefined
  }
  return state
}

/** The open timer that fires first. */
export const nextTimer = (state: WorkflowState): Open | undefined => firstOf(state, (state as State).timers)

/** The failed activity that is attempted again first. */
const nextRetry = (state: WorkflowState): Open | undefined => firstOf(state, (state as State).retries)

/** When the run must be looked at although nothing happens to it; absent when only an event from outside can move it. */
export const wakeAt = (state: WorkflowState): number | undefined => {
  const owedSince = firstOwed(state)?.since
  if (state.closed !== undefined) return owedSince === undefined ? undefined : state.closed.at
  if (state.continued !== undefined) return state.continued.at
  const due = state.retryAt ?? dueAt(state, nextRetry(state)?.dueAt)
  if (state.unreadSince === undefined && owedSince === undefined) return due
  return earliest(state.unreadSince, owedSince, due)
}

/** When time alone moves the run: its deadline, its next timer, or `retryAt`, the next attempt of an activity. */
export const dueAt = (state: WorkflowState, retryAt: number | undefined): number | undefined => {
  const deadline = state.cancel === undefined ? state.deadline : undefined
  // Fast path: an execution that has started no timer.
  if (retryAt === undefined && (state as State).timers === undefined) return deadline
  return earliest(deadline, nextTimer(state)?.dueAt, retryAt)
}

/** The number of the attempt of an activity that runs, or comes next. */
export const attemptOf = ({ failures, lost }: Open): number => failures.length + (lost?.attempts ?? 0) + 1

/** The id of the message of a number in a chain. */
export const messageId = (chain: RunId, number: number): MessageId => `${chain}#${number}` as MessageId

/** What a run that is over leaves to the next one, of which the program knows nothing. */
export const leftBy = (
  state: WorkflowState
): Pick<Continued, "chain" | "startedAt" | "sent" | "owed" | "children" | "updates" | "keys"> => ({
  chain: state.chain,
  startedAt: state.startedAt,
  sent: state.sent,
  // Only a run that has ended owes its end, so all of it was sent by the program.
  owed: [...state.owed.values()] as Continued["owed"],
  children: Array.from(state.children, ([workflowId, child]) => ({ workflowId, ...child })),
  updates: updates.left(state.updates),
  keys: latest([...state.keys], (key) => key)
})

/** What became of a message that is owed: a child that has ended was started, although its id may be free again or taken. */
export const outcomeOf = (state: WorkflowState, id: MessageId, found: MessageOutcome): MessageOutcome => {
  const owed = state.owed.get(id)
  if (owed?.message._tag !== "Start" || found._tag === "Delivered" || state.closed !== undefined) return found
  return state.children.get(owed.to)?.address.chain === owed.address.chain ? found : { _tag: "Delivered" }
}

/** Whether an event was appended by a process that does not run the execution. */
export const isUnread = (event: HistoryEvent): boolean => (event as { readonly unread?: true }).unread === true

/** The number of a message in the chain that sent it. */
export const messageNumber = (id: MessageId): number => Number(id.slice(id.lastIndexOf("#") + 1))

/** The number of a message in a chain; not a number when the program of that chain has not sent it, but its end. */
export const numberIn = (chain: RunId, id: MessageId): number =>
  id.startsWith(`${chain}#`) ? messageNumber(id) : Number.NaN

// internal

interface State extends Types.Mutable<WorkflowState> {
  /** When open timers fire. Entries that are not open any more are dropped when they come to the front. */
  timers: Heap<Due> | undefined
  /** When failed activities are attempted again. */
  retries: Heap<Due> | undefined
}

const noAttributes: WorkflowState["attributes"] = {}
const noFailures: Open["failures"] = []
const nothingOpen: ReadonlyMap<Sequence, Open> = new Map()
const nothingOwed: ReadonlyMap<MessageId, Owed> = new Map()
const noChildren: ReadonlyMap<WorkflowId, Child> = new Map()
const noKeys: ReadonlySet<string> = new Set()

type Continued = NonNullable<EventOf<"ExecutionStarted">["continues"]>

/** The keys that a run knows: those of what is unread are never forgotten. */
const keysIn = ({ keys, unread }: Continued): State["keys"] => {
  const known = new Set(keys)
  const forgotten = unread.flatMap(({ key }) => (key === undefined || known.has(key) ? [] : [key]))
  return forgotten.length === 0 && keys.length === 0 ? noKeys : new Set([...forgotten, ...keys])
}

const owedIn = ({ owed }: Continued): State["owed"] =>
  owed.length === 0 ? nothingOwed : new Map(owed.map((each) => [each.id, each]))

const childrenIn = ({ children }: Continued): State["children"] =>
  children.length === 0 ? noChildren : new Map(children.map(({ workflowId, ...child }) => [workflowId, child]))

const slept = (state: State, event: EventOf<"TimerStarted">): void => {
  opened(state, { seq: event.seq, issued: event, failures: noFailures, dueAt: event.fireAt })
  ;(state.timers ??= new Heap()).push({ at: event.fireAt, order: event.seq })
}

const opened = (state: State, open: Open): void => {
  // Most executions open something; an execution that never does keeps the empty map, which all of them share.
  if (state.open === nothingOpen) state.open = new Map()
  ;(state.open as Map<Sequence, Open>).set(open.seq, open)
}

type MutableOpen = Types.Mutable<Open> & { failures: Array<unknown> }

/** What becomes of an attempt of an activity that goes on after it. */
const attempted = (
  state: State,
  event: EventOf<"ActivityAttemptFailed" | "ActivityAttemptIsolated" | "ActivityAttemptEnded" | "ActivityPending">
): void => {
  const activity = state.open.get(event.seq) as MutableOpen | undefined
  if (activity === undefined) return
  const { lost } = activity
  if (event._tag === "ActivityAttemptIsolated") {
    if (lost !== undefined) activity.lost = { ...lost, isAlone: event.over !== true }
    return
  }
  if (lost?.isAlone === true) activity.lost = { ...lost, isAlone: false }
  activity.pending = undefined
  activity.ended = undefined
  switch (event._tag) {
    case "ActivityAttemptFailed":
      activity.failures.push({ at: event.at, failure: event.failure })
      return until(state, activity, event.retryAt)
    case "ActivityAttemptEnded":
      activity.ended = event.failure
      return until(state, activity, undefined)
    case "ActivityPending":
      activity.pending = { after: event.timeout?.after }
      return until(state, activity, event.timeout?.at)
  }
}

/** Notes when time moves an activity next. */
const until = (state: State, activity: MutableOpen, at: number | undefined): void => {
  activity.dueAt = at
  if (at !== undefined) (state.retries ??= new Heap()).push({ at, order: activity.seq })
}

const blocked = (state: State, { problem, retryAt }: EventOf<"ExecutionBlocked">): void => {
  state.status = "blocked"
  state.problem = problem
  state.retryAt = retryAt
}

/** A worker runs the execution, which may have been blocked. */
const goesOn = (state: State, owner: WorkerId): void => {
  state.status = "running"
  state.problem = undefined
  state.retryAt = undefined
  state.owner = owner
}

/** Another worker has the execution. What the one before it ran was lost with it, or was interrupted in order. */
const changedHands = (state: State, { at, lost }: EventOf<"OwnerChanged">): void => {
  for (const open of state.open.values() as Iterable<MutableOpen>) {
    if (open.issued._tag !== "ActivityScheduled" || isAsk(open.issued)) continue
    // One that waits for its next attempt, or for a caller outside, did not run.
    const ran = open.pending === undefined && open.ended === undefined && (open.dueAt === undefined || open.dueAt <= at)
    if (lost === true && ran) open.lost = afterLoss(open.lost)
    else if (open.lost?.isAlone === true) open.lost = { ...open.lost, isAlone: false }
  }
}

const afterLoss = ({ alone, attempts, isAlone }: Lost = { attempts: 0, alone: 0, isAlone: false }): Lost => ({
  attempts: attempts + 1,
  alone: alone + (isAlone ? 1 : 0),
  isAlone: false
})

const sent = (state: State, { address, at, message, to }: EventOf<"MessageSent">): void => {
  state.sent++
  if (address === undefined) return
  owe(state, { id: messageId(state.chain, state.sent), to, message, address, since: at })
  if (message._tag !== "Start") return
  if (state.children === noChildren) state.children = new Map()
  const { parentClose, workflow } = message
  ;(state.children as Map<WorkflowId, Child>).set(to, { workflow, address, parentClose })
}

const owe = (state: State, owed: Owed): void => {
  if (state.owed === nothingOwed) state.owed = new Map()
  ;(state.owed as Map<MessageId, Owed>).set(owed.id, owed)
}

const settle = (state: State, { id, outcome }: EventOf<"MessageSettled">): void => {
  const owed = state.owed.get(id)
  if (owed === undefined) return
  ;(state.owed as Map<MessageId, Owed>).delete(id)
  if (owed.message._tag === "Start" && outcome._tag === "Refused") removeChild(state, owed.to)
  if (state.closed !== undefined && state.owed.size === 0) state.owner = undefined
}

/** A second end of a child, and one of another run, change nothing. */
const childEnded = (state: State, { from, workflowId }: EventOf<"ChildEnded">): void => {
  if (state.children.get(workflowId)?.address.chain === from) removeChild(state, workflowId)
}

const removeChild = (state: State, id: WorkflowId): void => void (state.children as Map<WorkflowId, Child>).delete(id)

/** What an execution that ends tells its children and its parent. */
const farewell = (state: State, closing: ClosingEvent): void => {
  const since = closing.at
  for (const [to, { address, parentClose }] of state.children) {
    if (parentClose === "abandon") continue
    const reason = "its parent has ended"
    const message = { _tag: parentClose === "cancel" ? "Cancel" : "Terminate", reason } as const
    owe(state, { id: closeOf(state.chain, address.chain), to, message, address, since })
  }
  state.children = noChildren
  const { parent } = state
  if (parent === undefined) return
  const address = { chain: parent.chain, version: 0 as Version }
  owe(state, { id: endOf(state.chain), to: parent.workflowId, message: { _tag: "Ended", closing }, address, since })
}

const keep = (state: State, key: string): void => {
  if (state.keys === noKeys) state.keys = new Set()
  ;(state.keys as Set<string>).add(key)
}

const earliest = (a: number | undefined, b: number | undefined, c: number | undefined): number | undefined => {
  const first = Math.min(a ?? Number.POSITIVE_INFINITY, b ?? Number.POSITIVE_INFINITY, c ?? Number.POSITIVE_INFINITY)
  return first === Number.POSITIVE_INFINITY ? undefined : first
}

const firstOwed = (state: WorkflowState): Owed | undefined => {
  if (state.owed.size === 0) return undefined
  for (const owed of state.owed.values()) return owed
  return undefined
}

const firstOf = (state: WorkflowState, heap: Heap<Due> | undefined): Open | undefined => {
  if (heap === undefined) return undefined
  const first = heap.first(({ at, order }) => state.open.get(order as Sequence)?.dueAt === at)
  return first === undefined ? undefined : state.open.get(first.order as Sequence)
}

const close = (state: State, event: ClosingEvent): void => {
  state.status = closedAs(event)
  state.open = nothingOpen
  state.problem = undefined
  state.closed = event
  farewell(state, event)
  if (state.owed.size === 0) state.owner = undefined
}
