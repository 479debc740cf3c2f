/**
 * Runs programs that send and are sent to by turns, without executor or store, in random order: what they wait for comes at any
 * moment and in any number, from this worker or from other processes; turns lose races for their commits, programs are read again,
 * and executions are taken over by workers of other releases. A run that continues is followed by the next. Everything follows from a seed.
 */
import type { Schema } from "effect"
import {
  type ClosingEvent,
  type DeliveredEvent,
  type EventOf,
  type HistoryEvent,
  type MessageOutcome,
  type RecordedExit
} from "perdure/HistoryEvent"
import { RunId, type Version, WorkerId, WorkflowId } from "perdure/Ids"
import type { WorkflowState } from "perdure/WorkflowState"
import type { StoredExecution } from "perdure/Store/WorkflowStore"
import { seenByOwners } from "../../src/Executor/default/restore.ts"
import { questionOf } from "../../src/internal/core/asked.ts"
import { beginning } from "../../src/internal/core/continued.ts"
import { attemptOf, fold, nextTimer, outcomeOf } from "../../src/internal/core/evolve.ts"
import type { Place } from "../../src/internal/replay/addresses.ts"
import type { Interpreter } from "../../src/internal/replay/Interpreter.ts"
import type { Program } from "../../src/internal/replay/Program.ts"
import { make as makeRandom } from "../../src/internal/replay/random.ts"
import { isOfActivity, type Told } from "../../src/internal/replay/Told.ts"
import { Turn } from "../../src/internal/replay/turn.ts"
import { asked, type MessageProgram, signals, updates } from "../corpus/messages.ts"
import { interpret, printed } from "./Driver.ts"

/** A run of a chain. */
export interface Run {
  readonly commits: Array<ReadonlyArray<HistoryEvent>>
  /** What its program showed after a commit, where it had read all of it. */
  readonly shown: Map<number, string>
  /** The releases that had it, with the number of commits before each. */
  readonly releases: Array<{ readonly release: number; readonly from: number }>
}

/** What names a schedule: set `MESSAGES` to it to run that one alone and see its history. */
export const tokenOf = ({ name }: MessageProgram, seed: number): string => `${name}:${seed}`

/** Runs a program to the end of its chain by a random schedule. */
export const drive = (program: MessageProgram, seed: number): ReadonlyArray<Run> => {
  const drive = new Drive(program, seed)
  try {
    while (drive.move());
  } catch (thrown) {
    throw new Error(`${String(thrown)}\n${linesOf(drive.runs)}`, { cause: thrown })
  }
  return drive.runs
}

/** All histories of a chain. */
export const linesOf = (runs: ReadonlyArray<Run>): string =>
  runs.map(({ commits }) => commits.map((events) => printed(events)).join("\n--\n")).join("\n==\n")

/** What a program shows of itself, without a trace: its signals, what it publishes, and the answers of its queries. */
export const shownBy = (interpreter: Interpreter): string =>
  JSON.stringify([
    interpreter.signals,
    interpreter.queries.publications.map(([name, read]) => [name, read()]),
    asked.map((name) => interpreter.queries.ask({ _tag: "Query", name, input: null }))
  ])

/** Up to which commit a worker has run the program: what follows from later ones is news. */
const seenOf = (commits: Run["commits"]): number => {
  const { owner, status } = fold(commits.flat())!
  const stored = commits.map((events, index) => ({ events, version: index + 1 }))
  // It looks at no more than this of an execution.
  return seenByOwners({ commits: stored, summary: { owner, status } } as unknown as StoredExecution)
}

// internal

/** How many moves a chain makes before it is cancelled; and again so many before it counts as endless. */
const patience = 400

const worker = WorkerId.make("w")
const workflowId = WorkflowId.make("me")
const others = ["one", "two", "kid"] as const

type Mail = { readonly told: Told }

class Drive {
  readonly runs: Array<Run> = []
  private readonly program: MessageProgram
  private readonly draw: () => number
  private readonly closed = new Map<string, ClosingEvent>()
  private release: number
  /** The releases that executions of the chain have had. */
  private readonly had = new Set<number>()
  private live: Program
  private state: WorkflowState | undefined
  private now = 1_700_000_000_000
  private moves = 0
  private messages = 0

  constructor(program: MessageProgram, seed: number) {
    const random = makeRandom(tokenOf(program, seed))
    this.program = program
    this.draw = () => random.nextDoubleUnsafe()
    this.release = this.below(program.releases.length)
    this.had.add(this.release)
    this.live = this.fresh()
    const deadline = this.draw() < 0.1 ? { deadline: this.now + this.below(3000) } : {}
    const event: EventOf<"ExecutionStarted"> = {
      _tag: "ExecutionStarted",
      at: this.now,
      workflow: program.workflow,
      workflowId,
      runId: RunId.make(tokenOf(program, seed)),
      input: program.input(this.draw),
      suggestContinueAt: 20,
      ...deadline
    }
    const message = this.draw() < 0.2 ? this.message() : undefined
    const first = message?._tag === "Signal" || message?._tag === "Update" ? { with: message } : {}
    if (this.draw() < 0.8) this.begin({ ...event, owner: worker }, [], first)
    else this.beginElsewhere(event)
  }

  /** Makes one random move; answers whether the chain goes on. */
  move(): boolean {
    if (this.state?.closed !== undefined) return false
    this.now += this.below(40)
    if (++this.moves > 2 * patience) throw new Error("it does not end")
    const chance = this.draw()
    if (this.moves === patience) this.take([{ _tag: "Cancel", reason: "patience" }])
    else if (chance < 0.08) this.takeOver()
    else if (chance < 0.12) this.readAgain()
    else if (chance < 0.13) this.block()
    else if (chance < 0.3) this.elsewhere()
    else this.take(Array.from({ length: 1 + this.below(3) }, () => this.told()))
    return true
  }

  private below(most: number): number {
    return Math.floor(this.draw() * most)
  }

  private pick<A>(all: ReadonlyArray<A>): A {
    return all[this.below(all.length)]!
  }

  private get run(): Run {
    return this.runs.at(-1)!
  }

  private fresh(): Program {
    return { _tag: "Loaded", interpreter: interpret(this.program.releases[this.release]!) }
  }

  /** A turn of this worker, whose commit is saved, or comes too late and is made again. */
  private take(told: ReadonlyArray<Told>): void {
    if (this.draw() < 0.08) {
      this.turn(told, undefined)
      // It came too late: what it did is forgotten.
      if (this.draw() < 0.7) this.append(this.event())
      this.restore()
    }
    this.save(this.turn(told, undefined), told)
  }

  private turn(
    told: ReadonlyArray<Told>,
    claim: { readonly isLost: boolean; readonly mayBlock: boolean } | undefined
  ): Turn {
    const turn = new Turn(
      {
        program: this.live,
        state: this.state,
        version: this.run.commits.length,
        worker,
        maxHistory: 1_000_000,
        claim
      },
      told.map((told): Mail => ({ told })),
      this.now
    )
    while (turn.wants.length > 0) turn.resume(new Map(turn.wants.map((id) => [id, this.place(id)])))
    if (turn.program._tag === "Stopped" && this.live._tag === "Loaded") throw new Error(turn.program.problem.message)
    return turn
  }

  private save(turn: Turn, told: ReadonlyArray<Told>): void {
    this.state = turn.state
    if (turn.events.length > 0) this.run.commits.push([...turn.events])
    const { closed, continued } = turn.state
    if (closed !== undefined) return
    const left = told.slice(turn.taken)
    if (continued !== undefined) return this.goOn(continued, left)
    this.show()
    if (left.length > 0) this.save(this.turn(left, undefined), left)
  }

  private show(): void {
    if (this.live._tag === "Loaded") this.run.shown.set(this.run.commits.length, shownBy(this.live.interpreter))
  }

  /** Begins the next run, by this worker or by another process. */
  private goOn(continued: EventOf<"ExecutionContinued">, left: ReadonlyArray<Told>): void {
    if (this.draw() < 0.7)
      this.begin(
        beginning(continued, worker),
        left.filter((told) => !isOfActivity(told))
      )
    else this.beginElsewhere(beginning(continued))
  }

  private begin(
    event: EventOf<"ExecutionStarted">,
    left: ReadonlyArray<Told>,
    first: { readonly with?: Extract<Told, { readonly _tag: "Signal" | "Update" }> } = {}
  ): void {
    this.newRun()
    const told: ReadonlyArray<Told> = [{ _tag: "Start", event, ...first }, ...left]
    this.save(this.turn(told, undefined), told)
  }

  private beginElsewhere(event: EventOf<"ExecutionStarted">): void {
    this.newRun()
    this.run.commits.push([event])
    while (this.draw() < 0.5) this.append(this.event())
    this.restore()
    this.claim()
  }

  private newRun(): void {
    this.live = this.fresh()
    this.state = undefined
    this.runs.push({ commits: [], shown: new Map(), releases: [{ release: this.release, from: 0 }] })
  }

  /** The history is read again, by a program that has seen nothing. */
  private restore(): void {
    const { commits } = this.run
    const live = this.fresh()
    this.state = fold(commits.flat())
    replay(interpreterOf(live), commits)
    this.live = live
  }

  private readAgain(): void {
    this.restore()
    this.save(this.turn([], undefined), [])
  }

  /** Another worker takes it, which may have another release. */
  private takeOver(): void {
    const release = this.release + (this.draw() < 0.5 ? 1 : -1)
    if (this.draw() < 0.6 && this.mayBecome(release)) {
      this.release = release
      this.had.add(release)
      this.run.releases.push({ release, from: this.run.commits.length })
    }
    this.restore()
    this.claim()
  }

  /** The program cannot go on for a while: what the execution is told then is recorded alone. Then its code is put right. */
  private block(): void {
    this.live = { _tag: "Stopped", problem: { reason: "Defect", message: "chance" } }
    this.save(this.turn([], undefined), [])
    while (this.draw() < 0.7 && this.state?.closed === undefined) {
      if (this.draw() < 0.4) {
        const event = this.event()
        this.append(event)
        if (event !== undefined) this.state = fold([this.run.commits.at(-1)![0]!], this.state)
      } else this.save(this.turn([this.told()], undefined), [])
    }
    if (this.state?.closed !== undefined) return
    this.run.releases.push({ release: this.release, from: this.run.commits.length })
    if (this.draw() < 0.5) return this.readAgain()
    this.restore()
    this.claim()
  }

  /** Whether a release has what executions need that this one, and those before it, have run. */
  private mayBecome(release: number): boolean {
    if (this.program.releases[release] === undefined) return false
    if (release > this.release) return [...this.had].every((other) => other >= release - 1)
    return release === 2 || (release === 1 && !this.had.has(0) && !this.had.has(3))
  }

  private claim(): void {
    this.save(this.turn([], { isLost: this.draw() < 0.5, mayBlock: true }), [])
  }

  /** Other processes append something, which this worker reads. */
  private elsewhere(): void {
    const from = this.run.commits.length
    do this.append(this.event())
    while (this.draw() < 0.4)
    const news = this.run.commits.slice(from)
    if (news.length === 0) return
    if (this.draw() < 0.2) return this.takeOver()
    this.state = fold(news.flat(), this.state)
    for (const events of news) interpreterOf(this.live).replay(events, true)
    const told = this.draw() < 0.3 ? [this.told()] : []
    this.save(this.turn(told, undefined), told)
  }

  private append(event: DeliveredEvent | undefined): void {
    if (event !== undefined) this.run.commits.push([{ ...event, unread: true } as HistoryEvent])
  }

  /** Something that another process records. */
  private event(): DeliveredEvent | undefined {
    const state = fold(this.run.commits.flat())!
    const told = this.message(state) ?? this.news(state)
    const at = Math.max(this.now, state.updatedAt)
    const number = ++this.messages
    const from = RunId.make("a stranger")
    const sent = this.draw() < 0.5 ? { id: `${from}#${number}` as never, from } : {}
    switch (told?._tag) {
      case "Signal":
        return { ...told, at, _tag: "SignalReceived", ...sent }
      case "Update":
        return { _tag: "UpdateRequested", at, id: told.id, name: told.name, input: told.input }
      case "Cancel":
        return { _tag: "CancelRequested", at, kind: "cancel", reason: told.reason, ...sent }
      case "Settled":
        return { _tag: "MessageSettled", at, id: told.id, outcome: outcomeOf(state, told.id, told.outcome) }
      case "ChildEnded":
        return { ...told, at }
      default:
        return undefined
    }
  }

  /** What the execution is told next. */
  private told(): Told {
    const state = this.state!
    const waiting = this.live._tag === "Loaded" ? this.live.interpreter.signals.awaited : []
    const chance = this.draw()
    if (chance < 0.25) return this.message(state) ?? this.told()
    if (chance < 0.45) return this.news(state) ?? this.told()
    if (chance < 0.55 && waiting.length > 0) return this.signal(this.pick(waiting))
    const open = [...state.open.values()]
    if (open.length === 0) return this.news(state) ?? this.signal(this.pick([...waiting, ...signals]))
    const { issued, seq, ...activity } = this.pick(open)
    if (issued._tag === "TimerStarted") {
      if (this.draw() < 0.5) this.now = Math.max(this.now, nextTimer(state)!.dueAt!)
      return { _tag: "Due" }
    }
    const { name } = issued
    const failed = { _tag: "Failed", seq, activity: name, failure: refusal, pause: 5 } as const
    if (this.draw() < 0.1) return attemptOf({ issued, seq, ...activity }) < 4 ? failed : this.told()
    return { _tag: "Resolved", seq, activity: name, exit: this.exitOf(issued) }
  }

  /** A message of another execution or of a client. */
  private message(
    _state?: WorkflowState
  ): Extract<Told, { readonly _tag: "Signal" | "Update" | "Cancel" | "Terminate" }> | undefined {
    const chance = this.draw()
    if (chance < 0.02) return { _tag: "Cancel", reason: `chance ${this.moves}` }
    if (chance < 0.5) return this.signal(this.pick(signals))
    const id = this.below(12)
    // One name and input to an id, but for a few.
    const input = this.draw() < 0.1 ? 5 : id
    return { _tag: "Update", id: `u${id}`, name: updates[id % updates.length]!, input, wait: "answered" }
  }

  private signal(name: string): Extract<Told, { readonly _tag: "Signal" }> {
    const key = this.draw() < 0.3 ? { key: `k${this.below(6)}` } : {}
    return { _tag: "Signal", name, payload: ++this.messages, ...key }
  }

  /** What becomes of the messages and the children of the execution; also what it knows already. */
  private news({
    children,
    owed
  }: WorkflowState): Extract<Told, { readonly _tag: "Settled" | "ChildEnded" }> | undefined {
    if (children.size > 0 && this.draw() < 0.5) {
      const [workflowId, { address }] = this.pick([...children])
      const closing = this.closing()
      this.closed.set(address.chain, closing)
      return { _tag: "ChildEnded", workflowId, from: address.chain, closing }
    }
    if (owed.size > 0) {
      const { id, message } = this.pick([...owed.values()])
      return { _tag: "Settled", id, outcome: this.outcome(message._tag === "Start") }
    }
    if (this.closed.size === 0 || this.draw() < 0.8) return undefined
    const [from, closing] = this.pick([...this.closed])
    return { _tag: "ChildEnded", workflowId: WorkflowId.make(this.pick(others)), from: RunId.make(from), closing }
  }

  private outcome(isStart: boolean): MessageOutcome {
    if (this.draw() < 0.6) return { _tag: "Delivered" }
    const runId = RunId.make("another")
    const refusals: ReadonlyArray<MessageOutcome> = isStart
      ? [{ _tag: "Refused", reason: "AlreadyExists", status: "running", runId }]
      : [
          { _tag: "Refused", reason: "NotFound" },
          { _tag: "Refused", reason: "Finished", status: "failed" },
          { _tag: "Refused", reason: "Restarted", runId }
        ]
    return this.pick([
      ...refusals,
      { _tag: "Refused", reason: "Unreadable" },
      { _tag: "Refused", reason: "TooLarge", bytes: 5, limit: 4 }
    ])
  }

  private closing(): ClosingEvent {
    const at = this.now
    return this.pick<ClosingEvent>([
      { _tag: "ExecutionCompleted", at, value: 5 },
      { _tag: "ExecutionCompleted", at, value: 6 },
      { _tag: "ExecutionFailed", at, failure: { _tag: "Fail", error: { _tag: "Refused", what: "a child" } } },
      { _tag: "ExecutionFailed", at, failure: { _tag: "Die", defect: { name: "Error", message: "a child" } } },
      { _tag: "ExecutionCancelled", at, reason: "a child" },
      { _tag: "ExecutionTimedOut", at },
      { _tag: "ExecutionTerminated", at, reason: "a child" }
    ])
  }

  private place(id: WorkflowId): Place {
    const chance = this.draw()
    const chain = RunId.make(`${id} ${this.below(2)}`)
    if (chance < 0.5)
      return { chain, runId: chain, version: 3 as Version, status: this.draw() < 0.8 ? "running" : "completed" }
    return chance < 0.95 ? { _tag: "Free", version: 0 as Version } : { _tag: "Unreadable" }
  }

  private exitOf({ input, name }: EventOf<"ActivityScheduled">): RecordedExit {
    const chance = this.draw()
    if (chance < 0.03) return { _tag: "Die", defect: { name: "Error", message: "chance" } }
    switch (name) {
      case "Echo":
        return { _tag: "Success", value: input }
      case "Lose":
        return chance < 0.5 ? refusal : { _tag: "Success", value: null }
      case "perdure/ask":
        return chance < 0.15
          ? { _tag: "Fail", error: { _tag: "NotFound" } }
          : { _tag: "Success", value: this.answer(input) }
      default:
        throw new Error(`the driver does not know activity ${name}`)
    }
  }

  /** What another execution answers. */
  private answer(input: Schema.Json): Schema.Json {
    const { message, operation } = questionOf(input)
    const runId = `run ${this.below(2)}`
    switch (operation) {
      case "find":
        return { workflow: this.draw() < 0.9 ? "Child" : "Other", runId }
      case "result":
        return this.closing() as unknown as Schema.Json
      case "query":
        return { _tag: "Success", value: ["a line"] }
      case "update": {
        const isStart = message?._tag === "Update" && message.wait === "accepted"
        if (isStart && this.draw() < 0.5) return { runId, accepted: true }
        const exit = this.draw() < 0.7 ? { _tag: "Success", value: 9 } : { _tag: "Fail", error: { ...refusal.error } }
        return { runId, accepted: exit._tag === "Success", exit }
      }
    }
  }
}

const refusal = { _tag: "Fail", error: { _tag: "Refused", what: "chance" } } as const

const interpreterOf = (program: Program): Interpreter => {
  if (program._tag === "Stopped") throw new Error(program.problem.message)
  return program.interpreter
}

/** Replays what was seen, and reads the rest as news. */
export const replay = (interpreter: Interpreter, commits: Run["commits"]): void => {
  const seen = seenOf(commits)
  interpreter.foresee(commits.flat())
  for (const [index, events] of commits.entries()) interpreter.replay(events, index >= seen)
}
