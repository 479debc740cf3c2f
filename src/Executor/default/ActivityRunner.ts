/**
 * Runs the attempts of activities, a bounded number at once, and steps their retry policies.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type { EventOf, RecordedExit } from "../../HistoryEvent.ts"
import type { RunId, WorkflowId } from "../../Ids.ts"
import { defectOf } from "../../internal/replay/defect.ts"
import { inMillis } from "../../internal/timeouts.ts"
import type { Open } from "../../WorkflowState.ts"
import type { ActivityHandler, NextRetry } from "../WorkflowRegistry.ts"
import type { Fibers } from "./Fibers.ts"

/** How an attempt ended: with the result of the activity, or to be repeated after a pause. */
export type AttemptOutcome =
  | { readonly _tag: "Resolved"; readonly exit: RecordedExit }
  | { readonly _tag: "Failed"; readonly failure: RecordedExit; readonly pause: number }

/** The execution whose activity runs. */
export interface ActivityOwner {
  readonly workflowId: WorkflowId
  readonly runId: RunId
}

/** An activity in the care of this worker: in line, running, or between two attempts. */
export interface ActivityRun {
  fiber: Fiber.Fiber<unknown, unknown> | undefined
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

export class ActivityRunner {
  private readonly fibers: Fibers
  private readonly limit: number
  /** Runs that wait for room, the first in front. */
  private readonly line = new Map<ActivityRun, () => void>()
  private running = 0
  private serving = false

  constructor(fibers: Fibers, limit: number) {
    this.fibers = fibers
    this.limit = limit
  }

  /** Whether no handler runs or stands in line. */
  get isIdle(): boolean {
    return this.running === 0 && this.line.size === 0
  }

  /** Runs the next attempt of an activity, now or when there is room, and tells its outcome unless it is abandoned. */
  start(
    owner: ActivityOwner,
    activity: OpenActivity,
    handler: ActivityHandler,
    run: ActivityRun,
    done: (outcome: AttemptOutcome) => void
  ): void {
    const begin = () => {
      this.running++
      run.fiber = this.fibers.fork(this.attempt(owner, activity, handler), (exit) => {
        run.fiber = undefined
        this.running--
        this.conclude(owner, activity, handler, run, exit, done)
        this.serve()
      })
      if (run.fiber.pollUnsafe() !== undefined) run.fiber = undefined
    }
    if (this.serving || this.line.size > 0 || this.running >= this.limit) {
      this.line.set(run, begin)
    } else {
      // Fast path: there is room and nothing in line.
      this.serving = true
      begin()
      this.serving = false
    }
    this.serve()
  }

  /** Interrupts a run whose outcome is not wanted; completes when its handler has ended. */
  abandon(run: ActivityRun): Effect.Effect<void> {
    run.abandoned = true
    this.line.delete(run)
    const fiber = run.fiber
    if (fiber === undefined) return Effect.void
    fiber.interruptUnsafe()
    return Effect.callback((resume) => {
      fiber.addObserver(() => resume(Effect.void))
    })
  }

  /** Begins the runs in front while there is room. A loop, because a handler that ends at once makes room again. */
  private serve(): void {
    if (this.serving || this.line.size === 0) return
    this.serving = true
    for (const [run, begin] of this.line) {
      if (this.running >= this.limit) break
      this.line.delete(run)
      begin()
    }
    this.serving = false
  }

  private attempt(owner: ActivityOwner, activity: OpenActivity, handler: ActivityHandler): Effect.Effect<RecordedExit> {
    const { input, name, seq } = activity.issued
    const effect = handler.attempt(input, {
      workflowId: owner.workflowId,
      runId: owner.runId,
      activity: name,
      attempt: activity.failures.length + 1,
      idempotencyKey: `${owner.runId}/${seq}`
    })
    const limit = this.timeLimit(activity, handler)
    if (limit === undefined) return effect
    const timedOut = Effect.succeed<RecordedExit>({ _tag: "TimedOut", after: limit.after })
    if (limit.remaining <= 0) return timedOut
    return Effect.timeoutOrElse(effect, { duration: limit.remaining, orElse: () => timedOut })
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

  private conclude(
    owner: ActivityOwner,
    activity: OpenActivity,
    handler: ActivityHandler,
    run: ActivityRun,
    exit: Exit.Exit<RecordedExit>,
    done: (outcome: AttemptOutcome) => void
  ): void {
    if (run.abandoned) return
    if (Exit.isFailure(exit)) {
      const defect = defectOf(new Error(`the handler of activity ${handler.name} interrupted itself`))
      return done({ _tag: "Resolved", exit: { _tag: "Die", defect } })
    }
    const failure = exit.value
    if (failure._tag === "Success" || failure._tag === "Die") return done({ _tag: "Resolved", exit: failure })
    this.fibers.fork(this.pause(owner, activity, handler, run, failure), (pause) => {
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
    owner: ActivityOwner,
    activity: OpenActivity,
    handler: ActivityHandler,
    run: ActivityRun,
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
