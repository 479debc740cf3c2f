/**
 * What is given for an activity, with what is left out.
 */
import type * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type { ActivityTimedOut } from "../ActivityError.ts"
import type { Contract } from "./activityCall.ts"
import { nameOf } from "./given.ts"
import { standard } from "./retryPlan.ts"
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

/** What an activity has of its contract beside its name, which it has as a function. */
export const withoutName = <C extends { readonly name: unknown }>({ name: _, ...rest }: C): Omit<C, "name"> => rest

// internal

/** What an activity may be given. */
interface Given<Input, Success, Error extends Schema.Codec<unknown, unknown>> {
  readonly input?: Input | undefined
  readonly success?: Success | undefined
  readonly error?: Error | undefined
  readonly retry?: Schedule.Schedule<unknown, Error["Type"] | ActivityTimedOut> | undefined
  readonly timeout?: unknown
}
