/**
 * A history as a table: position, time, event, and what it says.
 */
import { HistoryEvent } from "perdure"
import { bold, cyan, dim, red } from "./style.ts"

/** The table of a history. The first `kept` events are from before the kill. */
export const tableOf = (title: string, history: ReadonlyArray<HistoryEvent.HistoryEvent>, kept: number): string => {
  const started = history[0]?.at ?? 0
  const rows = history.map((event, index) => {
    const name = event._tag.padEnd(nameWidth)
    return [
      dim(String(index + 1).padStart(3)),
      dim(((event.at - started) / 1000).toFixed(3).padStart(7)),
      index < kept ? name : cyan(name),
      what(event)
    ].join("  ")
  })
  const header = bold(["  #", "seconds", "event".padEnd(nameWidth), title].join("  "))
  const kill = red(`${"─".repeat(14)} SIGKILL ${"─".repeat(57)}`)
  return [header, ...rows.slice(0, kept), kill, ...rows.slice(kept)].join("\n")
}

// internal

const nameWidth = 21

const what = HistoryEvent.HistoryEvent.match({
  ExecutionStarted: ({ input, workflow }) => `${workflow} ${JSON.stringify(input)}`,
  ActivityScheduled: ({ input, name, seq }) => `#${seq} ${name} ${JSON.stringify(input)}`,
  ActivityAttemptFailed: ({ attempt, failure, seq }) => `#${seq} attempt ${attempt}: ${resultOf(failure)}`,
  ActivityAttemptIsolated: ({ attempt, seq }) => `#${seq} attempt ${attempt}`,
  ActivityPending: ({ attempt, seq }) => `#${seq} attempt ${attempt}`,
  ActivityAttemptEnded: ({ attempt, failure, seq }) => `#${seq} attempt ${attempt}: ${resultOf(failure)}`,
  ActivityResolved: ({ exit, seq }) => `#${seq} ${resultOf(exit)}`,
  ActivityCancelled: ({ seq }) => `#${seq}`,
  TimerStarted: ({ at, fireAt, seq }) => `#${seq} for ${durationOf(fireAt - at)}`,
  TimerFired: ({ seq }) => `#${seq}`,
  TimerCancelled: ({ seq }) => `#${seq}`,
  MessageSent: ({ message, seq, to }) => `#${seq} ${message._tag} to ${to}`,
  MessageSettled: ({ id, outcome }) => `${id} ${outcome._tag}`,
  ChildEnded: ({ closing, workflowId }) => `${workflowId} ${closing._tag}`,
  SignalReceived: ({ name, payload }) => `${name} ${JSON.stringify(payload)}`,
  UpdateRequested: ({ input, name }) => `${name} ${JSON.stringify(input)}`,
  UpdateAccepted: ({ id }) => id,
  UpdateAnswered: ({ exit, id }) => `${id} ${resultOf(exit)}`,
  CancelRequested: ({ reason }) => reason,
  OwnerChanged: ({ owner }) => `worker "${owner}" took the execution and replayed it`,
  ExecutionBlocked: ({ problem }) => problem.message,
  PatchRecorded: ({ id }) => id,
  AttributesSet: ({ attributes }) => JSON.stringify(attributes),
  ExecutionContinued: ({ next }) => JSON.stringify(next.input),
  ExecutionCompleted: ({ value }) => JSON.stringify(value),
  ExecutionFailed: ({ failure }) => resultOf(failure),
  ExecutionCancelled: ({ reason }) => reason,
  ExecutionTimedOut: () => "",
  ExecutionTerminated: ({ reason }) => reason
})

const resultOf = (exit: HistoryEvent.RecordedExit | HistoryEvent.RecordedFailure): string => {
  switch (exit._tag) {
    case "Success":
      return exit.value === null ? "done" : JSON.stringify(exit.value)
    case "Fail":
      return JSON.stringify(exit.error)
    case "Die":
      return exit.defect.message
    case "Other":
      return exit.message
    case "TimedOut":
      return `not within ${durationOf(exit.after)}`
  }
}

const durationOf = (milliseconds: number): string =>
  milliseconds >= 86_400_000 ? `${milliseconds / 86_400_000} days` : `${milliseconds / 1000} s`
