/**
 * Messages to a running execution: kept from the moment when the execution exists, delivered in order, each to one
 * receiver.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { DurableExecutor, type StartOptions } from "./Executor/DurableExecutor.ts"
import type { Ref } from "./Ids.ts"
import { keyFault, noReceiver, refOf } from "./internal/asking.ts"
import { nameOf } from "./internal/given.ts"
import { type Protocol, protocol } from "./internal/replay/Protocol.ts"
import { jsonCodec, refused, undecodableMessage } from "./internal/schema.ts"
import { beginOrSend, type Startable } from "./internal/starting.ts"
import type { WorkflowContext } from "./WorkflowContext.ts"
import type { WorkflowError } from "./WorkflowError.ts"

/**
 * Marks signals.
 *
 * @category symbols
 * @since 0.2.0
 */
export const TypeId = "~perdure/Signal" as const

/**
 * Any signal, whatever its payload.
 *
 * @category models
 * @since 0.2.0
 */
export interface Any {
  readonly [TypeId]: typeof TypeId
  readonly name: string
  readonly payload: Schema.Codec<unknown, unknown>
}

/**
 * The payload of a signal.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Payload<S extends Any> = S["payload"]["Type"]

/**
 * Whether a value is a signal.
 *
 * @category guards
 * @since 0.2.0
 */
export const isSignal = (value: unknown): value is Any => Predicate.hasProperty(value, TypeId)

/**
 * The contract of a signal.
 *
 * @category models
 * @since 0.1.0
 */
export interface Signal<Name extends string, Payload extends Schema.Codec<unknown, unknown>> extends Any {
  readonly name: Name
  readonly payload: Payload
  /** Inside a program: takes the next signal, or waits for it. */
  readonly receive: Effect.Effect<Payload["Type"], never, WorkflowContext>
  /** Inside a program: takes the next signal if one is there. */
  readonly poll: Effect.Effect<Option.Option<Payload["Type"]>, never, WorkflowContext>
  /** Inside a program: every signal from now on. */
  readonly stream: Stream.Stream<Payload["Type"], never, WorkflowContext>
  /**
   * Sends the signal to an execution, by its id, a ref or a handle. When it returns, the signal is durable; in a program, when it is in
   * the history of its receiver.
   */
  readonly send: (
    to: Ref | string,
    payload: Payload["Type"],
    options?: SendOptions
  ) => Effect.Effect<void, WorkflowError, DurableExecutor>
  /**
   * Starts an execution with the signal in its first commit, or sends it to the execution that has the id, whatever its input. One
   * that is finished refuses it with `Finished`, unless `whenExists` is `"restart"`. In a program it starts a child.
   */
  readonly sendOrStart: <Input, Handle extends Ref>(
    workflow: Startable<Input, Handle>,
    input: NoInfer<Input>,
    payload: Payload["Type"],
    options?: StartOptions & SendOptions
  ) => Effect.Effect<Handle, WorkflowError, DurableExecutor>
}

/**
 * How to send a signal.
 *
 * @category models
 * @since 0.2.0
 */
export interface SendOptions {
  /**
   * Names the signal among those of its receiver: a chain takes the first signal of a key and drops the others, of any name. So a
   * caller that heard `StoreUnavailable` sends it again safely. At most 1,024 bytes.
   */
  readonly key?: string | undefined
}

/**
 * Defines a signal.
 *
 * **Example** (Waiting for an approval, but not for ever)
 *
 * ```ts
 * import { Effect, Schema } from "effect"
 * import { Signal } from "perdure"
 *
 * const Approve = Signal.make("approve", { payload: Schema.Struct({ by: Schema.String }) })
 *
 * const approval = Approve.receive.pipe(Effect.timeoutOption("7 days"))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <const Name extends string, Payload extends Schema.Codec<unknown, unknown> = typeof Schema.Void>(
  name: Name,
  options?: { readonly payload?: Payload | undefined }
): Signal<Name, Payload> => {
  // The default of the type parameter is this very schema, which the compiler cannot see.
  const payload = (options?.payload ?? Schema.Void) as Payload
  const codec = jsonCodec(payload)
  nameOf("signal", name)
  const read = (context: Protocol, json: Schema.Json): Effect.Effect<Payload["Type"]> => {
    const value = codec.decode(json)
    return Result.isSuccess(value)
      ? Effect.succeed(value.success)
      : context.halt(undecodableMessage(`the payload of signal ${name}`, value.failure))
  }
  const receive = Effect.flatMap(protocol, (context) =>
    Effect.flatMap(context.receive(name), (json) => read(context, json))
  )
  const poll = Effect.flatMap(protocol, (context) =>
    Effect.flatMap(context.poll(name), (json) =>
      Option.isNone(json) ? Effect.succeedNone : Effect.asSome(read(context, json.value))
    )
  )
  const messageOf = (workflowId: string | undefined, value: Payload["Type"], chosen: SendOptions | undefined) => {
    const fault = keyFault(chosen?.key)
    if (fault !== undefined) return refused("signal", workflowId, `the key of signal ${name}`, fault)
    const json = codec.encode(value)
    if (Result.isFailure(json)) return refused("signal", workflowId, `the payload of signal ${name}`, json.failure)
    const message = { _tag: "Signal", name, payload: json.success } as const
    return Effect.succeed(chosen?.key === undefined ? message : { ...message, key: chosen.key })
  }
  return {
    [TypeId]: TypeId,
    name,
    payload,
    receive,
    poll,
    stream: Stream.fromEffectRepeat(receive),
    send: Effect.fnUntraced(function* (to, value, chosen) {
      const executor = yield* DurableExecutor
      const ref = refOf(to)
      if (ref === undefined) return yield* refused("signal", undefined, "the receiver", noReceiver)
      return yield* executor.send(ref, yield* messageOf(ref.workflowId, value, chosen))
    }),
    sendOrStart: Effect.fnUntraced(function* (workflow, input, value, chosen) {
      const executor = yield* DurableExecutor
      const message = yield* messageOf(chosen?.workflowId, value, chosen)
      const send = (handle: Ref) => executor.send(handle, message)
      const { handle } = yield* beginOrSend(workflow, input, message, chosen, send)
      return handle
    })
  }
}
