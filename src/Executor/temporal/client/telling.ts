/**
 * Messages to executions: signals, cancels, terminations, and ends of activities.
 */
import * as Effect from "effect/Effect"
import type { Ref } from "../../../Ids.ts"
import { look, meant, type Run } from "../../../internal/temporal/runs.ts"
import { invalidName } from "../../../internal/temporal/names.ts"
import { ask, type Server } from "../../../internal/temporal/Server.ts"
import { fitting } from "../../../internal/temporal/sizes.ts"
import { completeName, type CompleteRequest, type SignalMeta } from "../../../internal/temporal/wire.ts"
import type { Message } from "../../../Message.ts"
import { ActivityOver, Finished, NotFound, type WorkflowErrorReason } from "../../../WorkflowError.ts"
import { isFinal } from "../../../WorkflowState.ts"
import { cancel, tellChildren, terminate, type Terminator } from "./terminating.ts"
import { races, rejected, untilTaken, update } from "./updating.ts"
import { watching } from "./watching.ts"

type Told = MessageOf<"Signal" | "Cancel" | "Terminate">

type MessageOf<Tag extends Message["_tag"]> = Extract<Message, { readonly _tag: Tag }>

/** Sends a signal, a cancel or a termination. */
export const tell = (by: Terminator, ref: Ref, message: Told, id: string): Effect.Effect<void, WorkflowErrorReason> =>
  Effect.catchTag(deliver(by, ref, message, id), "Finished", (reason) => {
    // A termination that is repeated: its caller may have died before all children were told.
    const isRepeated = message._tag === "Terminate" && reason.status === "terminated"
    const told = isRepeated ? Effect.flatMap(meant(by.server, ref), (run) => tellChildren(by, run, id)) : Effect.void
    return Effect.andThen(told, Effect.fail(reason))
  })

/** Ends a call of an activity. */
export const complete = (
  server: Server,
  ref: Ref,
  { activity, attempt: number, exit, run, seq }: MessageOf<"Complete">
): Effect.Effect<void, WorkflowErrorReason> => {
  const request: CompleteRequest = { run, seq, activity, attempt: number, exit }
  const over = new ActivityOver({ activity })
  const asked = (found: Run) => {
    const ending = update<void>(server, found, { name: completeName, id: undefined, input: request })
    return Effect.raceFirst(ending, watching(server, found)).pipe(
      Effect.catchTag("Rejected", ({ thrown }) => Effect.fail(rejected(thrown) ?? over))
    )
  }
  const ended = ({ status }: Run) => Effect.fail(new Finished({ status }))
  // A call ends with the run that has made it.
  return untilTaken<void>(server, ref, { asked, ended, moved: over })
}

// internal

const deliver = (by: Terminator, ref: Ref, message: Told, id: string): Effect.Effect<void, WorkflowErrorReason> => {
  const { runId, workflowId } = ref
  const { server } = by
  if (runId === undefined) {
    return Effect.catchTag(send(by, workflowId, message, id), "NotFound", () => gone(server, workflowId))
  }
  const attempt = (left: number): Effect.Effect<void, WorkflowErrorReason> =>
    Effect.flatMap(meant(server, ref), (run) => {
      if (isFinal(run.status)) return Effect.fail(new Finished({ status: run.status }))
      // It may have gone on as another run meanwhile.
      return Effect.catchTag(send(by, workflowId, message, id, run), "NotFound", (reason) =>
        left > 0 ? attempt(left - 1) : Effect.fail(reason)
      )
    })
  if (message._tag !== "Signal") return attempt(races)
  // Most executions have one run, by whose name callers know them: then it need not be looked for.
  return Effect.catchTags(signal(server, { workflowId, runId }, message), {
    NotFound: () => attempt(races),
    StoreFailed: () => attempt(races)
  })
}

/** Why a message found nothing that takes it. */
const gone = (server: Server, workflowId: string): Effect.Effect<never, WorkflowErrorReason> =>
  Effect.flatMap(look(server, workflowId), ({ status }) =>
    Effect.fail(isFinal(status) ? new Finished({ status }) : new NotFound())
  )

const send = (
  by: Terminator,
  workflowId: string,
  message: Told,
  requestId: string,
  run?: Run
): Effect.Effect<void, WorkflowErrorReason> => {
  const target = { workflowId, firstRun: run?.firstRun, requestId }
  switch (message._tag) {
    case "Signal":
      return signal(by.server, { workflowId, runId: run?.temporalRun }, message)
    case "Cancel":
      return cancel(by.server, target, message.reason.toWellFormed())
    case "Terminate":
      return terminate(by, target, message.reason.toWellFormed())
  }
}

const signal = (
  server: Server,
  run: { readonly workflowId: string; readonly runId: string | undefined },
  message: MessageOf<"Signal">
): Effect.Effect<void, WorkflowErrorReason> => {
  const { name, payload } = message
  const invalid = invalidName("the name of the signal", name)
  if (invalid !== undefined) return Effect.fail(invalid)
  return fitting(`the payload of signal ${JSON.stringify(name)}`, payload, () =>
    ask(server, ({ workflow }) => workflow.getHandle(run.workflowId, run.runId).signal(name, payload, metaOf(message)))
  )
}

const metaOf = ({ key, trace }: MessageOf<"Signal">): SignalMeta => ({ key, trace })
