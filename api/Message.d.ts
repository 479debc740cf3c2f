/**
 * What an execution can be told, and the answer to each message. A new kind of message is a case here; executors, middleware
 * and clients handle them all by one verb.
 */
import * as Schema from "effect/Schema";
import { RunId } from "./Ids.ts";
import type { UpdateExit } from "./RecordedFailure.ts";
/**
 * How a caller outside ends a call of an activity, in encoded values.
 *
 * @category models
 * @since 0.2.0
 */
export declare const CompletedExit: Schema.TaggedUnion<{
    readonly Fail: Schema.TaggedStruct<"Fail", {
        readonly error: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    }>;
    readonly Success: Schema.TaggedStruct<"Success", {
        readonly value: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    }>;
}>;
export type CompletedExit = typeof CompletedExit.Type;
/**
 * A message to an execution, in encoded values.
 *
 * @category models
 * @since 0.2.0
 */
export declare const Message: Schema.TaggedUnion<{
    readonly Cancel: Schema.TaggedStruct<"Cancel", {
        readonly reason: Schema.String;
    }>;
    readonly Complete: Schema.TaggedStruct<"Complete", {
        readonly run: Schema.brand<Schema.String, "RunId">;
        readonly seq: Schema.brand<Schema.Int, "Sequence">;
        readonly activity: Schema.String;
        readonly attempt: Schema.Int;
        readonly exit: Schema.TaggedUnion<{
            readonly Fail: Schema.TaggedStruct<"Fail", {
                readonly error: Schema.Codec<Schema.Json, Schema.Json, never, never>;
            }>;
            readonly Success: Schema.TaggedStruct<"Success", {
                readonly value: Schema.Codec<Schema.Json, Schema.Json, never, never>;
            }>;
        }>;
    }>;
    readonly Query: Schema.TaggedStruct<"Query", {
        readonly name: Schema.String;
        readonly input: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    }>;
    readonly Signal: Schema.TaggedStruct<"Signal", {
        readonly name: Schema.String;
        readonly payload: Schema.Codec<Schema.Json, Schema.Json, never, never>;
        readonly key: Schema.optionalKey<Schema.String>;
        readonly trace: Schema.optionalKey<Schema.Struct<{
            readonly traceId: Schema.String;
            readonly spanId: Schema.String;
            readonly sampled: Schema.Boolean;
        }>>;
    }>;
    readonly Terminate: Schema.TaggedStruct<"Terminate", {
        readonly reason: Schema.String;
    }>;
    readonly Update: Schema.TaggedStruct<"Update", {
        readonly id: Schema.String;
        readonly name: Schema.String;
        readonly input: Schema.Codec<Schema.Json, Schema.Json, never, never>;
        readonly wait: Schema.Literals<readonly ["accepted", "answered"]>;
        readonly isNew: Schema.optionalKey<Schema.Literal<true>>;
        readonly trace: Schema.optionalKey<Schema.Struct<{
            readonly traceId: Schema.String;
            readonly spanId: Schema.String;
            readonly sampled: Schema.Boolean;
        }>>;
    }>;
}>;
export type Message = typeof Message.Type;
/**
 * A message that becomes an event of its receiver: any but a query.
 *
 * @category models
 * @since 0.2.0
 */
export type RecordedMessage = Exclude<Message, {
    readonly _tag: "Query";
}>;
/**
 * A message that can be part of the first commit of an execution.
 *
 * @category models
 * @since 0.2.0
 */
export type FirstMessage = Extract<Message, {
    readonly _tag: "Signal" | "Update";
}>;
/**
 * The answer to a query, in encoded values: its success, or an error that it declares.
 *
 * @category models
 * @since 0.2.0
 */
export declare const QueryAnswer: Schema.TaggedUnion<{
    readonly Fail: Schema.TaggedStruct<"Fail", {
        readonly error: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    }>;
    readonly Success: Schema.TaggedStruct<"Success", {
        readonly value: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    }>;
}>;
export type QueryAnswer = typeof QueryAnswer.Type;
/**
 * The type of the answer to each message.
 *
 * @category models
 * @since 0.2.0
 */
export interface Answers extends Record<Message["_tag"], unknown> {
    readonly Signal: void;
    readonly Cancel: void;
    readonly Terminate: void;
    readonly Complete: void;
    readonly Query: QueryAnswer;
    readonly Update: UpdateAnswer;
}
/**
 * What became of an update: it was accepted, and perhaps answered; or it was answered and not accepted, which is a refusal.
 *
 * @category models
 * @since 0.2.0
 */
export interface UpdateAnswer {
    /** The run that it belongs to. */
    readonly runId: RunId;
    readonly accepted: boolean;
    /** Absent while it is not answered. */
    readonly exit?: UpdateExit | undefined;
}
/**
 * The answer to a message.
 *
 * @category models
 * @since 0.2.0
 */
export type AnswerOf<M extends Message> = Answers[M["_tag"]];
