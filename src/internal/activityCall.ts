/**
 * Calls of activities, by programs.
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type * as Schedule from "effect/Schedule"
import type * as Schema from "effect/Schema"
import { ActivityTimedOut } from "../ActivityError.ts"
import type { RecordedExit } from "../HistoryEvent.ts"
import { type ActivityTimeouts, WorkflowContext } from "../WorkflowContext.ts"
import { isSame, otherContract, Registered } from "./handlers.ts"
import { errorOf } from "./replay/defect.ts"
import { type ActivityCall, protocol, protocolOf } from "./replay/Protocol.ts"
import { shown } from "./options.ts"
import { numbersIn } from "./retryPlan.ts"
import { type Codecs, isA, undecodable } from "./schema.ts"
import { inMillis, timeoutsOf } from "./timeouts.ts"

/** What callers and the handler of an activity have in common. */
export interface Contract<Name, Input, Success, Error extends Schema.Codec<unknown, unknown>> {
  readonly name: Name
  readonly input: Input
  readonly success: Success
  readonly error: Error
  readonly retry: Schedule.Schedule<unknown, Error["Type"] | ActivityTimedOut>
  readonly timeouts: ActivityTimeouts
  readonly heartbeatTimeout: Duration.Duration | undefined
  readonly hasDetails: boolean
}

const chooses = new Set(["timeout", "retry"])

/** What a call records of its settings. */
type Chosen = Pick<ActivityCall, "timeouts" | "retry">

/** What the call of an activity records when it chooses otherwise. Throws when that makes no sense. */
export const chosenBy = (
  timeouts: ActivityTimeouts,
  options: { readonly retry?: unknown; readonly timeout?: unknown }
): Chosen => {
  const unknown = Predicate.isObject(options) ? Object.keys(options).find((name) => !chooses.has(name)) : "no object"
  if (unknown !== undefined) {
    throw new TypeError(`the settings of a call are timeout and retry, in an object, and there is ${shown(unknown)}`)
  }
  const { retry, timeout } = options
  const { attempt = timeouts.attempt, total = timeouts.total } = timeoutsOf(timeout)
  return { ...limitsOf({ attempt, total }), ...(retry === undefined ? {} : { retry: numbersIn(retry) }) }
}

/** The timeouts of a contract, as each call records them. */
export const limitsOf = (timeouts: ActivityTimeouts): Chosen => {
  const limits = inMillis(timeouts)
  return limits === undefined ? {} : { timeouts: limits }
}

/** What a program gets for the recorded result of an activity. */
export const resultOf = <
  Name extends string,
  Input extends Schema.Codec<unknown, unknown>,
  Success extends Schema.Codec<unknown, unknown>,
  Error extends Schema.Codec<unknown, unknown>
>(
  { error: declared, name }: Contract<Name, Input, Success, Error>,
  codecs: Codecs<Input["Type"], Success["Type"], Error["Type"]>
) => {
  const unreadable = (issue: string) =>
    Effect.flatMap(protocol, ({ halt }) => halt(undecodable(`the recorded result of activity ${name}`, issue)))
  const isError = isA(declared)
  return (exit: RecordedExit): Effect.Effect<Success["Type"], Error["Type"], WorkflowContext> => {
    switch (exit._tag) {
      case "Success": {
        const value = codecs.success.decode(exit.value)
        return Result.isSuccess(value) ? Effect.succeed(value.success) : unreadable(value.failure)
      }
      case "Fail": {
        const error = codecs.error.decode(exit.error)
        return Result.isSuccess(error) ? Effect.fail(error.success) : unreadable(error.failure)
      }
      case "Die":
        return Effect.die(errorOf(exit.defect))
      case "TimedOut": {
        const error = new ActivityTimedOut({ activity: name, after: exit.after })
        return isError(error) ? Effect.fail(error) : Effect.die(error)
      }
    }
  }
}

/** The program's side: encode, ask, wait, decode. */
export const makeCall = <
  Name extends string,
  Input extends Schema.Codec<unknown, unknown>,
  Success extends Schema.Codec<unknown, unknown>,
  Error extends Schema.Codec<unknown, unknown>
>(
  contract: Contract<Name, Input, Success, Error>,
  codecs: Codecs<Input["Type"], Success["Type"], Error["Type"]>,
  chosen: Chosen
) => {
  const { name } = contract
  const result = resultOf(contract, codecs)
  return (value: Input["Type"]): Effect.Effect<Success["Type"], Error["Type"], WorkflowContext> =>
    Effect.withFiber((fiber) => {
      const context = protocolOf(Context.getUnsafe(fiber.context, WorkflowContext))
      const registered = fiber.getRef(Registered).implementations.get(name)
      if (registered !== undefined && !isSame(contract, registered.contract)) {
        return context.halt(otherContract(name))
      }
      const input = codecs.input.encode(value)
      return Result.isFailure(input)
        ? Effect.die(new Error(`the input of activity ${name} does not fit its schema: ${input.failure}`))
        : Effect.flatMap(context.activity({ ...chosen, name, input: input.success }), result)
    })
}
