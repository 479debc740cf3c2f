/**
 * The mailbox of an execution and the loop that works it off: one thing at a time, and nothing that is thrown leaves it. It has a
 * clock of its own, which is never behind the history.
 */
import type { Problem } from "../../HistoryEvent.ts"
import type { RunId, Version, WorkflowId } from "../../Ids.ts"
import { defectOf } from "../../internal/replay/defect.ts"
import type { Registration } from "../WorkflowRegistry.ts"
import type { Fibers } from "./Fibers.ts"
import type { Mail } from "./Mail.ts"
import { type Doing, type Identity, nothing } from "./phases.ts"

export abstract class Loop {
  readonly workflowId: WorkflowId
  /** The first run of the chain, and the one that is current. */
  readonly chain: RunId
  runId: RunId
  /** The program of the run. */
  registration: Registration
  /** The version of the first commit of the run. */
  firstVersion: Version
  /** The latest version of which this process knows. */
  version: Version
  protected inbox: Array<Mail> = []
  /** The mail of the turn that is being taken. */
  protected inHand: ReadonlyArray<Mail> = []
  protected doing: Doing = nothing
  /** Whether the loop runs, or what it waits for is carried out: mail that comes meanwhile waits. */
  protected working = false
  /** What was thrown in the loop, as the problem of the program. */
  protected defect: Problem | undefined = undefined

  private readonly fibers: Fibers
  /** How much the time of the history is ahead of the clock, in milliseconds. */
  protected ahead = 0

  constructor(fibers: Fibers, registration: Registration, identity: Identity) {
    const { chain, firstVersion, runId, version, workflowId } = identity
    this.fibers = fibers
    this.registration = registration
    this.workflowId = workflowId
    this.chain = chain ?? runId
    this.runId = runId
    this.version = version
    this.firstVersion = firstVersion
  }

  /** The time of the execution, in milliseconds since 1970: never before its latest event. */
  now(): number {
    return this.fibers.now() + this.ahead
  }

  /** Goes on from the time of an event. As long as the execution is in care it is not forgotten how far a clock was ahead. */
  protected goOnFrom(at: number): void {
    this.ahead = Math.max(this.ahead, at - this.fibers.now())
  }

  /** Does all that there is to do, until it must wait for something. */
  work(): void {
    if (this.working) return
    const defect = this.defect
    this.undisturbed(() => {
      let goesOn = true
      while (goesOn && this.doing === nothing) {
        // Between any two commits, so that neither questions nor mail keep the other waiting.
        const hasAnswered = this.answer()
        goesOn = this.step() || hasAnswered
      }
    })
    if (this.defect !== defect) return this.work()
    this.rest()
  }

  /** Does something that goes by the present state; what handlers answer at once waits in the mailbox meanwhile. */
  protected undisturbed(act: () => void): void {
    const { working } = this
    this.working = true
    try {
      act()
    } catch (thrown) {
      this.fail(thrown)
    } finally {
      this.working = working
    }
  }

  /** Does something slice by slice; the process does other work in between, and the execution waits. */
  protected inSlices<A>(slices: Iterator<void, A>, done: (value: A) => void): void {
    this.undisturbed(() => {
      const slice = slices.next()
      if (slice.done === true) done(slice.value)
      else this.fibers.yield(() => this.inSlices(slices, done))
    })
    if (this.doing === nothing && !this.working) this.work()
  }

  /** Puts mail back, to be taken before what has come meanwhile. */
  protected putBack(mail: ReadonlyArray<Mail>): void {
    this.inbox = [...mail, ...this.inbox]
  }

  /** Whether its first commit is not saved yet. */
  protected get isUnsaved(): boolean {
    return this.version === this.firstVersion - 1
  }

  /** The id, as texts name it. */
  protected get name(): string {
    return JSON.stringify(this.workflowId)
  }

  /** Writes a line to the log that is about this execution. */
  protected log(level: "Info" | "Warn" | "Error", text: string): void {
    const { registration, runId, workflowId } = this
    this.fibers.log(level, text, { workflow: registration.workflow, workflowId, runId })
  }

  /** Answers the questions that need not wait; returns whether there were any. */
  protected answer(): boolean {
    return false
  }

  /** Does the next thing; returns whether there was one. */
  protected abstract step(): boolean

  /** Called when there is nothing to do. */
  protected abstract rest(): void

  /** Begins again with the history, and stops the program by the defect. */
  protected abstract stopBy(defect: Problem): void

  /** Gives up after a second defect. */
  protected abstract giveUp(text: string, mail: ReadonlyArray<Mail>): void

  /** Stops the program after something was thrown, with what is in hand still to be recorded. */
  private fail(thrown: unknown): void {
    const { message, name, stack } = defectOf(thrown)
    const text = `a bug of perdure, please report it: ${stack ?? `${name}: ${message}`}`
    const mail = this.inHand
    this.inHand = []
    this.doing = nothing
    if (this.defect !== undefined) return this.giveUp(text, mail)
    this.defect = { reason: "Defect", message: text }
    this.putBack(mail)
    this.stopBy(this.defect)
  }
}
