/**
 * News of commits, by any process: the store tells of them as long as the worker lives.
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import type { Change, WorkflowStore } from "../../Store/WorkflowStore.ts"

/** Hears of commits. When a store loses the thread it is asked again; what was missed meanwhile is found by looking. */
export const hear = (store: WorkflowStore["Service"], heard: (change: Change) => void): Effect.Effect<unknown> =>
  Stream.runForEach(store.changes, (changes) => Effect.sync(() => changes.forEach(heard))).pipe(
    Effect.catchCause((cause) => Effect.logWarning("the changes of the store were lost and are followed again", cause)),
    Effect.repeat(Schedule.spaced("1 second"))
  )
