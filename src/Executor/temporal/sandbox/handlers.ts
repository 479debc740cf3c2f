/**
 * What Temporal tells an execution from outside: signals, queries, updates, and ends of activities.
 */
import { HandlerUnfinishedPolicy } from "@temporalio/common"
import {
  defineQuery,
  defineUpdate,
  setDefaultQueryHandler,
  setDefaultSignalHandler,
  setHandler,
  workflowInfo
} from "@temporalio/workflow"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import { standingOf } from "../../../internal/core/updates.ts"
import { requestedBy } from "../../../internal/core/told.ts"
import { signalOf } from "../../../internal/temporal/signals.ts"
import {
  completeName,
  type CompleteRequest,
  type SignalMeta,
  updateName,
  type UpdateReply,
  type UpdateRequest
} from "../../../internal/temporal/wire.ts"
import { AnswerDeleted, UpdateIdInUse } from "../../../WorkflowErrorReason.ts"
import { refusal } from "./Callers.ts"
import type { Owner } from "./Owner.ts"
import { encoded, rejection } from "./rejecting.ts"
import { now } from "./time.ts"

/** Hears what comes from outside. */
export const answerCallers = (execution: Owner): void => {
  setDefaultSignalHandler((name, payload, meta) => {
    const signal = signalOf(name, payload as Schema.Json | undefined, meta as SignalMeta | undefined, now())
    const isKnown = signal.key !== undefined && execution.state.keys.has(signal.key)
    if (!isKnown) execution.deliver(signal)
  })
  // Also asked of a run that has ended: a caller comes too late for an update that an earlier run took over.
  setHandler(defineQuery<UpdateReply | null, [UpdateRequest]>(updateName), (request) =>
    standingOf(execution.state.updates, request) === "answered"
      ? (execution.callers.get(request.id) ?? answeredBefore)
      : null
  )
  setDefaultQueryHandler((name, input) =>
    Result.match(execution.interpreter.queries.ask({ _tag: "Query", name, input: (input ?? null) as Schema.Json }), {
      onSuccess: (answer) => answer,
      onFailure: (reason) => ({ _tag: "Refused", reason: encoded(reason) })
    })
  )
  const isRejecting = makeIsRejecting()
  setHandler(
    defineUpdate<UpdateReply, [UpdateRequest]>(updateName),
    (request) => {
      rejectUnanswerable(execution, request)
      const isKnown = standingOf(execution.state.updates, request) !== "unknown"
      const reply = execution.callers.wait(request)
      if (!isKnown) execution.deliver(requestedBy({ _tag: "Update", ...request }, now()))
      return reply
    },
    {
      validator: (request) => (isRejecting() ? validate(execution, request) : undefined),
      unfinishedPolicy: HandlerUnfinishedPolicy.ABANDON
    }
  )
  setHandler(defineUpdate<void, [CompleteRequest]>(completeName), (request) => execution.outside.complete(request), {
    validator: (request) => (isRejecting() ? execution.outside.validate(request) : undefined),
    unfinishedPolicy: HandlerUnfinishedPolicy.ABANDON
  })
}

// internal

/** An earlier run has the answer. */
const answeredBefore: UpdateReply = { accepted: true }

/**
 * Whether Temporal is told to reject an update, which leaves no trace. Not in the first task of a run that continues another one. The server
 * pauses before that task, and an update in the pause makes a task of its own. If that leaves no trace, the server forgets it and the worker
 * does not: the worker takes the next events for events that it has seen, and a signal among them is lost. So the handler answers there.
 */
const makeIsRejecting = (): (() => boolean) => {
  const { continuedFromExecutionRunId, historyLength: begun } = workflowInfo()
  return () => continuedFromExecutionRunId === undefined || workflowInfo().historyLength > begun
}

/** Refuses a request without a trace, as far as that can be known before it is recorded. */
const validate = (execution: Owner, request: UpdateRequest): void => {
  rejectUnanswerable(execution, request)
  const { interpreter, state } = execution
  const exit = standingOf(state.updates, request) === "unknown" ? interpreter.refuse(request) : undefined
  if (exit !== undefined) throw rejection({ reply: refusal(exit) })
}

/** Throws for a request whose id belongs to another one, and for one that an earlier run has answered. */
const rejectUnanswerable = ({ callers, state }: Owner, request: UpdateRequest): void => {
  const { id } = request
  const standing = standingOf(state.updates, request)
  if (standing === "other") throw rejection({ reason: new UpdateIdInUse({ updateId: id }) })
  if (standing === "answered" && callers.get(id) === undefined) {
    throw rejection({ reason: new AnswerDeleted({ updateId: id }) })
  }
}
