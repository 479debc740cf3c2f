/**
 * Asks a server again for as long as it does not answer.
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { WorkflowErrorReason } from "../../../WorkflowError.ts"

/** Asks again while the server does not answer. */
export const patient = <A>(effect: Effect.Effect<A, WorkflowErrorReason>): Effect.Effect<A, WorkflowErrorReason> =>
  Effect.retry(effect, { while: ({ _tag }) => _tag === "StoreUnavailable", schedule: pauses })

// internal

const pauses = Schedule.min([Schedule.exponential("100 millis"), Schedule.spaced("5 seconds")])
