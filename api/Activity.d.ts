/**
 * Work with effects on the world: called from a program, run by a handler at least once, its result recorded once.
 */
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Schema from "effect/Schema";
import type { Scope } from "effect/Scope";
import type { ActivityContext } from "./ActivityContext.ts";
import type { ActivityTimedOut } from "./ActivityError.ts";
import type { InlineActivities } from "./Executor/WorkflowRegistry.ts";
import type { AnyHandler, Checked, Declared, LiteralName as RequiredName, NeedsOf, Outside } from "./internal/requirements.ts";
import { type OnlyTimeouts, type TimeoutInput } from "./internal/timeouts.ts";
import * as RetryPolicy from "./RetryPolicy.ts";
import type { ActivityTimeouts, WorkflowContext } from "./WorkflowContext.ts";
export { ActivityTimedOut } from "./ActivityError.ts";
/**
 * Stands in the requirements of a workflow for the handler of an activity of this name and these types, so that a forgotten
 * one, or that of another contract, is a compile error.
 *
 * @category models
 * @since 0.1.0
 */
export interface Handler<in out Name extends string, in out Input, in out Success, in out Error> extends AnyHandler {
    readonly "~perdure/Activity/Handler": Name;
    readonly "~perdure/Activity/Contract": (contract: [Name, Input, Success, Error]) => [Name, Input, Success, Error];
}
/**
 * Marks activities.
 *
 * @category symbols
 * @since 0.2.0
 */
export declare const TypeId: "~perdure/Activity";
/**
 * Any activity, whatever its types.
 *
 * @category models
 * @since 0.2.0
 */
export interface Any {
    readonly [TypeId]: typeof TypeId;
    readonly name: string;
    readonly input: Schema.Codec<unknown, unknown>;
    readonly success: Schema.Codec<unknown, unknown>;
    readonly error: Schema.Codec<unknown, unknown>;
}
/**
 * The input of an activity.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Input<A extends Any> = A["input"]["Type"];
/**
 * What an activity succeeds with.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Success<A extends Any> = A["success"]["Type"];
/**
 * What an activity fails with.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Error<A extends Any> = A["error"]["Type"];
/**
 * The handler that a workflow needs when it calls an activity.
 *
 * @category utility types
 * @since 0.2.0
 */
export type HandlerOf<A extends Any> = A extends Any ? Handler<A["name"], Input<A>, Success<A>, Error<A>> : never;
/**
 * The name of an activity: one literal. Of other types it is a message, because a handler of any name would satisfy them and
 * a missing one would compile.
 *
 * @category utility types
 * @since 0.2.0
 */
export type LiteralName<Name extends string> = RequiredName<Name>;
/**
 * Whether a value is an activity.
 *
 * @category guards
 * @since 0.2.0
 */
export declare const isActivity: (value: unknown) => value is Any;
/**
 * Schedules an activity and waits for its result.
 *
 * @category models
 * @since 0.2.0
 */
export interface Call<Name extends string, Input extends Schema.Codec<unknown, unknown>, Success extends Schema.Codec<unknown, unknown>, Error extends Schema.Codec<unknown, unknown>> {
    (input: Input["Type"]): Effect.Effect<Success["Type"], Error["Type"], WorkflowContext | Handler<Name, Input["Type"], Success["Type"], Error["Type"]>>;
}
/**
 * What a call does otherwise than the contract of its activity.
 *
 * @category models
 * @since 0.2.0
 */
export interface CallOptions {
    /** One attempt, or `{ attempt, total }`. What is left out is as in the contract; `Infinity` is no limit. */
    readonly timeout?: TimeoutInput | undefined;
    /**
     * Recorded with the call, so a policy of numbers: `exponential` without functions, `none` or `standard`. What the contract's own
     * `exponential` says of errors (`nonRetryable`, `retryAfter`) holds for it too.
     */
    readonly retry?: RetryPolicy.Recordable | undefined;
}
/**
 * The contract of an activity. Calling it inside a program schedules it and waits for its result.
 *
 * @category models
 * @since 0.1.0
 */
export interface Activity<Name extends string, Input extends Schema.Codec<unknown, unknown>, Success extends Schema.Codec<unknown, unknown>, Error extends Schema.Codec<unknown, unknown>> extends Any, Call<Name, Input, Success, Error> {
    readonly name: Name;
    readonly input: Input;
    readonly success: Success;
    readonly error: Error;
    /** It is given timeouts as well where the activity has one. */
    readonly retry: RetryPolicy.RetryPolicy<Error["Type"]>;
    readonly timeouts: ActivityTimeouts;
    /**
     * The same activity with other settings for some calls: `Charge.with({ timeout: "5 seconds" })(input)`. Throws a `TypeError` when they
     * make no sense.
     */
    readonly with: (options: CallOptions) => Call<Name, Input, Success, Error>;
    /** Implements the activity. Services that the handler needs become requirements of the layer. */
    readonly toLayer: <R = never>(handler: (input: Input["Type"]) => Effect.Effect<Success["Type"], Error["Type"], R>) => Layer.Layer<Handler<Name, Input["Type"], Success["Type"], Error["Type"]>, never, Exclude<R, ActivityContext>>;
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
export declare const make: <const Name extends string, Input extends Schema.Codec<unknown, unknown> = typeof Schema.Void, Success extends Schema.Codec<unknown, unknown> = typeof Schema.Void, Error extends Schema.Codec<unknown, unknown> = typeof Schema.Never, Timeout extends TimeoutInput | undefined = undefined>(name: LiteralName<Name>, options?: {
    readonly input?: Input | undefined;
    readonly success?: Success | undefined;
    readonly error?: Error | undefined;
    /**
     * Default `RetryPolicy.standard`. Only typed errors and timeouts are retried; a defect is final. It is given
     * `ActivityTimedOut` where the activity has a timeout.
     */
    readonly retry?: RetryPolicy.RetryPolicy<NoInfer<Error["Type"]> | TimedOutOf<NoInfer<Timeout>>> | undefined;
    /** One attempt, or `{ attempt, total }`. Default: no limit. */
    readonly timeout?: TimeoutInput | (Timeout & OnlyTimeouts<Timeout>) | undefined;
}) => Activity<Name, Input, Success, Error>;
/**
 * What an inline activity may have: what it succeeds and fails with, and how it is tried.
 *
 * @category models
 * @since 0.2.0
 */
export interface InlineOptions<Success extends Schema.Codec<unknown, unknown>, Error extends Schema.Codec<unknown, unknown>, Timeout extends TimeoutInput | undefined> {
    readonly success?: Success | undefined;
    readonly error?: Error | undefined;
    /** Default `RetryPolicy.standard`. It is given `ActivityTimedOut` where there is a timeout. */
    readonly retry?: RetryPolicy.RetryPolicy<NoInfer<Error["Type"]> | TimedOutOf<NoInfer<Timeout>>> | undefined;
    /** One attempt, or `{ attempt, total }`. Default: no limit. */
    readonly timeout?: TimeoutInput | (Timeout & OnlyTimeouts<Timeout>) | undefined;
}
/**
 * What a program requires that has an inline activity with these requirements: they are those of its layer.
 *
 * @category utility types
 * @since 0.2.0
 */
export type InlineNeeds<R> = WorkflowContext | NeedsOf<InlineActivities | Exclude<R, ActivityContext | Scope>>;
/**
 * A small recorded step of a program, without a contract: an activity that is written where it is called. The effect runs outside the
 * program, at least once, and may do what handlers do; its result is recorded once, and a replay does not run it again.
 *
 * It is known by its name and its place in the program. An attempt that begins when the program has left memory, after a failure, a
 * restart or a takeover, brings the program back by replay first, and runs what the program hands over then.
 *
 * **Gotchas**
 *
 * The effect may read variables of the program, which replay makes again. What it writes to them, or to a `Ref` of the program, is not
 * recorded: return it instead. Its clock and its random numbers are the real ones, and another release may have another effect in its
 * place.
 *
 * **Example** (Reserving a seat)
 *
 * ```ts
 * import { Context, Effect, Schema } from "effect"
 * import { Activity, Workflow } from "perdure"
 *
 * class Seats extends Context.Service<Seats, { readonly take: (show: string) => Promise<string> }>()("app/Seats") {}
 *
 * const Ticket = Workflow.make("Ticket", { input: Schema.String, success: Schema.String })
 *
 * // Its layer needs Seats.
 * const TicketLive = Ticket.toLayer(Effect.fnUntraced(function*(show) {
 *   return yield* Activity.inline("reserve", { success: Schema.String, timeout: "10 seconds" }, Effect.gen(function*() {
 *     const seats = yield* Seats
 *     return yield* Effect.promise(() => seats.take(show))
 *   }))
 * }))
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export declare const inline: <E, R, Success extends Schema.Codec<unknown, unknown> = typeof Schema.Void, Error extends Schema.Codec<unknown, unknown> = typeof Schema.Never, Timeout extends TimeoutInput | undefined = undefined>(name: string, options: InlineOptions<Success, Error, Timeout>, effect: Effect.Effect<NoInfer<Success>["Type"], unknown, unknown> & Checked<Effect.Effect<NoInfer<Success>["Type"], E, R>, Outside<R> | Declared<"the inline activity", NoInfer<Error>["Type"], E>>) => Effect.Effect<Success["Type"], Error["Type"], InlineNeeds<R>>;
/** The failure that only an activity with a timeout has. */
type TimedOutOf<Timeout> = [Timeout] extends [undefined] ? never : ActivityTimedOut;
