/**
 * One execution of a workflow, seen from outside.
 */
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { DurableExecutor, type StartedRun } from "./Executor/DurableExecutor.ts"
import { Executions } from "./Executor/Executions.ts"
import type { ClosingEvent, HistoryEvent } from "./HistoryEvent.ts"
import type { Ref, RunId } from "./Ids.ts"
import { askNearest } from "./internal/asking.ts"
import { recordedEnd } from "./internal/recordedEnd.ts"
import { type Codecs, refused } from "./internal/schema.ts"
import type * as Query from "./Query.ts"
import type { ExecutionSummary } from "./Store/WorkflowStore.ts"
import { Cancelled, Terminated, TimedOut, WorkflowError } from "./WorkflowError.ts"
import type { WorkflowStatus } from "./WorkflowState.ts"

/**
 * A handle to one execution: the run that it was made for and the runs that continue it. Once its id is started again, it is
 * refused with `Restarted`; only `result` still returns how that execution ended.
 *
 * It uses the executor of the fiber that uses it, so one from outside is durable in a program, and elsewhere the one that made it. Reading needs the service `Executions`, which every executor provides beside it.
 *
 * @category models
 * @since 0.1.0
 */
export interface WorkflowHandle<Success, Error> extends Ref {
  readonly id: string
  /** The id again, so that a handle is a `Ref`. */
  readonly workflowId: string
  readonly runId: RunId
  /** Whether the start that returned this handle made the run; false when it was there before. */
  readonly created: boolean
  /** Waits until the execution is finished. Fails with the errors of the workflow, or a `WorkflowError`. */
  readonly result: Effect.Effect<Success, Error | WorkflowError>
  readonly status: Effect.Effect<WorkflowStatus, WorkflowError, Executions>
  /** Status, times, owner and what the execution waits for. */
  readonly describe: Effect.Effect<ExecutionSummary, WorkflowError, Executions>
  /** The events of the run so far. */
  readonly history: Effect.Effect<ReadonlyArray<HistoryEvent>, WorkflowError, Executions>
  /** Asks a query, with its input if it has one. Fails with the errors of the query, or a `WorkflowError`. */
  readonly ask: <Q extends Query.Any>(
    query: Q,
    ...input: Query.Arguments<Query.Input<Q>>
  ) => Effect.Effect<Query.Success<Q>, Query.Error<Q> | WorkflowError>
  /** Asks the program to stop: it is interrupted and its finalizers run. One that no worker has taken ends at once. */
  readonly cancel: (reason?: string) => Effect.Effect<void, WorkflowError>
  /** Ends the execution at once, without its finalizers. */
  readonly terminate: (reason?: string) => Effect.Effect<void, WorkflowError>
}

/**
 * The handle of an execution that an executor has started or found.
 *
 * @internal
 */
export class Handle<Success, Error> implements WorkflowHandle<Success, Error> {
  readonly id: string
  readonly workflowId: string
  readonly runId: RunId
  readonly created: boolean
  // Hidden also when a handle is printed.
  readonly #executor: DurableExecutor["Service"]
  readonly #codecs: Codecs<any, Success, Error>

  constructor(
    executor: DurableExecutor["Service"],
    codecs: Codecs<any, Success, Error>,
    workflowId: string,
    { created, runId }: StartedRun
  ) {
    this.#executor = executor
    this.#codecs = codecs
    this.id = workflowId
    this.workflowId = workflowId
    this.runId = runId
    this.created = created
  }

  get result(): WorkflowHandle<Success, Error>["result"] {
    return this.#ask((executor) =>
      Effect.flatMap(executor.result(this), (event) => outcome(this.#codecs, this.id, event))
    )
  }

  get status(): WorkflowHandle<Success, Error>["status"] {
    return Effect.map(this.describe, (summary) => summary.status)
  }

  get describe(): WorkflowHandle<Success, Error>["describe"] {
    return Effect.flatMap(Executions, (executions) => executions.describe(this))
  }

  get history(): WorkflowHandle<Success, Error>["history"] {
    return Effect.flatMap(Executions, (executions) => executions.history(this))
  }

  readonly ask: WorkflowHandle<Success, Error>["ask"] = (query, ...input) =>
    this.#ask((executor) =>
      // Every query has `ask`; `Any` leaves out what depends on its types.
      Effect.provideService((query as unknown as AnyQuery).ask(this, ...input), DurableExecutor, executor)
    )

  readonly cancel: WorkflowHandle<Success, Error>["cancel"] = (reason = "cancelled from outside") =>
    this.#end("cancel", { _tag: "Cancel", reason })

  readonly terminate: WorkflowHandle<Success, Error>["terminate"] = (reason = "terminated from outside") =>
    this.#end("terminate", { _tag: "Terminate", reason })

  #end(operation: "cancel" | "terminate", message: { readonly _tag: "Cancel" | "Terminate"; readonly reason: string }) {
    const isText = typeof message.reason === "string"
    return isText
      ? this.#ask((executor) => executor.send(this, message))
      : refused(operation, this.id, "the reason", "it must be a text")
  }

  #ask<A, E>(question: (executor: DurableExecutor["Service"]) => Effect.Effect<A, E>): Effect.Effect<A, E> {
    return askNearest(this.#executor, question)
  }
}

/**
 * How an execution ended, as the result of an effect.
 *
 * @internal
 */
export const outcome = <Success, Error>(
  codecs: Codecs<any, Success, Error>,
  workflowId: string,
  event: ClosingEvent
): Effect.Effect<Success, Error | WorkflowError> => {
  const detail = "detail" in event && event.detail !== undefined ? { detail: event.detail } : {}
  const about = { operation: "result", workflowId, ...detail } as const
  const fail = (reason: WorkflowError["reason"]) =>
    Effect.fail(new WorkflowError({ operation: "result", workflowId, reason }))
  switch (event._tag) {
    case "ExecutionCompleted":
      return recordedEnd(codecs, { _tag: "Success", value: event.value }, about)
    case "ExecutionFailed":
      return recordedEnd(codecs, event.failure, about)
    case "ExecutionCancelled":
      return fail(new Cancelled({ because: event.reason, ...detail }))
    case "ExecutionTimedOut":
      return fail(new TimedOut(detail))
    case "ExecutionTerminated":
      return fail(new Terminated({ because: event.reason }))
  }
}

// internal

type AnyQuery = Query.Query<string, Schema.Codec<any, unknown>, Schema.Codec<any, unknown>, Schema.Codec<any, unknown>>
