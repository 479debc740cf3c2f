/**
 * One execution of a workflow, seen from outside.
 */
import * as Effect from "effect/Effect";
import { Executions } from "./Executor/Executions.ts";
import type { HistoryEvent } from "./HistoryEvent.ts";
import type { Ref, RunId } from "./Ids.ts";
import type * as Query from "./Query.ts";
import type { ExecutionSummary } from "./Store/WorkflowStore.ts";
import { WorkflowError } from "./WorkflowError.ts";
import type { WorkflowStatus } from "./WorkflowState.ts";
/**
 * A handle to one execution: the run that it was made for and the runs that continue it. Once its id is started again, it is
 * refused with `Restarted`; only `result` still returns how that execution ended.
 *
 * It uses the executor of the fiber that uses it, so one from outside is durable in a program, and elsewhere the one that made it. Reading needs the service `Executions`, which every executor provides beside it.
 *
 * @category models
 * @since 0.1.0
 */
export interface WorkflowHandle<Success, Error> extends Ref {
    readonly id: string;
    /** The id again, so that a handle is a `Ref`. */
    readonly workflowId: string;
    readonly runId: RunId;
    /** Whether the start that returned this handle made the run; false when it was there before. */
    readonly created: boolean;
    /** Waits until the execution is finished. Fails with the errors of the workflow, or a `WorkflowError`. */
    readonly result: Effect.Effect<Success, Error | WorkflowError>;
    readonly status: Effect.Effect<WorkflowStatus, WorkflowError, Executions>;
    /** Status, times, owner and what the execution waits for. */
    readonly describe: Effect.Effect<ExecutionSummary, WorkflowError, Executions>;
    /** The events of the run so far. */
    readonly history: Effect.Effect<ReadonlyArray<HistoryEvent>, WorkflowError, Executions>;
    /** Asks a query, with its input if it has one. Fails with the errors of the query, or a `WorkflowError`. */
    readonly ask: <Q extends Query.Any>(query: Q, ...input: Query.Arguments<Query.Input<Q>>) => Effect.Effect<Query.Success<Q>, Query.Error<Q> | WorkflowError>;
    /** Asks the program to stop: it is interrupted and its finalizers run. One that no worker has taken ends at once. */
    readonly cancel: (reason?: string) => Effect.Effect<void, WorkflowError>;
    /** Ends the execution at once, without its finalizers. */
    readonly terminate: (reason?: string) => Effect.Effect<void, WorkflowError>;
}
