/**
 * A workflow that tells which build of it runs, after a signal: itself, in its next run, or by a child.
 */
import { Effect, Schema } from "effect"
import { Signal, Workflow } from "perdure"

export const Tell = Signal.make("tell")
export const Built = Workflow.make("Built", {
  input: Schema.Literals(["once", "at once", "in the next run", "by a child"]),
  success: Schema.String
})

export const firstBuild = Built.toLayer(
  Effect.fn("Built")(function* (how) {
    if (how !== "at once") yield* Tell.receive
    if (how === "in the next run") return Built.continueAsNew("once")
    return how === "by a child" ? yield* Built.execute("at once") : "first build"
  })
)
