/**
 * The contracts of an order that a person approves: a process that lists and answers what is open imports this file alone.
 */
import { Schema } from "effect"
import { Activity, Workflow } from "perdure"
import { HumanActivity } from "perdure/ai"

export class Rejected extends Schema.TaggedError<Rejected>()("Rejected", { by: Schema.String }) {}

export const Charge = Activity.make("Charge", { input: Schema.Int, success: Schema.String })
export const Refund = Activity.make("Refund", { input: Schema.String })
export const Mail = Activity.make("Mail", { input: Schema.String })
export const Ship = Activity.make("Ship", { input: Schema.String, success: Schema.String })

export const Approve = HumanActivity.make("Approve", {
  request: Schema.Struct({ order: Schema.String, cents: Schema.Int }),
  decision: Schema.Literals(["ship it", "not that one"])
})

export const Order = Workflow.make("Order", {
  input: Schema.Struct({ id: Schema.String, cents: Schema.Int }),
  success: Schema.String,
  error: Rejected,
  workflowId: ({ id }) => id
})
