/**
 * Runs executions durably, in encoded values. Definitions are its typed façade; executors implement it.
 */
import * as Context from "effect/Context";
import type * as Duration from "effect/Duration";
import type * as Effect from "effect/Effect";
import type * as Option from "effect/Option";
import type * as Schema from "effect/Schema";
import type * as Scope from "effect/Scope";
import type { ActivityContext } from "../ActivityContext.ts";
import type { Attribute, ClosingEvent, HistoryEvent, RecordedExit } from "../HistoryEvent.ts";
import type { RunId } from "../Ids.ts";
import type { ExecutionSummary, Page, WorkflowFilter } from "../Store/WorkflowStore.ts";
import type { ActivityTimeouts, WorkflowContext } from "../WorkflowContext.ts";
import type { WorkflowError } from "../WorkflowError.ts";
/**
 * Answers how long to wait before the next attempt, in milliseconds, or none when the failure is final. It is told of every
 * failed attempt, in order, with the time at which it failed.
 *
 * @category models
 * @since 0.1.0
 */
export type NextRetry = (at: number, failure: RecordedExit) => Effect.Effect<Option.Option<number>>;
/**
 * A handler of an activity in encoded form, with the services that it needs.
 *
 * @category models
 * @since 0.1.0
 */
export interface ActivityHandler {
    readonly name: string;
    readonly timeouts: ActivityTimeouts;
    /** Runs one attempt. It ends with interruption only when it is interrupted from outside. */
    readonly attempt: (input: Schema.Json, attempt: ActivityContext["Service"]) => Effect.Effect<RecordedExit>;
    /** A fresh state of the retry policy; the seed fixes its jitter. */
    readonly retry: (seed: string) => Effect.Effect<NextRetry>;
}
/**
 * A workflow that an executor can run: its program in encoded form and the handlers of its activities.
 *
 * @category models
 * @since 0.1.0
 */
export interface Registration {
    readonly workflow: string;
    readonly program: (input: Schema.Json) => Effect.Effect<Schema.Json, Schema.Json, WorkflowContext>;
    readonly handler: (activity: string) => ActivityHandler | undefined;
}
/**
 * What to do when an id exists: answer that execution (an error if its input differs), fail, or start a new run if the
 * execution is finished and answer it otherwise.
 *
 * @category models
 * @since 0.1.0
 */
export type WhenExists = "return" | "fail" | "restart";
/**
 * A start in encoded form.
 *
 * @category models
 * @since 0.1.0
 */
export interface StartRequest {
    readonly workflow: string;
    readonly workflowId: string;
    readonly input: Schema.Json;
    readonly timeout?: Duration.Input | undefined;
    readonly whenExists?: WhenExists | undefined;
    readonly attributes?: Readonly<Record<string, Attribute>> | undefined;
}
/**
 * The run that a start made or found.
 *
 * @category models
 * @since 0.1.0
 */
export interface StartedRun {
    readonly runId: RunId;
    /** Whether this start made it. */
    readonly created: boolean;
}
declare const DurableExecutor_base: Context.ServiceClass<DurableExecutor, "perdure/Executor/DurableExecutor", {
    /** Makes a workflow runnable until the scope closes, and resumes its unfinished executions. */
    readonly register: (registration: Registration) => Effect.Effect<void, WorkflowError, Scope.Scope>;
    /** Starts an execution. When it answers, the start is durable. */
    readonly start: (request: StartRequest) => Effect.Effect<StartedRun, WorkflowError>;
    /** Waits until the run is finished and answers its last event; fails with `Blocked` as soon as it is blocked. */
    readonly result: (workflowId: string, runId?: RunId) => Effect.Effect<ClosingEvent, WorkflowError>;
    /** Sends a signal. When it answers, the signal is durable. */
    readonly signal: (workflowId: string, name: string, payload: Schema.Json) => Effect.Effect<void, WorkflowError>;
    /** Asks the program to stop: it is interrupted and its finalizers run. */
    readonly cancel: (workflowId: string, reason?: string) => Effect.Effect<void, WorkflowError>;
    /** Ends the execution at once, without its finalizers. */
    readonly terminate: (workflowId: string, reason?: string) => Effect.Effect<void, WorkflowError>;
    /** What is known of the execution. */
    readonly describe: (workflowId: string) => Effect.Effect<ExecutionSummary, WorkflowError>;
    /** Finds executions, a page at a time. */
    readonly list: (filter?: WorkflowFilter) => Effect.Effect<Page, WorkflowError>;
    /** The events of the current run, oldest first. */
    readonly history: (workflowId: string) => Effect.Effect<ReadonlyArray<HistoryEvent>, WorkflowError>;
    /** Removes a finished execution with its history. */
    readonly delete: (workflowId: string) => Effect.Effect<void, WorkflowError>;
}>;
/**
 * Runs executions durably.
 *
 * @category services
 * @since 0.1.0
 */
export declare class DurableExecutor extends DurableExecutor_base {
}
export {};
