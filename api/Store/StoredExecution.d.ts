/**
 * Executions as stores keep them, and the questions by which they are found.
 */
import type * as Option from "effect/Option";
import * as Schema from "effect/Schema";
import { Attribute, HistoryEvent } from "../HistoryEvent.ts";
import { type Ref, RunId, Version, WorkerId, WorkflowId } from "../Ids.ts";
import { WorkflowStatus } from "../WorkflowState.ts";
/**
 * The value that a program publishes for a query, or why it is left out.
 *
 * @category models
 * @since 0.2.0
 */
export declare const PublishedValue: Schema.Union<readonly [Schema.Struct<{
    readonly value: Schema.Codec<Schema.Json, Schema.Json, never, never>;
}>, Schema.Struct<{
    readonly leftOut: Schema.String;
}>]>;
export type PublishedValue = typeof PublishedValue.Type;
/**
 * What is known of an execution without reading its history. It is part of every commit.
 *
 * @category models
 * @since 0.1.0
 */
export declare const ExecutionSummary: Schema.Struct<{
    readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
    readonly runId: Schema.brand<Schema.String, "RunId">;
    readonly workflow: Schema.String;
    /** The version of the workflow to which it is pinned. */
    readonly workflowVersion: Schema.optionalKey<Schema.String>;
    readonly status: Schema.Literals<readonly ["running", "blocked", "completed", "failed", "cancelled", "timedOut", "terminated"]>;
    /** The version of the commit that this summary is part of. */
    readonly version: Schema.brand<Schema.Int, "Version">;
    /** The version of the first commit of this run. */
    readonly firstVersion: Schema.brand<Schema.Int, "Version">;
    /** The first run of the chain, when this run continues another one. */
    readonly chain: Schema.optionalKey<Schema.brand<Schema.String, "RunId">>;
    /** When its first run began. */
    readonly startedAt: Schema.Finite;
    readonly updatedAt: Schema.Finite;
    readonly closedAt: Schema.optionalKey<Schema.Finite>;
    /** When a worker must look at the execution; absent when only an event from outside can move it. */
    readonly wakeAt: Schema.optionalKey<Schema.Finite>;
    /** The worker that runs it; absent when no worker has taken it yet and when it is finished. */
    readonly owner: Schema.optionalKey<Schema.brand<Schema.String, "WorkerId">>;
    /** What it waits for, or why it is blocked; `Waiting.inWords` says it in words. */
    readonly waitingFor: Schema.$Array<Schema.TaggedUnion<{
        readonly Activity: Schema.TaggedStruct<"Activity", {
            readonly seq: Schema.brand<Schema.Int, "Sequence">;
            readonly name: Schema.String;
            readonly attempt: Schema.Int;
            readonly retryAt: Schema.optionalKey<Schema.Finite>;
            readonly alone: Schema.optionalKey<Schema.Literal<true>>;
            readonly pending: Schema.optionalKey<Schema.Literal<true>>;
            readonly timeoutAt: Schema.optionalKey<Schema.Finite>;
        }>;
        readonly Answer: Schema.TaggedStruct<"Answer", {
            readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
            readonly operation: Schema.String;
        }>;
        readonly Blocked: Schema.TaggedStruct<"Blocked", {
            readonly problem: Schema.Struct<{
                readonly reason: Schema.Literals<readonly ["NonDeterminism", "AsynchronousWork", "Spinning", "Undecodable", "TooLarge", "Unsupported", "LostAttempts", "HistoryTooLong", "Defect"]>;
                readonly message: Schema.String;
            }>;
            readonly retryAt: Schema.optionalKey<Schema.Finite>;
        }>;
        readonly Cancelling: Schema.TaggedStruct<"Cancelling", {
            readonly reason: Schema.String;
        }>;
        readonly Child: Schema.TaggedStruct<"Child", {
            readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
            readonly workflow: Schema.String;
        }>;
        readonly Deliveries: Schema.TaggedStruct<"Deliveries", {
            readonly count: Schema.Int;
        }>;
        readonly Delivery: Schema.TaggedStruct<"Delivery", {
            readonly to: Schema.brand<Schema.String, "WorkflowId">;
            readonly message: Schema.String;
        }>;
        readonly More: Schema.TaggedStruct<"More", {
            readonly count: Schema.Int;
        }>;
        readonly NextRun: Schema.TaggedStruct<"NextRun", {}>;
        readonly Nothing: Schema.TaggedStruct<"Nothing", {}>;
        readonly Other: Schema.TaggedStruct<"Other", {
            readonly text: Schema.String;
        }>;
        readonly Signal: Schema.TaggedStruct<"Signal", {
            readonly name: Schema.String;
        }>;
        readonly Timer: Schema.TaggedStruct<"Timer", {
            readonly seq: Schema.brand<Schema.Int, "Sequence">;
            readonly until: Schema.Finite;
        }>;
        readonly Update: Schema.TaggedStruct<"Update", {
            readonly id: Schema.String;
            readonly name: Schema.String;
            readonly accepted: Schema.optionalKey<Schema.Literal<true>>;
        }>;
        readonly Updates: Schema.TaggedStruct<"Updates", {
            readonly names: Schema.$Array<Schema.String>;
        }>;
        readonly Worker: Schema.TaggedStruct<"Worker", {
            readonly workflow: Schema.String;
            readonly version: Schema.optionalKey<Schema.String>;
        }>;
    }>>;
    /** How many signals of each name it was sent that its program has not received; absent when there are none. */
    readonly unreceived: Schema.optionalKey<Schema.$Record<Schema.String, Schema.Int>>;
    readonly attributes: Schema.$Record<Schema.String, Schema.Union<readonly [Schema.String, Schema.Finite, Schema.Boolean]>>;
    /** What its start said of it; absent when that was nothing. */
    readonly memo: Schema.optionalKey<Schema.Codec<Schema.Json, Schema.Json, never, never>>;
    /** The execution that started this one as its child. */
    readonly parent: Schema.optionalKey<Schema.Struct<{
        readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
        readonly chain: Schema.brand<Schema.String, "RunId">;
    }>>;
    /** The first ancestor of a child: its parent, or the root of that. */
    readonly root: Schema.optionalKey<Schema.Struct<{
        readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
        readonly chain: Schema.brand<Schema.String, "RunId">;
    }>>;
    /** How many messages it still owes to other executions; absent when none. A finished execution may owe some. */
    readonly owed: Schema.optionalKey<Schema.Int>;
    /** The values that its program publishes, by the names of their queries, in 8 KB; absent when it publishes none. */
    readonly published: Schema.optionalKey<Schema.$Record<Schema.String, Schema.Union<readonly [Schema.Struct<{
        readonly value: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    }>, Schema.Struct<{
        readonly leftOut: Schema.String;
    }>]>>>;
    /** The stored form that its events need; absent for form 1. */
    readonly format: Schema.optionalKey<Schema.Int>;
}>;
export type ExecutionSummary = typeof ExecutionSummary.Type;
/**
 * A batch of events appended to the history of one execution at one version.
 *
 * @category models
 * @since 0.1.0
 */
export declare const Commit: Schema.Struct<{
    /** Names this very commit, so that a repeated save is recognised. */
    readonly id: Schema.String;
    readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
    readonly runId: Schema.brand<Schema.String, "RunId">;
    readonly version: Schema.brand<Schema.Int, "Version">;
    readonly events: Schema.NonEmptyArray<Schema.TaggedUnion<{
        readonly ActivityAttemptEnded: Schema.TaggedStruct<"ActivityAttemptEnded", {
            readonly at: Schema.Finite;
            readonly seq: Schema.brand<Schema.Int, "Sequence">;
            readonly attempt: Schema.Int;
            readonly failure: Schema.TaggedStruct<"Fail", {
                readonly error: Schema.Codec<Schema.Json, Schema.Json, never, never>;
            }>;
            readonly unread: Schema.optionalKey<Schema.Literal<true>>;
        }>;
        readonly ActivityAttemptFailed: Schema.TaggedStruct<"ActivityAttemptFailed", {
            readonly at: Schema.Finite;
            readonly seq: Schema.brand<Schema.Int, "Sequence">;
            readonly attempt: Schema.Int;
            readonly failure: Schema.TaggedUnion<{
                readonly Die: Schema.TaggedStruct<"Die", {
                    readonly defect: Schema.Codec<import("../RecordedFailure.ts").RecordedDefect, import("../RecordedFailure.ts").RecordedDefect, never, never>;
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
        readonly ActivityAttemptIsolated: Schema.TaggedStruct<"ActivityAttemptIsolated", {
            readonly at: Schema.Finite;
            readonly seq: Schema.brand<Schema.Int, "Sequence">;
            readonly attempt: Schema.Int;
            readonly over: Schema.optionalKey<Schema.Literal<true>>;
        }>;
        readonly ActivityCancelled: Schema.TaggedStruct<"ActivityCancelled", {
            readonly at: Schema.Finite;
            readonly seq: Schema.brand<Schema.Int, "Sequence">;
        }>;
        readonly ActivityPending: Schema.TaggedStruct<"ActivityPending", {
            readonly at: Schema.Finite;
            readonly seq: Schema.brand<Schema.Int, "Sequence">;
            readonly attempt: Schema.Int;
            readonly timeout: Schema.optionalKey<Schema.Struct<{
                readonly at: Schema.Finite;
                readonly after: Schema.Finite;
            }>>;
        }>;
        readonly ActivityResolved: Schema.TaggedStruct<"ActivityResolved", {
            readonly at: Schema.Finite;
            readonly seq: Schema.brand<Schema.Int, "Sequence">;
            readonly exit: Schema.TaggedUnion<{
                readonly Die: Schema.TaggedStruct<"Die", {
                    readonly defect: Schema.Codec<import("../RecordedFailure.ts").RecordedDefect, import("../RecordedFailure.ts").RecordedDefect, never, never>;
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
            readonly unread: Schema.optionalKey<Schema.Literal<true>>;
        }>;
        readonly ActivityScheduled: Schema.TaggedStruct<"ActivityScheduled", {
            readonly at: Schema.Finite;
            readonly seq: Schema.brand<Schema.Int, "Sequence">;
            readonly name: Schema.String;
            readonly input: Schema.Codec<Schema.Json, Schema.Json, never, never>;
            readonly digest: Schema.Finite;
            readonly timeouts: Schema.optionalKey<Schema.Struct<{
                readonly attempt: Schema.optionalKey<Schema.Finite>;
                readonly total: Schema.optionalKey<Schema.Finite>;
            }>>;
            readonly retry: Schema.optionalKey<Schema.Struct<{
                readonly initialInterval: Schema.Finite;
                readonly coefficient: Schema.Finite;
                readonly maxAttempts: Schema.optionalKey<Schema.Int>;
                readonly maximumInterval: Schema.optionalKey<Schema.Finite>;
                readonly jitter: Schema.optionalKey<Schema.Literal<true>>;
            }>>;
            readonly inline: Schema.optionalKey<Schema.Literal<true>>;
        }>;
        readonly AttributesSet: Schema.TaggedStruct<"AttributesSet", {
            readonly at: Schema.Finite;
            readonly attributes: Schema.$Record<Schema.String, Schema.NullOr<Schema.Union<readonly [Schema.String, Schema.Finite, Schema.Boolean]>>>;
        }>;
        readonly CancelRequested: Schema.TaggedStruct<"CancelRequested", {
            id: Schema.optionalKey<Schema.brand<Schema.String, "MessageId">>;
            from: Schema.optionalKey<Schema.brand<Schema.String, "RunId">>;
            at: Schema.Finite;
            kind: Schema.Literals<readonly ["cancel", "timeout"]>;
            reason: Schema.String;
            unread: Schema.optionalKey<Schema.Literal<true>>;
        }>;
        readonly ChildEnded: Schema.TaggedStruct<"ChildEnded", {
            readonly at: Schema.Finite;
            readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
            readonly from: Schema.brand<Schema.String, "RunId">;
            readonly closing: Schema.TaggedUnion<{
                readonly ExecutionCancelled: Schema.TaggedStruct<"ExecutionCancelled", {
                    at: Schema.Finite;
                    reason: Schema.String;
                    detail: Schema.optionalKey<Schema.String>;
                }>;
                readonly ExecutionCompleted: Schema.TaggedStruct<"ExecutionCompleted", {
                    at: Schema.Finite;
                    value: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                }>;
                readonly ExecutionFailed: Schema.TaggedStruct<"ExecutionFailed", {
                    at: Schema.Finite;
                    failure: Schema.TaggedUnion<{
                        readonly Die: Schema.TaggedStruct<"Die", {
                            defect: Schema.Codec<import("../RecordedFailure.ts").RecordedDefect, import("../RecordedFailure.ts").RecordedDefect, never, never>;
                        }>;
                        readonly Fail: Schema.TaggedStruct<"Fail", {
                            error: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                        }>;
                        readonly Other: Schema.TaggedStruct<"Other", {
                            operation: Schema.String;
                            workflowId: Schema.optionalKey<Schema.String>;
                            reason: Schema.String;
                            message: Schema.String;
                        }>;
                    }>;
                    detail: Schema.optionalKey<Schema.String>;
                }>;
                readonly ExecutionTerminated: Schema.TaggedStruct<"ExecutionTerminated", {
                    at: Schema.Finite;
                    reason: Schema.String;
                }>;
                readonly ExecutionTimedOut: Schema.TaggedStruct<"ExecutionTimedOut", {
                    at: Schema.Finite;
                    detail: Schema.optionalKey<Schema.String>;
                }>;
            }>;
            readonly unread: Schema.optionalKey<Schema.Literal<true>>;
        }>;
        readonly ExecutionBlocked: Schema.TaggedStruct<"ExecutionBlocked", {
            readonly at: Schema.Finite;
            readonly problem: Schema.Struct<{
                readonly reason: Schema.Literals<readonly ["NonDeterminism", "AsynchronousWork", "Spinning", "Undecodable", "TooLarge", "Unsupported", "LostAttempts", "HistoryTooLong", "Defect"]>;
                readonly message: Schema.String;
            }>;
            readonly retryAt: Schema.optionalKey<Schema.Finite>;
        }>;
        readonly ExecutionCancelled: Schema.TaggedStruct<"ExecutionCancelled", {
            at: Schema.Finite;
            reason: Schema.String;
            detail: Schema.optionalKey<Schema.String>;
        }>;
        readonly ExecutionCompleted: Schema.TaggedStruct<"ExecutionCompleted", {
            at: Schema.Finite;
            value: Schema.Codec<Schema.Json, Schema.Json, never, never>;
        }>;
        readonly ExecutionContinued: Schema.TaggedStruct<"ExecutionContinued", {
            readonly at: Schema.Finite;
            readonly next: Schema.Struct<{
                at: Schema.Finite;
                workflow: Schema.String;
                workflowId: Schema.brand<Schema.String, "WorkflowId">;
                runId: Schema.brand<Schema.String, "RunId">;
                input: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                deadline: Schema.optionalKey<Schema.Finite>;
                owner: Schema.optionalKey<Schema.brand<Schema.String, "WorkerId">>;
                attributes: Schema.optionalKey<Schema.$Record<Schema.String, Schema.Union<readonly [Schema.String, Schema.Finite, Schema.Boolean]>>>;
                memo: Schema.optionalKey<Schema.Codec<Schema.Json, Schema.Json, never, never>>;
                parent: Schema.optionalKey<Schema.Struct<{
                    readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
                    readonly chain: Schema.brand<Schema.String, "RunId">;
                }>>;
                root: Schema.optionalKey<Schema.Struct<{
                    readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
                    readonly chain: Schema.brand<Schema.String, "RunId">;
                }>>;
                version: Schema.optionalKey<Schema.String>;
                continues: Schema.optionalKey<Schema.Struct<{
                    readonly run: Schema.brand<Schema.String, "RunId">;
                    readonly chain: Schema.brand<Schema.String, "RunId">;
                    readonly startedAt: Schema.Finite;
                    readonly input: Schema.Finite;
                    readonly sent: Schema.Int;
                    readonly owed: Schema.$Array<Schema.Struct<{
                        readonly id: Schema.brand<Schema.String, "MessageId">;
                        readonly to: Schema.brand<Schema.String, "WorkflowId">;
                        readonly message: Schema.Union<readonly [Schema.TaggedStruct<"Signal", {
                            readonly name: Schema.String;
                            readonly payload: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                            readonly key: Schema.optionalKey<Schema.String>;
                            readonly trace: Schema.optionalKey<Schema.Struct<{
                                readonly traceId: Schema.String;
                                readonly spanId: Schema.String;
                                readonly sampled: Schema.Boolean;
                            }>>;
                        }>, Schema.TaggedStruct<"Cancel", {
                            readonly reason: Schema.String;
                        }>, Schema.TaggedStruct<"Terminate", {
                            readonly reason: Schema.String;
                        }>, Schema.TaggedStruct<"Start", {
                            readonly workflow: Schema.String;
                            readonly version: Schema.optionalKey<Schema.String>;
                            readonly input: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                            readonly parentClose: Schema.Literals<readonly ["cancel", "terminate", "abandon"]>;
                            readonly timeout: Schema.optionalKey<Schema.Finite>;
                            readonly attributes: Schema.optionalKey<Schema.$Record<Schema.String, Schema.Union<readonly [Schema.String, Schema.Finite, Schema.Boolean]>>>;
                            readonly memo: Schema.optionalKey<Schema.Codec<Schema.Json, Schema.Json, never, never>>;
                        }>]>;
                        readonly address: Schema.Struct<{
                            readonly chain: Schema.brand<Schema.String, "RunId">;
                            readonly version: Schema.brand<Schema.Int, "Version">;
                        }>;
                        readonly since: Schema.Finite;
                    }>>;
                    readonly children: Schema.$Array<Schema.Struct<{
                        readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
                        readonly workflow: Schema.String;
                        readonly address: Schema.Struct<{
                            readonly chain: Schema.brand<Schema.String, "RunId">;
                            readonly version: Schema.brand<Schema.Int, "Version">;
                        }>;
                        readonly parentClose: Schema.Literals<readonly ["cancel", "terminate", "abandon"]>;
                    }>>;
                    readonly ended: Schema.optionalKey<Schema.$Array<Schema.Struct<{
                        readonly from: Schema.brand<Schema.String, "RunId">;
                        readonly closing: Schema.TaggedUnion<{
                            readonly ExecutionCancelled: Schema.TaggedStruct<"ExecutionCancelled", {
                                at: Schema.Finite;
                                reason: Schema.String;
                                detail: Schema.optionalKey<Schema.String>;
                            }>;
                            readonly ExecutionCompleted: Schema.TaggedStruct<"ExecutionCompleted", {
                                at: Schema.Finite;
                                value: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                            }>;
                            readonly ExecutionFailed: Schema.TaggedStruct<"ExecutionFailed", {
                                at: Schema.Finite;
                                failure: Schema.TaggedUnion<{
                                    readonly Die: Schema.TaggedStruct<"Die", {
                                        defect: Schema.Codec<import("../RecordedFailure.ts").RecordedDefect, import("../RecordedFailure.ts").RecordedDefect, never, never>;
                                    }>;
                                    readonly Fail: Schema.TaggedStruct<"Fail", {
                                        error: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                                    }>;
                                    readonly Other: Schema.TaggedStruct<"Other", {
                                        operation: Schema.String;
                                        workflowId: Schema.optionalKey<Schema.String>;
                                        reason: Schema.String;
                                        message: Schema.String;
                                    }>;
                                }>;
                                detail: Schema.optionalKey<Schema.String>;
                            }>;
                            readonly ExecutionTerminated: Schema.TaggedStruct<"ExecutionTerminated", {
                                at: Schema.Finite;
                                reason: Schema.String;
                            }>;
                            readonly ExecutionTimedOut: Schema.TaggedStruct<"ExecutionTimedOut", {
                                at: Schema.Finite;
                                detail: Schema.optionalKey<Schema.String>;
                            }>;
                        }>;
                    }>>>;
                    readonly updates: Schema.Struct<{
                        readonly open: Schema.$Array<Schema.Struct<{
                            at: Schema.Finite;
                            id: Schema.String;
                            name: Schema.String;
                            input: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                            trace: Schema.optionalKey<Schema.Struct<{
                                readonly traceId: Schema.String;
                                readonly spanId: Schema.String;
                                readonly sampled: Schema.Boolean;
                            }>>;
                        }>>;
                        readonly answered: Schema.$Array<Schema.Tuple<readonly [Schema.String, Schema.Finite]>>;
                    }>;
                    readonly keys: Schema.$Array<Schema.String>;
                    readonly unread: Schema.$Array<Schema.Struct<{
                        id: Schema.optionalKey<Schema.brand<Schema.String, "MessageId">>;
                        from: Schema.optionalKey<Schema.brand<Schema.String, "RunId">>;
                        at: Schema.Finite;
                        name: Schema.String;
                        payload: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                        key: Schema.optionalKey<Schema.String>;
                        trace: Schema.optionalKey<Schema.Struct<{
                            readonly traceId: Schema.String;
                            readonly spanId: Schema.String;
                            readonly sampled: Schema.Boolean;
                        }>>;
                        unread: Schema.optionalKey<Schema.Literal<true>>;
                    }>>;
                    readonly cancel: Schema.optionalKey<Schema.Struct<{
                        id: Schema.optionalKey<Schema.brand<Schema.String, "MessageId">>;
                        from: Schema.optionalKey<Schema.brand<Schema.String, "RunId">>;
                        at: Schema.Finite;
                        kind: Schema.Literals<readonly ["cancel", "timeout"]>;
                        reason: Schema.String;
                        unread: Schema.optionalKey<Schema.Literal<true>>;
                    }>>;
                }>>;
                suggestContinueAt: Schema.optionalKey<Schema.Int>;
                trace: Schema.optionalKey<Schema.Struct<{
                    readonly traceId: Schema.String;
                    readonly spanId: Schema.String;
                    readonly sampled: Schema.Boolean;
                }>>;
            }>;
        }>;
        readonly ExecutionFailed: Schema.TaggedStruct<"ExecutionFailed", {
            at: Schema.Finite;
            failure: Schema.TaggedUnion<{
                readonly Die: Schema.TaggedStruct<"Die", {
                    defect: Schema.Codec<import("../RecordedFailure.ts").RecordedDefect, import("../RecordedFailure.ts").RecordedDefect, never, never>;
                }>;
                readonly Fail: Schema.TaggedStruct<"Fail", {
                    error: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                }>;
                readonly Other: Schema.TaggedStruct<"Other", {
                    operation: Schema.String;
                    workflowId: Schema.optionalKey<Schema.String>;
                    reason: Schema.String;
                    message: Schema.String;
                }>;
            }>;
            detail: Schema.optionalKey<Schema.String>;
        }>;
        readonly ExecutionStarted: Schema.TaggedStruct<"ExecutionStarted", {
            at: Schema.Finite;
            workflow: Schema.String;
            workflowId: Schema.brand<Schema.String, "WorkflowId">;
            runId: Schema.brand<Schema.String, "RunId">;
            input: Schema.Codec<Schema.Json, Schema.Json, never, never>;
            deadline: Schema.optionalKey<Schema.Finite>;
            owner: Schema.optionalKey<Schema.brand<Schema.String, "WorkerId">>;
            attributes: Schema.optionalKey<Schema.$Record<Schema.String, Schema.Union<readonly [Schema.String, Schema.Finite, Schema.Boolean]>>>;
            memo: Schema.optionalKey<Schema.Codec<Schema.Json, Schema.Json, never, never>>;
            parent: Schema.optionalKey<Schema.Struct<{
                readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
                readonly chain: Schema.brand<Schema.String, "RunId">;
            }>>;
            root: Schema.optionalKey<Schema.Struct<{
                readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
                readonly chain: Schema.brand<Schema.String, "RunId">;
            }>>;
            version: Schema.optionalKey<Schema.String>;
            continues: Schema.optionalKey<Schema.Struct<{
                readonly run: Schema.brand<Schema.String, "RunId">;
                readonly chain: Schema.brand<Schema.String, "RunId">;
                readonly startedAt: Schema.Finite;
                readonly input: Schema.Finite;
                readonly sent: Schema.Int;
                readonly owed: Schema.$Array<Schema.Struct<{
                    readonly id: Schema.brand<Schema.String, "MessageId">;
                    readonly to: Schema.brand<Schema.String, "WorkflowId">;
                    readonly message: Schema.Union<readonly [Schema.TaggedStruct<"Signal", {
                        readonly name: Schema.String;
                        readonly payload: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                        readonly key: Schema.optionalKey<Schema.String>;
                        readonly trace: Schema.optionalKey<Schema.Struct<{
                            readonly traceId: Schema.String;
                            readonly spanId: Schema.String;
                            readonly sampled: Schema.Boolean;
                        }>>;
                    }>, Schema.TaggedStruct<"Cancel", {
                        readonly reason: Schema.String;
                    }>, Schema.TaggedStruct<"Terminate", {
                        readonly reason: Schema.String;
                    }>, Schema.TaggedStruct<"Start", {
                        readonly workflow: Schema.String;
                        readonly version: Schema.optionalKey<Schema.String>;
                        readonly input: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                        readonly parentClose: Schema.Literals<readonly ["cancel", "terminate", "abandon"]>;
                        readonly timeout: Schema.optionalKey<Schema.Finite>;
                        readonly attributes: Schema.optionalKey<Schema.$Record<Schema.String, Schema.Union<readonly [Schema.String, Schema.Finite, Schema.Boolean]>>>;
                        readonly memo: Schema.optionalKey<Schema.Codec<Schema.Json, Schema.Json, never, never>>;
                    }>]>;
                    readonly address: Schema.Struct<{
                        readonly chain: Schema.brand<Schema.String, "RunId">;
                        readonly version: Schema.brand<Schema.Int, "Version">;
                    }>;
                    readonly since: Schema.Finite;
                }>>;
                readonly children: Schema.$Array<Schema.Struct<{
                    readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
                    readonly workflow: Schema.String;
                    readonly address: Schema.Struct<{
                        readonly chain: Schema.brand<Schema.String, "RunId">;
                        readonly version: Schema.brand<Schema.Int, "Version">;
                    }>;
                    readonly parentClose: Schema.Literals<readonly ["cancel", "terminate", "abandon"]>;
                }>>;
                readonly ended: Schema.optionalKey<Schema.$Array<Schema.Struct<{
                    readonly from: Schema.brand<Schema.String, "RunId">;
                    readonly closing: Schema.TaggedUnion<{
                        readonly ExecutionCancelled: Schema.TaggedStruct<"ExecutionCancelled", {
                            at: Schema.Finite;
                            reason: Schema.String;
                            detail: Schema.optionalKey<Schema.String>;
                        }>;
                        readonly ExecutionCompleted: Schema.TaggedStruct<"ExecutionCompleted", {
                            at: Schema.Finite;
                            value: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                        }>;
                        readonly ExecutionFailed: Schema.TaggedStruct<"ExecutionFailed", {
                            at: Schema.Finite;
                            failure: Schema.TaggedUnion<{
                                readonly Die: Schema.TaggedStruct<"Die", {
                                    defect: Schema.Codec<import("../RecordedFailure.ts").RecordedDefect, import("../RecordedFailure.ts").RecordedDefect, never, never>;
                                }>;
                                readonly Fail: Schema.TaggedStruct<"Fail", {
                                    error: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                                }>;
                                readonly Other: Schema.TaggedStruct<"Other", {
                                    operation: Schema.String;
                                    workflowId: Schema.optionalKey<Schema.String>;
                                    reason: Schema.String;
                                    message: Schema.String;
                                }>;
                            }>;
                            detail: Schema.optionalKey<Schema.String>;
                        }>;
                        readonly ExecutionTerminated: Schema.TaggedStruct<"ExecutionTerminated", {
                            at: Schema.Finite;
                            reason: Schema.String;
                        }>;
                        readonly ExecutionTimedOut: Schema.TaggedStruct<"ExecutionTimedOut", {
                            at: Schema.Finite;
                            detail: Schema.optionalKey<Schema.String>;
                        }>;
                    }>;
                }>>>;
                readonly updates: Schema.Struct<{
                    readonly open: Schema.$Array<Schema.Struct<{
                        at: Schema.Finite;
                        id: Schema.String;
                        name: Schema.String;
                        input: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                        trace: Schema.optionalKey<Schema.Struct<{
                            readonly traceId: Schema.String;
                            readonly spanId: Schema.String;
                            readonly sampled: Schema.Boolean;
                        }>>;
                    }>>;
                    readonly answered: Schema.$Array<Schema.Tuple<readonly [Schema.String, Schema.Finite]>>;
                }>;
                readonly keys: Schema.$Array<Schema.String>;
                readonly unread: Schema.$Array<Schema.Struct<{
                    id: Schema.optionalKey<Schema.brand<Schema.String, "MessageId">>;
                    from: Schema.optionalKey<Schema.brand<Schema.String, "RunId">>;
                    at: Schema.Finite;
                    name: Schema.String;
                    payload: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                    key: Schema.optionalKey<Schema.String>;
                    trace: Schema.optionalKey<Schema.Struct<{
                        readonly traceId: Schema.String;
                        readonly spanId: Schema.String;
                        readonly sampled: Schema.Boolean;
                    }>>;
                    unread: Schema.optionalKey<Schema.Literal<true>>;
                }>>;
                readonly cancel: Schema.optionalKey<Schema.Struct<{
                    id: Schema.optionalKey<Schema.brand<Schema.String, "MessageId">>;
                    from: Schema.optionalKey<Schema.brand<Schema.String, "RunId">>;
                    at: Schema.Finite;
                    kind: Schema.Literals<readonly ["cancel", "timeout"]>;
                    reason: Schema.String;
                    unread: Schema.optionalKey<Schema.Literal<true>>;
                }>>;
            }>>;
            suggestContinueAt: Schema.optionalKey<Schema.Int>;
            trace: Schema.optionalKey<Schema.Struct<{
                readonly traceId: Schema.String;
                readonly spanId: Schema.String;
                readonly sampled: Schema.Boolean;
            }>>;
        }>;
        readonly ExecutionTerminated: Schema.TaggedStruct<"ExecutionTerminated", {
            at: Schema.Finite;
            reason: Schema.String;
        }>;
        readonly ExecutionTimedOut: Schema.TaggedStruct<"ExecutionTimedOut", {
            at: Schema.Finite;
            detail: Schema.optionalKey<Schema.String>;
        }>;
        readonly MessageSent: Schema.TaggedStruct<"MessageSent", {
            readonly at: Schema.Finite;
            readonly seq: Schema.brand<Schema.Int, "Sequence">;
            readonly to: Schema.brand<Schema.String, "WorkflowId">;
            readonly message: Schema.Union<readonly [Schema.TaggedStruct<"Signal", {
                readonly name: Schema.String;
                readonly payload: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                readonly key: Schema.optionalKey<Schema.String>;
                readonly trace: Schema.optionalKey<Schema.Struct<{
                    readonly traceId: Schema.String;
                    readonly spanId: Schema.String;
                    readonly sampled: Schema.Boolean;
                }>>;
            }>, Schema.TaggedStruct<"Cancel", {
                readonly reason: Schema.String;
            }>, Schema.TaggedStruct<"Terminate", {
                readonly reason: Schema.String;
            }>, Schema.TaggedStruct<"Start", {
                readonly workflow: Schema.String;
                readonly version: Schema.optionalKey<Schema.String>;
                readonly input: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                readonly parentClose: Schema.Literals<readonly ["cancel", "terminate", "abandon"]>;
                readonly timeout: Schema.optionalKey<Schema.Finite>;
                readonly attributes: Schema.optionalKey<Schema.$Record<Schema.String, Schema.Union<readonly [Schema.String, Schema.Finite, Schema.Boolean]>>>;
                readonly memo: Schema.optionalKey<Schema.Codec<Schema.Json, Schema.Json, never, never>>;
            }>]>;
            readonly run: Schema.optionalKey<Schema.brand<Schema.String, "RunId">>;
            readonly address: Schema.optionalKey<Schema.Struct<{
                readonly chain: Schema.brand<Schema.String, "RunId">;
                readonly version: Schema.brand<Schema.Int, "Version">;
            }>>;
        }>;
        readonly MessageSettled: Schema.TaggedStruct<"MessageSettled", {
            readonly at: Schema.Finite;
            readonly id: Schema.brand<Schema.String, "MessageId">;
            readonly outcome: Schema.TaggedUnion<{
                readonly Delivered: Schema.TaggedStruct<"Delivered", {}>;
                readonly Refused: Schema.TaggedStruct<"Refused", {
                    readonly reason: Schema.Literals<readonly ["NotFound", "Finished", "Restarted", "AlreadyExists", "TooLarge", "Unreadable"]>;
                    readonly status: Schema.optionalKey<Schema.Literals<readonly ["running", "blocked", "completed", "failed", "cancelled", "timedOut", "terminated"]>>;
                    readonly runId: Schema.optionalKey<Schema.brand<Schema.String, "RunId">>;
                    readonly bytes: Schema.optionalKey<Schema.Int>;
                    readonly limit: Schema.optionalKey<Schema.Int>;
                }>;
            }>;
            readonly unread: Schema.optionalKey<Schema.Literal<true>>;
        }>;
        readonly OwnerChanged: Schema.TaggedStruct<"OwnerChanged", {
            readonly at: Schema.Finite;
            readonly owner: Schema.brand<Schema.String, "WorkerId">;
            readonly lost: Schema.optionalKey<Schema.Literal<true>>;
            readonly version: Schema.optionalKey<Schema.String>;
        }>;
        readonly PatchRecorded: Schema.TaggedStruct<"PatchRecorded", {
            readonly at: Schema.Finite;
            readonly id: Schema.String;
            readonly deprecated: Schema.optionalKey<Schema.Literal<true>>;
        }>;
        readonly SignalReceived: Schema.TaggedStruct<"SignalReceived", {
            id: Schema.optionalKey<Schema.brand<Schema.String, "MessageId">>;
            from: Schema.optionalKey<Schema.brand<Schema.String, "RunId">>;
            at: Schema.Finite;
            name: Schema.String;
            payload: Schema.Codec<Schema.Json, Schema.Json, never, never>;
            key: Schema.optionalKey<Schema.String>;
            trace: Schema.optionalKey<Schema.Struct<{
                readonly traceId: Schema.String;
                readonly spanId: Schema.String;
                readonly sampled: Schema.Boolean;
            }>>;
            unread: Schema.optionalKey<Schema.Literal<true>>;
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
        readonly UpdateAccepted: Schema.TaggedStruct<"UpdateAccepted", {
            readonly at: Schema.Finite;
            readonly id: Schema.String;
        }>;
        readonly UpdateAnswered: Schema.TaggedStruct<"UpdateAnswered", {
            readonly at: Schema.Finite;
            readonly id: Schema.String;
            readonly exit: Schema.TaggedUnion<{
                readonly Die: Schema.TaggedStruct<"Die", {
                    defect: Schema.Codec<import("../RecordedFailure.ts").RecordedDefect, import("../RecordedFailure.ts").RecordedDefect, never, never>;
                }>;
                readonly Fail: Schema.TaggedStruct<"Fail", {
                    error: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                }>;
                readonly Other: Schema.TaggedStruct<"Other", {
                    operation: Schema.String;
                    workflowId: Schema.optionalKey<Schema.String>;
                    reason: Schema.String;
                    message: Schema.String;
                }>;
                readonly Success: Schema.TaggedStruct<"Success", {
                    readonly value: Schema.Codec<Schema.Json, Schema.Json, never, never>;
                }>;
            }>;
        }>;
        readonly UpdateRequested: Schema.TaggedStruct<"UpdateRequested", {
            readonly at: Schema.Finite;
            readonly id: Schema.String;
            readonly name: Schema.String;
            readonly input: Schema.Codec<Schema.Json, Schema.Json, never, never>;
            readonly trace: Schema.optionalKey<Schema.Struct<{
                readonly traceId: Schema.String;
                readonly spanId: Schema.String;
                readonly sampled: Schema.Boolean;
            }>>;
            readonly unread: Schema.optionalKey<Schema.Literal<true>>;
        }>;
    }>>;
    readonly summary: Schema.Struct<{
        readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
        readonly runId: Schema.brand<Schema.String, "RunId">;
        readonly workflow: Schema.String;
        /** The version of the workflow to which it is pinned. */
        readonly workflowVersion: Schema.optionalKey<Schema.String>;
        readonly status: Schema.Literals<readonly ["running", "blocked", "completed", "failed", "cancelled", "timedOut", "terminated"]>;
        /** The version of the commit that this summary is part of. */
        readonly version: Schema.brand<Schema.Int, "Version">;
        /** The version of the first commit of this run. */
        readonly firstVersion: Schema.brand<Schema.Int, "Version">;
        /** The first run of the chain, when this run continues another one. */
        readonly chain: Schema.optionalKey<Schema.brand<Schema.String, "RunId">>;
        /** When its first run began. */
        readonly startedAt: Schema.Finite;
        readonly updatedAt: Schema.Finite;
        readonly closedAt: Schema.optionalKey<Schema.Finite>;
        /** When a worker must look at the execution; absent when only an event from outside can move it. */
        readonly wakeAt: Schema.optionalKey<Schema.Finite>;
        /** The worker that runs it; absent when no worker has taken it yet and when it is finished. */
        readonly owner: Schema.optionalKey<Schema.brand<Schema.String, "WorkerId">>;
        /** What it waits for, or why it is blocked; `Waiting.inWords` says it in words. */
        readonly waitingFor: Schema.$Array<Schema.TaggedUnion<{
            readonly Activity: Schema.TaggedStruct<"Activity", {
                readonly seq: Schema.brand<Schema.Int, "Sequence">;
                readonly name: Schema.String;
                readonly attempt: Schema.Int;
                readonly retryAt: Schema.optionalKey<Schema.Finite>;
                readonly alone: Schema.optionalKey<Schema.Literal<true>>;
                readonly pending: Schema.optionalKey<Schema.Literal<true>>;
                readonly timeoutAt: Schema.optionalKey<Schema.Finite>;
            }>;
            readonly Answer: Schema.TaggedStruct<"Answer", {
                readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
                readonly operation: Schema.String;
            }>;
            readonly Blocked: Schema.TaggedStruct<"Blocked", {
                readonly problem: Schema.Struct<{
                    readonly reason: Schema.Literals<readonly ["NonDeterminism", "AsynchronousWork", "Spinning", "Undecodable", "TooLarge", "Unsupported", "LostAttempts", "HistoryTooLong", "Defect"]>;
                    readonly message: Schema.String;
                }>;
                readonly retryAt: Schema.optionalKey<Schema.Finite>;
            }>;
            readonly Cancelling: Schema.TaggedStruct<"Cancelling", {
                readonly reason: Schema.String;
            }>;
            readonly Child: Schema.TaggedStruct<"Child", {
                readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
                readonly workflow: Schema.String;
            }>;
            readonly Deliveries: Schema.TaggedStruct<"Deliveries", {
                readonly count: Schema.Int;
            }>;
            readonly Delivery: Schema.TaggedStruct<"Delivery", {
                readonly to: Schema.brand<Schema.String, "WorkflowId">;
                readonly message: Schema.String;
            }>;
            readonly More: Schema.TaggedStruct<"More", {
                readonly count: Schema.Int;
            }>;
            readonly NextRun: Schema.TaggedStruct<"NextRun", {}>;
            readonly Nothing: Schema.TaggedStruct<"Nothing", {}>;
            readonly Other: Schema.TaggedStruct<"Other", {
                readonly text: Schema.String;
            }>;
            readonly Signal: Schema.TaggedStruct<"Signal", {
                readonly name: Schema.String;
            }>;
            readonly Timer: Schema.TaggedStruct<"Timer", {
                readonly seq: Schema.brand<Schema.Int, "Sequence">;
                readonly until: Schema.Finite;
            }>;
            readonly Update: Schema.TaggedStruct<"Update", {
                readonly id: Schema.String;
                readonly name: Schema.String;
                readonly accepted: Schema.optionalKey<Schema.Literal<true>>;
            }>;
            readonly Updates: Schema.TaggedStruct<"Updates", {
                readonly names: Schema.$Array<Schema.String>;
            }>;
            readonly Worker: Schema.TaggedStruct<"Worker", {
                readonly workflow: Schema.String;
                readonly version: Schema.optionalKey<Schema.String>;
            }>;
        }>>;
        /** How many signals of each name it was sent that its program has not received; absent when there are none. */
        readonly unreceived: Schema.optionalKey<Schema.$Record<Schema.String, Schema.Int>>;
        readonly attributes: Schema.$Record<Schema.String, Schema.Union<readonly [Schema.String, Schema.Finite, Schema.Boolean]>>;
        /** What its start said of it; absent when that was nothing. */
        readonly memo: Schema.optionalKey<Schema.Codec<Schema.Json, Schema.Json, never, never>>;
        /** The execution that started this one as its child. */
        readonly parent: Schema.optionalKey<Schema.Struct<{
            readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
            readonly chain: Schema.brand<Schema.String, "RunId">;
        }>>;
        /** The first ancestor of a child: its parent, or the root of that. */
        readonly root: Schema.optionalKey<Schema.Struct<{
            readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
            readonly chain: Schema.brand<Schema.String, "RunId">;
        }>>;
        /** How many messages it still owes to other executions; absent when none. A finished execution may owe some. */
        readonly owed: Schema.optionalKey<Schema.Int>;
        /** The values that its program publishes, by the names of their queries, in 8 KB; absent when it publishes none. */
        readonly published: Schema.optionalKey<Schema.$Record<Schema.String, Schema.Union<readonly [Schema.Struct<{
            readonly value: Schema.Codec<Schema.Json, Schema.Json, never, never>;
        }>, Schema.Struct<{
            readonly leftOut: Schema.String;
        }>]>>>;
        /** The stored form that its events need; absent for form 1. */
        readonly format: Schema.optionalKey<Schema.Int>;
    }>;
}>;
export type Commit = typeof Commit.Type;
/**
 * A commit as it is read back: without the summary of its time.
 *
 * @category models
 * @since 0.1.0
 */
export interface StoredCommit {
    readonly id: string;
    readonly runId: RunId;
    readonly version: Version;
    readonly events: ReadonlyArray<HistoryEvent>;
}
/**
 * The latest summary of an execution and the commits that were asked for.
 *
 * @category models
 * @since 0.1.0
 */
export interface StoredExecution {
    readonly summary: ExecutionSummary;
    readonly commits: ReadonlyArray<StoredCommit>;
}
/**
 * Bounds of a text or a number: at most one below and one above. Texts are in the order of their code units, as `<` has them in
 * JavaScript, on every store.
 *
 * @category models
 * @since 0.2.0
 */
export interface AttributeRange<out A> {
    /** At least. */
    readonly from?: A | undefined;
    /** Greater than. */
    readonly above?: A | undefined;
    /** Less than. */
    readonly below?: A | undefined;
    /** At most. */
    readonly upTo?: A | undefined;
}
/**
 * What an attribute must be: a value, one of several values of one type, or within a range. Text and number are never equal, and
 * each has a range of its own.
 *
 * @category models
 * @since 0.2.0
 */
export type AttributeTest = Attribute | {
    readonly in: ReadonlyArray<Attribute>;
} | AttributeRange<string> | AttributeRange<number>;
/**
 * What attributes must be, by their names: made by `Attributes.where`, or written out.
 *
 * @category models
 * @since 0.2.0
 */
export type AttributeConditions = Readonly<Record<string, AttributeTest>>;
/**
 * Which executions to list. All conditions must hold; none means all.
 *
 * @category models
 * @since 0.1.0
 */
export interface WorkflowFilter {
    readonly status?: ReadonlyArray<WorkflowStatus> | undefined;
    readonly workflow?: string | undefined;
    /** Pinned to this version of their workflow. */
    readonly workflowVersion?: string | undefined;
    /** Started at or after this time, in milliseconds since 1970. */
    readonly startedFrom?: number | undefined;
    /** Started before this time, in milliseconds since 1970. */
    readonly startedBefore?: number | undefined;
    /** Finished before this time, in milliseconds since 1970. */
    readonly closedBefore?: number | undefined;
    /** With attributes of these values. */
    readonly attributes?: Readonly<Record<string, Attribute>> | undefined;
    /** With attributes of values that are among several, or within ranges. */
    readonly where?: AttributeConditions | undefined;
    /** Children of an execution: of an id, or with a `runId`, such as that of a handle, of that chain alone. */
    readonly parent?: Ref | string | undefined;
    /** All that descends from an execution: its children, their children and so on. It is named as for `parent`. */
    readonly root?: Ref | string | undefined;
    /** To be woken before this time, in milliseconds since 1970. */
    readonly wakeBefore?: number | undefined;
    /** Without an owner, or owned by a worker that is none of these. */
    readonly ownerNotIn?: ReadonlyArray<WorkerId> | undefined;
    /** Only those for which a worker has something to do: running, blocked, or finished while they still owe a message. */
    readonly unsettled?: boolean | undefined;
    /** `"oldest"` first, the default, or `"newest"`. */
    readonly order?: "oldest" | "newest" | undefined;
    /** How many at most: 100 by default, never more than 1,000. */
    readonly limit?: number | undefined;
    /** The `next` of the page before. */
    readonly cursor?: string | undefined;
}
/**
 * How far to count.
 *
 * @category models
 * @since 0.2.0
 */
export interface CountOptions {
    /** Counts no further than that, where a store can stop: ask for one more than is shown to learn whether there are more. */
    readonly atMost?: number | undefined;
}
/**
 * A page of summaries. `next` continues it; it is absent on the last page.
 *
 * @category models
 * @since 0.1.0
 */
export interface Page {
    readonly executions: ReadonlyArray<ExecutionSummary>;
    readonly next: Option.Option<string>;
    /** Executions that match as far as can be seen, and whose summaries are damaged; absent when there are none. */
    readonly unreadable?: ReadonlyArray<UnreadableExecution> | undefined;
}
/**
 * An execution whose summary cannot be read.
 *
 * @category models
 * @since 0.2.0
 */
export interface UnreadableExecution {
    readonly workflowId: WorkflowId;
    /** What is wrong with it. */
    readonly detail: string;
}
