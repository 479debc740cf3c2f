/**
 * What hooks are told, in decoded values.
 */
import type * as Schema from "effect/Schema"
import type * as Activity from "../../Activity.ts"
import type { Ancestor, Attribute, Problem, RecordedDefect } from "../../HistoryEvent.ts"
import type { RunId, Sequence, Version, WorkflowId } from "../../Ids.ts"
import type * as Signal from "../../Signal.ts"
import type * as Update from "../../Update.ts"
import type * as Workflow from "../../Workflow.ts"

/**
 * What every hook is told: which execution, which commit of it, and when it was recorded.
 *
 * @category models
 * @since 0.2.0
 */
export interface About<out Name extends string = string> {
  /** The name of the workflow. */
  readonly workflow: Name
  readonly workflowId: WorkflowId
  readonly runId: RunId
  /** The first of the runs that continue each other; a run that continues none is its own. */
  readonly chain: RunId
  /** The version of the commit. With `workflowId` it names the commit. */
  readonly version: Version
  /** In milliseconds since 1970. */
  readonly at: number
}

/**
 * An execution begins: with the first run of its chain, and not with a run that continues it.
 *
 * @category events
 * @since 0.2.0
 */
export interface WorkflowStarted<Name extends string, Input> extends About<Name> {
  readonly input: Input
  readonly attributes: Readonly<Record<string, Attribute>>
  readonly memo?: Schema.Json
  /** The execution that started it as its child. */
  readonly parent?: Ancestor
}

/**
 * An execution has succeeded.
 *
 * @category events
 * @since 0.2.0
 */
export interface WorkflowCompleted<Name extends string, Success> extends About<Name> {
  readonly value: Success
}

/**
 * An execution has ended, neither by success nor by a cancel.
 *
 * @category events
 * @since 0.2.0
 */
export interface WorkflowFailed<Name extends string, Error> extends About<Name> {
  readonly reason: WorkflowFailure<Error>
  /** What its finalizers and compensations failed with. */
  readonly detail?: string
}

/**
 * Why an execution has failed: an error of its schema, a defect, an operation on another execution for which it has no error, its
 * timeout, or a termination.
 *
 * @category models
 * @since 0.2.0
 */
export type WorkflowFailure<Error> =
  | { readonly _tag: "Failed"; readonly error: Error }
  | { readonly _tag: "Defect"; readonly defect: RecordedDefect }
  | {
      readonly _tag: "OtherFailed"
      readonly operation: string
      readonly workflowId?: string
      readonly because: string
      readonly detail: string
    }
  | { readonly _tag: "TimedOut" }
  | { readonly _tag: "Terminated"; readonly because: string }

/**
 * An execution was cancelled, and its finalizers have run.
 *
 * @category events
 * @since 0.2.0
 */
export interface WorkflowCancelled<Name extends string> extends About<Name> {
  readonly because: string
  /** What its finalizers failed with. */
  readonly detail?: string
}

/**
 * An execution cannot go on until its code is put right.
 *
 * @category events
 * @since 0.2.0
 */
export interface WorkflowBlocked<Name extends string> extends About<Name> {
  readonly problem: Problem
  /** When it is tried again by itself, in milliseconds since 1970. */
  readonly retryAt?: number
}

/**
 * A timer of a program has fired: of a sleep, or of a timeout that it has.
 *
 * @category events
 * @since 0.2.0
 */
export interface TimerFired<Name extends string> extends About<Name> {
  readonly seq: Sequence
  /** When the program began to wait, in milliseconds since 1970. */
  readonly startedAt: number
  /** How much later than due it has fired, in milliseconds. */
  readonly late: number
}

/**
 * A program has called an activity. It is told once a call; `Middleware.activity` sees each attempt.
 *
 * @category events
 * @since 0.2.0
 */
export interface ActivityStarted<Name extends string, Input> extends About {
  readonly activity: Name
  /** The place of the call in its run. */
  readonly seq: Sequence
  /** Whether the program itself has what the activity does. */
  readonly inline: boolean
  readonly input: Input
}

/**
 * A call of an activity has its result.
 *
 * @category events
 * @since 0.2.0
 */
export interface ActivityCompleted<Name extends string, Input, Success> extends ActivityStarted<Name, Input> {
  readonly value: Success
}

/**
 * A call of an activity has failed, and no attempt follows.
 *
 * @category events
 * @since 0.2.0
 */
export interface ActivityFailed<Name extends string, Input, Error> extends ActivityStarted<Name, Input> {
  readonly reason: ActivityFailure<Error>
}

/**
 * An attempt of an activity has failed, and another one follows.
 *
 * @category events
 * @since 0.2.0
 */
export interface Retrying<Name extends string, Input, Error> extends ActivityStarted<Name, Input> {
  /** The number of the attempt that has failed, from 1. */
  readonly attempt: number
  readonly reason: ActivityFailure<Error>
  /** When the next attempt is due, in milliseconds since 1970. */
  readonly retryAt: number
}

/**
 * Why an activity has failed: an error of its schema, a defect of its handler, or a timeout of so many milliseconds.
 *
 * @category models
 * @since 0.2.0
 */
export type ActivityFailure<Error> =
  | { readonly _tag: "Failed"; readonly error: Error }
  | { readonly _tag: "Defect"; readonly defect: RecordedDefect }
  | { readonly _tag: "TimedOut"; readonly after: number }

/**
 * A signal was recorded. The program may receive it later, or never.
 *
 * @category events
 * @since 0.2.0
 */
export interface SignalReceived<Name extends string, Payload> extends About {
  readonly signal: Name
  readonly payload: Payload
  readonly key?: string
}

/**
 * An update was recorded. Its handler may take it later, or refuse it.
 *
 * @category events
 * @since 0.2.0
 */
export interface UpdateReceived<Name extends string, Input> extends About {
  readonly update: Name
  readonly updateId: string
  readonly input: Input
}

/**
 * What hooks may be told of.
 *
 * @category models
 * @since 0.2.0
 */
export type Definition = Workflow.Any | Activity.Any | Signal.Any | Update.Any

/**
 * Any definition, with values as they are recorded: what hooks without a list of definitions are told of.
 *
 * @category models
 * @since 0.2.0
 */
export type Recorded =
  | (Workflow.Any & RecordedContract)
  | (Activity.Any & RecordedContract)
  | (Update.Any & RecordedContract)
  | (Signal.Any & { readonly payload: Schema.Codec<Schema.Json> })

interface RecordedContract {
  readonly input: Schema.Codec<Schema.Json>
  readonly success: Schema.Codec<Schema.Json>
  readonly error: Schema.Codec<Schema.Json>
}
