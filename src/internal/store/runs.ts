/**
 * The runs of executions, found in what is stored of several.
 */
import type { HistoryEvent } from "../../HistoryEvent.ts"
import type { RunId } from "../../Ids.ts"

/** What is of each run, such as its commits; the runs in the order in which they begin. */
export const byRun = <A extends { readonly runId: RunId }>(all: Iterable<A>): ReadonlyMap<RunId, ReadonlyArray<A>> =>
  Map.groupBy(all, ({ runId }) => runId)

/** The history of each run, from events of runs that follow one another. What comes before the first start is of none. */
export const historiesIn = (events: Iterable<HistoryEvent>): ReadonlyArray<ReadonlyArray<HistoryEvent>> => {
  const histories: Array<Array<HistoryEvent>> = []
  for (const event of events) {
    if (event._tag === "ExecutionStarted") histories.push([event])
    else histories.at(-1)?.push(event)
  }
  return histories
}
