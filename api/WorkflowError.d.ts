/**
 * What can go wrong with an execution besides the errors of its own workflow: one error, a reason for each decision that a
 * caller can take. Every message says what to do.
 */
import * as Schema from "effect/Schema";
export * from "./WorkflowErrorReason.ts";
declare const WorkflowError_base: Schema.Class<WorkflowError, Schema.TaggedStruct<"WorkflowError", {
    readonly operation: Schema.Literals<readonly ["register", "start", "find", "result", "signal", "update", "complete", "cancel", "terminate", "query", "setAttributes", "describe", "list", "count", "history", "delete"]>;
    /** Absent where the operation is not about one execution. */
    readonly workflowId: Schema.optionalKey<Schema.String>;
    readonly reason: Schema.Union<readonly [typeof import("./WorkflowErrorReason.ts").NotFound, typeof import("./WorkflowErrorReason.ts").AlreadyRegistered, typeof import("./WorkflowErrorReason.ts").AmbiguousActivity, typeof import("./WorkflowErrorReason.ts").AlreadyExists, typeof import("./WorkflowErrorReason.ts").InvalidPayload, typeof import("./WorkflowErrorReason.ts").InvalidId, typeof import("./WorkflowErrorReason.ts").PayloadTooLarge, typeof import("./WorkflowErrorReason.ts").Finished, typeof import("./WorkflowErrorReason.ts").Unfinished, typeof import("./WorkflowErrorReason.ts").StillOwes, typeof import("./WorkflowErrorReason.ts").Restarted, typeof import("./WorkflowErrorReason.ts").WrongWorkflow, typeof import("./WorkflowErrorReason.ts").NewerRelease, typeof import("./WorkflowErrorReason.ts").Undecryptable, typeof import("./EndErrorReason.ts").Cancelled, typeof import("./EndErrorReason.ts").TimedOut, typeof import("./EndErrorReason.ts").Terminated, typeof import("./EndErrorReason.ts").Defect, typeof import("./WorkflowErrorReason.ts").Blocked, typeof import("./WorkflowErrorReason.ts").StoreUnavailable, typeof import("./WorkflowErrorReason.ts").StoreFailed, typeof import("./UpdateErrorReason.ts").UpdateIdInUse, typeof import("./UpdateErrorReason.ts").AnswerDeleted, typeof import("./ActivityError.ts").ActivityOver, typeof import("./EndErrorReason.ts").OtherFailed, typeof import("./QueryErrorReason.ts").UnknownQuery, typeof import("./QueryErrorReason.ts").NoProgram, typeof import("./QueryErrorReason.ts").NotPublished, typeof import("./QueryErrorReason.ts").OnlyReads, typeof import("./QueryErrorReason.ts").QueryDefect, typeof import("./RefusalReason.ts").Forbidden, typeof import("./RefusalReason.ts").RateLimited, typeof import("./WorkflowErrorReason.ts").InTransaction, typeof import("./WorkflowErrorReason.ts").ShutDown]>;
}>, import("effect/Cause").YieldableError>;
/**
 * An operation on an execution failed. Decide with `Effect.catchReason("WorkflowError", "NotFound", ...)`.
 *
 * @category errors
 * @since 0.1.0
 */
export declare class WorkflowError extends WorkflowError_base {
    get message(): string;
}
