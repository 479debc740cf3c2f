/**
 * What executions are told, and why some of it is not recorded.
 */
import type { EventOf, MessageOutcome, Problem, RecordedExit, UpdateExit } from "../../HistoryEvent.ts"
import type { MessageId, Sequence } from "../../Ids.ts"
import type { FirstMessage, RecordedMessage } from "../../Message.ts"
import type { Standing } from "../core/updates.ts"

/** What an execution is told: a message, or what became of something that it waits for. */
export type Told =
  | RecordedMessage
  /** `with` is part of the first commit. */
  | { readonly _tag: "Start"; readonly event: EventOf<"ExecutionStarted">; readonly with?: FirstMessage | undefined }
  | {
      readonly _tag: "Resolved"
      readonly seq: Sequence
      /** The name of the activity. */
      readonly activity: string
      readonly exit: RecordedExit
      /** Whether it is what the policy says of an attempt that ended outside of its handler. */
      readonly isJudged?: true | undefined
    }
  | {
      readonly _tag: "Failed"
      readonly seq: Sequence
      readonly activity: string
      readonly failure: RecordedExit
      readonly pause: number
      readonly isJudged?: true | undefined
    }
  /** The handler of an attempt has left its end to a caller outside; the attempt ends at `timeout.at` at the latest. */
  | {
      readonly _tag: "Pending"
      readonly seq: Sequence
      readonly timeout: EventOf<"ActivityPending">["timeout"] | undefined
    }
  | Omit<EventOf<"ChildEnded">, "at">
  /** The next attempt of an activity runs alone in its worker, or not alone any more. */
  | { readonly _tag: "Isolated"; readonly seq: Sequence; readonly over: boolean }
  | { readonly _tag: "Settled"; readonly id: MessageId; readonly outcome: MessageOutcome }
  | { readonly _tag: "Due" }
  /** What others have recorded is read. */
  | { readonly _tag: "Seen" }

/** What comes from other executions and from outside, and is delivered to the program. */
export type Sent = Extract<Told, { readonly _tag: "Signal" | "Update" | "Cancel" | "Settled" | "ChildEnded" }>

const sent: ReadonlySet<Told["_tag"]> = new Set<Sent["_tag"]>(["Signal", "Update", "Cancel", "Settled", "ChildEnded"])

export const isSent = (told: Told): told is Sent => sent.has(told._tag)

/** What the worker tells of an activity. */
export type OfActivity = Extract<Told, { readonly _tag: "Resolved" | "Failed" | "Isolated" | "Pending" }>

/** Whether an execution is told of an activity, which one run has and the next one has not. */
export const isOfActivity = (told: Told): told is OfActivity =>
  told._tag === "Resolved" || told._tag === "Failed" || told._tag === "Isolated" || told._tag === "Pending"

/** Why a message that the execution was told of is not recorded. */
export type Unrecorded =
  /** The activity is not open. */
  | { readonly _tag: "Over" }
  /** Its id is known. */
  | { readonly _tag: "Known"; readonly standing: Standing }
  /** The program refuses it. */
  | { readonly _tag: "Refused"; readonly exit: UpdateExit }
  /** The program cannot go on. */
  | { readonly _tag: "Stopped"; readonly problem: Problem }
