/**
 * Questions to a running execution that may change it: a handler of its program answers, which may do all that the program may.
 * Each is answered once, and the same.
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Scope } from "effect/Scope"
import { DurableExecutor, type StartOptions } from "./Executor/DurableExecutor.ts"
import type { Ref, RunId } from "./Ids.ts"
import { askNearest, keyFault, noReceiver, refOf } from "./internal/asking.ts"
import { nameOf } from "./internal/given.ts"
import { newId } from "./internal/newId.ts"
import type { Checked, Durable } from "./internal/requirements.ts"
import { type Codecs, codecsOf, type JsonCodec, refused } from "./internal/schema.ts"
import { beginOrSend, type Startable } from "./internal/starting.ts"
import { answered } from "./internal/updateAnswer.ts"
import { makeHandle } from "./internal/updateHandler.ts"
import type { FirstMessage } from "./Message.ts"
import type { WorkflowContext } from "./WorkflowContext.ts"
import type { WorkflowError } from "./WorkflowError.ts"

/**
 * Marks updates.
 *
 * @category symbols
 * @since 0.2.0
 */
export const TypeId = "~perdure/Update" as const

/**
 * Any update, whatever its types.
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
 * The input of an update.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Input<U extends Any> = U["input"]["Type"]

/**
 * What an update is answered with.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Success<U extends Any> = U["success"]["Type"]

/**
 * What an update fails with, beside `WorkflowError`.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Error<U extends Any> = U["error"]["Type"]

/**
 * Whether a value is an update.
 *
 * @category guards
 * @since 0.2.0
 */
export const isUpdate = (value: unknown): value is Any => Predicate.hasProperty(value, TypeId)

/**
 * How to send an update.
 *
 * @category models
 * @since 0.2.0
 */
export interface SendOptions {
  /**
   * Names the update among those of its execution: it is answered once, and a second request of the id gets the same answer, also
   * after the end of the execution. Default: a new id. At most 1,024 bytes.
   */
  readonly updateId?: string | undefined
}

/**
 * An update that was accepted. It is a `Ref` to its execution.
 *
 * @category models
 * @since 0.2.0
 */
export interface UpdateHandle<out Success, out Error> extends Ref {
  readonly workflowId: string
  readonly runId: RunId
  readonly updateId: string
  /** Waits for the answer. */
  readonly result: Effect.Effect<Success, Error | WorkflowError>
}

/**
 * How a program answers an update.
 *
 * @category models
 * @since 0.2.0
 */
export interface HandleOptions<in Input, out Error> {
  /**
   * Refuses an input by failing, before its request is recorded where the caller shares the process with the worker. It runs at
   * once, only reads, and does not run again in a replay, so it may look at the time.
   */
  readonly validate?: ((input: Input) => Effect.Effect<void, Error>) | undefined
}

/**
 * The contract of an update.
 *
 * @category models
 * @since 0.2.0
 */
export interface Update<
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
   * Inside a program: answers from now on, and takes what has come before. The handler may do all that the program may, in a fiber and
   * a scope of its own; when the program ends, handlers that run are interrupted, and their callers get `Finished`. A second
   * handler takes the place of the first one. A defect of a handler is its answer, and the program goes on.
   */
  readonly handle: <R>(
    handler: (
      input: Input["Type"]
    ) => Effect.Effect<Success["Type"], Error["Type"] | WorkflowError, unknown> &
      Checked<Effect.Effect<Success["Type"], Error["Type"] | WorkflowError, R>, Durable<R>>,
    options?: HandleOptions<Input["Type"], Error["Type"]>
  ) => Effect.Effect<void, never, Exclude<R, Scope> | WorkflowContext>
  /** Sends the update to an execution, by its id, a ref or a handle, and waits for its answer. In a program it is done once, and the answer is recorded. */
  readonly execute: (
    to: Ref | string,
    input: Input["Type"],
    options?: SendOptions
  ) => Effect.Effect<Success["Type"], Error["Type"] | WorkflowError, DurableExecutor>
  /** Sends the update and waits until a handler has accepted it, or refuses it. In a program it is done once, and that is recorded. */
  readonly start: (
    to: Ref | string,
    input: Input["Type"],
    options?: SendOptions
  ) => Effect.Effect<UpdateHandle<Success["Type"], Error["Type"]>, Error["Type"] | WorkflowError, DurableExecutor>
  /**
   * Starts an execution with the update in its first commit, or sends it to the execution that has the id, whatever its input; waits
   * for the answer. In a program it starts a child, or asks the execution that has the id.
   */
  readonly startWith: <WorkflowInput, Handle extends Ref>(
    workflow: Startable<WorkflowInput, Handle>,
    workflowInput: NoInfer<WorkflowInput>,
    input: Input["Type"],
    options?: StartOptions & SendOptions
  ) => Effect.Effect<
    readonly [handle: Handle, success: Success["Type"]],
    Error["Type"] | WorkflowError,
    DurableExecutor
  >
}

/**
 * Defines an update.
 *
 * **Example** (A cart that answers with its size)
 *
 * ```ts
 * import { Effect, Ref, Schema } from "effect"
 * import { Signal, Update, Workflow } from "perdure"
 *
 * const AddItem = Update.make("addItem", { input: Schema.String, success: Schema.Int })
 * const CheckOut = Signal.make("checkOut")
 * const Cart = Workflow.make("Cart", { success: Schema.Array(Schema.String) })
 *
 * const CartLive = Cart.toLayer(() =>
 *   Effect.gen(function*() {
 *     const items = yield* Ref.make<ReadonlyArray<string>>([])
 *     yield* AddItem.handle((item) =>
 *       Ref.updateAndGet(items, (all) => [...all, item]).pipe(Effect.map((all) => all.length))
 *     )
 *     yield* CheckOut.receive
 *     return yield* Ref.get(items)
 *   })
 * )
 *
 * const program = AddItem.execute("cart-1", "a book")
 * ```
 *
 * @category constructors
 * @since 0.2.0
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
  }
): Update<Name, Input, Success, Error> => {
  // The defaults of the type parameters are these very schemas, which the compiler cannot see.
  const input = (options?.input ?? Schema.Void) as Input
  const success = (options?.success ?? Schema.Void) as Success
  const error = (options?.error ?? Schema.Never) as Error
  const codecs = codecsOf({ input, success, error })
  nameOf("update", name)
  return {
    [TypeId]: TypeId,
    name,
    input,
    success,
    error,
    // What the handler requires stands in the requirements for the compiler; at run time it is the context of the caller.
    handle: makeHandle(name, codecs, error) as Update<Name, Input, Success, Error>["handle"],
    ...makeCalls(name, codecs),
    startWith: makeStartWith(name, codecs)
  }
}

// internal

type Asked = Extract<FirstMessage, { readonly _tag: "Update" }>

/** What a caller asks for, as a message. */
const messageOf = <Input>(
  name: string,
  codec: JsonCodec<Input>,
  workflowId: string | undefined,
  value: Input,
  chosen: SendOptions | undefined
) =>
  Effect.withFiber<Asked, WorkflowError>((fiber) => {
    const { updateId } = chosen ?? {}
    const fault = keyFault(updateId)
    if (fault !== undefined) return refused("update", workflowId, `the id of update ${name}`, fault)
    const input = codec.encode(value)
    if (Result.isFailure(input)) return refused("update", workflowId, `the input of update ${name}`, input.failure)
    const asked = { _tag: "Update", name, input: input.success, wait: "answered" } as const
    return Effect.succeed(
      updateId === undefined ? { ...asked, id: newId(fiber), isNew: true } : { ...asked, id: updateId }
    )
  })

/** The same request, whose id may be known by now. */
const again = ({ id, input, name, wait }: Asked): Asked => ({ _tag: "Update", id, name, input, wait })

/** How an update is sent to what exists. */
const makeCalls = <Input, Success, Error>(name: string, codecs: Codecs<Input, Success, Error>) => {
  const send = Effect.fnUntraced(function* (
    to: Ref | string,
    value: Input,
    chosen: SendOptions | undefined,
    wait: Asked["wait"]
  ) {
    const executor = yield* DurableExecutor
    const ref = refOf(to)
    if (ref === undefined) return yield* refused("update", undefined, "the receiver", noReceiver)
    const { workflowId } = ref
    const message = yield* messageOf(name, codecs.input, workflowId, value, chosen)
    const answer = yield* executor.send(ref, { ...message, wait })
    return { executor, workflowId, message, answer }
  })

  const execute: Update<string, any, any, any>["execute"] = (to, value, chosen) =>
    Effect.flatMap(send(to, value, chosen, "answered"), ({ answer, workflowId }) =>
      answered(name, codecs, workflowId, answer)
    )

  const start = Effect.fnUntraced(function* (to: Ref | string, value: Input, chosen?: SendOptions) {
    const { answer, executor, message, workflowId } = yield* send(to, value, chosen, "accepted")
    // A refusal is a failure.
    if (!answer.accepted) return yield* Effect.andThen(answered(name, codecs, workflowId, answer), Effect.never)
    const { runId } = answer
    const handle: UpdateHandle<Success, Error> = {
      workflowId,
      runId,
      updateId: message.id,
      result: askNearest(executor, (executor) =>
        Effect.flatMap(executor.send({ workflowId, runId }, again(message)), (answer) =>
          answered(name, codecs, workflowId, answer)
        )
      )
    }
    return handle
  })

  return { execute, start }
}

/** How an update is sent with a start. */
const makeStartWith = <Input, Success, Error>(name: string, codecs: Codecs<Input, Success, Error>) =>
  Effect.fnUntraced(function* <WorkflowInput, Handle extends Ref>(
    workflow: Startable<WorkflowInput, Handle>,
    workflowInput: NoInfer<WorkflowInput>,
    value: Input,
    chosen?: StartOptions & SendOptions
  ) {
    const executor = yield* DurableExecutor
    const message = yield* messageOf(name, codecs.input, chosen?.workflowId, value, chosen)
    const ask = (handle: Handle) => executor.send(handle, message)
    const { answer, handle } = yield* beginOrSend(workflow, workflowInput, message, chosen, ask)
    const final = answer ?? (yield* executor.send(handle, again(message)))
    return [handle, yield* answered(name, codecs, handle.workflowId, final)] as const
  })
