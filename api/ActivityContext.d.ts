/**
 * What a handler can know of the attempt that it runs.
 */
import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type * as Option from "effect/Option";
import type * as Schema from "effect/Schema";
import type { RunId, WorkflowId } from "./Ids.ts";
declare const ActivityContext_base: Context.ServiceClass<ActivityContext, "perdure/ActivityContext", {
    /** The name of the workflow. */
    readonly workflow: string;
    readonly workflowId: WorkflowId;
    readonly runId: RunId;
    /** The name of the activity. */
    readonly activity: string;
    /** From 1. An attempt whose worker died while it ran, or stood in line, counts too. */
    readonly attempt: number;
    /**
     * Names this attempt: `Charge.succeed(token, value)` ends its call from any process, once the handler has returned
     * `Activity.pending` or before, and `Charge.fail(token, error)` ends the attempt. A text for URLs that holds the id of the execution:
     * sign it where strangers could guess one.
     */
    readonly token: string;
    /** Names this very call, the same in every attempt: give it to services that accept such a key. */
    readonly idempotencyKey: string;
    /** Says that the attempt goes on, with details in encoded form: `heartbeat` of the activity encodes them. */
    readonly report: (details: Schema.Json) => Effect.Effect<void>;
    /** What an attempt of this call has reported last, in encoded form: `details` of the activity decodes it. */
    readonly reported: Effect.Effect<Option.Option<Schema.Json>>;
}>;
/**
 * The attempt that a handler runs. Every handler may use it.
 *
 * @category services
 * @since 0.1.0
 */
export declare class ActivityContext extends ActivityContext_base {
}
export {};
