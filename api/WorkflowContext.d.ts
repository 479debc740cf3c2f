/**
 * What a program can know of the execution that it is part of.
 */
import * as Context from "effect/Context";
import type * as Duration from "effect/Duration";
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
    readonly runId: RunId;
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
