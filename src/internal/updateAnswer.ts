/**
 * The answers of updates, as their callers get them.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { UpdateAnswer } from "../Message.ts"
import { Defect, InvalidPayload, OtherFailed, WorkflowError } from "../WorkflowError.ts"
import { defectOf, errorOf } from "./replay/defect.ts"
import type { UpdateCodecs } from "./updateHandler.ts"

/** What an answer is to its caller. */
export const answered = <Success, Error>(
  name: string,
  codecs: UpdateCodecs<any, Success, Error>,
  workflowId: string,
  { exit }: UpdateAnswer
): Effect.Effect<Success, Error | WorkflowError> => {
  const fail = (reason: WorkflowError["reason"]) =>
    Effect.fail(new WorkflowError({ operation: "update", workflowId, reason }))
  const decoded = <A, B, E>(value: Result.Result<A, string>, of: string, end: (value: A) => Effect.Effect<B, E>) =>
    Result.isSuccess(value)
      ? end(value.success)
      : fail(new InvalidPayload({ of, issue: `${value.failure}\nRead it with a schema that reads what was recorded.` }))
  switch (exit?._tag) {
    case "Success":
      return decoded(codecs.success.decode(exit.value), "the recorded success", Effect.succeed)
    case "Fail":
      return decoded(codecs.error.decode(exit.error), "the recorded error", Effect.fail)
    case "Die":
      return fail(new Defect({ defect: defectOf(errorOf(exit.defect)), update: name }))
    case "Other": {
      const { message: detail, operation, reason: because, workflowId: id } = exit
      const other = id === undefined ? {} : { workflowId: id }
      return fail(new OtherFailed({ operation, because, detail, update: name, ...other }))
    }
    case undefined:
      return Effect.die(new Error(`the executor answered update ${JSON.stringify(name)} before it was answered`))
  }
}
