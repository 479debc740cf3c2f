/**
 * Asks a store or a server again while it does not answer, or while this process lacks the key to the answer.
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { WorkflowErrorReason } from "../WorkflowError.ts"

/**
 * Asks again while there is no answer: for so many milliseconds, or for ever; and while there is the one that is named. A missing key
 * counts as no answer: an answer that was recorded without it would stay when the key is there.
 */
export const patient = <A>(
  effect: Effect.Effect<A, WorkflowErrorReason>,
  { also, within }: { readonly also?: WorkflowErrorReason["_tag"]; readonly within?: number } = {}
): Effect.Effect<A, WorkflowErrorReason> =>
  Effect.retry(effect, {
    while: ({ _tag }) => _tag === "StoreUnavailable" || _tag === "Undecryptable" || _tag === also,
    schedule: within === undefined ? pauses : Schedule.upTo(pauses, { duration: within })
  })

// internal

const pauses = Schedule.min([Schedule.exponential("100 millis"), Schedule.spaced("5 seconds")])
