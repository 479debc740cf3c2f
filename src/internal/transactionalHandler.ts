/**
 * Handlers that run within transactions of the store.
 */
import * as Effect from "effect/Effect"
import type { ActivityHandler } from "../Executor/WorkflowRegistry.ts"
import type { Transactions } from "../Store/Transactions.ts"
import { dieWith } from "./exits.ts"

/** Has the attempts of a handler run within transactions. */
export const inTransactions = (handler: ActivityHandler, transactions: Transactions["Service"]): ActivityHandler => ({
  ...handler,
  transactions,
  attempt: (input, attempt, within) =>
    within === undefined
      ? Effect.succeed(dieWith(`this executor has no transactions, which activity ${handler.name} needs`))
      : Effect.map(handler.attempt(input, attempt, within), (end) => (end._tag === "Pending" ? left : end))
})

// internal

const left = dieWith(
  "the result of a transactional activity is recorded with what its handler writes, so it cannot return Activity.pending"
)
