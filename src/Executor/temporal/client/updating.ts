/**
 * Updates: Temporal's update comes back when ours is accepted, or answered. Its id is ours, so that one which is asked for again is
 * the same; a run that goes on as another one takes over what no handler has taken, and is asked again.
 */
import { ApplicationFailure } from "@temporalio/common"
import { WorkflowUpdateFailedError } from "@temporalio/client"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { createHash } from "node:crypto"
import type { Ref } from "../../../Ids.ts"
import { digest } from "../../../internal/core/digest.ts"
import { reasonCodec } from "../../../internal/reason.ts"
import { exceeds } from "../../../internal/store/codec.ts"
import { blockedBy, look, meant, type Run } from "../../../internal/temporal/runs.ts"
import { tooLate } from "../../../internal/temporal/repeating.ts"
import { reasonOf, type Server, waited } from "../../../internal/temporal/Server.ts"
import { mostIdBytes } from "../../../internal/temporal/names.ts"
import { fitting } from "../../../internal/temporal/sizes.ts"
import { rejectedType, updateName, type UpdateReply, type UpdateRequest } from "../../../internal/temporal/wire.ts"
import type { Message, UpdateAnswer } from "../../../Message.ts"
import { Finished, StoreFailed, StoreUnavailable, type WorkflowErrorReason } from "../../../WorkflowError.ts"
import { isFinal } from "../../../WorkflowState.ts"
import { answerBefore, replyIn } from "./earlierAnswers.ts"
import { watching } from "./watching.ts"

/** Asks an execution for an update. */
export const askForUpdate = (
  server: Server,
  ref: Ref,
  { _tag, isNew: _isNew, ...request }: Extract<Message, { readonly _tag: "Update" }>
): Effect.Effect<UpdateAnswer, WorkflowErrorReason> => {
  const asked = (run: Run) =>
    Effect.catchTag(askRun(server, run, request), "Rejected", ({ thrown }) => answerOf(server, ref, request, thrown))
  const ended = (run: Run) => answered(server, run, request)
  return fitting(`the input of update ${JSON.stringify(request.name)}`, request.input, () =>
    untilTaken(server, ref, { asked, ended })
  )
}

/**
 * Asks the latest run of an execution: again when it has gone on as another run, and a few times when its task was of no effect. `moved` is
 * why another run is not asked.
 */
export const untilTaken = <A>(
  server: Server,
  ref: Ref,
  {
    asked,
    ended,
    moved
  }: {
    readonly asked: (run: Run) => Effect.Effect<A, RunOver | WorkflowErrorReason>
    readonly ended: (run: Run) => Effect.Effect<A, WorkflowErrorReason>
    readonly moved?: WorkflowErrorReason
  }
): Effect.Effect<A, WorkflowErrorReason> => {
  const attempt = (run: Run, left: number, unprocessed: number): Effect.Effect<A, WorkflowErrorReason> =>
    Effect.catchTag(asked(run), "RunOver", ({ otherwise }) =>
      Effect.flatMap(meant(server, ref), (latest) => {
        const isSame = latest.temporalRun === run.temporalRun
        if (!isSame && moved !== undefined) return Effect.fail(moved)
        if (isFinal(latest.status)) return ended(latest)
        const again = isSame && otherwise !== undefined ? unprocessed + 1 : 0
        if (again > mostUnprocessed) return Effect.fail(otherwise!)
        return left > 0 ? attempt(latest, left - 1, again) : Effect.fail(noEnd)
      })
    )
  return Effect.flatMap(meant(server, ref), (run) => attempt(run, races, 0))
}

/** Temporal's update was refused before anything was recorded. */
interface Rejected {
  readonly _tag: "Rejected"
  readonly thrown: unknown
}

/** The run has ended, or goes on as another one. */
interface RunOver {
  readonly _tag: "RunOver"
  /** What it means when the run is still the latest one. */
  readonly otherwise?: WorkflowErrorReason
}

/** Asks a run for an update of Temporal's. */
export const update = <A>(
  server: Server,
  run: Run,
  { id, input, name }: { readonly name: string; readonly id: string | undefined; readonly input: unknown }
): Effect.Effect<A, Rejected | RunOver | WorkflowErrorReason> =>
  Effect.mapError(
    waited(server, ({ workflow }) =>
      workflow.getHandle(run.workflowId, run.temporalRun).executeUpdate<A, [unknown]>(name, {
        args: [input],
        ...(id === undefined ? {} : { updateId: id })
      })
    ),
    ({ thrown }) => failureOf(thrown)
  )

/** The reason for which the sandbox has rejected an update, if it has one. */
export const rejected = (thrown: unknown): WorkflowErrorReason | undefined => {
  const reason = reasonCodec.decode(detailsOf(thrown).reason as never)
  return Result.isSuccess(reason) ? reason.success : undefined
}

/** So often an execution may go on as another run while a caller waits. */
export const races = 1000

// internal

/** So often one after another a task may be of no effect. */
const mostUnprocessed = 5

/** Why a caller does not wait any longer. */
const noEnd = new StoreUnavailable({ detail: "the execution went on as another run each time" })

/** What it means that an update of Temporal's has failed. */
const failureOf = (thrown: unknown): Rejected | RunOver | WorkflowErrorReason => {
  if (thrown instanceof WorkflowUpdateFailedError) {
    const { cause } = thrown
    if (!(cause instanceof ApplicationFailure)) return reasonOf(thrown)
    if (cause.type === rejectedType) return { _tag: "Rejected", thrown: cause }
    // The server's word for an update that a run had accepted and not answered when it ended.
    if (cause.type === "AcceptedUpdateCompletedWorkflow") return { _tag: "RunOver" }
    const otherwise = new StoreFailed({ detail: `the execution refuses the update: ${cause.message}` })
    // And its word for one that came with a task of no effect, or that a worker of another author does not know.
    return cause.type === "UnprocessedUpdate" ? { _tag: "RunOver", otherwise } : otherwise
  }
  const reason = reasonOf(thrown)
  const detail = "detail" in reason ? reason.detail : undefined
  const isOver = reason._tag === "NotFound" || (detail !== undefined && tooLate.test(detail))
  return isOver ? { _tag: "RunOver" } : reason
}

/** Asks a run for an update of ours. */
const askRun = (
  server: Server,
  run: Run,
  request: UpdateRequest
): Effect.Effect<UpdateAnswer, Rejected | RunOver | WorkflowErrorReason> =>
  Effect.gen(function* () {
    const blocked = yield* blockedBy(server, run)
    if (blocked !== undefined) return yield* blocked
    const id = temporalId(server, request)
    const asked = update<UpdateReply>(server, run, { name: updateName, id, input: request })
    const reply = yield* Effect.raceFirst(asked, watching(server, run, hasEnded(run)))
    return { runId: run.chain, ...reply }
  })

/** What an update was rejected with: an answer, one that an earlier run has given, or a reason. */
const answerOf = (
  server: Server,
  ref: Ref,
  request: UpdateRequest,
  thrown: unknown
): Effect.Effect<UpdateAnswer, WorkflowErrorReason> => {
  const { reply } = detailsOf(thrown)
  if (reply !== undefined) return Effect.map(look(server, ref.workflowId), ({ chain }) => ({ runId: chain, ...reply }))
  const reason = rejected(thrown) ?? reasonOf(thrown)
  if (reason._tag !== "AnswerDeleted") return Effect.fail(reason)
  return Effect.flatMap(meant(server, ref), (run) =>
    Effect.map(answerBefore(server, run, request), (known) => ({ runId: run.chain, ...known }))
  )
}

/** The answer of an execution that has ended. Temporal has it of an update that the last run was asked for, and the program also of one before. */
const answered = (server: Server, run: Run, request: UpdateRequest): Effect.Effect<UpdateAnswer, WorkflowErrorReason> =>
  Effect.gen(function* () {
    const reply = yield* replyIn(server, { workflowId: run.workflowId, runId: run.temporalRun }, request)
    if (reply === null) return yield* new Finished({ status: run.status })
    const known = reply.exit === undefined ? yield* answerBefore(server, run, request) : reply
    return { runId: run.chain, ...known }
  })

/** The server may leave an update without an answer when its run goes on as another one, and the client repeats it for half a minute. */
const hasEnded =
  ({ temporalRun }: Run) =>
  (latest: Run): Effect.Effect<void, RunOver> =>
    latest.temporalRun === temporalRun ? Effect.void : Effect.fail({ _tag: "RunOver" })

/**
 * One that is waited for until it is accepted, and until it is answered, are two of Temporal's; so are requests of one id that differ, of
 * which Temporal would answer the second like the first. Where payloads are encrypted the digest is one with the key: by another one a
 * request would tell what it is. An id for which Temporal has no room is a digest, too.
 */
const temporalId = ({ codec }: Server, { id, input, name, wait }: UpdateRequest): string => {
  const text = JSON.stringify([name, input])
  const rest = ` ${codec?.digest(text) ?? digest(text).toString(36)}${wait === "accepted" ? " accepted" : ""}`
  return `${exceeds(id, mostIdBytes - rest.length) ? createHash("sha256").update(id).digest("base64url") : id}${rest}`
}

const detailsOf = (thrown: unknown): { readonly reason?: unknown; readonly reply?: UpdateReply } =>
  thrown instanceof ApplicationFailure ? ((thrown.details?.[0] as object | undefined) ?? {}) : {}
