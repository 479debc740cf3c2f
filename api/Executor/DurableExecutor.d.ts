/**
 * Runs executions durably, in encoded values: start, find, send, result. Definitions are its typed façade; executors implement
 * it. It needs no program, so a process that only has contracts can use it. In a program another one is provided, whose operations
 * are recorded: what is started there is a child.
 */
import * as Context from "effect/Context";
import type * as Duration from "effect/Duration";
import type * as Effect from "effect/Effect";
import type * as Schema from "effect/Schema";
import type { Attribute, ClosingEvent, ParentClose, Trace } from "../HistoryEvent.ts";
import type { Ref, RunId } from "../Ids.ts";
import type { AnswerOf, FirstMessage, Message } from "../Message.ts";
import type { WorkflowError } from "../WorkflowError.ts";
/**
 * What to do when an id exists: return that execution (an error if its input differs), fail, or start a new run if the
 * execution is finished and return it otherwise.
 *
 * @category models
 * @since 0.1.0
 */
export type WhenExists = "return" | "fail" | "restart";
/**
 * How to start an execution.
 *
 * @category models
 * @since 0.1.0
 */
export interface StartOptions {
    /**
     * Default: what the definition derives from the input, or else a new id that sorts by the time of the start; in a program
     * `parent/run/number`. At most 1,024 bytes.
     */
    readonly workflowId?: string | undefined;
    /**
     * After this time the program is interrupted and the execution ends as timed out. It does not end an execution that no
     * worker has taken yet. Default: that of the definition.
     */
    readonly timeout?: Duration.Input | undefined;
    /** What to do when the id exists. Default `"return"`. */
    readonly whenExists?: WhenExists | undefined;
    /**
     * Texts, numbers and flags by which the execution can be listed; `Attributes.make` types them. At most 100, with names of 256 bytes and
     * texts of 1,024, and 8 KiB in all.
     */
    readonly attributes?: Readonly<Record<string, Attribute>> | undefined;
    /**
     * Anything that is JSON, for what describes and lists executions: it is part of their summaries, and nothing can be found by it. At most
     * 8 KiB.
     */
    readonly memo?: Schema.Json | undefined;
    /** What becomes of the child when the program that starts it ends. Default `"cancel"`; outside of programs it has no meaning. */
    readonly parentClose?: ParentClose | undefined;
}
/**
 * A start in encoded form.
 *
 * @category models
 * @since 0.1.0
 */
export interface StartRequest {
    readonly workflow: string;
    /** The version of the workflow that runs it. Default: that of the first worker that takes it. */
    readonly version?: string | undefined;
    readonly workflowId: string;
    readonly input: Schema.Json;
    readonly timeout?: Duration.Input | undefined;
    readonly whenExists?: WhenExists | undefined;
    readonly attributes?: Readonly<Record<string, Attribute>> | undefined;
    readonly memo?: Schema.Json | undefined;
    /** What becomes of a child when the program that starts it ends. Default `"cancel"`. */
    readonly parentClose?: ParentClose | undefined;
    /** The span that the start belongs to. A child is part of the trace of its parent. */
    readonly trace?: Trace | undefined;
    /**
     * Becomes part of the first commit of a new run. Where the execution exists nothing is sent, and the input is not compared: send it
     * then. A program starts without.
     */
    readonly with?: FirstMessage | undefined;
}
/**
 * The run that a start made or found.
 *
 * @category models
 * @since 0.1.0
 */
export interface StartedRun {
    /** Names the chain of the run: itself and the runs that continue it. */
    readonly runId: RunId;
    /** Whether this start made it. */
    readonly created: boolean;
}
/**
 * An execution that exists.
 *
 * @category models
 * @since 0.2.0
 */
export interface FoundRun {
    readonly workflow: string;
    /** Names the chain of the current run. */
    readonly runId: RunId;
}
declare const DurableExecutor_base: Context.ServiceClass<DurableExecutor, "perdure/Executor/DurableExecutor", {
    /**
     * Starts an execution, whether its workflow is registered here or not. When it returns, the start is durable; a worker that
     * has the workflow runs it.
     */
    readonly start: (request: StartRequest) => Effect.Effect<StartedRun, WorkflowError>;
    /** Finds the execution that an id has now. */
    readonly find: (workflowId: string) => Effect.Effect<FoundRun, WorkflowError>;
    /** Sends a message and returns its answer. */
    readonly send: <M extends Message>(ref: Ref, message: M) => Effect.Effect<AnswerOf<M>, WorkflowError>;
    /** Waits until the execution is finished and returns its closing event; fails with `Blocked` as soon as it is blocked. */
    readonly result: (ref: Ref) => Effect.Effect<ClosingEvent, WorkflowError>;
}>;
/**
 * Runs executions durably.
 *
 * Every operation on an execution takes a `Ref`. One with a `runId` means that chain alone: when the id was started again since,
 * `send` fails with `Restarted`, and `result` still returns how that chain ended.
 *
 * @category services
 * @since 0.1.0
 */
export declare class DurableExecutor extends DurableExecutor_base {
}
export {};
