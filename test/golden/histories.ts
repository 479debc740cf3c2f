/** The golden histories, as the tests of this folder read them. */
import { readFileSync } from "node:fs"
import type { Waiting } from "perdure"
import type { HistoryEvent } from "perdure/HistoryEvent"
import type { Commit, ExecutionSummary } from "perdure/Store/WorkflowStore"
import { readWaiting } from "../../src/internal/store/waiting.ts"
import { programs } from "./programs.ts"

/** The commits of one execution, as they were given to a store. */
export interface History {
  readonly scenario: string
  readonly commits: ReadonlyArray<Commit>
}

/** A file of this folder. */
export const read = (path: string) => readFileSync(new URL(path, import.meta.url))

/** The histories of a release. */
export const historiesOf = (release: string) =>
  JSON.parse(read(`${release}/histories.json`).toString()) as ReadonlyArray<History>

/** The commits of each run. */
export const runsOf = ({ commits }: History): ReadonlyArray<ReadonlyArray<Commit>> => [
  ...Map.groupBy(commits, ({ runId }) => runId).values()
]

export const eventsOf = (commits: ReadonlyArray<Commit>) => commits.flatMap(({ events }) => events)

/** The program that wrote a history. */
export const programOf = ([first]: ReadonlyArray<HistoryEvent>) => {
  if (first?._tag !== "ExecutionStarted") throw new Error("a history begins with a start")
  const program = programs.get(first.workflow)
  if (program === undefined) throw new Error(`no program of ${first.workflow}`)
  return program
}

/** A summary as it is read back from a store. */
export const readSummary = (summary: ExecutionSummary): ExecutionSummary => {
  const waitingFor: ReadonlyArray<Waiting.Waiting> = readWaiting(summary.waitingFor) ?? []
  return { ...summary, waitingFor }
}
