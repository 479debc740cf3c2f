/**
 * Runs programs of the corpus without executor or store, in random order: open commands are resolved and fail out of turn,
 * signals and cancels come at any moment. Everything follows from a seed.
 */
import { Context, Logger, type Schema } from "effect"
import {
  type CommandEvent,
  type DeliveredEvent,
  type HistoryEvent,
  isCommand,
  isDelivered,
  type RecordedExit
} from "perdure/HistoryEvent"
import { RunId, WorkerId, WorkflowId } from "perdure/Ids"
import type { Open, WorkflowState } from "perdure/WorkflowState"
import { fold } from "../../src/internal/core/evolve.ts"
import { describe } from "../../src/internal/core/match.ts"
import { type EncodedProgram, Interpreter } from "../../src/internal/replay/Interpreter.ts"
import { make as makeRandom } from "../../src/internal/replay/random.ts"
import * as Activities from "../corpus/activities.ts"
import * as Programs from "../corpus/programs.ts"
import type { Scenario } from "../corpus/scenarios.ts"

/** The budget of a flush: no program of the corpus comes near it. */
export const budget = { milliseconds: 10_000, now: () => performance.now(), used: () => performance.now() }

const silent = Context.make(Logger.CurrentLoggers, new Set<Logger.Logger<unknown, unknown>>())

/** An interpreter of a program, silent or not, that lets it run for so many milliseconds without waiting. */
export const interpret = (
  program: EncodedProgram,
  base: Context.Context<never> = silent,
  milliseconds = budget.milliseconds
): Interpreter => new Interpreter(program, base, { ...budget, milliseconds })

/** What names a schedule: set `REPLAY` to it to run that one alone and see its history. */
export const tokenOf = (scenario: Scenario, seed: number): string => `${scenario.name}:${seed}`

/** An event as text, without what may differ between two runs: stacks. */
const textOf = (event: HistoryEvent): string =>
  JSON.stringify(event, (key, value: unknown) => (key === "stack" || key === "detail" ? undefined : value))

/** A whole history, a line an event. */
export const printed = (history: ReadonlyArray<HistoryEvent>): string =>
  history.map((event, index) => `${index + 1}. ${describe(event)}`).join("\n")

/** Runs a scenario to its end by a random schedule and answers its history. A calm one has no cancels and no failures. */
export const drive = (
  scenario: Scenario,
  seed: number,
  options?: { readonly isCalm: boolean }
): ReadonlyArray<HistoryEvent> => {
  const drive = new Drive(scenario, seed, options?.isCalm ?? false)
  while (drive.move());
  return drive.history
}

/**
 * Replays a history up to a position and goes on live from there, as it was recorded. Answers what differs, if anything.
 * `between` is called where it stands after each event, with the number of events before.
 */
export const continued = (
  scenario: Scenario,
  history: ReadonlyArray<HistoryEvent>,
  position: number,
  between: (interpreter: Interpreter, at: number) => void = () => {}
): string | undefined => {
  const interpreter = interpret(scenario.program)
  interpreter.replay(history.slice(0, position))
  let issued = [...interpreter.take()]
  between(interpreter, position)
  for (const [index, event] of history.slice(position).entries()) {
    if (interpreter.problem !== undefined) return interpreter.problem.message
    const place = `event ${position + index + 1}`
    if (isDelivered(event)) {
      if (issued.length > 0) return `${place} came before ${describe(issued[0]!)}, which replay issued`
      interpreter.deliver(event)
      issued = [...interpreter.take()]
    } else if (isCommand(event)) {
      const command = issued.shift()
      if (command === undefined || textOf(command) !== textOf(event)) {
        return `${place} was ${describe(event)}, replay issued ${command === undefined ? "nothing" : describe(command)}`
      }
    }
    between(interpreter, position + index + 1)
  }
  if (issued.length > 0) return `replay issued ${describe(issued[0]!)} beyond the end`
  return interpreter.closed ? undefined : "replay did not end"
}

// internal

/** How many moves a schedule makes before it is cancelled; and again so many before it counts as endless. */
const patience = 1500

class Drive {
  readonly history: Array<HistoryEvent> = []
  private readonly isCalm: boolean
  private readonly token: string
  private readonly interpreter: Interpreter
  private readonly draw: () => number
  private readonly messages: Array<Scenario["messages"][number]>
  private state: WorkflowState | undefined
  private now = 1_700_000_000_000
  private moves = 0

  constructor(scenario: Scenario, seed: number, isCalm: boolean) {
    const random = makeRandom(tokenOf(scenario, seed))
    this.isCalm = isCalm
    this.token = tokenOf(scenario, seed)
    this.draw = () => random.nextDoubleUnsafe()
    this.messages = [...scenario.messages]
    this.interpreter = interpret(scenario.program)
    this.deliver({
      _tag: "ExecutionStarted",
      at: this.now,
      workflow: scenario.workflow,
      workflowId: WorkflowId.make(scenario.name),
      runId: RunId.make(this.token),
      input: scenario.input
    })
  }

  /** Makes one random move; answers whether the execution goes on. */
  move(): boolean {
    if (this.interpreter.closed) return false
    this.moves++
    this.now += Math.floor(this.draw() * 50)
    const open = [...(this.state?.open.values() ?? [])]
    const waiting = this.interpreter.signals.awaited
    const chance = this.draw()
    if (this.moves === patience) this.cancel()
    else if (this.moves > 2 * patience) throw this.failure("it does not end")
    else if (chance < 0.01 && !this.isCalm) this.cancel()
    else if (chance < 0.04) this.signal("unheard", 1)
    else if (chance < 0.08) this.note(open)
    else if (this.messages.length > 0 && chance < 0.3) this.send()
    else if (open.length > 0 && (waiting.length === 0 || chance < 0.8)) this.resolve(this.pick(open))
    else if (waiting.length > 0) this.signal(this.pick(waiting))
    else if (this.state?.cancel === undefined) this.cancel()
    else throw this.failure("it waits for nothing that can happen")
    return true
  }

  private deliver(event: DeliveredEvent): void {
    this.record(event)
    this.interpreter.deliver(event)
    if (this.interpreter.problem !== undefined) throw this.failure(this.interpreter.problem.message)
    for (const command of this.interpreter.take()) this.record(command)
  }

  private record(event: HistoryEvent): void {
    this.history.push(event)
    this.state = fold([event], this.state)
  }

  private pick<A>(all: ReadonlyArray<A>): A {
    return all[Math.floor(this.draw() * all.length)]!
  }

  private cancel(): void {
    const kind = this.draw() < 0.5 ? "cancel" : "timeout"
    this.deliver({ _tag: "CancelRequested", at: this.now, kind, reason: "chance" })
  }

  private send(): void {
    const message = this.messages.shift()!
    if (message._tag === "Signal") this.signal(message.name, message.payload)
    // Whatever is open is resolved by chance.
    else if (message._tag !== "Complete") this.cancel()
  }

  private signal(name: string, payload: Schema.Json = this.payloadOf(name)): void {
    this.deliver({ _tag: "SignalReceived", at: this.now, name, payload })
  }

  private payloadOf(name: string): Schema.Json {
    return name === Programs.Approve.name ? { by: "Ben" } : Math.floor(this.draw() * 100)
  }

  /** Records something that the program does not see. */
  private note(open: ReadonlyArray<Open>): void {
    const activities = open.filter(({ issued }) => issued._tag === "ActivityScheduled")
    if (activities.length === 0) return this.record({ _tag: "OwnerChanged", at: this.now, owner: WorkerId.make("w") })
    const activity = this.pick(activities)
    this.record({
      _tag: "ActivityAttemptFailed",
      at: this.now,
      seq: activity.seq,
      attempt: activity.failures.length + 1,
      failure: refusal,
      retryAt: this.now + 10
    })
  }

  private resolve({ issued, seq }: Open): void {
    if (issued._tag === "TimerStarted") {
      this.now = Math.max(this.now, issued.fireAt)
      return this.deliver({ _tag: "TimerFired", at: this.now, seq })
    }
    this.deliver({ _tag: "ActivityResolved", at: this.now, seq, exit: this.exitOf(issued) })
  }

  private exitOf({ input, name }: Extract<CommandEvent, { readonly _tag: "ActivityScheduled" }>): RecordedExit {
    const chance = this.isCalm ? 1 : this.draw()
    if (chance < 0.02) return { _tag: "Die", defect: { name: "Error", message: "chance" } }
    if (chance < 0.04) return { _tag: "TimedOut", after: 5 }
    if (chance < 0.12 && canRefuse.has(name)) return refusal
    const value = successes[name]
    if (value === undefined) throw this.failure(`the driver does not know activity ${name}`)
    return { _tag: "Success", value: value(input as never) }
  }

  private failure(text: string): Error {
    return new Error(`REPLAY=${this.token}: ${text}\n${printed(this.history)}`)
  }
}

const refusal: RecordedExit = { _tag: "Fail", error: { _tag: "Refused", what: "chance" } }
const canRefuse: ReadonlySet<string> = new Set([
  Activities.Flaky.name,
  Activities.Picky.name,
  Activities.Lose.name,
  "inline again"
])

/** What each activity answers to its encoded input, when all goes well. */
const successes: Readonly<Record<string, (input: never) => Schema.Json>> = {
  Echo: (value: number) => value,
  EchoAll: (values: ReadonlyArray<number>) => values,
  Slow: ({ name }: Named) => name,
  Flaky: () => 1,
  Picky: ({ call }: { readonly call: number }) => call,
  Explode: () => null,
  Hang: () => null,
  Acquire: (name: string) => name,
  Release: ({ name }: Named) => name,
  Lose: () => null,
  Leave: (name: string) => name,
  "inline first": () => "first",
  "inline again": () => "first again",
  "inline a": () => "a",
  "inline b": () => "b",
  "inline late": () => "late"
}
type Named = { readonly name: string }
