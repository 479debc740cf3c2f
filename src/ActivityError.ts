/**
 * How a call of an activity fails beside the errors of its contract, and how it is refused to end it from outside.
 */
import * as Schema from "effect/Schema"
import { TaggedError } from "./internal/taggedError.ts"

/**
 * An attempt, or all attempts together, took longer than the activity may. Name it in the `error` of an activity to
 * handle it as an error; otherwise it is a defect of the call.
 *
 * @category errors
 * @since 0.1.0
 */
export class ActivityTimedOut extends TaggedError<ActivityTimedOut>()("ActivityTimedOut", {
  activity: Schema.String,
  /** The timeout that passed, in milliseconds. */
  after: Schema.Finite
}) {
  override get message() {
    return `activity ${JSON.stringify(this.activity)} took longer than ${this.after} ms`
  }
}

/**
 * A caller outside was to end a call of an activity that does not wait for it.
 *
 * @category errors
 * @since 0.2.0
 */
export class ActivityOver extends TaggedError<ActivityOver>()("ActivityOver", {
  activity: Schema.String
}) {
  override get message() {
    return (
      `the call of activity ${JSON.stringify(this.activity)} does not wait for this: it was ended before, its timeout has passed, or the ` +
      `program gave it up; look at the history of the execution`
    )
  }
}
