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
import { DurableExecutor } from "./Executor/DurableExecutor.ts"
import type { Ref } from "./Ids.ts"
import { nameOf } from "./internal/given.ts"
import { type Protocol, protocol } from "./internal/replay/Protocol.ts"
import { jsonCodec, refused, undecodable } from "./internal/schema.ts"
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
  readonly send: (to: Ref | string, payload: Payload["Type"]) => Effect.Effect<void, WorkflowError, DurableExecutor>
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
      : context.halt(undecodable(`the payload of signal ${name}`, value.failure))
  }
  const receive = Effect.flatMap(protocol, (context) =>
    Effect.flatMap(context.receive(name), (json) => read(context, json))
  )
  const poll = Effect.flatMap(protocol, (context) =>
    Effect.flatMap(context.poll(name), (json) =>
      Option.isNone(json) ? Effect.succeedNone : Effect.asSome(read(context, json.value))
    )
  )
  return {
    [TypeId]: TypeId,
    name,
    payload,
    receive,
    poll,
    stream: Stream.fromEffectRepeat(receive),
    send: Effect.fnUntraced(function* (to, value) {
      const executor = yield* DurableExecutor
      const ref: unknown = typeof to === "string" ? { workflowId: to } : to
      if (!isRef(ref)) return yield* refused("signal", undefined, "the receiver", "it must be an id, a ref or a handle")
      const json = codec.encode(value)
      if (Result.isFailure(json)) {
        return yield* refused("signal", ref.workflowId, `the payload of signal ${name}`, json.failure)
      }
      return yield* executor.send(ref, { _tag: "Signal", name, payload: json.success })
    })
  }
}

// internal

/** What no compiler has checked may be anything. */
const isRef = (value: unknown): value is Ref => Predicate.hasProperty(value, "workflowId")
