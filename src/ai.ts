/**
 * Agents: language models and their tools as activities, and decisions of people.
 */
import "./internal/requireNode.ts"
export * as LLMActivity from "./ai/LLMActivity.ts"
export * as ToolActivity from "./ai/ToolActivity.ts"
export * as HumanActivity from "./ai/HumanActivity.ts"
export * as Approvals from "./ai/Approvals.ts"
