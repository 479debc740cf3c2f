import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Schema from "effect/Schema";
import type * as Default from "../Executor/Default.ts";
declare const ReplayFailure_base: Schema.Class<ReplayFailure, Schema.TaggedStruct<"ReplayFailure", {
    /** Both sides, and what to do, in words. */
    readonly why: Schema.String;
    readonly history: Schema.$Array<Schema.TaggedUnion<{
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
                readonly reason: Schema.Literals<readonly ["NonDeterminism", "AsynchronousWork", "Spinning", "Undecodable", "TooLarge", "LostAttempts", "HistoryTooLong", "Defect"]>;
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
}>, import("effect/Cause").YieldableError>;
/**
 * The code of today does not agree with a history, and would block its execution.
 *
 * @category errors
 * @since 0.2.0
 */
export declare class ReplayFailure extends ReplayFailure_base {
    get message(): string;
}
/**
 * Replays a history against a workflow as it is today, and fails with both sides where it disagrees. No handler runs. A history that
 * goes on is followed as far as it goes.
 *
 * It is a list of events, as `handle.history` returns it, or the JSON of it, as values or as text. Runs that continue one another may follow one another.
 *
 * **When to use**
 *
 * Use in the tests of a release, with histories of executions that are under way: an execution whose history replays goes on with
 * the new code.
 *
 * **Example** (A history that was exported)
 *
 * ```ts
 * import { Effect, Layer, Schema } from "effect"
 * import { Activity, Workflow } from "perdure"
 * import { double, replay } from "perdure/testing"
 *
 * const Ship = Activity.make("Ship", { input: Schema.String })
 * const Order = Workflow.make("Order", { input: Schema.String })
 * const OrderLive = Order.toLayer((id) => Ship(id)).pipe(Layer.provide(double(Ship).layer))
 *
 * const exported = [
 *   { _tag: "ExecutionStarted", at: 0, workflow: "Order", workflowId: "order-1", runId: "run-1", input: "order-1" },
 *   { _tag: "TimerStarted", at: 0, seq: 0, fireAt: 1000 }
 * ]
 *
 * const failure = Effect.flip(replay(exported, OrderLive))
 * const lines = Effect.map(failure, (error) => String(error).split("\n").slice(1, 3))
 * await Effect.runPromise(lines) // => ["  history: TimerStarted #0 for 1000 ms", '  program: ActivityScheduled #0 Ship("order-1")']
 * ```
 *
 * @category testing
 * @since 0.2.0
 */
export declare const replay: <E>(history: unknown, layer: Layer.Layer<never, E, Default.Services>) => Effect.Effect<void, ReplayFailure | E>;
export {};
