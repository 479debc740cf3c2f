/**
 * One execution inside Temporal's sandbox: our interpreter runs the program and Temporal carries its commands out.
 *
 * | command              | Temporal                                 | comes back as        |
 * | -------------------- | ---------------------------------------- | -------------------- |
 * | `ActivityScheduled`  | an activity; its id is our sequence      | `ActivityResolved`   |
 * | `TimerStarted`       | a timer                                  | `TimerFired`         |
 * | `ActivityCancelled`  | a request to cancel it; nobody waits     |                      |
 * | `TimerCancelled`     | the same                                 |                      |
 * | `MessageSent`        | a signal or cancel of another execution  | `MessageSettled`     |
 * | `ExecutionCompleted` | the result                               |                      |
 * | `ExecutionCancelled` | the cancelled end                        |                      |
 * | other ends           | a failure that carries the closing event |                      |
 * | a problem            | a failed workflow task, repeated for new code |                 |
 *
 * Temporal's signals, its cancel and the timer of the deadline are delivered as they come. Temporal decides the order of all
 * of them and repeats it in replay, so the interpreter needs no history of its own here. `carrier.ts` has a row for each
 * command; the messages of an execution wait in its `Outbox`.
 */
import {
  ActivityCancellationType,
  CancellationScope,
  CancelledFailure,
  condition,
  getExternalWorkflowHandle,
  scheduleActivity,
  setDefaultSignalHandler,
  sleep,
  type WorkflowInfo,
  workflowInfo
} from "@temporalio/workflow"
import { Context, Duration, Logger, type Schema } from "effect"
import { type HistoryEvent, Ids, type WorkflowRegistry } from "perdure"
import { describe } from "../../../src/internal/core/match.ts"
import { carryOut } from "../../../src/internal/replay/Carrier.ts"
import { Interpreter } from "../../../src/internal/replay/Interpreter.ts"
import { carrier } from "./carrier.ts"
import { Outbox, type Outgoing } from "./Outbox.ts"
import { exitOf, failureOf, refusalOf } from "./wire.ts"

/** The end of a program. */
export type Ending = Extract<HistoryEvent.CommandEvent, HistoryEvent.ClosingEvent>

/** What a start gives to an execution besides its input. */
export interface StartOptions {
  /** After how many milliseconds it times out. */
  readonly timeout?: number
}

/** How long a silent worker keeps an attempt before Temporal gives it to another one. */
const heartbeatTimeout = "5 seconds"

/** How Temporal repeats attempts that were lost with their worker; those that failed name their own pause. */
const lostAttempts = { initialInterval: "1 second", maximumInterval: "10 seconds" } as const

/** The worker ends an attempt by itself; Temporal does so this many milliseconds later, in case the worker hangs. */
const grace = 10_000

/** Temporal wants a limit for each activity, in milliseconds. This one stands for none. */
const unlimited = Duration.toMillis(Duration.days(3650))

/** Temporal watches over programs that spin, and workflow time stands still within an activation. */
const budget = { milliseconds: Number.POSITIVE_INFINITY, now: () => 0, used: () => 0 }

const silent = Context.make(Logger.CurrentLoggers, new Set())

export class Execution {
  /** A scope that a cancel of the execution does not reach: the program decides what is cancelled. */
  private readonly shield = new CancellationScope({ cancellable: false })
  private readonly open = new Map<Ids.Sequence, CancellationScope>()
  private readonly outbox: Outbox
  private readonly interpreter: Interpreter
  private closed: Ending | undefined = undefined
  /** Whether Temporal was asked to cancel the execution. */
  private isCancelled = false

  constructor(registration: WorkflowRegistry.Registration) {
    this.outbox = new Outbox(chainOf(workflowInfo()), (outgoing) => this.transmit(outgoing))
    this.interpreter = new Interpreter(registration.program, silent, budget)
  }

  /** Runs the program to its end. The promise is the one that Temporal expects of a workflow. */
  async run(input: Schema.Json, options: StartOptions): Promise<Schema.Json> {
    const cancelRequested = CancellationScope.current().cancelRequested
    this.start(input)
    setDefaultSignalHandler((name, payload) =>
      this.deliver({ _tag: "SignalReceived", at: Date.now(), name, payload: payload as Schema.Json })
    )
    cancelRequested.catch(() => {
      this.isCancelled = true
      this.cancel("cancel")
    })
    if (options.timeout !== undefined) {
      const timeout = options.timeout
      this.shield.run(() => sleep(timeout)).then(() => this.cancel("timeout"))
    }
    await this.shield.run(() => condition(() => this.hasEnded || this.interpreter.problem !== undefined))
    return this.end()
  }

  /** Starts an activity. */
  activity(command: HistoryEvent.EventOf<"ActivityScheduled">): void {
    const { input, name, seq } = command
    const { attempt, total } = command.timeouts ?? {}
    const options = {
      activityId: String(seq),
      cancellationType: ActivityCancellationType.TRY_CANCEL,
      heartbeatTimeout,
      retry: lostAttempts,
      startToCloseTimeout: attempt === undefined ? unlimited : attempt + grace,
      ...(total === undefined ? {} : { scheduleToCloseTimeout: total })
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
      (error) => resolved(exitOf(error, command))
    )
  }

  /** Starts a timer. */
  timer({ at, fireAt, seq }: HistoryEvent.EventOf<"TimerStarted">): void {
    this.begin(
      seq,
      () => sleep(fireAt - at),
      () => ({ _tag: "TimerFired", at: Date.now(), seq })
    )
  }

  /** Cancels an activity or a timer. */
  abandon(seq: Ids.Sequence): void {
    const scope = this.open.get(seq)
    this.open.delete(seq)
    scope?.cancel()
  }

  /** Sends a message, after those before it to the same execution. */
  send(command: HistoryEvent.EventOf<"MessageSent">): void {
    this.outbox.add(command)
  }

  /** Keeps the end of the program until the messages that it sent are settled. */
  close(ending: Ending): void {
    this.closed = ending
  }

  /** Temporal drops the messages of an execution that has ended, so the end waits for them. */
  private get hasEnded(): boolean {
    return this.closed !== undefined && this.outbox.isEmpty
  }

  private start(input: Schema.Json): void {
    const info = workflowInfo()
    this.deliver({
      _tag: "ExecutionStarted",
      at: Date.now(),
      workflow: info.workflowType,
      workflowId: Ids.WorkflowId.make(info.workflowId),
      runId: chainOf(info),
      input
    })
  }

  /** The reason of a cancel is kept in Temporal's history; it does not reach the sandbox. */
  private cancel(kind: HistoryEvent.EventOf<"CancelRequested">["kind"]): void {
    this.deliver({ _tag: "CancelRequested", at: Date.now(), kind, reason: "" })
  }

  private deliver(event: HistoryEvent.DeliveredEvent): void {
    this.interpreter.deliver(event)
    for (const command of this.interpreter.take()) carryOut(carrier, this, command)
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

  /** Gives a message to Temporal, or to the program itself: Temporal delivers none from an execution to itself. */
  private transmit({ command, id }: Outgoing): void {
    const { message, seq, to } = command
    const isOwn = to === workflowInfo().workflowId
    const settled = (outcome: HistoryEvent.MessageOutcome): HistoryEvent.DeliveredEvent => {
      this.outbox.settled(to)
      return { _tag: "MessageSettled", at: Date.now(), id, outcome }
    }
    this.begin(
      seq,
      () => (isOwn ? Promise.resolve() : deliverTo(to, message)),
      () => {
        if (isOwn) this.deliver(receivedOf(message))
        return settled({ _tag: "Delivered" })
      },
      (error) => settled(refusalOf(error))
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
        // Temporal knows nothing of a cancel that the execution sent to itself.
        if (this.isCancelled) throw new CancelledFailure(describe(closed))
        throw failureOf(closed, describe(closed))
      case "ExecutionFailed":
      case "ExecutionTimedOut":
        throw failureOf(closed, describe(closed))
      case undefined:
        throw new Error("the execution ended without an end")
    }
  }
}

// internal

/** The id with which the run began. A reset keeps it: random numbers are drawn from it, and messages named by it. */
const chainOf = ({ originalExecutionRunId }: WorkflowInfo): Ids.RunId => Ids.RunId.make(originalExecutionRunId)

/** The promise is Temporal's, settled when the message is in the history of the receiver or never will be. */
const deliverTo = (to: Ids.WorkflowId, message: Outgoing["command"]["message"]): Promise<void> => {
  const receiver = getExternalWorkflowHandle(to)
  switch (message._tag) {
    case "Signal":
      return receiver.signal(message.name, message.payload)
    case "Cancel":
      return receiver.cancel()
    case "Terminate":
    case "Start":
      throw new TypeError(`the seam does not carry ${message._tag} of another execution`)
  }
}

/** A message as its receiver is told of it. */
const receivedOf = (message: Outgoing["command"]["message"]): HistoryEvent.DeliveredEvent => {
  switch (message._tag) {
    case "Signal":
      return { _tag: "SignalReceived", at: Date.now(), name: message.name, payload: message.payload }
    case "Cancel":
      return { _tag: "CancelRequested", at: Date.now(), kind: "cancel", reason: message.reason }
    case "Terminate":
    case "Start":
      throw new TypeError(`an execution is not told of ${message._tag} by its own program`)
  }
}
