/**
 * What the interruption of an attempt says of itself when the attempt has taken too long: its timeout, in milliseconds. Those around
 * the attempt tell it from a cancel or a shutdown by that.
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"

class TimedOutAfter extends Context.Service<TimedOutAfter, number>()("perdure/internal/TimedOutAfter") {}

/** The annotation of an interruption. */
export const annotation = (after: number): Context.Context<never> =>
  Context.make(TimedOutAfter, after) as Context.Context<never>

/** The timeout by which an attempt was interrupted. */
export const of = (cause: Cause.Cause<unknown>): number | undefined =>
  Context.getOrUndefined(Cause.annotations(cause), TimedOutAfter)
