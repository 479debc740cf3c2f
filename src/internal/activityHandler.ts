/**
 * Handlers of activities in encoded form, as executors run them.
 */
import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as Tracer from "effect/Tracer"
import { ActivityContext } from "../ActivityContext.ts"
import { ActivityTimedOut } from "../ActivityError.ts"
import type { ActivityHandler, AttemptEnd } from "../Executor/WorkflowRegistry.ts"
import type { RecordedExit } from "../HistoryEvent.ts"
import type { Contract } from "./activityCall.ts"
import { dieWith, recordFailure, recordSuccess } from "./exits.ts"
import { effectOf } from "./given.ts"
import { besidePending, isPending } from "./pending.ts"
import { nextRetry } from "./retry.ts"
import { chosenOf } from "./retryPlan.ts"
import type { Codecs } from "./schema.ts"
import { withoutSpan } from "./ofLayer.ts"

/** The executor's side: decode, run the handler, encode whatever comes of it. */
export const makeHandler = <
  Name extends string,
  Input extends Schema.Codec<unknown, unknown>,
  Success extends Schema.Codec<unknown, unknown>,
  Error extends Schema.Codec<unknown, unknown>,
  R
>(
  contract: Contract<Name, Input, Success, Error>,
  codecs: Codecs<Input["Type"], Success["Type"], Error["Type"]>,
  handler: (input: Input["Type"]) => Effect.Effect<Success["Type"], Error["Type"], R>,
  context: Context.Context<Exclude<R, ActivityContext>>
): ActivityHandler => {
  const { name } = contract
  const own = withoutSpan(context)
  const errorOfFailure = (failure: RecordedExit): Error["Type"] | ActivityTimedOut | undefined => {
    if (failure._tag === "TimedOut") return new ActivityTimedOut({ activity: name, after: failure.after })
    if (failure._tag !== "Fail") return undefined
    return Option.getOrUndefined(Result.getSuccess(codecs.error.decode(failure.error)))
  }
  return {
    name,
    timeouts: contract.timeouts,
    heartbeatTimeout: contract.heartbeatTimeout,
    hasDetails: contract.hasDetails,
    misfit: (end) => misfitOf(codecs, end),
    retry: (seed, chosen) => nextRetry(chosenOf(contract.retry, chosen), errorOfFailure, seed),
    attempt: (json, attempt, within) => {
      const input = codecs.input.decode(json)
      if (Result.isFailure(input)) {
        return Effect.succeed(dieWith(`the input of activity ${name} does not fit its schema: ${input.failure}`))
      }
      const services = within === undefined ? own : Context.merge(own, within.services)
      const run = Effect.updateContext(
        effectOf(`the handler of activity ${name}`, () => handler(input.success)),
        (caller: Context.Context<never>) => ofAttempt(services, attempt, caller) as Context.Context<R>
      )
      return Effect.matchCauseEffect(run, {
        onSuccess: (value) => Effect.succeed(recordSuccess(name, codecs.success, value)),
        onFailure: (cause): Effect.Effect<AttemptEnd> => {
          within?.failed(cause)
          return isPending(cause) ? leave(name, besidePending(cause)) : recordFailure(name, codecs.error, cause)
        }
      })
    }
  }
}

/** Why callers could not read an end. */
const misfitOf = (
  { error, success }: Pick<Codecs<unknown, unknown, unknown>, "error" | "success">,
  end: RecordedExit
): string | undefined => {
  const unread = (what: string, value: Result.Result<unknown, string>) =>
    Result.isSuccess(value) ? undefined : `${what} that does not fit its schema: ${value.failure}`
  if (end._tag === "Success") return unread("a success", success.decode(end.value))
  return end._tag === "Fail" ? unread("an error", error.decode(end.error)) : undefined
}

/** The end of a handler that leaves the end of its activity to others. What its finalizers died with changes nothing of that. */
const leave = (name: string, beside: Cause.Cause<unknown>): Effect.Effect<AttemptEnd> => {
  const end = { _tag: "Pending" } as const
  if (beside.reasons.length === 0) return Effect.succeed(end)
  const text = `the handler of activity ${name} has left its end to a caller outside, and failed beside that`
  return Effect.as(Effect.logError(text, beside), end)
}

/** The services of a handler are those of its layer, but for the attempt and its span, which come with each run. */
const ofAttempt = <R>(
  layer: Context.Context<R>,
  attempt: ActivityContext["Service"],
  caller: Context.Context<never>
): Context.Context<R | ActivityContext> => {
  const { activity, attempt: number, runId, workflow, workflowId } = attempt
  const context = Context.add(layer, ActivityContext, attempt).pipe(
    Context.add(References.CurrentLogAnnotations, {
      ...Context.get(layer, References.CurrentLogAnnotations),
      ...{ workflow, workflowId, runId, activity, attempt: number }
    })
  )
  const span = Context.getOption(caller, Tracer.ParentSpan)
  return Option.isSome(span) ? Context.add(context, Tracer.ParentSpan, span.value) : context
}
