/** Histories that a test writes, as a worker would have written them. */
import { Effect, Option } from "effect"
import type { HistoryEvent } from "perdure/HistoryEvent"
import { Version, WorkerId, WorkflowId } from "perdure/Ids"
import type { WorkflowStore } from "perdure/Store/WorkflowStore"
import { noSignals } from "../../src/internal/replay/signals.ts"
import { stateOf, summarize } from "../../src/internal/store/summary.ts"
import { fold } from "../../src/internal/core/evolve.ts"

type Events = readonly [HistoryEvent, ...ReadonlyArray<HistoryEvent>]

/** Appends events to an execution in a commit of their own, with the summary that belongs to them. */
export const append = Effect.fnUntraced(function* (
  store: WorkflowStore["Service"],
  id: string,
  events: (at: number) => Events
) {
  const stored = Option.getOrThrow(yield* store.load(WorkflowId.make(id)))
  const { firstVersion, runId, updatedAt, workflowId } = stored.summary
  const version = Version.make(stored.summary.version + 1)
  const added = events(updatedAt)
  const state = fold(added, stateOf(stored))!
  const summary = summarize(state, { version, firstVersion, signals: noSignals })
  yield* store.save({ id: `${id} ${version}`, workflowId, runId, version, events: added, summary })
})

/** A worker takes an execution; `lost`: from one that died. */
export const taken = (at: number, lost: boolean, by = "dead"): HistoryEvent => {
  const changed = { _tag: "OwnerChanged", at, owner: WorkerId.make(by) } as const
  return lost ? { ...changed, lost } : changed
}
