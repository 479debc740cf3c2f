/**
 * Runs the attempts of activities, a bounded number at once, and steps their retry policies.
 *
 * | an attempt  | counts in `maxActivities` and `concurrency` | its timeouts                                            |
 * | ----------- | ------------------------------------------- | ------------------------------------------------------- |
 * | in line     | no                                          | the total alone; when it passes, the attempt never runs |
 * | running     | yes                                         | both; the one that passes first ends the attempt        |
 * | left behind | no                                          | one has passed, or the time of a shutdown has, and its handler has not ended yet |
 *
 * An attempt of which others may have taken the execution meanwhile, because this worker could not say that it lives, waits in
 * line until the worker has looked.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import type { RecordedExit } from "../../HistoryEvent.ts"
import { attemptOf } from "../../internal/core/evolve.ts"
import { mustBeAlone } from "../../internal/replay/losses.ts"
import * as TimedOutAfter from "../../internal/TimedOutAfter.ts"
import type { AttemptEnd, Registration } from "../WorkflowRegistry.ts"
import type { Alarms } from "./Alarms.ts"
import type { Around } from "./Around.ts"
import {
  aboutOf,
  type ActivityRun,
  afterFailure,
  type Asked,
  type Attempt,
  type AttemptOutcome,
  brokenPolicy,
  ended,
  recordOf,
  silenceOf,
  stopWatches,
  unbegun,
  timeLimit,
  totalOf
} from "./attempts.ts"
import { Beats } from "./Beats.ts"
import type { About, Fibers } from "./Fibers.ts"
import { Isolation } from "./Isolation.ts"
import type { Lease } from "./Lease.ts"
import { Line } from "./Line.ts"
import { countNames, LineWatch } from "./LineWatch.ts"
import type { Owner } from "./Owner.ts"
import { runAttempt } from "./runAttempt.ts"

/** For so long a line of handlers that end at once is worked off without letting others run, in milliseconds. */
const rowLimit = 10

/** How long a retry policy may take to say when the next attempt begins, in milliseconds. */
const policyLimit = 5000

/** How long a handler may take to end after its timeout before that is logged, in milliseconds. */
const patience = 1000

export class ActivityRunner {
  private readonly fibers: Fibers
  private readonly alarms: Alarms
  private readonly limit: number
  /** Attempts that wait for room. */
  private readonly line: Line<Attempt>
  private readonly running = new Set<Attempt>()
  /** Attempts that are not waited for any more, and whose handlers have not ended. */
  private readonly leftBehind = new Set<Attempt>()
  private readonly watch: LineWatch
  private readonly isolation: Isolation
  private readonly lease: Pick<Lease, "mustLook" | "term">
  private readonly shared: Around
  private readonly stale: () => void
  /** A clock that only goes forward, in milliseconds. */
  private readonly monotonic: () => number
  private serving = false
  /** Whether the line goes on after timers and I/O of the process have had their turn. */
  private pausing = false
  /** While there are any, no attempt leaves the line to run. */
  private holds = 0

  constructor(
    options: Around & {
      readonly alarms: Alarms
      readonly limit: number
      readonly monotonic: () => number
      /** Whether other workers may have taken this one for dead. */
      readonly lease: Pick<Lease, "mustLook" | "term">
      /** Called, with the line held, when an attempt was to begin although they may have. */
      readonly stale: () => void
      /** How long attempts run alone that must, in milliseconds. */
      readonly alone: number
    }
  ) {
    const { alarms, alone, fibers, lease, limit, monotonic, stale } = options
    this.shared = options
    this.fibers = fibers
    this.alarms = alarms
    this.limit = limit
    this.monotonic = monotonic
    this.lease = lease
    this.stale = stale
    // Later, because an alarm may go off wherever another one is set.
    this.line = new Line<Attempt>(fibers, alarms, () => fibers.yield(() => this.serve()))
    const others = {
      areRunning: () => this.running.size > 0,
      areWaiting: () => this.line.size > 0,
      areStopped: () => this.holds > (this.isolation.holds ? 1 : 0),
      hold: () => this.hold(),
      release: () => this.release()
    }
    this.isolation = new Isolation(fibers, others, alone)
    this.watch = new LineWatch(alarms, fibers, () => ({
      limit: this.limit,
      waiting: this.line.size,
      running: [...this.running].map(({ handler }) => handler.name),
      full: this.line.waitingForOwn
    }))
  }

  /** Whether no handler runs or stands in line. */
  get isIdle(): boolean {
    return this.running.size === 0 && this.line.size === 0 && this.isolation.size === 0
  }

  /** The executions whose attempts stand in line or run. */
  get owners(): ReadonlySet<Owner> {
    return new Set(Array.from([...this.line.standing, ...this.running], ({ owner }) => owner))
  }

  /** Runs the next attempt of an activity, now or when there is room, and tells its outcome unless it is abandoned. */
  start(asked: Asked): void {
    const { activity, handler, run } = asked
    const attempt = this.make(asked)
    run.attempt = attempt
    if (mustBeAlone(activity)) return this.isolate(attempt)
    const isFull = this.serving || this.holds > 0 || this.line.isReady || this.running.size >= this.limit
    if (isFull || !this.line.admits(handler)) {
      this.join(attempt)
    } else {
      // Fast path: there is room, and nothing in line that could take it.
      this.serving = true
      try {
        this.begin(attempt)
      } finally {
        this.serving = false
      }
    }
    this.serve()
  }

  /** Asks the retry policy of an activity what follows from an attempt that ended outside of its handler, and tells it. */
  judge(asked: Asked, failure: RecordedExit): void {
    this.conclude(this.make(asked), failure)
  }

  private make(asked: Asked): Attempt {
    const { activity, owner, run } = asked
    const attempt: Attempt = {
      ...asked,
      ...unbegun,
      known: owner.version,
      wake: () => this.passedInLine(attempt),
      announce: (isAlone, done) =>
        owner.tell({ _tag: "Isolated", seq: activity.seq, over: !isAlone }, (refusal) => done(refusal === undefined)),
      begin: () => {
        if (!run.abandoned && run.attempt === attempt) this.beginAlone(attempt)
      }
    }
    return attempt
  }

  /** Interrupts a run whose outcome is not wanted. */
  abandon(run: ActivityRun): void {
    run.abandoned = true
    const { attempt } = run
    if (attempt === undefined) return
    if (this.line.remove(attempt)) this.alarms.at(attempt, undefined)
    this.isolation.remove(attempt)
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

  /** Leaves the handlers behind that still run for a workflow, once a shutdown waits for them no longer. */
  leaveBehind(registration: Registration): void {
    const left = [...this.running].filter(({ owner }) => owner.registration === registration)
    if (left.length === 0) return
    for (const attempt of left) {
      this.running.delete(attempt)
      this.leftBehind.add(attempt)
      this.line.ended(attempt.handler)
    }
    const names = countNames(left.map(({ handler }) => handler.name))
    const late = `did not end in the time of the shutdown and are left behind: ${names}`
    this.fibers.log("Warn", `handlers of workflow ${registration.workflow} ${late}`, {
      workflow: registration.workflow
    })
  }

  /** Keeps what stands in line there, until as many calls of `release` have come. */
  hold(): void {
    this.holds++
  }

  release(): void {
    this.holds--
    this.serve()
  }

  /** Begins the attempts whose turn it is while there is room. A loop, because a handler that ends at once makes room again. */
  private serve(): void {
    if (this.serving || this.pausing || this.holds > 0 || !this.line.isReady) return
    this.serving = true
    const rowEnds = this.monotonic() + rowLimit
    try {
      while (this.line.isReady) {
        if (this.running.size >= this.limit || this.holds > 0) break
        if (this.monotonic() >= rowEnds) return this.pauseLine()
        // Looked at here as well, so that the attempt keeps its place.
        if (this.lease.mustLook) return this.stale()
        const attempt = this.line.take()!
        if (mustBeAlone(attempt.activity)) this.isolation.add(attempt)
        else this.begin(attempt)
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

  private isolate(attempt: Attempt): void {
    const { activity, handler, owner } = attempt
    const lost = `${activity.lost?.attempts} attempts of activity ${handler.name} #${activity.seq} were lost with their workers`
    const text = `${lost}, so attempt ${attemptOf(activity)} waits until no other handler runs here, and runs alone`
    this.fibers.log("Warn", text, aboutOf(owner, activity))
    // Nothing is held for an attempt that its activity must not begin yet.
    if (!this.line.hasRoom(handler)) return this.join(attempt)
    this.limitWait(attempt)
    this.isolation.add(attempt)
  }

  /** Begins an attempt while no other handler runs, unless its activity has begun too many meanwhile: then it is in line again. */
  private beginAlone(attempt: Attempt): void {
    if (this.line.hasRoom(attempt.handler)) return this.begin(attempt)
    attempt.announce(false, () => {})
    this.join(attempt)
  }

  private join(attempt: Attempt): void {
    this.line.add(attempt)
    this.watch.joined()
    this.limitWait(attempt)
  }

  /** Sets the alarm that ends the wait of an attempt when its total timeout passes. */
  private limitWait(attempt: Attempt): void {
    const { activity, owner } = attempt
    const total = totalOf(attempt)
    if (total === undefined) return
    this.alarms.at(attempt, this.fibers.now() + activity.issued.at + total - owner.now())
  }

  /** The total timeout has passed in line. */
  private passedInLine(attempt: Attempt): void {
    this.isolation.remove(attempt)
    this.line.remove(attempt)
    attempt.run.attempt = undefined
    attempt.done({ _tag: "Resolved", exit: { _tag: "TimedOut", after: totalOf(attempt) ?? 0 } })
  }

  private begin(attempt: Attempt): void {
    const { activity, handler, owner, run } = attempt
    this.alarms.at(attempt, undefined)
    // The answer that an attempt begins with may have been under way when the lease was over.
    if (this.lease.mustLook || owner.term < this.lease.term) {
      this.limitWait(attempt)
      if (mustBeAlone(activity)) this.isolation.add(attempt)
      else this.line.add(attempt)
      return this.stale()
    }
    const limit = timeLimit(attempt)
    if (limit !== undefined && limit.remaining <= 0) {
      run.attempt = undefined
      return this.conclude(attempt, { _tag: "TimedOut", after: limit.after })
    }
    this.running.add(attempt)
    this.line.began(handler)
    const effect = runAttempt(attempt, this.shared, () => this.running.has(attempt))
    if (limit !== undefined) attempt.limit = { at: Math.ceil(owner.now() + limit.remaining), after: limit.after }
    const fiber = this.fibers.fork(effect, (exit) => this.handlerEnded(attempt, exit))
    if (fiber.pollUnsafe() !== undefined) return
    attempt.fiber = fiber
    if (limit !== undefined) {
      attempt.timeout = this.fibers.after(limit.remaining, () => this.timedOut(attempt, limit.after))
    }
    const silence = silenceOf(handler)
    if (silence !== undefined) attempt.beats = new Beats(this.fibers, silence, () => this.silent(attempt, silence))
    // What it did at once may have ended its own execution.
    if (run.abandoned) fiber.interruptUnsafe()
  }

  private handlerEnded(attempt: Attempt, exit: Exit.Exit<AttemptEnd>): void {
    const { run } = attempt
    stopWatches(attempt)
    const isLate = this.leftBehind.delete(attempt)
    if (this.running.delete(attempt)) this.hasEnded(attempt)
    if (run.attempt === attempt) run.attempt = undefined
    try {
      if (!isLate) this.conclude(attempt, recordOf(attempt, exit))
    } finally {
      this.serve()
    }
  }

  /** The timeout of a running attempt has passed: that is its outcome, also when its handler does not let itself be interrupted. */
  private timedOut(attempt: Attempt, after: number): void {
    const { fiber, run } = attempt
    stopWatches(attempt)
    // Left behind it does not count: it may never end, and its activity goes on without it.
    const hasRun = this.running.delete(attempt)
    this.leftBehind.add(attempt)
    if (hasRun) this.hasEnded(attempt)
    if (run.attempt === attempt) run.attempt = undefined
    fiber?.interruptUnsafe(undefined, TimedOutAfter.annotation(after))
    // By then the activity may be at another attempt.
    const about = aboutOf(attempt.owner, attempt.activity)
    if (this.leftBehind.has(attempt)) this.fibers.after(patience, () => this.warn(attempt, after, about))
    try {
      this.conclude(attempt, { _tag: "TimedOut", after })
    } finally {
      this.serve()
    }
  }

  /** A running attempt has not reported for the length of its heartbeat timeout, which ends it. */
  private silent(attempt: Attempt, after: number): void {
    const text = `the handler of activity ${attempt.handler.name} has not called heartbeat for its heartbeatTimeout of ${after} ms`
    this.fibers.log("Warn", text, aboutOf(attempt.owner, attempt.activity))
    this.timedOut(attempt, after)
  }

  /** A handler does not count any more. */
  private hasEnded({ handler }: Attempt): void {
    this.line.ended(handler)
    if (this.line.size > 0) this.watch.moved()
    if (this.running.size === 0) this.isolation.quiet()
  }

  private warn(attempt: Attempt, after: number, about: About): void {
    if (!this.leftBehind.has(attempt)) return
    const late = `took longer than its timeout of ${after} ms, was interrupted and does not end`
    const text = `a handler of activity ${attempt.handler.name} ${late}; it is left behind: let it be interrupted, and give its finalizers a timeout`
    this.fibers.log("Warn", text, about)
  }

  /** Tells how an attempt ended, once its policy has said whether another one follows. */
  private conclude(attempt: Attempt, exit: AttemptEnd): void {
    const { done, limit, run } = attempt
    if (run.abandoned) return
    if (attempt.recorded !== undefined) return done({ _tag: "Recorded", version: attempt.recorded })
    if (exit._tag === "Pending") return done({ _tag: "Pending", timeout: limit })
    if (exit._tag === "Success" || exit._tag === "Die") return done({ _tag: "Resolved", exit })
    let isAnswered = false
    const late: { timer?: Fiber.Fiber<void> } = {}
    const answer = (outcome: AttemptOutcome) => {
      if (isAnswered) return
      isAnswered = true
      late.timer?.interruptUnsafe()
      if (!run.abandoned) done(outcome)
    }
    const policy = this.fibers.fork(afterFailure(attempt, exit), (outcome) =>
      answer(Exit.isSuccess(outcome) ? outcome.value : brokenPolicy(attempt, outcome.cause))
    )
    // Fast path: most policies answer at once.
    if (isAnswered) return
    late.timer = this.fibers.after(policyLimit, () => {
      answer(brokenPolicy(attempt, Cause.die(new Error(`it did not answer within ${policyLimit} ms`))))
      policy.interruptUnsafe()
    })
  }
}
