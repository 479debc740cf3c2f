/**
 * The handlers of workflows as one activity function of Temporal's, which runs an attempt and steps the retry policy.
 *
 * The state of the policy is the failures so far. Temporal keeps them in the heartbeat details of the activity, from one
 * attempt to the next and over the death of a worker, and its history does not grow with attempts.
 */
import { Context as ActivityRun, type Info } from "@temporalio/activity"
import { ApplicationFailure, CancelledFailure } from "@temporalio/common"
import { Clock, Duration, Effect, Exit, Option, type Schema } from "effect"
import { type HistoryEvent, Ids, type WorkflowRegistry } from "perdure"
import { defectOf } from "../../../src/internal/replay/defect.ts"
import type { Registrations } from "./registrations.ts"
import { failureOf } from "./wire.ts"

/** A failed attempt, as it is kept in the heartbeat details. */
interface Failed {
  readonly at: number
  readonly failure: HistoryEvent.RecordedExit
}

/** The function that Temporal calls for every activity type. Its promise is the one that Temporal expects. */
export const attemptsOf =
  (registrations: Registrations) =>
  async (input: Schema.Json): Promise<Schema.Json> => {
    const run = ActivityRun.current()
    const { activityType, workflowType = "" } = run.info
    const handler = registrations.get(workflowType)?.handlers.get(activityType)
    if (handler === undefined) {
      throw ApplicationFailure.retryable(`activity ${activityType} of workflow ${workflowType} has no handler here`)
    }
    const exit = await Effect.runPromiseExit(attempt(handler, input, run), { signal: run.cancellationSignal })
    if (Exit.isFailure(exit)) throw interrupted(handler, run)
    if (exit.value instanceof ApplicationFailure) throw exit.value
    return exit.value
  }

// internal

/** One attempt: its value, or the failure that Temporal is to record. */
const attempt = Effect.fnUntraced(function* (
  handler: WorkflowRegistry.ActivityHandler,
  input: Schema.Json,
  run: ActivityRun
) {
  const { info } = run
  const failures: ReadonlyArray<Failed> = info.heartbeatDetails ?? []
  const effect = limited(handler, handler.attempt(input, attemptContext(info, failures)))
  const exit = yield* Effect.raceFirst(effect, heartbeats(run, failures))
  if (exit._tag === "Success") return exit.value
  // Not part of this seam.
  if (exit._tag === "Pending") return yield* Effect.die(new Error("an end from outside"))
  if (exit._tag === "Die") return failureOf(exit, exit.defect.message)
  const failed: Failed = { at: yield* Clock.currentTimeMillis, failure: exit }
  const pause = yield* pauseAfter(handler, info, failures, failed)
  if (Option.isNone(pause)) return failureOf(exit, `${handler.name} failed for good`)
  run.heartbeat([...failures, failed])
  return failureOf(exit, `${handler.name} failed and is tried again`, pause.value)
})

/** Says that the attempt lives, for ever. Temporal answers whether it is still wanted. */
const heartbeats = (run: ActivityRun, failures: ReadonlyArray<Failed>): Effect.Effect<never> =>
  Effect.sync(() => run.heartbeat(failures)).pipe(
    Effect.andThen(Effect.sleep(Duration.millis((run.info.heartbeatTimeoutMs ?? 30_000) / 10))),
    Effect.forever
  )

/** Why an attempt was interrupted: by Temporal, by the end of the worker, or by its own handler, which is a bug. */
const interrupted = (handler: WorkflowRegistry.ActivityHandler, run: ActivityRun): Error => {
  if (!run.cancellationSignal.aborted) {
    const defect = defectOf(new Error(`the handler of activity ${handler.name} interrupted itself`))
    return failureOf({ _tag: "Die", defect }, defect.message)
  }
  return run.cancellationDetails?.cancelRequested === true
    ? new CancelledFailure("the program no longer wants the result")
    : ApplicationFailure.retryable("the worker stopped")
}

const attemptContext = (info: Info, failures: ReadonlyArray<Failed>) => {
  const { runId = "", workflowId = "" } = info.workflowExecution ?? {}
  return {
    workflow: info.workflowType ?? "",
    workflowId: Ids.WorkflowId.make(workflowId),
    runId: Ids.RunId.make(runId),
    activity: info.activityType,
    attempt: failures.length + 1,
    token: "",
    report: () => Effect.void,
    reported: Effect.succeedNone,
    idempotencyKey: callKey(info)
  }
}

const callKey = (info: Info): string => `${info.workflowExecution?.runId}/${info.activityId}`

/** Ends an attempt that takes too long. Temporal itself ends them all together: that needs no policy. */
const limited = (
  handler: WorkflowRegistry.ActivityHandler,
  effect: Effect.Effect<WorkflowRegistry.AttemptEnd>
): Effect.Effect<WorkflowRegistry.AttemptEnd> => {
  const { attempt } = handler.timeouts
  if (attempt === undefined) return effect
  return Effect.timeoutOrElse(effect, {
    duration: attempt,
    orElse: () => Effect.succeed<HistoryEvent.RecordedExit>({ _tag: "TimedOut", after: Duration.toMillis(attempt) })
  })
}

/** The pause before the next attempt, by the policy of the activity, which is any schedule. */
const pauseAfter = Effect.fnUntraced(function* (
  handler: WorkflowRegistry.ActivityHandler,
  info: Info,
  past: ReadonlyArray<Failed>,
  failed: Failed
) {
  const step = yield* handler.retry(callKey(info))
  for (const { at, failure } of past) yield* step(at, failure)
  return yield* step(failed.at, failed.failure)
})
