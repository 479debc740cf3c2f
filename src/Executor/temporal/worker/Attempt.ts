/**
 * One attempt of an activity on a worker, from what Temporal says of it to what Temporal is to record.
 *
 * | the attempt                             | Temporal                                                      |
 * | --------------------------------------- | ------------------------------------------------------------- |
 * | succeeds                                | the result                                                    |
 * | fails or times out, and its policy goes on | a failure with the pause, after which it makes the next one |
 * | fails, and its policy does not          | a failure that is final                                       |
 * | does not end at its timeout             | that it has timed out; its handler is left behind             |
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
import { withFailure } from "../../../internal/temporal/failed.ts"
import { tooLarge } from "../../../internal/temporal/sizes.ts"
import { answerOf, type Call, type Failed, type FailedAttempt, type LeftOpen } from "../../../internal/temporal/wire.ts"
import type { ActivityHandler, AttemptEnd } from "../../WorkflowRegistry.ts"
import { type Details, detailsOf, unjudged } from "./details.ts"
import { inTime } from "./inTime.ts"
import type { Policies } from "./Policies.ts"

/** What Temporal is to record. */
export type Ended = Schema.Json | ApplicationFailure

/** What is around an attempt: the wait for its turn, which does not count, and what observers do, which does. */
export interface Around {
  readonly inTurn: (attempt: Effect.Effect<Ended>) => Effect.Effect<Ended>
  readonly observed: (handled: Effect.Effect<AttemptEnd>) => Effect.Effect<AttemptEnd>
}

export class Attempt {
  readonly handler: ActivityHandler
  readonly call: Call
  readonly workflowId: WorkflowId
  readonly seq: Sequence
  /** From 1, over all times that its end was left to callers. */
  readonly number: number
  private readonly run: ActivityRun
  private readonly policies: Policies
  private readonly input: Schema.Json
  private details: Details
  private heardAt = Number.NEGATIVE_INFINITY
  /** Whether it has ended, though its handler may run on. */
  private isOver = false

  constructor(
    handler: ActivityHandler,
    run: ActivityRun,
    policies: Policies,
    input: Schema.Json,
    given: Call | undefined
  ) {
    const { activityId, attempt, heartbeatDetails, scheduledTimestampMs, workflowExecution } = run.info
    const temporalRun = RunId.make(workflowExecution?.runId ?? "")
    this.handler = handler
    this.run = run
    this.policies = policies
    this.input = input
    // A call of a program that was not written with this library says nothing of it.
    this.call = given ?? { run: temporalRun, chain: temporalRun, at: scheduledTimestampMs }
    this.workflowId = WorkflowId.make(workflowExecution?.workflowId ?? "")
    this.seq = Sequence.make(Number.parseInt(activityId, 10) || 0)
    this.details = detailsOf(heartbeatDetails, given)
    this.number = attempt + (given?.ended === undefined ? 0 : given.ended.attempt - 1)
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
          if (this.isOver) return
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

  /** Runs the handler in its turn and ends with what Temporal is to record. */
  end({ inTurn, observed }: Around): Effect.Effect<Ended> {
    const ended = unjudged(this.run.info.heartbeatDetails, this.call)
    if (ended !== undefined) return this.failed(ended.before, ended.failed)
    return inTurn(this.begin(observed))
  }

  private begin(observed: Around["observed"]): Effect.Effect<Ended> {
    return Effect.gen({ self: this }, function* () {
      const began = yield* Clock.currentTimeMillis
      this.heardAt = began
      const limit = limitOf(this.call, began)
      const handled = Effect.suspend(() => observed(this.handler.attempt(this.input, this.context)))
      const ended = yield* this.limited(handled, limit)
      this.isOver = true
      const exit = fitting(this.handler.name, ended)
      switch (exit._tag) {
        case "Success":
          return answerOf(exit.value)
        case "Pending":
          return this.left(began, limit)
        case "Die":
          return failureOf(exit, exit.defect.message)
        default:
          return yield* this.failed(this.details, { at: yield* Clock.currentTimeMillis, failure: exit })
      }
    })
  }

  /** Asks the policy about the end of an attempt, and Temporal for another one where it goes on. */
  private failed(before: Failed, failed: FailedAttempt): Effect.Effect<ApplicationFailure> {
    const { call, handler, seq } = this
    const { name } = handler
    return Effect.gen({ self: this }, function* () {
      const key = `${call.run}/${seq}`
      const asked = yield* this.policies.pause({ handler, key, retry: call.retry }, before, failed)
      const ends = call.at + (call.timeouts?.total ?? Number.POSITIVE_INFINITY)
      const pause = Option.filter(asked, (pause) => failed.at + pause < ends)
      yield* this.log(failed, pause)
      if (Option.isNone(pause)) return failureOf(failed.failure, `${name} failed for good`)
      this.details = { ...this.details, ...withFailure(before, failed) }
      this.beat()
      return failureOf(failed.failure, `${name} failed and is tried again`, pause.value)
    })
  }

  private log({ failure }: FailedAttempt, pause: Option.Option<number>): Effect.Effect<void> {
    const what = failure._tag === "Fail" ? JSON.stringify(failure.error) : failure._tag
    const next = Option.isNone(pause) ? "it was the last one" : `the next one begins in ${Math.round(pause.value)} ms`
    const text = `attempt ${this.number} of activity ${this.handler.name} #${this.seq} failed with ${what}; ${next}`
    return Effect.annotateLogs(Effect.logWarning(text), {
      ...{ workflow: this.run.info.workflowType, workflowId: this.workflowId, runId: this.call.run },
      ...{ activity: this.handler.name, attempt: this.number }
    })
  }

  private left(began: number, limit: Limit | undefined): Schema.Json {
    const { failures, forgotten } = this.details
    const pending: LeftOpen["perdure/pending"] = {
      attempt: this.number,
      before: { failures, forgotten },
      timeout: limit && { at: began + limit.remaining, after: limit.after }
    }
    return { "perdure/pending": pending as unknown as Schema.Json }
  }

  /** Ends an attempt that takes too long, or is silent for too long. */
  private limited(handled: Effect.Effect<AttemptEnd>, limit: Limit | undefined): Effect.Effect<AttemptEnd> {
    const { heartbeatTimeout } = this.handler
    const silence = heartbeatTimeout === undefined ? Number.POSITIVE_INFINITY : Duration.toMillis(heartbeatTimeout)
    const watches: Array<Effect.Effect<RecordedExit>> = []
    if (Number.isFinite(silence)) watches.push(this.silent(silence))
    if (limit !== undefined) {
      const { after, remaining } = limit
      watches.push(Effect.as(Effect.sleep(Math.max(1, remaining)), { _tag: "TimedOut", after }))
    }
    return inTime(handled, watches, `activity ${this.handler.name}`)
  }

  private silent(after: number): Effect.Effect<RecordedExit> {
    const left = Effect.map(Clock.currentTimeMillis, (now) => this.heardAt + after - now)
    return Effect.gen(function* () {
      for (let pause = yield* left; pause > 0; pause = yield* left) yield* Effect.sleep(pause)
      return { _tag: "TimedOut", after } as const
    })
  }
}

// internal

/** What Temporal would refuse for its size is a defect: it would repeat the attempt for ever otherwise. */
const fitting = (activity: string, ended: AttemptEnd): AttemptEnd => {
  if (ended._tag !== "Success" && ended._tag !== "Fail") return ended
  const [of, value] = ended._tag === "Success" ? (["result", ended.value] as const) : (["error", ended.error] as const)
  const refused = tooLarge(`the ${of} of activity "${activity}"`, value)
  return refused === undefined ? ended : { _tag: "Die", defect: { name: "PayloadTooLarge", message: refused.message } }
}

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
