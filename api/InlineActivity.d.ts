/**
 * Small recorded steps of a program. `Activity.inline` is this one.
 */
import type * as Effect from "effect/Effect";
import type * as Schema from "effect/Schema";
import type { Scope } from "effect/Scope";
import type { ActivityContext } from "./ActivityContext.ts";
import type { InlineActivities } from "./Executor/WorkflowRegistry.ts";
import { type TimedOutOf } from "./internal/activityContract.ts";
import type { Checked, Declared, NeedsOf, Outside } from "./internal/requirements.ts";
import type { OnlyTimeouts, TimeoutInput } from "./internal/timeouts.ts";
import type * as RetryPolicy from "./RetryPolicy.ts";
import type { WorkflowContext } from "./WorkflowContext.ts";
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
