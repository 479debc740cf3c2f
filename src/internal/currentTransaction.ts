/**
 * The transaction that a fiber is in: what it starts and sends takes effect with that.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { Transaction } from "../Store/Transactions.ts"

/** A transaction, and whether it has ended: fibers that it has left behind must not write to it. */
export interface Current {
  readonly transaction: Transaction
  readonly isOpen: boolean
}

/** The transaction that a fiber is in, if it is in one. */
export const CurrentTransaction = Context.Reference<Current | undefined>("perdure/internal/CurrentTransaction", {
  defaultValue: () => undefined
})

/** Runs an effect within a transaction, with the services of that. */
export const during = <A, E, R>(
  transaction: Transaction,
  use: (services: Context.Context<SqlClient>) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    const current = { transaction, isOpen: true }
    const services = Context.add(transaction.services, CurrentTransaction, current)
    return Effect.ensuring(
      transaction.guard(use(services)),
      Effect.sync(() => void (current.isOpen = false))
    )
  })
