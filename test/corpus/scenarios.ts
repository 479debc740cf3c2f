/**
 * The corpus as scenarios: what to start, what to send when, and how it must end.
 *
 * No two events of a scenario are due at the same millisecond unless the outcome does not depend on their order, and whatever
 * competes is at least five units apart.
 */
import type { Effect, Layer, Schema } from "effect"
import type { Activity, HistoryEvent, Workflow, WorkflowContext, WorkflowError, WorkflowRegistry } from "perdure"
import { Sequence } from "perdure/Ids"
import type { CompletedExit } from "perdure/Message"
import { numbers } from "../support/numbers.ts"
import type { Noted } from "./activities.ts"
import type * as Handlers from "./handlers.ts"
import * as Programs from "./programs.ts"

/** How an execution ended, without what may differ between two runs, such as stacks. */
export type Outcome =
  | { readonly _tag: "Completed"; readonly value: Schema.Json }
  | { readonly _tag: "Failed"; readonly error: Schema.Json }
  | { readonly _tag: "Defect"; readonly message: string }
  | { readonly _tag: "Cancelled"; readonly reason: string }
  | { readonly _tag: "TimedOut" }
  | { readonly _tag: "Terminated"; readonly reason: string }

/** Something that the outside sends. `at` is in milliseconds after the start; those of one time are sent in order. */
export type Message =
  | { readonly at: number; readonly _tag: "Signal"; readonly name: string; readonly payload: Schema.Json }
  | { readonly at: number; readonly _tag: "Cancel"; readonly reason: string }
  | { readonly at: number; readonly _tag: "Terminate"; readonly reason: string }
  /** The end of a call of `Leave`, by its place in the program. */
  | { readonly at: number; readonly _tag: "Complete"; readonly seq: Sequence; readonly exit: CompletedExit }

/** The handlers that the programs of the corpus need. */
export type NeededHandlers = Layer.Success<ReturnType<typeof Handlers.layer>>

/** One execution of a program of the corpus. */
export interface Scenario {
  readonly name: string
  /** The name of the workflow. */
  readonly workflow: string
  /** Registers the workflow with the executor that is provided. */
  readonly layer: Layer.Layer<
    never,
    WorkflowError.WorkflowError,
    WorkflowRegistry.WorkflowRegistry | WorkflowRegistry.InlineActivities | NeededHandlers
  >
  /** The program in encoded form. */
  readonly program: WorkflowRegistry.Registration["program"]
  /** The encoded input. */
  readonly input: Schema.Json
  /** The timeout of the execution, in milliseconds. */
  readonly timeout?: number
  readonly messages: ReadonlyArray<Message>
  /** The release of which it is, where that is not the first one. */
  readonly since?: "0.2"
  /** The outcome, or what must hold of it. */
  readonly expected: Outcome | ((outcome: Outcome) => boolean)
}

/** One that every executor runs. */
export interface Portable extends Scenario {
  readonly layer: Layer.Layer<never, WorkflowError.WorkflowError, WorkflowRegistry.WorkflowRegistry | NeededHandlers>
}

/** How long things take. */
export interface Pace {
  /** The unit of time, in milliseconds. */
  readonly unit: number
  /** How long the longest sleep is, in milliseconds: thirty days in virtual time, less in real time. */
  readonly month: number
  /** How many calls the longest loop makes. */
  readonly calls: number
}

/** The pace for virtual time. */
export const virtual: Pace = { unit: 1000, month: 30 * 24 * 3600 * 1000, calls: 1000 }

/** How an execution ended. */
export const outcomeOf = (event: HistoryEvent.ClosingEvent): Outcome => {
  switch (event._tag) {
    case "ExecutionCompleted":
      return { _tag: "Completed", value: event.value }
    case "ExecutionFailed":
      switch (event.failure._tag) {
        case "Fail":
          return { _tag: "Failed", error: event.failure.error }
        case "Die":
          return { _tag: "Defect", message: event.failure.defect.message }
        case "Other":
          return { _tag: "Defect", message: event.failure.message }
      }
    case "ExecutionCancelled":
      return { _tag: "Cancelled", reason: event.reason }
    case "ExecutionTimedOut":
      return { _tag: "TimedOut" }
    case "ExecutionTerminated":
      return { _tag: "Terminated", reason: event.reason }
  }
}

/** Whether an execution ended as its scenario says. */
export const isExpected = (scenario: Scenario, outcome: Outcome): boolean =>
  typeof scenario.expected === "function" ? scenario.expected(outcome) : sameJson(scenario.expected, outcome)

/** All scenarios, at a pace. */
export const all = (pace: Pace = virtual): ReadonlyArray<Scenario> => [
  ...portable(pace),
  ...inline(pace),
  ...left(pace)
]

/** Those that every executor runs, also one that runs no inline activities. */
export const portable = (pace: Pace = virtual): ReadonlyArray<Portable> => [
  ...calls(pace),
  ...retries(pace),
  ...fibers(pace),
  ...signals(pace),
  ...endings(pace),
  ...finalizers(pace),
  ...times(pace),
  ...compensations(pace),
  ...attributes(pace)
]

// internal

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** A scenario of a workflow whose program takes the given input, already encoded: numbers, as all inputs of the corpus. */
const scenario = <Input extends Schema.Codec<unknown, unknown>, Success extends AnyCodec, Error extends AnyCodec>(
  workflow: Workflow.Workflow<string, Input, Success, Error>,
  program: (
    input: Input["Type"]
  ) => Effect.Effect<Success["Type"], Error["Type"], Exclude<NeededHandlers, Noted> | WorkflowContext.WorkflowContext>,
  input: Input["Type"] & Readonly<Record<string, number>>,
  rest: Rest
): Portable => ({ ...common(workflow, program, input, rest), layer: workflow.toLayer(program) })

/** The same of one whose program has inline activities. */
const inlined = <Input extends Schema.Codec<unknown, unknown>, Success extends AnyCodec, Error extends AnyCodec>(
  workflow: Workflow.Workflow<string, Input, Success, Error>,
  program: (input: Input["Type"]) => Effect.Effect<Success["Type"], Error["Type"], Activity.InlineNeeds<Noted>>,
  input: Input["Type"] & Readonly<Record<string, number>>,
  rest: Rest
): Scenario => ({ ...common(workflow, program, input, rest), layer: workflow.toLayer(program) })

type Rest = Pick<Scenario, "expected"> & Partial<Pick<Scenario, "timeout" | "messages" | "since">>

const common = <Input extends Schema.Codec<unknown, unknown>, Success extends AnyCodec, Error extends AnyCodec>(
  workflow: Workflow.Workflow<string, Input, Success, Error>,
  program: (input: Input["Type"]) => Effect.Effect<Success["Type"], Error["Type"], unknown>,
  input: Input["Type"] & Readonly<Record<string, number>>,
  rest: Rest
): Omit<Scenario, "layer"> => ({
  name: workflow.name,
  workflow: workflow.name,
  // Handlers are in the requirements for the compiler only.
  program: workflow.encoded(program as Parameters<typeof workflow.encoded>[0]),
  input,
  messages: [],
  ...rest
})

type AnyCodec = Schema.Codec<unknown, unknown>

const completed = (value: Schema.Json) => ({ expected: { _tag: "Completed", value } }) as const

const calls = ({ calls, unit }: Pace): ReadonlyArray<Portable> => [
  scenario(Programs.Sequence, Programs.sequence, { unit }, completed([1, 2, 3])),
  scenario(Programs.FanOut, Programs.fanOut, { unit }, completed(numbers(50))),
  scenario(Programs.Bounded, Programs.bounded, { unit }, completed(numbers(9).map((index) => `n${index}`))),
  scenario(Programs.Race, Programs.race, { unit }, completed("quick")),
  scenario(Programs.TimeoutWon, Programs.timeoutWon, { unit }, completed({ _tag: "Some", value: "in time" })),
  scenario(Programs.TimeoutLost, Programs.timeoutLost, { unit }, completed(["nothing", "next"])),
  scenario(Programs.Loop, Programs.loop, { calls }, completed((calls * (calls - 1)) / 2))
]

const retries = ({ unit }: Pace): ReadonlyArray<Portable> => [
  scenario(Programs.ActivityRetry, Programs.activityRetry, { unit }, { expected: attempts(3, 1) }),
  scenario(Programs.RetryExhausted, Programs.retryExhausted, { unit }, refused("hopeless")),
  scenario(Programs.ProgramRetry, Programs.programRetry, { unit }, completed(4)),
  scenario(Programs.ActivityTimeout, Programs.activityTimeout, { unit }, completed("not within 200"))
]

/** The numbers of attempts, of which some more may be needed when some were lost. */
const attempts =
  (...least: ReadonlyArray<number>) =>
  (outcome: Outcome): boolean =>
    outcome._tag === "Completed" &&
    Array.isArray(outcome.value) &&
    outcome.value.length === least.length &&
    outcome.value.every((count: unknown, index) => Number(count) >= least[index]!)

const fibers = ({ unit }: Pace): ReadonlyArray<Portable> => [
  scenario(Programs.Fibers, Programs.fibers, { unit }, completed(["meanwhile", "joined"])),
  scenario(Programs.Abandoned, Programs.abandoned, { unit }, completed(1)),
  scenario(Programs.Producers, Programs.producers, { unit }, completed(["p1", "p2", "p3", "p4", "p5", "all 5"]))
]

const signals = ({ unit }: Pace): ReadonlyArray<Portable> => [
  scenario(
    Programs.Burst,
    Programs.burst,
    { unit },
    {
      ...completed(numbers(12)),
      messages: numbers(12).map((index) => amount((index < 5 ? 1.5 : index < 9 ? 20.5 : 30.5) * unit, index))
    }
  ),
  scenario(
    Programs.SignalStream,
    Programs.signalStream,
    { unit },
    {
      ...completed([10, 20, 30, 40]),
      messages: [amount(5 * unit, 1), amount(5 * unit, 2), amount(10 * unit, 3), amount(15 * unit, 4)]
    }
  ),
  scenario(
    Programs.Approval,
    Programs.approval,
    { unit },
    {
      ...completed(["nobody", "nobody", "Anna"]),
      messages: [{ at: 50.5 * unit, _tag: "Signal", name: Programs.Approve.name, payload: { by: "Anna" } }]
    }
  ),
  scenario(
    Programs.SharedSignal,
    Programs.sharedSignal,
    { unit },
    {
      ...completed(21),
      messages: numbers(6).map((index) => amount(5 * (index >> 1) * unit, index + 1))
    }
  )
]

const endings = ({ unit }: Pace): ReadonlyArray<Portable> => [
  scenario(Programs.TypedFailure, Programs.typedFailure, { unit }, refused("the parcel")),
  scenario(Programs.ProgramDefect, Programs.programDefect, { unit }, defect("defect 1")),
  scenario(Programs.HandlerDefect, Programs.handlerDefect, { unit }, completed("caught bang")),
  scenario(
    Programs.ExecutionTimeout,
    Programs.executionTimeout,
    { unit },
    {
      timeout: 40 * unit,
      expected: { _tag: "TimedOut" }
    }
  ),
  scenario(
    Programs.Terminate,
    Programs.terminate,
    { unit },
    {
      messages: [{ at: 30.5 * unit, _tag: "Terminate", reason: "enough" }],
      expected: { _tag: "Terminated", reason: "enough" }
    }
  )
]

const finalizers = ({ unit }: Pace): ReadonlyArray<Portable> => [
  scenario(
    Programs.CancelDuringActivity,
    Programs.cancelDuringActivity,
    { unit },
    {
      messages: [{ at: 30.5 * unit, _tag: "Cancel", reason: "not needed" }],
      expected: { _tag: "Cancelled", reason: "not needed" }
    }
  ),
  scenario(
    Programs.CancelDuringCompensation,
    Programs.cancelDuringCompensation,
    { unit },
    {
      messages: [
        { at: 30.5 * unit, _tag: "Cancel", reason: "rain" },
        { at: 46.25 * unit, _tag: "Cancel", reason: "more rain" }
      ],
      expected: { _tag: "Cancelled", reason: "rain" }
    }
  ),
  scenario(Programs.NestedScopes, Programs.nestedScopes, { unit }, completed(["c", "b", "ensured 1", "d", "a"])),
  scenario(Programs.FailingFinalizer, Programs.failingFinalizer, { unit }, defect("cannot release lost"))
]

const times = ({ month, unit }: Pace): ReadonlyArray<Portable> => [
  scenario(Programs.Month, Programs.month, { month }, completed(true)),
  scenario(Programs.Timers, Programs.timers, { unit }, completed([10, 20, 30, 40, 50])),
  scenario(Programs.Chance, Programs.chance, { unit }, { expected: isChance })
]

const compensations = ({ unit }: Pace): ReadonlyArray<Portable> => [
  scenario(Programs.Compensated, Programs.compensated, { unit }, { since: "0.2", ...refused("the parcel") }),
  scenario(
    Programs.CancelCompensated,
    Programs.cancelCompensated,
    { unit },
    {
      since: "0.2",
      messages: [
        { at: 20.5 * unit, _tag: "Cancel", reason: "rain" },
        { at: 55.25 * unit, _tag: "Cancel", reason: "more rain" }
      ],
      expected: { _tag: "Cancelled", reason: "rain" }
    }
  )
]

const attributes = ({ unit }: Pace): ReadonlyArray<Portable> => [
  scenario(Programs.Attributed, Programs.attributed, { unit }, { since: "0.2", ...completed(["s1", "s2", "s3"]) })
]

const inline = ({ unit }: Pace): ReadonlyArray<Scenario> => [
  inlined(
    Programs.Inline,
    Programs.inline,
    { unit },
    { since: "0.2", ...completed(["first again", "a", "b", "too late"]) }
  )
]

const left = ({ unit }: Pace): ReadonlyArray<Scenario> => {
  const end = (at: number, seq: number, exit: CompletedExit): Message => ({
    at: at * unit,
    _tag: "Complete",
    seq: Sequence.make(seq),
    exit
  })
  const success = (value: string): CompletedExit => ({ _tag: "Success", value })
  return [
    scenario(
      Programs.Left,
      Programs.left,
      { unit },
      {
        since: "0.2",
        messages: [end(20, 0, success("paid")), end(40, 1, success("paid at last")), end(60, 3, success("paid late"))],
        ...completed(["paid", "paid at last", "paid late"])
      }
    )
  ]
}

const refused = (what: string) => ({ expected: { _tag: "Failed", error: { _tag: "Refused", what } } }) as const
const defect = (message: string) => ({ expected: { _tag: "Defect", message } }) as const
const amount = (at: number, payload: number): Message => ({ at, _tag: "Signal", name: Programs.Amount.name, payload })

/** Five dice, and a sleep that was long enough. */
const isChance = (outcome: Outcome): boolean => {
  if (outcome._tag !== "Completed") return false
  const { dice, slept } = outcome.value as { readonly dice: ReadonlyArray<number>; readonly slept: boolean }
  return slept && dice.length === 5 && dice.every((die) => Number.isInteger(die) && die >= 1 && die <= 6)
}
