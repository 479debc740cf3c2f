/**
 * What a program can know of the execution that it is part of.
 */
import * as Context from "effect/Context";
import type * as Duration from "effect/Duration";
import type * as Effect from "effect/Effect";
import type { RunId, WorkflowId } from "./Ids.ts";
/**
 * How long an activity may take.
 *
 * @category models
 * @since 0.1.0
 */
export interface ActivityTimeouts {
    /** One attempt. */
    readonly attempt: Duration.Duration | undefined;
    /** All attempts and the pauses between them, from the moment when the program asked. */
    readonly total: Duration.Duration | undefined;
}
declare const WorkflowContext_base: Context.ServiceClass<WorkflowContext, "perdure/WorkflowContext", {
    readonly workflowId: WorkflowId;
    /** Names the chain of the run, as `handle.runId` does: it stays the same when the program continues as new. */
    readonly runId: RunId;
    /** How many events the run has, as far as the program has come. They are replayed whenever the execution comes into memory. */
    readonly historyLength: Effect.Effect<number>;
    /** Whether the run has so many events that it should continue as new (`Workflow.continueAsNew`). */
    readonly suggestContinue: Effect.Effect<boolean>;
}>;
/**
 * The execution that a program is part of. Everything that requires it is durable.
 *
 * @category services
 * @since 0.1.0
 */
export declare class WorkflowContext extends WorkflowContext_base {
}
export {};
