/**
 * A workflow: a plain Effect program that survives crashes. Inside it `Effect.sleep`, `timeout`, `race`, `all`, `retry`,
 * fibers, queues, `Clock` and `Random` are durable and deterministic.
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { DurableExecutor, type StartedRun, type WhenExists } from "./Executor/DurableExecutor.ts"
import { Executions } from "./Executor/Executions.ts"
import type { Registration, WorkflowRegistry } from "./Executor/WorkflowRegistry.ts"
import type { Attribute, ClosingEvent } from "./HistoryEvent.ts"
import type { RunId } from "./Ids.ts"
import { effectOf, nameOf } from "./internal/given.ts"
import { layerOf } from "./internal/handlers.ts"
import { defectOf, errorOf } from "./internal/replay/defect.ts"
import { protocol } from "./internal/replay/Protocol.ts"
import { requestOf } from "./internal/request.ts"
import type { Checked, Distinct, Durable } from "./internal/requirements.ts"
import { encodedOrDie, type JsonCodec, jsonCodec, refused, undecodable } from "./internal/schema.ts"
import type { WorkflowContext } from "./WorkflowContext.ts"
import {
  Cancelled,
  Defect,
  InvalidPayload,
  Terminated,
  TimedOut,
  WorkflowError,
  WrongWorkflow
} from "./WorkflowError.ts"
import type { WorkflowHandle } from "./WorkflowHandle.ts"

/**
 * How to start an execution.
 *
 * @category models
 * @since 0.1.0
 */
export interface StartOptions {
  /**
   * Default: what the definition derives from the input, or else a new id that sorts by the time of the start. At most 1,024
   * bytes.
   */
  readonly workflowId?: string | undefined
  /**
   * After this time the program is interrupted and the execution ends as timed out. It does not end an execution that no
   * worker has taken yet. Default: that of the definition.
   */
  readonly timeout?: Duration.Input | undefined
  /** What to do when the id exists. Default `"return"`. */
  readonly whenExists?: WhenExists | undefined
  /** Texts, numbers and flags by which the execution can be listed. */
  readonly attributes?: Readonly<Record<string, Attribute>> | undefined
}

/**
 * Marks workflows.
 *
 * @category symbols
 * @since 0.2.0
 */
export const TypeId = "~perdure/Workflow" as const

/**
 * Any workflow, whatever its types.
 *
 * @category models
 * @since 0.2.0
 */
export interface Any {
  readonly [TypeId]: typeof TypeId
  readonly name: string
  readonly input: Schema.Codec<unknown, unknown>
  readonly success: Schema.Codec<unknown, unknown>
  readonly error: Schema.Codec<unknown, unknown>
}

/**
 * The input of a workflow.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Input<W extends Any> = W["input"]["Type"]

/**
 * What a workflow succeeds with.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Success<W extends Any> = W["success"]["Type"]

/**
 * What a workflow fails with, beside `WorkflowError`.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Error<W extends Any> = W["error"]["Type"]

/**
 * The handle of an execution of a workflow.
 *
 * @category utility types
 * @since 0.2.0
 */
export type HandleOf<W extends Any> = WorkflowHandle<Success<W>, Error<W>>

/**
 * Whether a value is the definition of a workflow.
 *
 * @category guards
 * @since 0.2.0
 */
export const isWorkflow = (value: unknown): value is Any => Predicate.hasProperty(value, TypeId)

/**
 * The definition of a workflow.
 *
 * @category models
 * @since 0.1.0
 */
export interface Workflow<
  Name extends string,
  Input extends Schema.Codec<unknown, unknown>,
  Success extends Schema.Codec<unknown, unknown>,
  Error extends Schema.Codec<unknown, unknown>
> extends Any {
  readonly name: Name
  readonly input: Input
  readonly success: Success
  readonly error: Error
  /**
   * Gives the workflow its program and registers it with the executor whose registry is provided. The program may only use
   * activities and signals; any other service in its requirements is a compile error, because it would not be durable. A
   * program that reads configuration is blocked. Loggers, the tracer and the console are those of the process, with their
   * settings; any other `Context.Reference` has its default value in a program. Fails with `AlreadyRegistered` and with `AmbiguousActivity`.
   */
  readonly toLayer: <R>(
    program: (
      input: Input["Type"]
    ) => Effect.Effect<Success["Type"], Error["Type"], unknown> &
      Checked<Effect.Effect<Success["Type"], Error["Type"], R>, Durable<R> | Distinct<R>>
  ) => Layer.Layer<never, WorkflowError, WorkflowRegistry | Exclude<R, WorkflowContext>>
  /** Starts an execution, whether its program is registered here or not. When it returns, the start is durable. */
  readonly start: (
    input: Input["Type"],
    options?: StartOptions
  ) => Effect.Effect<WorkflowHandle<Success["Type"], Error["Type"]>, WorkflowError, DurableExecutor>
  /** Starts an execution, or finds it, and waits for its result. */
  readonly execute: (
    input: Input["Type"],
    options?: StartOptions
  ) => Effect.Effect<Success["Type"], Error["Type"] | WorkflowError, DurableExecutor>
  /** The handle of an execution that exists. Fails with `WrongWorkflow` when the id belongs to another workflow. */
  readonly handle: (
    workflowId: string
  ) => Effect.Effect<WorkflowHandle<Success["Type"], Error["Type"]>, WorkflowError, DurableExecutor>
  /**
   * The program in encoded form, as executors run it.
   *
   * @internal
   */
  readonly encoded: (
    program: (input: Input["Type"]) => Effect.Effect<Success["Type"], Error["Type"], WorkflowContext>
  ) => Registration["program"]
}

/**
 * Defines a workflow.
 *
 * **Example** (An order that waits for its approval)
 *
 * ```ts
 * import { Effect, Option, Schema } from "effect"
 * import { Activity, Signal, Workflow } from "perdure"
 *
 * const Ship = Activity.make("Ship", { input: Schema.String, success: Schema.String })
 * const Approve = Signal.make("approve")
 * const Order = Workflow.make("Order", { input: Schema.String, success: Schema.String, error: Schema.String })
 *
 * const OrderLive = Order.toLayer(Effect.fnUntraced(function*(orderId) {
 *   const approval = yield* Approve.receive.pipe(Effect.timeoutOption("7 days"))
 *   if (Option.isNone(approval)) return yield* Effect.fail("not approved")
 *   return yield* Ship(orderId)
 * }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <
  const Name extends string,
  Input extends Schema.Codec<unknown, unknown> = typeof Schema.Void,
  Success extends Schema.Codec<unknown, unknown> = typeof Schema.Void,
  Error extends Schema.Codec<unknown, unknown> = typeof Schema.Never
>(
  name: Name,
  options?: {
    readonly input?: Input | undefined
    readonly success?: Success | undefined
    readonly error?: Error | undefined
    /** Derives the id from the input, which makes starting idempotent. */
    readonly workflowId?: ((input: NoInfer<Input>["Type"]) => string) | undefined
    /** The timeout of an execution whose start names none. Default: none. */
    readonly timeout?: Duration.Input | undefined
  }
): Workflow<Name, Input, Success, Error> => {
  // The defaults of the type parameters are these very schemas, which the compiler cannot see.
  const input = (options?.input ?? Schema.Void) as Input
  const success = (options?.success ?? Schema.Void) as Success
  const error = (options?.error ?? Schema.Never) as Error
  const codecs = { input: jsonCodec(input), success: jsonCodec(success), error: jsonCodec(error) }
  nameOf("workflow", name)

  // Not a generator: starting is the hot path of clients.
  const start: Workflow<Name, Input, Success, Error>["start"] = (value, chosen) =>
    Effect.withFiber((fiber) => {
      const executor = Context.getUnsafe(fiber.context, DurableExecutor)
      return Effect.flatMap(requestOf(name, codecs.input, options, value, chosen, fiber), (request) =>
        Effect.map(executor.start(request), (run) => new Handle(executor, codecs, request.workflowId, run))
      )
    })

  return {
    [TypeId]: TypeId,
    name,
    input,
    success,
    error,
    start,
    encoded: makeEncoded(name, codecs),
    execute: (value, chosen) => Effect.flatMap(start(value, chosen), (handle) => handle.result),
    handle: Effect.fnUntraced(function* (workflowId) {
      const executor = yield* DurableExecutor
      const { runId, workflow } = yield* executor.find(workflowId)
      if (workflow !== name) {
        const reason = new WrongWorkflow({ expected: name, found: workflow })
        return yield* new WorkflowError({ operation: "find", workflowId, reason })
      }
      return new Handle(executor, codecs, workflowId, { runId, created: false })
    }),
    toLayer: <R>(program: (input: Input["Type"]) => Effect.Effect<unknown, unknown, unknown>) =>
      // Handlers stand in the requirements for the compiler only: a call finds its handler through the executor.
      layerOf<R>(
        name,
        makeEncoded(name, codecs)(program as (input: Input["Type"]) => Effect.Effect<any, any, WorkflowContext>)
      )
  }
}

// internal

interface Codecs<Input, Success, Error> {
  readonly input: JsonCodec<Input>
  readonly success: JsonCodec<Success>
  readonly error: JsonCodec<Error>
}

const makeEncoded =
  <Input, Success, Error>(name: string, codecs: Codecs<Input, Success, Error>) =>
  (program: (input: Input) => Effect.Effect<Success, Error, WorkflowContext>): Registration["program"] =>
  (json) => {
    const input = codecs.input.decode(json)
    if (Result.isFailure(input)) {
      return Effect.flatMap(protocol, ({ halt }) => halt(undecodable(`the input of workflow ${name}`, input.failure)))
    }
    const run = effectOf(`the program of workflow ${name}`, () => program(input.success))
    return Effect.matchEffect(run, {
      onSuccess: (value) =>
        encodedOrDie(codecs.success.encode(value), `the success of workflow ${name}`, undefined, Effect.succeed),
      onFailure: (error) =>
        encodedOrDie(codecs.error.encode(error), `the error of workflow ${name}`, error, Effect.fail)
    })
  }

class Handle<Success, Error> implements WorkflowHandle<Success, Error> {
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
    return Effect.flatMap(this.#executor.result(this), (event) => outcome(this.#codecs, this.id, event))
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

  readonly signal: WorkflowHandle<Success, Error>["signal"] = (signal, ...[payload]) =>
    Effect.provideService(signal.send(this, payload), DurableExecutor, this.#executor)

  readonly cancel: WorkflowHandle<Success, Error>["cancel"] = (reason = "cancelled from outside") =>
    this.#end("cancel", { _tag: "Cancel", reason })

  readonly terminate: WorkflowHandle<Success, Error>["terminate"] = (reason = "terminated from outside") =>
    this.#end("terminate", { _tag: "Terminate", reason })

  #end(operation: "cancel" | "terminate", message: { readonly _tag: "Cancel" | "Terminate"; readonly reason: string }) {
    const isText = typeof message.reason === "string"
    return isText ? this.#executor.send(this, message) : refused(operation, this.id, "the reason", "it must be a text")
  }
}

const outcome = <Success, Error>(
  codecs: Codecs<any, Success, Error>,
  workflowId: string,
  event: ClosingEvent
): Effect.Effect<Success, Error | WorkflowError> => {
  const fail = (reason: WorkflowError["reason"]) =>
    Effect.fail(new WorkflowError({ operation: "result", workflowId, reason }))
  const decoded = <A, B, E>(value: Result.Result<A, string>, of: string, end: (value: A) => Effect.Effect<B, E>) =>
    Result.isSuccess(value)
      ? end(value.success)
      : fail(new InvalidPayload({ of, issue: `${value.failure}\nRead it with a schema that reads what was recorded.` }))
  switch (event._tag) {
    case "ExecutionCompleted":
      return decoded(codecs.success.decode(event.value), "the recorded success", Effect.succeed)
    case "ExecutionFailed":
      return event.failure._tag === "Fail"
        ? decoded(codecs.error.decode(event.failure.error), "the recorded error", Effect.fail)
        : // What other releases and executors recorded may be of any form.
          fail(new Defect({ defect: defectOf(errorOf(event.failure.defect)) }))
    case "ExecutionCancelled":
      return fail(
        new Cancelled({ because: event.reason, ...(event.detail === undefined ? {} : { detail: event.detail }) })
      )
    case "ExecutionTimedOut":
      return fail(new TimedOut(event.detail === undefined ? {} : { detail: event.detail }))
    case "ExecutionTerminated":
      return fail(new Terminated({ because: event.reason }))
  }
}
