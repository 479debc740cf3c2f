/**
 * Where messages and questions go: what is at the ids of their receivers when they are issued. A question that is asked again after
 * a crash is asked of the same chain, so an update is done by one.
 */
import type { Address, CommandEvent, EventOf, MessageOutcome, RecordedExit } from "../../HistoryEvent.ts"
import type { MessageId, RunId, Version, WorkflowId } from "../../Ids.ts"
import type { WorkflowStatus } from "../../WorkflowState.ts"
import { inputOf, isAsk, isForOneChain, questionOf } from "../core/asked.ts"
import { chainMeant } from "../core/continued.ts"
import { childRun } from "../core/derive.ts"

/** What is at an id when a message is sent to it. */
export type Place =
  /** An execution, and the run that it is at. */
  | (Address & { readonly runId: RunId; readonly status: WorkflowStatus })
  /** Nothing: the next commit of the id comes after the version. */
  | { readonly _tag: "Free"; readonly version: Version }
  /** What this release cannot read. */
  | { readonly _tag: "Unreadable" }

/** An id that was never used. */
export const free: Place = { _tag: "Free", version: 0 as Version }

/** The execution of which a command must know the place; `undefined` when it goes to none, or to a chain that it names. */
export const receiverOf = (command: CommandEvent): WorkflowId | undefined => {
  if (command._tag === "MessageSent") return command.to
  if (command._tag !== "ActivityScheduled" || !isAsk(command)) return undefined
  const question = questionOf(command.input)
  return isForOneChain(question) && question.runId === undefined ? (question.workflowId as WorkflowId) : undefined
}

/** What a program is told at once of a command that goes nowhere. */
export type Refused =
  | Pick<EventOf<"MessageSettled">, "_tag" | "id" | "outcome">
  | Pick<EventOf<"ActivityResolved">, "_tag" | "seq" | "exit">

/**
 * A command with where it goes, as it is recorded, and what the program is told at once when that is nowhere. `id` is that of the next
 * message.
 */
export const addressed = (
  command: CommandEvent,
  place: Place,
  id: MessageId
): readonly [CommandEvent, Refused | undefined] => {
  if (command._tag === "MessageSent") {
    const address = addressOf(command, place, id)
    if ("_tag" in address) return [command, { _tag: "MessageSettled", id, outcome: address }]
    return [{ ...command, address }, undefined]
  }
  if (command._tag !== "ActivityScheduled") return [command, undefined]
  if ("_tag" in place) return [command, { _tag: "ActivityResolved", seq: command.seq, exit: unanswered(place) }]
  // The digest stays that of what the program gave, by which a replay knows it.
  return [{ ...command, input: inputOf({ ...questionOf(command.input), runId: place.chain }) }, undefined]
}

/** What is said of an execution that this release cannot read. */
export const unreadable =
  "the execution is damaged in the store, or only a newer release can read it; restore it, or update this process"

// internal

/** The answer to a question where there is no execution to answer it. */
const unanswered = ({ _tag }: Exclude<Place, Address>): RecordedExit => ({
  _tag: "Fail",
  error: _tag === "Free" ? { _tag: "NotFound" } : { _tag: "StoreFailed", detail: unreadable }
})

/** Where a message goes, or why it goes nowhere. */
const addressOf = ({ message, run }: EventOf<"MessageSent">, place: Place, id: MessageId): Address | MessageOutcome => {
  if (!("_tag" in place)) {
    const { chain, status, version } = place
    if (message._tag === "Start") return { _tag: "Refused", reason: "AlreadyExists", status, runId: chain }
    if (chainMeant(place, run) !== chain) return { _tag: "Refused", reason: "Restarted", runId: chain }
    return { chain, version }
  }
  if (place._tag === "Unreadable") return { _tag: "Refused", reason: "Unreadable" }
  if (message._tag !== "Start") return { _tag: "Refused", reason: "NotFound" }
  return { chain: childRun(id), version: place.version }
}
