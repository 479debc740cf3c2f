/**
 * The contracts of an order, without programs and handlers: a process that starts orders, approves them or waits for their
 * results imports this file alone.
 */
import { Schema } from "effect"
import { Activity, RetryPolicy, Signal, Workflow } from "perdure"

export class ChargeFailed extends Schema.TaggedError<ChargeFailed>()("ChargeFailed", { why: Schema.String }) {}
export class Rejected extends Schema.TaggedError<Rejected>()("Rejected", { by: Schema.String }) {}

export const Reserve = Activity.make("Reserve", { input: Schema.String })
export const Release = Activity.make("Release", { input: Schema.String })
export const Charge = Activity.make("Charge", {
  input: Schema.Struct({ id: Schema.String, cents: Schema.Int }),
  success: Schema.String,
  error: ChargeFailed,
  retry: RetryPolicy.exponential({ maxAttempts: 5 })
})
export const Refund = Activity.make("Refund", { input: Schema.String })
export const Ship = Activity.make("Ship", { input: Schema.String, success: Schema.String })

export const Approval = Signal.make("approval", {
  payload: Schema.Struct({ by: Schema.String, granted: Schema.Boolean })
})

export const Order = Workflow.make("Order", {
  input: Schema.Struct({ id: Schema.String, cents: Schema.Int, dispatchIn: Schema.DurationFromString }),
  success: Schema.String,
  error: Schema.Union([ChargeFailed, Rejected]),
  workflowId: (order) => order.id
})
