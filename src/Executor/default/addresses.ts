/**
 * The addresses of the receivers of messages that a program has just sent.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type { Address } from "../../HistoryEvent.ts"
import type { WorkflowId } from "../../Ids.ts"
import type { StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"

/** Where executions stand now; `undefined` where there is none. Waits for a store that does not answer. */
export const addressesOf = (
  store: WorkflowStore["Service"],
  receivers: ReadonlyArray<WorkflowId>
): Effect.Effect<ReadonlyMap<WorkflowId, Address | undefined>, StoreError> =>
  Effect.map(
    Effect.forEach(
      receivers,
      (workflowId) => Effect.map(addressOf(store, workflowId), (a) => [workflowId, a] as const),
      {
        concurrency: 16
      }
    ),
    (found) => new Map(found)
  )

// internal

const addressOf = (store: WorkflowStore["Service"], workflowId: WorkflowId) =>
  store.summary(workflowId).pipe(
    Effect.retry({ while: ({ reason }) => reason._tag === "Unavailable", schedule: pauses }),
    Effect.map(
      Option.match({
        onNone: () => undefined,
        onSome: ({ chain, runId, version }): Address => ({ chain: chain ?? runId, version })
      })
    )
  )

const pauses = Schedule.min([Schedule.exponential("10 millis"), Schedule.spaced("5 seconds")])
