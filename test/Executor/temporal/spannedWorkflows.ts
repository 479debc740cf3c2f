/**
 * A workflow with spans of its own.
 */
import { Effect, Schema } from "effect"
import { Workflow } from "perdure"
import { Echo } from "../../suites/portable/programs.ts"

export const Spanned = Workflow.make("Spanned", { input: Schema.String, success: Schema.String })

export const spanned = Spanned.toLayer(
  Effect.fn("outer", { attributes: { "order.kind": "large" } })(function* (text) {
    const said = yield* Effect.withSpan(Echo(text), "inner")
    yield* Effect.sleep("200 millis")
    yield* Effect.logInfo("slept")
    yield* Effect.fail("refused").pipe(Effect.withSpan("failing"), Effect.ignore)
    return said
  })
)
