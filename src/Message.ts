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
  Terminate: { reason: Schema.String }
})
export type Message = typeof Message.Type

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
}

/**
 * The answer to a message.
 *
 * @category models
 * @since 0.2.0
 */
export type AnswerOf<M extends Message> = Answers[M["_tag"]]
