/**
 * Orders in which comes what is in flight.
 */
import * as Effect from "effect/Effect";
import type { LifeFailure } from "./LifeFailure.ts";
import type { Target } from "./LifeRun.ts";
import { type LiveOptions, type Scenario } from "./live.ts";
/**
 * Settings of `interleave`.
 *
 * @category models
 * @since 0.2.0
 */
export interface InterleaveOptions extends LiveOptions {
    /** How many orders are tried, up to a million. Default 100. */
    readonly lives?: number | undefined;
    /** Runs the one life that a failure has named, and shows what it logs. Without `lives`. */
    readonly replay?: string | undefined;
}
/**
 * What was tried.
 *
 * @category models
 * @since 0.2.0
 */
export interface InterleaveReport {
    readonly lives: number;
    /** How many different stories there were. */
    readonly stories: number;
}
/**
 * Lets an execution of a workflow live again and again, and each time what is in flight comes in another order: attempts begin late,
 * their outcomes and messages from outside come late, by chance and up to `spread`. Time is virtual and all chance comes from the number
 * of a life, so a life is the same each time. Checks what `crashEverywhere` checks, but for the end, which an order may decide: the
 * `invariant` says what must hold in all of them.
 *
 * **Example** (Whichever answer comes first)
 *
 * ```ts
 * import { Effect, Layer, Schema } from "effect"
 * import { Activity, Workflow } from "perdure"
 * import { interleave } from "perdure/testing"
 *
 * const Ask = Activity.make("Ask", { input: Schema.String, success: Schema.String })
 * const Survey = Workflow.make("Survey", { success: Schema.String })
 * const SurveyLive = Survey.toLayer(() => Effect.race(Ask("Ada"), Ask("Ben")))
 *
 * const program = interleave(Survey, undefined, () => {
 *   const asked: Array<string> = []
 *   const AskLive = Ask.toLayer((who) => Effect.sync(() => (asked.push(who), who)))
 *   return {
 *     layer: SurveyLive.pipe(Layer.provide(AskLive)),
 *     invariant: ({ exit }) => exit._tag === "Success" && asked.includes(exit.value)
 *   }
 * })
 *
 * await Effect.runPromise(Effect.map(program, ({ stories }) => stories > 1)) // => true
 * ```
 *
 * @category testing
 * @since 0.2.0
 */
export declare const interleave: <Input, Success, Error, E = never>(workflow: Target<Input, Success, Error>, input: NoInfer<Input>, scenario: Scenario<NoInfer<Success>, NoInfer<Error>, E> | (() => Scenario<NoInfer<Success>, NoInfer<Error>, E>), options?: InterleaveOptions) => Effect.Effect<InterleaveReport, LifeFailure | E>;
