/**
 * Ends of calls of activities, by callers outside.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { DurableExecutor } from "../Executor/DurableExecutor.ts"
import type { WorkflowError } from "../WorkflowError.ts"
import { placeOf } from "./pending.ts"
import { type JsonCodec, refused } from "./schema.ts"

/** Ends the call that a token names with a value. */
export const complete = <A>(
  activity: string,
  token: string,
  what: "the success" | "the error",
  codec: JsonCodec<A>,
  value: A
): Effect.Effect<void, WorkflowError, DurableExecutor> =>
  Effect.gen(function* () {
    const place = Option.getOrUndefined(placeOf(token))
    if (place === undefined) {
      return yield* refused("complete", undefined, "the token", "it must be the token of an ActivityContext, as it was")
    }
    const { attempt, chain: runId, run, seq, workflowId } = place
    if (place.activity !== activity) {
      const other = `it is of activity ${JSON.stringify(place.activity)}, and not of ${JSON.stringify(activity)}`
      return yield* refused("complete", workflowId, "the token", other)
    }
    const json = codec.encode(value)
    if (Result.isFailure(json)) {
      return yield* refused("complete", workflowId, `${what} of activity ${activity}`, json.failure)
    }
    const exit = what === "the success" ? succeeded(json.success) : failed(json.success)
    const executor = yield* DurableExecutor
    return yield* executor.send({ workflowId, runId }, { _tag: "Complete", run, seq, activity, attempt, exit })
  })

// internal

const succeeded = <A>(value: A) => ({ _tag: "Success", value }) as const

const failed = <A>(error: A) => ({ _tag: "Fail", error }) as const
