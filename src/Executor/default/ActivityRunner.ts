/**
 * Runs the attempts of activities, a bounded number at once, and steps their retry policies.
 *
 * | an attempt  | counts in `maxActivities` | its timeouts                                            |
 * | ----------- | ------------------------- | ------------------------------------------------------- |
 * | in line     | no                        | the total alone; when it passes, the attempt never runs |
 * | running     | yes                       | both; the one that passes first ends the attempt        |
 * | left behind | no                        | one has passed, and its handler has not ended yet       |
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type { EventOf, RecordedExit } from "../../HistoryEvent.ts"
import type { RunId, WorkflowId } from "../../Ids.ts"
import { defectOf } from "../../internal/replay/defect.ts"
import { inMillis } from "../../internal/timeouts.ts"
import type { Open } from "../../WorkflowState.ts"
import type { ActivityHandler, NextRetry, Registration } from "../WorkflowRegistry.ts"
import type { AlarmOwner, Alarms } from "./Alarms.ts"
import type { Fibers } from "./Fibers.ts"
import { LineWatch } from "./LineWatch.ts"

/** How an attempt ended: with the result of the activity, or to be repeated after a pause. */
export type AttemptOutcome =
  | { readonly _tag: "Resolved"; readonly exit: RecordedExit }
  | { readonly _tag: "Failed"; readonly failure: RecordedExit; readonly pause: number }

/** The execution whose activity runs. */
export interface ActivityOwner {
  readonly workflowId: WorkflowId
  readonly runId: RunId
  readonly registration: Registration
}

/** An activity in the care of this worker: in line, running, or between two attempts. */
export interface ActivityRun {
  /** Its attempt, in line or running. */
  attempt: Attempt | undefined
  /** Set when its outcome is not wanted any more. */
  abandoned: boolean
  /** When its next attempt is due; absent while it is in line or running. */
  dueAt: number | undefined
  /** The state of its retry policy, once an attempt has failed here. */
  step: NextRetry | undefined
}

/** An open activity, as its command was recorded. */
export interface OpenActivity extends Open {
  readonly issued: EventOf<"ActivityScheduled">
}

/** One attempt of an activity. Its alarm goes off when the total timeout passes in line. */
interface Attempt extends AlarmOwner {
  readonly owner: ActivityOwner
  readonly activity: OpenActivity
  readonly handler: ActivityHandler
  readonly run: ActivityRun
  readonly done: (outcome: AttemptOutcome) => void
  fiber: Fiber.Fiber<unknown, unknown> | undefined
  timeout: Fiber.Fiber<unknown, unknown> | undefined
}

/** For so long a line of handlers that end at once is worked off without letting others run, in milliseconds. */
const rowLimit = 10

/** How long a handler may take to end after its timeout before that is logged, in milliseconds. */
const patience = 1000

export class ActivityRunner {
  private readonly fibers: Fibers
  private readonly alarms: Alarms
  private readonly limit: number
  /** Attempts that wait for room, the first in front. */
  private readonly line = new Set<Attempt>()
  private readonly running = new Set<Attempt>()
  /** Attempts whose timeout has passed and whose handlers have not ended. */
  private readonly leftBehind = new Set<Attempt>()
  private readonly watch: LineWatch
  /** A clock that only goes forward, in milliseconds. */
  private readonly monotonic: () => number
  private serving = false
  /** Whether the line goes on after timers and I/O of the process have had their turn. */
  private pausing = false
  /** While there are any, no attempt leaves the line to run. */
  private holds = 0

  constructor(options: {
    readonly fibers: Fibers
    readonly alarms: Alarms
    readonly limit: number
    readonly monotonic: () => number
  }) {
    const { alarms, fibers, limit, monotonic } = options
    this.fibers = fibers
    this.alarms = alarms
    this.limit = limit
    this.monotonic = monotonic
    this.watch = new LineWatch(alarms, fibers, () => ({
      limit: this.limit,
      waiting: this.line.size,
      running: [...this.running].map(({ handler }) => handler.name)
    }))
  }

  /** Whether no handler runs or stands in line. */
  get isIdle(): boolean {
    return this.running.size === 0 && this.line.size === 0
  }

  /** Runs the next attempt of an activity, now or when there is room, and tells its outcome unless it is abandoned. */
  start(
    owner: ActivityOwner,
    activity: OpenActivity,
    handler: ActivityHandler,
    run: ActivityRun,
    done: (outcome: AttemptOutcome) => void
  ): void {
    const wake = () => this.passedInLine(attempt)
    const attempt: Attempt = {
      owner,
      activity,
      handler,
      run,
      done,
      fiber: undefined,
      timeout: undefined,
      alarmAt: undefined,
      wake
    }
    run.attempt = attempt
    if (this.serving || this.line.size > 0 || this.running.size >= this.limit) {
      this.line.add(attempt)
      this.watch.joined()
      const total = timeoutsOf(activity, handler)?.total
      if (total !== undefined && Number.isFinite(total)) this.alarms.at(attempt, activity.issued.at + total)
    } else {
      // Fast path: there is room and nothing in line.
      this.serving = true
      try {
        this.begin(attempt)
      } finally {
        this.serving = false
      }
    }
    this.serve()
  }

  /** Interrupts a run whose outcome is not wanted. */
  abandon(run: ActivityRun): void {
    run.abandoned = true
    const { attempt } = run
    if (attempt === undefined) return
    this.leave(attempt)
    attempt.fiber?.interruptUnsafe()
  }

  /** Completes when the handlers that run for a workflow have ended, also those left behind or of executions that ended. */
  ended(registration: Registration): Effect.Effect<void> {
    return Effect.suspend(() =>
      Effect.forEach(
        [...this.running, ...this.leftBehind],
        ({ fiber, owner }) => (fiber === undefined || owner.registration !== registration ? Effect.void : ended(fiber)),
        { discard: true }
      )
    )
  }

  /** Keeps what stands in line there, until as many calls of `release` have come. */
  hold(): void {
    this.holds++
  }

  release(): void {
    this.holds--
    this.serve()
  }

  /** Begins the attempts in front while there is room. A loop, because a handler that ends at once makes room again. */
  private serve(): void {
    if (this.serving || this.pausing || this.holds > 0 || this.line.size === 0) return
    this.serving = true
    const rowEnds = this.monotonic() + rowLimit
    try {
      for (const attempt of this.line) {
        if (this.running.size >= this.limit || this.holds > 0) break
        if (this.monotonic() >= rowEnds) return this.pauseLine()
        this.leave(attempt)
        this.begin(attempt)
      }
    } finally {
      this.serving = false
    }
  }

  private pauseLine(): void {
    this.pausing = true
    this.fibers.fork(Effect.yieldNow, () => {
      this.pausing = false
      this.serve()
    })
  }

  private leave(attempt: Attempt): boolean {
    if (!this.line.delete(attempt)) return false
    this.alarms.at(attempt, undefined)
    return true
  }

  /** The total timeout has passed in line. */
  private passedInLine(attempt: Attempt): void {
    if (!this.leave(attempt)) return
    attempt.run.attempt = undefined
    const after = timeoutsOf(attempt.activity, attempt.handler)?.total ?? 0
    attempt.done({ _tag: "Resolved", exit: { _tag: "TimedOut", after } })
  }

  private begin(attempt: Attempt): void {
    const { activity, handler, owner, run } = attempt
    const limit = this.timeLimit(activity, handler)
    if (limit !== undefined && limit.remaining <= 0) {
      run.attempt = undefined
      return this.conclude(attempt, { _tag: "TimedOut", after: limit.after })
    }
    this.running.add(attempt)
    const { input, name, seq } = activity.issued
    const effect = Effect.suspend(() =>
      handler.attempt(input, {
        workflowId: owner.workflowId,
        runId: owner.runId,
        activity: name,
        attempt: activity.failures.length + 1,
        idempotencyKey: `${owner.runId}/${seq}`
      })
    )
    const fiber = this.fibers.fork(effect, (exit) => this.handlerEnded(attempt, exit))
    if (fiber.pollUnsafe() !== undefined) return
    attempt.fiber = fiber
    if (limit !== undefined) {
      attempt.timeout = this.fibers.after(limit.remaining, () => this.timedOut(attempt, limit.after))
    }
    // What it did at once may have ended its own execution.
    if (run.abandoned) fiber.interruptUnsafe()
  }

  private handlerEnded(attempt: Attempt, exit: Exit.Exit<RecordedExit>): void {
    const { run, timeout } = attempt
    timeout?.interruptUnsafe()
    const isLate = this.leftBehind.delete(attempt)
    if (this.running.delete(attempt) && this.line.size > 0) this.watch.moved()
    if (run.attempt === attempt) run.attempt = undefined
    try {
      if (!isLate)
        this.conclude(attempt, Exit.isSuccess(exit) ? exit.value : brokenHandler(attempt.handler, exit.cause))
    } finally {
      this.serve()
    }
  }

  /** The timeout of a running attempt has passed: that is its outcome, also when its handler does not let itself be interrupted. */
  private timedOut(attempt: Attempt, after: number): void {
    const { fiber, run } = attempt
    // Left behind it does not count: it may never end, and its activity goes on without it.
    this.running.delete(attempt)
    this.leftBehind.add(attempt)
    if (this.line.size > 0) this.watch.moved()
    if (run.attempt === attempt) run.attempt = undefined
    fiber?.interruptUnsafe()
    if (this.leftBehind.has(attempt)) this.fibers.after(patience, () => this.warn(attempt, after))
    try {
      this.conclude(attempt, { _tag: "TimedOut", after })
    } finally {
      this.serve()
    }
  }

  private warn(attempt: Attempt, after: number): void {
    if (!this.leftBehind.has(attempt)) return
    const { activity, handler, owner } = attempt
    const late = `took longer than its timeout of ${after} ms, was interrupted and does not end`
    const cure = "let it be interrupted, and give its finalizers a timeout"
    const warning = Effect.logWarning(`a handler of activity ${handler.name} ${late}; it is left behind: ${cure}`)
    const annotations = {
      workflow: owner.registration.workflow,
      workflowId: owner.workflowId,
      runId: owner.runId,
      activity: handler.name,
      attempt: activity.failures.length + 1
    }
    this.fibers.fork(Effect.annotateLogs(warning, annotations), () => {})
  }

  /** The timeout that passes first, for this attempt or for all of them. */
  private timeLimit(
    activity: OpenActivity,
    handler: ActivityHandler
  ): { readonly after: number; readonly remaining: number } | undefined {
    const timeouts = timeoutsOf(activity, handler)
    if (timeouts === undefined) return undefined
    const { attempt: one = Number.POSITIVE_INFINITY, total: all = Number.POSITIVE_INFINITY } = timeouts
    const left = activity.issued.at + all - this.fibers.now()
    if (left < one) return { after: all, remaining: left }
    return Number.isFinite(one) ? { after: one, remaining: one } : undefined
  }

  /** Tells how an attempt ended, once its policy has said whether another one follows. */
  private conclude(attempt: Attempt, failure: RecordedExit): void {
    const { done, handler, run } = attempt
    if (run.abandoned) return
    if (failure._tag === "Success" || failure._tag === "Die") return done({ _tag: "Resolved", exit: failure })
    this.fibers.fork(this.pause(attempt, failure), (pause) => {
      if (run.abandoned) return
      if (Exit.isFailure(pause)) {
        const defect = defectOf(new Error(`the retry policy of activity ${handler.name} failed`))
        return done({ _tag: "Resolved", exit: { _tag: "Die", defect } })
      }
      done(
        Option.isSome(pause.value)
          ? { _tag: "Failed", failure, pause: pause.value.value }
          : { _tag: "Resolved", exit: failure }
      )
    })
  }

  /** The pause before the next attempt. The state of the policy is found again from the failures that were recorded. */
  private pause(
    { activity, handler, owner, run }: Attempt,
    failure: RecordedExit
  ): Effect.Effect<Option.Option<number>> {
    const now = this.fibers.now()
    return Effect.gen({ self: this }, function* () {
      if (run.step === undefined) {
        run.step = yield* handler.retry(`${owner.runId}/${activity.seq}`)
        for (const past of activity.failures) yield* run.step(past.at, past.failure)
      }
      const pause = yield* run.step(now, failure)
      const total = timeoutsOf(activity, handler)?.total ?? Number.POSITIVE_INFINITY
      return Option.filter(pause, (pause) => now + pause < activity.issued.at + total)
    })
  }
}

// internal

/** The timeouts that were recorded with the call, in milliseconds; histories of release 0.1 have none. */
const timeoutsOf = ({ issued }: OpenActivity, { timeouts }: ActivityHandler) => issued.timeouts ?? inMillis(timeouts)

const ended = (fiber: Fiber.Fiber<unknown, unknown>): Effect.Effect<void> =>
  Effect.callback((resume) => {
    fiber.addObserver(() => resume(Effect.void))
  })

/** What is recorded of a handler that did not turn its own end into a result. */
const brokenHandler = ({ name }: ActivityHandler, cause: Cause.Cause<never>): RecordedExit => {
  const defect = Cause.hasInterruptsOnly(cause)
    ? new Error(`the handler of activity ${name} interrupted itself`)
    : Cause.squash(cause)
  return { _tag: "Die", defect: defectOf(defect) }
}
