/**
 * What an attempt does: its handler, within a transaction where the activity has those, and the observers around it.
 */
import type * as Effect from "effect/Effect"
import type { AttemptEnd } from "../WorkflowRegistry.ts"
import type { Around } from "./Around.ts"
import { type Attempt, contextOf } from "./attempts.ts"
import { transacted } from "./transacted.ts"

/** Runs the handler of an attempt, with its observers. */
export const runAttempt = (attempt: Attempt, around: Around, isRunning: () => boolean): Effect.Effect<AttemptEnd> => {
  const { activity, handler, owner } = attempt
  const about = {
    context: contextOf(attempt, around.reports, isRunning),
    input: activity.issued.input,
    chain: owner.chain,
    root: owner.root,
    trace: owner.trace
  }
  const { transactions } = handler
  const inner =
    transactions === undefined ? handler : { ...handler, attempt: transacted(attempt, transactions, around) }
  return around.observed.around(about, inner)
}
