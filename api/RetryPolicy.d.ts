/**
 * How often and when a failed activity is tried again. A policy is a `Schedule`, and any `Schedule` is a policy: its input
 * is the error, its delay the pause before the next attempt.
 */
import type * as Duration from "effect/Duration";
import type * as Schedule from "effect/Schedule";
import { type Plan, type PlanId } from "./internal/retryPlan.ts";
/**
 * A policy for activities that fail with `Error`.
 *
 * @category models
 * @since 0.1.0
 */
export type RetryPolicy<Error = unknown> = Schedule.Schedule<unknown, Error>;
/**
 * A policy of numbers alone, which a call may choose: it is recorded with the call.
 *
 * @category models
 * @since 0.2.0
 */
export interface Recordable extends RetryPolicy {
    readonly [PlanId]: Plan<never>;
}
/**
 * The settings of `exponential` that are numbers.
 *
 * @category models
 * @since 0.2.0
 */
export interface BackoffOptions {
    /** Attempts in all, the first included. Default 3; `Infinity` never gives up. */
    readonly maxAttempts?: number | undefined;
    /** The first pause. Default 100 milliseconds. */
    readonly initialInterval?: Duration.Input | undefined;
    /** The factor from one pause to the next. Default 2. */
    readonly coefficient?: number | undefined;
    /** No pause is longer. Default: no limit. */
    readonly maximumInterval?: Duration.Input | undefined;
    /** Varies each pause between 80 % and 120 %. Default false. */
    readonly jitter?: boolean | undefined;
}
/**
 * The settings of `exponential`.
 *
 * @category models
 * @since 0.2.0
 */
export interface ExponentialOptions<Error> extends BackoffOptions {
    /**
     * Errors after which trying again makes no sense. In the definition of an activity they are typed by it: the errors that it
     * declares, and `ActivityTimedOut` where it has a timeout. Default: none.
     */
    readonly nonRetryable?: ((error: Error) => boolean) | undefined;
    /**
     * The pause that an error asks for, such as that of an HTTP header `Retry-After`: the next attempt begins no earlier. It may be longer
     * than `maximumInterval`. Default: none.
     */
    readonly retryAfter?: ((error: Error) => Duration.Input | undefined) | undefined;
}
/**
 * Pauses that grow by a factor after each attempt. Throws a `TypeError` when its settings make no sense.
 *
 * **Example** (Trying five times, at most ten seconds apart)
 *
 * ```ts
 * import { RetryPolicy } from "perdure"
 *
 * const patient = RetryPolicy.exponential({ maxAttempts: 5, maximumInterval: "10 seconds", jitter: true })
 * ```
 *
 * **Example** (Giving up at once where trying again makes no sense)
 *
 * ```ts
 * import { Schema } from "effect"
 * import { Activity, RetryPolicy } from "perdure"
 *
 * class Declined extends Schema.TaggedError<Declined>()("Declined", { code: Schema.String }) {}
 *
 * const Charge = Activity.make("Charge", {
 *   error: Declined,
 *   retry: RetryPolicy.exponential({ nonRetryable: (error) => error._tag === "Declined" && error.code === "stolen" })
 * })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export declare const exponential: {
    (options?: BackoffOptions & {
        readonly nonRetryable?: undefined;
        readonly retryAfter?: undefined;
    }): Recordable;
    <Error = unknown>(options?: ExponentialOptions<Error>): RetryPolicy<Error>;
    /**
     * Cannot be called. The compiler postpones a call within a call when one of its overloads returns a function; that is how
     * `nonRetryable` gets the errors of the activity that the policy is written in.
     */
    <Error>(never: never, ever: never): (error: Error) => never;
};
/**
 * The policy of an activity that names none: 3 attempts, 100 milliseconds, twice as long each time.
 *
 * @category policies
 * @since 0.1.0
 */
export declare const standard: Recordable;
/**
 * The first failure is final.
 *
 * @category policies
 * @since 0.1.0
 */
export declare const none: Recordable;
