/**
 * A visit whose patient is secret. It knows nothing of encryption.
 */
import { Effect, Schema } from "effect"
import { Activity, Signal, Workflow } from "perdure"

export const Prescribe = Activity.make("Prescribe", { input: Schema.String, success: Schema.String })
export const Seen = Signal.make("seen", { payload: Schema.Struct({ by: Schema.String }) })
export const Visit = Workflow.make("Visit", {
  input: Schema.Struct({ number: Schema.Int, patient: Schema.String }),
  success: Schema.String,
  workflowId: ({ number }) => `visit-${number}`
})

export const VisitLive = Visit.toLayer(
  Effect.fn("Visit")(function* ({ patient }) {
    const { by } = yield* Seen.receive
    return `${by}: ${yield* Prescribe(patient)}`
  })
)
