/**
 * The events of a chain: its runs follow each other in the commits of an id, among those of other chains.
 */
import type { HistoryEvent } from "../../HistoryEvent.ts"
import type { RunId } from "../../Ids.ts"
import { chainMeant, chainOf } from "../../internal/core/continued.ts"
import type { StoredExecution } from "../../Store/WorkflowStore.ts"

/** The chains of the latest run, and of the runs that began in the commits that were read. */
export const chainsOf = ({ commits, summary }: StoredExecution): ReadonlyMap<RunId, RunId> => {
  const chains = new Map([[summary.runId, summary.chain ?? summary.runId]])
  for (const { events } of commits) {
    for (const event of events) if (event._tag === "ExecutionStarted") chains.set(event.runId, chainOf(event))
  }
  return chains
}

/**
 * Picks the events of the chain that a run is part of. Of commits whose run began before the ones that were read, the summary says the
 * chain.
 */
export const eventsOfChain = (stored: StoredExecution, run: RunId): ReadonlyArray<HistoryEvent> => {
  const chains = chainsOf(stored)
  const meant = chainMeant(stored.summary, run)
  const chain = chains.get(meant) ?? meant
  return stored.commits.filter(({ runId }) => chains.get(runId) === chain).flatMap(({ events }) => events)
}
