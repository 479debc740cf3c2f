/**
 * What definitions ask of the executor that runs a program, in encoded values. Programs see `WorkflowContext`, which has the
 * ids alone; the rest is between this library's modules and may change.
 */
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { EventOf, MessageOutcome, Problem, RecordedExit } from "../../HistoryEvent.ts"
import type { WorkflowId } from "../../Ids.ts"
import { WorkflowContext } from "../../WorkflowContext.ts"

/** A call of an activity. */
export interface ActivityCall {
  readonly name: string
  readonly input: Schema.Json
  readonly timeouts: EventOf<"ActivityScheduled">["timeouts"]
}

/** A message from a program to another execution. */
export interface OutgoingMessage {
  readonly to: WorkflowId
  readonly message: EventOf<"MessageSent">["message"]
}

export interface Protocol extends WorkflowContextService {
  /** Schedules an activity and waits for its result. Interruption cancels the activity. */
  readonly activity: (call: ActivityCall) => Effect.Effect<RecordedExit>
  /** Takes the next signal of a name, or waits for it. */
  readonly receive: (signal: string) => Effect.Effect<Schema.Json>
  /** Sends a message and waits until it is settled. Interruption ends the wait; the message is delivered all the same. */
  readonly send: (outgoing: OutgoingMessage) => Effect.Effect<MessageOutcome>
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
