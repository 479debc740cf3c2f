/**
 * What the events of a run add up to: its status, what is open, what it owes and how it ended.
 *
 * | event                  | status        | open                                   | owed                          |
 * | ---------------------- | ------------- | -------------------------------------- | ----------------------------- |
 * | `ExecutionStarted`     | `running`     | what the run before left               | what the run before owed      |
 * | `ActivityScheduled`    |               | adds the activity                      |                               |
 * | `ActivityAttemptFailed`|               | counts the attempt, notes its next one |                               |
 * | `ActivityAttemptIsolated` |            | notes that the attempt runs alone      |                               |
 * | `ActivityPending`      |               | notes that a caller outside ends it, and its timeout |                 |
 * | `ActivityAttemptEnded` |               | notes the error of a caller outside, until the policy was asked |      |
 * | `ActivityResolved`     |               | removes the activity                   |                               |
 * | `ActivityCancelled`    |               | removes the activity                   |                               |
 * | `TimerStarted`         |               | adds the timer                         |                               |
 * | `TimerFired`           |               | removes the timer                      |                               |
 * | `TimerCancelled`       |               | removes the timer                      |                               |
 * | `MessageSent`          |               | a start adds the child                 | adds the message if addressed |
 * | `PatchRecorded`        |               |                                        |                               |
 * | `AttributesSet`        |               |                                        | (changes the attributes)      |
 * | `MessageSettled`       |               | a refused start removes the child      | removes the message           |
 * | `ChildEnded`           |               | removes the child                      |                               |
 * | `SignalReceived`       |               |                                        | (its key is kept)             |
 * | `UpdateRequested`      |               | adds the update, if its id is new      |                               |
 * | `UpdateAccepted`       |               | notes that a handler runs              |                               |
 * | `UpdateAnswered`       |               | removes the update; its id is kept     |                               |
 * | `CancelRequested`      |               | the first one is kept                  |                               |
 * | `OwnerChanged`         | `running`     | names the owner, counts lost attempts  |                               |
 * | `ExecutionBlocked`     | `blocked`     |                                        |                               |
 * | `ExecutionContinued`   |               | clears all                             | stays                         |
 * | a closing event        | its own       | clears all                             | stays; adds what children and parent are told |
 */
import type * as Schema from "effect/Schema";
import type { Address, Ancestor, Attribute, ClosingEvent, EventOf, OutgoingMessage, ParentClose, Problem, RecordedExit, Trace, WorkflowStatus } from "./HistoryEvent.ts";
import type { MessageId, RunId, Sequence, WorkerId, WorkflowId } from "./Ids.ts";
export { WorkflowStatus } from "./HistoryEvent.ts";
/**
 * Whether a status is final.
 *
 * @category guards
 * @since 0.1.0
 */
export declare const isFinal: (status: WorkflowStatus) => boolean;
/**
 * A command without its result: an activity, or a timer.
 *
 * @category models
 * @since 0.1.0
 */
export interface Open {
    readonly seq: Sequence;
    readonly issued: EventOf<"ActivityScheduled" | "TimerStarted">;
    /** The failed attempts of an activity so far, oldest first: when and how. */
    readonly failures: ReadonlyArray<{
        readonly at: number;
        readonly failure: RecordedExit;
    }>;
    /** When a timer fires, a failed activity is attempted again or a pending one times out; absent while the first attempt is due. */
    readonly dueAt: number | undefined;
    /** Set while an activity waits for a caller outside: after how many milliseconds it times out, if it does. */
    readonly pending?: {
        readonly after: number | undefined;
    } | undefined;
    /** The error with which a caller outside has ended its attempt, until its retry policy was asked. */
    readonly ended?: RecordedExit | undefined;
    /** Attempts of an activity that ended with their worker; absent when there were none. */
    readonly lost?: Lost | undefined;
}
/**
 * Attempts of an activity whose worker died while they ran or stood in line.
 *
 * @category models
 * @since 0.2.0
 */
export interface Lost {
    readonly attempts: number;
    /** Those of them that ran alone in their worker, so that nothing else can have ended it. */
    readonly alone: number;
    /** Whether the latest attempt runs alone. */
    readonly isAlone: boolean;
}
/**
 * A message that is in the history of its sender and not yet known to be in that of its receiver.
 *
 * @category models
 * @since 0.2.0
 */
export interface Owed {
    readonly id: MessageId;
    readonly to: WorkflowId;
    readonly message: OutgoingMessage | Ended;
    readonly address: Address;
    /** Since when it is owed, in milliseconds since 1970. */
    readonly since: number;
}
/**
 * What a parent is told when its child has ended.
 *
 * @category models
 * @since 0.2.0
 */
export interface Ended {
    readonly _tag: "Ended";
    readonly closing: ClosingEvent;
}
/**
 * A child that has not ended, as far as its parent knows.
 *
 * @category models
 * @since 0.2.0
 */
export interface Child {
    readonly workflow: string;
    readonly address: Address;
    readonly parentClose: ParentClose;
}
/**
 * An update that is not answered.
 *
 * @category models
 * @since 0.2.0
 */
export interface OpenUpdate {
    readonly name: string;
    /** Of name and input, by which a request is told from another one of the same id. */
    readonly digest: number;
    /** When it was asked for, in milliseconds since 1970. */
    readonly at: number;
    /** The span of the caller. */
    readonly trace?: Trace | undefined;
    /** The request, while no handler has taken it. */
    readonly request: EventOf<"UpdateRequested"> | undefined;
}
/**
 * The updates that a chain was asked for, by their ids.
 *
 * @category models
 * @since 0.2.0
 */
export interface Updates {
    /** The ones without an answer, oldest first. */
    readonly open: ReadonlyMap<string, OpenUpdate>;
    /** The digests of answered ones, as an id is answered once. The answers are in the history. */
    readonly answered: ReadonlyMap<string, number>;
}
/**
 * The state of one run, folded from its history.
 *
 * @category models
 * @since 0.1.0
 */
export interface WorkflowState {
    readonly workflow: string;
    /** The version of the workflow to which the run is pinned. */
    readonly workflowVersion: string | undefined;
    readonly workflowId: WorkflowId;
    readonly runId: RunId;
    /** The first run of the chain that this run continues: itself, unless it continues another. */
    readonly chain: RunId;
    readonly status: WorkflowStatus;
    /** When the chain began, in milliseconds since 1970. */
    readonly startedAt: number;
    /** The time of the latest event, in milliseconds since 1970. */
    readonly updatedAt: number;
    readonly deadline: number | undefined;
    readonly owner: WorkerId | undefined;
    readonly attributes: Readonly<Record<string, Attribute>>;
    readonly memo: Schema.Json | undefined;
    /** The execution that started this one as its child. */
    readonly parent: Ancestor | undefined;
    /** The first ancestor of a child. */
    readonly root: Ancestor | undefined;
    /** Commands without a result by their sequence numbers, oldest first. */
    readonly open: ReadonlyMap<Sequence, Open>;
    /** Messages to other executions that are not settled, oldest first. */
    readonly owed: ReadonlyMap<MessageId, Owed>;
    /** Children that have not ended, by their ids. */
    readonly children: ReadonlyMap<WorkflowId, Child>;
    /** How many messages the chain has sent. */
    readonly sent: number;
    /** How many events the run has, and from how many on its program is told to continue as new. */
    readonly length: number;
    readonly suggestContinueAt: number;
    /** The span that its start belongs to. */
    readonly trace?: Trace | undefined;
    readonly updates: Updates;
    /** The keys of signals that the chain has taken. */
    readonly keys: ReadonlySet<string>;
    /** Since when the history has events that its owner has not seen; absent when it has seen all. */
    readonly unreadSince: number | undefined;
    readonly cancel: EventOf<"CancelRequested"> | undefined;
    readonly problem: Problem | undefined;
    /** When a blocked execution is tried again by itself, in milliseconds since 1970. */
    readonly retryAt: number | undefined;
    /** The event by which the run is over and its execution goes on with the next one. */
    readonly continued: EventOf<"ExecutionContinued"> | undefined;
    /** The event that ended the run. */
    readonly closed: ClosingEvent | undefined;
    /** The stored form that the events of the run need. */
    readonly format: number;
}
