/**
 * One execution in the care of this worker: its mailbox and its loop.
 *
 * 1. Messages are taken in order. Each becomes events; events that the program sees are delivered one at a time.
 * 2. Events and the commands that follow from them are one commit. Nothing is carried out, and nobody is answered, before
 *    it is saved; while it is, the execution waits.
 * 3. On a conflict somebody else committed first: the live program is dropped, the history is read and replayed, and the
 *    messages in hand are taken again. A result that was computed is kept.
 * 4. An execution whose program cannot go on is blocked: messages are still recorded, and nothing is delivered.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type { HistoryEvent, Problem } from "../../HistoryEvent.ts"
import type { RunId, Sequence, Version, WorkflowId } from "../../Ids.ts"
import { fold } from "../../internal/core/evolve.ts"
import { Interpreter } from "../../internal/replay/Interpreter.ts"
import type { ExecutionSummary, StoredExecution } from "../../Store/WorkflowStore.ts"
import { Finished, NotFound, PayloadTooLarge, ShutDown, StoreUnavailable } from "../../WorkflowError.ts"
import { isFinal, type OpenActivity, type WorkflowState } from "../../WorkflowState.ts"
import type { Registration } from "../DurableExecutor.ts"
import type { Sleeper } from "./Alarms.ts"
import type { Held } from "./Attempts.ts"
import { storeErrorOf } from "./errors.ts"
import { answer, type Message, type Refuse } from "./Message.ts"
import type { Outcome } from "./Saves.ts"
import type { Shell } from "./Shell.ts"
import { summarize } from "./summarize.ts"
import { nextAlarm, Turn } from "./Turn.ts"

/** Where an execution stands in this process. */
export type Phase =
  /** In memory: its program waits for the next event. */
  | { readonly _tag: "Hot"; readonly interpreter: Interpreter; state: WorkflowState }
  /** In memory, but its program cannot go on. */
  | { readonly _tag: "Blocked"; readonly problem: Problem; state: WorkflowState }
  /** Not started yet: its first commit is in hand. */
  | { readonly _tag: "New" }
  /** Only its identity and its alarm are in memory. */
  | { readonly _tag: "Parked" }
  /** Not ours any more: finished, deleted, taken by another worker, or stopped. */
  | { readonly _tag: "Gone"; readonly refuse: Refuse }

export class Execution implements Sleeper {
  readonly workflowId: WorkflowId
  readonly runId: RunId
  readonly registration: Registration
  readonly attributes: ExecutionSummary["attributes"]
  readonly firstVersion: Version
  /** The latest version of which this process knows. */
  version: Version
  phase: Phase
  alarmAt: number | undefined = undefined
  /** The activities in the care of this worker. */
  attempts: Map<Sequence, Held> | undefined = undefined
  private readonly shell: Shell
  private inbox: Array<Message> = []
  /** The messages of the commit that is being saved. */
  private inHand: ReadonlyArray<Message> | undefined = undefined
  private reading = false
  private working = false
  private behind = false
  /** Whether messages are taken one at a time, to find the one that is too large. */
  private singly = false
  /** What is wrong with a program whose commands do not fit into a commit, while its message is tried without them. */
  private excess: Problem | undefined = undefined
  private stopping = false

  constructor(
    shell: Shell,
    registration: Registration,
    options: {
      readonly workflowId: WorkflowId
      readonly runId: RunId
      readonly attributes: ExecutionSummary["attributes"]
      readonly version: Version
      readonly firstVersion: Version
      readonly isNew: boolean
    }
  ) {
    this.shell = shell
    this.registration = registration
    this.workflowId = options.workflowId
    this.runId = options.runId
    this.attributes = options.attributes
    this.version = options.version
    this.firstVersion = options.firstVersion
    this.phase = options.isNew ? { _tag: "New" } : { _tag: "Parked" }
  }

  /** Whether it can leave memory: nothing is in hand and no handler runs. */
  get isIdle(): boolean {
    if (this.phase._tag !== "Hot" && this.phase._tag !== "Blocked") return false
    if (this.inHand !== undefined || this.reading || this.inbox.length > 0) return false
    if (this.attempts !== undefined) for (const attempt of this.attempts.values()) if (!attempt.waiting) return false
    return true
  }

  /** Puts a message into the mailbox. */
  tell(message: Message): void {
    if (this.phase._tag === "Gone") return answer(message, this.phase.refuse())
    this.inbox.push(message)
    this.work()
  }

  /** Told when somebody else may have committed, up to a version; 0 when the execution was deleted. */
  notice(version: number): void {
    if (this.phase._tag === "Gone" || this.phase._tag === "New") return
    if (version !== 0 && version <= this.version + (this.inHand === undefined ? 0 : 1)) return
    this.behind = true
    this.work()
  }

  /** The alarm of the execution: a timer, a repetition or the deadline is due. */
  wake(): void {
    this.tell({ _tag: "Alarm" })
  }

  /** A fresh program. When something outside its history wakes it, the execution looks and finds it stopped. */
  interpreter(): Interpreter {
    return new Interpreter(this.registration.program, this.shell.programContext, this.shell.budget, () => this.work())
  }

  /** Leaves memory, all but what is needed to come back. */
  park(): void {
    this.phase = { _tag: "Parked" }
    this.attempts = undefined
  }

  /** Stops working on the execution and waits for its handlers to end. What is in hand is saved first. */
  stop(): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.stopping = true
      this.setAlarm()
      const handlers = Array.from(this.attempts?.values() ?? [], (attempt) => this.shell.attempts.abandon(attempt))
      return Effect.andThen(
        Effect.all(handlers, { concurrency: "unbounded", discard: true }),
        Effect.sync(() => this.work())
      )
    })
  }

  private work(): void {
    if (this.working) return
    this.working = true
    while (this.inHand === undefined && !this.reading && this.phase._tag !== "Gone") {
      if (this.stopping && this.inbox.length === 0) this.leave(() => new ShutDown())
      else if (this.phase._tag === "Parked") this.read(undefined)
      else if (this.behind) this.read(this.version)
      else if (!this.turn()) break
    }
    this.working = false
    this.shell.touched(this)
  }

  /** Does something that goes by the present state; what handlers answer at once waits in the mailbox meanwhile. */
  private undisturbed(act: () => void): void {
    const working = this.working
    this.working = true
    act()
    this.working = working
  }

  /** Takes what is in the mailbox and saves what follows; answers whether there was anything to do. */
  private turn(): boolean {
    const messages = this.inbox
    this.inbox = this.singly ? messages.splice(1) : []
    const turn = new Turn(this.shell, this, messages)
    this.phase = turn.run()
    if (turn.taken.length < messages.length) this.inbox.unshift(...turn.untaken)
    if (turn.declined) {
      this.leave(() => "Conflict", turn.taken)
      return false
    }
    const { events } = turn
    if (!Arr.isArrayNonEmpty(events)) {
      for (const message of turn.taken) answer(message, undefined)
      this.setAlarm()
      return turn.taken.length > 0
    }
    if (this.phase._tag !== "Hot" && this.phase._tag !== "Blocked") throw new Error("events without a state")
    const version = (this.version + 1) as Version
    const { state } = this.phase
    this.inHand = turn.taken
    this.shell.saves.save(
      {
        id: this.shell.commitId(),
        workflowId: this.workflowId,
        runId: this.runId,
        version,
        events,
        summary: summarize({
          state,
          version,
          firstVersion: this.firstVersion,
          owner: this.shell.worker,
          signals: this.phase._tag === "Hot" ? this.phase.interpreter.waitingSignals() : [],
          attributes: this.attributes
        })
      },
      (outcome) => this.saved(events, version, outcome)
    )
    return true
  }

  private saved(events: ReadonlyArray<HistoryEvent>, version: Version, outcome: Outcome): void {
    const messages = this.inHand ?? []
    this.inHand = undefined
    if (outcome === undefined) return this.leave(() => new ShutDown(), messages)
    const error = storeErrorOf(outcome)
    if (error !== undefined && this.phase._tag === "Gone") return this.leave(this.phase.refuse, messages)
    if (error === undefined) {
      this.version = version
      this.singly = false
      this.excess = undefined
      this.undisturbed(() => this.carryOut(events))
      this.work()
      // Only now: whoever is answered may send at once, and must find the execution in care.
      for (const message of messages) answer(message, undefined)
      return
    } else if (error.reason._tag === "Conflict") {
      if (this.version === this.firstVersion - 1) return this.leave(() => "Conflict", messages)
      this.inbox.unshift(...messages)
      this.phase = { _tag: "Parked" }
    } else if (error.reason._tag === "TooLarge") {
      this.tooLarge(messages, error.reason.bytes, error.reason.limit)
    } else {
      return this.lose(error.message, messages)
    }
    this.work()
  }

  /** Does what the saved events ask for. */
  private carryOut(events: ReadonlyArray<HistoryEvent>): void {
    const phase = this.phase
    if (phase._tag !== "Hot" && phase._tag !== "Blocked") return
    if (phase.state.closed !== undefined) {
      // Before anybody is told: who asks again at once must not wait for an execution that has ended.
      this.leave(() => new Finished({ status: phase.state.status }))
      return this.shell.ended(this.workflowId, { _tag: "Closed", runId: this.runId, event: phase.state.closed })
    }
    for (const event of events) {
      if (event._tag === "ActivityScheduled") this.startOpen(phase.state, event.seq)
      else if (event._tag === "ActivityResolved") this.attempts?.delete(event.seq)
      else if (event._tag === "ActivityCancelled") this.abandon(event.seq)
      else if (event._tag === "OwnerChanged") this.resume(phase.state)
      else if (event._tag === "ExecutionBlocked") this.reportBlocked(event.problem)
    }
    this.setAlarm()
  }

  private reportBlocked(problem: Problem): void {
    this.shell.host.log("Error", `execution ${JSON.stringify(this.workflowId)} is blocked: ${problem.message}`)
    this.shell.ended(this.workflowId, { _tag: "Blocked", runId: this.runId, problem })
  }

  /** A commit that no store accepts: finds out who is at fault. A message is refused, a program is blocked. */
  private tooLarge(messages: ReadonlyArray<Message>, bytes: number, limit: number): void {
    const reason = new PayloadTooLarge({ bytes, limit })
    const [only, ...others] = messages
    if (this.version === this.firstVersion - 1) return this.leave(() => reason, messages)
    this.phase = { _tag: "Parked" }
    this.singly = true
    if (others.length > 0) {
      this.inbox.unshift(...messages)
    } else if (this.excess === undefined) {
      // Next without what the program asks for: if that can be saved, the program is at fault.
      const program = `the program of ${JSON.stringify(this.registration.workflow)}`
      this.excess = { reason: "TooLarge", message: `${program} asks for too much at once: ${reason.message}` }
      this.inbox.unshift(...messages)
    } else if (only?._tag === "Attempt") {
      this.excess = undefined
      const defect = { name: "PayloadTooLarge", message: `the result of the activity: ${reason.message}` }
      this.inbox.unshift({ ...only, outcome: { _tag: "Resolved", exit: { _tag: "Die", defect } } })
    } else {
      this.excess = undefined
      if (only !== undefined) answer(only, reason)
    }
  }

  /** Reads the history: all of the run, or what was committed after a version. */
  private read(after: Version | undefined): void {
    this.reading = true
    this.behind = false
    this.shell.host.fork(this.shell.store.load(this.workflowId, { after }), (exit) => {
      this.reading = false
      if (this.phase._tag === "Gone") return
      const error = storeErrorOf(exit)
      if (error === undefined && exit._tag === "Success") {
        if (exit.value._tag === "None") {
          this.shell.ended(this.workflowId, { _tag: "Deleted" })
          return this.leave(() => new NotFound())
        }
        const stored = exit.value.value
        this.undisturbed(() => this.apply(stored, after))
      } else if (error?.reason._tag === "Unavailable") {
        this.behind = true
        this.reading = true
        return void this.shell.host.after(200, () => {
          this.reading = false
          this.work()
        })
      } else {
        return this.lose(error?.message ?? "the store answered nothing")
      }
      if (!this.working) this.work()
    })
  }

  private apply(stored: StoredExecution, after: Version | undefined): void {
    const { summary } = stored
    // Finished and started again: what is in hand is for the run that the id has now.
    if (summary.runId !== this.runId) return this.leave(() => "Conflict")
    const [first] = this.inbox
    const claimed = first?._tag === "Claim" && (summary.owner === first.from || summary.owner === this.shell.worker)
    const events = stored.commits.flatMap((commit) => commit.events)
    const state =
      after === undefined || (this.phase._tag !== "Hot" && this.phase._tag !== "Blocked")
        ? fold(events)
        : fold(events, this.phase.state)
    // In care, what this worker has not seen yet nobody has: the program's reaction to it is news.
    const seen = claimed ? summary.version : this.version
    this.version = summary.version
    if (state?.closed !== undefined) {
      this.leave(() => new Finished({ status: summary.status }))
      return this.shell.ended(this.workflowId, { _tag: "Closed", runId: this.runId, event: state.closed })
    }
    if (isFinal(summary.status) || (!claimed && summary.owner !== this.shell.worker))
      return this.leave(() => "Conflict")
    if (state === undefined) return this.lose("the history has no beginning")
    if (after !== undefined && this.phase._tag === "Blocked") {
      this.phase = { ...this.phase, state }
      return
    }
    const interpreter = after !== undefined && this.phase._tag === "Hot" ? this.phase.interpreter : this.interpreter()
    for (const commit of stored.commits) interpreter.replay(commit.events, commit.version > seen)
    const problem = interpreter.problem ?? this.excess
    this.phase = problem === undefined ? { _tag: "Hot", interpreter, state } : { _tag: "Blocked", problem, state }
    if (!claimed && this.phase._tag === "Hot") this.resume(state)
  }

  /** Takes the open commands of a replayed execution into care; keeps the attempts that run already. */
  private resume(state: WorkflowState): void {
    for (const command of state.open) if (command._tag === "Activity") this.startOpen(state, command.seq)
    const open = new Set(state.open.map((command) => command.seq))
    for (const seq of [...(this.attempts?.keys() ?? [])]) if (!open.has(seq)) this.abandon(seq)
    this.setAlarm()
  }

  private startOpen(state: WorkflowState, seq: Sequence): void {
    const activity = state.open.find((command) => command.seq === seq)
    if (activity?._tag !== "Activity" || this.attempts?.has(seq) === true) return
    const isWaiting = activity.retryAt !== undefined
    const held: Held = { fiber: undefined, abandoned: false, step: undefined, waiting: isWaiting }
    this.attempts ??= new Map()
    this.attempts.set(seq, held)
    if (!held.waiting) this.attempt(activity, held)
  }

  /** Runs the next attempt of an activity. */
  attempt(activity: OpenActivity, held: Held): void {
    if (this.stopping) return
    held.waiting = false
    const handler = this.registration.handler(activity.scheduled.name)
    if (handler === undefined) {
      const waiting = `workflow ${this.registration.workflow} waits for activity ${activity.scheduled.name}`
      return this.shell.host.log("Error", `${waiting}, which has no handler here; provide its toLayer(...)`)
    }
    this.shell.attempts.start(this, activity, handler, held, (outcome) => {
      this.tell({ _tag: "Attempt", seq: activity.seq, outcome })
    })
  }

  private abandon(seq: Sequence): void {
    const attempt = this.attempts?.get(seq)
    if (attempt === undefined) return
    this.attempts?.delete(seq)
    this.shell.host.fork(this.shell.attempts.abandon(attempt), () => {})
  }

  private setAlarm(): void {
    const at = this.phase._tag === "Hot" && !this.stopping ? nextAlarm(this.phase.state, this.attempts) : undefined
    this.shell.alarms.at(this, at)
  }

  /** Lets go of the execution because its store failed for good, until somebody looks for it again. */
  private lose(detail: string, messages: ReadonlyArray<Message> = []): void {
    this.shell.host.log("Error", `execution ${JSON.stringify(this.workflowId)} is let go for now: ${detail}`)
    this.shell.lost()
    this.leave(() => new StoreUnavailable({ detail }), messages)
  }

  /** Lets go of the execution; whoever waits for an answer gets the refusal. */
  leave(refuse: Refuse, messages: ReadonlyArray<Message> = []): void {
    this.phase = { _tag: "Gone", refuse }
    for (const seq of [...(this.attempts?.keys() ?? [])]) this.abandon(seq)
    this.shell.alarms.at(this, undefined)
    this.shell.touched(this)
    for (const message of [...messages, ...this.inbox.splice(0)]) answer(message, refuse())
  }
}
