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
 *     at once (`listing: "strong"`) or soon (`"eventual"`). `count` returns how many a whole pass has, unreadable ones
 *     included, or `atMost`. An execution that begins a run during the pass changes its place, so the pass may have it twice or not; so may a
 *     count of one of which an attribute changes that the filter compares with a range or a list. Text is in the order of its code
 *     units, and neither equal to a number or a flag nor before or after one.
 *  9. `delete` with `version` removes an execution if that is still its latest version, and fails with `Conflict` otherwise;
 *     with `before` it removes the commits below a version that is not above the beginning of the current run, and fails with
 *     `Conflict` otherwise. It returns whether there was anything to remove. A deletion may remove earlier runs first. When a commit then
 *     overtakes it, it fails with `Conflict`, and those runs are gone, with their record (law 16).
 * 10. Any string is a good id: empty, long (1 KB), with spaces, slashes, dots, colons or any other character, and ids that
 *     differ in anything are different executions. The same holds for the names of workflows, workers, runs and attributes.
 * 11. A commit whose events encode to more than `guarantees.maxCommitBytes` bytes fails with `TooLarge` and stores nothing;
 *     one of exactly that size is stored.
 * 12. `changes` notifies of commits and deletions by any process, as soon as the store learns of them, and says of each
 *     execution that is not finished who has it, and of a child that is finished and owes messages its parent. Some may be missed, none is invented, so a listener looks again now and then.
 * 13. `workers` returns the workers whose latest lease has not run out, by the store's own clock, which is that of the machines
 *     and never a test's, each with the workflows of its latest heartbeat. A lease of no length says that the worker has left:
 *     it lives no more, and is among `left` for `leftTtl`, a day, or until it lives again. While a store is `Unavailable` to
 *     a process no lease runs, as far as that process is told: workers could not renew them. A heartbeat that asks may be
 *     answered with an `Outlook`: the workers, and flags for what there is to look for. A flag that is `false` is sure; one that is
 *     `true` may be wrong.
 * 14. Everything but `Conflict`, `TooLarge`, `Corrupt`, `NewerFormat` and `Unsupported` is `Unavailable`: the outcome is unknown
 *     and asking again is right.
 * 15. `summary` returns the summary that `load` would, and reads no history.
 * 16. A deletion leaves a record for `deletionTtl`, a day, or longer: its version, which is one above the last commit of a whole
 *     deletion, and what its caller said of the messages seen. A second deletion keeps what the first one said and the second
 *     does not. Until it is gone versions go on from there, so a writer that slept through the deletion finds no version free.
 * 17. What is damaged affects nothing but its own execution, or worker. `summary` of an execution whose summary is damaged is
 *     `Corrupt`, and so is `load`; `list` leaves it out of `executions` and has it in `unreadable`, as one of its page, under
 *     any filter of which cannot be told whether it meets it. `load` is `Corrupt` when a commit that was asked for is damaged or
 *     missing, `deletion` when the record is.
 * 18. `details` returns what `saveDetails` kept last for the call, by any process and whatever became of its execution, until it is
 *     removed: by `saveDetails` without details, or with the whole execution. Of two processes that keep details at the same time
 *     either is last. Details are no commit: they change no version, no summary and no listing, and `changes` does not tell of them.
 */
import * as Context from "effect/Context";
import * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import type * as Exit from "effect/Exit";
import * as Option from "effect/Option";
import type * as Schema from "effect/Schema";
import * as Stream from "effect/Stream";
import type { RunId, Sequence, Version, WorkerId, WorkflowId } from "../Ids.ts";
import { StoreError, type StoreErrorReason } from "./StoreError.ts";
import type { Asked, Outlook, WorkerRecord, Workers } from "./Workers.ts";
import type { Commit, CountOptions, ExecutionSummary, Page, StoredExecution, WorkflowFilter } from "./StoredExecution.ts";
export * from "./StoredExecution.ts";
export * from "./StoreError.ts";
export * from "./Workers.ts";
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
    /** The worker that has it, as far as the store knows. */
    readonly owner?: WorkerId | undefined;
    /** When its owner next has something to do for it, in milliseconds since 1970. */
    readonly wakeAt?: number | undefined;
    /** The parent to which it may owe its end: it is a child, is finished, and owes messages. */
    readonly owedTo?: WorkflowId | undefined;
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
/**
 * Names a call of an activity.
 *
 * @category models
 * @since 0.2.0
 */
export interface CallPlace {
    readonly workflowId: WorkflowId;
    readonly runId: RunId;
    readonly seq: Sequence;
}
/**
 * The details that the handler of a call has reported last. They are no part of a history, so nothing grows with their number, and the
 * deletion of the execution removes them too.
 *
 * @category models
 * @since 0.2.0
 */
export interface CallDetails extends CallPlace {
    /** Absent to remove what there is. */
    readonly details?: Schema.Json | undefined;
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
    /** Counts the executions that match, or up to `atMost` of them; `limit`, `cursor` and `order` do not matter. */
    readonly count: (filter?: WorkflowFilter, options?: CountOptions) => Effect.Effect<number, StoreError>;
    /** Removes an execution, or its older runs; returns whether there was anything to remove. */
    readonly delete: (workflowId: WorkflowId, options: DeleteOptions) => Effect.Effect<boolean, StoreError>;
    /** Notifies of commits by any process, in batches. */
    readonly changes: Stream.Stream<ReadonlyArray<Change>, StoreError>;
    /**
     * Says that a worker lives, for the length of a lease from now on, or with a lease of no length that it has left. A store that
     * can answer what is `asked` at little cost does, and saves its worker the reads that would find nothing.
     */
    readonly heartbeat: (worker: WorkerRecord, lease: Duration.Duration, asked?: Asked) => Effect.Effect<Outlook | void, StoreError>;
    /** The workers that live, and the ones that have left. */
    readonly workers: Effect.Effect<Workers, StoreError>;
    /** Keeps the latest details of calls of activities beside the histories, each in place of the ones before; none removes them. */
    readonly saveDetails: (all: ReadonlyArray<CallDetails>) => Effect.Effect<void, StoreError>;
    /** Reads the latest details of a call. */
    readonly details: (call: CallPlace) => Effect.Effect<Option.Option<Schema.Json>, StoreError>;
    /** What this store promises. */
    readonly guarantees: Guarantees;
    /** Stands for the database, where there are `Transactions` of it: they have the very same. */
    readonly database?: object | undefined;
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
    /** May return more than `atMost`, which then counts as that. */
    readonly count: (filter: WorkflowFilter, atMost: number) => Effect.Effect<number, StoreErrorReason>;
    readonly delete: (workflowId: WorkflowId, options: DeleteOptions) => Effect.Effect<boolean, StoreErrorReason>;
    readonly changes: Stream.Stream<ReadonlyArray<Change>, StoreErrorReason>;
    readonly heartbeat: (worker: WorkerRecord, lease: Duration.Duration, asked?: Asked) => Effect.Effect<Outlook | void, StoreErrorReason>;
    readonly workers: Effect.Effect<Workers, StoreErrorReason>;
    readonly saveDetails: (all: ReadonlyArray<CallDetails>) => Effect.Effect<void, StoreErrorReason>;
    readonly details: (call: CallPlace) => Effect.Effect<Option.Option<Schema.Json>, StoreErrorReason>;
    readonly guarantees: Guarantees;
    readonly database?: object | undefined;
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
