/**
 * The values that events hold.
 */
import * as Schema from "effect/Schema"
import { RunId, Version, WorkflowId } from "./Ids.ts"
import { Message } from "./Message.ts"
import { RecordedDefect } from "./RecordedFailure.ts"

export * from "./RecordedFailure.ts"
export { Trace } from "./Ids.ts"

/**
 * How an activity ended, as it was recorded.
 *
 * @category models
 * @since 0.1.0
 */
export const RecordedExit = Schema.TaggedUnion({
  Success: { value: Schema.Json },
  Fail: { error: Schema.Json },
  Die: { defect: RecordedDefect },
  TimedOut: { after: Schema.Finite }
})
export type RecordedExit = typeof RecordedExit.Type

/**
 * Why an execution cannot go on for now. It is not finished: a worker with the right code resumes it.
 *
 * @category models
 * @since 0.1.0
 */
export const Problem = Schema.Struct({
  reason: Schema.Literals([
    "NonDeterminism",
    "AsynchronousWork",
    "Spinning",
    "Undecodable",
    "TooLarge",
    "Unsupported",
    "LostAttempts",
    "HistoryTooLong",
    "Defect"
  ]),
  message: Schema.String
})
export type Problem = typeof Problem.Type

/**
 * A text, number or flag by which executions can be found.
 *
 * @category models
 * @since 0.1.0
 */
export const Attribute = Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])
export type Attribute = typeof Attribute.Type

/**
 * Attributes as a program changes them, by their names: a new value, or `null` where one is removed.
 *
 * @category models
 * @since 0.2.0
 */
export const AttributeChanges = Schema.Record(Schema.String, Schema.NullOr(Attribute))
export type AttributeChanges = typeof AttributeChanges.Type

/**
 * Where an execution stood when a message for it was recorded: its chain and the version of its latest commit. Of one that is to
 * be started: the chain that it will be, and the version before its first.
 *
 * @category models
 * @since 0.2.0
 */
export const Address = Schema.Struct({ chain: RunId, version: Version })
export type Address = typeof Address.Type

/**
 * An execution from which another one descends: its id, and the chain that it is.
 *
 * @category models
 * @since 0.2.0
 */
export const Ancestor = Schema.Struct({ workflowId: WorkflowId, chain: RunId })
export type Ancestor = typeof Ancestor.Type

/**
 * Where an execution stands. `running` and `blocked` are not final; the others never change.
 *
 * @category models
 * @since 0.1.0
 */
export const WorkflowStatus = Schema.Literals([
  "running",
  "blocked",
  "completed",
  "failed",
  "cancelled",
  "timedOut",
  "terminated"
])
export type WorkflowStatus = typeof WorkflowStatus.Type

/**
 * What became of a message to another execution: it is in the history of its receiver, or it can never be; then with what was
 * found of the receiver, or of the commit that was too large.
 *
 * @category models
 * @since 0.2.0
 */
export const MessageOutcome = Schema.TaggedUnion({
  Delivered: {},
  Refused: {
    reason: Schema.Literals(["NotFound", "Finished", "Restarted", "AlreadyExists", "TooLarge", "Unreadable"]),
    status: Schema.optionalKey(WorkflowStatus),
    runId: Schema.optionalKey(RunId),
    bytes: Schema.optionalKey(Schema.Int),
    limit: Schema.optionalKey(Schema.Int)
  }
})
export type MessageOutcome = typeof MessageOutcome.Type

/**
 * What becomes of a child that is still running when its parent ends: it is asked to stop, it is ended at once, or it goes on.
 *
 * @category models
 * @since 0.2.0
 */
export const ParentClose = Schema.Literals(["cancel", "terminate", "abandon"])
export type ParentClose = typeof ParentClose.Type

/**
 * A message from one execution to another, or the start of a child. `timeout` is in milliseconds.
 *
 * @category models
 * @since 0.2.0
 */
export const OutgoingMessage = Schema.Union([
  Message.cases.Signal,
  Message.cases.Cancel,
  Message.cases.Terminate,
  Schema.TaggedStruct("Start", {
    workflow: Schema.String,
    version: Schema.optionalKey(Schema.String),
    input: Schema.Json,
    parentClose: ParentClose,
    timeout: Schema.optionalKey(Schema.Finite),
    attributes: Schema.optionalKey(Schema.Record(Schema.String, Attribute)),
    memo: Schema.optionalKey(Schema.Json)
  })
])
export type OutgoingMessage = typeof OutgoingMessage.Type
