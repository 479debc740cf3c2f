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
import * as Schema from "effect/Schema";
/**
 * The version of the stored form of events that this release writes. Older forms are upcast when they are read.
 *
 * @category models
 * @since 0.1.0
 */
export declare const formatVersion = 1;
/**
 * A value thrown outside the typed errors of a program or handler: a bug, kept with its stack.
 *
 * @category models
 * @since 0.1.0
 */
export declare const RecordedDefect: Schema.Struct<{
    readonly name: Schema.String;
    readonly message: Schema.String;
    readonly stack: Schema.optionalKey<Schema.String>;
}>;
export type RecordedDefect = typeof RecordedDefect.Type;
/**
 * Why a program or an activity failed: an error of its schema, or a defect.
 *
 * @category models
 * @since 0.1.0
 */
export declare const RecordedFailure: Schema.TaggedUnion<{
    readonly Die: Schema.TaggedStruct<"Die", {
        readonly defect: Schema.Struct<{
            readonly name: Schema.String;
            readonly message: Schema.String;
            readonly stack: Schema.optionalKey<Schema.String>;
        }>;
    }>;
    readonly Fail: Schema.TaggedStruct<"Fail", {
        readonly error: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    }>;
}>;
export type RecordedFailure = typeof RecordedFailure.Type;
/**
 * How an activity ended, as it was recorded.
 *
 * @category models
 * @since 0.1.0
 */
export declare const RecordedExit: Schema.TaggedUnion<{
    readonly Die: Schema.TaggedStruct<"Die", {
        readonly defect: Schema.Struct<{
            readonly name: Schema.String;
            readonly message: Schema.String;
            readonly stack: Schema.optionalKey<Schema.String>;
        }>;
    }>;
    readonly Fail: Schema.TaggedStruct<"Fail", {
        readonly error: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    }>;
    readonly Success: Schema.TaggedStruct<"Success", {
        readonly value: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    }>;
    readonly TimedOut: Schema.TaggedStruct<"TimedOut", {
        readonly after: Schema.Finite;
    }>;
}>;
export type RecordedExit = typeof RecordedExit.Type;
/**
 * Why an execution cannot go on for now. It is not finished: a worker with the right code resumes it.
 *
 * @category models
 * @since 0.1.0
 */
export declare const Problem: Schema.Struct<{
    readonly reason: Schema.Literals<readonly ["NonDeterminism", "AsynchronousWork", "Spinning", "Undecodable", "TooLarge"]>;
    readonly message: Schema.String;
}>;
export type Problem = typeof Problem.Type;
/**
 * A text, number or flag by which executions can be found.
 *
 * @category models
 * @since 0.1.0
 */
export declare const Attribute: Schema.Union<readonly [Schema.String, Schema.Finite, Schema.Boolean]>;
export type Attribute = typeof Attribute.Type;
/**
 * A recorded fact of an execution.
 *
 * @category models
 * @since 0.1.0
 */
export declare const HistoryEvent: Schema.TaggedUnion<{
    readonly ActivityAttemptFailed: Schema.TaggedStruct<"ActivityAttemptFailed", {
        readonly at: Schema.Finite;
        readonly seq: Schema.brand<Schema.Int, "Sequence">;
        readonly attempt: Schema.Int;
        readonly failure: Schema.TaggedUnion<{
            readonly Die: Schema.TaggedStruct<"Die", {
                readonly defect: Schema.Struct<{
                    readonly name: Schema.String;
                    readonly message: Schema.String;
                    readonly stack: Schema.optionalKey<Schema.String>;
                }>;
            }>;
            readonly Fail: Schema.TaggedStruct<"Fail", {
                readonly error: Schema.Codec<Schema.Json, Schema.Json, never, never>;
            }>;
            readonly Success: Schema.TaggedStruct<"Success", {
                readonly value: Schema.Codec<Schema.Json, Schema.Json, never, never>;
            }>;
            readonly TimedOut: Schema.TaggedStruct<"TimedOut", {
                readonly after: Schema.Finite;
            }>;
        }>;
        readonly retryAt: Schema.Finite;
    }>;
    readonly ActivityCancelled: Schema.TaggedStruct<"ActivityCancelled", {
        readonly at: Schema.Finite;
        readonly seq: Schema.brand<Schema.Int, "Sequence">;
    }>;
    readonly ActivityResolved: Schema.TaggedStruct<"ActivityResolved", {
        readonly at: Schema.Finite;
        readonly seq: Schema.brand<Schema.Int, "Sequence">;
        readonly exit: Schema.TaggedUnion<{
            readonly Die: Schema.TaggedStruct<"Die", {
                readonly defect: Schema.Struct<{
                    readonly name: Schema.String;
                    readonly message: Schema.String;
                    readonly stack: Schema.optionalKey<Schema.String>;
                }>;
            }>;
            readonly Fail: Schema.TaggedStruct<"Fail", {
                readonly error: Schema.Codec<Schema.Json, Schema.Json, never, never>;
            }>;
            readonly Success: Schema.TaggedStruct<"Success", {
                readonly value: Schema.Codec<Schema.Json, Schema.Json, never, never>;
            }>;
            readonly TimedOut: Schema.TaggedStruct<"TimedOut", {
                readonly after: Schema.Finite;
            }>;
        }>;
    }>;
    readonly ActivityScheduled: Schema.TaggedStruct<"ActivityScheduled", {
        readonly at: Schema.Finite;
        readonly seq: Schema.brand<Schema.Int, "Sequence">;
        readonly name: Schema.String;
        readonly input: Schema.Codec<Schema.Json, Schema.Json, never, never>;
        readonly digest: Schema.Finite;
    }>;
    readonly CancelRequested: Schema.TaggedStruct<"CancelRequested", {
        readonly at: Schema.Finite;
        readonly kind: Schema.Literals<readonly ["cancel", "timeout"]>;
        readonly reason: Schema.String;
    }>;
    readonly ExecutionBlocked: Schema.TaggedStruct<"ExecutionBlocked", {
        readonly at: Schema.Finite;
        readonly problem: Schema.Struct<{
            readonly reason: Schema.Literals<readonly ["NonDeterminism", "AsynchronousWork", "Spinning", "Undecodable", "TooLarge"]>;
            readonly message: Schema.String;
        }>;
    }>;
    readonly ExecutionCancelled: Schema.TaggedStruct<"ExecutionCancelled", {
        readonly at: Schema.Finite;
        readonly reason: Schema.String;
        readonly detail: Schema.optionalKey<Schema.String>;
    }>;
    readonly ExecutionCompleted: Schema.TaggedStruct<"ExecutionCompleted", {
        readonly at: Schema.Finite;
        readonly value: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    }>;
    readonly ExecutionFailed: Schema.TaggedStruct<"ExecutionFailed", {
        readonly at: Schema.Finite;
        readonly failure: Schema.TaggedUnion<{
            readonly Die: Schema.TaggedStruct<"Die", {
                readonly defect: Schema.Struct<{
                    readonly name: Schema.String;
                    readonly message: Schema.String;
                    readonly stack: Schema.optionalKey<Schema.String>;
                }>;
            }>;
            readonly Fail: Schema.TaggedStruct<"Fail", {
                readonly error: Schema.Codec<Schema.Json, Schema.Json, never, never>;
            }>;
        }>;
    }>;
    readonly ExecutionStarted: Schema.TaggedStruct<"ExecutionStarted", {
        readonly at: Schema.Finite;
        readonly workflow: Schema.String;
        readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
        readonly runId: Schema.brand<Schema.String, "RunId">;
        readonly input: Schema.Codec<Schema.Json, Schema.Json, never, never>;
        readonly deadline: Schema.optionalKey<Schema.Finite>;
    }>;
    readonly ExecutionTerminated: Schema.TaggedStruct<"ExecutionTerminated", {
        readonly at: Schema.Finite;
        readonly reason: Schema.String;
    }>;
    readonly ExecutionTimedOut: Schema.TaggedStruct<"ExecutionTimedOut", {
        readonly at: Schema.Finite;
        readonly detail: Schema.optionalKey<Schema.String>;
    }>;
    readonly OwnerChanged: Schema.TaggedStruct<"OwnerChanged", {
        readonly at: Schema.Finite;
        readonly owner: Schema.brand<Schema.String, "WorkerId">;
    }>;
    readonly SignalReceived: Schema.TaggedStruct<"SignalReceived", {
        readonly at: Schema.Finite;
        readonly name: Schema.String;
        readonly payload: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    }>;
    readonly TimerCancelled: Schema.TaggedStruct<"TimerCancelled", {
        readonly at: Schema.Finite;
        readonly seq: Schema.brand<Schema.Int, "Sequence">;
    }>;
    readonly TimerFired: Schema.TaggedStruct<"TimerFired", {
        readonly at: Schema.Finite;
        readonly seq: Schema.brand<Schema.Int, "Sequence">;
    }>;
    readonly TimerStarted: Schema.TaggedStruct<"TimerStarted", {
        readonly at: Schema.Finite;
        readonly seq: Schema.brand<Schema.Int, "Sequence">;
        readonly fireAt: Schema.Finite;
    }>;
}>;
export type HistoryEvent = typeof HistoryEvent.Type;
/**
 * The event with the given tag.
 *
 * @category models
 * @since 0.1.0
 */
export type EventOf<Tag extends HistoryEvent["_tag"]> = Extract<HistoryEvent, {
    readonly _tag: Tag;
}>;
/**
 * The events that a program is told of.
 *
 * @category models
 * @since 0.1.0
 */
export type DeliveredEvent = EventOf<"ExecutionStarted" | "ActivityResolved" | "TimerFired" | "SignalReceived" | "CancelRequested">;
/**
 * The events that a program itself issues: its commands.
 *
 * @category models
 * @since 0.1.0
 */
export type CommandEvent = EventOf<"ActivityScheduled" | "ActivityCancelled" | "TimerStarted" | "TimerCancelled" | "ExecutionCompleted" | "ExecutionFailed" | "ExecutionCancelled" | "ExecutionTimedOut">;
/**
 * The events after which a run never changes.
 *
 * @category models
 * @since 0.1.0
 */
export type ClosingEvent = EventOf<"ExecutionCompleted" | "ExecutionFailed" | "ExecutionCancelled" | "ExecutionTimedOut" | "ExecutionTerminated">;
/**
 * Whether the program issued the event.
 *
 * @category guards
 * @since 0.1.0
 */
export declare const isCommand: (event: HistoryEvent) => event is CommandEvent;
/**
 * Whether the program is told of the event.
 *
 * @category guards
 * @since 0.1.0
 */
export declare const isDelivered: (event: HistoryEvent) => event is DeliveredEvent;
/**
 * Whether the event ends the run.
 *
 * @category guards
 * @since 0.1.0
 */
export declare const isClosing: (event: HistoryEvent) => event is ClosingEvent;
