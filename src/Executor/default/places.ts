/**
 * What is at the ids to which a program has just sent messages.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import { Version, type WorkflowId } from "../../Ids.ts"
import type { Place } from "../../internal/replay/addresses.ts"
import { isUnreadable } from "../../internal/store/failure.ts"
import type { StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"

/** Looks at ids. Waits for a store that does not answer. */
export const placesOf = (
  store: WorkflowStore["Service"],
  ids: ReadonlyArray<WorkflowId>
): Effect.Effect<ReadonlyMap<WorkflowId, Place>, StoreError> =>
  Effect.map(
    Effect.forEach(
      ids,
      (workflowId) => Effect.map(placeOf(store, workflowId), (place) => [workflowId, place] as const),
      {
        concurrency: 16
      }
    ),
    (found) => new Map(found)
  )

// internal

const placeOf = (store: WorkflowStore["Service"], workflowId: WorkflowId): Effect.Effect<Place, StoreError> =>
  Effect.gen(function* () {
    const summary = yield* store.summary(workflowId)
    if (Option.isSome(summary)) {
      const { chain, runId, status, version } = summary.value
      return { chain: chain ?? runId, runId, version, status }
    }
    const deletion = yield* store.deletion(workflowId)
    const version = Option.match(deletion, { onNone: () => Version.make(0), onSome: (deletion) => deletion.version })
    return { _tag: "Free", version } as const
  }).pipe(
    Effect.retry({ while: ({ reason }) => reason._tag === "Unavailable", schedule: pauses }),
    Effect.catchIf(isUnreadable, () => Effect.succeed<Place>({ _tag: "Unreadable" }))
  )

const pauses = Schedule.min([Schedule.exponential("10 millis"), Schedule.spaced("5 seconds")])
