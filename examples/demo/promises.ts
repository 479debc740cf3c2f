/**
 * What the demo promises, checked against the histories and the log of the handlers.
 */
import { Result, Schema } from "effect"
import type { HistoryEvent } from "perdure"
import { Rejected } from "../order/contracts.ts"
import type { Run } from "../order/handlers.ts"

type History = ReadonlyArray<HistoryEvent.HistoryEvent>

/** What became of an order: its history when the worker was killed and at the end, and its result. */
export interface Story {
  readonly before: History
  readonly after: History
  readonly result: Result.Result<string, unknown>
}

/** Something that was promised, and whether it was kept. */
export interface Claim {
  readonly text: string
  readonly kept: boolean
}

/** Not everything was as promised. */
export class Broken extends Schema.TaggedError<Broken>()("Broken", { promises: Schema.Array(Schema.String) }) {
  override get message() {
    return `not as promised: ${this.promises.join("; ")}`
  }
}

/** The promises about the order that was approved, the one that was refused, and all runs of handlers. */
export const promisesOf = (
  approved: Story,
  refused: Story,
  runs: ReadonlyArray<typeof Run.Type>
): ReadonlyArray<Claim> => {
  const recorded = new Map([...attemptsOf(approved.after), ...attemptsOf(refused.after)])
  const sleep = sleepOf(approved.after)
  return [
    {
      text: "the approved order was shipped by the second worker",
      kept: Result.isSuccess(approved.result) && approved.result.success === "parcel of order-1"
    },
    {
      text: "the refused order failed with its typed error; card and stock were given back",
      kept:
        Result.isFailure(refused.result) &&
        refused.result.failure instanceof Rejected &&
        succeeded(refused.after).join() === "Reserve,Charge,Refund,Release"
    },
    {
      text: `all ${approved.before.length + refused.before.length} events from before the kill are still there`,
      kept: [approved, refused].every(({ after, before }) => before.length > 0 && isBeginning(before, after))
    },
    {
      text: `no recorded activity ran again: ${sum(recorded.values())} attempts recorded, ${runs.length} runs of handlers`,
      kept:
        runs.length === sum(recorded.values()) && [...recorded].every(([call, count]) => countOf(call, runs) === count)
    },
    { text: `the sleep of 2000 ms took ${sleep} ms`, kept: sleep >= 2000 }
  ]
}

// internal

/** How often the handler of each call ran, as the history has it. */
const attemptsOf = (history: History): ReadonlyMap<string, number> => {
  const attempts = new Map<string, number>()
  let runId = ""
  for (const event of history) {
    if (event._tag === "ExecutionStarted") runId = event.runId
    if (event._tag !== "ActivityAttemptFailed" && event._tag !== "ActivityResolved") continue
    const call = `${runId}/${event.seq}`
    attempts.set(call, (attempts.get(call) ?? 0) + 1)
  }
  return attempts
}

/** The names of the activities that succeeded, in the order of their results. */
const succeeded = (history: History): ReadonlyArray<string> =>
  history.flatMap((event) => {
    if (event._tag !== "ActivityResolved" || event.exit._tag !== "Success") return []
    const scheduled = history.find((other) => other._tag === "ActivityScheduled" && other.seq === event.seq)
    return scheduled?._tag === "ActivityScheduled" ? [scheduled.name] : []
  })

/** How long the last timer of a history took. */
const sleepOf = (history: History): number => {
  const fired = history.findLast((event) => event._tag === "TimerFired")
  const started = history.findLast((event) => event._tag === "TimerStarted")
  return fired?._tag === "TimerFired" && started?.seq === fired.seq ? fired.at - started.at : Number.NaN
}

const isBeginning = (before: History, after: History): boolean =>
  JSON.stringify(before) === JSON.stringify(after.slice(0, before.length))

const countOf = (call: string, runs: ReadonlyArray<typeof Run.Type>): number =>
  runs.filter((run) => run.call === call).length

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0)
