/**
 * One execution in the care of this worker.
 *
 * 1. Mail is taken in order. A turn (`internal/replay/turn.ts`) makes it the events of one commit.
 * 2. Nothing is carried out, and no sender is answered, before the commit is saved; until then the execution waits.
 * 3. On a conflict another process committed first: the live program is dropped, the history is read and replayed, and the mail
 *    in hand is taken again. A result that was computed is kept.
 * 4. An execution whose program cannot go on is stopped: what it is told is still recorded, and nothing is delivered.
 * 5. What is thrown in the loop is a bug of this library. It stops the program of this execution, and no other.
 * 6. Its time is that of its history: when a clock was ahead that recorded an event, the execution goes on from there.
 *
 * Its states in memory are in `phases.ts`, and what it does outside its program in `UnderWay.ts`.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type { ClosingEvent, EventOf, Problem } from "../../HistoryEvent.ts"
import { type Sequence, Version } from "../../Ids.ts"
import type { Question } from "../../internal/core/asked.ts"
import { beginning } from "../../internal/core/continued.ts"
import type { Told } from "../../internal/replay/Told.ts"
import { Turn } from "../../internal/replay/turn.ts"
import { reasonOf } from "../../internal/store/failure.ts"
import { summarize } from "../../internal/store/summary.ts"
import type { ExecutionSummary, StoreError, TooLarge } from "../../Store/WorkflowStore.ts"
import { Finished, NotFound, ShutDown } from "../../WorkflowError.ts"
import type { WorkflowState } from "../../WorkflowState.ts"
import type { ActivityHandler, Registration } from "../WorkflowRegistry.ts"
import { questionsIn } from "./OpenQuestions.ts"
import { placesOf } from "./places.ts"
import type { AlarmOwner } from "./Alarms.ts"
import * as announce from "./announce.ts"
import { isRefusal, refusalOf, storeErrorOf } from "./errors.ts"
import { acknowledge, type Mail, mailOfNext, type Refuse, refuseAll, type Reply } from "./Mail.ts"
import * as Oversize from "./Oversize.ts"
import * as phases from "./phases.ts"
import type { Identity, Program } from "./phases.ts"
import { Reading } from "./Reading.ts"
import type { Found } from "./restore.ts"
import type { Outcome } from "./Saves.ts"
import type { Owner } from "./Owner.ts"
import type { Shared } from "./Shared.ts"
import { UnderWay } from "./UnderWay.ts"

export class Execution extends Reading<Execution> implements AlarmOwner, Owner {
  program: Program
  alarmAt: number | undefined = undefined
  term = 0
  private underWay: UnderWay | undefined = undefined
  /** Whether it begins nothing more, and whether it is let go once nothing is in hand. */
  private stopping = false
  private leaving = false
  /** Called once it is let go. */
  private released: (() => void) | undefined = undefined

  constructor(shared: Shared<Execution>, registration: Registration, options: Identity) {
    super(shared, registration, options)
    this.program = phases.beginning(options)
    if (options.sleepsUntil !== undefined) shared.alarms.at(this, options.sleepsUntil)
  }

  /** Whether it can leave memory: nothing is in hand, no handler runs and no message is owed. */
  get isIdle(): boolean {
    return this.isAtRest && (this.underWay?.isIdle ?? true)
  }

  /** Whether all that it has under way is the wait for the answers of others. */
  get isAsking(): boolean {
    return this.isAtRest && (this.underWay?.isAsking ?? true)
  }

  /** What its program asks of others. */
  get asked(): ReadonlyArray<Question> {
    return "state" in this.program ? questionsIn(this.program.state) : []
  }

  private get isAtRest(): boolean {
    const { program } = this
    if (program._tag !== "Loaded" && program._tag !== "Stopped") return false
    return this.doing._tag === "Nothing" && this.inbox.length === 0 && !this.owes
  }

  /** Whether it owes messages to others. */
  get owes(): boolean {
    return "state" in this.program && this.program.state.owed.size > 0
  }

  /** Whether its end is sure to be noticed here. */
  get isLoaded(): boolean {
    return this.program._tag === "Loaded" || this.program._tag === "New"
  }

  inline(seq: Sequence): ActivityHandler | undefined {
    const { program } = this
    // Programs hand over handlers, which replay cannot know.
    return program._tag === "Loaded" ? (program.interpreter.closureOf(seq) as ActivityHandler | undefined) : undefined
  }

  /** Puts what the execution is told into its mailbox. */
  tell(told: Told, reply?: Reply): void {
    if (this.program._tag === "Released") return reply?.(this.program.refuse())
    this.inbox.push({ told, reply })
    this.work()
  }

  /** Notes that another process may have committed, up to a version; 0 when the execution was deleted. */
  notice(version: number): void {
    if (this.program._tag === "Released" || this.program._tag === "New") return
    if (version !== 0 && version <= this.version + (this.doing._tag === "Saving" ? 1 : 0)) return
    this.behind = true
    this.work()
  }

  /** Compares it with its summary, which says that there is something to do for it. */
  heardOf({ status, version }: ExecutionSummary): void {
    this.notice(version)
    // Receiving leaves no event, so after a signal of another process there may be none that brings the summary up to date.
    const isRead = version === this.version && this.doing === phases.nothing && this.inbox.length === 0
    if (isRead && status === "running" && !this.stopping) this.tell({ _tag: "Seen" })
  }

  /** The alarm of the execution: a timer, the next attempt of an activity or the deadline is due. */
  wake(): void {
    if (this.program._tag !== "Stopped") this.inbox.push({ told: { _tag: "Due" }, reply: undefined })
    // A blocked execution that is tried again by itself begins with its history. What is being read belongs to the program.
    else if (this.doing === phases.nothing) this.forgetProgram()
    else return
    this.work()
  }

  /** Leaves memory, but for what is needed to come back. */
  unload(): void {
    this.program = phases.unloaded
    this.underWay = undefined
  }

  /** Begins nothing more outside its program, and ends its handlers or lets them go on. What it is told is still recorded. */
  stop(handlers: "Interrupt" | "LetRun"): void {
    this.stopping = true
    this.setAlarm()
    this.underWay?.close(handlers)
  }

  /** Lets it go once what is in hand is saved; completes then. */
  leave(): Effect.Effect<void> {
    this.leaving = true
    this.work()
    return Effect.callback((resume) => {
      if (this.program._tag === "Released") return resume(Effect.void)
      this.released = () => resume(Effect.void)
    })
  }

  protected step(): boolean {
    const { program } = this
    if (program._tag === "Released") return false
    if (this.leaving && this.inbox.length === 0) this.release(() => new ShutDown())
    else if (program._tag === "Unloaded" || program._tag === "Claiming") this.read(undefined)
    else if (this.behind) this.read(Oversize.problemOf(this.size) === undefined ? this.version : undefined)
    else return this.takeTurn()
    return true
  }

  protected rest(): void {
    this.shared.touched(this)
  }

  protected stopBy({ message }: Problem): void {
    if (this.isUnsaved) return this.giveUp(message, this.inbox.splice(0))
    this.log("Error", `execution ${this.name} is stopped by ${message}`)
    this.forgetProgram()
  }

  /** Takes what is in the mailbox and saves what follows; returns whether there was anything to do. */
  private takeTurn(): boolean {
    const { program } = this
    if (this.inbox.length === 0 && (program._tag === "New" || phases.isQuiet(program))) return false
    const mail = this.inbox
    this.inbox = this.size === Oversize.together ? [] : mail.splice(Oversize.mostMail(this.size))
    this.inHand = mail
    const isNew = program._tag !== "Loaded" && program._tag !== "Stopped"
    const turn = new Turn(
      {
        program: isNew ? Oversize.begin(this.size, () => this.interpreter()) : program,
        state: isNew ? undefined : program.state,
        version: this.version,
        worker: this.shared.worker,
        maxHistory: this.shared.maxHistory,
        programVersion: this.registration.version,
        claim: isNew ? undefined : program.claim,
        noting: this.shared.observed.noting()
      },
      mail,
      this.now()
    )
    return this.conclude(turn, mail)
  }

  /** Saves the events of a turn, once the addresses that it wants are known. */
  private conclude(turn: Turn, mail: ReadonlyArray<Mail>): boolean {
    if (turn.wants.length > 0) return this.findAddresses(turn, mail)
    this.inHand = []
    const taken = turn.taken < mail.length ? mail.slice(0, turn.taken) : mail
    if (turn.taken < mail.length) this.putBack(mail.slice(turn.taken))
    if (turn.declined) return this.decline(turn, taken)
    // Most turns change a program in place.
    if (turn.program !== this.program) this.program = { ...turn.program, state: turn.state, claim: this.claim }
    const { events } = turn
    if (!Arr.isArrayNonEmpty(events)) {
      acknowledge(taken, turn.unrecorded)
      this.waitForNext()
      return taken.length > 0
    }
    const version = Version.make(this.version + 1)
    const { firstVersion, runId, workflowId } = this
    this.doing = { _tag: "Saving", mail: taken, term: this.shared.lease.term }
    const shown = { signals: phases.signalsOf(this.program), published: this.publish() }
    const summary = summarize(turn.state, { version, firstVersion, ...shown })
    const commit = { id: this.shared.commitId(), workflowId, runId, version, events, summary }
    this.shared.saves.save(commit, (outcome) => this.saved(turn, version, outcome), turn.current.noting)
    return true
  }

  /** Leaves an execution, whose program cannot go on here, to other workers that may be able to run it. */
  private decline({ program, state }: Turn, mail: ReadonlyArray<Mail>): boolean {
    if (program._tag === "Stopped") announce.left(this.shared, this, program.problem, state)
    this.release(() => "Conflict", mail, "Declined")
    return false
  }

  private findAddresses(turn: Turn, mail: ReadonlyArray<Mail>): boolean {
    this.doing = phases.addressing
    const isPatient = () => !this.isUnsaved && !this.stopping
    this.shared.fibers.fork(placesOf(this.shared, this, turn.wants, isPatient), (exit) => {
      this.doing = phases.nothing
      if (this.program._tag === "Released") return refuseAll(mail, this.program.refuse)
      if (exit._tag === "Failure") return this.giveUp(storeErrorOf(exit.cause), mail)
      this.undisturbed(() => {
        turn.resume(exit.value)
        this.conclude(turn, mail)
      })
      this.work()
    })
    return true
  }

  private saved(turn: Turn, version: Version, outcome: Outcome): void {
    const { mail, term } = this.doing._tag === "Saving" ? this.doing : { mail: [], term: 0 }
    this.doing = phases.nothing
    if (outcome === "Stopped") return this.release(() => new ShutDown(), mail)
    if (outcome === "Saved") {
      this.version = version
      this.term = term
      if (this.size !== Oversize.together) this.size = Oversize.afterSaved(this.size, this.inbox.length)
      const { claim } = this
      if (claim !== undefined && "state" in this.program) this.program = { ...this.program, claim: undefined }
      this.undisturbed(() => this.carryOut(turn))
      this.work()
      claim?.reply("Taken")
      // Only now: a sender that is answered may send at once, and must find the execution in care.
      return acknowledge(mail, turn.unrecorded)
    }
    if (this.program._tag === "Released") return this.release(this.program.refuse, mail)
    const { reason } = outcome
    if (reason._tag === "TooLarge") {
      this.tooLarge(mail, turn.events, reason)
    } else {
      const smaller = isRefusal(reason) ? Oversize.withoutCommands(this.size, reason.detail) : undefined
      if (reason._tag !== "Conflict" && smaller === undefined) return this.giveUp(outcome.message, mail)
      if (reason._tag === "Conflict" && this.version < this.firstVersion) return this.lose(mail)
      this.size = smaller ?? this.size
      this.putBack(mail)
      this.forgetProgram()
    }
    this.work()
  }

  /** Does what follows from the saved events. */
  private carryOut(turn: Turn): void {
    if (!("state" in this.program)) return
    const { state } = this.program
    this.shared.answers.recorded(this, turn.events)
    announce.answered(this.shared, this, turn.events)
    if (state.closed !== undefined) return this.close(state, state.closed)
    if (state.continued !== undefined) return this.begin(state.continued)
    announce.recorded(this.shared, this, state, turn.events)
    this.outside(state)?.carryOut(turn, state)
    this.waitForNext()
  }

  /** Lets go of the execution, whose closing event is saved. */
  private close({ owed, status }: WorkflowState, event: ClosingEvent): void {
    const signals = phases.signalsOf(this.program)
    this.underWay?.over()
    // Before waiting callers are notified: one that asks again at once must not wait for an execution that has ended.
    this.release(() => new Finished({ status }))
    announce.ended(this.shared, this, event, signals)
    if (owed.size > 0) this.shared.owes(this.workflowId, this.version)
  }

  /** Begins the next run, of which the last event of the run before says all. */
  private begin(continued: EventOf<"ExecutionContinued">): void {
    const { latest, worker } = this.shared
    this.registration = latest(this.registration.workflow) ?? this.registration
    const event = beginning(continued, worker, this.registration.version)
    this.runId = event.runId
    this.firstVersion = Version.make(this.version + 1)
    this.program = { _tag: "New", claim: this.claim }
    this.underWay?.over()
    this.underWay?.abandonAll()
    this.underWay = undefined
    this.inbox = mailOfNext(event, this.inbox)
  }

  /** A commit that no store accepts: finds out whether a message is at fault, which is refused, or the program. */
  private tooLarge(mail: ReadonlyArray<Mail>, events: Turn["events"], { bytes, limit }: TooLarge): void {
    const judgement = Oversize.judge(this.size, mail, { bytes, limit, workflow: this.registration.workflow, events })
    if (this.isUnsaved && judgement.again.length === 0) return this.release(() => judgement.reason, mail)
    this.size = judgement.size
    this.putBack(judgement.again)
    this.forgetProgram()
    for (const { reply } of judgement.refused) reply?.(judgement.reason)
  }

  protected apply(restored: Found): void {
    const { chain, claim, workflowId } = this
    switch (restored._tag) {
      case "Ready":
        this.version = restored.version
        this.program = { ...restored.program, state: restored.state, claim: restored.isClaimed ? claim : undefined }
        this.goOnFrom(restored.state.updatedAt)
        if (restored.state.continued !== undefined) return this.begin(restored.state.continued)
        if (restored.isClaimed) return
        // What is open and owed comes into care.
        this.outside(restored.state)?.resume(restored.state, restored.program._tag === "Loaded")
        return this.setAlarm()
      case "Closed":
        this.release(() => new Finished({ status: restored.status }))
        this.shared.ended(workflowId, { _tag: "Closed", chain, event: restored.event })
        return restored.owes ? this.shared.owes(workflowId, this.version) : undefined
      case "NotOurs":
        return this.lose()
      case "Missing":
        this.shared.ended(workflowId, { _tag: "Deleted" })
        return this.release(() => new NotFound())
      case "Foreign":
        announce.unreadable(this.shared, this, restored.error)
        return this.release(() => reasonOf(restored.error))
      case "Failed":
        return this.giveUp(restored.detail)
    }
  }

  /** Begins the attempts that are due, and sets the alarm for what comes next. */
  private waitForNext(): void {
    if (!this.stopping && this.program._tag === "Loaded") this.underWay?.retry(this.program.state)
    this.setAlarm()
  }

  private setAlarm(): void {
    const at = this.stopping ? undefined : phases.alarmOf(this.program, this.underWay?.nextRetryAt)
    this.shared.alarms.at(this, at === undefined ? undefined : at - this.ahead)
  }

  /** What is under way outside the program, made when there is something. */
  private outside({ open, owed }: WorkflowState): UnderWay | undefined {
    if (!this.stopping && (open.size > 0 || owed.size > 0)) this.underWay ??= new UnderWay(this.shared, this)
    return this.underWay
  }

  /** Drops the live program; the history is read again, and a takeover that was not saved begins again. */
  protected forgetProgram(): void {
    const { claim } = this
    if (this.isUnsaved) this.program = { _tag: "New", claim }
    else this.program = claim === undefined ? phases.unloaded : { _tag: "Claiming", claim }
  }

  /** Lets go of the execution because its store failed for good, until the next scan. */
  protected giveUp(why: string | StoreError, mail: ReadonlyArray<Mail> = []): void {
    this.log("Error", `execution ${this.name} is let go for now: ${typeof why === "string" ? why : why.message}`)
    this.shared.lost()
    this.release(() => refusalOf(why), mail)
  }

  /** Lets go of the execution; senders that wait for an answer get the refusal. */
  release(refuse: Refuse, mail: ReadonlyArray<Mail> = [], outcome: phases.ClaimOutcome = "Lost"): void {
    const { claim } = this
    this.program = { _tag: "Released", refuse }
    this.underWay?.abandonAll()
    this.shared.reports.forget(this.runId)
    this.shared.alarms.at(this, undefined)
    this.shared.touched(this)
    // Another worker may have answered what callers here wait for.
    this.shared.answers.changed(this.workflowId)
    claim?.reply(outcome)
    refuseAll([...mail, ...this.inbox.splice(0)], refuse)
    this.answer()
    this.released?.()
  }
}
