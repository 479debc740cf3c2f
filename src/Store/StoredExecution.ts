/**
 * Executions as stores keep them, and the questions by which they are found.
 */
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Ancestor, Attribute, HistoryEvent } from "../HistoryEvent.ts"
import { type Ref, RunId, Version, WorkerId, WorkflowId } from "../Ids.ts"
import { Waiting } from "../Waiting.ts"
import { WorkflowStatus } from "../WorkflowState.ts"

/**
 * The value that a program publishes for a query, or why it is left out.
 *
 * @category models
 * @since 0.2.0
 */
export const PublishedValue = Schema.Union([
  Schema.Struct({ value: Schema.Json }),
  Schema.Struct({ leftOut: Schema.String })
])
export type PublishedValue = typeof PublishedValue.Type

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
  /** The version of the workflow to which it is pinned. */
  workflowVersion: Schema.optionalKey(Schema.String),
  status: WorkflowStatus,
  /** The version of the commit that this summary is part of. */
  version: Version,
  /** The version of the first commit of this run. */
  firstVersion: Version,
  /** The first run of the chain, when this run continues another one. */
  chain: Schema.optionalKey(RunId),
  /** When its first run began. */
  startedAt: Schema.Finite,
  updatedAt: Schema.Finite,
  closedAt: Schema.optionalKey(Schema.Finite),
  /** When a worker must look at the execution; absent when only an event from outside can move it. */
  wakeAt: Schema.optionalKey(Schema.Finite),
  /** The worker that runs it; absent when no worker has taken it yet and when it is finished. */
  owner: Schema.optionalKey(WorkerId),
  /** What it waits for, or why it is blocked; `Waiting.inWords` says it in words. */
  waitingFor: Schema.Array(Waiting),
  /** How many signals of each name it was sent that its program has not received; absent when there are none. */
  unreceived: Schema.optionalKey(Schema.Record(Schema.String, Schema.Int)),
  attributes: Schema.Record(Schema.String, Attribute),
  /** What its start said of it; absent when that was nothing. */
  memo: Schema.optionalKey(Schema.Json),
  /** The execution that started this one as its child. */
  parent: Schema.optionalKey(Ancestor),
  /** The first ancestor of a child: its parent, or the root of that. */
  root: Schema.optionalKey(Ancestor),
  /** How many messages it still owes to other executions; absent when none. A finished execution may owe some. */
  owed: Schema.optionalKey(Schema.Int),
  /** The values that its program publishes, by the names of their queries, in 8 KB; absent when it publishes none. */
  published: Schema.optionalKey(Schema.Record(Schema.String, PublishedValue)),
  /** The stored form that its events need; absent for form 1. */
  format: Schema.optionalKey(Schema.Int)
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
 * Bounds of a text or a number: at most one below and one above. Texts are in the order of their code units, as `<` has them in
 * JavaScript, on every store.
 *
 * @category models
 * @since 0.2.0
 */
export interface AttributeRange<out A> {
  /** At least. */
  readonly from?: A | undefined
  /** Greater than. */
  readonly above?: A | undefined
  /** Less than. */
  readonly below?: A | undefined
  /** At most. */
  readonly upTo?: A | undefined
}

/**
 * What an attribute must be: a value, one of several values of one type, or within a range. Text and number are never equal, and
 * each has a range of its own.
 *
 * @category models
 * @since 0.2.0
 */
export type AttributeTest =
  | Attribute
  | { readonly in: ReadonlyArray<Attribute> }
  | AttributeRange<string>
  | AttributeRange<number>

/**
 * What attributes must be, by their names: made by `Attributes.where`, or written out.
 *
 * @category models
 * @since 0.2.0
 */
export type AttributeConditions = Readonly<Record<string, AttributeTest>>

/**
 * Which executions to list. All conditions must hold; none means all.
 *
 * @category models
 * @since 0.1.0
 */
export interface WorkflowFilter {
  readonly status?: ReadonlyArray<WorkflowStatus> | undefined
  readonly workflow?: string | undefined
  /** Pinned to this version of their workflow. */
  readonly workflowVersion?: string | undefined
  /** Started at or after this time, in milliseconds since 1970. */
  readonly startedFrom?: number | undefined
  /** Started before this time, in milliseconds since 1970. */
  readonly startedBefore?: number | undefined
  /** Finished before this time, in milliseconds since 1970. */
  readonly closedBefore?: number | undefined
  /** With attributes of these values. */
  readonly attributes?: Readonly<Record<string, Attribute>> | undefined
  /** With attributes of values that are among several, or within ranges. */
  readonly where?: AttributeConditions | undefined
  /** Children of an execution: of an id, or with a `runId`, such as that of a handle, of that chain alone. */
  readonly parent?: Ref | string | undefined
  /** All that descends from an execution: its children, their children and so on. It is named as for `parent`. */
  readonly root?: Ref | string | undefined
  /** To be woken before this time, in milliseconds since 1970. */
  readonly wakeBefore?: number | undefined
  /** Without an owner, or owned by a worker that is none of these. */
  readonly ownerNotIn?: ReadonlyArray<WorkerId> | undefined
  /** Only those for which a worker has something to do: running, blocked, or finished while they still owe a message. */
  readonly unsettled?: boolean | undefined
  /** `"oldest"` first, the default, or `"newest"`. */
  readonly order?: "oldest" | "newest" | undefined
  /** How many at most: 100 by default, never more than 1,000. */
  readonly limit?: number | undefined
  /** The `next` of the page before. */
  readonly cursor?: string | undefined
}

/**
 * How far to count.
 *
 * @category models
 * @since 0.2.0
 */
export interface CountOptions {
  /** Counts no further than that, where a store can stop: ask for one more than is shown to learn whether there are more. */
  readonly atMost?: number | undefined
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
  /** Executions that match as far as can be seen, and whose summaries are damaged; absent when there are none. */
  readonly unreadable?: ReadonlyArray<UnreadableExecution> | undefined
}

/**
 * An execution whose summary cannot be read.
 *
 * @category models
 * @since 0.2.0
 */
export interface UnreadableExecution {
  readonly workflowId: WorkflowId
  /** What is wrong with it. */
  readonly detail: string
}
