/**
 * The workflows that run on Temporal: the corpus, unchanged, and a few that are there to fail or to be too slow.
 */
import { Clock, Effect, Layer, Schedule, Schema } from "effect"
import { Activity, HistoryEvent, Ids, Message, Workflow } from "perdure"
import { protocol } from "../../../src/internal/replay/Protocol.ts"
import { Echo, Refused, Slow } from "../../corpus/activities.ts"
import { Amount, Sequence, sequence } from "../../corpus/programs.ts"
import * as Scenarios from "../../corpus/scenarios.ts"

const { input, success } = Sequence

/** `Sequence` under another name. */
const renamed = Workflow.make("Renamed", { input, success }).toLayer(sequence)

/** `Sequence` with a pause that it did not have. */
const withPause = Workflow.make("WithPause", { input, success }).toLayer(
  Effect.fnUntraced(function* () {
    const first = yield* Echo(1)
    yield* Effect.sleep("1 second")
    return [first, yield* Echo(first + 1)]
  })
)

/** `Sequence` with one call more at its end. */
const withCall = Workflow.make("WithCall", { input, success }).toLayer(() => Effect.tap(sequence(), () => Echo(4)))

/** `Sequence` with another input for its second call. */
const withInput = Workflow.make("WithInput", { input, success }).toLayer(
  Effect.fnUntraced(function* () {
    return [yield* Echo(1), yield* Echo(20), yield* Echo(3)]
  })
)

/** Waits for a promise of its own, which no replay could repeat. */
const promising = Workflow.make("Promising").toLayer(() => Effect.promise(() => Promise.resolve()))

/** Takes two seconds and cannot be interrupted, though all its attempts together have a third of one. */
export const Stubborn = Activity.make("Stubborn", {
  error: Activity.ActivityTimedOut,
  timeout: { total: "300 millis" }
})

/** Refuses, and its policy would wait longer than all attempts together may take. */
export const Hopeful = Activity.make("Hopeful", {
  error: Refused,
  retry: Schedule.spaced("1 hour"),
  timeout: { total: "30 seconds" }
})

/** Tells how the two ended. */
const limits = Workflow.make("Limits", { success: Schema.Array(Schema.String) }).toLayer(() =>
  Effect.all([
    Effect.match(Stubborn(), { onSuccess: () => "done", onFailure: ({ after }) => `not within ${after}` }),
    Effect.match(Hopeful(), { onSuccess: () => "done", onFailure: ({ what }) => `refused ${what}` })
  ])
)

/** Cannot be interrupted for three seconds, though an attempt has a fifth of one. */
export const Obstinate = Activity.make("Obstinate", {
  error: Activity.ActivityTimedOut,
  timeout: "200 millis",
  retry: Schedule.recurs(1)
})

/** Tells how it ended. */
const leftBehind = Workflow.make("LeftBehind", { success: Schema.String }).toLayer(() =>
  Effect.match(Obstinate(), { onSuccess: () => "done", onFailure: ({ after }) => `not within ${after}` })
)

/** Tells which attempt it is. Its handler runs one at a time. */
export const Narrow = Activity.make("Narrow", {
  input: Schema.Int,
  success: Schema.Int,
  error: Activity.ActivityTimedOut,
  timeout: "3 seconds"
})

/** So many calls at once that the last ones wait for longer than Temporal waits for a worker that is silent. */
const waiting = Workflow.make("Waiting", {
  success: Schema.Array(Schema.Int),
  error: Activity.ActivityTimedOut
}).toLayer(() =>
  Effect.forEach(
    Array.from({ length: 33 }, (_, index) => index),
    (index) => Narrow(index),
    { concurrency: "unbounded" }
  )
)

/** Returns a text that is too large for Temporal, or fails with it. */
export const Huge = Activity.make("Huge", { input: Schema.Boolean, success: Schema.String, error: Refused })

/** Calls `Huge`, and ends as it does. */
const huge = Workflow.make("Huge", { input: Schema.Boolean, success: Schema.String, error: Refused }).toLayer((fails) =>
  Huge(fails)
)

/** Returns what it is given. */
export const Given = Activity.make("Given", { input: Schema.Json, success: Schema.Json })

const given = Workflow.make("Given", { input: Schema.Json, success: Schema.Json }).toLayer((value) => Given(value))

/** An activity against a timer that has a second and a half more. */
const overdue = Workflow.make("Overdue", { success: Schema.String }).toLayer(() =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    Effect.race(Slow({ name: "the activity", until: now + 1500 }), Effect.as(Effect.sleep(3000), "the timer"))
  )
)

/** A message to another execution. */
const Letter = Schema.Struct({
  to: Ids.WorkflowId,
  message: Schema.Union([Message.Message.cases.Signal, Message.Message.cases.Cancel])
})

/** Sends a message and waits until it is settled. There is no public word for it yet. */
const send = (letter: typeof Letter.Type) => Effect.flatMap(protocol, (protocol) => protocol.send(letter))

/** Sends all of them at once, and tells what became of each. */
const sender = Workflow.make("Sender", {
  input: Schema.Array(Letter),
  success: Schema.Array(HistoryEvent.MessageOutcome)
}).toLayer((letters) => Effect.forEach(letters, send, { concurrency: "unbounded" }))

/** Sends a message and ends before it is settled. */
const leaver = Workflow.make("Leaver", { input: Letter }).toLayer((letter) =>
  Effect.asVoid(Effect.forkChild(send(letter), { startImmediately: true }))
)

/** The numbers that come, until one of them is 0. */
const amounts = Effect.gen(function* () {
  const amounts: Array<number> = []
  while (amounts.at(-1) !== 0) amounts.push(yield* Amount.receive)
  return amounts
})

/** Tells which numbers came. */
const receiver = Workflow.make("Receiver", { success: Schema.Array(Schema.Number) }).toLayer(() => amounts)

/** Tells which numbers came while it sent messages, to itself for example, and what became of those. */
const selfish = Workflow.make("Selfish", {
  input: Schema.Array(Letter),
  success: Schema.Tuple([Schema.Array(Schema.Number), Schema.Array(HistoryEvent.MessageOutcome)])
}).toLayer((letters) => Effect.all([amounts, Effect.forEach(letters, send)], { concurrency: "unbounded" }))

const [first, ...rest] = Scenarios.portable().map((scenario) => scenario.layer)
/** The corpus. */
export const corpus = Layer.mergeAll(first!, ...rest)

/** All others. */
export const others = Layer.mergeAll(
  renamed,
  withPause,
  withCall,
  withInput,
  promising,
  limits,
  leftBehind,
  waiting,
  huge,
  given,
  overdue,
  sender,
  leaver,
  selfish,
  receiver
)
