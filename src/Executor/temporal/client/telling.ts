/**
 * Messages to executions: signals, cancels, terminations, and ends of activities.
 */
import * as Effect from "effect/Effect"
import type { Ref } from "../../../Ids.ts"
import { patient } from "../../../internal/patient.ts"
import { jsonOf } from "../../../internal/temporal/json.ts"
import { firstEventOf } from "../../../internal/temporal/pages.ts"
import { look, meant, type Run } from "../../../internal/temporal/runs.ts"
import { ask, type Server } from "../../../internal/temporal/Server.ts"
import { completeName, type CompleteRequest, type SignalMeta, type Start } from "../../../internal/temporal/wire.ts"
import type { Message } from "../../../Message.ts"
import { ActivityOver, Finished, NotFound, type WorkflowErrorReason } from "../../../WorkflowError.ts"
import { isFinal } from "../../../WorkflowState.ts"
import { rejected, update } from "./updating.ts"
import { watching } from "./watching.ts"

type Told = MessageOf<"Signal" | "Cancel" | "Terminate">

type MessageOf<Tag extends Message["_tag"]> = Extract<Message, { readonly _tag: Tag }>

/** Sends a signal, a cancel or a termination. */
export const tell = (server: Server, ref: Ref, message: Told, id: string): Effect.Effect<void, WorkflowErrorReason> =>
  Effect.catchTag(deliver(server, ref, message, id), "Finished", (reason) => {
    // A termination that is repeated: its caller may have died before all children were told.
    const isRepeated = message._tag === "Terminate" && reason.status === "terminated"
    const told = isRepeated ? Effect.flatMap(meant(server, ref), (run) => tellChildren(server, run, id)) : Effect.void
    return Effect.andThen(told, Effect.fail(reason))
  })

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

const deliver = (server: Server, ref: Ref, message: Told, id: string): Effect.Effect<void, WorkflowErrorReason> => {
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
  message: Told,
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
      const terminated = ask(server, ({ workflowService }) =>
        workflowService.terminateWorkflowExecution({
          ...{ namespace, workflowExecution, reason, identity },
          ...(firstExecutionRunId === undefined ? {} : { firstExecutionRunId })
        })
      )
      // Not before, as it starts none any more.
      return Effect.andThen(
        terminated,
        Effect.flatMap(look(server, workflowId), (ended) => tellChildren(server, ended, requestId))
      )
    }
  }
}

/** Tells the children of an execution that was ended from outside what its program would have told them. */
const tellChildren = (server: Server, parent: Run, id: string): Effect.Effect<void, WorkflowErrorReason> =>
  Effect.gen(function* () {
    const { pendingChildren } = parent.description
    const ofThisRun = (pendingChildren ?? []).map(({ runId, workflowId }) => ({ run: runId || undefined, workflowId }))
    for (const { run, workflowId } of [...ofThisRun, ...(yield* childrenBefore(server, parent))]) {
      yield* patient(tellChild(server, { workflowId: workflowId ?? "", runId: run }, id), {
        within: server.answerTimeout
      })
    }
  })

/** The children that the runs before have left to a run. */
const childrenBefore = (server: Server, { temporalRun, workflowId }: Run) =>
  Effect.map(firstEventOf(server, { workflowId, runId: temporalRun }), (event) => {
    const { input } = event?.workflowExecutionStartedEventAttributes ?? {}
    const start = jsonOf(input?.payloads?.[1]) as Start | null
    return (start?.continues?.children ?? []).map(({ address, workflowId }) => ({ run: address.chain, workflowId }))
  })

const tellChild = (server: Server, ref: Ref, id: string): Effect.Effect<void, WorkflowErrorReason> =>
  Effect.gen(function* () {
    const child = yield* meant(server, ref)
    const { parentClose = "abandon" } = child.memo
    if (parentClose === "abandon" || isFinal(child.status)) return
    const reason = "its parent has ended"
    const message: Told = { _tag: parentClose === "cancel" ? "Cancel" : "Terminate", reason }
    yield* send(server, child.workflowId, message, id, child)
  }).pipe(
    // It has ended meanwhile, or another one has its id.
    Effect.catchTags({ NotFound: () => Effect.void, Restarted: () => Effect.void })
  )

const metaOf = ({ key, trace }: MessageOf<"Signal">): SignalMeta => ({ key, trace })
