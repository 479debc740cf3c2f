/**
 * How a program or the handler of an update has ended, from what is recorded of it.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { UpdateExit } from "../HistoryEvent.ts"
import { Defect, InvalidPayload, OtherFailed, WorkflowError } from "../WorkflowError.ts"
import { defectOf, errorOf } from "./replay/defect.ts"
import type { Codecs } from "./schema.ts"

/** What a recorded end is to a caller. */
export const recordedEnd = <Success, Error>(
  { error, success }: Pick<Codecs<unknown, Success, Error>, "success" | "error">,
  exit: UpdateExit,
  about: {
    readonly operation: "result" | "update"
    readonly workflowId: string
    /** The update whose handler ended; absent where the program did. */
    readonly update?: string
    /** What its compensations failed with. */
    readonly detail?: string
  }
): Effect.Effect<Success, Error | WorkflowError> => {
  const { detail, operation, update, workflowId } = about
  const of = update === undefined ? {} : { update }
  const fail = (reason: WorkflowError["reason"]) => Effect.fail(new WorkflowError({ operation, workflowId, reason }))
  const decoded = <A, B, E>(what: string, value: Result.Result<A, string>, end: (value: A) => Effect.Effect<B, E>) => {
    if (Result.isSuccess(value)) return end(value.success)
    const issue = `${value.failure}\nRead it with a schema that reads what was recorded.`
    return fail(new InvalidPayload({ of: `the recorded ${what}`, issue }))
  }
  switch (exit._tag) {
    case "Success":
      return decoded("success", success.decode(exit.value), Effect.succeed)
    case "Fail":
      return decoded("error", error.decode(exit.error), Effect.fail)
    case "Die":
      // What other releases and executors recorded may be of any form.
      return fail(new Defect({ defect: defectOf(errorOf(exit.defect)), ...of }))
    case "Other": {
      const { message, operation, reason: because, workflowId: id } = exit
      const text = detail === undefined ? message : `${message}\n${detail}`
      const other = id === undefined ? {} : { workflowId: id }
      return fail(new OtherFailed({ operation, because, detail: text, ...other, ...of }))
    }
  }
}
