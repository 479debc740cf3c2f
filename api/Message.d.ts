/**
 * What an execution can be told, and the answer to each message. A new kind of message is a case here; executors, middleware
 * and clients handle them all by one verb.
 */
import * as Schema from "effect/Schema";
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
    readonly Signal: Schema.TaggedStruct<"Signal", {
        readonly name: Schema.String;
        readonly payload: Schema.Codec<Schema.Json, Schema.Json, never, never>;
    }>;
    readonly Terminate: Schema.TaggedStruct<"Terminate", {
        readonly reason: Schema.String;
    }>;
}>;
export type Message = typeof Message.Type;
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
}
/**
 * The answer to a message.
 *
 * @category models
 * @since 0.2.0
 */
export type AnswerOf<M extends Message> = Answers[M["_tag"]];
