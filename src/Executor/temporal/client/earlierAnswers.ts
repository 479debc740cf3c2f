/**
 * Answers of updates that earlier runs of a chain have given. A run knows which updates were answered before it, and the program of the run
 * that gave the answer has it.
 */
import * as Effect from "effect/Effect"
import { startOf, type TemporalRun } from "../../../internal/temporal/pages.ts"
import type { Run } from "../../../internal/temporal/runs.ts"
import { ask, type Server } from "../../../internal/temporal/Server.ts"
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
  ask(
    server,
    ({ workflow }) =>
      workflow.getHandle(workflowId, runId).query<UpdateReply | null, [UpdateRequest]>(updateName, request),
    server.answerTimeout / tries
  ).pipe(
    // A worker that keeps no programs in memory may drop a question with the program of another one.
    Effect.retry({ while: ({ _tag }) => _tag === "StoreUnavailable", times: tries - 1 }),
    // One of another author, which does not know the question.
    Effect.catchTag("StoreFailed", () => Effect.succeed(null))
  )

// internal

/** So often a question is asked. */
const tries = 10

/** So many runs are looked at, from the latest back. */
const mostRuns = 100_000
