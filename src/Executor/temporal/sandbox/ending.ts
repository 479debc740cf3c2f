/**
 * How an execution ends, in Temporal's terms.
 */
import { CancelledFailure } from "@temporalio/common"
import { makeContinueAsNewFunc, upsertMemo, workflowInfo } from "@temporalio/workflow"
import type * as Schema from "effect/Schema"
import type { EventOf } from "../../../HistoryEvent.ts"
import { describe } from "../../../internal/core/match.ts"
import { failureOf, problemError } from "../../../internal/temporal/failures.ts"
import { searchAttributesOf } from "../../../internal/temporal/searchable.ts"
import { type Memo, memoField } from "../../../internal/temporal/wire.ts"
import { memoOf, startOfNext } from "../../../internal/temporal/beginning.ts"
import type { Owner } from "./Owner.ts"
import type { AnyWorkflow } from "./messages.ts"

/** The result, or what Temporal is to record in its place. */
export const end = (execution: Owner): Promise<Schema.Json> | Schema.Json => {
  const { closed, interpreter } = execution
  if (interpreter.problem !== undefined) throw problemError(interpreter.problem)
  switch (closed?._tag) {
    case "ExecutionCompleted":
      return closed.value
    case "ExecutionContinued":
      return goOn(execution, closed)
    case "ExecutionCancelled":
      // Temporal knows nothing of a cancel that the execution sent to itself.
      if (execution.isCancelled) throw new CancelledFailure(describe(closed).toWellFormed(), [closed])
      note("cancelled")
      throw failureOf(closed, describe(closed))
    case "ExecutionTimedOut":
      note("timedOut")
      throw failureOf(closed, describe(closed))
    case "ExecutionFailed":
      throw failureOf(closed, describe(closed))
    case undefined:
      throw new Error("the execution ended without an end")
  }
}

// internal

/** For Temporal it is a failure. */
const note = (closed: Memo["closed"]): void => upsertMemo({ [memoField]: { ...memoNow(), closed } })

const memoNow = (): Partial<Memo> => (workflowInfo().memo?.[memoField] ?? {}) as Partial<Memo>

const goOn = ({ start }: Owner, continued: EventOf<"ExecutionContinued">): Promise<never> => {
  const next = startOfNext(continued, start)
  const { chain, input: first, startedAt } = continued.next.continues!
  const { before = 0, parentClose } = memoNow()
  const searched = searchAttributesOf(next.attributes, start.searchable)
  return makeContinueAsNewFunc<AnyWorkflow>({
    // A version is that of the run; the next one has the latest.
    memo: {
      [memoField]: { ...memoOf(next, first, chain), startedAt, before: before + 1, parentClose } satisfies Memo
    },
    ...(searched.length === 0 ? {} : { typedSearchAttributes: searched }),
    // And that of the build which is current.
    ...(workflowInfo().currentDeploymentVersion === undefined ? {} : { initialVersioningBehavior: "AUTO_UPGRADE" })
  })(continued.next.input, next)
}
