/**
 * Identifiers and counts of the vocabulary, branded so that two strings or two numbers cannot change places.
 */
import * as Schema from "effect/Schema";
/**
 * The name that a user gives to an execution, unique in a store: an order number, a customer, a file.
 *
 * @category models
 * @since 0.1.0
 */
export declare const WorkflowId: Schema.brand<Schema.String, "WorkflowId">;
export type WorkflowId = typeof WorkflowId.Type;
/**
 * Identifies one run of a workflow id. Starting a finished id again makes a new run. A *chain* is a run and the runs that
 * continue it; it is named by its first run.
 *
 * @category models
 * @since 0.1.0
 */
export declare const RunId: Schema.brand<Schema.String, "RunId">;
export type RunId = typeof RunId.Type;
/**
 * The position of a commit in the history of a workflow id, from 1, without gaps.
 *
 * @category models
 * @since 0.1.0
 */
export declare const Version: Schema.brand<Schema.Int, "Version">;
export type Version = typeof Version.Type;
/**
 * The number of a command within a run, from 0, in the order in which the program issued them.
 *
 * @category models
 * @since 0.1.0
 */
export declare const Sequence: Schema.brand<Schema.Int, "Sequence">;
export type Sequence = typeof Sequence.Type;
/**
 * Names a worker: one executor in one process.
 *
 * @category models
 * @since 0.1.0
 */
export declare const WorkerId: Schema.brand<Schema.String, "WorkerId">;
export type WorkerId = typeof WorkerId.Type;
/**
 * Names a message from one execution to another: the chain of the sender and the number of the message in that chain, from 1.
 *
 * @category models
 * @since 0.2.0
 */
export declare const MessageId: Schema.brand<Schema.String, "MessageId">;
export type MessageId = typeof MessageId.Type;
/**
 * Names an execution by its id. With `runId` it means the chain of that run alone, and is refused once the id was started
 * again. That run is the first of the chain, as a handle has it, or one of the latest hundred.
 *
 * @category models
 * @since 0.2.0
 */
export interface Ref {
    readonly workflowId: string;
    readonly runId?: string | undefined;
}
/**
 * The span of a caller, which is recorded with what it asks for: by it the traces of callers and executions are joined.
 *
 * @category models
 * @since 0.2.0
 */
export declare const Trace: Schema.Struct<{
    readonly traceId: Schema.String;
    readonly spanId: Schema.String;
    readonly sampled: Schema.Boolean;
}>;
export type Trace = typeof Trace.Type;
