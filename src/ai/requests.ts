/**
 * The requests of an execution, as any process reads them: its program publishes them, and its history has the large ones.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { DurableExecutor } from "../Executor/DurableExecutor.ts"
import type { Executions } from "../Executor/Executions.ts"
import type { HistoryEvent } from "../HistoryEvent.ts"
import { jsonCodec } from "../internal/schema.ts"
import type { ExecutionSummary } from "../Store/StoredExecution.ts"
import type { WorkflowError } from "../WorkflowError.ts"
import { callsIn } from "./callsIn.ts"
import {
  ApprovalRefused,
  ApprovalRequest,
  type Over,
  recording,
  refusalOf,
  Requests,
  type SentAnswer
} from "./ApprovalRequest.ts"

/** The requests of an execution that are open, and what has become of the latest ones that are not, by their ids. */
export interface Known {
  readonly open: ReadonlyArray<ApprovalRequest>
  readonly over: ReadonlyMap<string, Over>
}

/** The requests of an execution. Fails where this process cannot read them. */
export const requestsOf = Effect.fnUntraced(function* (
  executions: Executions["Service"],
  { published = {}, workflowId }: ExecutionSummary
): Effect.fn.Return<Known, WorkflowError, DurableExecutor> {
  const value = Object.hasOwn(published, Requests.name) ? published[Requests.name]! : { leftOut: "" }
  const read = "value" in value ? values.decode(value.value) : Result.fail("")
  const listed = Result.isSuccess(read) ? read.success : yield* Requests.ask(workflowId)
  const isLarge = listed.some((one) => "state" in one && one.state === "Recorded")
  const recorded = isLarge ? recordedIn(yield* executions.history(workflowId)) : new Map<string, ApprovalRequest>()
  const open: Array<ApprovalRequest> = []
  const over = new Map<string, Over>()
  for (const one of listed) {
    if (!("state" in one)) open.push(one)
    else if (one.state !== "Recorded") over.set(one.id, one.state)
    // One that is not in the history is of an earlier run: the execution has continued since.
    else if (recorded.has(one.id)) open.push(recorded.get(one.id)!)
  }
  return { open, over }
})

/**
 * Why an answer is refused, as far as that is known before it is sent: what is sent is recorded, also when the program refuses it. An answer
 * whose id is known is sent again, as it gets the outcome of the first time.
 */
export const refusedAhead = Effect.fnUntraced(
  function* (
    executions: Executions["Service"],
    workflowId: string,
    answer: SentAnswer,
    { answerId, now }: { readonly answerId: string | undefined; readonly now: number }
  ) {
    const { id } = answer
    const summary = yield* executions.describe(workflowId)
    // What does not run takes no answer, and says why.
    if (summary.status !== "running") return undefined
    const { open, over } = yield* Effect.catchIf(requestsOf(executions, summary), hasNeverAsked, () =>
      Effect.succeed<Known>({ open: [], over: new Map() })
    )
    const request = open.find((each) => each.id === id)
    const reason = request === undefined ? (over.get(id) ?? "Unknown") : refusalOf(request, "open", answer, now)
    if (reason === undefined) return undefined
    if (answerId !== undefined && isKnownIn(yield* executions.history(workflowId), answerId)) return undefined
    return new ApprovalRefused({ id, reason })
  },
  // Where it cannot be known, the program decides. A store that is away would let the caller wait once more.
  Effect.catch((error) => (error.reason._tag === "StoreUnavailable" ? Effect.fail(error) : Effect.succeed(undefined)))
)

// internal

const values = jsonCodec(Requests.success)
const requests = jsonCodec(ApprovalRequest)

/** The requests that are in a history, by their ids. */
const recordedIn = (history: ReadonlyArray<HistoryEvent>): ReadonlyMap<string, ApprovalRequest> => {
  const found = new Map<string, ApprovalRequest>()
  for (const { success } of callsIn(history, recording)) {
    const request = success === undefined ? undefined : requests.decode(success)
    if (request !== undefined && Result.isSuccess(request)) found.set(request.success.id, request.success)
  }
  return found
}

/** A program that publishes no requests and answers no question for them has not made one so far. */
const hasNeverAsked = ({ reason }: WorkflowError): boolean =>
  reason._tag === "UnknownQuery" || reason._tag === "NoProgram"

/** Whether an update of this id was sent in the run, or in one before it. */
const isKnownIn = (history: ReadonlyArray<HistoryEvent>, updateId: string): boolean =>
  history.some((event) => {
    if (event._tag === "UpdateRequested") return event.id === updateId
    if (event._tag !== "ExecutionStarted" || event.continues === undefined) return false
    const { answered, open } = event.continues.updates
    return open.some(({ id }) => id === updateId) || answered.some(([id]) => id === updateId)
  })
