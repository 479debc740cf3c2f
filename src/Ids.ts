/**
 * Identifiers and counts of the vocabulary, branded so that two strings or two numbers cannot change places.
 */
import * as Schema from "effect/Schema"

/**
 * The name that a user gives to an execution, unique in a store: an order number, a customer, a file.
 *
 * @category models
 * @since 0.1.0
 */
export const WorkflowId = Schema.String.pipe(Schema.brand("WorkflowId"))
export type WorkflowId = typeof WorkflowId.Type

/**
 * Identifies one run of a workflow id. Starting a finished id again makes a new run. A *chain* is a run and the runs that
 * continue it; it is named by its first run.
 *
 * @category models
 * @since 0.1.0
 */
export const RunId = Schema.String.pipe(Schema.brand("RunId"))
export type RunId = typeof RunId.Type

/**
 * The position of a commit in the history of a workflow id, from 1, without gaps.
 *
 * @category models
 * @since 0.1.0
 */
export const Version = Schema.Int.pipe(Schema.brand("Version"))
export type Version = typeof Version.Type

/**
 * The number of a command within a run, from 0, in the order in which the program issued them.
 *
 * @category models
 * @since 0.1.0
 */
export const Sequence = Schema.Int.pipe(Schema.brand("Sequence"))
export type Sequence = typeof Sequence.Type

/**
 * Names a worker: one executor in one process.
 *
 * @category models
 * @since 0.1.0
 */
export const WorkerId = Schema.String.pipe(Schema.brand("WorkerId"))
export type WorkerId = typeof WorkerId.Type

/**
 * Names a message from one execution to another: the chain of the sender and the number of the message in that chain, from 1.
 *
 * @category models
 * @since 0.2.0
 */
export const MessageId = Schema.String.pipe(Schema.brand("MessageId"))
export type MessageId = typeof MessageId.Type

/**
 * Names an execution by its id. With `runId` it means the chain of that run alone, and is refused once the id was started
 * again. That run is the first of the chain, as a handle has it, or one of the latest hundred.
 *
 * @category models
 * @since 0.2.0
 */
export interface Ref {
  readonly workflowId: string
  readonly runId?: string | undefined
}

/**
 * The span of a caller, which is recorded with what it asks for: by it the traces of callers and executions are joined.
 *
 * @category models
 * @since 0.2.0
 */
export const Trace = Schema.Struct({ traceId: Schema.String, spanId: Schema.String, sampled: Schema.Boolean })
export type Trace = typeof Trace.Type

/**
 * An id as it is shown in messages: in quotes, and of a long one the beginning.
 *
 * @internal
 */
export const inShort = (id: string): string =>
  id.length <= shownAtMost
    ? JSON.stringify(id)
    : `${JSON.stringify(id.slice(0, shownAtMost))}... (${id.length} characters)`

// internal

/** So many characters of an id are shown. */
const shownAtMost = 200
