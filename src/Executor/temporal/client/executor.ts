/**
 * The operations of callers on a Temporal server.
 */
import * as Effect from "effect/Effect"
import { operationOf } from "../../../internal/operation.ts"
import { workflowError } from "../../../internal/store/failure.ts"
import { look } from "../../../internal/temporal/runs.ts"
import type { Server } from "../../../internal/temporal/Server.ts"
import type { Ref } from "../../../Ids.ts"
import type { AnswerOf, Message } from "../../../Message.ts"
import type { WorkflowErrorReason } from "../../../WorkflowError.ts"
import type { DurableExecutor, FoundRun, StartedRun, StartRequest } from "../../DurableExecutor.ts"
import type { ClosingEvent } from "../../../HistoryEvent.ts"
import { query } from "./querying.ts"
import { result } from "./results.ts"
import { start } from "./starting.ts"
import { complete, tell } from "./telling.ts"
import type { Terminator } from "./terminating.ts"
import { askForUpdate } from "./updating.ts"

/** What callers ask, failing with reasons. */
export interface Operations {
  readonly start: (request: StartRequest) => Effect.Effect<StartedRun, WorkflowErrorReason>
  readonly find: (workflowId: string) => Effect.Effect<FoundRun, WorkflowErrorReason>
  readonly send: <M extends Message>(
    ref: Ref,
    message: M,
    requestId?: string
  ) => Effect.Effect<AnswerOf<M>, WorkflowErrorReason>
  readonly result: (ref: Ref) => Effect.Effect<ClosingEvent, WorkflowErrorReason>
}

/** The operations on a server. `terminated` is called with what this process has terminated. */
export const operations = (server: Server, terminated: Terminator["terminated"] = () => {}): Operations => ({
  start: (request) => start(server, request),
  find: (workflowId) => Effect.map(look(server, workflowId), ({ chain, workflow }) => ({ workflow, runId: chain })),
  // The answer is that of the message, which the compiler cannot follow.
  send: (ref, message, requestId) =>
    send({ server, terminated }, ref, message, requestId) as Effect.Effect<any, WorkflowErrorReason>,
  result: (ref) => result(server, ref)
})

/** The service. */
export const executorOf = ({ find, result, send, start }: Operations): DurableExecutor["Service"] => ({
  start: (request) => start(request).pipe(workflowError("start", request.workflowId)),
  find: (workflowId) => find(workflowId).pipe(workflowError("find", workflowId)),
  send: (ref, message) => send(ref, message).pipe(workflowError(operationOf(message), ref.workflowId)),
  result: (ref) => result(ref).pipe(workflowError("result", ref.workflowId))
})

// internal

const send = (
  by: Terminator,
  ref: Ref,
  message: Message,
  requestId: string = globalThis.crypto.randomUUID()
): Effect.Effect<AnswerOf<Message>, WorkflowErrorReason> => {
  switch (message._tag) {
    case "Query":
      return query(by.server, ref, message)
    case "Update":
      return askForUpdate(by.server, ref, message)
    case "Complete":
      return complete(by.server, ref, message)
    default:
      return tell(by, ref, message, requestId)
  }
}
