/**
 * The facts of an execution, in the order in which they happened. A history is only ever appended to.
 *
 * Events come in three kinds:
 *
 * - *delivered* to the program: `ExecutionStarted`, `ActivityResolved`, `TimerFired`, `SignalReceived`, `CancelRequested`;
 * - *issued* by the program, its commands: `ActivityScheduled`, `ActivityCancelled`, `TimerStarted`, `TimerCancelled`,
 *   `ExecutionCompleted`, `ExecutionFailed`, `ExecutionCancelled`, `ExecutionTimedOut`;
 * - *noted* by an executor, unseen by the program: `ActivityAttemptFailed`, `OwnerChanged`, `ExecutionBlocked`,
 *   `ExecutionTerminated`.
 *
 * Replay delivers the first kind, checks the second against what the program issues and passes over the third.
 * All payloads are JSON, encoded by the schemas of the definitions. Every `at` is in milliseconds since 1970.
 */
import * as Schema from "effect/Schema"
import { RunId, Sequence, WorkerId, WorkflowId } from "./Ids.ts"

/**
 * The version of the stored form of events that this release writes. Older forms are upcast when they are read.
 *
 * @category models
 * @since 0.1.0
 */
export const formatVersion = 1

/**
 * A value thrown outside the typed errors of a program or handler: a bug, kept with its stack.
 *
 * @category models
 * @since 0.1.0
 */
export const RecordedDefect = Schema.Struct({
  name: Schema.String,
  message: Schema.String,
  stack: Schema.optionalKey(Schema.String)
})
export type RecordedDefect = typeof RecordedDefect.Type

/**
 * Why a program or an activity failed: an error of its schema, or a defect.
 *
 * @category models
 * @since 0.1.0
 */
export const RecordedFailure = Schema.TaggedUnion({
  Fail: { error: Schema.Json },
  Die: { defect: RecordedDefect }
})
export type RecordedFailure = typeof RecordedFailure.Type

/**
 * How an activity ended, as it was recorded.
 *
 * @category models
 * @since 0.1.0
 */
export const RecordedExit = Schema.TaggedUnion({
  Success: { value: Schema.Json },
  Fail: { error: Schema.Json },
  Die: { defect: RecordedDefect },
  TimedOut: { after: Schema.Finite }
})
export type RecordedExit = typeof RecordedExit.Type

/**
 * Why an execution cannot go on for now. It is not finished: a worker with the right code resumes it.
 *
 * @category models
 * @since 0.1.0
 */
export const Problem = Schema.Struct({
  reason: Schema.Literals(["NonDeterminism", "AsynchronousWork", "Spinning", "Undecodable", "TooLarge"]),
  message: Schema.String
})
export type Problem = typeof Problem.Type

/**
 * A text, number or flag by which executions can be found.
 *
 * @category models
 * @since 0.1.0
 */
export const Attribute = Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])
export type Attribute = typeof Attribute.Type

const at = Schema.Finite
const seq = Sequence

/**
 * A recorded fact of an execution.
 *
 * @category models
 * @since 0.1.0
 */
export const HistoryEvent = Schema.TaggedUnion({
  /** The run exists. `deadline` is when it times out. */
  ExecutionStarted: {
    at,
    workflow: Schema.String,
    workflowId: WorkflowId,
    runId: RunId,
    input: Schema.Json,
    deadline: Schema.optionalKey(Schema.Finite)
  },
  /** The program asked for an activity. `digest` is of `input`. */
  ActivityScheduled: { at, seq, name: Schema.String, input: Schema.Json, digest: Schema.Finite },
  /** An attempt failed and will be repeated at `retryAt`. */
  ActivityAttemptFailed: { at, seq, attempt: Schema.Int, failure: RecordedExit, retryAt: Schema.Finite },
  /** The activity has its result; there is at most one for a sequence number. */
  ActivityResolved: { at, seq, exit: RecordedExit },
  /** The program no longer wants the result. */
  ActivityCancelled: { at, seq },
  /** The program sleeps until `fireAt`. */
  TimerStarted: { at, seq, fireAt: Schema.Finite },
  /** `fireAt` has passed. */
  TimerFired: { at, seq },
  /** The program no longer sleeps. */
  TimerCancelled: { at, seq },
  /** Somebody sent a signal. */
  SignalReceived: { at, name: Schema.String, payload: Schema.Json },
  /** Somebody asked for cancellation, or the deadline passed. */
  CancelRequested: { at, kind: Schema.Literals(["cancel", "timeout"]), reason: Schema.String },
  /** A worker took the execution, and could replay it. */
  OwnerChanged: { at, owner: WorkerId },
  /** The execution cannot go on until its code is put right. */
  ExecutionBlocked: { at, problem: Problem },
  /** The program succeeded. */
  ExecutionCompleted: { at, value: Schema.Json },
  /** The program failed. */
  ExecutionFailed: { at, failure: RecordedFailure },
  /** The program was interrupted by a cancel and its finalizers have run. `detail` tells what failed meanwhile. */
  ExecutionCancelled: { at, reason: Schema.String, detail: Schema.optionalKey(Schema.String) },
  /** The program was interrupted by its deadline and its finalizers have run. */
  ExecutionTimedOut: { at, detail: Schema.optionalKey(Schema.String) },
  /** Somebody ended the execution without asking the program. */
  ExecutionTerminated: { at, reason: Schema.String }
})
export type HistoryEvent = typeof HistoryEvent.Type

/**
 * The event with the given tag.
 *
 * @category models
 * @since 0.1.0
 */
export type EventOf<Tag extends HistoryEvent["_tag"]> = Extract<HistoryEvent, { readonly _tag: Tag }>

/**
 * The events that a program is told of.
 *
 * @category models
 * @since 0.1.0
 */
export type DeliveredEvent = EventOf<
  "ExecutionStarted" | "ActivityResolved" | "TimerFired" | "SignalReceived" | "CancelRequested"
>

/**
 * The events that a program itself issues: its commands.
 *
 * @category models
 * @since 0.1.0
 */
export type CommandEvent = EventOf<
  | "ActivityScheduled"
  | "ActivityCancelled"
  | "TimerStarted"
  | "TimerCancelled"
  | "ExecutionCompleted"
  | "ExecutionFailed"
  | "ExecutionCancelled"
  | "ExecutionTimedOut"
>

/**
 * The events after which a run never changes.
 *
 * @category models
 * @since 0.1.0
 */
export type ClosingEvent = EventOf<
  "ExecutionCompleted" | "ExecutionFailed" | "ExecutionCancelled" | "ExecutionTimedOut" | "ExecutionTerminated"
>

const commands: ReadonlySet<string> = new Set<CommandEvent["_tag"]>([
  "ActivityScheduled",
  "ActivityCancelled",
  "TimerStarted",
  "TimerCancelled",
  "ExecutionCompleted",
  "ExecutionFailed",
  "ExecutionCancelled",
  "ExecutionTimedOut"
])
const delivered: ReadonlySet<string> = new Set<DeliveredEvent["_tag"]>([
  "ExecutionStarted",
  "ActivityResolved",
  "TimerFired",
  "SignalReceived",
  "CancelRequested"
])
const closing: ReadonlySet<string> = new Set<ClosingEvent["_tag"]>([
  "ExecutionCompleted",
  "ExecutionFailed",
  "ExecutionCancelled",
  "ExecutionTimedOut",
  "ExecutionTerminated"
])

/**
 * Whether the program issued the event.
 *
 * @category guards
 * @since 0.1.0
 */
export const isCommand = (event: HistoryEvent): event is CommandEvent => commands.has(event._tag)

/**
 * Whether the program is told of the event.
 *
 * @category guards
 * @since 0.1.0
 */
export const isDelivered = (event: HistoryEvent): event is DeliveredEvent => delivered.has(event._tag)

/**
 * Whether the event ends the run.
 *
 * @category guards
 * @since 0.1.0
 */
export const isClosing = (event: HistoryEvent): event is ClosingEvent => closing.has(event._tag)
