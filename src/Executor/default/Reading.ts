/**
 * How an execution gets its program: by its history, all of the run or what others have committed since.
 */
import type { Version } from "../../Ids.ts"
import { Interpreter } from "../../internal/replay/Interpreter.ts"
import type { Registration } from "../WorkflowRegistry.ts"
import { Answering } from "./Answering.ts"
import { storeErrorOf } from "./errors.ts"
import type { Mail, Refuse } from "./Mail.ts"
import * as Oversize from "./Oversize.ts"
import * as phases from "./phases.ts"
import type { Claim, Identity } from "./phases.ts"
import { type Read, readHistory } from "./readHistory.ts"
import { type Found, restore } from "./restore.ts"
import type { Shared } from "./Shared.ts"
import { under } from "../../internal/traced.ts"

export abstract class Reading<Self> extends Answering {
  protected readonly shared: Shared<Self>
  protected size: Oversize.Size = Oversize.together
  /** Whether another process has committed to the execution since it was read. */
  protected behind = false

  constructor(shared: Shared<Self>, registration: Registration, identity: Identity) {
    super(shared.fibers, registration, identity)
    this.shared = shared
  }

  /** The takeover that is not saved yet. */
  protected get claim(): Claim | undefined {
    return phases.claimOf(this.program)
  }

  /** Reads the history: all of the run, or what was committed after a version. */
  protected read(after: Version | undefined): void {
    this.doing = phases.reading
    this.behind = false
    this.shared.fibers.fork(under(this.trace, readHistory(this.shared.store, this.workflowId, after)), (exit) => {
      if (this.program._tag === "Released") return
      if (exit._tag === "Failure") return this.giveUp(storeErrorOf(exit.cause).message, [])
      this.inSlices(this.follow(exit.value, after), (found) => {
        if (this.program._tag === "Released") return
        this.doing = phases.nothing
        this.apply(found)
      })
    })
  }

  /** A fresh program. When something outside its history wakes it, the execution looks and finds it stopped. */
  protected interpreter(): Interpreter {
    const { budget, programContext } = this.shared
    return new Interpreter(this.registration.program, programContext, budget, () => this.work())
  }

  /** Lets go of the execution, since another process was first; that may have left it to whichever worker is first now. */
  protected lose(mail: ReadonlyArray<Mail> = []): void {
    this.release(() => "Conflict", mail)
    this.shared.offer(this.workflowId)
  }

  abstract release(refuse: Refuse, mail?: ReadonlyArray<Mail>): void

  /** Goes on with what was read. */
  protected abstract apply(found: Found): void

  private *follow(read: Read, after: Version | undefined): Generator<void, Found> {
    if (read._tag !== "Found") return read
    this.published = read.stored.summary.published
    const { claim, program, runId, shared, version } = this
    if (read.stored.summary.version !== version) this.size = Oversize.afterNews(this.size)
    const begun = this.shared.fibers.passed()
    const found = yield* restore(read.stored, {
      runId,
      version,
      shared,
      live: after !== undefined && "state" in program ? program : undefined,
      claim,
      fresh: () => this.interpreter(),
      problem: Oversize.problemOf(this.size) ?? this.defect
    })
    if (after === undefined) this.shared.observed.replayed(this, read.stored.commits, begun)
    return found
  }
}
