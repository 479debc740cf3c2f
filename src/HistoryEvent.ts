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
import { MessageId, RunId, Sequence, WorkerId, WorkflowId } from "./Ids.ts"
import {
  Address,
  Ancestor,
  Attribute,
  AttributeChanges,
  MessageOutcome,
  OutgoingMessage,
  ParentClose,
  Problem,
  RecordedExit,
  RecordedFailure,
  Trace,
  UpdateExit
} from "./RecordedValue.ts"

export * from "./RecordedValue.ts"

/**
 * The latest stored form of events that this release reads. A commit is written in the oldest form that can hold its events,
 * so that an older release reads whatever it can understand.
 *
 * @category models
 * @since 0.1.0
 */
export const formatVersion = 2

/**
 * The format of the summary of an execution that is not imported wholly: more than any release knows, so that none takes it, removes it by
 * itself or tells of a result.
 *
 * @category constants
 * @since 0.2.0
 */
export const unfinishedImport = 1_000_000

/**
 * What is added to the format of the summary of an execution that a payload codec has encrypted: more than any release knows, so that no
 * process without the codec takes it or tells of a result.
 *
 * @category constants
 * @since 0.2.0
 */
export const encryptedFormats = 2_000_000

const at = Schema.Finite
const seq = Sequence
/** Set where the event was appended by a process that does not run the execution, so the program has not seen it yet. */
const unread = Schema.optionalKey(Schema.Literal(true))
/** The id of a message from another execution, and the chain that sent it. */
const sent = { id: Schema.optionalKey(MessageId), from: Schema.optionalKey(RunId) }

const signal = {
  at,
  name: Schema.String,
  payload: Schema.Json,
  key: Schema.optionalKey(Schema.String),
  trace: Schema.optionalKey(Trace),
  ...sent,
  unread
}
const request = { at, id: Schema.String, name: Schema.String, input: Schema.Json, trace: Schema.optionalKey(Trace) }
const cancel = { at, kind: Schema.Literals(["cancel", "timeout"]), reason: Schema.String, ...sent, unread }

const closing = {
  /** The program succeeded. */
  ExecutionCompleted: { at, value: Schema.Json },
  /** The program failed. `detail` tells what its compensations failed with; beside a defect that is among its errors. */
  ExecutionFailed: { at, failure: RecordedFailure, detail: Schema.optionalKey(Schema.String) },
  /** The program was interrupted by a cancel and its finalizers have run. `detail` tells what failed meanwhile. */
  ExecutionCancelled: { at, reason: Schema.String, detail: Schema.optionalKey(Schema.String) },
  /** The program was interrupted by its deadline and its finalizers have run. */
  ExecutionTimedOut: { at, detail: Schema.optionalKey(Schema.String) },
  /** The execution was ended from outside, without its program. */
  ExecutionTerminated: { at, reason: Schema.String }
}

/** What a run that continues another takes over from it. */
const Continued = Schema.Struct({
  /** The run before. */
  run: RunId,
  chain: RunId,
  /** When the chain began. */
  startedAt: Schema.Finite,
  /** A digest of the first input of the chain, by which a start that is repeated is known. */
  input: Schema.Finite,
  sent: Schema.Int,
  owed: Schema.Array(
    Schema.Struct({ id: MessageId, to: WorkflowId, message: OutgoingMessage, address: Address, since: at })
  ),
  children: Schema.Array(
    Schema.Struct({ workflowId: WorkflowId, workflow: Schema.String, address: Address, parentClose: ParentClose })
  ),
  /** How children have ended of which the program has not asked that, the latest of them: `internal/core/remembered.ts`. */
  ended: Schema.optionalKey(Schema.Array(Schema.Struct({ from: RunId, closing: Schema.TaggedUnion(closing) }))),
  /** The updates that no handler has taken, and digests of the ones that were answered, by their ids. */
  updates: Schema.Struct({
    open: Schema.Array(Schema.Struct(request)),
    answered: Schema.Array(Schema.Tuple([Schema.String, Schema.Finite]))
  }),
  /** The keys of the signals that the chain has taken lately: `internal/core/remembered.ts`. */
  keys: Schema.Array(Schema.String),
  /** The signals that were not received, in the order in which they came. */
  unread: Schema.Array(Schema.Struct(signal)),
  /** That the run before was to end, which the next one is told at once. */
  cancel: Schema.optionalKey(Schema.Struct(cancel))
})

const started = {
  at,
  workflow: Schema.String,
  workflowId: WorkflowId,
  runId: RunId,
  input: Schema.Json,
  deadline: Schema.optionalKey(Schema.Finite),
  owner: Schema.optionalKey(WorkerId),
  attributes: Schema.optionalKey(Schema.Record(Schema.String, Attribute)),
  /** What its start says of the run, for people and programs that look at it. */
  memo: Schema.optionalKey(Schema.Json),
  /** The execution that started this one as its child. */
  parent: Schema.optionalKey(Ancestor),
  /** The first ancestor of a child: its parent, or the root of that. */
  root: Schema.optionalKey(Ancestor),
  /** The version of the workflow that the run is pinned to. */
  version: Schema.optionalKey(Schema.String),
  /** Set where the run continues another one. */
  continues: Schema.optionalKey(Continued),
  /** From so many events on a program is told to continue as new; absent for the default. */
  suggestContinueAt: Schema.optionalKey(Schema.Int),
  trace: Schema.optionalKey(Trace)
}

/**
 * A recorded fact of an execution.
 *
 * @category models
 * @since 0.1.0
 */
export const HistoryEvent = Schema.TaggedUnion({
  /** The run exists. `deadline` is when it times out; `owner` is the worker that runs it, absent until one takes it. */
  ExecutionStarted: started,
  /**
   * The program called an activity. `digest` is of `input` as the program gave it; times are in milliseconds. `retry`: the policy that
   * this call has. `inline`: the program itself has what the activity does, so an attempt needs the program in memory.
   */
  ActivityScheduled: {
    at,
    seq,
    name: Schema.String,
    input: Schema.Json,
    digest: Schema.Finite,
    timeouts: Schema.optionalKey(
      Schema.Struct({ attempt: Schema.optionalKey(Schema.Finite), total: Schema.optionalKey(Schema.Finite) })
    ),
    retry: Schema.optionalKey(
      Schema.Struct({
        initialInterval: Schema.Finite,
        coefficient: Schema.Finite,
        maxAttempts: Schema.optionalKey(Schema.Int),
        maximumInterval: Schema.optionalKey(Schema.Finite),
        jitter: Schema.optionalKey(Schema.Literal(true))
      })
    ),
    inline: Schema.optionalKey(Schema.Literal(true))
  },
  /** An attempt failed and will be repeated at `retryAt`. */
  ActivityAttemptFailed: { at, seq, attempt: Schema.Int, failure: RecordedExit, retryAt: Schema.Finite },
  /**
   * An attempt begins while its worker runs no other, because attempts before it were lost with their workers. `over`: it goes on,
   * and others run beside it from now on.
   */
  ActivityAttemptIsolated: { at, seq, attempt: Schema.Int, over: Schema.optionalKey(Schema.Literal(true)) },
  /**
   * The handler of an attempt has left the end of the activity to a caller outside, who has a token. When `timeout.at` comes first, the
   * attempt ends by a timeout of `timeout.after` milliseconds.
   */
  ActivityPending: {
    at,
    seq,
    attempt: Schema.Int,
    timeout: Schema.optionalKey(Schema.Struct({ at: Schema.Finite, after: Schema.Finite }))
  },
  /** A caller outside has ended an attempt with an error; what the retry policy says of it comes next. */
  ActivityAttemptEnded: { at, seq, attempt: Schema.Int, failure: RecordedExit.cases.Fail, unread },
  /** The activity has its result; there is at most one for a sequence number. */
  ActivityResolved: { at, seq, exit: RecordedExit, unread },
  /** The program no longer wants the result. */
  ActivityCancelled: { at, seq },
  /** The program sleeps until `fireAt`. */
  TimerStarted: { at, seq, fireAt: Schema.Finite },
  /** `fireAt` has passed. */
  TimerFired: { at, seq },
  /** The program no longer sleeps. */
  TimerCancelled: { at, seq },
  /**
   * The program sent a message to another execution, or started a child. `run`: only that chain is meant. Without an address
   * there was none to send it to.
   */
  MessageSent: {
    at,
    seq,
    to: WorkflowId,
    message: OutgoingMessage,
    run: Schema.optionalKey(RunId),
    address: Schema.optionalKey(Address)
  },
  /**
   * The program goes by a patch from here on, because it called `Workflow.patched` with this id for the first time; `deprecated`: it
   * called `deprecatePatch`, and a program that calls neither goes on too.
   */
  PatchRecorded: { at, id: Schema.String, deprecated: Schema.optionalKey(Schema.Literal(true)) },
  /** The program changed attributes; the others stay. */
  AttributesSet: { at, attributes: AttributeChanges },
  /** A message that the execution owed is in the history of its receiver, or never will be. */
  MessageSettled: { at, id: MessageId, outcome: MessageOutcome, unread },
  /** A child has ended: `from` is its chain, and `closing` its last event. */
  ChildEnded: { at, workflowId: WorkflowId, from: RunId, closing: Schema.TaggedUnion(closing), unread },
  /** A signal arrived. A second one with the same key changes nothing. */
  SignalReceived: signal,
  /** An update was asked for. A second one with the same id changes nothing. */
  UpdateRequested: { ...request, unread },
  /** A handler of the program takes the update. */
  UpdateAccepted: { at, id: Schema.String },
  /** The answer to an update; without an acceptance it is a refusal. */
  UpdateAnswered: { at, id: Schema.String, exit: UpdateExit },
  /** Cancellation was requested, or the deadline passed. */
  CancelRequested: cancel,
  /**
   * A worker took the execution, and could replay it; or the one that has it has read what others recorded. `lost`: the worker
   * before it died, with the attempts that it ran. `version`: that of the program, to which the run is pinned from here on.
   */
  OwnerChanged: {
    at,
    owner: WorkerId,
    lost: Schema.optionalKey(Schema.Literal(true)),
    version: Schema.optionalKey(Schema.String)
  },
  /** The execution cannot go on until its code is put right. At `retryAt` it is tried again by itself. */
  ExecutionBlocked: { at, problem: Problem, retryAt: Schema.optionalKey(Schema.Finite) },
  /**
   * The program continues as new: the run is over, and its execution goes on with the next one, which begins with `next`. Nothing
   * else comes between the two.
   */
  ExecutionContinued: { at, next: Schema.Struct(started) },
  ...closing
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
  ActivityPending: { role: "noted", since: 2 },
  ActivityAttemptEnded: { role: "noted", since: 2 },
  ActivityResolved: { role: "delivered" },
  ActivityCancelled: { role: "command" },
  TimerStarted: { role: "command" },
  TimerFired: { role: "delivered" },
  TimerCancelled: { role: "command" },
  MessageSent: { role: "command", since: 2 },
  PatchRecorded: { role: "command", since: 2 },
  AttributesSet: { role: "command", since: 2 },
  MessageSettled: { role: "delivered", since: 2 },
  ChildEnded: { role: "delivered", since: 2 },
  SignalReceived: { role: "delivered" },
  UpdateRequested: { role: "delivered", since: 2 },
  UpdateAccepted: { role: "command", since: 2 },
  UpdateAnswered: { role: "command", since: 2 },
  CancelRequested: { role: "delivered" },
  OwnerChanged: { role: "noted" },
  ExecutionBlocked: { role: "noted" },
  ExecutionContinued: { role: "command", since: 2 },
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
export const formatOf = (event: HistoryEvent): number => {
  // A release that knows nothing of parents would tell them nothing, and one that knows nothing of chains would lose what they carry.
  if (event._tag === "ExecutionStarted" && (event.parent ?? event.continues) !== undefined) return 2
  // One that knows nothing of memos would leave it out of its summaries.
  if (event._tag === "ExecutionStarted" && event.memo !== undefined) return 2
  // One that knows nothing of compensations would lose what they failed with.
  if (event._tag === "ExecutionFailed" && event.detail !== undefined) return 2
  // One that knows nothing of the policy of a call would try as often as the contract says.
  if (event._tag === "ActivityScheduled" && event.retry !== undefined) return 2
  // One that knows nothing of ends from outside would not look for news.
  if (event._tag === "ActivityResolved" && event.unread === true) return 2
  // One that knows nothing of inline activities would wait for a handler.
  if (event._tag === "ActivityScheduled" && event.inline === true) return 2
  // One that knows nothing of keys would take a signal twice.
  return event._tag === "SignalReceived" && event.key !== undefined ? 2 : formats[event._tag]
}
