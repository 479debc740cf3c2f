/**
 * Keeps the histories of executions, one record a commit.
 *
 * The laws, which `test/suites/StoreSuite.ts` proves for every store:
 *
 *  1. A commit is atomic: all its events and its summary are stored, or nothing is.
 *  2. Of any number of commits at one `(workflowId, version)` exactly one is stored; the others fail with `Conflict`.
 *  3. Versions have no gaps: a commit at `version` needs the latest stored version to be `version - 1` (0 when the id is
 *     unknown or deleted) and, unless it begins a run (`summary.firstVersion` is its version), to be of the same run, so
 *     that nobody continues a deleted execution in the one that took its id; anything else is a `Conflict`.
 *  4. Saving a commit again, with the same `id` at the same version, succeeds and changes nothing, also after later
 *     commits: an answer that was lost can always be had by asking again.
 *  5. An acknowledged commit is never lost, up to what `guarantees.durability` promises.
 *  6. `load` answers the latest summary and the commits of the current run, oldest first, as they were saved; with `after`
 *     only those of a later version. It sees every commit acknowledged before it began, and never a part of one.
 *  7. `saveAll` gives each commit its own outcome, in order; one that fails does not affect the others.
 *  8. `list` answers each execution that matches at most once a pass, ordered by start time and then by id, in pages that
 *     a cursor continues. An execution that matches during the whole pass is in it, at once (`listing: "strong"`) or soon
 *     (`"eventual"`).
 *  9. `delete` removes every trace of an id and says whether there was one; the id can be used again, from version 1.
 * 10. Any string is a good id: empty, long (1 KB), with spaces, slashes, dots, colons or any other character, and ids that
 *     differ in anything are different executions.
 * 11. A commit whose events encode to more than `guarantees.maxCommitBytes` bytes fails with `TooLarge` and stores nothing;
 *     one of exactly that size is stored.
 * 12. `changes` tells of commits and deletions by anybody, as soon as the store learns of them. Some may be missed, none is
 *     invented, so whoever listens looks again now and then.
 * 13. `workers` answers the workers whose latest `heartbeat` is not past; a heartbeat with a time that has passed removes
 *     the worker at once.
 * 14. Everything but `Conflict`, `TooLarge`, `Corrupt` and `Unsupported` is `Unavailable`: the outcome is unknown and asking
 *     again is right.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import { Attribute, HistoryEvent } from "../HistoryEvent.ts"
import { RunId, Version, WorkerId, WorkflowId } from "../Ids.ts"
import { WorkflowStatus } from "../WorkflowState.ts"

/**
 * What is known of an execution without reading its history. It is part of every commit.
 *
 * @category models
 * @since 0.1.0
 */
export const ExecutionSummary = Schema.Struct({
  workflowId: WorkflowId,
  runId: RunId,
  workflow: Schema.String,
  status: WorkflowStatus,
  /** The version of the commit that this summary is part of. */
  version: Version,
  /** The version of the first commit of this run. */
  firstVersion: Version,
  startedAt: Schema.Finite,
  updatedAt: Schema.Finite,
  closedAt: Schema.optionalKey(Schema.Finite),
  /** When somebody must look at the execution; absent when only an event from outside can move it. */
  wakeAt: Schema.optionalKey(Schema.Finite),
  /** The worker that runs it. */
  owner: Schema.optionalKey(WorkerId),
  /** What it waits for, or why it is blocked, in words. */
  waitingFor: Schema.Array(Schema.String),
  attributes: Schema.Record(Schema.String, Attribute)
})
export type ExecutionSummary = typeof ExecutionSummary.Type

/**
 * A batch of events appended to the history of one execution at one version.
 *
 * @category models
 * @since 0.1.0
 */
export const Commit = Schema.Struct({
  /** Names this very commit, so that a repeated save is recognised. */
  id: Schema.String,
  workflowId: WorkflowId,
  runId: RunId,
  version: Version,
  events: Schema.NonEmptyArray(HistoryEvent),
  summary: ExecutionSummary
})
export type Commit = typeof Commit.Type

/**
 * A commit as it is read back: without the summary of its time.
 *
 * @category models
 * @since 0.1.0
 */
export interface StoredCommit {
  readonly id: string
  readonly runId: RunId
  readonly version: Version
  readonly events: ReadonlyArray<HistoryEvent>
}

/**
 * The latest summary of an execution and the commits that were asked for.
 *
 * @category models
 * @since 0.1.0
 */
export interface StoredExecution {
  readonly summary: ExecutionSummary
  readonly commits: ReadonlyArray<StoredCommit>
}

/**
 * Which executions to list. All conditions must hold; none means all.
 *
 * @category models
 * @since 0.1.0
 */
export interface WorkflowFilter {
  readonly status?: ReadonlyArray<WorkflowStatus> | undefined
  readonly workflow?: string | undefined
  /** Started at or after this time, in milliseconds since 1970. */
  readonly startedFrom?: number | undefined
  /** Started before this time, in milliseconds since 1970. */
  readonly startedBefore?: number | undefined
  readonly attributes?: Readonly<Record<string, Attribute>> | undefined
  /** To be woken before this time, in milliseconds since 1970. */
  readonly wakeBefore?: number | undefined
  /** Owned by nobody, or by a worker that is none of these. */
  readonly ownerNotIn?: ReadonlyArray<WorkerId> | undefined
  /** How many at most: 100 unless told, never more than 1,000. */
  readonly limit?: number | undefined
  /** The `next` of the page before. */
  readonly cursor?: string | undefined
}

/**
 * A page of summaries. `next` continues it; it is absent on the last page.
 *
 * @category models
 * @since 0.1.0
 */
export interface Page {
  readonly executions: ReadonlyArray<ExecutionSummary>
  readonly next: Option.Option<string>
}

/**
 * Somebody committed to an execution, up to `version`; 0 when it was deleted.
 *
 * @category models
 * @since 0.1.0
 */
export interface Change {
  readonly workflowId: WorkflowId
  readonly version: number
}

/**
 * What a store promises.
 *
 * @category models
 * @since 0.1.0
 */
export interface Guarantees {
  /** What an acknowledged commit survives: nothing, the end of the process, the loss of power, the loss of a machine. */
  readonly durability: "none" | "process" | "disk" | "replicated"
  /** Whether several processes may append to one execution safely. */
  readonly fencing: "fenced" | "single-writer"
  /** Whether `list` sees every acknowledged commit at once. */
  readonly listing: "strong" | "eventual"
  /** How many bytes the encoded events of one commit may have. */
  readonly maxCommitBytes: number
}

/**
 * Somebody else committed at this version first, or an earlier version is missing. Load, replay and try again.
 *
 * @category errors
 * @since 0.1.0
 */
export class Conflict extends Schema.TaggedError<Conflict>()("Conflict", {
  version: Version,
  latest: Schema.optionalKey(Version)
}) {
  override get message() {
    return (
      `version ${this.version} was not free` +
      (this.latest === undefined ? "" : `; the latest stored version is ${this.latest}`)
    )
  }
}

/**
 * The store did not answer, so it is not known whether the operation took place. Asking again is safe.
 *
 * @category errors
 * @since 0.1.0
 */
export class Unavailable extends Schema.TaggedError<Unavailable>()("Unavailable", {
  cause: Schema.Defect()
}) {
  override get message() {
    return `the store did not answer: ${this.cause instanceof Error ? this.cause.message : String(this.cause)}`
  }
}

/**
 * The events of the commit are larger than the store accepts.
 *
 * @category errors
 * @since 0.1.0
 */
export class TooLarge extends Schema.TaggedError<TooLarge>()("TooLarge", {
  bytes: Schema.Int,
  limit: Schema.Int
}) {
  override get message() {
    return (
      `the events take ${this.bytes} bytes and the store accepts ${this.limit}; keep large data elsewhere and pass ` +
      `a reference to it, or raise maxCommitBytes`
    )
  }
}

/**
 * What was stored cannot be read.
 *
 * @category errors
 * @since 0.1.0
 */
export class Corrupt extends Schema.TaggedError<Corrupt>()("Corrupt", {
  detail: Schema.String
}) {
  override get message() {
    return `what is stored cannot be read: ${this.detail}`
  }
}

/**
 * The store cannot do this at all, or not with the settings that it has.
 *
 * @category errors
 * @since 0.1.0
 */
export class Unsupported extends Schema.TaggedError<Unsupported>()("Unsupported", {
  detail: Schema.String
}) {
  override get message() {
    return this.detail
  }
}

/**
 * Why a store operation failed.
 *
 * @category errors
 * @since 0.1.0
 */
export const StoreErrorReason = Schema.Union([Conflict, Unavailable, TooLarge, Corrupt, Unsupported])
export type StoreErrorReason = typeof StoreErrorReason.Type

/**
 * A store operation failed.
 *
 * @category errors
 * @since 0.1.0
 */
export class StoreError extends Schema.TaggedError<StoreError>()("StoreError", {
  operation: Schema.Literals(["open", "save", "load", "list", "delete", "changes", "heartbeat", "workers"]),
  workflowId: Schema.optionalKey(WorkflowId),
  reason: StoreErrorReason
}) {
  override get message() {
    const on = this.workflowId === undefined ? "" : ` of ${JSON.stringify(this.workflowId)}`
    return `${this.operation}${on}: ${this.reason.message}`
  }
}

/**
 * Keeps the histories of executions.
 *
 * @category services
 * @since 0.1.0
 */
export class WorkflowStore extends Context.Service<
  WorkflowStore,
  {
    /** Appends one commit. */
    readonly save: (commit: Commit) => Effect.Effect<void, StoreError>
    /** Appends commits of different executions together, each with its own outcome. Never fails as a whole. */
    readonly saveAll: (commits: ReadonlyArray<Commit>) => Effect.Effect<ReadonlyArray<Exit.Exit<void, StoreError>>>
    /** Reads the current run of an execution, or its commits after a version. */
    readonly load: (
      workflowId: WorkflowId,
      options?: { readonly after?: Version | undefined }
    ) => Effect.Effect<Option.Option<StoredExecution>, StoreError>
    /** Finds executions, a page at a time. */
    readonly list: (filter?: WorkflowFilter) => Effect.Effect<Page, StoreError>
    /** Removes an execution with its history; answers whether there was one. */
    readonly delete: (workflowId: WorkflowId) => Effect.Effect<boolean, StoreError>
    /** Tells of commits by anybody, in batches. */
    readonly changes: Stream.Stream<ReadonlyArray<Change>, StoreError>
    /** Says that a worker lives until a time, in milliseconds since 1970. */
    readonly heartbeat: (worker: WorkerId, until: number) => Effect.Effect<void, StoreError>
    /** The workers that live. */
    readonly workers: Effect.Effect<ReadonlyArray<WorkerId>, StoreError>
    /** What this store promises. */
    readonly guarantees: Guarantees
  }
>()("perdure/Store/WorkflowStore") {}

/**
 * What the author of a store writes: the operations without spans; `save` follows from `saveAll`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Driver extends Omit<WorkflowStore["Service"], "save"> {}

/**
 * Makes a store from a driver; adds the spans, so that drivers stay silent.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (driver: Driver): WorkflowStore["Service"] => ({
  ...driver,
  save: (commit) =>
    spanned(
      Effect.flatMap(driver.saveAll([commit]), (exits) => exits[0]!),
      "WorkflowStore.save",
      { "workflow.id": commit.workflowId }
    ),
  saveAll: (commits) =>
    spanned(driver.saveAll(commits), "WorkflowStore.saveAll", { "workflow.commits": commits.length }),
  load: (workflowId, options) =>
    spanned(driver.load(workflowId, options), "WorkflowStore.load", { "workflow.id": workflowId }),
  list: (filter) => spanned(driver.list(filter), "WorkflowStore.list", {}),
  delete: (workflowId) => spanned(driver.delete(workflowId), "WorkflowStore.delete", { "workflow.id": workflowId })
})

/**
 * Every execution that matches, read page by page.
 *
 * @category combinators
 * @since 0.1.0
 */
export const stream = (
  store: WorkflowStore["Service"],
  filter: Omit<WorkflowFilter, "cursor"> = {}
): Stream.Stream<ExecutionSummary, StoreError> =>
  Stream.paginate(Option.none<string>(), (cursor) =>
    Effect.map(
      store.list({ ...filter, cursor: Option.getOrUndefined(cursor) }),
      (page) => [page.executions, Option.map(page.next, Option.some)] as const
    )
  )

// internal

/** A span costs more than a small save, so there is one only where somebody traces. */
const spanned = <A, E>(
  effect: Effect.Effect<A, E>,
  name: string,
  attributes: Record<string, unknown>
): Effect.Effect<A, E> =>
  Effect.withFiber((fiber) =>
    fiber.getRef(Tracer.Tracer) === Tracer.nativeTracer
      ? effect
      : effect.pipe(Effect.withSpan(name, { attributes }, { captureStackTrace: false }))
  )
