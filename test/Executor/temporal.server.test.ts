/**
 * The corpus, unchanged, on Temporal: the same definitions and programs, inside its sandbox and on its server.
 *
 * 1. Every scenario ends as it does on the default executor.
 * 2. Every history passes Temporal's replayer, and none does for a changed program.
 * 3. Retry policies are stepped outside the program, by any worker, without a trace in the history.
 * 4. A program that cannot go on fails its workflow task, not the execution.
 * 5. A message to another execution arrives once, and its sender learns what became of it.
 */
import { DeterminismViolationError } from "@temporalio/workflow"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, Fiber, Schedule, type Schema } from "effect"
import type { WorkflowError } from "perdure"
import type { Run } from "../corpus/handlers.ts"
import { Amount } from "../corpus/programs.ts"
import * as Scenarios from "../corpus/scenarios.ts"
import { describeWith } from "../support/servers.ts"
import { attributesOf, closingOf, renamed, timeOf, type TemporalHistory } from "./temporal/history.ts"
import { corpusQueue, Lab, layer as labLayer } from "./temporal/Lab.ts"

/** Whatever competes is half a second apart. */
const pace: Scenarios.Pace = { unit: 100, month: 3000, calls: 20 }
const scenarios = Scenarios.portable(pace)

/** Calls without times. They go first, so that a worker that is still cold delays nothing that competes. */
const warming: ReadonlySet<string> = new Set(["Sequence", "FanOut", "Loop"])
const histories = new Map<string, TemporalHistory>()

/** What callers do on a queue. What the tests do not expect to fail is a defect. */
const callers = Effect.fnUntraced(function* (taskQueue = corpusQueue) {
  const { begun, executor, history } = yield* Lab
  const { result, send, start } = yield* executor(taskQueue)
  const tell = (workflowId: string, message: Parameters<typeof send>[1]) => Effect.orDie(send({ workflowId }, message))
  return {
    begun,
    history,
    start: (request: Parameters<typeof start>[0]) => Effect.orDie(start(request)),
    signal: (workflowId: string, name: string, payload: Schema.Json) =>
      tell(workflowId, { _tag: "Signal", name, payload }),
    cancel: (workflowId: string, reason: string) => tell(workflowId, { _tag: "Cancel", reason }),
    terminate: (workflowId: string, reason: string) => tell(workflowId, { _tag: "Terminate", reason }),
    result: (workflowId: string) => result({ workflowId }),
    /** Waits for the end, however the execution ends. */
    ended: (workflowId: string) => Effect.exit(result({ workflowId }))
  }
})

/** Starts a scenario, sends its messages and answers its end. */
const run = Effect.fnUntraced(function* (scenario: Scenarios.Scenario, workflowId: string, taskQueue = corpusQueue) {
  const client = yield* callers(taskQueue)
  const { input, messages, timeout, workflow } = scenario
  yield* client.start({ workflow, workflowId, input, timeout })
  if (messages.length > 0) yield* client.begun(workflowId)
  let now = 0
  for (const message of messages) {
    yield* Effect.sleep(message.at - now)
    now = message.at
    if (message._tag === "Signal") yield* client.signal(workflowId, message.name, message.payload)
    else if (message._tag === "Cancel") yield* client.cancel(workflowId, message.reason)
    else if (message._tag === "Terminate") yield* client.terminate(workflowId, message.reason)
    else return yield* Effect.die(new Error("no scenario that every executor runs has one"))
  }
  return yield* client.result(workflowId)
})

const amount = (payload: number) => ({ _tag: "Signal", name: Amount.name, payload }) as const
const cancel = (reason: string) => ({ _tag: "Cancel", reason }) as const
const delivered = { _tag: "Delivered" }
const notFound = { _tag: "Refused", reason: "NotFound" }

/** Waits for the end of an execution and answers its history. */
const endOf = Effect.fnUntraced(function* (workflowId: string) {
  const client = yield* callers()
  yield* client.ended(workflowId)
  return yield* client.history(workflowId)
})

const scenarioOf = (name: string): Scenarios.Scenario => {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (found === undefined) throw new Error(`there is no scenario ${name}`)
  return found
}

const historyOf = (name: string): TemporalHistory => {
  const found = histories.get(name)
  if (found === undefined) throw new Error(`the scenario ${name} has no history`)
  return found
}

const runsOf = (runs: ReadonlyArray<Run>, workflowId: string) => runs.filter((run) => run.workflowId === workflowId)

describeWith("temporal", "the corpus on Temporal", () => {
  layer(labLayer, { excludeTestServices: true, timeout: "2 minutes" })("with a worker", (it) => {
    const endsAsExpected = (scenario: Scenarios.Scenario) =>
      it.effect(
        `1. ${scenario.name} ends as it does on the default executor`,
        Effect.fnUntraced(function* () {
          const outcome = Scenarios.outcomeOf(yield* run(scenario, scenario.name))
          const history = yield* (yield* Lab).history(scenario.name)
          histories.set(scenario.name, history)
          assert.deepStrictEqual(Scenarios.outcomeOf(closingOf(history)), outcome)
          assert.isTrue(Scenarios.isExpected(scenario, outcome), JSON.stringify(outcome))
        })
      )

    describe("that starts", () => {
      for (const scenario of scenarios) if (warming.has(scenario.name)) endsAsExpected(scenario)
    })

    describe("that runs", { concurrent: true }, () => {
      // The longest first.
      it.effect("3. an attempt that has to wait for its turn has all of its time after that", () =>
        Effect.gen(function* () {
          const client = yield* callers()
          yield* client.start({ workflow: "Waiting", workflowId: "Waiting", input: null })
          yield* client.ended("Waiting")
          const closing = closingOf(yield* client.history("Waiting"))
          assert.deepInclude(closing, { _tag: "ExecutionCompleted", value: Array.from({ length: 33 }, () => 1) })
        })
      )

      for (const scenario of scenarios) if (!warming.has(scenario.name)) endsAsExpected(scenario)

      for (const fails of [false, true]) {
        it.effect(`3. ${fails ? "an error" : "a result"} that is too large for Temporal is a defect of its call`, () =>
          Effect.gen(function* () {
            const client = yield* callers()
            const workflowId = `Huge ${fails}`
            yield* client.start({ workflow: "Huge", workflowId, input: fails })
            const closing = JSON.stringify(yield* client.result(workflowId))
            assert.include(closing, '"name":"PayloadTooLarge"')
            assert.include(closing, `the ${fails ? "error" : "result"} of activity`)
          })
        )
      }

      it.effect("3. a value that reads like an answer of the executor itself is a value", () =>
        Effect.gen(function* () {
          const client = yield* callers()
          const values = [{ "perdure/pending": { attempt: 1 } }, { "perdure/value": { "perdure/pending": 2 } }]
          for (const [index, value] of values.entries()) {
            yield* client.start({ workflow: "Given", workflowId: `given ${index}`, input: value })
            assert.deepInclude(yield* client.result(`given ${index}`), { _tag: "ExecutionCompleted", value })
          }
        })
      )

      it.effect("1. an id or an input that Temporal does not take is not sent to it", () =>
        Effect.gen(function* () {
          const executor = yield* (yield* Lab).executor(corpusQueue)
          for (const workflowId of ["", "x".repeat(1001), "half \ud800"]) {
            const error = yield* Effect.flip(executor.start({ workflow: "Sequence", workflowId, input: null }))
            assert.strictEqual(error.reason._tag, "InvalidPayload")
          }
          const large = { workflow: "Given", workflowId: "large", input: "x".repeat(3_000_000) }
          const { reason } = yield* Effect.flip(executor.start(large))
          assert.deepInclude(reason, { _tag: "PayloadTooLarge", bytes: 3_000_002, of: "the input" })
        })
      )

      it.effect("1. what ends first is delivered first, however late the program hears of it", () =>
        Effect.gen(function* () {
          const lab = yield* Lab
          const client = yield* callers("late")
          yield* lab.worker("late", { only: "activities" })
          const seen = Effect.gen(function* () {
            yield* lab.worker("late", { only: "workflows" })
            yield* client.start({ workflow: "Overdue", workflowId: "late", input: null })
            yield* client.begun("late")
          })
          yield* Effect.scoped(seen)
          yield* client.history("late").pipe(
            Effect.filterOrFail((history) => attributesOf(history, "timerFiredEventAttributes").length > 0),
            Effect.retry({ schedule: Schedule.spaced("100 millis"), times: 200 })
          )
          yield* lab.worker("late", { only: "workflows" })
          yield* client.ended("late")
          const closing = closingOf(yield* client.history("late"))
          assert.deepInclude(closing, { _tag: "ExecutionCompleted", value: "the activity" })
        })
      )

      it.effect("3. a retry policy goes on with another worker where the first one left it", () =>
        Effect.gen(function* () {
          const lab = yield* Lab
          const attempts = () => runsOf(lab.runs, "relay").map((run) => run.attempt)
          const first = yield* Effect.forkChild(Effect.scoped(Effect.andThen(lab.worker("relay"), Effect.never)))
          const ended = yield* Effect.forkChild(run(scenarioOf("RetryExhausted"), "relay", "relay"))
          yield* Effect.suspend(() => (attempts().length < 2 ? Effect.fail("too early") : Effect.void)).pipe(
            Effect.retry(Schedule.spaced("10 millis"))
          )
          yield* Fiber.interrupt(first)
          assert.isBelow(attempts().length, 5)
          yield* lab.worker("relay")
          const outcome = Scenarios.outcomeOf(yield* Fiber.join(ended))
          assert.deepStrictEqual(outcome, scenarioOf("RetryExhausted").expected)
          assert.deepStrictEqual(attempts(), [1, 2, 3, 4, 5])
        })
      )

      it.effect("3. the server ends all attempts together, and makes none that would come too late", () =>
        Effect.gen(function* () {
          const client = yield* callers()
          yield* client.start({ workflow: "Limits", workflowId: "Limits", input: null })
          yield* client.ended("Limits")
          const closing = closingOf(yield* client.history("Limits"))
          assert.deepInclude(closing, { _tag: "ExecutionCompleted", value: ["not within 300", "refused for now"] })
        })
      )

      it.effect("3. a handler that does not let itself be interrupted is left behind at its timeout", () =>
        Effect.gen(function* () {
          const client = yield* callers()
          yield* client.start({ workflow: "LeftBehind", workflowId: "LeftBehind", input: null })
          yield* client.ended("LeftBehind")
          const history = yield* client.history("LeftBehind")
          const closing = closingOf(history)
          assert.deepInclude(closing, { _tag: "ExecutionCompleted", value: "not within 200" })
          // Both attempts, of which each would take three seconds.
          const [started] = attributesOf(history, "activityTaskStartedEventAttributes")
          assert.strictEqual(started?.attempt, 2)
          assert.isBelow(closing.at - timeOf(history.events?.[0]), 3000)
        })
      )

      for (const [workflow, input, problem] of [
        ["Promising", null, "AsynchronousWork"],
        ["Sequence", "not a unit", "Undecodable"]
      ] as const) {
        it.effect(`4. ${problem} fails a workflow task, and the execution waits for better code`, () =>
          Effect.gen(function* () {
            const client = yield* callers()
            yield* client.start({ workflow, workflowId: problem, input })
            const failures = yield* client.history(problem).pipe(
              Effect.map((history) => attributesOf(history, "workflowTaskFailedEventAttributes")),
              Effect.filterOrFail((failures) => failures.length > 0),
              Effect.retry({ schedule: Schedule.spaced("50 millis"), times: 300 })
            )
            assert.include(failures[0]?.failure?.message, `${problem}: `)
            const blocked = yield* Effect.flip(client.result(problem))
            assert.deepInclude(blocked.reason, { _tag: "Blocked" })
            assert.strictEqual((blocked.reason as WorkflowError.Blocked).problem.reason, problem)
            yield* client.terminate(problem, "no better code will come")
          })
        )
      }
    })

    describe("that sends messages", { concurrent: true }, () => {
      it.effect("5. signals arrive once and in order, and the sender learns which of them were not delivered", () =>
        Effect.gen(function* () {
          const lab = yield* Lab
          const client = yield* callers()
          const count = 12
          const letters = Array.from({ length: count }, (_, index) => [
            { to: "nobody", message: amount(index) },
            { to: "receiver", message: amount(count - 1 - index) }
          ]).flat()
          yield* client.start({ workflow: "Receiver", workflowId: "receiver", input: null })
          yield* client.start({ workflow: "Sender", workflowId: "sender", input: letters })
          const sender = yield* endOf("sender")
          const receiver = yield* endOf("receiver")
          assert.deepInclude(closingOf(receiver), { value: Array.from({ length: count }, (_, i) => count - 1 - i) })
          assert.lengthOf(attributesOf(receiver, "workflowExecutionSignaledEventAttributes"), count)
          const outcomes = letters.map(({ to }) => (to === "nobody" ? notFound : delivered))
          assert.deepInclude(closingOf(sender), { _tag: "ExecutionCompleted", value: outcomes })
          assert.deepStrictEqual(yield* lab.replay(Object.entries({ sender, receiver })), [])
        })
      )

      it.effect("5. a cancel arrives once, and the sender learns which one was not delivered", () =>
        Effect.gen(function* () {
          const lab = yield* Lab
          const client = yield* callers()
          yield* client.start({ workflow: "Receiver", workflowId: "cancelled", input: null })
          yield* client.begun("cancelled")
          const letters = ["cancelled", "nobody"].map((to) => ({ to, message: cancel("not needed") }))
          yield* client.start({ workflow: "Sender", workflowId: "canceller", input: letters })
          const canceller = yield* endOf("canceller")
          const cancelled = yield* endOf("cancelled")
          assert.deepInclude(closingOf(canceller), { _tag: "ExecutionCompleted", value: [delivered, notFound] })
          assert.strictEqual(closingOf(cancelled)._tag, "ExecutionCancelled")
          assert.lengthOf(attributesOf(cancelled, "workflowExecutionCancelRequestedEventAttributes"), 1)
          assert.deepStrictEqual(yield* lab.replay(Object.entries({ canceller, cancelled })), [])
        })
      )

      it.effect("5. Temporal refuses a signal to a finished execution, and accepts a cancel of it", () =>
        Effect.gen(function* () {
          const lab = yield* Lab
          const client = yield* callers()
          yield* client.start({ workflow: "Receiver", workflowId: "finished", input: null })
          yield* client.signal("finished", Amount.name, 0)
          yield* endOf("finished")
          const letters = [amount(1), cancel("not needed")].map((message) => ({ to: "finished", message }))
          yield* client.start({ workflow: "Sender", workflowId: "late sender", input: letters })
          const late = yield* endOf("late sender")
          assert.deepInclude(closingOf(late), { _tag: "ExecutionCompleted", value: [notFound, delivered] })
          assert.deepStrictEqual(yield* lab.replay(Object.entries({ "late sender": late })), [])
        })
      )

      it.effect("5. a message arrives although its sender ends without waiting for it", () =>
        Effect.gen(function* () {
          const lab = yield* Lab
          const client = yield* callers()
          yield* client.start({ workflow: "Receiver", workflowId: "left", input: null })
          const letter = { to: "left", message: amount(0) }
          yield* client.start({ workflow: "Leaver", workflowId: "leaver", input: letter })
          const leaver = yield* endOf("leaver")
          const left = yield* endOf("left")
          assert.deepInclude(closingOf(left), { _tag: "ExecutionCompleted", value: [0] })
          assert.deepStrictEqual(yield* lab.replay(Object.entries({ leaver, left })), [])
        })
      )

      it.effect("5. a message of an execution to itself arrives, though Temporal delivers none", () =>
        Effect.gen(function* () {
          const lab = yield* Lab
          const client = yield* callers()
          const letters = [amount(1), amount(0)].map((message) => ({ to: "self", message }))
          yield* client.start({ workflow: "Selfish", workflowId: "self", input: letters })
          const self = yield* endOf("self")
          assert.deepInclude(closingOf(self), {
            _tag: "ExecutionCompleted",
            value: [
              [1, 0],
              [delivered, delivered]
            ]
          })
          const letter = { to: "ended", message: cancel("enough") }
          yield* client.start({ workflow: "Selfish", workflowId: "ended", input: [letter] })
          const ended = yield* endOf("ended")
          assert.deepInclude(closingOf(ended), { _tag: "ExecutionCancelled", reason: "enough" })
          assert.deepStrictEqual(yield* lab.replay(Object.entries({ self, ended })), [])
        })
      )
    })

    describe("that ran", () => {
      it.effect("1. finalizers run once, and nothing after what a cancel interrupted", () =>
        Effect.gen(function* () {
          const { runs } = yield* Lab
          assert.deepStrictEqual(
            runsOf(runs, "CancelDuringActivity").map((run) => run.activity),
            ["Acquire", "Slow", "Release"]
          )
        })
      )

      it("1. what is too late is cancelled on the server too", () => {
        assert.lengthOf(attributesOf(historyOf("TimeoutLost"), "activityTaskCancelRequestedEventAttributes"), 1)
        assert.lengthOf(attributesOf(historyOf("TimeoutWon"), "timerCanceledEventAttributes"), 1)
      })

      it.effect("2. the replayer accepts every history", () =>
        Effect.gen(function* () {
          assert.strictEqual(histories.size, scenarios.length)
          assert.deepStrictEqual(yield* (yield* Lab).replay(histories), [])
        })
      )

      it.effect("2. the replayer refuses the history of a program that was changed", () =>
        Effect.gen(function* () {
          const history = historyOf("Sequence")
          const refusals = yield* (yield* Lab).replay([
            ["the same program", renamed(history, "Renamed")],
            ["a pause more", renamed(history, "WithPause")],
            ["a call more", renamed(history, "WithCall")],
            // Our own replay compares inputs and refuses this one; Temporal's compares names.
            ["another input", renamed(history, "WithInput")]
          ])
          assert.deepStrictEqual(
            refusals.map((refusal) => refusal.name),
            ["a pause more", "a call more"]
          )
          for (const { error } of refusals) assert.instanceOf(error, DeterminismViolationError)
        })
      )

      it.effect("3. attempts leave no trace in the history, and a call has one key for all of them", () =>
        Effect.gen(function* () {
          const { runs } = yield* Lab
          const attempts = runsOf(runs, "RetryExhausted")
          assert.deepStrictEqual(
            attempts.map((run) => run.attempt),
            [1, 2, 3, 4, 5]
          )
          assert.strictEqual(new Set(attempts.map((run) => run.key)).size, 1)
          assert.strictEqual(new Set(runsOf(runs, "Sequence").map((run) => run.key)).size, 3)
          assert.lengthOf(attributesOf(historyOf("RetryExhausted"), "activityTaskScheduledEventAttributes"), 1)
          assert.lengthOf(attributesOf(historyOf("RetryExhausted"), "activityTaskStartedEventAttributes"), 1)
        })
      )
    })
  })
})
