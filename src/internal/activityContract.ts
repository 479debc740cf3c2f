/**
 * What is given for an activity, with what is left out.
 */
import type * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type { ActivityTimedOut } from "../ActivityError.ts"
import { chosenBy, type Contract, limitsOf, makeCall } from "./activityCall.ts"
import { nameOf } from "./given.ts"
import { standard } from "./retryPlan.ts"
import { codecsOf } from "./schema.ts"
import { timeoutsOf } from "./timeouts.ts"

/** The failure that only an activity with a timeout has. */
export type TimedOutOf<Timeout> = [Timeout] extends [undefined] ? never : ActivityTimedOut

/** The contract of an activity or an inline one. */
export const contractOf = <
  Name extends string,
  Input extends Schema.Codec<unknown, unknown>,
  Success extends Schema.Codec<unknown, unknown>,
  Error extends Schema.Codec<unknown, unknown>
>(
  name: Name,
  options: Given<Input, Success, Error> | undefined
): Contract<Name, Input, Success, Error> => ({
  name: nameOf("activity", name),
  // The defaults of the type parameters are these very schemas, which the compiler cannot see.
  input: (options?.input ?? Schema.Void) as Input,
  success: (options?.success ?? Schema.Void) as Success,
  error: (options?.error ?? Schema.Never) as Error,
  retry: options?.retry ?? standard,
  timeouts: timeoutsOf(options?.timeout),
  heartbeatTimeout: undefined,
  hasDetails: false
})

/** The call of an activity, with its contract and a way to choose otherwise; and the codecs, which its handler needs as well. */
export const makeCalled = <
  Name extends string,
  Input extends Schema.Codec<unknown, unknown>,
  Success extends Schema.Codec<unknown, unknown>,
  Error extends Schema.Codec<unknown, unknown>
>(
  contract: Contract<Name, Input, Success, Error>
) => {
  const codecs = codecsOf(contract)
  const call = makeCall(contract, codecs, limitsOf(contract.timeouts))
  Object.defineProperty(call, "name", { value: contract.name })
  const choosing = (options: { readonly retry?: unknown; readonly timeout?: unknown }) =>
    makeCall(contract, codecs, chosenBy(contract.timeouts, options))
  return { codecs, call: Object.assign(call, { ...withoutName(contract), with: choosing }) }
}

// internal

/** What an activity may be given. */
interface Given<Input, Success, Error extends Schema.Codec<unknown, unknown>> {
  readonly input?: Input | undefined
  readonly success?: Success | undefined
  readonly error?: Error | undefined
  readonly retry?: Schedule.Schedule<unknown, Error["Type"] | ActivityTimedOut> | undefined
  readonly timeout?: unknown
}

/** What an activity has of its contract beside its name, which it has as a function. */
const withoutName = <C extends { readonly name: unknown }>({ name: _, ...rest }: C): Omit<C, "name"> => rest
