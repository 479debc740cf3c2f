/**
 * The executor that a program is given: its operations are recorded commands, so the words of the edge are durable in a body:
 * `docs/decisions/0014` says why.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { DurableExecutor, StartedRun } from "../Executor/DurableExecutor.ts"
import type { ClosingEvent, MessageOutcome } from "../HistoryEvent.ts"
import type { Ref, RunId, WorkflowId } from "../Ids.ts"
import type { Message } from "../Message.ts"
import {
  AlreadyExists,
  Finished,
  NotFound,
  PayloadTooLarge,
  Restarted,
  StoreFailed,
  WorkflowError,
  type WorkflowErrorReason
} from "../WorkflowError.ts"
import { operationOf } from "./operation.ts"
import { Rules, type Request } from "./request.ts"
import { askName, inputOf, type Question } from "./core/asked.ts"
import { reasonCodec } from "./reason.ts"
import { unreadable } from "./replay/addresses.ts"
import { errorOf } from "./replay/defect.ts"
import { refused, undecodable } from "./schema.ts"
import type { Protocol, StartedChild } from "./replay/Protocol.ts"

/** The executor of a program. */
export const inProgram = (protocol: Protocol): DurableExecutor["Service"] => ({
  start: (request) => startChild(protocol, request),
  find: (workflowId) => askFor(protocol, { operation: "find", workflowId }),
  send: (ref, message) => send(protocol, ref, message),
  result: (ref) => resultOf(protocol, ref)
})

/** The run that has the id of a child. */
export type Found = StartedRun & { readonly workflowId: string }

/** Starts a child; completes when it is started. */
export const startChild = (protocol: Protocol, request: Request): Effect.Effect<Found, WorkflowError> =>
  Effect.flatMap(Rules, (rules) => {
    const fault = faultOf(request, rules)
    if (fault !== undefined) return fault
    const child = ask(protocol, request)
    return Effect.flatMap(child.settled, (outcome) => started(child, outcome))
  })

/** Starts a child, or finds the execution that has its id. */
export const startOrFind = (protocol: Protocol, request: Request): Effect.Effect<Found, WorkflowError> =>
  Effect.flatMap(Rules, (rules) => {
    // To return what exists is what this does anyway.
    const fault = faultOf(request.whenExists === "return" ? { ...request, whenExists: undefined } : request, rules)
    if (fault !== undefined) return fault
    const child = ask(protocol, request)
    const { workflowId } = child
    return Effect.flatMap(
      child.settled,
      (outcome): Effect.Effect<Found, WorkflowError> =>
        outcome._tag === "Refused" && outcome.runId !== undefined && request.whenExists !== "fail"
          ? Effect.succeed({ workflowId, runId: outcome.runId, created: false })
          : started(child, outcome)
    )
  })

/**
 * Starts a child and waits for its end. When it is interrupted, the child is asked to stop, and its end is waited for: a child
 * does not outlive the call.
 */
export const executeChild = (
  protocol: Protocol,
  request: Request
): Effect.Effect<readonly [StartedChild, ClosingEvent], WorkflowError> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Rules, (rules) => {
      const fault = faultOf(request, rules)
      if (fault !== undefined) return fault
      const child = ask(protocol, request)
      const end = protocol.endOfChild(child.runId)!
      let outcome: MessageOutcome | undefined
      const settled = Effect.suspend(() =>
        outcome === undefined
          ? Effect.tap(child.settled, (settled) => Effect.sync(() => (outcome = settled)))
          : Effect.succeed(outcome)
      )
      const stop = Effect.flatMap(settled, (outcome) =>
        outcome._tag === "Refused" ? Effect.void : Effect.andThen(protocol.send(cancelOf(child)), end)
      )
      return restore(Effect.flatMap(settled, (outcome) => Effect.andThen(started(child, outcome), end))).pipe(
        Effect.onInterrupt(() => stop),
        Effect.map((closing) => [child, closing] as const)
      )
    })
  )

// internal

/** What a program may not ask for. */
const faultOf = (
  { whenExists, with: message, workflow, workflowId }: Request,
  rules: Rules
): Effect.Effect<never, WorkflowError> | undefined => {
  if (message !== undefined)
    return refused("start", workflowId, "with", "send the message to the child that is started")
  const invalid =
    (workflowId === undefined ? undefined : rules.id(workflowId)) ?? rules.name("the name of the workflow", workflow)
  if (invalid !== undefined) return failed("start", workflowId, invalid)
  if (whenExists === undefined || whenExists === "fail") return undefined
  return refused("start", workflowId, "whenExists", "a child needs an id that is free; leave it out")
}

const ask = (protocol: Protocol, request: Request): StartedChild => {
  const {
    attributes,
    input,
    memo,
    parentClose = "cancel",
    timeout = Duration.infinity,
    version,
    workflow,
    workflowId
  } = request
  const milliseconds = Math.max(0, Math.ceil(Duration.toMillis(Duration.fromInputUnsafe(timeout))))
  return protocol.startChild({
    workflow,
    workflowId: workflowId as WorkflowId | undefined,
    input,
    parentClose,
    ...(version === undefined ? {} : { version }),
    ...(Number.isFinite(milliseconds) ? { timeout: milliseconds } : {}),
    ...(attributes === undefined || Object.keys(attributes).length === 0 ? {} : { attributes }),
    ...(memo === undefined ? {} : { memo })
  })
}

const cancelOf = ({ runId, workflowId }: StartedChild) =>
  ({
    to: workflowId,
    run: runId,
    message: { _tag: "Cancel", reason: "the call of its parent was interrupted" }
  }) as const

const started = ({ runId, workflowId }: StartedChild, outcome: MessageOutcome): Effect.Effect<Found, WorkflowError> =>
  outcome._tag === "Delivered"
    ? Effect.succeed({ workflowId, runId, created: true })
    : failed("start", workflowId, reasonOf(outcome))

const send = (protocol: Protocol, { runId, workflowId }: Ref, message: Message): Effect.Effect<any, WorkflowError> => {
  // What no compiler has checked may be anything, and is recorded.
  if (typeof workflowId !== "string") return refused(operationOf(message), undefined, "the id", "it must be a text")
  if (message._tag === "Query") return askFor(protocol, { operation: "query", workflowId, runId, message })
  if (message._tag === "Update") {
    // It may be asked for again after a crash, and then its id is not new.
    const { id, input, name, wait } = message
    const update = { _tag: "Update", id, name, input, wait } as const
    return askFor(protocol, { operation: "update", workflowId, runId, message: update })
  }
  if (message._tag === "Complete") {
    return refused("complete", workflowId, "the caller", "it is a program, which ends no activity: send a signal")
  }
  return Effect.flatMap(Rules, (rules) => {
    // No execution has such an id, as none can be started with it.
    if (rules.id(workflowId) !== undefined) return failed(operationOf(message), workflowId, new NotFound())
    const invalid = message._tag === "Signal" ? rules.name("the name of the signal", message.name) : undefined
    if (invalid !== undefined) return failed(operationOf(message), workflowId, invalid)
    return Effect.flatMap(
      protocol.send({ to: workflowId as WorkflowId, run: runId as RunId | undefined, message }),
      (outcome) =>
        outcome._tag === "Delivered" ? Effect.void : failed(operationOf(message), workflowId, reasonOf(outcome))
    )
  })
}

const resultOf = (protocol: Protocol, { runId, workflowId }: Ref): Effect.Effect<ClosingEvent, WorkflowError> =>
  protocol.endOfChild(runId as RunId) ?? askFor(protocol, { operation: "result", workflowId, runId })

/** Asks an execution that is no child, and records its answer. */
const askFor = <A>(protocol: Protocol, question: Question): Effect.Effect<A, WorkflowError> => {
  const { operation, workflowId } = question
  if (typeof workflowId !== "string") return refused(operation, undefined, "the id", "it must be a text")
  const call = { name: askName, input: inputOf(question) }
  return Effect.flatMap(protocol.activity(call), (exit): Effect.Effect<A, WorkflowError> => {
    switch (exit._tag) {
      case "Success":
        // What executors answer to the question.
        return Effect.succeed(exit.value as A)
      case "Fail": {
        const reason = reasonCodec.decode(exit.error)
        return Result.isSuccess(reason)
          ? failed(operation, workflowId, reason.success)
          : protocol.halt(undecodable(`the answer of ${JSON.stringify(workflowId)}`, reason.failure))
      }
      case "Die":
        return Effect.die(errorOf(exit.defect))
      case "TimedOut":
        return Effect.never
    }
  })
}

const reasonOf = (outcome: Extract<MessageOutcome, { readonly _tag: "Refused" }>): WorkflowErrorReason => {
  const { bytes = 0, limit = 0, runId = "", status = "running" } = outcome
  switch (outcome.reason) {
    case "NotFound":
      return new NotFound()
    case "Finished":
      return new Finished({ status })
    case "Restarted":
      return new Restarted({ runId })
    case "AlreadyExists":
      return new AlreadyExists({ status, differs: "nothing" })
    case "TooLarge":
      return new PayloadTooLarge({ of: "the message", bytes, limit })
    case "Unreadable":
      return new StoreFailed({ detail: unreadable })
  }
}

const failed = (operation: WorkflowError["operation"], workflowId: string | undefined, reason: WorkflowErrorReason) =>
  Effect.fail(new WorkflowError({ operation, reason, ...(workflowId === undefined ? {} : { workflowId }) }))
