/**
 * The facts of an execution, in the order in which they happened. A history is only ever appended to.
 *
 * The table `kinds` below says of each event what it is:
 *
 * - *delivered*: the program is told of it;
 * - *command*: the program issued it;
 * - *noted*: an executor recorded it and the program does not see it.
 *
 * Replay delivers the first, compares the second with what the program issues, and skips the third. All payloads are JSON,
 * encoded by the schemas of the definitions. Every `at` is in milliseconds since 1970.
 */
import * as Schema from "effect/Schema"
import { MessageId, RunId, Sequence, Version, WorkerId, WorkflowId } from "./Ids.ts"
import { Message } from "./Message.ts"

/**
 * The latest stored form of events that this release reads. A commit is written in the oldest form that can hold its events,
 * so that an older release reads whatever it can understand.
 *
 * @category models
 * @since 0.1.0
 */
export const formatVersion = 2

/**
 * A value thrown outside the typed errors of a program or handler: a bug, kept with its stack. Texts are cut at some thousand
 * characters.
 *
 * @category models
 * @since 0.1.0
 */
export interface RecordedDefect {
  readonly name: string
  readonly message: string
  readonly stack?: string
  /** What the error has as its `code`, such as `"ECONNREFUSED"`. */
  readonly code?: string | number
  /** The activity whose handler threw it. */
  readonly activity?: string
  /** What caused it, at most 4 causes deep. */
  readonly cause?: RecordedDefect
  /** The errors that it stands for, at most 10. */
  readonly errors?: ReadonlyArray<RecordedDefect>
}
export const RecordedDefect: Schema.Codec<RecordedDefect> = Schema.Struct({
  name: Schema.String,
  message: Schema.String,
  stack: Schema.optionalKey(Schema.String),
  code: Schema.optionalKey(Schema.Union([Schema.String, Schema.Finite])),
  activity: Schema.optionalKey(Schema.String),
  cause: Schema.optionalKey(Schema.suspend((): Schema.Codec<RecordedDefect> => RecordedDefect)),
  errors: Schema.optionalKey(Schema.Array(Schema.suspend((): Schema.Codec<RecordedDefect> => RecordedDefect)))
})

/**
 * A defect in words: its activity, its stack, and what caused it.
 *
 * @internal
 */
export const describeDefect = (defect: RecordedDefect): string => {
  const lines = [`${ofActivity(defect)}${defect.stack ?? headline(defect)}`]
  for (let cause = defect.cause; cause !== undefined; cause = cause.cause) lines.push(`caused by ${headline(cause)}`)
  for (const error of defect.errors ?? []) lines.push(`one of its errors is ${headline(error)}`)
  return lines.join("\n")
}

const ofActivity = ({ activity }: RecordedDefect): string =>
  activity === undefined ? "" : `in activity ${JSON.stringify(activity)}: `

const headline = ({ message, name }: RecordedDefect): string => `${name}: ${message}`

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
  reason: Schema.Literals([
    "NonDeterminism",
    "AsynchronousWork",
    "Spinning",
    "Undecodable",
    "TooLarge",
    "LostAttempts",
    "Defect"
  ]),
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

/**
 * The span that a start belongs to, by which traces of callers and executions are joined.
 *
 * @category models
 * @since 0.2.0
 */
export const Trace = Schema.Struct({ traceId: Schema.String, spanId: Schema.String, sampled: Schema.Boolean })
export type Trace = typeof Trace.Type

/**
 * Where an execution stood when a message for it was recorded: its chain and the version of its latest commit.
 *
 * @category models
 * @since 0.2.0
 */
export const Address = Schema.Struct({ chain: RunId, version: Version })
export type Address = typeof Address.Type

/**
 * What became of a message to another execution: it is in the history of its receiver, or it can never be.
 *
 * @category models
 * @since 0.2.0
 */
export const MessageOutcome = Schema.TaggedUnion({
  Delivered: {},
  Refused: { reason: Schema.Literals(["NotFound", "Finished", "Restarted", "TooLarge", "Unreadable"]) }
})
export type MessageOutcome = typeof MessageOutcome.Type

const at = Schema.Finite
const seq = Sequence
/** Set where the event was appended by a process that does not run the execution, so the program has not seen it yet. */
const unread = Schema.optionalKey(Schema.Literal(true))
/** The id of a message from another execution, and the chain that sent it. */
const sent = { id: Schema.optionalKey(MessageId), from: Schema.optionalKey(RunId) }

/**
 * A recorded fact of an execution.
 *
 * @category models
 * @since 0.1.0
 */
export const HistoryEvent = Schema.TaggedUnion({
  /** The run exists. `deadline` is when it times out; `owner` is the worker that runs it, absent until one takes it. */
  ExecutionStarted: {
    at,
    workflow: Schema.String,
    workflowId: WorkflowId,
    runId: RunId,
    input: Schema.Json,
    deadline: Schema.optionalKey(Schema.Finite),
    owner: Schema.optionalKey(WorkerId),
    attributes: Schema.optionalKey(Schema.Record(Schema.String, Attribute)),
    /** The chain of the execution that started this one as its child. */
    parent: Schema.optionalKey(Schema.Struct({ workflowId: WorkflowId, chain: RunId })),
    /** The version of the workflow that the run is pinned to. */
    version: Schema.optionalKey(Schema.String),
    trace: Schema.optionalKey(Trace)
  },
  /** The program called an activity. `digest` is of `input`; `timeouts` are in milliseconds. */
  ActivityScheduled: {
    at,
    seq,
    name: Schema.String,
    input: Schema.Json,
    digest: Schema.Finite,
    timeouts: Schema.optionalKey(
      Schema.Struct({ attempt: Schema.optionalKey(Schema.Finite), total: Schema.optionalKey(Schema.Finite) })
    )
  },
  /** An attempt failed and will be repeated at `retryAt`. */
  ActivityAttemptFailed: { at, seq, attempt: Schema.Int, failure: RecordedExit, retryAt: Schema.Finite },
  /**
   * An attempt begins while its worker runs no other, because attempts before it were lost with their workers. `over`: it goes on,
   * and others run beside it from now on.
   */
  ActivityAttemptIsolated: { at, seq, attempt: Schema.Int, over: Schema.optionalKey(Schema.Literal(true)) },
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
  /** The program sent a message to another execution. Without an address there was none to send it to. */
  MessageSent: {
    at,
    seq,
    to: WorkflowId,
    message: Schema.Union([Message.cases.Signal, Message.cases.Cancel]),
    address: Schema.optionalKey(Address)
  },
  /** A message that the execution owed is in the history of its receiver, or never will be. */
  MessageSettled: { at, id: MessageId, outcome: MessageOutcome, unread },
  /** A signal arrived. */
  SignalReceived: { at, name: Schema.String, payload: Schema.Json, ...sent, unread },
  /** Cancellation was requested, or the deadline passed. */
  CancelRequested: { at, kind: Schema.Literals(["cancel", "timeout"]), reason: Schema.String, ...sent, unread },
  /** A worker took the execution, and could replay it. `lost`: the worker before it died, with the attempts that it ran. */
  OwnerChanged: { at, owner: WorkerId, lost: Schema.optionalKey(Schema.Literal(true)) },
  /** The execution cannot go on until its code is put right. At `retryAt` it is tried again by itself. */
  ExecutionBlocked: { at, problem: Problem, retryAt: Schema.optionalKey(Schema.Finite) },
  /** The program succeeded. */
  ExecutionCompleted: { at, value: Schema.Json },
  /** The program failed. */
  ExecutionFailed: { at, failure: RecordedFailure },
  /** The program was interrupted by a cancel and its finalizers have run. `detail` tells what failed meanwhile. */
  ExecutionCancelled: { at, reason: Schema.String, detail: Schema.optionalKey(Schema.String) },
  /** The program was interrupted by its deadline and its finalizers have run. */
  ExecutionTimedOut: { at, detail: Schema.optionalKey(Schema.String) },
  /** The execution was ended from outside, without its program. */
  ExecutionTerminated: { at, reason: Schema.String }
})
export type HistoryEvent = typeof HistoryEvent.Type

/** What an event is. `closes`: the run never changes after it. `since`: the stored form that an event of this tag needs. */
interface Kind {
  readonly role: "delivered" | "command" | "noted"
  readonly closes?: true
  readonly since?: number
}

/** One row for each event. Types and guards below follow from it, so an event that is forgotten here does not compile. */
const kinds = {
  ExecutionStarted: { role: "delivered" },
  ActivityScheduled: { role: "command" },
  ActivityAttemptFailed: { role: "noted" },
  ActivityAttemptIsolated: { role: "noted", since: 2 },
  ActivityResolved: { role: "delivered" },
  ActivityCancelled: { role: "command" },
  TimerStarted: { role: "command" },
  TimerFired: { role: "delivered" },
  TimerCancelled: { role: "command" },
  MessageSent: { role: "command", since: 2 },
  MessageSettled: { role: "delivered", since: 2 },
  SignalReceived: { role: "delivered" },
  CancelRequested: { role: "delivered" },
  OwnerChanged: { role: "noted" },
  ExecutionBlocked: { role: "noted" },
  ExecutionCompleted: { role: "command", closes: true },
  ExecutionFailed: { role: "command", closes: true },
  ExecutionCancelled: { role: "command", closes: true },
  ExecutionTimedOut: { role: "command", closes: true },
  ExecutionTerminated: { role: "noted", closes: true }
} as const satisfies Record<HistoryEvent["_tag"], Kind>

// By columns, since each of them is read for every event.
const column = <A>(value: (kind: Kind) => A) =>
  Object.fromEntries(Object.entries(kinds).map(([tag, kind]) => [tag, value(kind)])) as Record<HistoryEvent["_tag"], A>
const roles = column(({ role }) => role)
const formats = column(({ since = 1 }) => since)
const closings = column(({ closes = false }) => closes)

type Kinds = typeof kinds
type TagsOf<K extends Partial<Kind>> = { [Tag in keyof Kinds]: Kinds[Tag] extends K ? Tag : never }[keyof Kinds]

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
export type DeliveredEvent = EventOf<TagsOf<{ readonly role: "delivered" }>>

/**
 * The events that a program itself issues: its commands.
 *
 * @category models
 * @since 0.1.0
 */
export type CommandEvent = EventOf<TagsOf<{ readonly role: "command" }>>

/**
 * The events after which a run never changes.
 *
 * @category models
 * @since 0.1.0
 */
export type ClosingEvent = EventOf<TagsOf<{ readonly closes: true }>>

/**
 * Whether the program issued the event.
 *
 * @category guards
 * @since 0.1.0
 */
export const isCommand = (event: HistoryEvent): event is CommandEvent => roles[event._tag] === "command"

/**
 * Whether the program is told of the event.
 *
 * @category guards
 * @since 0.1.0
 */
export const isDelivered = (event: HistoryEvent): event is DeliveredEvent => roles[event._tag] === "delivered"

/**
 * Whether the event ends the run.
 *
 * @category guards
 * @since 0.1.0
 */
export const isClosing = (event: HistoryEvent): event is ClosingEvent => closings[event._tag]

/**
 * The stored form that a release must know to read the event, from 1.
 *
 * @category getters
 * @since 0.2.0
 */
export const formatOf = (event: HistoryEvent): number => formats[event._tag]
