/**
 * Answers of updates that earlier runs of a chain have given. A run knows which updates were answered before it, and the program of the run
 * that gave the answer has it.
 */
import * as Effect from "effect/Effect"
import { startOf, type TemporalRun } from "../../../internal/temporal/pages.ts"
import { neverRan } from "../../../internal/temporal/repeating.ts"
import type { Run } from "../../../internal/temporal/runs.ts"
import { invalid, precondition, reasonOf, type Server, statusOf, tried } from "../../../internal/temporal/Server.ts"
import { updateName, type UpdateReply, type UpdateRequest } from "../../../internal/temporal/wire.ts"
import { AnswerDeleted, type WorkflowErrorReason } from "../../../WorkflowError.ts"

/** The answer of an update that a run before this one has given. Fails with `AnswerDeleted` when Temporal does not have that run any more. */
export const answerBefore = (
  server: Server,
  { temporalRun, workflowId }: Run,
  request: UpdateRequest
): Effect.Effect<UpdateReply, WorkflowErrorReason> =>
  Effect.gen(function* () {
    for (let runId = temporalRun, looked = 0; looked < mostRuns; looked++) {
      const started = yield* startOf(server, { workflowId, runId })
      if (!started?.continuedExecutionRunId) break
      runId = started.continuedExecutionRunId
      const reply = yield* replyIn(server, { workflowId, runId }, request)
      if (reply?.exit !== undefined) return reply
    }
    return yield* new AnswerDeleted({ updateId: request.id })
  }).pipe(Effect.catchTag("NotFound", () => Effect.fail(new AnswerDeleted({ updateId: request.id }))))

/** What the program of a run says of an update, also after its end: `null` when it does not know the update. */
export const replyIn = (
  server: Server,
  { runId, workflowId }: TemporalRun,
  request: UpdateRequest
): Effect.Effect<UpdateReply | null, WorkflowErrorReason> =>
  tried(
    server,
    ({ workflow }) =>
      workflow.getHandle(workflowId, runId).query<UpdateReply | null, [UpdateRequest]>(updateName, request),
    server.answerTimeout / tries
  ).pipe(
    Effect.catch(({ thrown }) => (isUnknown(thrown) ? Effect.succeed(null) : Effect.fail(reasonOf(thrown)))),
    // A worker that keeps no programs in memory may drop a question with the program of another one.
    Effect.retry({ while: ({ _tag }) => _tag === "StoreUnavailable", times: tries - 1 })
  )

// internal

/**
 * Whether a program knows no update: it has another author, whose worker names the question that it does not know, or has never run. What
 * else a worker says is why it could not answer.
 */
const isUnknown = (thrown: unknown): boolean => {
  const { code, detail } = statusOf(thrown)
  return code === invalid ? detail.includes(updateName) : code === precondition && neverRan.test(detail)
}

/** So often a question is asked. */
const tries = 10

/** So many runs are looked at, from the latest back. */
const mostRuns = 100_000
