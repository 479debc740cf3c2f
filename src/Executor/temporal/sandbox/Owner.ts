/**
 * What the parts of an execution see of it.
 */
import type { ClosingEvent, CommandEvent, DeliveredEvent, EventOf } from "../../../HistoryEvent.ts"
import type { Sequence } from "../../../Ids.ts"
import type { Interpreter } from "../../../internal/replay/Interpreter.ts"
import type { CompleteRequest, Start } from "../../../internal/temporal/wire.ts"
import type { WorkflowState } from "../../../WorkflowState.ts"
import type { Callers } from "./Callers.ts"
import type { EndedOutside } from "./calls.ts"
import type { CommandScope } from "./CommandScope.ts"

/** The end of a program: of its run, or of the execution. */
export type Ending = Extract<CommandEvent, ClosingEvent | { readonly _tag: "ExecutionContinued" }>

export interface Owner {
  /** A scope that a cancel of the execution does not reach: the program decides what is cancelled. */
  readonly shield: CommandScope
  readonly state: WorkflowState
  readonly start: Start
  readonly callers: Callers
  /** The calls whose ends were left to callers outside. */
  readonly outside: {
    readonly validate: (request: CompleteRequest) => void
    readonly complete: (request: CompleteRequest) => void | Promise<void>
  }
  readonly interpreter: Pick<Interpreter, "problem" | "queries" | "refuse">
  /** The last command of the program. */
  readonly closed: Ending | undefined
  /** Whether Temporal was asked to cancel the execution. */
  readonly isCancelled: boolean
  /** Delivers an event, if the run still takes any, and carries out what follows from it. */
  readonly deliver: (event: DeliveredEvent) => void
  /** Calls an activity; again, after a caller outside has ended an attempt of it. */
  readonly call: (command: EventOf<"ActivityScheduled">, ended?: EndedOutside) => void
  /** Starts a timer. */
  readonly sleep: (command: EventOf<"TimerStarted">) => void
  /** Cancels an activity or a timer. */
  readonly abandon: (seq: Sequence) => void
  /** Ends a command of the program with an event, unless it is not open any more. */
  readonly settle: (seq: Sequence, event: DeliveredEvent) => void
  /** Does the same from outside, and cancels what Temporal may still do for the command. */
  readonly finish: (seq: Sequence, event: DeliveredEvent) => void
  /** Sends a message, after those before it to the same execution. */
  readonly send: (command: EventOf<"MessageSent">) => void
  readonly setAttributes: (command: EventOf<"AttributesSet">) => void
  /** Keeps the end of the program until the messages that it sent are settled. */
  readonly close: (ending: Ending) => void
}
