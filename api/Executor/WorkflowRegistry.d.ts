/**
 * Where workflows are registered with the executor that runs their programs: all that `toLayer` needs.
 */
import type * as Cause from "effect/Cause";
import * as Context from "effect/Context";
import type * as Duration from "effect/Duration";
import type * as Effect from "effect/Effect";
import type * as Option from "effect/Option";
import type * as Schema from "effect/Schema";
import type * as Scope from "effect/Scope";
import type { ActivityContext } from "../ActivityContext.ts";
import type { EventOf, RecordedExit } from "../HistoryEvent.ts";
import type { Transactions } from "../Store/Transactions.ts";
import type { ActivityTimeouts, WorkflowContext } from "../WorkflowContext.ts";
import type { WorkflowError } from "../WorkflowError.ts";
/**
 * Returns how long to wait before the next attempt, in milliseconds, or none when the failure is final. It is given every
 * failed attempt, in order, with the time at which it failed.
 *
 * @category models
 * @since 0.1.0
 */
export type NextRetry = (at: number, failure: RecordedExit) => Effect.Effect<Option.Option<number>>;
/**
 * How a handler has ended: with an exit, or by leaving the end of its activity to a caller outside.
 *
 * @category models
 * @since 0.2.0
 */
export type AttemptEnd = RecordedExit | {
    readonly _tag: "Pending";
};
/**
 * How many attempts of an activity run at once and begin in a time, in one worker.
 *
 * @category models
 * @since 0.2.0
 */
export interface ActivityLimits {
    /** How many run at once; a handler that was left behind after its timeout does not count. */
    readonly concurrency?: number | undefined;
    /** At most `limit` begin in any span of `every`, by the monotonic clock of the worker. */
    readonly rateLimit?: {
        readonly limit: number;
        readonly every: Duration.Duration;
    } | undefined;
}
/**
 * The transaction that an attempt runs in.
 *
 * @category models
 * @since 0.2.0
 */
export interface WithinTransaction {
    /** What the handler is given beside the services of its layer. */
    readonly services: Context.Context<never>;
    /** Called with why the handler did not succeed, before that is encoded. */
    readonly failed: (cause: Cause.Cause<unknown>) => void;
}
/**
 * A handler of an activity in encoded form, with the services that it needs.
 *
 * @category models
 * @since 0.1.0
 */
export interface ActivityHandler {
    readonly name: string;
    readonly timeouts: ActivityTimeouts;
    /** How long an attempt may be silent; absent when it need not report. */
    readonly heartbeatTimeout?: Duration.Duration | undefined;
    /** Whether its attempts may report details. */
    readonly hasDetails?: boolean | undefined;
    /** What an executor keeps for this very object, in all workflows that are registered with it. */
    readonly limits?: ActivityLimits | undefined;
    /** The transactions of a handler whose writes and result take effect together. Its attempts must run within one. */
    readonly transactions?: Transactions["Service"] | undefined;
    /** Runs one attempt. It ends with interruption only when it is interrupted from outside. */
    readonly attempt: (input: Schema.Json, attempt: ActivityContext["Service"], within?: WithinTransaction) => Effect.Effect<AttemptEnd>;
    /** Why an end that is not of its own making does not fit the schemas of the activity; nothing where it does. */
    readonly misfit?: ((end: RecordedExit) => string | undefined) | undefined;
    /** A fresh state of the retry policy, or of the one that a call has chosen; the seed fixes its jitter. */
    readonly retry: (seed: string, chosen?: EventOf<"ActivityScheduled">["retry"]) => Effect.Effect<NextRetry>;
}
/**
 * A workflow that an executor can run: its program in encoded form and the handlers of its activities by their names.
 *
 * @category models
 * @since 0.1.0
 */
export interface Registration {
    readonly workflow: string;
    /** The version of its definition, if it has one: a worker may have several versions of one workflow. */
    readonly version?: string | undefined;
    readonly program: (input: Schema.Json) => Effect.Effect<Schema.Json, Schema.Json | WorkflowError, WorkflowContext>;
    readonly handlers: ReadonlyMap<string, ActivityHandler>;
}
declare const WorkflowRegistry_base: Context.ServiceClass<WorkflowRegistry, "perdure/Executor/WorkflowRegistry", {
    /** Makes a workflow runnable until the scope closes, and resumes its unfinished executions. */
    readonly register: (registration: Registration) => Effect.Effect<void, WorkflowError, Scope.Scope>;
}>;
/**
 * Registers workflows with an executor.
 *
 * @category services
 * @since 0.2.0
 */
export declare class WorkflowRegistry extends WorkflowRegistry_base {
}
declare const InlineActivities_base: Context.ServiceClass<InlineActivities, "perdure/Executor/InlineActivities", true>;
/**
 * Says that the executor of a `WorkflowRegistry` runs inline activities (`Activity.inline`): it brings the program back into memory
 * for each attempt. The layer of a workflow that has some needs it, so on an executor without it such a workflow does not compile.
 *
 * @category services
 * @since 0.2.0
 */
export declare class InlineActivities extends InlineActivities_base {
}
export {};
