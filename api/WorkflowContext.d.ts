/**
 * What a program can ask of whatever runs it. Definitions speak this protocol, in encoded values; each executor answers it
 * in its own way.
 */
import * as Context from "effect/Context";
import type * as Duration from "effect/Duration";
import type * as Effect from "effect/Effect";
import type * as Schema from "effect/Schema";
import type { Problem, RecordedExit } from "./HistoryEvent.ts";
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
/**
 * A call of an activity, as an executor sees it.
 *
 * @category models
 * @since 0.1.0
 */
export interface ActivityCall {
    readonly name: string;
    readonly input: Schema.Json;
    readonly timeouts: ActivityTimeouts;
}
declare const WorkflowContext_base: Context.ServiceClass<WorkflowContext, "perdure/WorkflowContext", {
    readonly workflowId: WorkflowId;
    readonly runId: RunId;
    /** Schedules an activity and waits for its result. Interruption cancels the activity. */
    readonly activity: (call: ActivityCall) => Effect.Effect<RecordedExit>;
    /** Takes the next signal of a name, or waits for it. */
    readonly receive: (signal: string) => Effect.Effect<Schema.Json>;
    /** Blocks the execution: its code must be put right before it can go on. */
    readonly halt: (problem: Problem) => Effect.Effect<never>;
}>;
/**
 * The execution that a program is part of. Everything that uses it is durable.
 *
 * @category services
 * @since 0.1.0
 */
export declare class WorkflowContext extends WorkflowContext_base {
}
export {};
