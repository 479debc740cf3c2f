/**
 * One turn of an execution: from messages to the events of one commit.
 */
import type { DeliveredEvent, HistoryEvent } from "../../HistoryEvent.ts"
import type { Sequence } from "../../Ids.ts"
import { evolve, initial } from "../../internal/core/evolve.ts"
import type { WorkflowState } from "../../WorkflowState.ts"
import type { Held } from "./Attempts.ts"
import type { Execution, Phase } from "./Execution.ts"
import type { Message } from "./Message.ts"
import type { Shell } from "./Shell.ts"

export class Turn {
  /** The events of the commit; none when nothing is to be recorded. */
  readonly events: Array<HistoryEvent> = []
  /** The messages that the commit answers. */
  readonly taken: Array<Message> = []
  private readonly messages: ReadonlyArray<Message>
  /** Whether a claim found that the program here cannot go on either. */
  declined = false
  private readonly shell: Shell
  private readonly execution: Execution
  private phase: Phase

  constructor(shell: Shell, execution: Execution, messages: ReadonlyArray<Message>) {
    this.shell = shell
    this.execution = execution
    this.phase = execution.phase
    this.messages = messages
  }

  /** Takes the messages and answers the phase that follows. */
  run(): Phase {
    this.unblock()
    this.collect()
    for (const message of this.messages) {
      if (this.isClosed()) break
      this.taken.push(message)
      this.take(message)
    }
    return this.phase
  }

  /** The messages that the commit does not answer: the run ended before them. */
  get untaken(): ReadonlyArray<Message> {
    return this.messages.slice(this.taken.length)
  }

  private isClosed(): boolean {
    return "state" in this.phase && this.phase.state.closed !== undefined
  }

  private take(message: Message): void {
    switch (message._tag) {
      case "Start":
        return this.start(message.event)
      case "Claim":
        return this.claim()
      case "Alarm":
        return this.ring()
      case "Attempt":
        return this.concludeAttempt(message)
      case "Signal":
        return this.deliver({
          _tag: "SignalReceived",
          at: this.now(),
          name: message.name,
          payload: message.payload
        })
      case "Cancel":
        if (this.state().cancel !== undefined) return
        return this.deliver({ _tag: "CancelRequested", at: this.now(), kind: "cancel", reason: message.reason })
      case "Terminate":
        return this.record({ _tag: "ExecutionTerminated", at: this.now(), reason: message.reason })
    }
  }

  private start(event: Extract<HistoryEvent, { readonly _tag: "ExecutionStarted" }>): void {
    const interpreter = this.execution.interpreter()
    this.phase = { _tag: "Hot", interpreter, state: initial(event) }
    this.events.push(event)
    interpreter.deliver(event)
    this.collect()
  }

  /** Says that the program goes on, when it was blocked by what does not come back by replay. */
  private unblock(): void {
    if (this.phase._tag !== "Hot" || this.phase.state.status !== "blocked" || this.messages[0]?._tag === "Claim") return
    this.record({ _tag: "OwnerChanged", at: this.now(), owner: this.shell.worker })
  }

  private claim(): void {
    if (this.phase._tag === "Blocked" && this.phase.state.status === "blocked") {
      this.declined = true
      return
    }
    this.record({ _tag: "OwnerChanged", at: this.now(), owner: this.shell.worker })
    if (this.phase._tag === "Blocked") this.block()
  }

  /** Fires what is due, the earliest first; each may change what is due after it. */
  private ring(): void {
    const now = this.now()
    for (let event = this.nextDue(now); event !== undefined; event = this.nextDue(now)) this.deliver(event)
    if (this.phase._tag !== "Hot") return
    for (const command of this.phase.state.open) {
      if (command._tag !== "Activity" || command.retryAt === undefined || command.retryAt > now) continue
      const held = this.execution.attempts?.get(command.seq)
      if (held?.waiting === true) this.execution.attempt(command, held)
    }
  }

  private nextDue(now: number): DeliveredEvent | undefined {
    if (this.phase._tag !== "Hot" || this.isClosed()) return undefined
    const { state } = this.phase
    let due = now
    let event: DeliveredEvent | undefined
    if (state.cancel === undefined && state.deadline !== undefined && state.deadline <= due) {
      due = state.deadline
      event = { _tag: "CancelRequested", at: now, kind: "timeout", reason: "the timeout of the execution passed" }
    }
    for (const command of state.open) {
      if (command._tag !== "Timer" || command.fireAt > due || (event !== undefined && command.fireAt === due)) continue
      due = command.fireAt
      event = { _tag: "TimerFired", at: now, seq: command.seq }
    }
    return event
  }

  private concludeAttempt({ outcome, seq }: Extract<Message, { readonly _tag: "Attempt" }>): void {
    const activity = this.state().open.find((command) => command.seq === seq)
    const held = this.execution.attempts?.get(seq)
    if (activity?._tag !== "Activity") return
    if (outcome._tag === "Resolved") {
      return this.deliver({ _tag: "ActivityResolved", at: this.now(), seq, exit: outcome.exit })
    }
    const at = this.now()
    if (held !== undefined) held.waiting = true
    this.record({
      _tag: "ActivityAttemptFailed",
      at,
      seq,
      attempt: activity.failures.length + 1,
      failure: outcome.failure,
      retryAt: at + outcome.pause
    })
  }

  /** Records an event and, if the program can go on, lets it see the event and records what it asks for. */
  private deliver(event: DeliveredEvent): void {
    this.record(event)
    if (this.phase._tag !== "Hot") return
    this.phase.interpreter.deliver(event)
    this.collect()
  }

  /** Records the commands that the program has issued, or that it cannot go on. */
  private collect(): void {
    if (this.phase._tag === "Blocked" && this.phase.state.status !== "blocked" && this.messages[0]?._tag !== "Claim") {
      return this.block()
    }
    if (this.phase._tag !== "Hot") return
    const { interpreter, state } = this.phase
    if (interpreter.problem !== undefined) {
      this.phase = { _tag: "Blocked", problem: interpreter.problem, state }
      return this.block()
    }
    for (const command of interpreter.take()) this.record(command)
  }

  private block(): void {
    if (this.phase._tag !== "Blocked") return
    this.record({ _tag: "ExecutionBlocked", at: this.now(), problem: this.phase.problem })
  }

  private record(event: HistoryEvent): void {
    this.events.push(event)
    if ("state" in this.phase) this.phase.state = evolve(this.phase.state, event)
  }

  private state(): WorkflowState {
    if (!("state" in this.phase)) throw new Error(`no state while ${this.phase._tag}`)
    return this.phase.state
  }

  /** Now, but never before what was recorded last. */
  private now(): number {
    const now = this.shell.host.now()
    return "state" in this.phase ? Math.max(now, this.phase.state.updatedAt) : now
  }
}

/** When an execution must be woken: its next timer, its deadline, or the next repetition of an activity. */
export const nextAlarm = (
  state: WorkflowState,
  attempts: ReadonlyMap<Sequence, Held> | undefined
): number | undefined => {
  let earliest = state.cancel === undefined && state.deadline !== undefined ? state.deadline : Number.POSITIVE_INFINITY
  for (const command of state.open) {
    const due =
      command._tag === "Timer"
        ? command.fireAt
        : attempts?.get(command.seq)?.waiting === true
          ? command.retryAt
          : undefined
    if (due !== undefined && due < earliest) earliest = due
  }
  return earliest === Number.POSITIVE_INFINITY ? undefined : earliest
}
