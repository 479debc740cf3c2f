/**
 * One execution inside Temporal's sandbox: our interpreter runs the program and Temporal carries its commands out.
 *
 * | command              | Temporal                                 | comes back as        |
 * | -------------------- | ---------------------------------------- | -------------------- |
 * | `ActivityScheduled`  | an activity; its id is our sequence      | `ActivityResolved`   |
 * | `TimerStarted`       | a timer                                  | `TimerFired`         |
 * | `ActivityCancelled`  | a request to cancel it; nobody waits     |                      |
 * | `TimerCancelled`     | the same                                 |                      |
 * | `ExecutionCompleted` | the result                               |                      |
 * | `ExecutionCancelled` | the cancelled end                        |                      |
 * | other ends           | a failure that carries the closing event |                      |
 * | a problem            | a failed workflow task, repeated for new code |                 |
 *
 * Temporal's signals, its cancel and the timer of the deadline are delivered as they come. Temporal decides the order of all
 * of them and repeats it in replay, so the interpreter needs no history of its own here.
 */
import {
  ActivityCancellationType,
  CancellationScope,
  CancelledFailure,
  condition,
  scheduleActivity,
  setDefaultSignalHandler,
  sleep,
  workflowInfo
} from "@temporalio/workflow"
import { Context, Duration, Effect, Logger, type Schema } from "effect"
import { type DurableExecutor, type HistoryEvent, Ids, WorkflowContext } from "perdure"
import { describe } from "../../../src/internal/core/match.ts"
import { Interpreter } from "../../../src/internal/replay/Interpreter.ts"
import { exitOf, failureOf } from "./wire.ts"

/** What a start gives to an execution besides its input. */
export interface StartOptions {
  /** After how many milliseconds it times out. */
  readonly timeout?: number
}

/** How long a silent worker keeps an attempt before Temporal gives it to another one. */
const heartbeatTimeout = "5 seconds"

/** How Temporal repeats attempts that were lost with their worker; those that failed name their own pause. */
const lostAttempts = { initialInterval: "1 second", maximumInterval: "10 seconds" } as const

/** The worker ends an attempt by itself; Temporal does so this much later, in case the worker hangs. */
const grace = Duration.seconds(10)

/** Temporal wants a limit for each activity. This one stands for none. */
const unlimited = Duration.days(3650)

/** Temporal watches over programs that spin, and workflow time stands still within an activation. */
const budget = { milliseconds: Number.POSITIVE_INFINITY, now: () => 0 }

const silent = Context.make(Logger.CurrentLoggers, new Set())

export class Execution {
  /** A scope that a cancel of the execution does not reach: the program decides what is cancelled. */
  private readonly shield = new CancellationScope({ cancellable: false })
  private readonly open = new Map<Ids.Sequence, CancellationScope>()
  private readonly timeouts = new Map<string, WorkflowContext.ActivityTimeouts>()
  private readonly interpreter: Interpreter
  private closed: HistoryEvent.CommandEvent | undefined = undefined

  constructor(registration: DurableExecutor.Registration) {
    this.interpreter = new Interpreter((input) => this.noteTimeouts(registration.program(input)), silent, budget)
  }

  /** Runs the program to its end. The promise is the one that Temporal expects of a workflow. */
  async run(input: Schema.Json, options: StartOptions): Promise<Schema.Json> {
    const cancelRequested = CancellationScope.current().cancelRequested
    this.start(input)
    setDefaultSignalHandler((name, payload) =>
      this.deliver({ _tag: "SignalReceived", at: Date.now(), name, payload: payload as Schema.Json })
    )
    cancelRequested.catch(() => this.cancel("cancel"))
    if (options.timeout !== undefined) {
      const timeout = options.timeout
      this.shield.run(() => sleep(timeout)).then(() => this.cancel("timeout"))
    }
    await this.shield.run(() => condition(() => this.closed !== undefined || this.interpreter.problem !== undefined))
    return this.end()
  }

  private start(input: Schema.Json): void {
    const { originalExecutionRunId, workflowId, workflowType } = workflowInfo()
    this.deliver({
      _tag: "ExecutionStarted",
      at: Date.now(),
      workflow: workflowType,
      workflowId: Ids.WorkflowId.make(workflowId),
      // The id with which the run began, which a reset keeps: random numbers are drawn from it.
      runId: Ids.RunId.make(originalExecutionRunId),
      input
    })
  }

  /** The reason of a cancel is kept in Temporal's history; it does not reach the sandbox. */
  private cancel(kind: HistoryEvent.EventOf<"CancelRequested">["kind"]): void {
    this.deliver({ _tag: "CancelRequested", at: Date.now(), kind, reason: "" })
  }

  private deliver(event: HistoryEvent.DeliveredEvent): void {
    this.interpreter.deliver(event)
    for (const command of this.interpreter.take()) this.carryOut(command)
  }

  private carryOut(command: HistoryEvent.CommandEvent): void {
    switch (command._tag) {
      case "ActivityScheduled":
        return this.activity(command)
      case "TimerStarted":
        return this.begin(
          command.seq,
          () => sleep(command.fireAt - command.at),
          () => ({ _tag: "TimerFired", at: Date.now(), seq: command.seq })
        )
      case "ActivityCancelled":
      case "TimerCancelled": {
        const scope = this.open.get(command.seq)
        this.open.delete(command.seq)
        return scope?.cancel()
      }
      default:
        this.closed = command
    }
  }

  /**
   * Starts something of Temporal's and delivers what becomes of it, unless the program cancels it first. Everything takes
   * the same number of promises from Temporal to here, so that what ends first is delivered first.
   */
  private begin<A>(
    seq: Ids.Sequence,
    start: () => Promise<A>,
    succeeded: (value: A) => HistoryEvent.DeliveredEvent,
    failed?: (error: unknown) => HistoryEvent.DeliveredEvent
  ): void {
    const scope = new CancellationScope({ cancellable: true, parent: this.shield })
    this.open.set(seq, scope)
    scope.run(start).then(
      (value) => this.settle(seq, () => succeeded(value)),
      (error) =>
        this.settle(seq, () => {
          if (failed === undefined) throw error
          return failed(error)
        })
    )
  }

  private settle(seq: Ids.Sequence, event: () => HistoryEvent.DeliveredEvent): void {
    if (this.open.delete(seq)) this.deliver(event())
  }

  private activity({ input, name, seq }: HistoryEvent.EventOf<"ActivityScheduled">): void {
    const timeouts = this.timeouts.get(name) ?? { attempt: undefined, total: undefined }
    const { attempt, total } = timeouts
    const options = {
      activityId: String(seq),
      cancellationType: ActivityCancellationType.TRY_CANCEL,
      heartbeatTimeout,
      retry: lostAttempts,
      startToCloseTimeout: Duration.toMillis(attempt === undefined ? unlimited : Duration.sum(attempt, grace)),
      ...(total === undefined ? {} : { scheduleToCloseTimeout: Duration.toMillis(total) })
    }
    const resolved = (exit: HistoryEvent.RecordedExit): HistoryEvent.DeliveredEvent => ({
      _tag: "ActivityResolved",
      at: Date.now(),
      seq,
      exit
    })
    this.begin(
      seq,
      () => scheduleActivity<Schema.Json>(name, [input], options),
      (value) => resolved({ _tag: "Success", value }),
      (error) => resolved(exitOf(error, timeouts))
    )
  }

  private end(): Schema.Json {
    const { problem } = this.interpreter
    if (problem !== undefined) throw new Error(`${problem.reason}: ${problem.message}`)
    const closed = this.closed
    switch (closed?._tag) {
      case "ExecutionCompleted":
        return closed.value
      case "ExecutionCancelled":
        throw new CancelledFailure(describe(closed))
      case "ExecutionFailed":
      case "ExecutionTimedOut":
        throw failureOf(closed, describe(closed))
      default:
        throw new Error("the execution ended without an end")
    }
  }

  /** Keeps the timeouts that calls ask for: the command has no room for them, since our own executor asks the handler. */
  private noteTimeouts<A, E>(
    program: Effect.Effect<A, E, WorkflowContext.WorkflowContext>
  ): Effect.Effect<A, E, WorkflowContext.WorkflowContext> {
    return Effect.updateService(program, WorkflowContext.WorkflowContext, (context) => ({
      ...context,
      activity: (call) => {
        this.timeouts.set(call.name, call.timeouts)
        return context.activity(call)
      }
    }))
  }
}
