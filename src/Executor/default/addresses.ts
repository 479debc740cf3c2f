/**
 * The addresses of the receivers of messages that a program has just sent.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type { Address, MessageOutcome } from "../../HistoryEvent.ts"
import type { WorkflowId } from "../../Ids.ts"
import type { StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"

/** Where executions stand now, or why a message to one is refused. Waits for a store that does not answer. */
export const addressesOf = (
  store: WorkflowStore["Service"],
  receivers: ReadonlyArray<WorkflowId>
): Effect.Effect<ReadonlyMap<WorkflowId, Address | MessageOutcome>, StoreError> =>
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
        onNone: (): Address | MessageOutcome => ({ _tag: "Refused", reason: "NotFound" }),
        onSome: ({ chain, runId, version }) => ({ chain: chain ?? runId, version })
      })
    ),
    Effect.catchIf(
      ({ reason }) => reason._tag === "Corrupt" || reason._tag === "NewerFormat",
      () => Effect.succeed<MessageOutcome>({ _tag: "Refused", reason: "Unreadable" })
    )
  )

const pauses = Schedule.min([Schedule.exponential("10 millis"), Schedule.spaced("5 seconds")])
