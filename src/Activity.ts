/**
 * Work with effects on the world: called from a program, run by a handler at least once, its result recorded once.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as References from "effect/References"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Tracer from "effect/Tracer"
import { ActivityContext } from "./ActivityContext.ts"
import type { ActivityHandler } from "./Executor/WorkflowRegistry.ts"
import type { RecordedExit } from "./HistoryEvent.ts"
import { dieWith, recordFailure, recordSuccess } from "./internal/exits.ts"
import { effectOf, nameOf } from "./internal/given.ts"
import { handlerKey, isSame, otherContract, Registered } from "./internal/handlers.ts"
import { errorOf } from "./internal/replay/defect.ts"
import { protocol, protocolOf } from "./internal/replay/Protocol.ts"
import type { AnyHandler, LiteralName as RequiredName } from "./internal/requirements.ts"
import { nextRetry } from "./internal/retry.ts"
import { type Codecs, codecsOf, isA, undecodable } from "./internal/schema.ts"
import { inMillis, type OnlyTimeouts, type TimeoutInput, timeoutsOf } from "./internal/timeouts.ts"
import * as RetryPolicy from "./RetryPolicy.ts"
import { type ActivityTimeouts, WorkflowContext } from "./WorkflowContext.ts"

/**
 * Stands in the requirements of a workflow for the handler of an activity of this name and these types, so that a forgotten
 * one, or that of another contract, is a compile error.
 *
 * @category models
 * @since 0.1.0
 */
export interface Handler<in out Name extends string, in out Input, in out Success, in out Error> extends AnyHandler {
  readonly "~perdure/Activity/Handler": Name
  readonly "~perdure/Activity/Contract": (contract: [Name, Input, Success, Error]) => [Name, Input, Success, Error]
}

/**
 * An attempt, or all attempts together, took longer than the activity may. Name it in the `error` of an activity to
 * handle it as an error; otherwise it is a defect of the call.
 *
 * @category errors
 * @since 0.1.0
 */
export class ActivityTimedOut extends Schema.TaggedError<ActivityTimedOut>()("ActivityTimedOut", {
  activity: Schema.String,
  /** The timeout that passed, in milliseconds. */
  after: Schema.Finite
}) {
  override get message() {
    return `activity ${JSON.stringify(this.activity)} took longer than ${this.after} ms`
  }
}

/**
 * Marks activities.
 *
 * @category symbols
 * @since 0.2.0
 */
export const TypeId = "~perdure/Activity" as const

/**
 * Any activity, whatever its types.
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
  Error extends Schema.Codec<unknown, unknown>
> extends Any {
  (
    input: Input["Type"]
  ): Effect.Effect<
    Success["Type"],
    Error["Type"],
    WorkflowContext | Handler<Name, Input["Type"], Success["Type"], Error["Type"]>
  >
  readonly name: Name
  readonly input: Input
  readonly success: Success
  readonly error: Error
  /** It is given timeouts as well where the activity has one. */
  readonly retry: RetryPolicy.RetryPolicy<Error["Type"]>
  readonly timeouts: ActivityTimeouts
  /** Implements the activity. Services that the handler needs become requirements of the layer. */
  readonly toLayer: <R = never>(
    handler: (input: Input["Type"]) => Effect.Effect<Success["Type"], Error["Type"], R>
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
  Timeout extends TimeoutInput | undefined = undefined
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
  }
): Activity<Name, Input, Success, Error> => {
  const contract: Contract<Name, Input, Success, Error> = {
    // The type of the parameter is this very name, which the compiler cannot see.
    name: nameOf("activity", name as Name),
    // The defaults of the type parameters are these very schemas, which the compiler cannot see.
    input: (options?.input ?? Schema.Void) as Input,
    success: (options?.success ?? Schema.Void) as Success,
    error: (options?.error ?? Schema.Never) as Error,
    retry: options?.retry ?? RetryPolicy.standard,
    timeouts: timeoutsOf(options?.timeout)
  }
  const codecs = codecsOf(contract)
  const call = makeCall(contract, codecs)
  const key = handlerKey<HandlerOf<Activity<Name, Input, Success, Error>>>(name)
  Object.defineProperty(call, "name", { value: name })
  return Object.assign(call, {
    [TypeId]: TypeId,
    ...withoutName(contract),
    toLayer: <R>(handler: (input: Input["Type"]) => Effect.Effect<Success["Type"], Error["Type"], R>) =>
      Layer.effect(
        key,
        Effect.map(Effect.context<Exclude<R, ActivityContext>>(), (context) => ({
          contract,
          handler: makeHandler(contract, codecs, handler, context)
        }))
      )
  }) as unknown as Activity<Name, Input, Success, Error>
}

// internal

/** The failure that only an activity with a timeout has. */
type TimedOutOf<Timeout> = [Timeout] extends [undefined] ? never : ActivityTimedOut

interface Contract<Name, Input, Success, Error extends Schema.Codec<unknown, unknown>> {
  readonly name: Name
  readonly input: Input
  readonly success: Success
  readonly error: Error
  readonly retry: RetryPolicy.RetryPolicy<Error["Type"] | ActivityTimedOut>
  readonly timeouts: ActivityTimeouts
}

const withoutName = <C extends { readonly name: unknown }>({ name: _, ...rest }: C): Omit<C, "name"> => rest

/** The program's side: encode, ask, wait, decode. */
const makeCall = <
  Name extends string,
  Input extends Schema.Codec<unknown, unknown>,
  Success extends Schema.Codec<unknown, unknown>,
  Error extends Schema.Codec<unknown, unknown>
>(
  contract: Contract<Name, Input, Success, Error>,
  codecs: Codecs<Input["Type"], Success["Type"], Error["Type"]>
) => {
  const { name } = contract
  const timeouts = inMillis(contract.timeouts)
  const unreadable = (issue: string) =>
    Effect.flatMap(protocol, ({ halt }) => halt(undecodable(`the recorded result of activity ${name}`, issue)))
  const isError = isA(contract.error)
  const resultOf = (exit: RecordedExit): Effect.Effect<Success["Type"], Error["Type"], WorkflowContext> => {
    switch (exit._tag) {
      case "Success": {
        const value = codecs.success.decode(exit.value)
        return Result.isSuccess(value) ? Effect.succeed(value.success) : unreadable(value.failure)
      }
      case "Fail": {
        const error = codecs.error.decode(exit.error)
        return Result.isSuccess(error) ? Effect.fail(error.success) : unreadable(error.failure)
      }
      case "Die":
        return Effect.die(errorOf(exit.defect))
      case "TimedOut": {
        const error = new ActivityTimedOut({ activity: name, after: exit.after })
        return isError(error) ? Effect.fail(error) : Effect.die(error)
      }
    }
  }
  return (value: Input["Type"]): Effect.Effect<Success["Type"], Error["Type"], WorkflowContext> =>
    Effect.withFiber((fiber) => {
      const context = protocolOf(Context.getUnsafe(fiber.context, WorkflowContext))
      const registered = fiber.getRef(Registered).implementations.get(name)
      if (registered !== undefined && !isSame(contract, registered.contract)) {
        return context.halt(otherContract(name))
      }
      const input = codecs.input.encode(value)
      return Result.isFailure(input)
        ? Effect.die(new Error(`the input of activity ${name} does not fit its schema: ${input.failure}`))
        : Effect.flatMap(context.activity({ name, input: input.success, timeouts }), resultOf)
    })
}

/** The executor's side: decode, run the handler, encode whatever comes of it. */
const makeHandler = <
  Name extends string,
  Input extends Schema.Codec<unknown, unknown>,
  Success extends Schema.Codec<unknown, unknown>,
  Error extends Schema.Codec<unknown, unknown>,
  R
>(
  contract: Contract<Name, Input, Success, Error>,
  codecs: Codecs<Input["Type"], Success["Type"], Error["Type"]>,
  handler: (input: Input["Type"]) => Effect.Effect<Success["Type"], Error["Type"], R>,
  context: Context.Context<Exclude<R, ActivityContext>>
): ActivityHandler => {
  const { name } = contract
  const errorOfFailure = (failure: RecordedExit): Error["Type"] | ActivityTimedOut | undefined => {
    if (failure._tag === "TimedOut") return new ActivityTimedOut({ activity: name, after: failure.after })
    if (failure._tag !== "Fail") return undefined
    return Option.getOrUndefined(Result.getSuccess(codecs.error.decode(failure.error)))
  }
  return {
    name,
    timeouts: contract.timeouts,
    retry: (seed) => nextRetry(contract.retry, errorOfFailure, seed),
    attempt: (json, attempt) => {
      const input = codecs.input.decode(json)
      if (Result.isFailure(input)) {
        return Effect.succeed(dieWith(`the input of activity ${name} does not fit its schema: ${input.failure}`))
      }
      const run = Effect.updateContext(
        effectOf(`the handler of activity ${name}`, () => handler(input.success)),
        (caller: Context.Context<never>) => ofAttempt(context, attempt, caller) as Context.Context<R>
      )
      return Effect.matchCauseEffect(run, {
        onSuccess: (value) => Effect.succeed(recordSuccess(name, codecs.success, value)),
        onFailure: (cause) => recordFailure(name, codecs.error, cause)
      })
    }
  }
}

/** The services of a handler are those of its layer, but for the attempt and its span, which come with each run. */
const ofAttempt = <R>(
  layer: Context.Context<R>,
  attempt: ActivityContext["Service"],
  caller: Context.Context<never>
): Context.Context<R | ActivityContext> => {
  const { activity, attempt: number, runId, workflow, workflowId } = attempt
  const context = Context.add(layer, ActivityContext, attempt).pipe(
    Context.add(References.CurrentLogAnnotations, {
      ...Context.get(layer, References.CurrentLogAnnotations),
      ...{ workflow, workflowId, runId, activity, attempt: number }
    })
  )
  const span = Context.getOption(caller, Tracer.ParentSpan)
  return Option.isSome(span) ? Context.add(context, Tracer.ParentSpan, span.value) : context
}
