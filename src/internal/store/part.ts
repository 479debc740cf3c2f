/**
 * Parts of a transaction, which can be undone by themselves.
 */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { StoreError, Unavailable } from "../../Store/StoreError.ts"
import type { CallPlace } from "../../Store/WorkflowStore.ts"

/** Makes an effect a part of the transaction of a client that is open. What the client itself fails with is an error of the store. */
export const partOf =
  (client: SqlClient) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | StoreError, R> =>
    Effect.catch(
      client.withTransaction(Effect.catchCause(effect, (cause) => Effect.fail(new Failed(cause)))),
      (error): Effect.Effect<never, E | StoreError> =>
        error instanceof Failed ? Effect.failCause(error.cause) : Effect.fail(ofClient(error))
    )

/** Why a statement of a body is refused, on every store. */
export const over =
  "the transaction is over, and this is a fiber that it has left behind; wait for it within the transaction"

export const beside =
  "a part of this transaction is open in another fiber, with which this statement would be undone; wait for it, or run both within " +
  "sql.withTransaction"

export const notItsOwn =
  "the transaction is that of the store, which ends it; run parts of it within sql.withTransaction"

/** A body in words. */
export const who = (call: CallPlace | undefined): string => (call === undefined ? "what runs within it" : "the handler")

/** Why a body is undone that has left a part open. */
export const leftPart = (call: CallPlace | undefined): string =>
  `${who(call)} has ended before a part of its transaction: wait for each sql.withTransaction that a fiber of it has begun`

// internal

/** How a part has ended that is undone. */
class Failed<E> {
  readonly cause: Cause.Cause<E>
  constructor(cause: Cause.Cause<E>) {
    this.cause = cause
  }
}

const ofClient = (error: SqlError): StoreError =>
  new StoreError({ operation: "transaction", reason: new Unavailable({ cause: error.reason.cause ?? error }) })
