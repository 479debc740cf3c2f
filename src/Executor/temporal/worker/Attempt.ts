/**
 * One attempt of an activity on a worker, from what Temporal says of it to what Temporal is to record.
 *
 * | the attempt                             | Temporal                                                      |
 * | --------------------------------------- | ------------------------------------------------------------- |
 * | succeeds                                | the result                                                    |
 * | fails or times out, and its policy goes on | a failure with the pause, after which it makes the next one |
 * | fails, and its policy does not          | a failure that is final                                       |
 * | dies                                    | the same                                                      |
 * | leaves its end to a caller              | a result that says so: the execution waits for the caller     |
 * | is not wanted any more                  | is interrupted; Temporal says so in the answer to a heartbeat |
 * | is interrupted by the end of the worker | a failure, after which another worker makes the same attempt again |
 */
import type { Context as ActivityRun } from "@temporalio/activity"
import type { ApplicationFailure } from "@temporalio/common"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import type { ActivityContext } from "../../../ActivityContext.ts"
import type { RecordedExit } from "../../../HistoryEvent.ts"
import { RunId, Sequence, WorkflowId } from "../../../Ids.ts"
import { tokenOf } from "../../../internal/pending.ts"
import { failureOf } from "../../../internal/temporal/failures.ts"
import type { Call, LeftOpen } from "../../../internal/temporal/wire.ts"
import type { ActivityHandler, AttemptEnd } from "../../WorkflowRegistry.ts"
import { allOf, type Details, detailsOf, isUnjudged, withFailure } from "./details.ts"

export class Attempt {
  readonly handler: ActivityHandler
  readonly call: Call
  readonly workflowId: WorkflowId
  readonly seq: Sequence
  /** From 1, over all times that its end was left to callers. */
  readonly number: number
  private readonly run: ActivityRun
  private readonly input: Schema.Json
  private readonly isUnjudged: boolean
  private details: Details
  private heardAt = Number.NEGATIVE_INFINITY

  constructor(handler: ActivityHandler, run: ActivityRun, input: Schema.Json, given: Call | undefined) {
    const { activityId, attempt, heartbeatDetails, scheduledTimestampMs, workflowExecution } = run.info
    const temporalRun = RunId.make(workflowExecution?.runId ?? "")
    this.handler = handler
    this.run = run
    this.input = input
    // A call of a program that was not written with this library says nothing of it.
    this.call = given ?? { run: temporalRun, chain: temporalRun, at: scheduledTimestampMs }
    this.workflowId = WorkflowId.make(workflowExecution?.workflowId ?? "")
    this.seq = Sequence.make(Number.parseInt(activityId, 10) || 0)
    this.details = detailsOf(heartbeatDetails, given)
    this.isUnjudged = isUnjudged(heartbeatDetails, given)
    this.number = attempt + (given?.failures === undefined ? 0 : given.failures.length - 1)
  }

  /** What its handler can know of it. */
  get context(): ActivityContext["Service"] {
    const { call, handler, number: attempt, seq, workflowId } = this
    const activity = handler.name
    return {
      workflow: this.run.info.workflowType ?? "",
      workflowId,
      runId: call.run,
      activity,
      attempt,
      get token() {
        return tokenOf({ workflowId, chain: call.chain, run: call.run, seq, activity, attempt })
      },
      idempotencyKey: `${call.run}/${seq}`,
      report: (reported) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          this.heardAt = now
          this.details = { ...this.details, reported }
          this.beat()
        }),
      reported: Effect.sync(() => Option.fromUndefinedOr(this.details.reported))
    }
  }

  /** Says that it lives. Temporal answers whether it is still wanted. */
  beat(): void {
    this.run.heartbeat(this.details)
  }

  /** Runs the handler and ends with what Temporal is to record. */
  end(observed: (attempt: Effect.Effect<AttemptEnd>) => Effect.Effect<AttemptEnd>) {
    if (this.isUnjudged) return this.judge()
    return Effect.gen({ self: this }, function* () {
      const began = yield* Clock.currentTimeMillis
      this.heardAt = began
      const limit = limitOf(this.call, began)
      const handled = Effect.suspend(() => observed(this.handler.attempt(this.input, this.context)))
      const exit = yield* this.limited(handled, limit)
      switch (exit._tag) {
        case "Success":
          return exit.value
        case "Pending":
          return this.left(began, limit)
        case "Die":
          return failureOf(exit, exit.defect.message)
        default:
          return yield* this.failed(exit)
      }
    })
  }

  /** Asks the policy about an attempt that a caller outside has ended. */
  private judge(): Effect.Effect<ApplicationFailure> {
    const last = this.details.failures.at(-1)!
    return Effect.map(this.pauseAfter(this.details, last.at), (pause) => this.after(last.failure, this.details, pause))
  }

  private failed(failure: RecordedExit): Effect.Effect<ApplicationFailure> {
    return Effect.gen({ self: this }, function* () {
      const at = yield* Clock.currentTimeMillis
      const details = withFailure(this.details, { at, failure })
      const pause = yield* this.pauseAfter(details, at)
      const what = failure._tag === "Fail" ? JSON.stringify(failure.error) : failure._tag
      const next = pause === undefined ? "it was the last one" : `the next one begins in ${Math.round(pause)} ms`
      const text = `attempt ${this.number} of activity ${this.handler.name} #${this.seq} failed with ${what}; ${next}`
      yield* Effect.annotateLogs(Effect.logWarning(text), { workflowId: this.workflowId, runId: this.call.run })
      return this.after(failure, details, pause)
    })
  }

  private after(failure: RecordedExit, details: Details, pause: number | undefined): ApplicationFailure {
    const { name } = this.handler
    if (pause === undefined) return failureOf(failure, `${name} failed for good`)
    this.details = details
    this.beat()
    return failureOf(failure, `${name} failed and is tried again`, pause)
  }

  private left(began: number, limit: Limit | undefined): Schema.Json {
    const { failures } = this.details
    const pending: LeftOpen["perdure/pending"] = {
      attempt: this.number,
      failures,
      ...(limit === undefined ? {} : { timeout: { at: began + limit.remaining, after: limit.after } })
    }
    return { "perdure/pending": pending as unknown as Schema.Json }
  }

  /** The pause before the next attempt, by the policy of the activity, which is any schedule; `undefined` when there is none. */
  private pauseAfter(details: Details, now: number): Effect.Effect<number | undefined> {
    const { call, handler, seq } = this
    return Effect.gen(function* () {
      const step = yield* handler.retry(`${call.run}/${seq}`, call.retry)
      let pause = Option.none<number>()
      for (const { at, failure } of allOf(details)) pause = yield* step(at, failure)
      const ends = call.at + (call.timeouts?.total ?? Number.POSITIVE_INFINITY)
      return Option.getOrUndefined(Option.filter(pause, (pause) => now + pause < ends))
    })
  }

  /** Ends an attempt that takes too long, or is silent for too long. */
  private limited(handled: Effect.Effect<AttemptEnd>, limit: Limit | undefined): Effect.Effect<AttemptEnd> {
    const { heartbeatTimeout } = this.handler
    const silence = heartbeatTimeout === undefined ? undefined : Duration.toMillis(heartbeatTimeout)
    let effect = handled
    if (silence !== undefined && Number.isFinite(silence)) effect = Effect.raceFirst(effect, this.silent(silence))
    if (limit === undefined) return effect
    const { after, remaining } = limit
    return Effect.timeoutOrElse(effect, {
      duration: Math.max(1, remaining),
      orElse: () => Effect.succeed<RecordedExit>({ _tag: "TimedOut", after })
    })
  }

  private silent(after: number): Effect.Effect<AttemptEnd> {
    const left = Effect.map(Clock.currentTimeMillis, (now) => this.heardAt + after - now)
    return Effect.gen(function* () {
      for (let pause = yield* left; pause > 0; pause = yield* left) yield* Effect.sleep(pause)
      return { _tag: "TimedOut", after } as const
    })
  }
}

// internal

/** The timeout that passes first: that of this attempt or that of all of them. */
interface Limit {
  readonly after: number
  readonly remaining: number
}

const limitOf = ({ at, timeouts = {} }: Call, now: number): Limit | undefined => {
  const { attempt: one = Number.POSITIVE_INFINITY, total: all = Number.POSITIVE_INFINITY } = timeouts
  const left = at + all - now
  if (left < one) return { after: all, remaining: left }
  return Number.isFinite(one) ? { after: one, remaining: one } : undefined
}
