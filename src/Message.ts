/**
 * What an execution can be told, and the answer to each message. A new kind of message is a case here; executors, middleware
 * and clients handle them all by one verb.
 */
import * as Schema from "effect/Schema"

/**
 * A message to an execution, in encoded values.
 *
 * @category models
 * @since 0.2.0
 */
export const Message = Schema.TaggedUnion({
  /** A value for the program. The answer comes when it is durable. */
  Signal: { name: Schema.String, payload: Schema.Json },
  /** A request to stop: the program is interrupted and its finalizers run. The answer comes when the request is durable. */
  Cancel: { reason: Schema.String },
  /** The end of the execution at once, without its finalizers. The answer comes when the end is durable. */
  Terminate: { reason: Schema.String },
  /** A question to the program, whose handler only reads. The answer is of a state that is saved, and nothing is recorded. */
  Query: { name: Schema.String, input: Schema.Json }
})
export type Message = typeof Message.Type

/**
 * A message that becomes an event of its receiver: any but a query.
 *
 * @category models
 * @since 0.2.0
 */
export type RecordedMessage = Exclude<Message, { readonly _tag: "Query" }>

/**
 * The answer to a query, in encoded values: its success, or an error that it declares.
 *
 * @category models
 * @since 0.2.0
 */
export const QueryAnswer = Schema.TaggedUnion({
  Success: { value: Schema.Json },
  Fail: { error: Schema.Json }
})
export type QueryAnswer = typeof QueryAnswer.Type

/**
 * The type of the answer to each message.
 *
 * @category models
 * @since 0.2.0
 */
export interface Answers extends Record<Message["_tag"], unknown> {
  readonly Signal: void
  readonly Cancel: void
  readonly Terminate: void
  readonly Query: QueryAnswer
}

/**
 * The answer to a message.
 *
 * @category models
 * @since 0.2.0
 */
export type AnswerOf<M extends Message> = Answers[M["_tag"]]
