/**
 * Starts of executions: Temporal refuses an id that is in use, and what has it is compared with what was asked for.
 */
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy
} from "@temporalio/common"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { digest } from "../../../internal/core/digest.ts"
import { sortedText } from "../../../internal/core/json.ts"
import { invalidId, invalidName } from "../../../internal/temporal/names.ts"
import { fitting } from "../../../internal/temporal/sizes.ts"
import { memoOf } from "../../../internal/temporal/beginning.ts"
import { look, type Run } from "../../../internal/temporal/runs.ts"
import { unsealed } from "../../../internal/temporal/sealing.ts"
import { searchAttributesOf } from "../../../internal/temporal/searchable.ts"
import { exists, reasonOf, type Server, statusOf, tried } from "../../../internal/temporal/Server.ts"
import { memoField, type Start } from "../../../internal/temporal/wire.ts"
import { RunId } from "../../../Ids.ts"
import { AlreadyExists, type WorkflowErrorReason } from "../../../WorkflowError.ts"
import type { StartedRun, StartRequest } from "../../DurableExecutor.ts"

/** Starts an execution, or finds the one that has its id. */
export const start = (server: Server, request: StartRequest): Effect.Effect<StartedRun, WorkflowErrorReason> =>
  Effect.suspend(() => {
    const { workflow, workflowId } = request
    const invalid = invalidId(workflowId) ?? invalidName("the name of the workflow", workflow)
    if (invalid !== undefined) return Effect.fail(invalid)
    return fitting("the input", request.input, () => attempt(server, request, races))
  })

// internal

/** So often what has an id may be gone between the refusal of a start and the look at it. */
const races = 10

const attempt = (server: Server, request: StartRequest, left: number): Effect.Effect<StartedRun, WorkflowErrorReason> =>
  Effect.catchTag(create(server, request), "InUse", () =>
    Effect.matchEffect(look(server, request.workflowId), {
      onSuccess: (run) => compare(server, request, run),
      onFailure: (reason) =>
        reason._tag === "NotFound" && left > 0 ? attempt(server, request, left - 1) : Effect.fail(reason)
    })
  )

interface InUse {
  readonly _tag: "InUse"
}

const create = (server: Server, request: StartRequest): Effect.Effect<StartedRun, WorkflowErrorReason | InUse> => {
  const { workflow, workflowId } = request
  const first = startOf(server, request)
  const searched = searchAttributesOf(request.attributes, server.searchable)
  const isIn = (thrown: unknown) =>
    thrown instanceof WorkflowExecutionAlreadyStartedError || statusOf(thrown).code === exists
  return tried(server, (client) =>
    client.workflow.start(workflow, {
      workflowId,
      taskQueue: server.taskQueue,
      args: [request.input, first],
      memo: { [memoField]: memoOf(first, digest(sortedText(request.input))) },
      ...(searched.length === 0 ? {} : { typedSearchAttributes: searched }),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      workflowIdReusePolicy:
        request.whenExists === "restart"
          ? WorkflowIdReusePolicy.ALLOW_DUPLICATE
          : WorkflowIdReusePolicy.REJECT_DUPLICATE
    })
  ).pipe(
    Effect.mapError(({ thrown }): WorkflowErrorReason | InUse => (isIn(thrown) ? { _tag: "InUse" } : reasonOf(thrown))),
    Effect.map(({ firstExecutionRunId }) => ({ runId: RunId.make(firstExecutionRunId), created: true }))
  )
}

/** What a start finds at its id. What comes with a start is for the execution that is there, whatever its input. */
const compare = (
  { codec }: Server,
  request: StartRequest,
  run: Run
): Effect.Effect<StartedRun, WorkflowErrorReason> => {
  const { chain, description, memo, status, workflow } = run
  const sealed = unsealed(codec, description.workflowExecutionInfo?.memo)
  if (Result.isFailure(sealed)) return Effect.fail(sealed.failure)
  if (workflow !== request.workflow) return Effect.fail(new AlreadyExists({ status, differs: "workflow" }))
  const isSame = request.with !== undefined || memo.input === digest(sortedText(request.input))
  const differs = isSame ? "nothing" : "input"
  if (differs !== "nothing" || request.whenExists === "fail") return Effect.fail(new AlreadyExists({ status, differs }))
  return Effect.succeed({ runId: chain, created: false })
}

const startOf = ({ searchable }: Server, request: StartRequest): Start => {
  const { attributes, memo, timeout = Duration.infinity, trace, version, with: message } = request
  const milliseconds = Duration.toMillis(Duration.fromInputUnsafe(timeout))
  return {
    timeout: Number.isFinite(milliseconds) ? Math.max(0, Math.ceil(milliseconds)) : undefined,
    version,
    attributes: ifAny(attributes),
    memo,
    trace,
    with: message,
    searchable: ifAny(searchable)
  }
}

const ifAny = <Fields extends object>(fields: Fields | undefined): Fields | undefined =>
  fields === undefined || Object.keys(fields).length === 0 ? undefined : fields
