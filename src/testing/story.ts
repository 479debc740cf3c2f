/**
 * Histories as stories: a line for each thing that happened, in words that a test can compare.
 */
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type * as Activity from "../Activity.ts"
import type { HistoryEvent, RecordedExit, UpdateExit } from "../HistoryEvent.ts"
import { describeMessage } from "../internal/core/match.ts"
import { jsonCodec } from "../internal/schema.ts"

/**
 * A history as a story: what the program did and what came to it, a line each, with inputs and results as JSON. What only executors
 * note is left out, such as takeovers.
 *
 * **Example** (What happened to an order)
 *
 * ```ts
 * import { Effect, Layer, Schema } from "effect"
 * import { Activity, Workflow } from "perdure"
 * import { double, story, TestWorkflows } from "perdure/testing"
 *
 * const Charge = Activity.make("Charge", { input: Schema.Int, success: Schema.String })
 * const Order = Workflow.make("Order", { input: Schema.Int, success: Schema.String })
 * const OrderLive = Order.toLayer((cents) => Effect.delay(Charge(cents), "7 days"))
 *
 * const charge = double(Charge)
 * charge.succeedNext("receipt")
 *
 * const test = Effect.gen(function*() {
 *   const order = yield* Order.start(100)
 *   yield* TestWorkflows.pass("7 days")
 *   return story(yield* order.history)
 * })
 *
 * const Test = OrderLive.pipe(Layer.provide(charge.layer), Layer.provideMerge(TestWorkflows.layer))
 * const lines = await Effect.runPromise(Effect.provide(test, Test))
 * lines[0] // => "Order starts with 100"
 * lines[1] // => "sleeps 7d"
 * lines[3] // => "calls Charge(100)"
 * lines[5] // => 'ends with "receipt"'
 * ```
 *
 * @category assertions
 * @since 0.2.0
 */
export const story = (history: ReadonlyArray<HistoryEvent>): ReadonlyArray<string> => {
  const names = new Map<number | string, string>()
  return history.flatMap((event) => lineOf(event, names) ?? [])
}

/**
 * Fails unless these lines are in the story of a history, in this order. Others may come before, between and after them. The error shows
 * the whole story, and the line that is missing.
 *
 * @category assertions
 * @since 0.2.0
 */
export const assertStory = (history: ReadonlyArray<HistoryEvent>, lines: ReadonlyArray<string>): void => {
  const told = story(history)
  let from = 0
  for (const line of lines) {
    const index = told.indexOf(line, from)
    if (index >= 0) {
      from = index + 1
      continue
    }
    const where = told.includes(line) ? "is in the story, but earlier" : "is not in the story"
    const marked = told.map((each, at) => `${at + 1 === from ? ">" : " "} ${each}`)
    throw new Error(
      `${JSON.stringify(line)} ${where}${from === 0 ? "" : " than the marked line"}:\n${marked.join("\n")}`
    )
  }
}

/**
 * The inputs of the calls of an activity in a history, oldest first, each once, however many attempts it took.
 *
 * @category assertions
 * @since 0.2.0
 */
export const callsOf = <Input extends Schema.Codec<unknown, unknown>>(
  history: ReadonlyArray<HistoryEvent>,
  activity: Pick<Activity.Any, "name"> & { readonly input: Input }
): ReadonlyArray<Input["Type"]> =>
  history.flatMap((event) =>
    event._tag === "ActivityScheduled" && event.name === activity.name
      ? [Result.getOrThrowWith(jsonCodec(activity.input).decode(event.input), (issue) => new Error(issue))]
      : []
  )

// internal

/** What happened, in words; `names` are those of calls and updates. Nothing for what only executors note. */
const lineOf = (event: HistoryEvent, names: Map<number | string, string>): string | undefined => {
  const name = "seq" in event ? (names.get(event.seq) ?? `#${event.seq}`) : ""
  switch (event._tag) {
    case "ExecutionStarted":
      return `${event.workflow} starts with ${json(event.input)}`
    case "ActivityScheduled":
      names.set(event.seq, event.name)
      return `calls ${event.name}${event.inline === true ? "" : `(${json(event.input)})`}`
    case "ActivityAttemptFailed":
      return `${name} ${exitInWords(event.failure)}, and is tried again after ${length(event.retryAt - event.at)}`
    case "ActivityResolved":
      return `${name} ${exitInWords(event.exit)}`
    case "ActivityCancelled":
      return `gives up ${name}`
    case "TimerStarted":
      names.set(event.seq, length(event.fireAt - event.at))
      return `sleeps ${length(event.fireAt - event.at)}`
    case "TimerFired":
      return `wakes after ${name}`
    case "TimerCancelled":
      return `stops sleeping ${name}`
    default:
      return messageOf(event, names) ?? endInWords(event)
  }
}

/** What came and went between executions, in words. */
const messageOf = (event: HistoryEvent, names: Map<number | string, string>): string | undefined => {
  switch (event._tag) {
    case "SignalReceived":
      return `receives ${event.name}(${json(event.payload)})`
    case "UpdateRequested":
      names.set(event.id, event.name)
      return `is asked ${event.name}(${json(event.input)})`
    case "UpdateAnswered":
      return `answers ${names.get(event.id) ?? event.id}, which ${exitInWords(event.exit)}`
    case "MessageSent":
      return `sends ${describeMessage(event.message)} to ${json(event.to)}`
    case "ChildEnded":
      return `hears that ${json(event.workflowId)} ${endInWords(event.closing)}`
    case "AttributesSet":
      return `sets ${json(event.attributes)}`
    case "CancelRequested":
      return event.kind === "cancel" ? `is cancelled: ${event.reason}` : "is timed out"
    default:
      return undefined
  }
}

const endInWords = (event: HistoryEvent): string | undefined => {
  switch (event._tag) {
    case "ExecutionCompleted":
      return `ends with ${json(event.value)}`
    case "ExecutionFailed":
      return `${exitInWords(event.failure)} in the end`
    case "ExecutionCancelled":
      return "ends as cancelled"
    case "ExecutionTimedOut":
      return "ends as timed out"
    case "ExecutionTerminated":
      return `is terminated: ${event.reason}`
    case "ExecutionContinued":
      return `continues as new with ${json(event.next.input)}`
    case "ExecutionBlocked":
      return `is blocked: ${event.problem.message}`
    default:
      return undefined
  }
}

const exitInWords = (exit: RecordedExit | UpdateExit): string => {
  switch (exit._tag) {
    case "Success":
      return `succeeds with ${json(exit.value)}`
    case "Fail":
      return `fails with ${json(exit.error)}`
    case "Die":
      return `dies with ${exit.defect.name}: ${exit.defect.message}`
    case "TimedOut":
      return `takes longer than ${length(exit.after)}`
    case "Other":
      return `fails by ${exit.message}`
  }
}

const json = (value: unknown): string => JSON.stringify(value)

const length = (milliseconds: number): string => Duration.format(Duration.millis(milliseconds))
