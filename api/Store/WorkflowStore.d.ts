/**
 * Keeps the histories of executions, one record a commit.
 *
 * The laws, which `test/suites/StoreSuite.ts` proves for every store:
 *
 *  1. A commit is atomic: all its events and its summary are stored, or nothing is.
 *  2. Of any number of commits at one `(workflowId, version)` exactly one is stored; the others fail with `Conflict`.
 *  3. Versions have no gaps: a commit at `version` needs the latest version to be `version - 1` (0 when the id is unknown, that
 *     of the deletion when it was deleted) and, unless it begins a run (`summary.firstVersion` is its version), to be of the
 *     same run; anything else is a `Conflict`.
 *  4. Saving a commit again, with the same `id` at the same version, succeeds and changes nothing, also after later
 *     commits: an answer that was lost can always be had by asking again.
 *  5. An acknowledged commit is never lost, up to what `guarantees.durability` promises.
 *  6. `load` returns the latest summary and the commits of the current run, oldest first, as they were saved; with `after`
 *     those of a later version, of all runs. It sees every commit acknowledged before it began, and never a part of one.
 *  7. `saveAll` gives each commit its own outcome, in order; one that fails does not affect the others.
 *  8. `list` returns each execution that matches at most once a pass, ordered by start time and then by id, or the other way
 *     round (`order: "newest"`), in pages that a cursor continues. An execution that matches during the whole pass is in it,
 *     at once (`listing: "strong"`) or soon (`"eventual"`). `count` returns how many a whole pass has. An execution that
 *     begins a run during the pass changes its place, so the pass may have it twice or not.
 *  9. `delete` with `version` removes an execution if that is still its latest version, and fails with `Conflict` otherwise;
 *     with `before` it removes the commits below a version that is not above the beginning of the current run, and fails with
 *     `Conflict` otherwise. It returns whether there was anything to remove.
 * 10. Any string is a good id: empty, long (1 KB), with spaces, slashes, dots, colons or any other character, and ids that
 *     differ in anything are different executions.
 * 11. A commit whose events encode to more than `guarantees.maxCommitBytes` bytes fails with `TooLarge` and stores nothing;
 *     one of exactly that size is stored.
 * 12. `changes` notifies of commits and deletions by any process, as soon as the store learns of them. Some may be
 *     missed, none is invented, so a listener looks again now and then.
 * 13. `workers` returns the workers whose latest lease has not run out, by the store's own clock, which is that of the machines
 *     and never a test's. A lease of no length removes the worker at once.
 * 14. Everything but `Conflict`, `TooLarge`, `Corrupt`, `NewerFormat` and `Unsupported` is `Unavailable`: the outcome is unknown
 *     and asking again is right.
 * 15. `summary` returns the summary that `load` would, and reads no history.
 * 16. A deletion leaves a record for `deletionTtl`, a day, or longer: its version, which is one above the last commit of a whole
 *     deletion, and what its caller said of the messages seen. A second deletion keeps what the first one said and the second
 *     does not. Until it is gone versions go on from there, so a writer that slept through the deletion finds no version free.
 */
import * as Context from "effect/Context";
import * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import type * as Exit from "effect/Exit";
import * as Option from "effect/Option";
import * as Schema from "effect/Schema";
import * as Stream from "effect/Stream";
import { Attribute, HistoryEvent } from "../HistoryEvent.ts";
import { RunId, Version, WorkerId, WorkflowId } from "../Ids.ts";
import { WorkflowStatus } from "../WorkflowState.ts";
import { StoreError, type StoreErrorReason } from "./StoreError.ts";
export * from "./StoreError.ts";
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
    readonly status: Schema.Literals<readonly ["running", "blocked", "completed", "failed", "cancelled", "timedOut", "terminated"]>;
    /** The version of the commit that this summary is part of. */
    readonly version: Schema.brand<Schema.Int, "Version">;
    /** The version of the first commit of this run. */
    readonly firstVersion: Schema.brand<Schema.Int, "Version">;
    /** The first run of the chain, when this run continues another one. */
    readonly chain: Schema.optionalKey<Schema.brand<Schema.String, "RunId">>;
    readonly startedAt: Schema.Finite;
    readonly updatedAt: Schema.Finite;
    readonly closedAt: Schema.optionalKey<Schema.Finite>;
    /** When a worker must look at the execution; absent when only an event from outside can move it. */
    readonly wakeAt: Schema.optionalKey<Schema.Finite>;
    /** The worker that runs it; absent when no worker has taken it yet and when it is finished. */
    readonly owner: Schema.optionalKey<Schema.brand<Schema.String, "WorkerId">>;
    /** What it waits for, or why it is blocked, in words. */
    readonly waitingFor: Schema.$Array<Schema.String>;
    readonly attributes: Schema.$Record<Schema.String, Schema.Union<readonly [Schema.String, Schema.Finite, Schema.Boolean]>>;
    /** The chain of the execution that started this one as its child. */
    readonly parent: Schema.optionalKey<Schema.Struct<{
        readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
        readonly chain: Schema.brand<Schema.String, "RunId">;
    }>>;
    /** How many messages it still owes to other executions; absent when none. A finished execution may owe some. */
    readonly owed: Schema.optionalKey<Schema.Int>;
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
        readonly ActivityAttemptFailed: Schema.TaggedStruct<"ActivityAttemptFailed", {
            readonly at: Schema.Finite;
            readonly seq: Schema.brand<Schema.Int, "Sequence">;
            readonly attempt: Schema.Int;
            readonly failure: Schema.TaggedUnion<{
                readonly Die: Schema.TaggedStruct<"Die", {
                    readonly defect: Schema.Codec<import("../HistoryEvent.ts").RecordedDefect, import("../HistoryEvent.ts").RecordedDefect, never, never>;
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
                    readonly defect: Schema.Codec<import("../HistoryEvent.ts").RecordedDefect, import("../HistoryEvent.ts").RecordedDefect, never, never>;
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
            readonly timeouts: Schema.optionalKey<Schema.Struct<{
                readonly attempt: Schema.optionalKey<Schema.Finite>;
                readonly total: Schema.optionalKey<Schema.Finite>;
            }>>;
        }>;
        readonly CancelRequested: Schema.TaggedStruct<"CancelRequested", {
            readonly id: Schema.optionalKey<Schema.brand<Schema.String, "MessageId">>;
            readonly from: Schema.optionalKey<Schema.brand<Schema.String, "RunId">>;
            readonly at: Schema.Finite;
            readonly kind: Schema.Literals<readonly ["cancel", "timeout"]>;
            readonly reason: Schema.String;
            readonly unread: Schema.optionalKey<Schema.Literal<true>>;
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
                    readonly defect: Schema.Codec<import("../HistoryEvent.ts").RecordedDefect, import("../HistoryEvent.ts").RecordedDefect, never, never>;
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
            readonly owner: Schema.optionalKey<Schema.brand<Schema.String, "WorkerId">>;
            readonly attributes: Schema.optionalKey<Schema.$Record<Schema.String, Schema.Union<readonly [Schema.String, Schema.Finite, Schema.Boolean]>>>;
            readonly parent: Schema.optionalKey<Schema.Struct<{
                readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
                readonly chain: Schema.brand<Schema.String, "RunId">;
            }>>;
            readonly version: Schema.optionalKey<Schema.String>;
            readonly trace: Schema.optionalKey<Schema.Struct<{
                readonly traceId: Schema.String;
                readonly spanId: Schema.String;
                readonly sampled: Schema.Boolean;
            }>>;
        }>;
        readonly ExecutionTerminated: Schema.TaggedStruct<"ExecutionTerminated", {
            readonly at: Schema.Finite;
            readonly reason: Schema.String;
        }>;
        readonly ExecutionTimedOut: Schema.TaggedStruct<"ExecutionTimedOut", {
            readonly at: Schema.Finite;
            readonly detail: Schema.optionalKey<Schema.String>;
        }>;
        readonly MessageSent: Schema.TaggedStruct<"MessageSent", {
            readonly at: Schema.Finite;
            readonly seq: Schema.brand<Schema.Int, "Sequence">;
            readonly to: Schema.brand<Schema.String, "WorkflowId">;
            readonly message: Schema.Union<readonly [Schema.TaggedStruct<"Signal", {
                readonly name: Schema.String;
                readonly payload: Schema.Codec<Schema.Json, Schema.Json, never, never>;
            }>, Schema.TaggedStruct<"Cancel", {
                readonly reason: Schema.String;
            }>]>;
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
                    readonly reason: Schema.Literals<readonly ["NotFound", "Finished", "Restarted", "TooLarge", "Unreadable"]>;
                }>;
            }>;
            readonly unread: Schema.optionalKey<Schema.Literal<true>>;
        }>;
        readonly OwnerChanged: Schema.TaggedStruct<"OwnerChanged", {
            readonly at: Schema.Finite;
            readonly owner: Schema.brand<Schema.String, "WorkerId">;
        }>;
        readonly SignalReceived: Schema.TaggedStruct<"SignalReceived", {
            readonly id: Schema.optionalKey<Schema.brand<Schema.String, "MessageId">>;
            readonly from: Schema.optionalKey<Schema.brand<Schema.String, "RunId">>;
            readonly at: Schema.Finite;
            readonly name: Schema.String;
            readonly payload: Schema.Codec<Schema.Json, Schema.Json, never, never>;
            readonly unread: Schema.optionalKey<Schema.Literal<true>>;
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
    }>>;
    readonly summary: Schema.Struct<{
        readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
        readonly runId: Schema.brand<Schema.String, "RunId">;
        readonly workflow: Schema.String;
        readonly status: Schema.Literals<readonly ["running", "blocked", "completed", "failed", "cancelled", "timedOut", "terminated"]>;
        /** The version of the commit that this summary is part of. */
        readonly version: Schema.brand<Schema.Int, "Version">;
        /** The version of the first commit of this run. */
        readonly firstVersion: Schema.brand<Schema.Int, "Version">;
        /** The first run of the chain, when this run continues another one. */
        readonly chain: Schema.optionalKey<Schema.brand<Schema.String, "RunId">>;
        readonly startedAt: Schema.Finite;
        readonly updatedAt: Schema.Finite;
        readonly closedAt: Schema.optionalKey<Schema.Finite>;
        /** When a worker must look at the execution; absent when only an event from outside can move it. */
        readonly wakeAt: Schema.optionalKey<Schema.Finite>;
        /** The worker that runs it; absent when no worker has taken it yet and when it is finished. */
        readonly owner: Schema.optionalKey<Schema.brand<Schema.String, "WorkerId">>;
        /** What it waits for, or why it is blocked, in words. */
        readonly waitingFor: Schema.$Array<Schema.String>;
        readonly attributes: Schema.$Record<Schema.String, Schema.Union<readonly [Schema.String, Schema.Finite, Schema.Boolean]>>;
        /** The chain of the execution that started this one as its child. */
        readonly parent: Schema.optionalKey<Schema.Struct<{
            readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
            readonly chain: Schema.brand<Schema.String, "RunId">;
        }>>;
        /** How many messages it still owes to other executions; absent when none. A finished execution may owe some. */
        readonly owed: Schema.optionalKey<Schema.Int>;
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
 * Which executions to list. All conditions must hold; none means all.
 *
 * @category models
 * @since 0.1.0
 */
export interface WorkflowFilter {
    readonly status?: ReadonlyArray<WorkflowStatus> | undefined;
    readonly workflow?: string | undefined;
    /** Started at or after this time, in milliseconds since 1970. */
    readonly startedFrom?: number | undefined;
    /** Started before this time, in milliseconds since 1970. */
    readonly startedBefore?: number | undefined;
    /** Finished before this time, in milliseconds since 1970. */
    readonly closedBefore?: number | undefined;
    readonly attributes?: Readonly<Record<string, Attribute>> | undefined;
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
 * A page of summaries. `next` continues it; it is absent on the last page.
 *
 * @category models
 * @since 0.1.0
 */
export interface Page {
    readonly executions: ReadonlyArray<ExecutionSummary>;
    readonly next: Option.Option<string>;
}
/**
 * An execution has a new latest version; 0 when it was deleted.
 *
 * @category models
 * @since 0.1.0
 */
export interface Change {
    readonly workflowId: WorkflowId;
    readonly version: number;
    /** Whether the execution waits for a worker to take it, as far as the store knows. */
    readonly unowned?: boolean | undefined;
}
/**
 * What is left of commits that were removed (law 16).
 *
 * @category models
 * @since 0.2.0
 */
export interface Deletion {
    /** The version after which the next commit of the id comes, unless there are later ones already. */
    readonly version: Version;
    /** Of each chain that sent messages to the removed runs, the number of the last one that they have seen. */
    readonly seen: Readonly<Record<string, number>>;
}
/**
 * What to remove of an id: all of it, or the commits below the beginning of the current run (law 9).
 *
 * @category models
 * @since 0.2.0
 */
export type DeleteOptions = ({
    readonly version: Version;
} | {
    readonly before: Version;
}) & {
    /** The messages that the removed commits hold, for the record of the deletion. */
    readonly seen?: Deletion["seen"] | undefined;
};
/**
 * How long the record of a deletion is kept.
 *
 * @category constants
 * @since 0.2.0
 */
export declare const deletionTtl: Duration.Duration;
/**
 * What a store promises.
 *
 * @category models
 * @since 0.1.0
 */
export interface Guarantees {
    /** What an acknowledged commit survives: nothing, the end of the process, the loss of power, the loss of a machine. */
    readonly durability: "none" | "process" | "disk" | "replicated";
    /** Whether several processes may append to one execution safely. */
    readonly fencing: "fenced" | "single-writer";
    /** Whether `list` sees every acknowledged commit at once. */
    readonly listing: "strong" | "eventual";
    /** How many bytes the encoded events of one commit may have. */
    readonly maxCommitBytes: number;
    /** Whether the store takes commits, or only shows executions that something else manages. */
    readonly writes: "accepted" | "refused";
}
declare const WorkflowStore_base: Context.ServiceClass<WorkflowStore, "perdure/Store/WorkflowStore", {
    /** Appends one commit. */
    readonly save: (commit: Commit) => Effect.Effect<void, StoreError>;
    /** Appends commits of different executions together, each with its own outcome. Never fails as a whole. */
    readonly saveAll: (commits: ReadonlyArray<Commit>) => Effect.Effect<ReadonlyArray<Exit.Exit<void, StoreErrorReason>>>;
    /** Reads the current run of an execution, or its commits after a version. */
    readonly load: (workflowId: WorkflowId, options?: {
        readonly after?: Version | undefined;
    }) => Effect.Effect<Option.Option<StoredExecution>, StoreError>;
    /** Reads what is known of an execution without its history. */
    readonly summary: (workflowId: WorkflowId) => Effect.Effect<Option.Option<ExecutionSummary>, StoreError>;
    /** Reads what is left of commits of an id that were removed, also when it is in use again. */
    readonly deletion: (workflowId: WorkflowId) => Effect.Effect<Option.Option<Deletion>, StoreError>;
    /** Finds executions, a page at a time. */
    readonly list: (filter?: WorkflowFilter) => Effect.Effect<Page, StoreError>;
    /** Counts the executions that match; `limit`, `cursor` and `order` do not matter. */
    readonly count: (filter?: WorkflowFilter) => Effect.Effect<number, StoreError>;
    /** Removes an execution, or its older runs; returns whether there was anything to remove. */
    readonly delete: (workflowId: WorkflowId, options: DeleteOptions) => Effect.Effect<boolean, StoreError>;
    /** Notifies of commits by any process, in batches. */
    readonly changes: Stream.Stream<ReadonlyArray<Change>, StoreError>;
    /** Says that a worker lives, for the length of a lease from now on. */
    readonly heartbeat: (worker: WorkerId, lease: Duration.Duration) => Effect.Effect<void, StoreError>;
    /** The workers that live. */
    readonly workers: Effect.Effect<ReadonlyArray<WorkerId>, StoreError>;
    /** What this store promises. */
    readonly guarantees: Guarantees;
}>;
/**
 * Keeps the histories of executions.
 *
 * @category services
 * @since 0.1.0
 */
export declare class WorkflowStore extends WorkflowStore_base {
}
/**
 * What the author of a store writes: the operations without spans, which fail with reasons. `save` follows from `saveAll`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Driver {
    readonly saveAll: (commits: ReadonlyArray<Commit>) => Effect.Effect<ReadonlyArray<Exit.Exit<void, StoreErrorReason>>>;
    readonly load: (workflowId: WorkflowId, after: Version | undefined) => Effect.Effect<Option.Option<StoredExecution>, StoreErrorReason>;
    readonly summary: (workflowId: WorkflowId) => Effect.Effect<Option.Option<ExecutionSummary>, StoreErrorReason>;
    readonly deletion: (workflowId: WorkflowId) => Effect.Effect<Option.Option<Deletion>, StoreErrorReason>;
    readonly list: (filter: WorkflowFilter) => Effect.Effect<Page, StoreErrorReason>;
    readonly count: (filter: WorkflowFilter) => Effect.Effect<number, StoreErrorReason>;
    readonly delete: (workflowId: WorkflowId, options: DeleteOptions) => Effect.Effect<boolean, StoreErrorReason>;
    readonly changes: Stream.Stream<ReadonlyArray<Change>, StoreErrorReason>;
    readonly heartbeat: (worker: WorkerId, lease: Duration.Duration) => Effect.Effect<void, StoreErrorReason>;
    readonly workers: Effect.Effect<ReadonlyArray<WorkerId>, StoreErrorReason>;
    readonly guarantees: Guarantees;
}
/**
 * Makes a store from a driver: names the operation and the execution in errors, and adds the spans, so that drivers do neither.
 *
 * @category constructors
 * @since 0.1.0
 */
export declare const make: (driver: Driver) => WorkflowStore["Service"];
/**
 * Every execution that matches, read page by page.
 *
 * @category combinators
 * @since 0.1.0
 */
export declare const stream: (store: WorkflowStore["Service"], filter?: Omit<WorkflowFilter, "cursor">) => Stream.Stream<ExecutionSummary, StoreError>;
