/**
 * Durable workflows as plain Effect programs.
 */
import "./internal/requireNode.ts";
export * as Activity from "./Activity.ts";
export * as ActivityContext from "./ActivityContext.ts";
export * as ActivityGroup from "./ActivityGroup.ts";
export * as Attributes from "./Attributes.ts";
export * as DurableExecutor from "./Executor/DurableExecutor.ts";
export * as Executions from "./Executor/Executions.ts";
export * as HistoryEvent from "./HistoryEvent.ts";
export * as Hooks from "./layers/Hooks.ts";
export * as Ids from "./Ids.ts";
export * as Message from "./Message.ts";
export * as Middleware from "./layers/Middleware.ts";
export * as Observers from "./Executor/Observers.ts";
export * as Providers from "./layers/Providers.ts";
export * as Query from "./Query.ts";
export * as Retention from "./layers/Retention.ts";
export * as RetryPolicy from "./RetryPolicy.ts";
export * as Signal from "./Signal.ts";
export * as Transfer from "./layers/Transfer.ts";
export * as Update from "./Update.ts";
export * as Verify from "./layers/Verify.ts";
export * as Waiting from "./Waiting.ts";
export * as Workflow from "./Workflow.ts";
export * as WorkflowContext from "./WorkflowContext.ts";
export * as WorkflowError from "./WorkflowError.ts";
export * as WorkflowRegistry from "./Executor/WorkflowRegistry.ts";
export * as WorkflowHandle from "./WorkflowHandle.ts";
export * as WorkflowState from "./WorkflowState.ts";
export * as WorkflowStore from "./Store/WorkflowStore.ts";
