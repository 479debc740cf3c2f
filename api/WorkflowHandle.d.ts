/**
 * One run of a workflow, seen from outside.
 */
import type * as Effect from "effect/Effect";
import type { HistoryEvent } from "./HistoryEvent.ts";
import type { RunId } from "./Ids.ts";
import type { AnySchema } from "./internal/schema.ts";
import type { Signal } from "./Signal.ts";
import type { ExecutionSummary } from "./Store/WorkflowStore.ts";
import type { WorkflowError } from "./WorkflowError.ts";
import type { WorkflowStatus } from "./WorkflowState.ts";
/**
 * A handle to one run. It needs no services: it uses the executor that made it.
 *
 * @category models
 * @since 0.1.0
 */
export interface WorkflowHandle<Success, Error> {
    readonly id: string;
    readonly runId: RunId;
    /** Whether the start that answered this handle made the run; false when it was there before. */
    readonly created: boolean;
    /** Waits until the run is finished. Fails with the errors of the workflow, or a `WorkflowError`. */
    readonly result: Effect.Effect<Success, Error | WorkflowError>;
    readonly status: Effect.Effect<WorkflowStatus, WorkflowError>;
    /** Status, times, owner and what the execution waits for. */
    readonly describe: Effect.Effect<ExecutionSummary, WorkflowError>;
    /** The events of the run so far. */
    readonly history: Effect.Effect<ReadonlyArray<HistoryEvent>, WorkflowError>;
    /** Sends a signal, with its payload if it has one. When it answers, the signal is durable. */
    readonly signal: <Payload extends AnySchema>(signal: Signal<string, Payload>, ...payload: void extends Payload["Type"] ? [payload?: Payload["Type"]] : [payload: Payload["Type"]]) => Effect.Effect<void, WorkflowError>;
    /** Asks the program to stop: it is interrupted and its finalizers run. */
    readonly cancel: (reason?: string) => Effect.Effect<void, WorkflowError>;
    /** Ends the run at once, without its finalizers. */
    readonly terminate: (reason?: string) => Effect.Effect<void, WorkflowError>;
}
