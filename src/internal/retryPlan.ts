/**
 * The retry policies of this library as data: what they are made from, and as they are recorded with a call.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schedule from "effect/Schedule"
import type { EventOf } from "../HistoryEvent.ts"
import { count, factor, first, shown, time } from "./options.ts"

/** The numbers of a policy, in milliseconds; without `maxAttempts` it never gives up. */
export type RecordedPolicy = NonNullable<EventOf<"ActivityScheduled">["retry"]>

/** What a policy is made from. Its functions belong to a contract: code is not recorded. */
export interface Plan<in Error> {
  readonly numbers: RecordedPolicy
  readonly nonRetryable?: ((error: Error) => boolean) | undefined
  readonly retryAfter?: ((error: Error) => Duration.Input | undefined) | undefined
}

/** Where a policy keeps what it is made from. */
export const PlanId = "~perdure/RetryPolicy/Plan"

/** What a policy is made from; `undefined` of any other schedule. */
const planOf = (policy: unknown): Plan<never> | undefined =>
  Predicate.hasProperty(policy, PlanId) ? (policy[PlanId] as Plan<never>) : undefined

/** The settings of a policy. */
interface Settings {
  readonly maxAttempts?: number | undefined
  readonly initialInterval?: Duration.Input | undefined
  readonly coefficient?: number | undefined
  readonly maximumInterval?: Duration.Input | undefined
  readonly jitter?: boolean | undefined
}

/** The numbers of settings. Throws when they make no sense. */
export const numbersOf = (settings: Settings): RecordedPolicy => {
  const { coefficient = 2, initialInterval = "100 millis", jitter, maxAttempts = 3, maximumInterval } = settings
  const fault = first(
    count("maxAttempts", maxAttempts),
    time("initialInterval", initialInterval, { least: 0 }),
    factor("coefficient", coefficient),
    time("maximumInterval", maximumInterval, { least: 0, unlimited: true })
  )
  if (fault !== undefined) throw new TypeError(fault)
  const longest = maximumInterval === undefined ? Number.POSITIVE_INFINITY : Duration.toMillis(maximumInterval)
  return {
    initialInterval: Duration.toMillis(initialInterval),
    coefficient,
    ...(Number.isFinite(maxAttempts) ? { maxAttempts } : {}),
    ...(Number.isFinite(longest) ? { maximumInterval: longest } : {}),
    ...(jitter === true ? { jitter } : {})
  }
}

/** The schedule of a plan. */
const scheduleOf = <Error>(plan: Plan<Error>): Schedule.Schedule<unknown, Error> => {
  const { nonRetryable, retryAfter } = plan
  const { coefficient, initialInterval, jitter, maxAttempts, maximumInterval } = plan.numbers
  const growing = Schedule.exponential(initialInterval, coefficient)
  const capped: Schedule.Schedule<unknown> =
    maximumInterval === undefined ? growing : Schedule.min([growing, Schedule.spaced(maximumInterval)])
  const varied = jitter === true ? Schedule.jittered(capped) : capped
  const limited = maxAttempts === undefined ? varied : Schedule.upTo(varied, { times: maxAttempts - 1 })
  const typed = Schedule.setInputType<Error>()(limited)
  const judged = nonRetryable === undefined ? typed : Schedule.while(typed, ({ input }) => !nonRetryable(input))
  if (retryAfter === undefined) return judged
  return Schedule.modifyDelay(judged, ({ duration, input }) =>
    Effect.sync(() =>
      Duration.max(
        duration,
        wishOf(() => retryAfter(input))
      )
    )
  )
}

/** A policy of this library. Throws when what judges errors is no function. */
export const policyOf = <Error>(plan: Plan<Error>) => {
  for (const name of ["nonRetryable", "retryAfter"] as const) {
    const judge: unknown = plan[name]
    if (judge === undefined || typeof judge === "function") continue
    throw new TypeError(`${name} must be a function of the error, and is ${shown(judge)}`)
  }
  return Object.assign(scheduleOf(plan), { [PlanId]: plan as Plan<never> })
}

/** A policy whose numbers a call has chosen, with what the contract says of its errors. */
export const chosenOf = <Error>(
  policy: Schedule.Schedule<unknown, Error>,
  chosen: RecordedPolicy | undefined
): Schedule.Schedule<unknown, Error> =>
  chosen === undefined ? policy : scheduleOf<Error>({ ...(planOf(policy) as Plan<Error> | undefined), numbers: chosen })

/** The numbers of a policy that a call chooses. Throws when it is more than numbers. */
export const numbersIn = (policy: unknown): RecordedPolicy => {
  const plan = planOf(policy)
  if (plan === undefined) {
    throw new TypeError(
      "the retry policy of a call must be one of RetryPolicy; give any other schedule to the contract"
    )
  }
  if (plan.nonRetryable === undefined && plan.retryAfter === undefined) return plan.numbers
  throw new TypeError("the retry policy of a call is recorded, so it may have no functions; give them to the contract")
}

/** The policy of an activity that names none. */
export const standard = policyOf<unknown>({ numbers: numbersOf({}) })

// internal

/** The pause that an error asks for. What is no pause asks for none: it may be what a server has sent. */
const wishOf = (ask: () => unknown): Duration.Duration => {
  try {
    const wish = ask()
    const fault = time("retryAfter", wish as Duration.Input | undefined, { least: 0 })
    return wish === undefined || fault !== undefined ? Duration.zero : Duration.fromInputUnsafe(wish as Duration.Input)
  } catch {
    return Duration.zero
  }
}
