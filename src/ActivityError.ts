/**
 * How a call of an activity fails beside the errors of its contract.
 */
import * as Schema from "effect/Schema"

/**
 * An attempt, or all attempts together, took longer than the activity may. Name it in the `error` of an activity to
 * handle it as an error; otherwise it is a defect of the call.
 *
 * @category errors
 * @since 0.1.0
 */
export class ActivityTimedOut extends Schema.TaggedError<ActivityTimedOut>()("ActivityTimedOut", {
  activity: Schema.String,
  /** The timeout that passed, in milliseconds. */
  after: Schema.Finite
}) {
  override get message() {
    return `activity ${JSON.stringify(this.activity)} took longer than ${this.after} ms`
  }
}
