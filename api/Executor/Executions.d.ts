/**
 * Reading and tidying up: what is known of executions, by their store alone. None of it is durable, so it is a service of its
 * own that no program can use.
 */
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type { HistoryEvent } from "../HistoryEvent.ts";
import { type Ref } from "../Ids.ts";
import { type ExecutionSummary, type Page, type CountOptions, type WorkflowFilter, WorkflowStore } from "../Store/WorkflowStore.ts";
import { type WorkflowError } from "../WorkflowError.ts";
declare const Executions_base: Context.ServiceClass<Executions, "perdure/Executor/Executions", {
    /** What is known of an execution; `waitingFor` also says when no living worker has its workflow. */
    readonly describe: (ref: Ref | string) => Effect.Effect<ExecutionSummary, WorkflowError>;
    /**
     * The events of the current run, oldest first; with `run` those of that run, which `ExecutionStarted.continues.run` of the one after
     * it names. Fails with `NotFound` for a run that was removed.
     */
    readonly history: (ref: Ref | string, options?: {
        readonly run?: string | undefined;
    }) => Effect.Effect<ReadonlyArray<HistoryEvent>, WorkflowError>;
    /** Finds executions, a page at a time. */
    readonly list: (filter?: WorkflowFilter) => Effect.Effect<Page, WorkflowError>;
    /** Counts the executions that match, or up to `atMost` of them. */
    readonly count: (filter?: WorkflowFilter, options?: CountOptions) => Effect.Effect<number, WorkflowError>;
    /**
     * Removes a finished execution with its history. Fails with `Unfinished` while it runs, with `StillOwes` while it owes
     * messages to others, and leaves a run alone that was started meanwhile.
     *
     * With `before` it removes the runs that came before that one instead, also while the execution goes on. Results of earlier
     * executions of the id are gone then, too.
     */
    readonly delete: (ref: Ref | string, options?: {
        readonly before?: string | undefined;
    }) => Effect.Effect<void, WorkflowError>;
}>;
/**
 * Reads executions and tidies them up.
 *
 * A `Ref` with a `runId` means that chain alone: once the id was started again, operations on it fail with `Restarted`.
 *
 * @category services
 * @since 0.2.0
 */
export declare class Executions extends Executions_base {
}
/**
 * Reads from a store. An operation waits for a store that does not answer for so many milliseconds, 30,000 by default.
 *
 * @category constructors
 * @since 0.2.0
 */
export declare const make: (store: WorkflowStore["Service"], answerTimeout?: number) => Executions["Service"];
/**
 * Reads from the store that is provided. Executors provide it too.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layer: Layer.Layer<Executions, never, WorkflowStore>;
export {};
