import { assert, describe, it } from "@effect/vitest"
import { type CommandEvent, type HistoryEvent, isCommand } from "perdure/HistoryEvent"
import { Sequence } from "perdure/Ids"
import { describe as described } from "../../src/internal/core/match.ts"
import { all, type Scenario, virtual } from "../corpus/scenarios.ts"
import { drive, interpret, printed } from "./Driver.ts"

/** A change of one recorded command: what the history holds in its place. None where the change does not apply. */
type Change = (command: CommandEvent) => ReadonlyArray<CommandEvent> | undefined

/** Changes after which the history disagrees with the program at the very place of the change. */
const changes: Readonly<Record<string, Change>> = {
  "another name": (command) =>
    command._tag === "ActivityScheduled" ? [{ ...command, name: `${command.name}2` }] : undefined,
  "another input": (command) =>
    command._tag === "ActivityScheduled" && command.inline !== true
      ? [{ ...command, input: "other", digest: command.digest + 1 }]
      : undefined,
  "inline or not": (command) => {
    if (command._tag !== "ActivityScheduled") return undefined
    const { inline, ...rest } = command
    return inline === true ? [rest] : [{ ...rest, inline: true }]
  },
  "another duration": (command) =>
    command._tag === "TimerStarted" ? [{ ...command, fireAt: command.fireAt + 1 }] : undefined,
  "another number": (command) => ("seq" in command ? [{ ...command, seq: Sequence.make(command.seq + 1) }] : undefined),
  "another kind": (command) => [anotherKind(command)],
  "another result": (command) =>
    command._tag === "ExecutionCompleted"
      ? [{ ...command, value: ["other", command.value] }]
      : command._tag === "ExecutionFailed" && command.failure._tag === "Fail"
        ? [{ ...command, failure: { _tag: "Fail", error: "other" } }]
        : undefined,
  "another kind of failure": (command) =>
    command._tag === "ExecutionFailed"
      ? [{ ...command, failure: command.failure._tag === "Fail" ? aDefect : { _tag: "Fail", error: "other" } }]
      : undefined,
  "one more before it": (command) => [extra, command]
}

describe("a history in which one command was changed disagrees with its program, at that place and with both sides", () => {
  for (const [name, change] of Object.entries(changes)) {
    it(`${name}`, () => {
      let places = 0
      for (const { history, scenario } of recorded) {
        for (const [index, event] of history.entries()) {
          const changed = isCommand(event) ? change(event) : undefined
          if (changed === undefined) continue
          const other = history.toSpliced(index, 1, ...changed)
          assert.deepStrictEqual(problemOf(scenario, other), mismatch(index, changed[0]!, event), printed(other))
          places++
        }
      }
      assert.isAbove(places, 10)
    })
  }

  it("one too many at the end of what follows from an event", () => {
    for (const { history, scenario } of recorded) {
      const index = history.findIndex((event, index) => isCommand(event) && !isCommand(history[index + 1] ?? event))
      if (index < 0) continue
      const other = history.toSpliced(index + 1, 0, extra)
      assert.deepStrictEqual(problemOf(scenario, other), mismatch(index + 1, extra, undefined), printed(other))
    }
  })

  it("one dropped: the next recorded command is not the one that the program issues", () => {
    for (const { history, scenario } of recorded) {
      for (const [index, event] of history.entries()) {
        if (!isCommand(event)) continue
        const next = history.findIndex((event, at) => at > index && isCommand(event))
        // What a program issues beyond its history is new: a commit by somebody else may end one.
        if (next < 0) continue
        const other = history.toSpliced(index, 1)
        assert.deepStrictEqual(problemOf(scenario, other), mismatch(next - 1, history[next]!, event), printed(other))
      }
    }
  })

  it("two in the other order", () => {
    let places = 0
    for (const { history, scenario } of recorded) {
      for (const [index, event] of history.entries()) {
        const next = history[index + 1]
        if (!isCommand(event) || next === undefined || !isCommand(next)) continue
        const other = history.toSpliced(index, 2, next, event)
        assert.deepStrictEqual(problemOf(scenario, other), mismatch(index, next, event), printed(other))
        places++
      }
    }
    assert.isAbove(places, 20)
  })
})

describe("a history in which what was delivered is changed disagrees with its program", () => {
  it("the result of a command that is not open", () => {
    const { history, scenario } = recorded.find(({ scenario }) => scenario.name === "Sequence")!
    const index = history.findIndex((event) => event._tag === "ActivityResolved")
    const twice = history.toSpliced(index + 1, 0, history[index]!)
    assert.deepStrictEqual(problemOf(scenario, twice), mismatch(index + 1, history[index]!, undefined))
  })

  it("the firing of a timer that was not started", () => {
    const { history, scenario } = recorded.find(({ scenario }) => scenario.name === "Timers")!
    const index = history.findIndex((event) => event._tag === "TimerFired")
    const fired: HistoryEvent = { _tag: "TimerFired", at: history[index]!.at, seq: Sequence.make(77) }
    assert.deepStrictEqual(problemOf(scenario, history.toSpliced(index, 0, fired)), mismatch(index, fired, undefined))
  })
})

describe("a history in which only words about a defect were changed is the same", () => {
  it("its message and its stack", () => {
    const { history, scenario } = recorded.find(({ scenario }) => scenario.name === "ProgramDefect")!
    const failed: HistoryEvent = { _tag: "ExecutionFailed", at: history.at(-1)!.at, failure: aDefect }
    assert.isUndefined(problemOf(scenario, history.toSpliced(-1, 1, failed)))
  })
})

// internal

const recorded = all({ ...virtual, calls: 12 }).flatMap((scenario) => [
  { scenario, history: drive(scenario, 0, { isCalm: true }) },
  ...[1, 2, 3, 4].map((seed) => ({ scenario, history: drive(scenario, seed) }))
])

const extra: CommandEvent = { _tag: "TimerStarted", at: 0, seq: Sequence.make(4000), fireAt: 1 }
const aDefect = { _tag: "Die", defect: { name: "Error", message: "other words" } } as const

const anotherKind = (command: CommandEvent): CommandEvent => {
  const { at } = command
  switch (command._tag) {
    case "ActivityScheduled":
      return { _tag: "TimerStarted", at, seq: command.seq, fireAt: at + 1 }
    case "TimerStarted":
      return { _tag: "ActivityScheduled", at, seq: command.seq, name: "Echo", input: 1, digest: 1 }
    case "ActivityCancelled":
      return { _tag: "TimerCancelled", at, seq: command.seq }
    case "TimerCancelled":
      return { _tag: "ActivityCancelled", at, seq: command.seq }
    case "MessageSent":
      return { _tag: "TimerStarted", at, seq: command.seq, fireAt: at + 1 }
    case "UpdateAccepted":
      return { _tag: "UpdateAnswered", at, id: command.id, exit: aDefect }
    case "UpdateAnswered":
      return { _tag: "UpdateAccepted", at, id: command.id }
    case "ExecutionCompleted":
      return { _tag: "ExecutionCancelled", at, reason: "other" }
    case "ExecutionFailed":
      return { _tag: "ExecutionTimedOut", at }
    case "ExecutionCancelled":
      return { _tag: "ExecutionTimedOut", at }
    case "PatchRecorded":
    case "AttributesSet":
    case "ExecutionContinued":
    case "ExecutionTimedOut":
      return { _tag: "ExecutionCompleted", at, value: "other" }
  }
}

const problemOf = (scenario: Scenario, history: ReadonlyArray<HistoryEvent>) => {
  const interpreter = interpret(scenario.program)
  interpreter.replay(history)
  const { problem } = interpreter
  if (problem === undefined) return undefined
  const [, position, history_, program] =
    /at event (\d+)\n {2}history: (.*)\n {2}program: (.*)\n/.exec(problem.message) ?? []
  return { reason: problem.reason, position: Number(position), history: history_, program }
}

/** What is told of the event at an index: its position, counted from 1, and both sides. */
const mismatch = (
  index: number,
  recorded: HistoryEvent,
  issued: HistoryEvent | undefined
): ReturnType<typeof problemOf> => ({
  reason: "NonDeterminism",
  position: index + 1,
  history: described(recorded),
  program: issued === undefined ? "nothing" : described(issued)
})
