/**
 * Queries, which a worker answers from the program in its memory.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { Ref } from "../../../Ids.ts"
import { reasonCodec } from "../../../internal/reason.ts"
import { neverRan } from "../../../internal/temporal/repeating.ts"
import { blockedBy, look, meant } from "../../../internal/temporal/runs.ts"
import { ask, type Server } from "../../../internal/temporal/Server.ts"
import type { Message, QueryAnswer } from "../../../Message.ts"
import { Finished, StoreFailed, StoreUnavailable, type WorkflowErrorReason } from "../../../WorkflowError.ts"
import { watching } from "./watching.ts"

/** Asks an execution. */
export const query = (
  server: Server,
  ref: Ref,
  { input, name }: Extract<Message, { readonly _tag: "Query" }>
): Effect.Effect<QueryAnswer, WorkflowErrorReason> => {
  const asked = (run: string | undefined) =>
    ask(server, ({ workflow }) =>
      workflow.getHandle(ref.workflowId, run).query<Reply | null, [Schema.Json]>(name, input)
    )
  const answered =
    ref.runId === undefined
      ? asked(undefined)
      : Effect.flatMap(meant(server, ref), ({ temporalRun }) => asked(temporalRun))
  // Temporal keeps the question while a task of the workflow keeps failing.
  return Effect.raceFirst(answered, watching(server, ref)).pipe(
    Effect.flatMap((reply): Effect.Effect<QueryAnswer, WorkflowErrorReason> => {
      if (reply?._tag === "Refused") {
        const reason = reasonCodec.decode(reply.reason)
        return Effect.fail(Result.isSuccess(reason) ? reason.success : noAnswer)
      }
      // A workflow of another author answers what it likes.
      return reply !== null && typeof reply === "object" && "_tag" in reply
        ? Effect.succeed(reply)
        : Effect.fail(noAnswer)
    }),
    Effect.catchIf(
      (reason) => reason._tag === "StoreFailed" || reason._tag === "StoreUnavailable",
      (reason) => why(server, ref, reason)
    )
  )
}

// internal

const noAnswer = new StoreFailed({ detail: "the worker answered what is no answer of this library" })

type Reply = QueryAnswer | { readonly _tag: "Refused"; readonly reason: Schema.Json }

/** Why no worker has answered. */
const why = (
  server: Server,
  { workflowId }: Ref,
  reason: WorkflowErrorReason
): Effect.Effect<never, WorkflowErrorReason> =>
  Effect.gen(function* () {
    const run = yield* look(server, workflowId)
    const blocked = yield* blockedBy(server, run)
    if (blocked !== undefined) return yield* blocked
    if (reason._tag === "StoreFailed" && neverRan.test(reason.detail))
      return yield* new Finished({ status: run.status })
    if (reason._tag !== "StoreUnavailable") return yield* reason
    const detail = `no worker of queue ${JSON.stringify(server.taskQueue)} has answered; look whether one runs`
    return yield* new StoreUnavailable({ detail })
  })
