/** A program that waits for a text, and gives it to an activity. */
import { Effect, Schema } from "effect"
import { Query, Signal, Workflow } from "perdure"
import { Echo } from "../../suites/portable/programs.ts"

export const Go = Signal.make("go", { payload: Schema.String })
export const Stage = Query.make("stage", { success: Schema.String })
export const Waiting = Workflow.make("Waiting", {
  input: Schema.String,
  success: Schema.String,
  workflowId: (id) => id
})
export const waiting = Waiting.toLayer(
  Effect.fn("Waiting")(function* (id) {
    yield* Stage.answer(() => Effect.succeed("waits"))
    const text = yield* Go.receive
    return yield* Effect.orDie(Echo(`${id}: ${text}`))
  })
)
