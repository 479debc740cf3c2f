/**
 * One execution inside Temporal's sandbox: our interpreter runs the program and Temporal carries its commands out.
 *
 * | command              | Temporal                                      | comes back as        |
 * | -------------------- | --------------------------------------------- | -------------------- |
 * | `ActivityScheduled`  | an activity; its id is our sequence           | `ActivityResolved`   |
 * | `TimerStarted`       | a timer                                       | `TimerFired`         |
 * | `ActivityCancelled`  | a request to cancel it, which is not awaited  |                      |
 * | `TimerCancelled`     | the same                                      |                      |
 * | `MessageSent`        | a child, a signal, a cancel, or an activity   | `MessageSettled`, `ChildEnded` |
 * | `UpdateAccepted`     | the end of updates that wait for it           |                      |
 * | `UpdateAnswered`     | the same                                      |                      |
 * | `PatchRecorded`      | a marker, set when the program asked          |                      |
 * | `AttributesSet`      | memo and search attributes                    |                      |
 * | `ExecutionContinued` | the next run, with all that it takes over     |                      |
 * | `ExecutionCompleted` | the result                                    |                      |
 * | `ExecutionCancelled` | the cancelled end                             |                      |
 * | other ends           | a failure that carries the closing event      |                      |
 * | a problem            | a failed workflow task, repeated for new code |                      |
 *
 * Temporal's signals, updates, its cancel and the timer of the deadline are delivered as they come. Temporal decides the order of all of
 * them and repeats it in replay, so the interpreter needs no history of its own here. What is known of the run is folded from the same
 * events, as everywhere.
 */
import { CancellationScope, condition, patched, sleep, workflowInfo } from "@temporalio/workflow"
import type * as Context from "effect/Context"
import type * as Schema from "effect/Schema"
import type { ClosingEvent, CommandEvent, DeliveredEvent, EventOf, RecordedExit } from "../../../HistoryEvent.ts"
import { type RunId, type Sequence, Version, type WorkflowId } from "../../../Ids.ts"
import { completed } from "../../../internal/core/continued.ts"
import { childRun } from "../../../internal/core/derive.ts"
import { evolve, initial, messageId } from "../../../internal/core/evolve.ts"
import { firstBy } from "../../../internal/core/told.ts"
import { carryOut } from "../../../internal/replay/Carrier.ts"
import { Interpreter } from "../../../internal/replay/Interpreter.ts"
import { closingOf, exitOf } from "../../../internal/temporal/failures.ts"
import { isLeftOpen, type Start, valueIn } from "../../../internal/temporal/wire.ts"
import type { WorkflowState } from "../../../WorkflowState.ts"
import type { Registration } from "../../WorkflowRegistry.ts"
import { upsert } from "./attributes.ts"
import { Callers } from "./Callers.ts"
import { callActivity } from "./calls.ts"
import { carrier } from "./carrier.ts"
import { CommandScope } from "./CommandScope.ts"
import { end } from "./ending.ts"
import { answerCallers } from "./handlers.ts"
import * as Messages from "./messages.ts"
import { Outbox, type Outgoing } from "./Outbox.ts"
import { Outside } from "./Outside.ts"
import type { Ending, Owner } from "./Owner.ts"
import { Telling } from "./Telling.ts"
import { now } from "./time.ts"

/** Temporal watches over programs that spin, and workflow time stands still within an activation. */
const budget = { milliseconds: Number.POSITIVE_INFINITY, now: () => 0, used: () => 0 }

export class Execution implements Owner {
  /** A scope that a cancel of the execution does not reach: the program decides what is cancelled. */
  readonly shield = new CommandScope({ cancellable: false })
  readonly state: WorkflowState
  readonly start: Start
  readonly callers = new Callers()
  readonly outside: Outside
  readonly interpreter: Interpreter
  private readonly started: EventOf<"ExecutionStarted">
  private readonly telling = new Telling()
  private readonly open = new Map<Sequence, CommandScope>()
  private readonly outbox = new Outbox((outgoing) => this.transmit(outgoing))
  /** The last command of the program. */
  closed: Ending | undefined = undefined
  /** Whether Temporal was asked to cancel the execution. */
  isCancelled = false

  constructor(
    registration: Registration,
    started: EventOf<"ExecutionStarted">,
    start: Start,
    base: Context.Context<never>
  ) {
    this.interpreter = new Interpreter(registration.program, base, budget)
    this.interpreter.patches.known = (id) => {
      // Temporal has the marker of a patch as soon as it is asked, so what the program has issued before comes before.
      this.carryOut()
      return patched(id)
    }
    this.started = started
    this.start = start
    this.state = initial(started)
    this.outside = new Outside(this)
  }

  /** Runs the program to its end. The promise is the one that Temporal expects of a workflow. */
  run(): Promise<Schema.Json> {
    const cancelRequested = CancellationScope.current().cancelRequested
    this.begin()
    answerCallers(this)
    cancelRequested.catch(() => {
      this.isCancelled = true
      this.cancel("cancel", "")
    })
    const over = this.shield.run(() => condition(() => this.hasEnded || this.interpreter.problem !== undefined))
    return over.then(() => {
      const { problem } = this.interpreter
      if (problem !== undefined) this.telling.blocked(problem, this.state, now())
      return end(this)
    })
  }

  /** Delivers an event, if the run still takes any, and carries out what follows from it. */
  deliver(event: DeliveredEvent): void {
    if (this.closed !== undefined) return this.leave(event)
    this.record(event)
    this.tell(event)
  }

  /** Calls an activity; again, after a caller outside has ended an attempt of it. */
  call(command: EventOf<"ActivityScheduled">, ended?: Parameters<typeof callActivity>[3]): void {
    const { seq } = command
    const resolved = (exit: RecordedExit): DeliveredEvent => ({ _tag: "ActivityResolved", at: now(), seq, exit })
    this.during(
      seq,
      () => callActivity(command, this.state, now(), ended),
      (value) => {
        if (isLeftOpen(value)) return this.outside.left(command, value["perdure/pending"])
        this.settle(seq, resolved({ _tag: "Success", value: valueIn(value) }))
      },
      (error) => this.settle(seq, resolved(exitOf(error, command.timeouts)))
    )
  }

  /** Starts a timer. */
  sleep({ at, fireAt, seq }: EventOf<"TimerStarted">): void {
    this.during(
      seq,
      () => sleep(fireAt - at, { summary: `sleep #${seq}` }),
      () => this.settle(seq, { _tag: "TimerFired", at: now(), seq })
    )
  }

  /** Cancels an activity or a timer. */
  abandon(seq: Sequence): void {
    this.outside.forget(seq)
    const scope = this.open.get(seq)
    this.open.delete(seq)
    scope?.cancel()
  }

  /** Ends a command of the program with an event, unless it is not open any more. */
  settle(seq: Sequence, event: DeliveredEvent): void {
    if (!this.open.delete(seq)) return
    this.outside.forget(seq)
    this.deliver(event)
  }

  /** Does the same from outside, and cancels what Temporal may still do for the command. */
  finish(seq: Sequence, event: DeliveredEvent): void {
    const scope = this.open.get(seq)
    this.settle(seq, event)
    scope?.cancel()
  }

  /** Sends a message, after those before it to the same execution. */
  send(command: EventOf<"MessageSent">): void {
    this.outbox.add({ id: messageId(this.state.chain, this.state.sent), command })
  }

  setAttributes({ attributes }: EventOf<"AttributesSet">): void {
    upsert(this.state, attributes, this.start.searchable)
  }

  /** Keeps the end of the program until the messages that it sent are settled. */
  close(ending: Ending): void {
    this.closed = ending._tag === "ExecutionContinued" ? completed(ending, this.state) : ending
    for (const seq of [...this.open.keys()]) this.abandon(seq)
    for (const farewell of Messages.farewells(this.state, ending.at)) this.outbox.add(farewell)
  }

  cancel(kind: EventOf<"CancelRequested">["kind"], reason: string): void {
    this.deliver({ _tag: "CancelRequested", at: now(), kind, reason })
  }

  /** Temporal drops the messages of an execution that has ended, so the end waits for them. */
  private get hasEnded(): boolean {
    return this.closed !== undefined && this.outbox.isEmpty
  }

  private begin(): void {
    const { deadline } = this.started
    this.telling.note(this.started, this.state)
    this.tell(this.started)
    const { with: message } = this.start
    if (message !== undefined) this.deliver(firstBy(message, now()))
    this.goOn()
    if (deadline === undefined || this.state.cancel !== undefined) return
    const pause = Math.max(1, deadline - now())
    const timer = this.shield.run(() => sleep(pause, { summary: "timeout of the execution" }))
    timer.then(() => this.cancel("timeout", "the timeout of the execution passed"))
  }

  /** Hears of the children that the runs before have left. */
  private goOn(): void {
    for (const [workflowId, { address }] of this.state.children) {
      if (this.started.continues === undefined) return
      const ended = this.shield.run(() => Messages.endOfChild(workflowId, address.chain))
      this.hear(workflowId, address.chain, ended)
    }
  }

  private tell(event: DeliveredEvent): void {
    this.interpreter.deliver(event)
    this.carryOut()
    this.telling.flush(this.state, this.interpreter.signals)
  }

  private carryOut(): void {
    for (const command of this.interpreter.take()) this.issue(command)
  }

  private issue(command: CommandEvent): void {
    const recorded = command._tag === "MessageSent" ? this.addressed(command) : command
    this.record(recorded)
    carryOut(carrier, this, recorded)
  }

  private record(event: DeliveredEvent | CommandEvent): void {
    this.telling.note(event, this.state)
    evolve(this.state, event)
  }

  /** A message is owed until it is settled. Temporal knows where it goes. */
  private addressed(command: EventOf<"MessageSent">): EventOf<"MessageSent"> {
    const id = messageId(this.state.chain, this.state.sent + 1)
    const chain = command.message._tag === "Start" ? childRun(id) : (command.run ?? childRun(id))
    return { ...command, address: { chain, version: Version.make(0) } }
  }

  /** What comes after the last command of a program that continues as new is for the next run. */
  private leave(event: DeliveredEvent): void {
    const { closed, state } = this
    evolve(state, event)
    if (closed?._tag !== "ExecutionContinued") return
    const { continues } = closed.next
    const unread = event._tag === "SignalReceived" ? [...continues!.unread, leftOut(event)] : continues!.unread
    const cancel = event._tag === "CancelRequested" ? (continues!.cancel ?? leftOut(event)) : continues!.cancel
    const next = { ...closed.next, continues: { ...continues!, unread, ...(cancel === undefined ? {} : { cancel }) } }
    this.closed = completed({ ...closed, next }, state)
  }

  /**
   * Starts something of Temporal's and hears what becomes of it, unless the program cancels it first. Everything takes the same number
   * of promises from Temporal to here, so that what ends first is delivered first.
   */
  private during<A>(
    seq: Sequence,
    start: () => Promise<A>,
    succeeded: (value: A) => void,
    failed?: (error: unknown) => void
  ): void {
    const scope = new CommandScope()
    this.open.set(seq, scope)
    scope.run(start).then(
      (value) => (this.open.get(seq) === scope ? succeeded(value) : undefined),
      (error) => {
        if (this.open.get(seq) !== scope) return
        if (failed === undefined) throw error
        failed(error)
      }
    )
  }

  /** Gives a message to Temporal, or to the program itself: Temporal delivers none from an execution to itself. */
  private transmit(outgoing: Outgoing): void {
    const { command, id } = outgoing
    const { message, to } = command
    const settled = (outcome: EventOf<"MessageSettled">["outcome"]): void => {
      this.outbox.settled(to)
      this.deliver({ _tag: "MessageSettled", at: now(), id, outcome })
    }
    if (message._tag === "Start") return this.startChild(outgoing, settled)
    if (to === workflowInfo().workflowId && message._tag !== "Terminate") {
      void Promise.resolve().then(() => {
        this.deliver(Messages.receivedBy(message, outgoing, now()))
        settled(Messages.delivered)
      })
      return
    }
    this.shield
      .run(() => Messages.deliver(outgoing, this.state))
      .then(
        (value) => settled(Messages.outcomeOf(value)),
        (error) => settled(Messages.refusalOf(error))
      )
  }

  /** Delivers the end of a child. What has failed is its end, too. */
  private hear(workflowId: WorkflowId, from: RunId, ended: Promise<ClosingEvent>): void {
    const deliver = (closing: ClosingEvent) =>
      this.deliver({ _tag: "ChildEnded", at: now(), workflowId, from, closing })
    ended.then(deliver, (error) => deliver(closingOf(error, now())))
  }

  private startChild(outgoing: Outgoing, settled: (outcome: EventOf<"MessageSettled">["outcome"]) => void): void {
    const { to: workflowId } = outgoing.command
    this.shield
      .run(() => Messages.start(outgoing, this.state, this.start.searchable))
      .then(
        (child) => {
          settled(Messages.delivered)
          const ended = child.result().then((value) => ({ _tag: "ExecutionCompleted", at: now(), value }) as const)
          this.hear(workflowId, childRun(outgoing.id), ended)
        },
        (error) => {
          if (!Messages.isInUse(error)) throw error
          void this.shield.run(() => Messages.lookFor(outgoing)).then((value) => settled(Messages.outcomeOf(value)))
        }
      )
  }
}

// internal

/** What is told to the next run. */
const leftOut = <E extends { readonly _tag: string; readonly unread?: true }>({
  _tag,
  unread: _unread,
  ...event
}: E): Omit<E, "_tag" | "unread"> => event
