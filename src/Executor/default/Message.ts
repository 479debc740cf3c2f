/**
 * What an execution is told, in the order of its mailbox.
 */
import type * as Schema from "effect/Schema"
import type { EventOf } from "../../HistoryEvent.ts"
import type { Sequence, WorkerId } from "../../Ids.ts"
import type { WorkflowErrorReason } from "../../WorkflowError.ts"
import type { AttemptOutcome } from "./Attempts.ts"

/** Why a message was not recorded; `"Conflict"` when a start found that its id exists. */
export type Refusal = WorkflowErrorReason | "Conflict"

/** Makes a refusal when somebody asks; most executions end without anybody asking. */
export type Refuse = () => Refusal

/** Answers whoever sent a message, once it is durable (`undefined`) or refused. */
export type Reply = (refusal: Refusal | undefined) => void

export type Message =
  | { readonly _tag: "Start"; readonly event: EventOf<"ExecutionStarted">; readonly reply: Reply }
  /** Take the execution from a worker that is gone; only if it is still that one's. */
  | { readonly _tag: "Claim"; readonly from: WorkerId | undefined; readonly reply: Reply }
  | { readonly _tag: "Alarm" }
  | { readonly _tag: "Attempt"; readonly seq: Sequence; readonly outcome: AttemptOutcome }
  | { readonly _tag: "Signal"; readonly name: string; readonly payload: Schema.Json; readonly reply: Reply }
  | { readonly _tag: "Cancel"; readonly reason: string; readonly reply: Reply }
  | { readonly _tag: "Terminate"; readonly reason: string; readonly reply: Reply }

/** Answers the sender of a message, if it has one. */
export const answer = (message: Message, refusal: Refusal | undefined): void => {
  if ("reply" in message) message.reply(refusal)
}
