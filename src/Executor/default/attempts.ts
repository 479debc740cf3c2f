/**
 * The attempts of activities: what is known of one, its timeouts, and the pause before the next.
 */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { type EventOf, RecordedExit } from "../../HistoryEvent.ts"
import { attemptOf } from "../../internal/core/evolve.ts"
import { canonicalJson, equalJson } from "../../internal/core/json.ts"
import { dieWith } from "../../internal/exits.ts"
import { shown } from "../../internal/options.ts"
import { defectOf, errorOf } from "../../internal/replay/defect.ts"
import { inMillis } from "../../internal/timeouts.ts"
import type { RunId, Sequence, Version, WorkflowId } from "../../Ids.ts"
import type { Open } from "../../WorkflowState.ts"
import type { ActivityHandler, AttemptEnd, NextRetry } from "../WorkflowRegistry.ts"
import type { AlarmOwner } from "./Alarms.ts"
import type { ActivityContext } from "../../ActivityContext.ts"
import { tokenOf } from "../../internal/pending.ts"
import type { CallPlace } from "../../Store/WorkflowStore.ts"
import type { Beats } from "./Beats.ts"
import type { About } from "./Fibers.ts"
import type { Isolated } from "./Isolation.ts"
import type { Owner } from "./Owner.ts"
import type { Reports } from "./Reports.ts"

/** How an attempt ended: with the result of the activity, or to be repeated after a pause. */
export type AttemptOutcome =
  | { readonly _tag: "Resolved"; readonly exit: RecordedExit }
  | { readonly _tag: "Failed"; readonly failure: RecordedExit; readonly pause: number }
  /** A caller outside ends it, or time does. */
  | { readonly _tag: "Pending"; readonly timeout: TimeLimit | undefined }
  /** Its result is recorded already, up to a version. */
  | { readonly _tag: "Recorded"; readonly version: number }

/** When time ends an attempt, by the clock of its execution, and the timeout that it then has. */
export type TimeLimit = NonNullable<EventOf<"ActivityPending">["timeout"]>

/** An activity in the care of this worker: in line, running, or between two attempts. */
export interface ActivityRun {
  /** Its attempt, in line or running. */
  attempt: Attempt | undefined
  /** What asks another execution, for a call that is no handler's. */
  asking?: Fiber.Fiber<unknown, unknown>
  /** Set when its outcome is not wanted any more. */
  abandoned: boolean
  /** When its next attempt is due; absent while it is in line or running. */
  dueAt: number | undefined
  /** The state of its retry policy, once an attempt has failed here. */
  step: NextRetry | undefined
  /** Whether its attempts may report details, which are removed with its result. */
  hasDetails?: boolean
  /** Set while its result is said to be recorded, and was not read yet. */
  isRecorded?: boolean
  /** Set while its retry policy judges an attempt that ended outside of its handler. */
  isJudged?: boolean
}

/** An open activity, as its command was recorded. */
export interface OpenActivity extends Open {
  readonly issued: EventOf<"ActivityScheduled">
}

/** What is asked of an attempt: of which activity, by what, and whom to tell of its outcome. */
export interface Asked {
  readonly owner: Owner
  readonly activity: OpenActivity
  readonly handler: ActivityHandler
  readonly run: ActivityRun
  readonly done: (outcome: AttemptOutcome) => void
}

/** An attempt that has not begun. */
export const unbegun = { fiber: undefined, timeout: undefined, limit: undefined, beats: undefined, alarmAt: undefined }

/** One attempt of an activity. Its alarm goes off when the total timeout passes in line. */
export interface Attempt extends AlarmOwner, Isolated, Asked {
  fiber: Fiber.Fiber<unknown, unknown> | undefined
  timeout: Fiber.Fiber<unknown, unknown> | undefined
  limit: TimeLimit | undefined
  /** Set while it runs and must not be silent for long. */
  beats: Beats | undefined
  /** A version as of which the call is open. */
  readonly known: Version
  /** The version up to which the history tells how the call has ended, when that was recorded beside the execution. */
  recorded?: number
}

/** The timeouts of an activity as they were recorded with the call, in milliseconds; histories of release 0.1 have none. */
const timeoutsOf = ({ activity: { issued }, handler }: Attempt) => issued.timeouts ?? inMillis(handler.timeouts)

/** How long all attempts may take together; absent when there is no limit. */
export const totalOf = (attempt: Attempt): number | undefined => {
  const total = timeoutsOf(attempt)?.total
  return total !== undefined && Number.isFinite(total) ? total : undefined
}

/** The timeout that passes first: that of this attempt or that of all of them. */
export const timeLimit = (attempt: Attempt): { readonly after: number; readonly remaining: number } | undefined => {
  const timeouts = timeoutsOf(attempt)
  if (timeouts === undefined) return undefined
  const { attempt: one = Number.POSITIVE_INFINITY, total: all = Number.POSITIVE_INFINITY } = timeouts
  const left = attempt.activity.issued.at + all - attempt.owner.now()
  if (left < one) return { after: all, remaining: left }
  return Number.isFinite(one) ? { after: one, remaining: one } : undefined
}

/** What becomes of an attempt that failed. The state of the policy is found again from the failures that were recorded. */
export const afterFailure = (attempt: Attempt, failure: RecordedExit): Effect.Effect<AttemptOutcome> => {
  const { activity, handler, owner, run } = attempt
  const now = owner.now()
  return Effect.gen(function* () {
    if (run.step === undefined) {
      run.step = yield* handler.retry(`${owner.runId}/${activity.seq}`, activity.issued.retry)
      for (const past of activity.failures) yield* run.step(past.at, past.failure)
    }
    const pause = Option.getOrElse(yield* run.step(now, failure), () => Number.POSITIVE_INFINITY)
    const ends = activity.issued.at + (totalOf(attempt) ?? Number.POSITIVE_INFINITY)
    return now + pause < ends ? ({ _tag: "Failed", failure, pause } as const) : resolved(failure)
  })
}

/** What is recorded when the retry policy itself is broken. */
export const brokenPolicy = ({ handler: { name } }: Attempt, cause: Cause.Cause<never>): AttemptOutcome => {
  const text = `the retry policy of activity ${name} failed; it must return a pause`
  return resolved({ _tag: "Die", defect: defectOf(new Error(text, { cause: Cause.squash(cause) }), name) })
}

/** What is recorded of a handler: also of one that did not turn its own end into a result. */
export const recordOf = ({ handler: { name } }: Attempt, exit: Exit.Exit<AttemptEnd>): AttemptEnd => {
  if (exit._tag === "Success") return exit.value
  const defect = Cause.hasInterruptsOnly(exit.cause)
    ? new Error(`the handler of activity ${name} interrupted itself`)
    : Cause.squash(exit.cause)
  return { _tag: "Die", defect: defectOf(defect, name) }
}

/**
 * What is recorded of an end that came in place of the handler's: itself, or a defect where it is none, where callers could not read it,
 * and where the activity would stay open although no caller has a token.
 */
export const replacedEnd = ({ misfit, name }: ActivityHandler, given: unknown): AttemptEnd => {
  const json = canonicalJson(given)
  if (Result.isFailure(json)) return misplaced(name, `what is no end: ${json.failure}`)
  const end = json.success
  if (!isExit(end)) {
    const isPending = equalJson(end, { _tag: "Pending" })
    return misplaced(name, isPending ? "Pending, which only its handler may" : `what is no end: ${shown(end)}`)
  }
  // Of a defect no more is recorded than of one that a handler dies with.
  if (end._tag === "Die") return { _tag: "Die", defect: defectOf(errorOf(end.defect)) }
  const issue = misfit?.(end)
  return issue === undefined ? end : misplaced(name, issue)
}

/** What an attempt is, for lines of the log. */
export const aboutOf = ({ registration, runId, workflowId }: Owner, activity: OpenActivity): About => ({
  workflow: registration.workflow,
  workflowId,
  runId,
  activity: activity.issued.name,
  attempt: attemptOf(activity)
})

/** The call of which an attempt is one. */
export const placeOf = ({
  activity: { seq },
  owner: { runId, workflowId }
}: Pick<Attempt, "activity" | "owner">): CallPlace => ({
  workflowId,
  runId,
  seq
})

/** What the handler of an attempt can know of it. What it reports counts while it runs. */
export const contextOf = (attempt: Attempt, reports: Reports, isRunning: () => boolean): ActivityContext["Service"] =>
  new AttemptContext(attempt, reports, isRunning)

/** How long an attempt may be silent, in milliseconds. */
export const silenceOf = ({ heartbeatTimeout }: ActivityHandler): number | undefined =>
  heartbeatTimeout !== undefined && Duration.isFinite(heartbeatTimeout)
    ? Duration.toMillis(heartbeatTimeout)
    : undefined

/** Stops the timers of an attempt that has ended. */
export const stopWatches = ({ beats, timeout }: Attempt): void => {
  timeout?.interruptUnsafe()
  beats?.stop()
}

/** Completes when a handler has ended. */
export const ended = (fiber: Fiber.Fiber<unknown, unknown>): Effect.Effect<void> =>
  Effect.callback((resume) => {
    fiber.addObserver(() => resume(Effect.void))
  })

// internal

/**
 * A class, since a getter in a literal gives each object a shape of its own. V8 keeps shapes in its old memory, and with them all that
 * the getter reaches, so attempts would outlive many small collections.
 */
class AttemptContext {
  readonly workflow: string
  readonly workflowId: WorkflowId
  readonly runId: RunId
  readonly activity: string
  readonly attempt: number
  readonly idempotencyKey: string
  readonly report: ActivityContext["Service"]["report"]
  readonly reported: ActivityContext["Service"]["reported"]
  private readonly chain: RunId
  private readonly seq: Sequence

  constructor(attempt: Attempt, reports: Reports, isRunning: () => boolean) {
    const { activity, owner } = attempt
    const { chain, registration, runId, workflowId } = owner
    const { name, seq } = activity.issued
    const place = placeOf(attempt)
    this.workflow = registration.workflow
    this.workflowId = workflowId
    this.runId = runId
    this.activity = name
    this.attempt = attemptOf(activity)
    this.idempotencyKey = `${runId}/${seq}`
    this.report = (details) =>
      Effect.sync(() => {
        if (!isRunning()) return
        attempt.beats?.heard()
        reports.report(place, details)
      })
    this.reported = reports.read(place)
    this.chain = chain
    this.seq = seq
  }

  /** Made when it is asked for: few handlers do, and it costs as much as some of them. */
  get token(): string {
    const { activity, attempt, chain, runId, seq, workflowId } = this
    return tokenOf({ workflowId, chain, run: runId, seq, activity, attempt })
  }
}

const isExit = Schema.is(RecordedExit)

const misplaced = (name: string, issue: string): RecordedExit =>
  dieWith(`Middleware.activity, or another observer of attempts, has ended activity ${name} with ${issue}`)

const resolved = (exit: RecordedExit): AttemptOutcome => ({ _tag: "Resolved", exit })
