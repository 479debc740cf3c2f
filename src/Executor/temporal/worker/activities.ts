/**
 * The function that Temporal calls for every activity: it finds the handler and runs an attempt in a fiber of its own.
 */
import { Context as ActivityRun } from "@temporalio/activity"
import { ApplicationFailure, CancelledFailure } from "@temporalio/common"
import type * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Schema from "effect/Schema"
import { askName } from "../../../internal/core/asked.ts"
import { defectIn } from "../../../internal/replay/defect.ts"
import { failureOf } from "../../../internal/temporal/failures.ts"
import { type Call, sendName } from "../../../internal/temporal/wire.ts"
import type { Attempting } from "../../Observers.ts"
import type { AttemptEnd } from "../../WorkflowRegistry.ts"
import { Attempt, type Ended } from "./Attempt.ts"
import type { Handlers } from "./Handlers.ts"
import type { Limits } from "./Limits.ts"
import type { Policies } from "./Policies.ts"

/** What activities of a worker share. */
export interface Shared {
  readonly handlers: Handlers
  readonly limits: Limits
  readonly policies: Policies
  /** The context of the worker's layer. */
  readonly context: Context.Context<never>
  /** How often an attempt says that it lives. */
  readonly heartbeatInterval: Duration.Duration
  /** Runs an activity that every worker has. */
  readonly own: (name: typeof askName | typeof sendName, input: Schema.Json) => Effect.Effect<Ended>
  /** Tells the observers what an execution has done. */
  readonly told: (temporalRun: string, text: string) => void
  /** Makes and ends spans of the programs of a run. */
  readonly spanned: (run: string, text: string) => void
  /** What observers do around an attempt. */
  readonly observed: (attempting: Attempting, attempt: Effect.Effect<AttemptEnd>) => Effect.Effect<AttemptEnd>
}

/** The function that Temporal calls for every activity type. Its promise is the one that Temporal expects. */
export const activityOf =
  (shared: Shared) =>
  (input: Schema.Json, call?: Call): Promise<Schema.Json> => {
    const run = ActivityRun.current()
    const beats = beating(shared, run)
    const effect = Effect.raceFirst(resultOf(shared, run, input ?? null, call, beats), beats.forever)
    return Effect.runPromiseExitWith(shared.context)(effect, { signal: run.cancellationSignal }).then((exit) => {
      if (Exit.isFailure(exit)) throw interrupted(run, exit.cause)
      if (exit.value instanceof ApplicationFailure) throw exit.value
      return exit.value
    })
  }

// internal

/** How an attempt says that it lives. Before its handler is known it only keeps what was there. */
interface Beats {
  beat: () => void
  readonly forever: Effect.Effect<never>
}

const beating = ({ heartbeatInterval }: Shared, run: ActivityRun): Beats => {
  const beats: Beats = {
    beat: () => run.heartbeat(run.info.heartbeatDetails),
    // Temporal keeps what the attempt before has said, so a short one says nothing.
    forever: Effect.sleep(heartbeatInterval).pipe(Effect.andThen(Effect.sync(() => beats.beat())), Effect.forever)
  }
  return beats
}

const resultOf = Effect.fnUntraced(function* (
  shared: Shared,
  run: ActivityRun,
  input: Schema.Json,
  call: Call | undefined,
  beats: Beats
): Effect.fn.Return<Ended> {
  const { activityType, workflowType = "" } = run.info
  if (activityType === askName || activityType === sendName) return yield* shared.own(activityType, input)
  const handler = yield* shared.handlers.find(workflowType, activityType)
  if (handler === undefined) {
    const text = `activity ${activityType} of workflow ${workflowType} has no handler in this worker; provide its layer`
    yield* Effect.logWarning(text)
    return ApplicationFailure.create({ message: text, nextRetryDelay: "1 second" })
  }
  const attempt = new Attempt(handler, run, shared.policies, input, call)
  beats.beat = () => attempt.beat()
  const attempting: Attempting = {
    context: attempt.context,
    input,
    chain: attempt.call.chain,
    root: attempt.call.root,
    trace: attempt.call.trace
  }
  return yield* attempt.end({
    inTurn: (effect) => shared.limits.within(handler, effect),
    observed: (effect) => shared.observed(attempting, effect)
  })
})

/** Why an attempt has no end: Temporal or the end of the worker has interrupted it; or else what is around it is at fault. */
const interrupted = (run: ActivityRun, cause: Cause.Cause<never>): Error => {
  const { activityType } = run.info
  if (!run.cancellationSignal.aborted) {
    const defect = defectIn(cause, `the handler of activity ${activityType}`)
    return failureOf({ _tag: "Die", defect }, defect.message)
  }
  if (run.cancellationDetails?.cancelRequested === true)
    return new CancelledFailure("the program no longer wants the result")
  return ApplicationFailure.create({ message: "the worker stopped", nextRetryDelay: 1 })
}
