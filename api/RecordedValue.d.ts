/**
 * The values that events hold.
 */
import * as Schema from "effect/Schema";
import { RecordedDefect } from "./RecordedFailure.ts";
export * from "./RecordedFailure.ts";
export { Trace } from "./Ids.ts";
/**
 * How an activity ended, as it was recorded.
 *
 * @category models
 * @since 0.1.0
 */
export declare const RecordedExit: Schema.TaggedUnion<{
    readonly Die: Schema.TaggedStruct<"Die", {
        readonly defect: Schema.Codec<RecordedDefect, RecordedDefect, never, never>;
    }>;
    readonly Fail: Schema.TaggedStruct<"Fail", {
        readonly error: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    }>;
    readonly Success: Schema.TaggedStruct<"Success", {
        readonly value: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    }>;
    readonly TimedOut: Schema.TaggedStruct<"TimedOut", {
        readonly after: Schema.Finite;
    }>;
}>;
export type RecordedExit = typeof RecordedExit.Type;
/**
 * Why an execution cannot go on for now. It is not finished: a worker with the right code resumes it.
 *
 * @category models
 * @since 0.1.0
 */
export declare const Problem: Schema.Struct<{
    readonly reason: Schema.Literals<readonly ["NonDeterminism", "AsynchronousWork", "Spinning", "Undecodable", "TooLarge", "Unsupported", "LostAttempts", "HistoryTooLong", "Defect"]>;
    readonly message: Schema.String;
}>;
export type Problem = typeof Problem.Type;
/**
 * A text, number or flag by which executions can be found.
 *
 * @category models
 * @since 0.1.0
 */
export declare const Attribute: Schema.Union<readonly [Schema.String, Schema.Finite, Schema.Boolean]>;
export type Attribute = typeof Attribute.Type;
/**
 * Attributes as a program changes them, by their names: a new value, or `null` where one is removed.
 *
 * @category models
 * @since 0.2.0
 */
export declare const AttributeChanges: Schema.$Record<Schema.String, Schema.NullOr<Schema.Union<readonly [Schema.String, Schema.Finite, Schema.Boolean]>>>;
export type AttributeChanges = typeof AttributeChanges.Type;
/**
 * Where an execution stood when a message for it was recorded: its chain and the version of its latest commit. Of one that is to
 * be started: the chain that it will be, and the version before its first.
 *
 * @category models
 * @since 0.2.0
 */
export declare const Address: Schema.Struct<{
    readonly chain: Schema.brand<Schema.String, "RunId">;
    readonly version: Schema.brand<Schema.Int, "Version">;
}>;
export type Address = typeof Address.Type;
/**
 * An execution from which another one descends: its id, and the chain that it is.
 *
 * @category models
 * @since 0.2.0
 */
export declare const Ancestor: Schema.Struct<{
    readonly workflowId: Schema.brand<Schema.String, "WorkflowId">;
    readonly chain: Schema.brand<Schema.String, "RunId">;
}>;
export type Ancestor = typeof Ancestor.Type;
/**
 * Where an execution stands. `running` and `blocked` are not final; the others never change.
 *
 * @category models
 * @since 0.1.0
 */
export declare const WorkflowStatus: Schema.Literals<readonly ["running", "blocked", "completed", "failed", "cancelled", "timedOut", "terminated"]>;
export type WorkflowStatus = typeof WorkflowStatus.Type;
/**
 * What became of a message to another execution: it is in the history of its receiver, or it can never be; then with what was
 * found of the receiver, or of the commit that was too large.
 *
 * @category models
 * @since 0.2.0
 */
export declare const MessageOutcome: Schema.TaggedUnion<{
    readonly Delivered: Schema.TaggedStruct<"Delivered", {}>;
    readonly Refused: Schema.TaggedStruct<"Refused", {
        readonly reason: Schema.Literals<readonly ["NotFound", "Finished", "Restarted", "AlreadyExists", "TooLarge", "Unreadable"]>;
        readonly status: Schema.optionalKey<Schema.Literals<readonly ["running", "blocked", "completed", "failed", "cancelled", "timedOut", "terminated"]>>;
        readonly runId: Schema.optionalKey<Schema.brand<Schema.String, "RunId">>;
        readonly bytes: Schema.optionalKey<Schema.Int>;
        readonly limit: Schema.optionalKey<Schema.Int>;
    }>;
}>;
export type MessageOutcome = typeof MessageOutcome.Type;
/**
 * What becomes of a child that is still running when its parent ends: it is asked to stop, it is ended at once, or it goes on.
 *
 * @category models
 * @since 0.2.0
 */
export declare const ParentClose: Schema.Literals<readonly ["cancel", "terminate", "abandon"]>;
export type ParentClose = typeof ParentClose.Type;
/**
 * A message from one execution to another, or the start of a child. `timeout` is in milliseconds.
 *
 * @category models
 * @since 0.2.0
 */
export declare const OutgoingMessage: Schema.Union<readonly [Schema.TaggedStruct<"Signal", {
    readonly name: Schema.String;
    readonly payload: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    readonly key: Schema.optionalKey<Schema.String>;
    readonly trace: Schema.optionalKey<Schema.Struct<{
        readonly traceId: Schema.String;
        readonly spanId: Schema.String;
        readonly sampled: Schema.Boolean;
    }>>;
}>, Schema.TaggedStruct<"Cancel", {
    readonly reason: Schema.String;
}>, Schema.TaggedStruct<"Terminate", {
    readonly reason: Schema.String;
}>, Schema.TaggedStruct<"Start", {
    readonly workflow: Schema.String;
    readonly version: Schema.optionalKey<Schema.String>;
    readonly input: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    readonly parentClose: Schema.Literals<readonly ["cancel", "terminate", "abandon"]>;
    readonly timeout: Schema.optionalKey<Schema.Finite>;
    readonly attributes: Schema.optionalKey<Schema.$Record<Schema.String, Schema.Union<readonly [Schema.String, Schema.Finite, Schema.Boolean]>>>;
    readonly memo: Schema.optionalKey<Schema.Codec<Schema.Json, Schema.Json, never, never>>;
}>]>;
export type OutgoingMessage = typeof OutgoingMessage.Type;
