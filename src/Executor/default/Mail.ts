/**
 * What lies in the mailbox of an execution.
 */
import type { EventOf } from "../../HistoryEvent.ts"
import type { Asked, Query } from "../../internal/replay/Queries.ts"
import { isOfActivity, type Told, type Unrecorded } from "../../internal/replay/Told.ts"
import type { WorkflowErrorReason } from "../../WorkflowError.ts"

/** Why a message was not recorded; `"Conflict"` when the execution is not, or not any more, this worker's to change. */
export type Refusal = WorkflowErrorReason | "Conflict"

/** Makes a refusal when a sender needs one; most executions end without. */
export type Refuse = () => Refusal

/** Answers the sender of a message, once it is durable (`undefined`) or refused; of an update also why it is not recorded. */
export type Reply = (refusal: Refusal | undefined, unrecorded?: Unrecorded) => void

/** Whether another worker has the execution, or only its history can tell. */
export const isElsewhere = (refusal: Refusal): refusal is "Conflict" =>
  refusal === "Conflict" || refusal._tag === "ShutDown" || refusal._tag === "Finished"

/** What an execution is told, and how to answer. */
export interface Mail {
  readonly told: Told
  readonly reply: Reply | undefined
}

/** A question to the program, which is not recorded. `"Elsewhere"`: the execution is not in memory. */
export interface Question {
  readonly query: Query
  readonly reply: (asked: Asked | "Elsewhere") => void
}

/** Answers the senders of mail that is durable, or that leaves nothing to record. */
export const acknowledge = (mail: ReadonlyArray<Mail>, unrecorded: ReadonlyMap<Told, Unrecorded> | undefined): void => {
  for (const { reply, told } of mail) reply?.(undefined, unrecorded?.get(told))
}

/** The mail of the run that continues another: its start, and what is left, but for what came of the activities of that run. */
export const mailOfNext = (event: EventOf<"ExecutionStarted">, left: ReadonlyArray<Mail>): Array<Mail> => [
  { told: { _tag: "Start", event }, reply: undefined },
  ...left.filter(({ told }) => !isOfActivity(told))
]

/** Refuses mail. */
export const refuseAll = (mail: ReadonlyArray<Mail>, refuse: Refuse): void => {
  for (const { reply } of mail) reply?.(refuse())
}
