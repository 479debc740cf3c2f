/**
 * What is wrong with an execution as it is stored, by its commits of all runs and its summary.
 */
import * as Equal from "effect/Equal"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { encryptedFormats, HistoryEvent, isClosing } from "../../HistoryEvent.ts"
import type { RunId } from "../../Ids.ts"
import { fold } from "../../internal/core/evolve.ts"
import { shown } from "../../internal/options.ts"
import { noSignals } from "../../internal/replay/signals.ts"
import { byRun } from "../../internal/store/runs.ts"
import { attributed, summarize } from "../../internal/store/summary.ts"
import type { ExecutionSummary, StoredCommit, StoredExecution } from "../../Store/WorkflowStore.ts"

/** So many faults of an execution are named. */
const namedAtMost = 10

/** The faults of an execution, in words; none if it is sound. */
export const faultsOf = (stored: StoredExecution): ReadonlyArray<string> => {
  const sealed = whySealed(stored.summary)
  if (sealed !== undefined) return [sealed]
  const faults = [...inOrder(stored), ...inEvents(stored.commits)]
  // What does not add up is not compared.
  const all = faults.length > 0 ? faults : [...byRun(stored.commits).values()].flatMap(inRun).concat(inSummary(stored))
  return all.length <= namedAtMost ? all : [...all.slice(0, namedAtMost), `and ${all.length - namedAtMost} more`]
}

/** Why nothing can be said of an execution whose payloads are encrypted; `undefined` of one whose payloads are not. */
export const whySealed = ({ format = 1 }: ExecutionSummary): string | undefined =>
  format > encryptedFormats
    ? "its payloads are encrypted: read it through PayloadCodec.layer, with its keys"
    : undefined

// internal

type Run = ReadonlyArray<StoredCommit>

/** The versions have no gaps and end with that of the summary, and each run stands in one piece. */
const inOrder = ({ commits, summary }: StoredExecution): ReadonlyArray<string> => {
  const [first] = commits
  const last = commits.at(-1)
  if (first === undefined || last === undefined) return ["it has a summary and no commits"]
  const faults: Array<string> = []
  const ended = new Set<RunId>()
  const ids = new Set<string>()
  for (const [index, { id, runId, version }] of commits.entries()) {
    const before = commits[index - 1]
    const expected = before === undefined ? version : before.version + 1
    if (version !== expected) faults.push(`version ${expected} is missing: ${version} stands there`)
    if (ids.has(id)) faults.push(`the commit of version ${version} has the id ${shown(id)} of an earlier one`)
    ids.add(id)
    if (before !== undefined && before.runId !== runId) ended.add(before.runId)
    if (ended.has(runId))
      faults.push(`version ${version} belongs to run ${shown(runId)}, which another run has followed`)
  }
  if (last.version !== summary.version) {
    faults.push(`the latest commit has version ${last.version}, and the summary ${summary.version}`)
  }
  if (last.runId !== summary.runId)
    faults.push(`the latest commit is of run ${shown(last.runId)}, and the summary of ${shown(summary.runId)}`)
  const begins = commits.find(({ runId }) => runId === last.runId)!.version
  if (begins !== summary.firstVersion) {
    faults.push(`the current run begins with version ${begins}, and by the summary with ${summary.firstVersion}`)
  }
  return faults
}

const decode = Schema.decodeUnknownResult(HistoryEvent)

/** Each event is one, with all its fields. */
const inEvents = (commits: ReadonlyArray<StoredCommit>): ReadonlyArray<string> =>
  commits.flatMap(({ events, version }) => {
    if (events.length === 0) return [`version ${version} has no events`]
    return events.flatMap((event) => {
      const result = decode(event)
      return Result.isSuccess(result) ? [] : [`version ${version} has a damaged event: ${result.failure.message}`]
    })
  })

/** A run begins with its start, and after its end there is only word of messages that it owed. */
const inRun = (commits: Run): ReadonlyArray<string> => {
  const faults: Array<string> = []
  const { runId } = commits[0]!
  let isOver = false
  let isFirst = true
  for (const { events, version } of commits) {
    for (const event of events) {
      if (isFirst !== (event._tag === "ExecutionStarted")) {
        faults.push(`run ${shown(runId)} ${isFirst ? "does not begin" : "begins again"} at version ${version}`)
      }
      isFirst = false
      if (event._tag === "ExecutionStarted" && event.runId !== runId) {
        faults.push(
          `the start at version ${version} is of run ${shown(event.runId)}, and its commit of ${shown(runId)}`
        )
      }
      if (isOver && event._tag !== "MessageSettled") {
        faults.push(`version ${version} has an event after the end of its run: ${event._tag}`)
      }
      if (isClosing(event) || event._tag === "ExecutionContinued") isOver = true
    }
  }
  return faults
}

/** What a summary says that does not follow from the history alone. */
const free: ReadonlySet<string> = new Set(["waitingFor", "unreceived", "published", "wakeAt"])

/** The summary is what the events of the current run add up to. */
const inSummary = (stored: StoredExecution): ReadonlyArray<string> => {
  const { summary } = stored
  const commits = stored.commits.filter(({ runId }) => runId === summary.runId)
  const state = attributed(fold(commits.flatMap(({ events }) => events)), { summary, commits })
  if (state === undefined) return ["the history has no beginning"]
  const { firstVersion, version } = summary
  const expected = summarize(state, { version, firstVersion, signals: noSignals })
  const names = new Set([...Object.keys(expected), ...Object.keys(summary)] as Array<keyof ExecutionSummary>)
  const faults = [...names].flatMap((name) =>
    free.has(name) || Equal.equals(expected[name], summary[name])
      ? []
      : [`the summary has the ${name} ${shown(summary[name])}, and its history ${shown(expected[name])}`]
  )
  const wake = expected.wakeAt
  return wake === undefined || (summary.wakeAt !== undefined && summary.wakeAt <= wake)
    ? faults
    : [...faults, `a worker looks at it at ${shown(summary.wakeAt)}, and by its history at ${wake}`]
}
