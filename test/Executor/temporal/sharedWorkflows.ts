/**
 * A workflow that tells what its execution shares with others: nothing of this module, and what Effect counts.
 */
import { Effect, Schema } from "effect"
import { Workflow } from "perdure"

let executions = 0

export const Sharing = Workflow.make("Sharing", {
  success: Schema.Struct({ executions: Schema.Int, fiber: Schema.Int })
})

export const sharing = Sharing.toLayer(() =>
  Effect.withFiber(({ id }) => Effect.succeed({ executions: ++executions, fiber: id }))
)
