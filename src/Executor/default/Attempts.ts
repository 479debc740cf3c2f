/**
 * Runs the attempts of activities, a bounded number at once, and steps their retry policies.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type { RecordedExit } from "../../HistoryEvent.ts"
import type { RunId, WorkflowId } from "../../Ids.ts"
import { defectOf } from "../../internal/replay/defect.ts"
import type { OpenActivity } from "../../WorkflowState.ts"
import type { ActivityHandler, NextRetry } from "../DurableExecutor.ts"
import type { Host } from "./Host.ts"

/** How an attempt ended: with the result of the activity, or to be repeated at a time. */
export type AttemptOutcome =
  | { readonly _tag: "Resolved"; readonly exit: RecordedExit }
  | { readonly _tag: "Retry"; readonly failure: RecordedExit; readonly pause: number }

/** Whose activity an attempt is of. */
export interface AttemptOwner {
  readonly workflowId: WorkflowId
  readonly runId: RunId
}

/** An activity in the care of this worker: waiting in line, running, or between two attempts. */
export interface Attempt {
  fiber: Fiber.Fiber<unknown, unknown> | undefined
  /** Set when nobody wants its outcome any more. */
  abandoned: boolean
  /** The state of its retry policy, once an attempt has failed here. */
  step: NextRetry | undefined
}

/** An attempt, and whether it waits for its time to be repeated. */
export interface Held extends Attempt {
  waiting: boolean
}

export class Attempts {
  private readonly host: Host
  private readonly limit: number
  /** Those that wait for room, the first in front. */
  private readonly line = new Map<Attempt, () => void>()
  private running = 0
  private serving = false

  constructor(host: Host, limit: number) {
    this.host = host
    this.limit = limit
  }

  /** Runs the next attempt of an activity, now or when there is room, and tells its outcome unless it is abandoned. */
  start(
    owner: AttemptOwner,
    activity: OpenActivity,
    handler: ActivityHandler,
    attempt: Attempt,
    done: (outcome: AttemptOutcome) => void
  ): void {
    const begin = () => {
      this.running++
      attempt.fiber = this.host.fork(this.run(owner, activity, handler), (exit) => {
        attempt.fiber = undefined
        this.running--
        this.conclude(owner, activity, handler, attempt, exit, done)
        this.serve()
      })
      if (attempt.fiber.pollUnsafe() !== undefined) attempt.fiber = undefined
    }
    if (this.serving || this.line.size > 0 || this.running >= this.limit) {
      this.line.set(attempt, begin)
    } else {
      // Most find room and nobody in front, and need no line.
      this.serving = true
      begin()
      this.serving = false
    }
    this.serve()
  }

  /** Interrupts an attempt whose outcome nobody wants; completes when its handler has ended. */
  abandon(attempt: Attempt): Effect.Effect<void> {
    attempt.abandoned = true
    this.line.delete(attempt)
    const fiber = attempt.fiber
    if (fiber === undefined) return Effect.void
    fiber.interruptUnsafe()
    return Effect.callback((resume) => {
      fiber.addObserver(() => resume(Effect.void))
    })
  }

  /** Lets in those in front while there is room. A loop, because a handler that ends at once makes room again. */
  private serve(): void {
    if (this.serving || this.line.size === 0) return
    this.serving = true
    for (const [attempt, begin] of this.line) {
      if (this.running >= this.limit) break
      this.line.delete(attempt)
      begin()
    }
    this.serving = false
  }

  private run(owner: AttemptOwner, activity: OpenActivity, handler: ActivityHandler): Effect.Effect<RecordedExit> {
    const { input, name, seq } = activity.scheduled
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
    const { attempt, total } = handler.timeouts
    const one = attempt === undefined ? Number.POSITIVE_INFINITY : Duration.toMillis(attempt)
    const all = total === undefined ? Number.POSITIVE_INFINITY : Duration.toMillis(total)
    const left = activity.scheduled.at + all - this.host.now()
    if (left < one) return { after: all, remaining: left }
    return Number.isFinite(one) ? { after: one, remaining: one } : undefined
  }

  private conclude(
    owner: AttemptOwner,
    activity: OpenActivity,
    handler: ActivityHandler,
    attempt: Attempt,
    exit: Exit.Exit<RecordedExit>,
    done: (outcome: AttemptOutcome) => void
  ): void {
    if (attempt.abandoned) return
    if (Exit.isFailure(exit)) {
      const defect = defectOf(new Error(`the handler of activity ${handler.name} interrupted itself`))
      return done({ _tag: "Resolved", exit: { _tag: "Die", defect } })
    }
    const failure = exit.value
    if (failure._tag === "Success" || failure._tag === "Die") return done({ _tag: "Resolved", exit: failure })
    this.host.fork(this.pause(owner, activity, handler, attempt, failure), (pause) => {
      if (attempt.abandoned) return
      if (Exit.isFailure(pause)) {
        const defect = defectOf(new Error(`the retry policy of activity ${handler.name} failed`))
        return done({ _tag: "Resolved", exit: { _tag: "Die", defect } })
      }
      done(
        Option.isSome(pause.value)
          ? { _tag: "Retry", failure, pause: pause.value.value }
          : { _tag: "Resolved", exit: failure }
      )
    })
  }

  /** The pause before the next attempt. The state of the policy is found again from the failures that were recorded. */
  private pause(
    owner: AttemptOwner,
    activity: OpenActivity,
    handler: ActivityHandler,
    attempt: Attempt,
    failure: RecordedExit
  ): Effect.Effect<Option.Option<number>> {
    const now = this.host.now()
    return Effect.gen({ self: this }, function* () {
      if (attempt.step === undefined) {
        attempt.step = yield* handler.retry(`${owner.runId}/${activity.seq}`)
        for (const past of activity.failures) yield* attempt.step(past.at, past.failure)
      }
      const pause = yield* attempt.step(now, failure)
      return Option.filter(pause, (pause) => {
        const { total } = handler.timeouts
        return total === undefined || now + pause < activity.scheduled.at + Duration.toMillis(total)
      })
    })
  }
}
