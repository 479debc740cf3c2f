/**
 * One turn of an execution, without I/O: from what it was told to the events of one commit.
 *
 * | told      | program not stopped, run open                         | stopped                | nothing is recorded when          |
 * | --------- | ----------------------------------------------------- | ---------------------- | --------------------------------- |
 * | (a claim) | `OwnerChanged`, commands that replay issued; `ExecutionBlocked` after too many losses | + `ExecutionBlocked` | it is blocked, or others may run it: declined |
 * | (nothing) | `OwnerChanged` if it was blocked, commands of news    | `ExecutionBlocked`     | it is blocked for that reason     |
 * | `Start`   | `ExecutionStarted`, what comes with it, commands      |                        |                                   |
 * | `Signal`  | `SignalReceived`, commands                            | `SignalReceived`       | its key is known                  |
 * | `Update`  | `UpdateRequested`, commands                           | `UpdateRequested`      | its id is known, the program refuses it, or it was blocked before |
 * | `Cancel`  | `CancelRequested`, commands                           | `CancelRequested`      | a cancel is there already         |
 * | `Terminate` | `ExecutionTerminated`                               | `ExecutionTerminated`  |                                   |
 * | `Resolved`| `ActivityResolved`, commands                          | `ActivityResolved`     | the activity is not open any more, or was ended from outside |
 * | `Failed`  | `ActivityAttemptFailed`                               | `ActivityAttemptFailed`| as before                         |
 * | `Pending` | `ActivityPending`                                     | `ActivityPending`      | as before                         |
 * | `Isolated`| `ActivityAttemptIsolated`                             | `ActivityAttemptIsolated` | as before                      |
 * | `Complete`| `ActivityResolved`, commands; `ActivityAttemptEnded`  | the same, no commands  | the activity is not open any more, or between two attempts |
 * | `Settled` | `MessageSettled`, commands                            | `MessageSettled`       | the message is not owed any more  |
 * | `ChildEnded` | `ChildEnded`, commands                             | `ChildEnded`           | the child is not known any more   |
 * | `Due`     | for each timer that is due `TimerFired`, commands; past the deadline `CancelRequested`, commands | nothing | nothing is due |
 * | `Seen`    | `OwnerChanged`                                        | nothing                | nothing that others recorded is unread, or an attempt runs alone |
 *
 * Each delivery is followed by the commands that it leads to, before the next one. A program that cannot go on after a delivery
 * is stopped: `ExecutionBlocked` follows at once. What is told after the run closed is not taken. A command to send a message, or
 * to ask another execution, waits for the address of its receiver: the turn pauses (`wants`) and goes on with `resume`; without a
 * receiver the refusal is part of the same commit.
 */
import {
  type CommandEvent,
  type DeliveredEvent,
  type EventOf,
  type HistoryEvent,
  isCommand,
  isDelivered
} from "../../HistoryEvent.ts"
import type { Version, WorkflowId } from "../../Ids.ts"
import type { FirstMessage } from "../../Message.ts"
import type { WorkflowState } from "../../WorkflowState.ts"
import { completed, tooLong } from "../core/continued.ts"
import { completable, type Completion, endedBy } from "../core/completing.ts"
import { childId } from "../core/derive.ts"
import { pinOf } from "../core/programName.ts"
import { evolve, initial, messageId, nextTimer, outcomeOf } from "../core/evolve.ts"
import { standingOf } from "../core/updates.ts"
import { receivedBy, requestedBy } from "../core/told.ts"
import { addressed, free, type Place, receiverOf, type Refused } from "./addresses.ts"
import { runsAlone, tooManyLosses } from "./losses.ts"
import { attemptEvent } from "./news.ts"
import type { Current, Program, Takeover } from "./Program.ts"
import { isSent, type Sent, type Told, type Unrecorded } from "./Told.ts"

/** So many messages that are refused at once are a program that sends without end. */
const mostRefused = 10_000

/** After so many events a turn takes nothing more: a commit that is too long keeps the process from other work. */
const mostEvents = 1024

export class Turn {
  /** The events of the commit; none when nothing is to be recorded. */
  readonly events: Array<HistoryEvent> = []
  /** How many messages of the mailbox it took: the commit answers their senders. */
  taken = 0
  /** The messages among them that are not recorded. */
  unrecorded: Map<Told, Unrecorded> | undefined = undefined
  /** Whether a claim found that the program cannot go on here either. */
  declined = false
  /** The executions of which the addresses are needed before the turn can go on. */
  wants: ReadonlyArray<WorkflowId> = []
  program: Program
  readonly current: Current
  private readonly mail: ReadonlyArray<{ readonly told: Told }>
  private readonly clock: number
  /** Whether the execution was blocked before the turn: it takes no updates then. */
  private readonly wasBlocked: boolean
  private started: WorkflowState | undefined
  /** Commands that wait for addresses. */
  private pending: ReadonlyArray<CommandEvent> = []
  private places: Map<WorkflowId, Place> | undefined = undefined
  /** What became of messages and questions without an address, of which the program is not told yet. */
  private refused: Array<Refused> | undefined = undefined
  private refusals = 0

  constructor(current: Current, mail: ReadonlyArray<{ readonly told: Told }>, now: number) {
    this.current = current
    this.program = current.program
    this.started = current.state
    this.mail = mail
    this.clock = now
    this.wasBlocked = current.state?.status === "blocked"
    if (current.claim !== undefined) this.claim(current.claim)
    else this.unblock()
    this.advance()
  }

  /** The commands among the events, to be carried out when they are saved. */
  get commands(): ReadonlyArray<CommandEvent> {
    return this.events.filter(isCommand)
  }

  /** The state after the turn. */
  get state(): WorkflowState {
    if (this.started === undefined) throw new Error("a turn without a start has no state")
    return this.started
  }

  /** Goes on with what is at the ids that the turn wants to know of. */
  resume(places: ReadonlyMap<WorkflowId, Place>): void {
    this.places ??= new Map()
    for (const [workflowId, place] of places) this.places.set(workflowId, place)
    const { pending } = this
    this.wants = []
    this.pending = []
    this.issue(pending)
    this.advance()
  }

  private advance(): void {
    while (!this.declined && this.wants.length === 0 && !this.isOver()) {
      this.limit()
      const refused = this.refused?.shift()
      if (refused !== undefined) {
        if (++this.refusals > mostRefused) this.stop()
        // A question may have been dropped as soon as it was asked.
        const isAwaited = refused._tag === "MessageSettled" || this.state.open.has(refused.seq)
        if (isAwaited) this.deliver({ at: this.now(), ...refused })
      } else if (this.taken === this.mail.length || this.events.length >= mostEvents) {
        return
      } else if (this.take(this.mail[this.taken]!.told)) {
        this.taken++
      }
    }
  }

  /** Whether the run takes nothing more. */
  private isOver(): boolean {
    return this.started !== undefined && (this.started.closed ?? this.started.continued) !== undefined
  }

  /** Takes what the execution was told; returns whether that is all of it. */
  private take(told: Told): boolean {
    switch (told._tag) {
      case "Start":
        return this.start(told.event, told.with)
      case "Signal":
      case "Update":
      case "Cancel":
      case "Settled":
      case "ChildEnded": {
        const event = this.eventOf(told)
        return event === undefined || this.deliver(event)
      }
      case "Terminate":
        return this.record({ _tag: "ExecutionTerminated", at: this.now(), reason: told.reason })
      case "Resolved":
      case "Failed":
      case "Pending":
      case "Isolated":
        return this.hear(attemptEvent(this.state, told, this.now()))
      case "Complete":
        return this.complete(told)
      case "Due":
        return this.fireDue()
      case "Seen":
        if (this.program._tag !== "Loaded" || this.state.unreadSince === undefined || runsAlone(this.state)) return true
        return this.record({ _tag: "OwnerChanged", at: this.now(), owner: this.current.worker })
    }
  }

  private start(event: EventOf<"ExecutionStarted">, message: FirstMessage | undefined): boolean {
    this.started = initial(event)
    this.events.push(event)
    if (this.program._tag === "Loaded") this.program.interpreter.deliver(event)
    if (message !== undefined) this.leaveTo(this.eventOf(message))
    if (event.continues === undefined || this.takeWithStart()) this.collect()
    return true
  }

  /**
   * Takes with the start of a next run what has come, before it is known what the program issues: the run may be over with that, and a
   * chain of such runs must hear of a cancel and of its timeout, and pass its mail on. Returns whether the run goes on.
   */
  private takeWithStart(): boolean {
    for (; this.events.length < mostEvents; this.taken++) {
      const told = this.mail[this.taken + 1]?.told
      if (told === undefined) break
      if (told._tag === "Terminate") {
        this.taken++
        return !this.take(told)
      }
      if (isSent(told)) this.leaveTo(this.eventOf(told))
    }
    const due = this.nextDue()
    if (due?._tag === "CancelRequested") this.leaveTo(due)
    return true
  }

  /** Delivers an event before what the program has issued is recorded. */
  private leaveTo(event: DeliveredEvent | undefined): void {
    if (event === undefined) return
    this.record(event)
    if (this.program._tag === "Loaded") this.program.interpreter.deliver(event)
  }

  /** The event of a message; `undefined` when nothing is to be recorded. */
  private eventOf(told: Sent): DeliveredEvent | undefined {
    const { cancel, children, keys, owed } = this.state
    const at = this.now()
    switch (told._tag) {
      case "Signal":
        return told.key !== undefined && keys.has(told.key) ? undefined : receivedBy(told, at)
      case "Update": {
        const unrecorded = this.unrecordedFor(told)
        if (unrecorded !== undefined) this.leaveOut(told, unrecorded)
        return unrecorded === undefined ? requestedBy(told, at) : undefined
      }
      case "Cancel":
        return cancel === undefined ? { _tag: "CancelRequested", at, kind: "cancel", reason: told.reason } : undefined
      case "Settled": {
        const { id, outcome } = told
        return owed.has(id)
          ? { _tag: "MessageSettled", at, id, outcome: outcomeOf(this.state, id, outcome) }
          : undefined
      }
      case "ChildEnded":
        return children.get(told.workflowId)?.address.chain === told.from ? { ...told, at } : undefined
    }
  }

  private unrecordedFor(told: Extract<FirstMessage, { readonly _tag: "Update" }>): Unrecorded | undefined {
    const standing = standingOf(this.state.updates, told)
    if (standing !== "unknown") return { _tag: "Known", standing }
    const { program } = this
    if (program._tag === "Stopped") return this.wasBlocked ? { _tag: "Stopped", problem: program.problem } : undefined
    const exit = program.interpreter.refuse(told)
    return exit === undefined ? undefined : { _tag: "Refused", exit }
  }

  private claim({ isLost, mayBlock }: Takeover): void {
    if (this.program._tag === "Stopped" && (this.state.status === "blocked" || !mayBlock)) {
      this.declined = true
      return
    }
    const at = this.now()
    const wasBlocked = this.state.status === "blocked"
    const { programVersion, worker } = this.current
    const changed = { _tag: "OwnerChanged", at, owner: worker, ...pinOf(this.state, programVersion) } as const
    this.record(isLost ? { ...changed, lost: true } : changed)
    // An execution that was blocked was not run by the worker before, and is tried.
    const losses = isLost && !wasBlocked ? tooManyLosses(this.state) : undefined
    if (losses === undefined) return this.collect()
    const { pause, problem } = losses
    this.program = { _tag: "Stopped", problem }
    this.record({ _tag: "ExecutionBlocked", at, problem, retryAt: at + pause })
  }

  /** Records that the program goes on, if it was blocked, and what it issued or why it stopped when it read news. */
  private unblock(): void {
    if (this.started === undefined) return
    if (this.program._tag === "Loaded" && this.started.status === "blocked") {
      this.record({ _tag: "OwnerChanged", at: this.now(), owner: this.current.worker })
    }
    this.collect()
  }

  /** Ends an activity for a caller outside. */
  private complete(told: Completion): boolean {
    const activity = completable(this.state, told)
    if (activity !== undefined) return this.hear(endedBy(activity, told, this.now()))
    this.leaveOut(told, { _tag: "Over" })
    return true
  }

  /** Notes why something is not recorded. */
  private leaveOut(told: Told, unrecorded: Unrecorded): void {
    this.unrecorded = (this.unrecorded ?? new Map()).set(told, unrecorded)
  }

  /** Takes news of an activity, if there is any. */
  private hear(event: HistoryEvent | undefined): boolean {
    return event === undefined || (isDelivered(event) ? this.deliver(event) : this.record(event))
  }

  /** Fires what is due, the earliest first; each may change what is due after it. */
  private fireDue(): boolean {
    while (this.program._tag === "Loaded" && !this.isOver()) {
      const event = this.nextDue()
      if (event === undefined) return true
      this.deliver(event)
      if (this.wants.length > 0 || (this.refused?.length ?? 0) > 0 || this.events.length >= mostEvents) return false
    }
    return true
  }

  private nextDue(): DeliveredEvent | undefined {
    const at = this.now()
    const { cancel, deadline } = this.state
    const timer = nextTimer(this.state)
    const fireAt = timer?.dueAt ?? Number.POSITIVE_INFINITY
    if (cancel === undefined && deadline !== undefined && deadline <= at && deadline <= fireAt) {
      return { _tag: "CancelRequested", at, kind: "timeout", reason: "the timeout of the execution passed" }
    }
    return timer !== undefined && fireAt <= at ? { _tag: "TimerFired", at, seq: timer.seq } : undefined
  }

  /** Records an event and, if the program can go on, delivers it and records what the program issues. */
  private deliver(event: DeliveredEvent): boolean {
    this.leaveTo(event)
    if (this.program._tag === "Loaded") this.collect()
    return true
  }

  /** Records the commands that the program has issued, or that it cannot go on. */
  private collect(): void {
    if (this.program._tag === "Loaded") {
      const { interpreter } = this.program
      if (interpreter.isQuiet) return
      if (interpreter.problem === undefined) return this.issue(interpreter.take())
      this.program = { _tag: "Stopped", problem: interpreter.problem }
    }
    if (this.state.problem?.reason === this.program.problem.reason) return
    this.record({ _tag: "ExecutionBlocked", at: this.now(), problem: this.program.problem })
  }

  /** Stops a program whose history is too long. */
  private limit(): void {
    const problem = this.started === undefined ? undefined : tooLong(this.started, this.current.maxHistory)
    if (problem === undefined || this.program._tag !== "Loaded") return
    this.program = { _tag: "Stopped", problem }
    this.collect()
  }

  /** Stops a program that sends without end to executions that take nothing. */
  private stop(): void {
    if (this.program._tag !== "Loaded") return
    const message =
      `the program sent ${mostRefused} messages at once to executions that do not exist; ` +
      "wait between two attempts, with Effect.sleep"
    this.program = { _tag: "Stopped", problem: { reason: "Spinning", message } }
    this.collect()
  }

  private issue(commands: ReadonlyArray<CommandEvent>): void {
    const unknown = this.unknownReceivers(commands)
    if (unknown !== undefined) {
      this.wants = [...unknown]
      this.pending = commands
      return
    }
    for (const command of commands) {
      const place = this.placeOf(command)
      if (place === undefined) {
        this.record(command._tag === "ExecutionContinued" ? completed(command, this.state) : command)
        continue
      }
      const [recorded, refused] = addressed(command, place, messageId(this.state.chain, this.state.sent + 1))
      this.record(recorded)
      if (refused !== undefined) (this.refused ??= []).push(refused)
    }
  }

  /** The executions of which an address is needed; `undefined` when there are none, which is the rule. */
  private unknownReceivers(commands: ReadonlyArray<CommandEvent>): Set<WorkflowId> | undefined {
    let unknown: Set<WorkflowId> | undefined
    for (const command of commands) {
      const to = receiverOf(command)
      if (to !== undefined && this.placeOf(command, to) === undefined) (unknown ??= new Set()).add(to)
    }
    return unknown
  }

  /** What is at the id to which a command goes; `undefined` when it goes to none, and when that must be looked up. */
  private placeOf(command: CommandEvent, to = receiverOf(command)): Place | undefined {
    if (to === undefined) return undefined
    const { chain, children, runId, status, workflowId } = this.state
    const sent = command._tag === "MessageSent" ? command : undefined
    // A child is known before the store has it. Of its later runs the store knows.
    const child = children.get(to)?.address
    const isChild = child !== undefined && (sent?.run ?? child.chain) === child.chain
    if (isChild) return { ...child, runId: child.chain, status: "running" }
    if (to === workflowId) return { chain, runId, version: this.current.version as Version, status }
    const isOfItsOwn = sent?.message._tag === "Start" && to === childId(workflowId, runId, sent.seq)
    return this.places?.get(to) ?? (isOfItsOwn ? free : undefined)
  }

  private record(event: HistoryEvent): true {
    this.current.noting?.note(event, this.state)
    this.events.push(event)
    evolve(this.state, event)
    return true
  }

  /** Now, but never before what was recorded last. */
  private now(): number {
    return this.started === undefined ? this.clock : Math.max(this.clock, this.started.updatedAt)
  }
}
