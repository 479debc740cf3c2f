/**
 * Cancels and terminations. What ends an execution from outside also tells its children, which its program cannot do any more.
 */
import * as Effect from "effect/Effect"
import type { Ref } from "../../../Ids.ts"
import { patient } from "../../../internal/patient.ts"
import { jsonOf } from "../../../internal/temporal/json.ts"
import { startOf } from "../../../internal/temporal/pages.ts"
import { look, meant, type Run } from "../../../internal/temporal/runs.ts"
import { ask, type Server } from "../../../internal/temporal/Server.ts"
import type { Start } from "../../../internal/temporal/wire.ts"
import type { WorkflowErrorReason } from "../../../WorkflowError.ts"
import { isFinal } from "../../../WorkflowState.ts"

/** Who terminates: by which server, and what is told of it in this process. */
export interface Terminator {
  readonly server: Server
  readonly terminated: (run: Run, reason: string) => void
}

/** What is ended: the execution that an id has, or the chain of a first run alone; with an id of the request. */
export interface Target {
  readonly workflowId: string
  readonly firstRun: string | undefined
  readonly requestId: string
}

/** Asks an execution to end. */
export const cancel = (
  server: Server,
  { firstRun, requestId, workflowId }: Target,
  reason: string
): Effect.Effect<void, WorkflowErrorReason> =>
  Effect.asVoid(
    ask(server, ({ workflowService }) =>
      workflowService.requestCancelWorkflowExecution({
        namespace: server.namespace,
        workflowExecution: { workflowId },
        firstExecutionRunId: firstRun ?? null,
        requestId,
        reason,
        identity: server.client.options.identity
      })
    )
  )

/** Ends an execution, and tells its children. */
export const terminate = (
  by: Terminator,
  { firstRun, requestId, workflowId }: Target,
  reason: string
): Effect.Effect<void, WorkflowErrorReason> =>
  Effect.gen(function* () {
    const { server, terminated } = by
    yield* ask(server, ({ workflowService }) =>
      workflowService.terminateWorkflowExecution({
        namespace: server.namespace,
        workflowExecution: { workflowId },
        firstExecutionRunId: firstRun ?? null,
        reason,
        identity: server.client.options.identity
      })
    )
    // Looked at afterwards, when it starts no children any more.
    const ended = yield* patient(look(server, workflowId), { within: server.answerTimeout })
    terminated(ended, reason)
    yield* tellChildren(by, ended, requestId)
  })

/** Tells the children of an execution that was terminated what its program would have told them. */
export const tellChildren = (
  by: Terminator,
  parent: Run,
  requestId: string
): Effect.Effect<void, WorkflowErrorReason> =>
  Effect.gen(function* () {
    const { server } = by
    const { pendingChildren } = parent.description
    const ofThisRun = (pendingChildren ?? []).map(({ runId, workflowId }) => ({
      workflowId: workflowId ?? "",
      runId: runId || undefined
    }))
    for (const child of [...ofThisRun, ...(yield* childrenBefore(server, parent))]) {
      yield* patient(tellChild(by, child, requestId), { within: server.answerTimeout })
    }
  })

// internal

/** The children that the runs before have left to a run. */
const childrenBefore = (
  server: Server,
  { temporalRun, workflowId }: Run
): Effect.Effect<ReadonlyArray<Ref>, WorkflowErrorReason> =>
  Effect.map(startOf(server, { workflowId, runId: temporalRun }), (started) => {
    const start = jsonOf(started?.input?.payloads?.[1]) as Start | null
    return (start?.continues?.children ?? []).map(({ address, workflowId }) => ({ workflowId, runId: address.chain }))
  })

const tellChild = (by: Terminator, ref: Ref, requestId: string): Effect.Effect<void, WorkflowErrorReason> =>
  Effect.gen(function* () {
    const { firstRun, memo, status, workflowId } = yield* meant(by.server, ref)
    const { parentClose = "abandon" } = memo
    if (parentClose === "abandon" || isFinal(status)) return
    const target: Target = { workflowId, firstRun, requestId }
    const reason = "its parent has ended"
    yield* parentClose === "cancel" ? cancel(by.server, target, reason) : terminate(by, target, reason)
  }).pipe(
    // It has ended meanwhile, or another one has its id.
    Effect.catchTags({ NotFound: () => Effect.void, Restarted: () => Effect.void })
  )
