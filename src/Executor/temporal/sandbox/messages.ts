/**
 * Messages to other executions, as Temporal is asked to deliver them.
 */
import { ApplicationFailure, WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from "@temporalio/common"
import {
  ChildWorkflowCancellationType,
  type ChildWorkflowHandle,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  startChild
} from "@temporalio/workflow"
import type * as Schema from "effect/Schema"
import type { ClosingEvent, DeliveredEvent, EventOf, MessageOutcome } from "../../../HistoryEvent.ts"
import { type RunId, Sequence, type WorkflowId } from "../../../Ids.ts"
import { childRun, closeOf } from "../../../internal/core/derive.ts"
import { digest } from "../../../internal/core/digest.ts"
import { receivedBy as received } from "../../../internal/core/told.ts"
import { sortedText } from "../../../internal/core/json.ts"
import { searchAttributesOf } from "../../../internal/temporal/searchable.ts"
import { memoField, type Searchable, type SignalMeta, type Start } from "../../../internal/temporal/wire.ts"
import type { WorkflowState } from "../../../WorkflowState.ts"
import { memoOf } from "../../../internal/temporal/beginning.ts"
import { callSend } from "./calls.ts"
import type { Outgoing } from "./Outbox.ts"

/** How the programs of Temporal call any workflow. */
export type AnyWorkflow = (input: Schema.Json, start: Start) => Promise<Schema.Json>

/** A message that a program sends to an execution that exists. */
export type Letter = Exclude<EventOf<"MessageSent">["message"], { readonly _tag: "Start" }>

/**
 * Delivers a message; the promise settles when it is in the history of the receiver or never will be. Temporal has commands for a signal
 * and a cancel of whatever execution an id has. The rest goes by an activity, whose result is the outcome.
 */
export const deliver = (outgoing: Outgoing, state: WorkflowState): Promise<unknown> => {
  const { command, id } = outgoing
  const { run, to } = command
  const message = command.message as Letter
  const isChild = run !== undefined && state.children.get(to)?.address.chain === run
  if (message._tag === "Terminate" || (run !== undefined && !isChild)) {
    return callSend(id, { ref: refOf(to, run), message, id })
  }
  const receiver = getExternalWorkflowHandle(to)
  if (message._tag === "Cancel") return receiver.cancel()
  return receiver.signal(message.name, message.payload, metaOf(message, outgoing, state))
}

/** What the promise of a delivery says. */
export const outcomeOf = (value: unknown): MessageOutcome =>
  typeof value === "object" && value !== null && "_tag" in value ? (value as MessageOutcome) : delivered

/** Starts a child. */
export const start = (
  { command, id }: Outgoing,
  state: WorkflowState,
  searchable: Searchable | undefined
): Promise<ChildWorkflowHandle<AnyWorkflow>> => {
  const message = command.message as Extract<EventOf<"MessageSent">["message"], { readonly _tag: "Start" }>
  const { attributes, input, memo, parentClose, timeout, version, workflow } = message
  const parent = { workflowId: state.workflowId, chain: state.chain }
  const start: Start = {
    run: childRun(id),
    parent,
    root: state.root ?? parent,
    timeout,
    version,
    attributes,
    memo,
    trace: state.trace,
    searchable
  }
  const searched = searchAttributesOf(attributes, searchable)
  return startChild<AnyWorkflow>(workflow, {
    workflowId: command.to,
    args: [input, start],
    memo: { [memoField]: { ...memoOf(start, digest(sortedText(input)), start.run), parentClose } },
    ...(searched.length === 0 ? {} : { typedSearchAttributes: searched }),
    // What the program does with its child is a message, and so is what it says at its end: Temporal would say it when a run continues
    // as new, too.
    cancellationType: ChildWorkflowCancellationType.ABANDON,
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE
  })
}

/** Whether a child could not be started because its id is in use. */
export const isInUse = (thrown: unknown): boolean => thrown instanceof WorkflowExecutionAlreadyStartedError

export const delivered: MessageOutcome = { _tag: "Delivered" }

/** Asks which execution has the id that was meant for a child. */
export const lookFor = ({ command, id }: Outgoing): Promise<unknown> => callSend(`${id} look`, { look: command.to })

/**
 * What became of a message that Temporal could not deliver. It says the same of a receiver that is finished and of one that never was.
 * Any other failure is not an outcome and is thrown again.
 */
export const refusalOf = (thrown: unknown): MessageOutcome => {
  if (thrown instanceof ApplicationFailure && thrown.type === "ExternalWorkflowExecutionNotFound") {
    return { _tag: "Refused", reason: "NotFound" }
  }
  throw thrown
}

/** What a program that has ended says to its children: the messages that are owed since. Its parent hears of the end from Temporal. */
export const farewells = ({ chain, owed }: WorkflowState, at: number): ReadonlyArray<Outgoing> =>
  [...owed.values()].flatMap(({ address, id, message, to }) => {
    const isFarewell = id === closeOf(chain, address.chain) && message._tag !== "Ended"
    return isFarewell ? [{ id, command: { _tag: "MessageSent", at, seq: Sequence.make(-1), to, message } }] : []
  })

/** The event of a message that an execution has sent to itself. */
export const receivedBy = (
  message: Exclude<Letter, { readonly _tag: "Terminate" }>,
  { id }: Outgoing,
  at: number
): DeliveredEvent => {
  if (message._tag === "Cancel") return { _tag: "CancelRequested", at, kind: "cancel", reason: message.reason, id }
  return { ...received(message, at), id }
}

/** Asks how a child of a run before has ended: Temporal tells that to no later run. */
export const endOfChild = (workflowId: WorkflowId, chain: RunId): Promise<ClosingEvent> =>
  callSend(`end of ${chain}`, { end: { workflowId, runId: chain } }) as Promise<unknown> as Promise<ClosingEvent>

// internal

const refOf = (workflowId: WorkflowId, runId: RunId | undefined) =>
  runId === undefined ? { workflowId } : { workflowId, runId }

const metaOf = (
  { key, trace }: Extract<Letter, { readonly _tag: "Signal" }>,
  { id }: Outgoing,
  state: WorkflowState
): SignalMeta => ({ id, from: state.chain, key, trace })
