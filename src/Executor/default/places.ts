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
import * as announce from "./announce.ts"
import type { Shared } from "./Shared.ts"

/**
 * Looks at ids. Waits for a store that does not answer, and for the key of what is there as long as the sender waits: another process may
 * encrypt it anew, and what the sender has computed would be computed again and again.
 */
export const placesOf = (
  shared: Shared<never>,
  sender: announce.Subject,
  ids: ReadonlyArray<WorkflowId>,
  waits: () => boolean
): Effect.Effect<ReadonlyMap<WorkflowId, Place>, StoreError> => {
  const look = (workflowId: WorkflowId) =>
    placeOf(shared.store, workflowId).pipe(
      Effect.tapError((error) =>
        Effect.sync(() => isLacking(error) && waits() && announce.unreadable(shared, sender, error, "waits for"))
      ),
      Effect.retry({
        while: (error) => error.reason._tag === "Unavailable" || (isLacking(error) && waits()),
        schedule: pauses
      }),
      Effect.map((place) => [workflowId, place] as const)
    )
  return Effect.map(Effect.forEach(ids, look, { concurrency: 16 }), (found) => new Map(found))
}

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
  }).pipe(Effect.catchIf(isUnreadable, () => Effect.succeed<Place>({ _tag: "Unreadable" })))

const isLacking = ({ reason }: StoreError): boolean => reason._tag === "Undecryptable"

const pauses = Schedule.min([Schedule.exponential("10 millis"), Schedule.spaced("5 seconds")])
