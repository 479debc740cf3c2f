/**
 * A workflow that tells which build of it runs, after a signal.
 */
import { Effect, Schema } from "effect"
import { Signal, Workflow } from "perdure"

export const Tell = Signal.make("tell")
export const Built = Workflow.make("Built", { input: Schema.String, success: Schema.String })

export const firstBuild = Built.toLayer((input) =>
  Effect.map(Tell.receive, () => (input === "go on" ? Built.continueAsNew("once") : "first build"))
)
