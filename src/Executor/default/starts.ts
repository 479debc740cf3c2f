/**
 * Starts of executions by the store alone: new runs that wait for a worker, and what becomes of a start whose id exists.
 */
import * as Effect from "effect/Effect"
import { type RunId, Version, type WorkflowId } from "../../Ids.ts"
import { isFirstInput } from "../../internal/core/continued.ts"
import { refused } from "../../internal/store/failure.ts"
import { patiently } from "../../internal/store/patiently.ts"
import type { StoreError } from "../../Store/WorkflowStore.ts"
import { AlreadyExists, PayloadTooLarge, StoreUnavailable, type WorkflowErrorReason } from "../../WorkflowError.ts"
import { isFinal } from "../../WorkflowState.ts"
import type { StartedRun, StartRequest } from "../DurableExecutor.ts"
import type { Appender } from "./Appender.ts"
import { settle } from "./Delivery.ts"
import { startInWords } from "./Oversize.ts"
import { firstCommit, startedEvent } from "./started.ts"

/** The version of an id that has no history. */
export const nothing = Version.make(0)

type Failure = WorkflowErrorReason | StoreError

/** How executions are started. */
export interface Starting {
  readonly appender: Appender
  readonly makeId: () => string
  /** How long to wait for a store that does not answer, in milliseconds. */
  readonly answerTimeout: number
  /** Whether nothing is to be waited for: on some stores a fiber that waits has left its transaction. */
  readonly inTransaction?: true
}

/** Makes a new run after a version, that waits for a worker with its program. */
export const createElsewhere = (
  { answerTimeout, appender, makeId }: Starting,
  request: StartRequest,
  workflowId: WorkflowId,
  latest: Version
): Effect.Effect<StartedRun | "Conflict", Failure> =>
  Effect.suspend(() => {
    const runId = makeId() as RunId
    const event = startedEvent(request, appender, { workflowId, runId })
    return appender.save(firstCommit(appender.commitId(), event, Version.make(latest + 1), request.with)).pipe(
      patiently(answerTimeout),
      Effect.as<StartedRun>({ runId, created: true }),
      Effect.catchIf(
        (error) => error.reason._tag === "Conflict",
        () => Effect.succeed("Conflict" as const)
      ),
      Effect.mapError((error) => {
        if (error.reason._tag !== "TooLarge") return error
        const { bytes, limit } = error.reason
        return new PayloadTooLarge({ of: startInWords(event, request.with), bytes, limit })
      })
    )
  })

/** Finds the execution that has the id of a start, or has a run made after a version where the store or the request says so. */
export const startExisting = (
  starting: Starting,
  request: StartRequest,
  workflowId: WorkflowId,
  create: (latest: Version) => Effect.Effect<StartedRun, Failure>
): Effect.Effect<StartedRun, Failure> => {
  const { answerTimeout, appender } = starting
  const { store } = appender
  return Effect.gen(function* () {
    const stored = yield* store.load(workflowId).pipe(patiently(answerTimeout))
    if (stored._tag === "None") {
      const deletion = yield* store.deletion(workflowId).pipe(patiently(answerTimeout))
      return yield* create(deletion._tag === "Some" ? deletion.value.version : nothing)
    }
    const { commits, summary } = stored.value
    const refusal = refused({ workflowId }, summary)
    if (refusal !== undefined) return yield* refusal
    const { runId, status, version } = summary
    if (summary.workflow !== request.workflow) return yield* new AlreadyExists({ status, differs: "workflow" })
    if (request.whenExists === "restart" && isFinal(status)) {
      if ((summary.owed ?? 0) === 0) return yield* create(version)
      // What the run before owes comes first: a new run would not know of it.
      yield* starting.inTransaction === true
        ? settle(appender, workflowId)
        : settle(appender, workflowId).pipe(
            Effect.timeoutOrElse({ duration: answerTimeout, orElse: () => Effect.fail(unsettled(answerTimeout)) })
          )
      return yield* startExisting(starting, request, workflowId, create)
    }
    const first = commits[0]?.events[0]
    // What comes with a start is for the execution that is there, whatever its input.
    const isWith = request.with !== undefined
    const isSame = isWith || (first?._tag === "ExecutionStarted" && isFirstInput(first, request.input))
    const differs = isSame ? "nothing" : "input"
    if (differs !== "nothing" || request.whenExists === "fail") return yield* new AlreadyExists({ status, differs })
    return { runId: summary.chain ?? runId, created: false }
  })
}

// internal

const unsettled = (milliseconds: number): StoreUnavailable =>
  new StoreUnavailable({ detail: `what the execution owes to others was not delivered within ${milliseconds} ms` })
