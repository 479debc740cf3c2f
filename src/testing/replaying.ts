/**
 * Replays recorded histories against programs, without an executor.
 */
import * as Context from "effect/Context"
import * as Logger from "effect/Logger"
import * as Schema from "effect/Schema"
import { budgetOf } from "../Executor/default/budget.ts"
import type { Registration } from "../Executor/WorkflowRegistry.ts"
import { HistoryEvent, isCommand } from "../HistoryEvent.ts"
import { describe } from "../internal/core/match.ts"
import { Interpreter } from "../internal/replay/Interpreter.ts"
import { silenced } from "../internal/replay/silence.ts"

/** A history as it is kept. An interface, so that what contains it has a short type. */
export interface History extends Schema.Codec<
  ReadonlyArray<HistoryEvent>,
  ReadonlyArray<typeof HistoryEvent.Encoded>
> {}
export const History: History = Schema.Array(HistoryEvent)

/** The program of a run, among the registered ones. */
export const programOf = (
  programs: ReadonlyMap<string, Registration>,
  history: ReadonlyArray<HistoryEvent>
): Registration | undefined => {
  const started = history.find((event) => event._tag === "ExecutionStarted")
  if (started === undefined) return undefined
  const taken = history.findLast((event) => event._tag === "OwnerChanged" && event.version !== undefined)
  const version = started.version ?? (taken?._tag === "OwnerChanged" ? taken.version : undefined)
  return programs.get(programKey(started.workflow, version))
}

/** The name under which the program of a workflow is known. */
export const programKey = (workflow: string, version: string | undefined): string =>
  version === undefined ? workflow : `${workflow}, version ${version}`

/** What a program disagrees with in the history of a run; `undefined` when it agrees. */
export const disagreement = (
  program: Registration["program"],
  history: ReadonlyArray<HistoryEvent>
): string | undefined => {
  // It was ended before a worker had taken it.
  if (!history.some(isOfWorker)) return undefined
  const interpreter = new Interpreter(
    program,
    silent,
    budgetOf(longest, () => performance.now())
  )
  interpreter.replay(history)
  return interpreter.problem?.message
}

/** A history, a line an event. Of a long one, how it begins and how it goes on in the end. */
export const inLines = (history: ReadonlyArray<HistoryEvent>): string => {
  const lines = (from: number, to: number) =>
    history.slice(from, to).map((event, index) => `${from + index + 1}. ${describe(event)}`)
  const left = history.length - 2 * half
  if (left <= 0) return lines(0, history.length).join("\n")
  const more = `… ${left} more events, which are in the \`history\` of this error …`
  return [...lines(0, half), more, ...lines(half + left, history.length)].join("\n")
}

// internal

/** So many events are shown of the beginning of a long history, and of its end. */
const half = 40

/** Whether an event shows that a worker has taken the execution. One that no worker has taken may be cancelled all the same. */
const isOfWorker = (event: HistoryEvent): boolean => {
  if (event._tag === "ExecutionStarted") return event.owner !== undefined
  return event._tag === "OwnerChanged" || (isCommand(event) && event._tag !== "ExecutionCancelled")
}

/** How long a program may run without waiting for anything, in milliseconds. */
const longest = 1000

const silent = silenced(Context.make(Logger.CurrentLoggers, new Set<Logger.Logger<unknown, unknown>>()))
