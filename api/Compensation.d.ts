/**
 * Undoing what a workflow did when it fails later. `Workflow.withCompensation` is this one; how compensations run is
 * `internal/replay/Compensations.ts`.
 */
import type * as Cause from "effect/Cause";
import * as Effect from "effect/Effect";
import type * as Scope from "effect/Scope";
import type { Checked, Infallible } from "./internal/requirements.ts";
import { WorkflowContext } from "./WorkflowContext.ts";
/**
 * Does something that is undone when the workflow fails: by an error, a defect, a cancel or a timeout. `effect` is not interrupted, as
 * in `Effect.acquireRelease`. Once it has succeeded its compensation belongs to the run, whatever becomes of the scope, the race or
 * the fiber around it. When the program has failed, and its scope and its fibers have ended, the compensations run in reverse, each
 * in a scope of its own, and nothing interrupts them. They may do what programs may do, and go on after a crash. They get the value
 * and the cause of the failure.
 *
 * A compensation that fails with a defect keeps no other from running and does not change how the run ends: it is logged, and
 * recorded in the last event of the history.
 *
 * **Gotchas**
 *
 * A termination runs no compensations. A cancel waits for the end of `effect`, so wrap the one call that is to be undone.
 *
 * **Example** (A seat that is given back when there is no meal)
 *
 * ```ts
 * import { Effect, Schema } from "effect"
 * import { Activity, Workflow } from "perdure"
 *
 * const Seat = Activity.make("Seat", { input: Schema.String, success: Schema.Int })
 * const GiveBack = Activity.make("GiveBack", { input: Schema.Int })
 * const Meal = Activity.make("Meal", { input: Schema.Int, error: Schema.String })
 *
 * const Flight = Workflow.make("Flight", { input: Schema.String, success: Schema.Int, error: Schema.String })
 *
 * const FlightLive = Flight.toLayer(Effect.fnUntraced(function*(passenger) {
 *   const seat = yield* Workflow.withCompensation(Seat(passenger), (seat) => GiveBack(seat))
 *   yield* Meal(seat)
 *   return seat
 * }))
 * ```
 *
 * @category combinators
 * @since 0.2.0
 */
export declare const withCompensation: {
    <A, E2, R2>(compensation: Compensating<A, E2, R2>): <E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R | Exclude<R2, Scope.Scope> | WorkflowContext>;
    <A, E, R, E2, R2>(effect: Effect.Effect<A, E, R>, compensation: Compensating<A, E2, R2>): Effect.Effect<A, E, R | Exclude<R2, Scope.Scope> | WorkflowContext>;
};
/** What undoes something, which may use what its workflow may use and handles its errors. */
type Compensating<A, E, R> = (value: A, cause: Cause.Cause<unknown>) => Effect.Effect<unknown, unknown, unknown> & Checked<Effect.Effect<unknown, E, R>, Infallible<E>>;
export {};
