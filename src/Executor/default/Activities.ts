/**
 * The open activities of one execution, in the care of this worker.
 */
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import type * as Schema from "effect/Schema"
import type { RecordedExit } from "../../HistoryEvent.ts"
import type { Sequence } from "../../Ids.ts"
import { askName, isAsk } from "../../internal/core/asked.ts"
import { type Due, Heap } from "../../internal/core/Heap.ts"
import type { Open, WorkflowState } from "../../WorkflowState.ts"
import { attemptOf } from "../../internal/core/evolve.ts"
import { failureInWords } from "../../internal/core/match.ts"
import { defectOf } from "../../internal/replay/defect.ts"
import { aboutOf, type ActivityRun, type AttemptOutcome, type OpenActivity } from "./attempts.ts"
import type { ActivityHandler } from "../WorkflowRegistry.ts"
import type { Owner } from "./Owner.ts"
import type { Shared } from "./Shared.ts"

export class Activities {
  private readonly shared: Shared<never>
  private readonly owner: Owner
  private readonly runs = new Map<Sequence, ActivityRun>()
  /** When runs that wait for their next attempt are due. Entries of other runs are dropped when they come to the front. */
  private readonly retries = new Heap<Due>()
  private closed = false

  constructor(shared: Shared<never>, owner: Owner) {
    this.shared = shared
    this.owner = owner
  }

  /** Whether no handler runs or is in line. */
  get isIdle(): boolean {
    for (const run of this.runs.values()) if (run.dueAt === undefined) return false
    return true
  }

  /** Whether all that runs is the wait for the answers of other executions. */
  get isAsking(): boolean {
    for (const run of this.runs.values()) if (run.dueAt === undefined && run.asking === undefined) return false
    return true
  }

  /** When the next attempt of a failed activity is due. */
  get nextRetryAt(): number | undefined {
    if (this.retries.size === 0) return undefined
    return this.retries.first(({ at, order }) => this.runs.get(order as Sequence)?.dueAt === at)?.at
  }

  /** Begins the first attempt of an activity, or waits for its next one, unless that was done already. */
  begin(activity: Open | undefined): void {
    if (this.closed || activity === undefined || !isActivity(activity) || this.runs.has(activity.seq)) return
    const { hasDetails = false } = this.owner.registration.handlers.get(activity.issued.name) ?? {}
    const run: ActivityRun = { attempt: undefined, abandoned: false, dueAt: undefined, step: undefined, hasDetails }
    this.runs.set(activity.seq, run)
    if (activity.ended !== undefined) this.judge(activity, run, activity.ended)
    else if (activity.pending !== undefined) this.wait(activity.seq, activity.dueAt)
    else if (activity.dueAt === undefined) this.attempt(activity, run)
    else this.wait(activity.seq, activity.dueAt)
  }

  /** Begins anew with an activity whose attempt a caller outside has ended. */
  again(activity: Open | undefined): void {
    if (activity === undefined || this.runs.get(activity.seq)?.isJudged === true) return
    this.abandon(activity.seq)
    this.begin(activity)
  }

  /** Waits for the next attempt of an activity that failed, or for the timeout of one that a caller outside ends, if it has one. */
  wait(seq: Sequence, dueAt = Number.POSITIVE_INFINITY): void {
    const run = this.runs.get(seq)
    if (run === undefined) return
    run.dueAt = dueAt
    run.isJudged = false
    if (dueAt < Number.POSITIVE_INFINITY) this.retries.push({ at: dueAt, order: seq })
  }

  /** Begins the attempts that are due. */
  retry(state: WorkflowState): void {
    if (this.retries.size === 0) return
    const now = this.owner.now()
    for (let at = this.nextRetryAt; at !== undefined && at <= now; at = this.nextRetryAt) {
      const due = this.retries.first(() => true)!
      this.retries.pop()
      const run = this.runs.get(due.order as Sequence)!
      const activity = state.open.get(due.order as Sequence)
      run.dueAt = undefined
      if (activity === undefined || !isActivity(activity)) continue
      if (run.isRecorded === true) this.logMissing(activity)
      run.isRecorded = false
      if (activity.pending === undefined) this.attempt(activity, run)
      else this.judge(activity, run, { _tag: "TimedOut", after: activity.pending.after ?? 0 })
    }
  }

  /** Takes the open activities of a state into care, keeps the runs that are there, and ends those of other activities. */
  resume(state: WorkflowState): void {
    for (const activity of state.open.values()) {
      if (activity.ended === undefined) this.begin(activity)
      else this.again(activity)
    }
    for (const seq of [...this.runs.keys()]) if (!state.open.has(seq)) this.end(seq)
  }

  /** Ends the run of an activity whose result is recorded, or that the program gave up. */
  end(seq: Sequence): void {
    const run = this.runs.get(seq)
    this.abandon(seq)
    const { runId, workflowId } = this.owner
    this.shared.reports.remove({ workflowId, runId, seq }, run?.hasDetails === true)
  }

  /** Ends all of them: the run of the execution is over. */
  endAll(): void {
    for (const seq of [...this.runs.keys()]) this.end(seq)
  }

  /** Ends a run that goes on elsewhere, or not here and now. */
  abandon(seq: Sequence): void {
    const run = this.runs.get(seq)
    if (run === undefined) return
    this.runs.delete(seq)
    this.shared.runner.abandon(run)
    run.asking?.interruptUnsafe()
  }

  /** Ends all runs. */
  abandonAll(): void {
    for (const seq of [...this.runs.keys()]) this.abandon(seq)
  }

  /** Takes no more activities into care. */
  close(): void {
    this.closed = true
  }

  private attempt(activity: OpenActivity, run: ActivityRun): void {
    if (isAsk(activity.issued)) return this.ask(activity.seq, activity.issued.input, run)
    const handler = this.handlerOf(activity)
    if (handler === undefined) return
    this.shared.runner.start({
      owner: this.owner,
      activity,
      handler,
      run,
      done: (outcome) => this.tell(activity, outcome)
    })
  }

  /** Asks the retry policy what follows from an attempt that ended outside of its handler. */
  private judge(activity: OpenActivity, run: ActivityRun, failure: RecordedExit): void {
    const handler = this.handlerOf(activity)
    if (handler === undefined) return
    run.isJudged = true
    const done = (outcome: AttemptOutcome) => this.tell(activity, outcome, { isJudged: true })
    this.shared.runner.judge({ owner: this.owner, activity, handler, run, done }, failure)
  }

  private handlerOf(activity: OpenActivity): ActivityHandler | undefined {
    const { registration } = this.owner
    const { inline, name } = activity.issued
    const handler = inline === true ? this.owner.inline(activity.seq) : registration.handlers.get(name)
    if (handler !== undefined) return handler
    // Its program cannot go on, and has it again when it can.
    if (inline === true) return void this.runs.delete(activity.seq)
    const waiting = `workflow ${registration.workflow} waits for activity ${name}`
    const text = `${waiting}, which has no handler here; provide its toLayer(...)`
    this.shared.fibers.log("Error", text, aboutOf(this.owner, activity))
    return undefined
  }

  /** Tells the execution how an attempt has ended. */
  private tell(activity: OpenActivity, outcome: AttemptOutcome, how: { readonly isJudged?: true } = {}): void {
    this.log(activity, outcome)
    const { seq } = activity
    const about = { seq, activity: activity.issued.name, ...how }
    switch (outcome._tag) {
      case "Resolved":
        return this.owner.tell({ _tag: "Resolved", ...about, exit: outcome.exit })
      case "Failed":
        return this.owner.tell({ _tag: "Failed", ...about, failure: outcome.failure, pause: outcome.pause })
      case "Pending":
        return this.owner.tell({ _tag: "Pending", seq, timeout: outcome.timeout })
      case "Recorded":
        this.expect(seq)
        return this.owner.notice(outcome.version)
    }
  }

  /** Looks again for a result that is said to be recorded, should the history not have it soon. */
  private expect(seq: Sequence): void {
    const run = this.runs.get(seq)
    if (run === undefined) return
    run.isRecorded = true
    this.wait(seq, this.owner.now() + longestSilence)
  }

  /** Asks another execution, which no handler does. */
  private ask(seq: Sequence, input: Schema.Json, run: ActivityRun): void {
    run.asking = this.shared.fibers.fork(this.shared.ask(input), (exit) => {
      if (run.abandoned || (Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause))) return
      const answer: RecordedExit = Exit.isSuccess(exit)
        ? exit.value
        : { _tag: "Die", defect: defectOf(Cause.squash(exit.cause)) }
      this.owner.tell({ _tag: "Resolved", seq, activity: askName, exit: answer })
    })
  }

  private logMissing(activity: OpenActivity): void {
    const { name, seq } = activity.issued
    const text = `the result of activity ${name} #${seq} was committed and is not in the history; another attempt begins`
    this.shared.fibers.log("Error", text, aboutOf(this.owner, activity))
  }

  private log(activity: OpenActivity, outcome: AttemptOutcome): void {
    if (outcome._tag === "Pending" || outcome._tag === "Recorded") return
    if (outcome._tag === "Resolved" && outcome.exit._tag === "Success") return
    const { fibers } = this.shared
    const number = attemptOf(activity)
    const attempt = `attempt ${number} of activity ${activity.issued.name} #${activity.seq}`
    const about = aboutOf(this.owner, activity)
    if (outcome._tag === "Failed") {
      const text = `${attempt} ${failureInWords(outcome.failure)}; the next one begins in ${outcome.pause} ms`
      fibers.log("Warn", text, about)
    } else if (outcome.exit._tag === "Die") {
      fibers.log("Error", `${attempt} ${failureInWords(outcome.exit)}`, about)
    } else {
      // A typed error is the program's to judge, unless it was judged worth another attempt.
      const text = `${attempt} ${failureInWords(outcome.exit)}; it was the last one`
      fibers.log(number > 1 ? "Warn" : "Debug", text, about)
    }
  }
}

// internal

/** For how long a result that is recorded may be missing in the history, in milliseconds. */
const longestSilence = 5000

const isActivity = (open: Open): open is OpenActivity => open.issued._tag === "ActivityScheduled"
