/**
 * Messages to executions: signals, cancels, terminations, and ends of activities.
 */
import * as Effect from "effect/Effect"
import type { Ref } from "../../../Ids.ts"
import { look, meant, type Run } from "../../../internal/temporal/runs.ts"
import { ask, type Server } from "../../../internal/temporal/Server.ts"
import { completeName, type CompleteRequest, type SignalMeta } from "../../../internal/temporal/wire.ts"
import type { Message } from "../../../Message.ts"
import { ActivityOver, Finished, NotFound, type WorkflowErrorReason } from "../../../WorkflowError.ts"
import { isFinal } from "../../../WorkflowState.ts"
import { rejected, update } from "./updating.ts"
import { watching } from "./watching.ts"

type MessageOf<Tag extends Message["_tag"]> = Extract<Message, { readonly _tag: Tag }>

/** Sends a signal, a cancel or a termination. */
export const tell = (
  server: Server,
  ref: Ref,
  message: MessageOf<"Signal" | "Cancel" | "Terminate">,
  id: string
): Effect.Effect<void, WorkflowErrorReason> => {
  const { workflowId } = ref
  if (ref.runId === undefined) {
    return Effect.catchTag(send(server, workflowId, message, id), "NotFound", () => gone(server, workflowId))
  }
  const attempt = (left: number): Effect.Effect<void, WorkflowErrorReason> =>
    Effect.flatMap(meant(server, ref), (run) => {
      if (isFinal(run.status)) return Effect.fail(new Finished({ status: run.status }))
      // It may have gone on as another run meanwhile.
      return Effect.catchTag(send(server, workflowId, message, id, run), "NotFound", (reason) =>
        left > 0 ? attempt(left - 1) : Effect.fail(reason)
      )
    })
  return attempt(races)
}

/** Ends a call of an activity. */
export const complete = (
  server: Server,
  ref: Ref,
  { activity, attempt, exit, run, seq }: MessageOf<"Complete">
): Effect.Effect<void, WorkflowErrorReason> => {
  const request: CompleteRequest = { run, seq, activity, attempt, exit }
  const over = new ActivityOver({ activity })
  return Effect.gen(function* () {
    const found = yield* meant(server, ref)
    if (isFinal(found.status)) return yield* new Finished({ status: found.status })
    const asked = update<void>(server, found, { name: completeName, id: undefined, input: request })
    yield* Effect.raceFirst(asked, watching(server, found))
  }).pipe(
    Effect.catchTag("Rejected", ({ thrown }) => Effect.fail(rejected(thrown) ?? over)),
    // The run has ended, and the call with it.
    Effect.catchTag("RunOver", () => Effect.fail(over))
  )
}

// internal

/** Why a message found nothing that takes it. */
const gone = (server: Server, workflowId: string): Effect.Effect<never, WorkflowErrorReason> =>
  Effect.flatMap(look(server, workflowId), ({ status }) =>
    Effect.fail(isFinal(status) ? new Finished({ status }) : new NotFound())
  )

/** So often an execution may go on as another run between a look and a message. */
const races = 10

const send = (
  server: Server,
  workflowId: string,
  message: MessageOf<"Signal" | "Cancel" | "Terminate">,
  requestId: string,
  run?: Run
): Effect.Effect<void, WorkflowErrorReason> => {
  const { namespace } = server
  const workflowExecution = { workflowId }
  const firstExecutionRunId = run?.firstRun
  const { identity } = server.client.options
  switch (message._tag) {
    case "Signal":
      return ask(server, ({ workflow }) =>
        workflow.getHandle(workflowId, run?.temporalRun).signal(message.name, message.payload, metaOf(message))
      )
    case "Cancel": {
      const { reason } = message
      return Effect.asVoid(
        ask(server, ({ workflowService }) =>
          workflowService.requestCancelWorkflowExecution({
            ...{ namespace, workflowExecution, requestId, reason, identity },
            ...(firstExecutionRunId === undefined ? {} : { firstExecutionRunId })
          })
        )
      )
    }
    case "Terminate": {
      const { reason } = message
      return Effect.gen(function* () {
        const parent = yield* look(server, workflowId)
        yield* ask(server, ({ workflowService }) =>
          workflowService.terminateWorkflowExecution({
            ...{ namespace, workflowExecution, reason, identity },
            ...(firstExecutionRunId === undefined ? {} : { firstExecutionRunId })
          })
        )
        yield* tellChildren(server, parent, requestId)
      })
    }
  }
}

/** Tells the children of an execution that was ended from outside what its program would have told them. */
const tellChildren = (server: Server, { description }: Run, id: string): Effect.Effect<void, WorkflowErrorReason> =>
  Effect.forEach(
    description.pendingChildren ?? [],
    ({ workflowId }) =>
      Effect.gen(function* () {
        const child = yield* look(server, workflowId ?? "")
        const { parentClose = "abandon" } = child.memo
        if (parentClose === "abandon") return
        const message = {
          _tag: parentClose === "cancel" ? "Cancel" : "Terminate",
          reason: "its parent has ended"
        } as const
        yield* send(server, child.workflowId, message, id, child)
      }).pipe(
        // It has ended meanwhile.
        Effect.catchTag("NotFound", () => Effect.void)
      ),
    { discard: true }
  )

const metaOf = ({ key, trace }: MessageOf<"Signal">): SignalMeta => ({
  ...(key === undefined ? {} : { key }),
  ...(trace === undefined ? {} : { trace })
})
