/**
 * The events of a chain: its runs follow each other in the commits of an id, among those of other chains.
 */
import type { HistoryEvent } from "../../HistoryEvent.ts"
import type { RunId } from "../../Ids.ts"
import { chainOf } from "../../internal/core/continued.ts"
import type { StoredExecution } from "../../Store/WorkflowStore.ts"

/** Picks the events of a chain. Of commits whose run began before the ones that were read, the summary says the chain. */
export const eventsOfChain = ({ commits, summary }: StoredExecution, chain: RunId): ReadonlyArray<HistoryEvent> => {
  const chains = new Map([[summary.runId, summary.chain ?? summary.runId]])
  for (const { events } of commits) {
    for (const event of events) if (event._tag === "ExecutionStarted") chains.set(event.runId, chainOf(event))
  }
  return commits.filter(({ runId }) => chains.get(runId) === chain).flatMap(({ events }) => events)
}
