/**
 * The workflow that is compared, with this library: activities, a signal and a timer. It is bundled for Temporal's sandbox.
 */
import { Effect, Schema } from "effect"
import { Activity, Signal, Workflow } from "perdure"

export const Echo = Activity.make("Echo", { input: Schema.Int, success: Schema.Int })
export const Approve = Signal.make("approve")
export const Ordering = Workflow.make("Ordering", { input: Schema.Int, success: Schema.Int })
export const Sleeping = Workflow.make("Sleeping")

export const ordering = Ordering.toLayer(
  Effect.fnUntraced(function* (input) {
    const reserved = yield* Echo(input)
    const charged = yield* Echo(reserved)
    yield* Approve.receive
    yield* Effect.sleep("10 millis")
    return yield* Echo(charged)
  })
)

export const sleeping = Sleeping.toLayer(() => Effect.sleep("1 day"))
