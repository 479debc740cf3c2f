/**
 * Tells the log, and the callers that wait, what was recorded of an execution and concerns people.
 */
import {
  type ClosingEvent,
  describeDefect,
  type EventOf,
  headlines,
  type HistoryEvent,
  type Problem
} from "../../HistoryEvent.ts"
import type { RunId, WorkflowId } from "../../Ids.ts"
import { attemptOf } from "../../internal/core/evolve.ts"
import type { Signals } from "../../internal/replay/signals.ts"
import type { WorkflowState } from "../../WorkflowState.ts"
import type { StoreError } from "../../Store/WorkflowStore.ts"
import { readerOf } from "./readHistory.ts"
import type { Shared } from "./Shared.ts"

/** The execution that is told of. */
export interface Subject {
  readonly workflowId: WorkflowId
  readonly chain: RunId
  readonly runId: RunId
  readonly registration: { readonly workflow: string }
}

/** Tells of an execution that has ended. */
export const ended = (
  shared: Shared<never>,
  subject: Subject,
  event: ClosingEvent,
  { unreceived = {} }: Signals
): void => {
  if (event._tag === "ExecutionFailed" && event.failure._tag === "Die") {
    const { defect } = event.failure
    // The stack of a handler was logged with its attempt.
    const { activity } = defect
    const text = activity === undefined ? describeDefect(defect) : `${headlines(defect)} (of activity ${activity})`
    log(shared, "Error", subject, `ended with a defect: ${text}`)
  }
  for (const [name, count] of Object.entries(unreceived)) {
    log(shared, "Warn", subject, `has ended and never received ${count} signal(s) ${JSON.stringify(name)}`)
  }
  shared.ended(subject.workflowId, { _tag: "Closed", chain: subject.chain, event })
}

/** Tells of the handlers of updates that died, also in the last commit of a run. */
export const answered = (shared: Shared<never>, subject: Subject, events: ReadonlyArray<HistoryEvent>): void => {
  for (const event of events) {
    if (event._tag !== "UpdateAnswered" || event.exit._tag !== "Die") continue
    const defect = describeDefect(event.exit.defect)
    log(shared, "Error", subject, `answers update ${JSON.stringify(event.id)} with a defect: ${defect}`)
  }
}

/** Tells of what else was recorded of a run that goes on. */
export const recorded = (
  shared: Shared<never>,
  subject: Subject,
  state: WorkflowState,
  events: ReadonlyArray<HistoryEvent>
): void => {
  for (const event of events) {
    if (event._tag === "ExecutionBlocked") blocked(shared, subject, event.problem)
    else if (event._tag === "OwnerChanged" && event.lost === true) lost(shared, subject, state)
    else if (event._tag === "UpdateRequested") waits(shared, subject, state, event)
  }
  const { suggestContinueAt } = state
  if (state.length >= suggestContinueAt && state.length - events.length < suggestContinueAt) {
    const text = `has ${state.length} events, which are replayed whenever it comes into memory; let its program continue as new`
    log(shared, "Warn", subject, text)
  }
}

/** Tells of an execution that this worker leaves to others, since its program cannot go on here: of a blocked one, if that is new. */
export const left = (shared: Shared<never>, subject: Subject, { message }: Problem, state: WorkflowState): void => {
  if (state.status === "running") log(shared, "Warn", subject, `is left to other workers: ${message}`)
  else if (message !== state.problem?.message) log(shared, "Warn", subject, `stays blocked, here because: ${message}`)
}

/**
 * Tells of an execution whose history, or the receiver of whose message, only another process can read: the log, once for each reason, as it
 * is looked at again and again. Callers that wait here are told of a key that is missing, since perhaps no worker has it; a newer release is
 * there already.
 */
export const unreadable = (
  shared: Shared<never>,
  subject: Subject,
  error: StoreError,
  does: "is left to" | "waits for" = "is left to"
): void => {
  if (error.reason._tag === "Undecryptable") shared.ended(subject.workflowId, { _tag: "Unreadable", error })
  const told = toldOf.get(shared) ?? new Set<string>()
  toldOf.set(shared, told)
  const line = `${subject.workflowId}\n${error.message}`
  if (told.has(line)) return
  if (told.size === mostTold) told.clear()
  told.add(line)
  log(shared, "Error", subject, `${does} ${readerOf(error)}: ${error.message}`)
}

// internal

/** What was told of unreadable executions. */
const toldOf = new WeakMap<Shared<never>, Set<string>>()

/** So many lines are remembered. */
const mostTold = 10_000

const blocked = (shared: Shared<never>, subject: Subject, problem: Problem): void => {
  log(shared, "Error", subject, `is blocked: ${problem.message}`)
  shared.ended(subject.workflowId, { _tag: "Blocked", chain: subject.chain, problem })
}

const waits = (
  shared: Shared<never>,
  subject: Subject,
  { status, updates }: WorkflowState,
  { id, name }: EventOf<"UpdateRequested">
): void => {
  if (status !== "running" || updates.open.get(id)?.request === undefined) return
  const text = `has no handler of update ${JSON.stringify(name)} now, so ${JSON.stringify(id)} waits until it registers one`
  log(shared, "Warn", subject, text)
}

/** How many lost activities are named. */
const namedAtMost = 3

const lost = (shared: Shared<never>, subject: Subject, { open, updatedAt }: WorkflowState): void => {
  const names: Array<string> = []
  let count = 0
  for (const each of open.values()) {
    if (each.lost === undefined || each.issued._tag !== "ActivityScheduled") continue
    if (each.dueAt !== undefined && each.dueAt > updatedAt) continue
    if (++count <= namedAtMost) names.push(`${each.issued.name} #${each.seq} (attempt ${attemptOf(each) - 1})`)
  }
  if (count === 0) return
  const more = count > names.length ? ` and ${count - names.length} more` : ""
  log(shared, "Warn", subject, `lost its worker while it waited for ${names.join(", ")}${more}; they run again`)
}

const log = (shared: Shared<never>, level: "Warn" | "Error", subject: Subject, text: string): void => {
  const { registration, runId, workflowId } = subject
  const about = { workflow: registration.workflow, workflowId, runId }
  shared.fibers.log(level, `execution ${JSON.stringify(workflowId)} ${text}`, about)
}
