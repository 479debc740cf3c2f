/**
 * What the events of a run add up to: its status, what is open and how it ended.
 *
 * | event                  | status        | open                                        |
 * | ---------------------- | ------------- | ------------------------------------------- |
 * | `ExecutionStarted`     | `running`     | nothing                                     |
 * | `ActivityScheduled`    |               | adds the activity                           |
 * | `ActivityAttemptFailed`|               | counts the attempt, notes when to repeat it |
 * | `ActivityResolved`     |               | removes the activity                        |
 * | `ActivityCancelled`    |               | removes the activity                        |
 * | `TimerStarted`         |               | adds the timer                              |
 * | `TimerFired`           |               | removes the timer                           |
 * | `TimerCancelled`       |               | removes the timer                           |
 * | `SignalReceived`       |               |                                             |
 * | `CancelRequested`      |               | the first one is kept                       |
 * | `OwnerChanged`         | `running`     | names the owner                             |
 * | `ExecutionBlocked`     | `blocked`     |                                             |
 * | a closing event        | its own       | clears all                                  |
 */
import * as Schema from "effect/Schema";
import type { ClosingEvent, EventOf, Problem, RecordedExit } from "./HistoryEvent.ts";
import type { RunId, Sequence, WorkerId, WorkflowId } from "./Ids.ts";
/**
 * Where an execution stands. `running` and `blocked` are not final; the others never change.
 *
 * @category models
 * @since 0.1.0
 */
export declare const WorkflowStatus: Schema.Literals<readonly ["running", "blocked", "completed", "failed", "cancelled", "timedOut", "terminated"]>;
export type WorkflowStatus = typeof WorkflowStatus.Type;
/**
 * Whether a status is final.
 *
 * @category guards
 * @since 0.1.0
 */
export declare const isFinal: (status: WorkflowStatus) => boolean;
/**
 * An activity that was scheduled and has no result yet.
 *
 * @category models
 * @since 0.1.0
 */
export interface OpenActivity {
    readonly _tag: "Activity";
    readonly seq: Sequence;
    readonly scheduled: EventOf<"ActivityScheduled">;
    /** The failed attempts so far, oldest first: when and how. */
    readonly failures: ReadonlyArray<{
        readonly at: number;
        readonly failure: RecordedExit;
    }>;
    /** When the next attempt is due; absent while the first one is. */
    readonly retryAt: number | undefined;
}
/**
 * A timer that has not fired.
 *
 * @category models
 * @since 0.1.0
 */
export interface OpenTimer {
    readonly _tag: "Timer";
    readonly seq: Sequence;
    readonly fireAt: number;
}
/**
 * The state of one run, folded from its history by `evolve`.
 *
 * @category models
 * @since 0.1.0
 */
export interface WorkflowState {
    readonly workflow: string;
    readonly workflowId: WorkflowId;
    readonly runId: RunId;
    readonly status: WorkflowStatus;
    readonly startedAt: number;
    /** The time of the latest event, in milliseconds since 1970. */
    readonly updatedAt: number;
    readonly deadline: number | undefined;
    readonly owner: WorkerId | undefined;
    /** Commands without a result, in the order of their sequence numbers. */
    readonly open: ReadonlyArray<OpenActivity | OpenTimer>;
    readonly cancel: EventOf<"CancelRequested"> | undefined;
    readonly problem: Problem | undefined;
    /** The event that ended the run. */
    readonly closed: ClosingEvent | undefined;
}
