import * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import type * as Exit from "effect/Exit";
import type * as Layer from "effect/Layer";
import type * as Default from "../Executor/Default.ts";
import type { DurableExecutor } from "../Executor/DurableExecutor.ts";
import type { Executions } from "../Executor/Executions.ts";
import type { ClosingEvent, HistoryEvent } from "../HistoryEvent.ts";
import type { WorkflowError } from "../WorkflowError.ts";
import type { WorkflowHandle } from "../WorkflowHandle.ts";
import { LifeFailure } from "./LifeFailure.ts";
import { type Target } from "./LifeRun.ts";
import { type Life } from "./lives.ts";
import type { TestWorkflows } from "./TestWorkflows.ts";
import { type LivedBy } from "./tokens.ts";
/**
 * How an execution ended.
 *
 * @category models
 * @since 0.2.0
 */
export interface Ended<Success, Error> {
    readonly exit: Exit.Exit<Success, Error | WorkflowError>;
    /** The events of the execution, of all its runs. */
    readonly history: ReadonlyArray<HistoryEvent>;
    /** What it has lived through. */
    readonly life: Life;
}
/**
 * What an execution lives through.
 *
 * @category models
 * @since 0.2.0
 */
export interface Scenario<Success, Error, E = never> {
    /** The workflow with the handlers of its activities. It is built anew for each process, so what it keeps in memory is lost with that. */
    readonly layer: Layer.Layer<never, E, Default.Services>;
    /**
     * What the outside does, from the moment when the execution is started: it sends, asks and sleeps, and time passes by itself. Default:
     * nothing. It runs once, outside of the processes that die: what it asks is answered in the end, and what it sends is sent once.
     */
    readonly script?: (handle: WorkflowHandle<Success, Error>) => Effect.Effect<unknown, unknown, DurableExecutor | Executions | TestWorkflows>;
    /**
     * Whether the script is part of the process: it dies with it, and begins again in the next one, until it has come to its end once. What is
     * repeated like this must send signals with a `key`. Default false.
     */
    readonly scriptRestarts?: boolean;
    /** What must hold in the end: it throws, fails or returns `false` where it does not. */
    readonly invariant?: (ended: Ended<Success, Error>) => Effect.Effect<unknown, unknown> | boolean | void;
}
/**
 * Settings of a life.
 *
 * @category models
 * @since 0.2.0
 */
export interface LiveOptions {
    /**
     * How late something comes at most where the life has an order: an attempt begins, its outcome and a message from outside. Less than the
     * timeouts of the activities. Default 1 second.
     */
    readonly spread?: Duration.Input | undefined;
}
/**
 * Lets an execution live through crashes and an order that a test chooses, in virtual time and in memory: one of the lives of
 * `crashEverywhere` and `interleave`, for property tests over a schema of lives. Checks the same, but for its end, which the caller gets.
 *
 * A life is a value of `Life`, or the token by which a failure has named it. With a token it shows what it logs.
 *
 * **Gotchas**
 *
 * Each life is over within a millisecond or so: a program that reads `Date.now()` is found by `crashEverywhere` and `interleave`, which
 * replay their first life later.
 *
 * **Example** (Two crashes)
 *
 * ```ts
 * import { Effect, Exit, Schema } from "effect"
 * import { Workflow } from "perdure"
 * import { live } from "perdure/testing"
 *
 * const Nap = Workflow.make("Nap", { success: Schema.String })
 * const layer = Nap.toLayer(() => Effect.as(Effect.sleep("7 days"), "well rested"))
 *
 * const program = live(Nap, undefined, { layer }, {
 *   crashes: [{ commit: 1, place: "answered" }, { commit: 1, place: "before" }],
 *   order: 0
 * })
 * await Effect.runPromise(Effect.map(program, ({ exit }) => Exit.isSuccess(exit) && exit.value)) // => "well rested"
 * ```
 *
 * @category testing
 * @since 0.2.0
 */
export declare const live: <Input, Success, Error, E = never>(workflow: Target<Input, Success, Error>, input: NoInfer<Input>, scenario: Scenario<NoInfer<Success>, NoInfer<Error>, E> | (() => Scenario<NoInfer<Success>, NoInfer<Error>, E>), life?: Life | string, options?: LiveOptions) => Effect.Effect<Ended<Success, Error>, LifeFailure | E>;
/** How late something comes at most, in milliseconds. */
export declare const spreadOf: (of: string, { spread }: LiveOptions) => number;
/** What is lived again and again. */
export interface Subject<Input, Success, Error, E> {
    readonly workflow: Target<Input, Success, Error>;
    readonly input: Input;
    readonly scenario: Scenario<Success, Error, E> | (() => Scenario<Success, Error, E>);
    readonly isLoud: boolean;
    readonly spread: number;
    /** What lives it. */
    readonly by: LivedBy;
}
/** A life that is over, and held. */
export interface Lived<Success, Error> {
    readonly ended: Ended<Success, Error>;
    readonly closing: ClosingEvent;
    /** How many of its crashes have come. */
    readonly crashed: number;
    /** How many commits there were, of all executions. */
    readonly commits: number;
}
/** What else is looked at in a life. */
export interface Looks {
    /** What is wrong with its end, in words. */
    readonly check?: (closing: ClosingEvent) => string | undefined;
    /** Whether it is replayed at another time of the machine, so that a program that reads that is found out. Default false. */
    readonly later?: boolean;
}
/** Lives a life, and checks it. */
export declare const lived: <Input, Success, Error, E>(subject: Subject<Input, Success, Error, E>, life: Life, { check, later }?: Looks) => Effect.Effect<Lived<Success, Error>, LifeFailure | E>;
