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
 * A defect in words: its activity, unless that was `named` before, what it and its causes say, and then where it comes from.
 *
 * @internal
 */
export const describeDefect = (
  defect: RecordedDefect,
  { named = false }: { readonly named?: boolean } = {}
): string => {
  const { activity, errors = [], stack } = defect
  const where = named || activity === undefined ? "" : `in activity ${JSON.stringify(activity)}: `
  const lines = [`${where}${headline(defect)}`, ...causesOf(defect).map((cause) => `caused by ${headline(cause)}`)]
  for (const error of errors) lines.push(`one of its errors is ${headlines(error)}`)
  const frames = stack === undefined ? "" : withoutHeadline(stack, defect)
  return frames === "" ? lines.join("\n") : `${lines.join("\n")}\n${frames}`
}

/**
 * A defect in one line: what it and its causes say.
 *
 * @internal
 */
export const headlines = (defect: RecordedDefect): string =>
  [defect, ...causesOf(defect)].map(headline).join(", caused by ")

/** What caused a defect, without the ones that say the same again. */
const causesOf = (defect: RecordedDefect): ReadonlyArray<RecordedDefect> => {
  const causes: Array<RecordedDefect> = []
  let said = defect.message
  for (let { cause } = defect; cause !== undefined; cause = cause.cause) {
    if (cause.message === said) continue
    causes.push(cause)
    said = cause.message
  }
  return causes
}

const headline = ({ code, message, name }: RecordedDefect): string =>
  code === undefined || message.includes(String(code)) ? `${name}: ${message}` : `${name}: ${message} (${code})`

/** A stack begins with what its error says, which may be cut. */
const withoutHeadline = (stack: string, { message, name }: RecordedDefect): string => {
  const said = `${name}: ${message}`
  return stack.startsWith(said) ? stack.slice(said.length).replace(/^\n/, "") : stack
}

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
