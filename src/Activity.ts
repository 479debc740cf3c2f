/**
 * Work with effects on the world: called from a program, run by a handler at least once, its result recorded once.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { ActivityContext } from "./ActivityContext.ts"
import { type Any, type Call, type CallOptions, type Handler, type Limits, TypeId } from "./AnyActivity.ts"
import type { DurableExecutor } from "./Executor/DurableExecutor.ts"
import type { Contract } from "./internal/activityCall.ts"
import { contractOf, makeCalled, type TimedOutOf } from "./internal/activityContract.ts"
import { makeHandler } from "./internal/activityHandler.ts"
import { complete } from "./internal/completing.ts"
import { handlerKey } from "./internal/handlers.ts"
import { makeHeartbeat } from "./internal/heartbeat.ts"
import { limitsIn } from "./internal/limits.ts"
import { mark } from "./internal/pending.ts"
import type { LiteralName as RequiredName } from "./internal/requirements.ts"
import { type OnlyTimeouts, silenceOf, type TimeoutInput } from "./internal/timeouts.ts"
import type * as RetryPolicy from "./RetryPolicy.ts"
import type { ActivityTimeouts } from "./WorkflowContext.ts"
import type { WorkflowError } from "./WorkflowError.ts"

export { ActivityTimedOut } from "./ActivityError.ts"
export {
  type Any,
  type Call,
  type CallOptions,
  type Handler,
  type Limits,
  type RateLimit,
  TypeId
} from "./AnyActivity.ts"
export { inline, type InlineNeeds, type InlineOptions } from "./InlineActivity.ts"
export { transactional, type TransactionalActivity } from "./TransactionalActivity.ts"

/**
 * The input of an activity.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Input<A extends Any> = A["input"]["Type"]

/**
 * What an activity succeeds with.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Success<A extends Any> = A["success"]["Type"]

/**
 * What an activity fails with.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Error<A extends Any> = A["error"]["Type"]

/**
 * The handler that a workflow needs when it calls an activity.
 *
 * @category utility types
 * @since 0.2.0
 */
export type HandlerOf<A extends Any> = A extends Any ? Handler<A["name"], Input<A>, Success<A>, Error<A>> : never

/**
 * The name of an activity: one literal. Of other types it is a message, because a handler of any name would satisfy them and
 * a missing one would compile.
 *
 * @category utility types
 * @since 0.2.0
 */
export type LiteralName<Name extends string> = RequiredName<Name>

/**
 * Whether a value is an activity.
 *
 * @category guards
 * @since 0.2.0
 */
export const isActivity = (value: unknown): value is Any => Predicate.hasProperty(value, TypeId)

/**
 * The contract of an activity. Calling it inside a program schedules it and waits for its result.
 *
 * @category models
 * @since 0.1.0
 */
export interface Activity<
  Name extends string,
  Input extends Schema.Codec<unknown, unknown>,
  Success extends Schema.Codec<unknown, unknown>,
  Error extends Schema.Codec<unknown, unknown>,
  Heartbeat extends Schema.Codec<unknown, unknown> = typeof Schema.Void
>
  extends Any, Call<Name, Input, Success, Error> {
  readonly name: Name
  readonly input: Input
  readonly success: Success
  readonly error: Error
  /** It is given timeouts as well where the activity has one. */
  readonly retry: RetryPolicy.RetryPolicy<Error["Type"]>
  readonly timeouts: ActivityTimeouts
  /**
   * In its handler: says that the attempt goes on, and how far it is. The next attempt finds the latest details, also when the process is
   * killed, but for those of its last second. Often costs nothing: the store is told once a second.
   */
  readonly heartbeat: (
    ...details: void extends Heartbeat["Type"] ? [details?: Heartbeat["Type"]] : [details: Heartbeat["Type"]]
  ) => Effect.Effect<void, never, ActivityContext>
  /** In its handler: the details that an attempt of this call has reported last, if one has. */
  readonly details: Effect.Effect<Option.Option<Heartbeat["Type"]>, never, ActivityContext>
  /**
   * The same activity with other settings for some calls: `Charge.with({ timeout: "5 seconds" })(input)`. Throws a `TypeError` when they
   * make no sense.
   */
  readonly with: (options: CallOptions) => Call<Name, Input, Success, Error>
  /**
   * Ends a call from outside, by the token of any of its attempts: that is its result, wherever its handler is. Any process that has the
   * contract may; when it returns, the result is durable. Of two ends the first counts, and the second is refused with `ActivityOver`.
   */
  readonly succeed: (
    token: string,
    ...success: void extends Success["Type"] ? [success?: Success["Type"]] : [success: Success["Type"]]
  ) => Effect.Effect<void, WorkflowError, DurableExecutor>
  /**
   * Ends an attempt with an error from outside, by its token. The retry policy says whether another one follows, which has a token of its own:
   * what comes twice, or too late, is refused with `ActivityOver`.
   */
  readonly fail: (token: string, error: Error["Type"]) => Effect.Effect<void, WorkflowError, DurableExecutor>
  /**
   * Implements the activity. Services that the handler needs become requirements of the layer. Throws a `TypeError` when the limits make
   * no sense.
   */
  readonly toLayer: <R = never>(
    handler: (input: Input["Type"]) => Effect.Effect<Success["Type"], Error["Type"], R>,
    limits?: Limits
  ) => Layer.Layer<Handler<Name, Input["Type"], Success["Type"], Error["Type"]>, never, Exclude<R, ActivityContext>>
}

/**
 * Defines the contract of an activity: its name, schemas, retry policy and timeouts. It has no implementation yet, so
 * workflows can import it without what the implementation needs.
 *
 * **Gotchas**
 *
 * A handler may run more than once, when its process dies before the result is recorded. Make it idempotent, with
 * `ActivityContext.idempotencyKey` where the other side accepts one.
 *
 * **Example** (Charging a card)
 *
 * ```ts
 * import { Effect, Schema } from "effect"
 * import { Activity, ActivityContext, RetryPolicy } from "perdure"
 *
 * class CardDeclined extends Schema.TaggedError<CardDeclined>()("CardDeclined", { code: Schema.String }) {}
 *
 * const Charge = Activity.make("Charge", {
 *   input: Schema.Struct({ orderId: Schema.String, cents: Schema.Number }),
 *   success: Schema.Struct({ receipt: Schema.String }),
 *   error: CardDeclined,
 *   retry: RetryPolicy.exponential({ maxAttempts: 5 }),
 *   timeout: "30 seconds"
 * })
 *
 * const ChargeLive = Charge.toLayer(Effect.fn("Charge")(function*({ cents, orderId }) {
 *   const { idempotencyKey } = yield* ActivityContext.ActivityContext
 *   if (cents > 1_000_000) return yield* new CardDeclined({ code: "limit" })
 *   return { receipt: `${orderId}/${idempotencyKey}` }
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
  Error extends Schema.Codec<unknown, unknown> = typeof Schema.Never,
  Timeout extends TimeoutInput | undefined = undefined,
  Heartbeat extends Schema.Codec<unknown, unknown> = typeof Schema.Void
>(
  name: LiteralName<Name>,
  options?: {
    readonly input?: Input | undefined
    readonly success?: Success | undefined
    readonly error?: Error | undefined
    /**
     * Default `RetryPolicy.standard`. Only typed errors and timeouts are retried; a defect is final. It is given
     * `ActivityTimedOut` where the activity has a timeout.
     */
    readonly retry?: RetryPolicy.RetryPolicy<NoInfer<Error["Type"]> | TimedOutOf<NoInfer<Timeout>>> | undefined
    /** One attempt, or `{ attempt, total }`. Default: no limit. */
    readonly timeout?: TimeoutInput | (Timeout & OnlyTimeouts<Timeout>) | undefined
    /** The details of a heartbeat. */
    readonly heartbeat?: Heartbeat | undefined
    /** How long an attempt may be silent before it ends with `ActivityTimedOut`: its handler must call `heartbeat`. Default: no limit. */
    readonly heartbeatTimeout?: Duration.Input | undefined
  }
): Activity<Name, Input, Success, Error, Heartbeat> => {
  // The type of the parameter is this very name, which the compiler cannot see.
  const contract: Contract<Name, Input, Success, Error> = {
    ...contractOf(name as Name, options),
    heartbeatTimeout: silenceOf(options?.heartbeatTimeout),
    hasDetails: (options?.heartbeat ?? options?.heartbeatTimeout) !== undefined
  }
  const { call, codecs } = makeCalled(contract)
  const key = handlerKey<HandlerOf<Activity<Name, Input, Success, Error>>>(name)
  return Object.assign(call, {
    [TypeId]: TypeId,
    succeed: (token: string, success: Success["Type"]) => complete(name, token, "the success", codecs.success, success),
    fail: (token: string, error: Error["Type"]) => complete(name, token, "the error", codecs.error, error),
    ...makeHeartbeat(name, (options?.heartbeat ?? Schema.Void) as Heartbeat),
    toLayer: <R>(
      handler: (input: Input["Type"]) => Effect.Effect<Success["Type"], Error["Type"], R>,
      given?: Limits
    ) => {
      const limits = limitsIn(name, given)
      return Layer.effect(
        key,
        Effect.map(Effect.context<Exclude<R, ActivityContext>>(), (context) => ({
          contract,
          handler: { ...makeHandler(contract, codecs, handler, context), limits }
        }))
      )
    }
  }) as unknown as Activity<Name, Input, Success, Error, Heartbeat>
}

/**
 * The end of a handler that leaves the end of its activity to a caller outside: `return yield* Activity.pending`, after the token was
 * given away. The call stays open without a handler, over restarts too, until `succeed` or `fail` is called with its token or its
 * timeout passes, which counts from the beginning of the attempt.
 *
 * **Example** (A payment that a webhook completes)
 *
 * ```ts
 * import { Effect, Schema } from "effect"
 * import { Activity, ActivityContext } from "perdure"
 *
 * declare const provider: { readonly charge: (cents: number, callback: string) => Effect.Effect<void> }
 *
 * const Charge = Activity.make("Charge", { input: Schema.Int, success: Schema.String, timeout: "1 hour" })
 *
 * const ChargeLive = Charge.toLayer(Effect.fnUntraced(function*(cents) {
 *   const { token } = yield* ActivityContext.ActivityContext
 *   yield* provider.charge(cents, `https://shop.example/paid?call=${token}`)
 *   return yield* Activity.pending
 * }))
 *
 * // In the web server:
 * const paid = (token: string, receipt: string) => Charge.succeed(token, receipt)
 * ```
 *
 * @category combinators
 * @since 0.2.0
 */
export const pending: Effect.Effect<never, never, ActivityContext> = Effect.die(mark)
