import * as Schema from "effect/Schema";
/**
 * One of the things that an execution waits for. Times are in milliseconds since 1970.
 *
 * @category models
 * @since 0.2.0
 */
export declare const Waiting: Schema.TaggedUnion<{
    readonly Activity: Schema.TaggedStruct<"Activity", {
        readonly seq: Schema.brand<Schema.Int, "Sequence">;
        readonly name: Schema.String;
        readonly attempt: Schema.Int;
        readonly retryAt: Schema.optionalKey<Schema.Finite>;
        /** Its attempts run alone in their worker, because earlier ones were lost. */
        readonly alone: Schema.optionalKey<Schema.Literal<true>>;
        /** Its handler has left its end to a caller outside, who has a token. */
        readonly pending: Schema.optionalKey<Schema.Literal<true>>;
        readonly timeoutAt: Schema.optionalKey<Schema.Finite>;
    }>;
    readonly Answer: Schema.TaggedStruct<"Answer", {
        readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
        readonly operation: Schema.String;
    }>;
    readonly Blocked: Schema.TaggedStruct<"Blocked", {
        readonly problem: Schema.Struct<{
            readonly reason: Schema.Literals<readonly ["NonDeterminism", "AsynchronousWork", "Spinning", "Undecodable", "TooLarge", "Unsupported", "LostAttempts", "HistoryTooLong", "Defect"]>;
            readonly message: Schema.String;
        }>;
        readonly retryAt: Schema.optionalKey<Schema.Finite>;
    }>;
    readonly Cancelling: Schema.TaggedStruct<"Cancelling", {
        readonly reason: Schema.String;
    }>;
    readonly Child: Schema.TaggedStruct<"Child", {
        readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
        readonly workflow: Schema.String;
    }>;
    readonly Deliveries: Schema.TaggedStruct<"Deliveries", {
        readonly count: Schema.Int;
    }>;
    readonly Delivery: Schema.TaggedStruct<"Delivery", {
        readonly to: Schema.brand<Schema.String, "WorkflowId">;
        readonly message: Schema.String;
    }>;
    readonly More: Schema.TaggedStruct<"More", {
        readonly count: Schema.Int;
    }>;
    readonly NextRun: Schema.TaggedStruct<"NextRun", {}>;
    readonly Nothing: Schema.TaggedStruct<"Nothing", {}>;
    readonly Other: Schema.TaggedStruct<"Other", {
        readonly text: Schema.String;
    }>;
    readonly Signal: Schema.TaggedStruct<"Signal", {
        readonly name: Schema.String;
    }>;
    readonly Timer: Schema.TaggedStruct<"Timer", {
        readonly seq: Schema.brand<Schema.Int, "Sequence">;
        readonly until: Schema.Finite;
    }>;
    readonly Update: Schema.TaggedStruct<"Update", {
        readonly id: Schema.String;
        readonly name: Schema.String;
        readonly accepted: Schema.optionalKey<Schema.Literal<true>>;
    }>;
    readonly Updates: Schema.TaggedStruct<"Updates", {
        readonly names: Schema.$Array<Schema.String>;
    }>;
    readonly Worker: Schema.TaggedStruct<"Worker", {
        readonly workflow: Schema.String;
        readonly version: Schema.optionalKey<Schema.String>;
    }>;
}>;
export type Waiting = typeof Waiting.Type;
/**
 * Says in words what an execution waits for.
 *
 * **Example** (Printing what an execution waits for)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Waiting, Workflow } from "perdure"
 *
 * const Order = Workflow.make("Order")
 * const program = Effect.gen(function*() {
 *   const order = yield* Order.handle("order-1")
 *   const { waitingFor } = yield* order.describe
 *   return waitingFor.map(Waiting.inWords).join(", ")
 * })
 * ```
 *
 * @category formatting
 * @since 0.2.0
 */
export declare const inWords: (waiting: Waiting) => string;
