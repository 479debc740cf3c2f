/**
 * Compares what a program asks for in replay with what its history says that it asked for.
 *
 * 1. The kinds must be equal, and the sequence numbers.
 * 2. An activity must have the same name and the same input, or be inline and have the same name; a timer must have the same time.
 * 3. A message must have the same receiver and content; where it goes is for the executor to know.
 *    A patch that is deprecated need not be asked for. Attributes must be the same.
 * 4. A continuation must have the same input, and the same left unread.
 * 5. A success or failure, of the program or of an update, must have the same value. Texts about defects may differ, since a stack
 *    names lines.
 */
import type * as Schema from "effect/Schema"
import {
  type CommandEvent,
  describeDefect,
  type EventOf,
  headlines,
  type HistoryEvent,
  type Problem,
  type RecordedExit,
  type RecordedFailure,
  type UpdateExit
} from "../../HistoryEvent.ts"
import type { Owed } from "../../WorkflowState.ts"
import { equalJson } from "./json.ts"

/** Whether an issued command is the recorded one. */
export const isSame = (recorded: CommandEvent, issued: CommandEvent): boolean => {
  switch (recorded._tag) {
    case "ActivityScheduled":
      return (
        issued._tag === "ActivityScheduled" &&
        issued.seq === recorded.seq &&
        issued.name === recorded.name &&
        issued.inline === recorded.inline &&
        (issued.digest === recorded.digest || equalJson(issued.input, recorded.input))
      )
    case "TimerStarted":
      return issued._tag === "TimerStarted" && issued.seq === recorded.seq && issued.fireAt === recorded.fireAt
    case "ActivityCancelled":
    case "TimerCancelled":
      return issued._tag === recorded._tag && issued.seq === recorded.seq
    case "MessageSent":
      return (
        issued._tag === "MessageSent" &&
        issued.seq === recorded.seq &&
        issued.to === recorded.to &&
        issued.run === recorded.run &&
        equalJson(issued.message, recorded.message)
      )
    case "PatchRecorded":
      return issued._tag === "PatchRecorded" && issued.id === recorded.id
    case "AttributesSet":
      return issued._tag === "AttributesSet" && equalJson(issued.attributes, recorded.attributes)
    case "ExecutionContinued":
      return (
        issued._tag === "ExecutionContinued" &&
        equalJson(issued.next.input, recorded.next.input) &&
        equalJson(unreadBy(issued), unreadBy(recorded))
      )
    case "UpdateAccepted":
      return issued._tag === "UpdateAccepted" && issued.id === recorded.id
    case "UpdateAnswered":
      return issued._tag === "UpdateAnswered" && issued.id === recorded.id && isSameExit(recorded.exit, issued.exit)
    case "ExecutionCompleted":
      return issued._tag === "ExecutionCompleted" && equalJson(issued.value, recorded.value)
    case "ExecutionFailed":
      return issued._tag === "ExecutionFailed" && isSameExit(recorded.failure, issued.failure)
    case "ExecutionCancelled":
    case "ExecutionTimedOut":
      return issued._tag === recorded._tag
  }
}

/** Whether a program need not ask any more for what is recorded: a patch that every program has by now. */
export const isForgotten = (recorded: CommandEvent): boolean =>
  recorded._tag === "PatchRecorded" && recorded.deprecated === true

/** One line that names an event with all that identifies it. */
export const describe = (event: HistoryEvent): string => {
  switch (event._tag) {
    case "ActivityScheduled":
      return `ActivityScheduled #${event.seq} ${event.name}${event.inline === true ? ", inline" : `(${short(event.input)})`}`
    case "TimerStarted":
      return `TimerStarted #${event.seq} for ${event.fireAt - event.at} ms`
    case "ActivityCancelled":
    case "TimerCancelled":
    case "TimerFired":
      return `${event._tag} #${event.seq}`
    case "ActivityResolved":
      return `ActivityResolved #${event.seq} ${event.exit._tag}`
    case "ActivityAttemptFailed":
      return `ActivityAttemptFailed #${event.seq} attempt ${event.attempt}`
    case "ActivityPending":
      return `ActivityPending #${event.seq} attempt ${event.attempt}`
    case "ActivityAttemptEnded":
      return `ActivityAttemptEnded #${event.seq} attempt ${event.attempt} (${failureInWords(event.failure)})`
    case "ActivityAttemptIsolated":
      return `ActivityAttemptIsolated #${event.seq} attempt ${event.attempt}`
    case "MessageSent":
      return `MessageSent #${event.seq} ${describeMessage(event.message)} to ${short(event.to)}`
    case "MessageSettled":
      return `MessageSettled ${event.id} ${event.outcome._tag}`
    case "ChildEnded":
      return `ChildEnded ${short(event.workflowId)} ${event.closing._tag}`
    case "SignalReceived":
      return `SignalReceived ${event.name}(${short(event.payload)})`
    case "UpdateRequested":
      return `UpdateRequested ${event.name}(${short(event.input)}) as ${short(event.id)}`
    case "UpdateAccepted":
      return `UpdateAccepted ${short(event.id)}`
    case "UpdateAnswered":
      return `UpdateAnswered ${short(event.id)} ${exitOf(event.exit)}`
    case "ExecutionStarted":
      return `ExecutionStarted ${event.workflow}(${short(event.input)})`
    case "PatchRecorded":
      return `PatchRecorded ${short(event.id)}`
    case "AttributesSet":
      return `AttributesSet ${short(event.attributes)}`
    case "ExecutionContinued":
      return `ExecutionContinued(${short(event.next.input)})`
    case "ExecutionCompleted":
      return `ExecutionCompleted(${short(event.value)})`
    case "ExecutionFailed":
      return `ExecutionFailed${failureOf(event.failure)}`
    case "CancelRequested":
    case "ExecutionCancelled":
    case "ExecutionTerminated":
      return `${event._tag} (${event.reason})`
    case "OwnerChanged":
      return `OwnerChanged to ${event.owner}${event.lost === true ? ", attempts were lost" : ""}`
    case "ExecutionBlocked":
      return `ExecutionBlocked by ${event.problem.reason}`
    case "ExecutionTimedOut":
      return event._tag
  }
}

/** A message in a few words. */
export const describeMessage = (message: Owed["message"]): string => {
  switch (message._tag) {
    case "Signal":
      return `signal ${message.name}`
    case "Cancel":
      return "cancel"
    case "Terminate":
      return "termination"
    case "Start":
      return `start of ${message.workflow}`
    case "Ended":
      return "its end"
  }
}

const unreadBy = ({ next }: EventOf<"ExecutionContinued">): Schema.Json =>
  (next.continues?.unread ?? []).map(({ name, payload }) => [name, payload])
const isSameExit = (recorded: UpdateExit, issued: UpdateExit): boolean => {
  if (recorded._tag === "Success") return issued._tag === "Success" && equalJson(issued.value, recorded.value)
  if (recorded._tag === "Fail") return issued._tag === "Fail" && equalJson(issued.error, recorded.error)
  return issued._tag === recorded._tag
}

const exitOf = (exit: UpdateExit): string =>
  exit._tag === "Success" ? `success(${short(exit.value)})` : `failure${failureOf(exit)}`

const failureOf = (failure: RecordedFailure): string => {
  switch (failure._tag) {
    case "Fail":
      return `(${short(failure.error)})`
    case "Die":
      return ` with the defect ${headlines(failure.defect)}`
    case "Other":
      return ` by ${failure.message}`
  }
}

/** How an attempt failed, in a few words. */
export const failureInWords = (exit: RecordedExit): string => {
  switch (exit._tag) {
    case "Success":
      return "succeeded"
    case "Fail":
      return `failed with ${short(exit.error)}`
    case "Die":
      return `died with a defect: ${describeDefect(exit.defect, { named: true })}`
    case "TimedOut":
      return `took longer than ${exit.after} ms`
  }
}

/** The problem of a program that disagrees with its history at a position, with both sides. */
export const mismatch = (options: {
  readonly workflow: string
  readonly position: number
  readonly recorded: HistoryEvent | undefined
  readonly issued: HistoryEvent | undefined
}): Problem => {
  const { issued, position, recorded, workflow } = options
  const isAlike = recorded !== undefined && issued !== undefined && describe(recorded) === describe(issued)
  const [history, program] = isAlike ? differing(recorded, issued) : [recorded, issued].map(lineOf)
  return {
    reason: "NonDeterminism",
    message: [
      `the program of ${JSON.stringify(workflow)} disagrees with its history at event ${position}`,
      `  history: ${history ?? "nothing more"}`,
      `  program: ${program ?? "nothing"}`,
      cureOf(recorded)
    ].join("\n")
  }
}

/** What to do about a program that is not the one that wrote its history. */
export const cureOfDisagreement =
  "Nothing is lost, and the execution resumes once the code is back that wrote this history. To change it for new executions alone, keep both: " +
  '`if (yield* Workflow.patched("a name")) { /* new */ } else { /* as the history has it */ }`.'

// internal

/** What to do about a program that disagrees with its history. */
const cureOf = (recorded: HistoryEvent | undefined): string => {
  if (recorded?._tag === "PatchRecorded") {
    const call = `yield* Workflow.deprecatePatch(${JSON.stringify(recorded.id)})`
    return `Nothing is lost, and the execution resumes once the program says \`${call}\` where it asked for the patch, as long as executions of that time run.`
  }
  return cureOfDisagreement
}

const lineOf = (event: HistoryEvent | undefined): string | undefined =>
  event === undefined ? undefined : describe(event)

/** Two events that are described alike, each with its fields that the other one has not. */
const differing = (a: HistoryEvent, b: HistoryEvent): readonly [string, string] => {
  const contents = ([a, b] as const).map((event) => fieldsOf(event._tag === "MessageSent" ? event.message : event))
  const [first = {}, second = {}] = contents
  const names = [...new Set([...Object.keys(first), ...Object.keys(second)])].filter(
    (name) => name !== "at" && JSON.stringify(first[name]) !== JSON.stringify(second[name])
  )
  const sideOf = (event: HistoryEvent, content: Record<string, unknown>) =>
    `${describe(event)} with ${names.map((name) => `${name} ${short(content[name] ?? null)}`).join(", ")}`
  return [sideOf(a, first), sideOf(b, second)]
}

const fieldsOf = (value: object): Record<string, unknown> => Object.fromEntries(Object.entries(value))

const short = (value: unknown): string => {
  const text = JSON.stringify(value)
  return text.length <= 120 ? text : `${text.slice(0, 117)}...`
}
