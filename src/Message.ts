/**
 * What an execution can be told, and the answer to each message. A new kind of message is a case here; executors, middleware
 * and clients handle them all by one verb.
 */
import * as Schema from "effect/Schema"
import { RunId, Sequence, Trace } from "./Ids.ts"
import type { UpdateExit } from "./RecordedFailure.ts"

/**
 * How a caller outside ends a call of an activity, in encoded values.
 *
 * @category models
 * @since 0.2.0
 */
export const CompletedExit = Schema.TaggedUnion({
  Success: { value: Schema.Json },
  Fail: { error: Schema.Json }
})
export type CompletedExit = typeof CompletedExit.Type

/** The span of the caller. */
const trace = Schema.optionalKey(Trace)

/**
 * A message to an execution, in encoded values.
 *
 * @category models
 * @since 0.2.0
 */
export const Message = Schema.TaggedUnion({
  /** A value for the program. The answer comes when it is durable. Of two with one `key` the chain takes the first. */
  Signal: { name: Schema.String, payload: Schema.Json, key: Schema.optionalKey(Schema.String), trace },
  /** A request to stop: the program is interrupted and its finalizers run. The answer comes when the request is durable. */
  Cancel: { reason: Schema.String },
  /** The end of the execution at once, without its finalizers. The answer comes when the end is durable. */
  Terminate: { reason: Schema.String },
  /** A question to the program, whose handler only reads. The answer is of a state that is saved, and nothing is recorded. */
  Query: { name: Schema.String, input: Schema.Json },
  /**
   * A question to a handler of the program. The answer comes when it is accepted, or when it is answered. A chain answers each id
   * once; `isNew`: the id was made for this request, so it need not be looked for in the history.
   */
  Update: {
    id: Schema.String,
    name: Schema.String,
    input: Schema.Json,
    wait: Schema.Literals(["accepted", "answered"]),
    isNew: Schema.optionalKey(Schema.Literal(true)),
    trace
  },
  /**
   * How a call of an activity has ended, of the run and the place that its token names, or an attempt of it with an error. The answer
   * comes when it is durable.
   */
  Complete: { run: RunId, seq: Sequence, activity: Schema.String, attempt: Schema.Int, exit: CompletedExit }
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
 * A message that can be part of the first commit of an execution.
 *
 * @category models
 * @since 0.2.0
 */
export type FirstMessage = Extract<Message, { readonly _tag: "Signal" | "Update" }>

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
  readonly Complete: void
  readonly Query: QueryAnswer
  readonly Update: UpdateAnswer
}

/**
 * What became of an update: it was accepted, and perhaps answered; or it was answered and not accepted, which is a refusal.
 *
 * @category models
 * @since 0.2.0
 */
export interface UpdateAnswer {
  /** The run that it belongs to. */
  readonly runId: RunId
  readonly accepted: boolean
  /** Absent while it is not answered. */
  readonly exit?: UpdateExit | undefined
}

/**
 * The answer to a message.
 *
 * @category models
 * @since 0.2.0
 */
export type AnswerOf<M extends Message> = Answers[M["_tag"]]
