/**
 * The contracts of a clerk who answers complaints: a language model, its tools, and a person who grants what it wants to pay back.
 */
import { Schema } from "effect"
import { Tool, Toolkit } from "effect/ai"
import { Workflow } from "perdure"
import { HumanActivity, LLMActivity, ToolActivity } from "perdure/ai"

export class Undecided extends Schema.TaggedError<Undecided>()("Undecided", { rounds: Schema.Int }) {}

export const Clerk = LLMActivity.make("Clerk", { timeout: "2 minutes" })

const LookUp = Tool.make("LookUp", {
  description: "Looks an order up",
  parameters: Schema.Struct({ order: Schema.String }),
  success: Schema.Struct({ cents: Schema.Int, arrived: Schema.Boolean })
})

const Refund = Tool.make("Refund", {
  description: "Pays money back",
  parameters: Schema.Struct({ order: Schema.String, cents: Schema.Int }),
  success: Schema.String,
  needsApproval: true
})

export const Desk = ToolActivity.fromToolkit(Toolkit.make(LookUp, Refund), { timeout: "30 seconds" })

export const Grant = HumanActivity.make("Grant", { request: ToolActivity.ToolCall, decision: Schema.Boolean })

export const Complaint = Workflow.make("Complaint", {
  input: Schema.Struct({ id: Schema.String, text: Schema.String }),
  success: Schema.String,
  error: Undecided,
  workflowId: ({ id }) => id
})
