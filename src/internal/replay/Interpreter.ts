/**
 * Runs a program against a history, and on from its end.
 *
 * 1. One event is delivered at a time, and everything that follows from it happens before the next: live and in replay, so
 *    the order of deliveries is the order of everything.
 * 2. Time stands still within a delivery: it is the time of the event.
 * 3. Whatever leaves the program is a command with the next sequence number, recorded before it is carried out.
 * 4. In replay a command must be the recorded one. If not, the program is stopped and both sides are told.
 * 5. A program is never interrupted by the interpreter but by a cancel in its history; to drop it is to forget it.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as References from "effect/References"
import type * as Schema from "effect/Schema"
import * as Scheduler from "effect/Scheduler"
import {
  type CommandEvent,
  type DeliveredEvent,
  type EventOf,
  type HistoryEvent,
  isCommand,
  isDelivered,
  type Problem,
  type RecordedExit,
  type UpdateExit
} from "../../HistoryEvent.ts"
import type { Sequence } from "../../Ids.ts"
import { WorkflowContext } from "../../WorkflowContext.ts"
import type { WorkflowError } from "../../WorkflowError.ts"
import { digest } from "../core/digest.ts"
import { describe, isForgotten, isSame, mismatch } from "../core/match.ts"
import { chainOf, continuation } from "../core/continued.ts"
import { suggestedLength } from "../core/derive.ts"
import { ownAttributes } from "./attributes.ts"
import { defectOf } from "./defect.ts"
import { closing } from "./closing.ts"
import { Compensations, thrownIn } from "./Compensations.ts"
import { Mailboxes } from "./Mailboxes.ts"
import { Outbox } from "./Outbox.ts"
import type { ActivityCall, Closure, Pending, Protocol } from "./Protocol.ts"
import { Patches } from "./Patches.ts"
import { guarded, Queries } from "./Queries.ts"
import { make as makeRandom } from "./random.ts"
import { drawnBy } from "./reader.ts"
import type { Signals } from "./signals.ts"
import { inTrace } from "./silence.ts"
import { type UpdateRequest, Updates } from "./Updates.ts"
import { WorkflowClock } from "./WorkflowClock.ts"
import { type FlushBudget, WorkflowScheduler } from "./WorkflowScheduler.ts"

/**
 * A program in encoded form: from the JSON of its input to the JSON of its success or error. An error of another execution that its
 * workflow does not declare is itself.
 */
export type EncodedProgram = (
  input: Schema.Json
) => Effect.Effect<Schema.Json, Schema.Json | WorkflowError, WorkflowContext>

export class Interpreter {
  private readonly program: EncodedProgram
  private readonly base: Context.Context<never>
  private readonly scheduler: WorkflowScheduler
  private started: EventOf<"ExecutionStarted"> | undefined = undefined
  private delivered: DeliveredEvent | undefined = undefined
  private cancelled: EventOf<"CancelRequested"> | undefined = undefined
  private root: Fiber.Fiber<Schema.Json, Schema.Json | WorkflowError> | undefined = undefined
  private readonly clock = new WorkflowClock((duration) => this.sleep(duration))
  private position = 0
  /** Whether the program does what it never did before. */
  private isNew = true
  /** How many events the program has seen or made, without patches, which it may forget: live and in replay the same. */
  private length = 0
  private sequence = 0
  private issued: Array<CommandEvent> = []
  private checked = 0
  private readonly pending = new Map<Sequence, Pending>()
  private readonly mailboxes = new Mailboxes()
  readonly patches = new Patches((mark) => this.issue({ _tag: "PatchRecorded", at: this.clock.now, ...mark }))
  /** Made when the program first sends something, or has children of the run before: most programs never do. */
  private outbox: Outbox | undefined = undefined
  private updates: Updates | undefined = undefined
  private readonly compensations = new Compensations()
  /** The input of the next run. */
  private nextInput: Schema.Json | undefined = undefined
  /** What the program answers. */
  readonly queries: Queries
  /** Whether the program has ended; it gets no more events then. */
  closed = false

  /**
   * `base` holds what is common to all runs, such as loggers. `woken` is called when the program was stopped between two
   * deliveries, because something that is not in its history woke it.
   */
  constructor(
    program: EncodedProgram,
    base: Context.Context<never>,
    budget: FlushBudget,
    woken: () => void = () => {}
  ) {
    this.program = program
    this.base = base
    this.scheduler = new WorkflowScheduler(budget, () => this.place(), woken)
    this.queries = new Queries(this.scheduler, budget)
  }

  /** Why the program cannot go on, if so. */
  get problem(): Problem | undefined {
    return this.scheduler.problem
  }

  /** Whether it has issued nothing that was not taken, and can go on. */
  get isQuiet(): boolean {
    return this.issued.length === this.checked && this.problem === undefined
  }

  /** Delivers an event and runs the program until it waits for the next one. */
  deliver(event: DeliveredEvent): void {
    this.position++
    if (this.problem !== undefined) return
    if (this.closed) return this.leave(event)
    this.length++
    this.delivered = event
    this.clock.now = event.at
    try {
      this.scheduler.flush(() => this.apply(event))
    } catch (thrown) {
      this.fail(thrown)
    }
  }

  /**
   * Follows a recorded history, from the beginning or from where it stands. What it issues beyond it can be taken. News is
   * what is recorded and was never delivered; the program is not silent then, unless it is a copy.
   */
  replay(history: Iterable<HistoryEvent>, isNews = false, isSilent = !isNews): void {
    this.foresee(history)
    this.isNew = isNews
    this.scheduler.replaying = isSilent
    for (const event of history) {
      if (isDelivered(event)) this.deliver(event)
      else if (isCommand(event)) this.check(event)
      else this.position++
      if (this.problem !== undefined) break
    }
    this.isNew = true
    this.scheduler.replaying = false
  }

  /** Learns what a history that is replayed piece by piece says of patches and updates: it may say so after the piece of the event. */
  foresee(history: Iterable<HistoryEvent>): void {
    for (const event of history) {
      if (event._tag === "PatchRecorded") this.patches.foresee(event)
      else if (event._tag === "UpdateAccepted" || event._tag === "UpdateAnswered") this.updated().foresee(event)
    }
  }

  /** Whether the program refuses an update that is not recorded yet, and with what. */
  refuse(request: UpdateRequest): UpdateExit | undefined {
    if (this.closed || this.problem !== undefined) return undefined
    return this.updates?.refuse(request)
  }

  /** The commands that were issued since they were last taken and that no history has. */
  take(): ReadonlyArray<CommandEvent> {
    const commands = this.checked === 0 ? this.issued : this.issued.slice(this.checked)
    this.position += commands.length
    this.issued = []
    this.checked = 0
    return commands
  }

  /** What an inline activity does that is open. */
  closureOf(seq: Sequence): Closure | undefined {
    return this.pending.get(seq)?.closure
  }

  /** What the program takes: signals, of which it has not received some, and updates. */
  get signals(): Signals {
    return { ...this.mailboxes.signals, updates: this.updates?.taken ?? [] }
  }

  /** Leaves to the next run what is in the history before the program's last command, which the program has issued already. */
  private leave(event: DeliveredEvent): void {
    if (this.issued.at(-1)?._tag !== "ExecutionContinued") return
    if (event._tag === "SignalReceived") this.mailboxes.deliver(event)
    else if (event._tag === "ChildEnded") this.outbox?.ended(event)
    else if (event._tag === "CancelRequested") this.cancelled ??= event
    else return
    this.clock.now = event.at
    this.issued[this.issued.length - 1] = this.continuation
  }

  private apply(event: DeliveredEvent): void {
    switch (event._tag) {
      case "ExecutionStarted":
        return this.start(event)
      case "ActivityResolved":
        return this.resolve(event, event.exit)
      case "TimerFired":
        return this.resolve(event, undefined)
      case "MessageSettled":
        return this.outbox?.settle(event)
      case "ChildEnded":
        return this.outbox?.ended(event)
      case "SignalReceived":
        return this.mailboxes.deliver(event)
      case "UpdateRequested":
        return this.updated().request(event)
      case "CancelRequested":
        if (this.cancelled !== undefined) return
        this.cancelled = event
        return this.root?.interruptUnsafe()
    }
  }

  private start(event: EventOf<"ExecutionStarted">): void {
    this.started = event
    if (event.continues !== undefined) this.goOn(event)
    const annotations = { workflow: event.workflow, workflowId: event.workflowId, runId: event.runId }
    const context = inTrace(this.base, event.trace).pipe(
      Context.add(References.CurrentLogAnnotations, {
        ...Context.get(this.base, References.CurrentLogAnnotations),
        ...annotations
      }),
      Context.add(Scheduler.Scheduler, this.scheduler),
      Context.add(Clock.Clock, this.clock),
      Context.add(Random.Random, drawnBy(this.scheduler, makeRandom(event.runId))),
      Context.add(WorkflowContext, guarded(this.protocol(event), this.scheduler))
    )
    this.queries.begin(event.runId, context)
    this.root = Effect.runForkWith(context)(Effect.suspend(() => this.program(event.input)))
    this.root.addObserver((exit) => this.end(exit, context))
    if (this.cancelled !== undefined) this.root.interruptUnsafe()
  }

  /** Begins where the run before ended. */
  private goOn(event: EventOf<"ExecutionStarted">): void {
    const { cancel, children, ended, keys, unread, updates } = event.continues!
    if (children.length > 0 || ended !== undefined) this.outboxOf(event)
    if (updates.open.length > 0 || updates.answered.length > 0) this.updated().goOn(updates)
    for (const signal of unread) this.mailboxes.deliver({ _tag: "SignalReceived", ...signal })
    // After the signals that were not received, whose keys may be among these.
    this.mailboxes.know(keys)
    if (cancel !== undefined) this.cancelled = { _tag: "CancelRequested", ...cancel }
  }

  private resolve(event: EventOf<"ActivityResolved" | "TimerFired">, value: RecordedExit | undefined): void {
    const pending = this.pending.get(event.seq)
    if (pending === undefined) return this.disagree(event, undefined)
    this.pending.delete(event.seq)
    pending.resume(value === undefined ? Effect.void : Effect.succeed(value))
  }

  private check(recorded: CommandEvent): void {
    this.position++
    const issued = this.issued[this.checked]
    if (issued === undefined || !isSame(recorded, issued)) {
      return isForgotten(recorded) ? undefined : this.disagree(recorded, issued)
    }
    this.checked++
    if (this.checked === this.issued.length) {
      this.issued = []
      this.checked = 0
    }
  }

  private disagree(recorded: HistoryEvent, issued: CommandEvent | undefined): void {
    this.scheduler.stop(mismatch({ workflow: this.started?.workflow ?? "", position: this.position, recorded, issued }))
  }

  private issue(command: CommandEvent): void {
    if (this.closed || !this.scheduler.mayAct()) return
    if (command._tag !== "PatchRecorded") this.length++
    this.issued.push(command)
  }

  /** Issues a command and suspends until its result is delivered; when interrupted it issues `cancel` instead. */
  private command<A>(
    open: (seq: Sequence, at: number) => CommandEvent,
    cancel: "ActivityCancelled" | "TimerCancelled",
    closure?: Closure
  ): Effect.Effect<A> {
    return Effect.callback<A>((resume) => {
      const seq = this.sequence++ as Sequence
      this.issue(open(seq, this.clock.now))
      this.pending.set(seq, { resume, closure })
      return Effect.sync(() => {
        if (this.pending.delete(seq)) this.issue({ _tag: cancel, at: this.clock.now, seq })
      })
    })
  }

  private sleep(duration: Duration.Duration): Effect.Effect<void> {
    this.scheduler.guest?.refuse("slept")
    const milliseconds = Math.ceil(Duration.toMillis(duration))
    if (!(milliseconds > 0)) return Effect.yieldNow
    if (!Number.isFinite(milliseconds)) return Effect.never
    return this.command((seq, at) => ({ _tag: "TimerStarted", at, seq, fireAt: at + milliseconds }), "TimerCancelled")
  }

  private activity(call: ActivityCall, closure?: Closure): Effect.Effect<RecordedExit> {
    return this.command(
      (seq, at) => ({ _tag: "ActivityScheduled", at, seq, ...call, digest: digest(JSON.stringify(call.input)) }),
      "ActivityCancelled",
      closure
    )
  }

  private updated(): Updates {
    return (this.updates ??= new Updates((command) => this.issue({ ...command, at: this.clock.now }), this.queries))
  }

  /** Stops a program out of which something was thrown past all its fibers, so that its other parts cannot be trusted. */
  private fail(thrown: unknown): void {
    const { message, name } = defectOf(thrown)
    const text = `${this.place()} ended with a defect outside of its fibers: ${name}: ${message}; mend the program`
    this.scheduler.stop({ reason: "Defect", message: text })
  }

  /** The program and its fibers have ended: what is left is to undo what it did, if it failed. */
  private end(exit: Exit.Exit<Schema.Json, Schema.Json | WorkflowError>, context: Context.Context<never>): void {
    if (!this.scheduler.mayAct()) return
    const compensating = this.compensations.after(exit)
    // A cancel that comes while it compensates changes nothing.
    const { cancelled } = this
    if (compensating === undefined) return this.close(exit, cancelled, [])
    Effect.runForkWith(context)(this.updated().within(compensating)).addObserver((compensated) =>
      this.close(exit, cancelled, Exit.isSuccess(compensated) ? compensated.value : thrownIn(compensated.cause))
    )
  }

  private close(
    exit: Exit.Exit<Schema.Json, Schema.Json | WorkflowError>,
    cancelled: EventOf<"CancelRequested"> | undefined,
    thrown: ReadonlyArray<unknown>
  ): void {
    if (!this.scheduler.mayAct()) return
    const isContinued = this.nextInput !== undefined && Exit.isSuccess(exit)
    this.issue(isContinued ? this.continuation : closing(exit, this.clock.now, cancelled, thrown))
    this.closed = true
    this.pending.clear()
    this.mailboxes.close()
    this.outbox?.close()
    this.updates = undefined
  }

  private get continuation(): CommandEvent {
    const { cancelled: cancel, clock, mailboxes, nextInput: input = null, outbox, started } = this
    return continuation(started!, clock.now, { input, unread: mailboxes.untaken, cancel, ended: outbox?.ends ?? [] })
  }

  private outboxOf(event: EventOf<"ExecutionStarted">): Outbox {
    return (this.outbox ??= new Outbox(
      event,
      () => this.sequence++ as Sequence,
      (sent) => this.issue({ _tag: "MessageSent", at: this.clock.now, ...sent })
    ))
  }

  private place(): string {
    const last = this.issued.at(-1) ?? this.delivered
    const after = last === undefined ? "" : ` after ${describe(last)}`
    return `workflow ${JSON.stringify(this.started?.workflow ?? "")}${after}`
  }

  private protocol(event: EventOf<"ExecutionStarted">): Protocol {
    return {
      workflowId: event.workflowId,
      runId: chainOf(event),
      compensations: this.compensations,
      activity: (call, closure) => this.activity(call, closure),
      receive: (signal) => this.mailboxes.receive(signal),
      poll: (signal) => this.mailboxes.poll(signal),
      send: (outgoing) => Effect.suspend(() => this.outboxOf(event).send(outgoing)),
      startChild: (start) => this.outboxOf(event).startChild(start),
      endOfChild: (runId) => this.outbox?.endOfChild(runId),
      historyLength: Effect.sync(() => this.length),
      suggestContinue: Effect.sync(() => this.length >= (event.suggestContinueAt ?? suggestedLength)),
      patched: (id) => this.patches.decide(id, !this.isNew),
      deprecatePatch: (id) => this.patches.deprecate(id, !this.isNew),
      ...ownAttributes(event, (attributes) => this.issue({ _tag: "AttributesSet", at: this.clock.now, attributes })),
      continueAsNew: (input) => {
        this.nextInput = input
      },
      answer: (query, answerer) => this.queries.set(query, answerer),
      handleUpdates: (name, handler) => Effect.sync(() => this.updated().handle(name, handler)),
      updates: () => this.updated(),
      halt: (problem) =>
        Effect.flatMap(
          Effect.sync(() => this.scheduler.stop(problem)),
          () => Effect.never
        )
    }
  }
}
