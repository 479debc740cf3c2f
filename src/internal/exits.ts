/**
 * How attempts are recorded.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { RecordedExit } from "../HistoryEvent.ts"
import { defectOf } from "./replay/defect.ts"
import type { JsonCodec } from "./schema.ts"

/** The record of an attempt that succeeded. */
export const recordSuccess = <Success>(name: string, codec: JsonCodec<Success>, success: Success): RecordedExit => {
  const value = codec.encode(success)
  return Result.isSuccess(value)
    ? { _tag: "Success", value: value.success }
    : dieWith(`the success of activity ${name} does not fit its schema: ${value.failure}`)
}

/** The record of an attempt that failed, or an interruption that came from outside. */
export const recordFailure = <Error>(
  name: string,
  codec: JsonCodec<Error>,
  cause: Cause.Cause<Error>
): Effect.Effect<RecordedExit> => {
  const fail = cause.reasons.find(Cause.isFailReason)
  if (fail !== undefined) {
    const error = codec.encode(fail.error)
    return Effect.succeed(
      Result.isSuccess(error)
        ? { _tag: "Fail", error: error.success }
        : dieWith(`the error of activity ${name} does not fit its schema: ${error.failure}`, fail.error)
    )
  }
  const die = cause.reasons.find(Cause.isDieReason)
  return die === undefined ? Effect.interrupt : Effect.succeed({ _tag: "Die", defect: defectOf(die.defect, name) })
}

/** The record of a defect that this library finds. */
export const dieWith = (message: string, cause?: unknown): Extract<RecordedExit, { readonly _tag: "Die" }> => ({
  _tag: "Die",
  defect: defectOf(new Error(message, { cause }))
})
