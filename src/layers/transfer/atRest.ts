/**
 * Whether workers run on a store: they would go on with what is exported, and take what is imported before all of it is there.
 */
import * as Effect from "effect/Effect"
import type { WorkerId } from "../../Ids.ts"
import type { StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"
import { StillRunning, TransferError } from "../TransferError.ts"
import { patient } from "./patient.ts"

/** A store that no worker runs on, as far as it knows. */
export interface AtRest {
  /** Workers that had left in order. */
  readonly left: ReadonlyArray<WorkerId>
  /** Fails if workers run now. */
  readonly still: Effect.Effect<void, StoreError | TransferError>
}

/** Fails while workers run on a store, unless that is wanted. */
export const atRest = (
  store: WorkflowStore["Service"],
  operation: TransferError["operation"],
  whileRunning = false
): Effect.Effect<AtRest, StoreError | TransferError> => {
  const look = Effect.flatMap(patient(store.workers), ({ left, living }) => {
    const workers = living.flatMap(({ id, workflows }) => (workflows?.length === 0 ? [] : [id]))
    return workers.length === 0 || whileRunning
      ? Effect.succeed(left)
      : Effect.fail(new TransferError({ operation, reason: new StillRunning({ workers }) }))
  })
  return Effect.map(look, (left) => ({ left, still: Effect.asVoid(look) }))
}
