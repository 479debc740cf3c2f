/**
 * How programs, handlers of activities and handlers of updates fail, as it is recorded.
 */
import * as Schema from "effect/Schema"

/**
 * A value thrown outside the typed errors of a program or handler: a bug, kept with its stack. Texts are cut at some thousand
 * characters.
 *
 * @category models
 * @since 0.1.0
 */
export interface RecordedDefect {
  readonly name: string
  readonly message: string
  readonly stack?: string
  /** What the error has as its `code`, such as `"ECONNREFUSED"`. */
  readonly code?: string | number
  /** The activity whose handler threw it. */
  readonly activity?: string
  /** What caused it, at most 4 causes deep. */
  readonly cause?: RecordedDefect
  /** The errors that it stands for, at most 10. */
  readonly errors?: ReadonlyArray<RecordedDefect>
}
export const RecordedDefect: Schema.Codec<RecordedDefect> = Schema.Struct({
  name: Schema.String,
  message: Schema.String,
  stack: Schema.optionalKey(Schema.String),
  code: Schema.optionalKey(Schema.Union([Schema.String, Schema.Finite])),
  activity: Schema.optionalKey(Schema.String),
  cause: Schema.optionalKey(Schema.suspend((): Schema.Codec<RecordedDefect> => RecordedDefect)),
  errors: Schema.optionalKey(Schema.Array(Schema.suspend((): Schema.Codec<RecordedDefect> => RecordedDefect)))
})

/**
 * A defect in words: its activity, its stack, and what caused it.
 *
 * @internal
 */
export const describeDefect = (defect: RecordedDefect): string => {
  const lines = [`${ofActivity(defect)}${defect.stack ?? headline(defect)}`]
  for (let cause = defect.cause; cause !== undefined; cause = cause.cause) lines.push(`caused by ${headline(cause)}`)
  for (const error of defect.errors ?? []) lines.push(`one of its errors is ${headline(error)}`)
  return lines.join("\n")
}

const ofActivity = ({ activity }: RecordedDefect): string =>
  activity === undefined ? "" : `in activity ${JSON.stringify(activity)}: `

const headline = ({ message, name }: RecordedDefect): string => `${name}: ${message}`

const failures = {
  Fail: { error: Schema.Json },
  Die: { defect: RecordedDefect },
  /** An operation on another execution failed, and the workflow or update has no such error: `reason` is its tag. */
  Other: {
    operation: Schema.String,
    workflowId: Schema.optionalKey(Schema.String),
    reason: Schema.String,
    message: Schema.String
  }
}

/**
 * Why a program, an activity or an update failed: an error of its schema, or a defect.
 *
 * @category models
 * @since 0.1.0
 */
export const RecordedFailure = Schema.TaggedUnion(failures)
export type RecordedFailure = typeof RecordedFailure.Type

/**
 * How an update was answered.
 *
 * @category models
 * @since 0.2.0
 */
export const UpdateExit = Schema.TaggedUnion({ Success: { value: Schema.Json }, ...failures })
export type UpdateExit = typeof UpdateExit.Type
