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
import * as Schema from "effect/Schema";
export * from "./RecordedValue.ts";
/**
 * The latest stored form of events that this release reads. A commit is written in the oldest form that can hold its events,
 * so that an older release reads whatever it can understand.
 *
 * @category models
 * @since 0.1.0
 */
export declare const formatVersion = 2;
/**
 * The format of the summary of an execution that is not imported wholly: more than any release knows, so that none takes it, removes it by
 * itself or tells of a result.
 *
 * @category constants
 * @since 0.2.0
 */
export declare const unfinishedImport = 1000000;
/**
 * What is added to the format of the summary of an execution that a payload codec has encrypted: more than any release knows, so that no
 * process without the codec takes it or tells of a result.
 *
 * @category constants
 * @since 0.2.0
 */
export declare const encryptedFormats = 2000000;
/**
 * A recorded fact of an execution.
 *
 * @category models
 * @since 0.1.0
 */
export declare const HistoryEvent: Schema.TaggedUnion<{
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
                readonly defect: Schema.Codec<import("./RecordedFailure.ts").RecordedDefect, import("./RecordedFailure.ts").RecordedDefect, never, never>;
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
                readonly defect: Schema.Codec<import("./RecordedFailure.ts").RecordedDefect, import("./RecordedFailure.ts").RecordedDefect, never, never>;
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
                        defect: Schema.Codec<import("./RecordedFailure.ts").RecordedDefect, import("./RecordedFailure.ts").RecordedDefect, never, never>;
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
            /** What its start says of the run, for people and programs that look at it. */
            memo: Schema.optionalKey<Schema.Codec<Schema.Json, Schema.Json, never, never>>;
            /** The execution that started this one as its child. */
            parent: Schema.optionalKey<Schema.Struct<{
                readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
                readonly chain: Schema.brand<Schema.String, "RunId">;
            }>>;
            /** The first ancestor of a child: its parent, or the root of that. */
            root: Schema.optionalKey<Schema.Struct<{
                readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
                readonly chain: Schema.brand<Schema.String, "RunId">;
            }>>;
            /** The version of the workflow that the run is pinned to. */
            version: Schema.optionalKey<Schema.String>;
            /** Set where the run continues another one. */
            continues: Schema.optionalKey<Schema.Struct<{
                /** The run before. */
                readonly run: Schema.brand<Schema.String, "RunId">;
                readonly chain: Schema.brand<Schema.String, "RunId">;
                /** When the chain began. */
                readonly startedAt: Schema.Finite;
                /** A digest of the first input of the chain, by which a start that is repeated is known. */
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
                /** How children have ended of which the program has not asked that, the latest of them: `internal/core/remembered.ts`. */
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
                                    defect: Schema.Codec<import("./RecordedFailure.ts").RecordedDefect, import("./RecordedFailure.ts").RecordedDefect, never, never>;
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
                /** The updates that no handler has taken, and digests of the ones that were answered, by their ids. */
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
                /** The keys of the signals that the chain has taken lately: `internal/core/remembered.ts`. */
                readonly keys: Schema.$Array<Schema.String>;
                /** The signals that were not received, in the order in which they came. */
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
                /** That the run before was to end, which the next one is told at once. */
                readonly cancel: Schema.optionalKey<Schema.Struct<{
                    id: Schema.optionalKey<Schema.brand<Schema.String, "MessageId">>;
                    from: Schema.optionalKey<Schema.brand<Schema.String, "RunId">>;
                    at: Schema.Finite;
                    kind: Schema.Literals<readonly ["cancel", "timeout"]>;
                    reason: Schema.String;
                    unread: Schema.optionalKey<Schema.Literal<true>>;
                }>>;
            }>>;
            /** From so many events on a program is told to continue as new; absent for the default. */
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
                defect: Schema.Codec<import("./RecordedFailure.ts").RecordedDefect, import("./RecordedFailure.ts").RecordedDefect, never, never>;
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
        /** What its start says of the run, for people and programs that look at it. */
        memo: Schema.optionalKey<Schema.Codec<Schema.Json, Schema.Json, never, never>>;
        /** The execution that started this one as its child. */
        parent: Schema.optionalKey<Schema.Struct<{
            readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
            readonly chain: Schema.brand<Schema.String, "RunId">;
        }>>;
        /** The first ancestor of a child: its parent, or the root of that. */
        root: Schema.optionalKey<Schema.Struct<{
            readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
            readonly chain: Schema.brand<Schema.String, "RunId">;
        }>>;
        /** The version of the workflow that the run is pinned to. */
        version: Schema.optionalKey<Schema.String>;
        /** Set where the run continues another one. */
        continues: Schema.optionalKey<Schema.Struct<{
            /** The run before. */
            readonly run: Schema.brand<Schema.String, "RunId">;
            readonly chain: Schema.brand<Schema.String, "RunId">;
            /** When the chain began. */
            readonly startedAt: Schema.Finite;
            /** A digest of the first input of the chain, by which a start that is repeated is known. */
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
            /** How children have ended of which the program has not asked that, the latest of them: `internal/core/remembered.ts`. */
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
                                defect: Schema.Codec<import("./RecordedFailure.ts").RecordedDefect, import("./RecordedFailure.ts").RecordedDefect, never, never>;
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
            /** The updates that no handler has taken, and digests of the ones that were answered, by their ids. */
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
            /** The keys of the signals that the chain has taken lately: `internal/core/remembered.ts`. */
            readonly keys: Schema.$Array<Schema.String>;
            /** The signals that were not received, in the order in which they came. */
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
            /** That the run before was to end, which the next one is told at once. */
            readonly cancel: Schema.optionalKey<Schema.Struct<{
                id: Schema.optionalKey<Schema.brand<Schema.String, "MessageId">>;
                from: Schema.optionalKey<Schema.brand<Schema.String, "RunId">>;
                at: Schema.Finite;
                kind: Schema.Literals<readonly ["cancel", "timeout"]>;
                reason: Schema.String;
                unread: Schema.optionalKey<Schema.Literal<true>>;
            }>>;
        }>>;
        /** From so many events on a program is told to continue as new; absent for the default. */
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
                defect: Schema.Codec<import("./RecordedFailure.ts").RecordedDefect, import("./RecordedFailure.ts").RecordedDefect, never, never>;
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
}>;
export type HistoryEvent = typeof HistoryEvent.Type;
/** What an event is. `closes`: the run never changes after it. `since`: the stored form that an event of this tag needs. */
interface Kind {
    readonly role: "delivered" | "command" | "noted";
    readonly closes?: true;
    readonly since?: number;
}
/** One row for each event. Types and guards below follow from it, so an event that is forgotten here does not compile. */
declare const kinds: {
    readonly ExecutionStarted: {
        readonly role: "delivered";
    };
    readonly ActivityScheduled: {
        readonly role: "command";
    };
    readonly ActivityAttemptFailed: {
        readonly role: "noted";
    };
    readonly ActivityAttemptIsolated: {
        readonly role: "noted";
        readonly since: 2;
    };
    readonly ActivityPending: {
        readonly role: "noted";
        readonly since: 2;
    };
    readonly ActivityAttemptEnded: {
        readonly role: "noted";
        readonly since: 2;
    };
    readonly ActivityResolved: {
        readonly role: "delivered";
    };
    readonly ActivityCancelled: {
        readonly role: "command";
    };
    readonly TimerStarted: {
        readonly role: "command";
    };
    readonly TimerFired: {
        readonly role: "delivered";
    };
    readonly TimerCancelled: {
        readonly role: "command";
    };
    readonly MessageSent: {
        readonly role: "command";
        readonly since: 2;
    };
    readonly PatchRecorded: {
        readonly role: "command";
        readonly since: 2;
    };
    readonly AttributesSet: {
        readonly role: "command";
        readonly since: 2;
    };
    readonly MessageSettled: {
        readonly role: "delivered";
        readonly since: 2;
    };
    readonly ChildEnded: {
        readonly role: "delivered";
        readonly since: 2;
    };
    readonly SignalReceived: {
        readonly role: "delivered";
    };
    readonly UpdateRequested: {
        readonly role: "delivered";
        readonly since: 2;
    };
    readonly UpdateAccepted: {
        readonly role: "command";
        readonly since: 2;
    };
    readonly UpdateAnswered: {
        readonly role: "command";
        readonly since: 2;
    };
    readonly CancelRequested: {
        readonly role: "delivered";
    };
    readonly OwnerChanged: {
        readonly role: "noted";
    };
    readonly ExecutionBlocked: {
        readonly role: "noted";
    };
    readonly ExecutionContinued: {
        readonly role: "command";
        readonly since: 2;
    };
    readonly ExecutionCompleted: {
        readonly role: "command";
        readonly closes: true;
    };
    readonly ExecutionFailed: {
        readonly role: "command";
        readonly closes: true;
    };
    readonly ExecutionCancelled: {
        readonly role: "command";
        readonly closes: true;
    };
    readonly ExecutionTimedOut: {
        readonly role: "command";
        readonly closes: true;
    };
    readonly ExecutionTerminated: {
        readonly role: "noted";
        readonly closes: true;
    };
};
type Kinds = typeof kinds;
type TagsOf<K extends Partial<Kind>> = {
    [Tag in keyof Kinds]: Kinds[Tag] extends K ? Tag : never;
}[keyof Kinds];
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
export type DeliveredEvent = EventOf<TagsOf<{
    readonly role: "delivered";
}>>;
/**
 * The events that a program itself issues: its commands.
 *
 * @category models
 * @since 0.1.0
 */
export type CommandEvent = EventOf<TagsOf<{
    readonly role: "command";
}>>;
/**
 * The events after which a run never changes.
 *
 * @category models
 * @since 0.1.0
 */
export type ClosingEvent = EventOf<TagsOf<{
    readonly closes: true;
}>>;
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
/**
 * The stored form that a release must know to read the event, from 1.
 *
 * @category getters
 * @since 0.2.0
 */
export declare const formatOf: (event: HistoryEvent) => number;
