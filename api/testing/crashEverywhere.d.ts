/**
 * Crashes a workflow everywhere: at every commit, in each of its three places, and again in what follows.
 */
import * as Effect from "effect/Effect";
import type { LifeFailure } from "./LifeFailure.ts";
import type { Target } from "./LifeRun.ts";
import { type LiveOptions, type Scenario } from "./live.ts";
/**
 * Settings of `crashEverywhere`.
 *
 * @category models
 * @since 0.2.0
 */
export interface CrashOptions extends LiveOptions {
    /** Runs the one life that a failure has named, and shows what it logs. Without `recovery`. */
    readonly replay?: string | undefined;
    /**
     * At how many of its commits a recovery is crashed again, in each place; from the first one on, which takes the execution over. 0 for
     * none, `Infinity` for all. Default 3.
     */
    readonly recovery?: number | undefined;
}
/**
 * What was tried.
 *
 * @category models
 * @since 0.2.0
 */
export interface CrashReport {
    /** How many times the execution was lived. */
    readonly lives: number;
    /** How many commits there are without a crash. */
    readonly commits: number;
}
/**
 * Lets an execution of a workflow live again and again, in virtual time and in memory, and kills its process in each life at another
 * commit: before it is stored, after that and before it is answered, and after it is answered. Then once more in what follows. Succeeds
 * when the execution survives all of it:
 *
 * - it ends as it does without a crash, or in one of the ways in which it does, which is no defect;
 * - its program agrees with its history, when the next process replays it and at the end;
 * - no handler begins after its result is recorded, and all attempts of a call have one idempotency key;
 * - the `invariant` holds.
 *
 * Fails with the first life that shows otherwise, which is the one with the fewest and earliest crashes.
 *
 * **When to use**
 *
 * Use for each workflow, with the script of what it waits for. Give a function that makes the scenario where handlers keep something
 * outside of their layers, such as counts: it is called for each life.
 *
 * **Gotchas**
 *
 * Handlers are to wait in virtual time (`Effect.sleep`) or not at all: of promises it is not known how long they take, so time may pass
 * before they are kept. A program that reads `Date.now()` is found out where that changes what it asks for, within the milliseconds of a
 * test.
 *
 * **Example** (An order that is paid once, whatever crashes)
 *
 * ```ts
 * import { Effect, Schema } from "effect"
 * import * as Layer from "effect/Layer"
 * import { Activity, Signal, Workflow } from "perdure"
 * import { crashEverywhere } from "perdure/testing"
 *
 * const Pay = Activity.make("Pay", { input: Schema.Int, success: Schema.String })
 * const Approve = Signal.make("approve")
 * const Order = Workflow.make("Order", { input: Schema.Int, success: Schema.String })
 * const OrderLive = Order.toLayer((cents) => Effect.andThen(Approve.receive, Pay(cents)))
 *
 * const program = crashEverywhere(Order, 100, () => {
 *   const paid = new Set<string>()
 *   const PayLive = Pay.toLayer((cents) => Effect.sync(() => void paid.add(`${cents}`)).pipe(Effect.as("receipt")))
 *   return {
 *     layer: OrderLive.pipe(Layer.provide(PayLive)),
 *     script: (order) => Effect.delay(Approve.send(order), "3 days"),
 *     invariant: () => paid.size === 1
 *   }
 * })
 *
 * await Effect.runPromise(Effect.map(program, ({ lives }) => lives > 10)) // => true
 * ```
 *
 * @category testing
 * @since 0.2.0
 */
export declare const crashEverywhere: <Input, Success, Error, E = never>(workflow: Target<Input, Success, Error>, input: NoInfer<Input>, scenario: Scenario<NoInfer<Success>, NoInfer<Error>, E> | (() => Scenario<NoInfer<Success>, NoInfer<Error>, E>), options?: CrashOptions) => Effect.Effect<CrashReport, LifeFailure | E>;
