/**
 * Names that follow from other names or from events, so that each process that makes them makes the same ones.
 */
import type { ClosingEvent, WorkflowStatus } from "../../HistoryEvent.ts"
import type { MessageId, RunId, Sequence, WorkflowId } from "../../Ids.ts"
import { digest } from "./digest.ts"

/** The status of a run that ended with an event. */
export const closedAs = ({ _tag }: ClosingEvent): WorkflowStatus => statuses[_tag]

/** The id of a child whose start names none. */
export const childId = (parent: WorkflowId, runId: RunId, seq: Sequence): WorkflowId => {
  const id = `${parent}/${runId}/${seq}`
  // Too long for an id: the run is unique by itself.
  return (id.length > longest ? `${runId}/${seq}` : id) as WorkflowId
}

/** The run of a child, by the message that starts it. */
export const childRun = (id: MessageId): RunId => runFrom(id)

/** The run that continues a run. */
export const nextRun = (runId: RunId): RunId => runFrom(`${runId}/next`)

/** The id of the message by which a child tells its parent of its end. */
export const endOf = (chain: RunId): MessageId => `${chain}/end` as MessageId

/** The id of the message by which a parent that ends tells a child. */
export const closeOf = (chain: RunId, child: RunId): MessageId => `${chain}/close/${child}` as MessageId

/** From so many events on a program is told to continue as new, unless its start says otherwise. */
export const suggestedLength = 10_000

// internal

const statuses: { readonly [Tag in ClosingEvent["_tag"]]: WorkflowStatus } = {
  ExecutionCompleted: "completed",
  ExecutionFailed: "failed",
  ExecutionCancelled: "cancelled",
  ExecutionTimedOut: "timedOut",
  ExecutionTerminated: "terminated"
}

/** In characters, of which each may take 3 bytes; an id may have 1,024. */
const longest = 340

const runFrom = (text: string): RunId => {
  const parts = ["a", "b", "c"].map((salt) => digest(`${salt} ${text}`).toString(16).padStart(14, "0"))
  const hex = parts.join("").slice(0, 32)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-") as RunId
}
