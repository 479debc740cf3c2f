/**
 * What definitions ask of the executor that runs a program, in encoded values. Programs see `WorkflowContext`, which has the
 * ids alone; the rest is between this library's modules and may change.
 */
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type {
  AttributeChanges,
  ClosingEvent,
  EventOf,
  MessageOutcome,
  OutgoingMessage,
  Problem,
  RecordedExit
} from "../../HistoryEvent.ts"
import type { RunId, WorkflowId } from "../../Ids.ts"
import type { QueryAnswer } from "../../Message.ts"
import { WorkflowContext } from "../../WorkflowContext.ts"
import type { Attributes } from "../core/attributes.ts"
import type { Compensations } from "./Compensations.ts"
import type { WorkflowErrorReason } from "../../WorkflowErrorReason.ts"
import type { UpdateHandler, Updates } from "./Updates.ts"

/** A call of an activity. */
export type ActivityCall = Omit<EventOf<"ActivityScheduled">, "_tag" | "at" | "seq" | "digest">

/** What an inline activity does, as `internal/activityHandler.ts` makes it. It is for the executor to run; replay only keeps it. */
export interface Closure {
  readonly name: string
}

/** A command that is open: what goes on with its result, and what it does when it is an inline activity. */
export interface Pending {
  readonly resume: (effect: Effect.Effect<any>) => void
  readonly closure: Closure | undefined
}

/** A message from a program to another execution; with `run` to that chain alone. */
export interface Outgoing {
  readonly to: WorkflowId
  readonly run?: RunId | undefined
  readonly message: Exclude<OutgoingMessage, { readonly _tag: "Start" }>
}

/** The start of a child; without an id it gets one of its own. */
export interface ChildStart extends Omit<Extract<OutgoingMessage, { readonly _tag: "Start" }>, "_tag"> {
  readonly workflowId: WorkflowId | undefined
}

/** A child whose start the program has asked for. */
export interface StartedChild {
  readonly workflowId: WorkflowId
  readonly runId: RunId
  /** Waits until it is started, or cannot be. */
  readonly settled: Effect.Effect<MessageOutcome>
}

/** How a program answers a query, in encoded values. */
export interface Answerer {
  /** Answers an input. It only reads. */
  readonly answer: (input: Schema.Json) => Effect.Effect<QueryAnswer, WorkflowErrorReason>
  /** Reads the value that is part of each commit, or why there is none; absent where nothing is published. */
  readonly published?: () => Result.Result<Schema.Json, string>
}

export interface Protocol extends WorkflowContextService {
  /** What undoes the work of the program when it fails. */
  readonly compensations: Pick<Compensations, "add" | "failedWith">
  /** Schedules an activity, an inline one with what it does, and waits for its result. Interruption cancels the activity. */
  readonly activity: (call: ActivityCall, closure?: Closure) => Effect.Effect<RecordedExit>
  /** Takes the next signal of a name, or waits for it. */
  readonly receive: (signal: string) => Effect.Effect<Schema.Json>
  /** Takes the next signal of a name that has arrived, if there is one. */
  readonly poll: (signal: string) => Effect.Effect<Option.Option<Schema.Json>>
  /** Sends a message and waits until it is settled. Interruption ends the wait; the message is delivered all the same. */
  readonly send: (outgoing: Outgoing) => Effect.Effect<MessageOutcome>
  /** Asks for the start of a child. It is started also when no fiber waits for it. */
  readonly startChild: (start: ChildStart) => StartedChild
  /** Waits for the end of a child that the program has started; `undefined` for any other run. */
  readonly endOfChild: (runId: RunId) => Effect.Effect<ClosingEvent> | undefined
  /** Whether the program goes by a patch; the first call decides. */
  readonly patched: (id: string) => boolean
  /** Repeats in replay that the program went by a patch. */
  readonly deprecatePatch: (id: string) => void
  /** The attributes of the execution, as far as the program knows: those of its start and the ones that it has set. */
  readonly attributes: () => Attributes
  /** Changes attributes. */
  readonly setAttributes: (changes: AttributeChanges) => void
  /** Says with which input the next run begins, once the program has succeeded. */
  readonly continueAsNew: (input: Schema.Json) => void
  /** Answers a query from now on, in the place of an earlier answerer of its name. */
  readonly answer: (query: string, answerer: Answerer) => void
  /** Answers updates of a name from now on, each in a fiber of its own. */
  readonly handleUpdates: (name: string, handler: UpdateHandler) => Effect.Effect<void>
  /** The updates that the program takes. */
  readonly updates: () => Pick<Updates, "finish" | "stop" | "taken" | "underWay">
  /** Blocks the execution: its code must be put right before it can go on. */
  readonly halt: (problem: Problem) => Effect.Effect<never>
}

/** The protocol of the program that a context belongs to. */
export const protocolOf = (context: WorkflowContextService): Protocol =>
  // Every executor provides a protocol as the context; the type that users see has less.
  context as Protocol

/** The protocol of the program that asks. */
export const protocol: Effect.Effect<Protocol, never, WorkflowContext> = Effect.map(WorkflowContext, protocolOf)

// internal

type WorkflowContextService = WorkflowContext["Service"]
