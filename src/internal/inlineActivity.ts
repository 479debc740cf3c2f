/**
 * Inline activities: the program hands over what they do with each call, and keeps it as long as the call is open.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { ActivityContext } from "../ActivityContext.ts"
import type { Scope } from "effect/Scope"
import { WorkflowContext } from "../WorkflowContext.ts"
import { type Contract, limitsOf, resultOf } from "./activityCall.ts"
import { makeHandler } from "./activityHandler.ts"
import type { ActivityHandler } from "../Executor/WorkflowRegistry.ts"
import { dieWith } from "./exits.ts"
import { effectOf } from "./given.ts"
import { Registered } from "./handlers.ts"
import { protocolOf } from "./replay/Protocol.ts"
import { codecsOf } from "./schema.ts"

/** What is recorded of an inline activity that leaves its end to others. */
const left = dieWith(
  "an inline activity has no contract by which a caller outside could end it, so it cannot return Activity.pending; give it one, with Activity.make"
)

/** Schedules what an effect does, with the services of the layer of the program, and waits for its result. */
export const makeInline = <
  Name extends string,
  Input extends Schema.Codec<unknown, unknown>,
  Success extends Schema.Codec<unknown, unknown>,
  Error extends Schema.Codec<unknown, unknown>
>(
  contract: Contract<Name, Input, Success, Error>,
  effect: Effect.Effect<Success["Type"], Error["Type"], ActivityContext | Scope>
): Effect.Effect<Success["Type"], Error["Type"], WorkflowContext> => {
  const codecs = codecsOf(contract)
  const result = resultOf(contract, codecs)
  // It has no input: what it reads of the program is there again after a replay.
  const call = { ...limitsOf(contract.timeouts), name: contract.name, input: null, inline: true } as const
  const run = () => Effect.scoped(effectOf(`inline activity ${contract.name}`, () => effect))
  return Effect.withFiber((fiber) => {
    const { activity } = protocolOf(Context.getUnsafe(fiber.context, WorkflowContext))
    const { context } = fiber.getRef(Registered)
    const handler = makeHandler(contract, codecs, run, context)
    const closure: ActivityHandler = {
      ...handler,
      attempt: (input, attempt) =>
        Effect.map(handler.attempt(input, attempt), (end) => (end._tag === "Pending" ? left : end))
    }
    return Effect.flatMap(activity(call, closure), result)
  })
}
