/**
 * Parts of a transaction, which can be undone by themselves.
 */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { StoreError, Unavailable } from "../../Store/StoreError.ts"

/** Makes an effect a part of the transaction of a client that is open. What the client itself fails with is an error of the store. */
export const partOf =
  (client: SqlClient) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | StoreError, R> =>
    Effect.catch(
      client.withTransaction(Effect.catchCause(effect, (cause) => Effect.fail(new Failed(cause)))),
      (error): Effect.Effect<never, E | StoreError> =>
        error instanceof Failed ? Effect.failCause(error.cause) : Effect.fail(ofClient(error))
    )

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
