/**
 * Small programs and events for tests of the interpreter.
 */
import { Context, type Effect, type Schema } from "effect"
import type { WorkflowContext, WorkflowError } from "perdure"
import type { DeliveredEvent, HistoryEvent, RecordedExit } from "perdure/HistoryEvent"
import { RunId, Sequence, WorkflowId } from "perdure/Ids"
import { Interpreter } from "../../src/internal/replay/Interpreter.ts"
import type { FlushBudget } from "../../src/internal/replay/WorkflowScheduler.ts"
import { budget } from "./Driver.ts"

/** The start of a run of `Test`. */
export const started = (options?: {
  readonly at?: number
  readonly runId?: string
  readonly input?: Schema.Json
}): Extract<HistoryEvent, { readonly _tag: "ExecutionStarted" }> => ({
  _tag: "ExecutionStarted",
  at: options?.at ?? 1000,
  workflow: "Test",
  workflowId: WorkflowId.make("test"),
  runId: RunId.make(options?.runId ?? "run"),
  input: options?.input ?? null
})

/** The result of an activity. */
export const resolved = (
  seq: number,
  exit: RecordedExit | { readonly value: Schema.Json },
  at = 2000
): DeliveredEvent => ({
  _tag: "ActivityResolved",
  at,
  seq: Sequence.make(seq),
  exit: "value" in exit ? { _tag: "Success", value: exit.value } : exit
})

/** The firing of a timer. */
export const fired = (seq: number, at: number): DeliveredEvent => ({ _tag: "TimerFired", at, seq: Sequence.make(seq) })

/** A signal. */
export const signal = (name: string, payload: Schema.Json, at = 2000): DeliveredEvent => ({
  _tag: "SignalReceived",
  at,
  name,
  payload
})

/** A cancel, or the timeout of the execution. */
export const cancelled = (kind: "cancel" | "timeout" = "cancel", reason = "enough"): DeliveredEvent => ({
  _tag: "CancelRequested",
  at: 3000,
  kind,
  reason
})

/** A program that runs live, with what it has done so far. */
export class Live {
  readonly interpreter: Interpreter
  readonly history: Array<HistoryEvent> = []

  constructor(
    program: Effect.Effect<Schema.Json, Schema.Json | WorkflowError.WorkflowError, WorkflowContext.WorkflowContext>,
    options?: {
      readonly start?: ReturnType<typeof started>
      readonly base?: Context.Context<never>
      readonly budget?: FlushBudget
    }
  ) {
    this.interpreter = new Interpreter(() => program, options?.base ?? Context.empty(), options?.budget ?? budget)
    this.deliver(options?.start ?? started())
  }

  /** Delivers an event and answers the commands that follow from it. */
  deliver(event: DeliveredEvent): ReadonlyArray<HistoryEvent> {
    this.history.push(event)
    this.interpreter.deliver(event)
    const commands = this.interpreter.take()
    this.history.push(...commands)
    return commands
  }

  /** What the program issued last, in short: tags and numbers. */
  get commands(): ReadonlyArray<string> {
    return this.history.flatMap((event) => {
      switch (event._tag) {
        case "ActivityScheduled":
          return [`${event.name}#${event.seq}`]
        case "TimerStarted":
          return [`timer#${event.seq} until ${event.fireAt}`]
        case "ActivityCancelled":
        case "TimerCancelled":
          return [`cancel#${event.seq}`]
        default:
          return []
      }
    })
  }

  /** The value with which the program completed. */
  get value(): Schema.Json | undefined {
    const last = this.history.at(-1)
    return last?._tag === "ExecutionCompleted" ? last.value : undefined
  }
}
