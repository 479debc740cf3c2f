/**
 * The timeouts of an activity: as a definition has them, and as they are recorded with a call.
 */
import * as Duration from "effect/Duration"
import type { EventOf } from "../HistoryEvent.ts"
import type { ActivityTimeouts } from "../WorkflowContext.ts"
import { first, time } from "./options.ts"

/** The timeout of a definition: that of one attempt, or a pair. */
export type TimeoutInput =
  | Duration.Input
  | { readonly attempt?: Duration.Input | undefined; readonly total?: Duration.Input | undefined }

/** The other fields of a pair, which it must not have. */
export type OnlyTimeouts<Timeout> = Timeout extends Duration.Input
  ? unknown
  : { readonly [K in Exclude<keyof Timeout, "attempt" | "total">]: never }

/** The timeouts that a definition was given: one for each attempt, or a pair. Throws when they make no sense. */
export const timeoutsOf = (timeout: unknown): ActivityTimeouts => {
  const isPair = typeof timeout === "object" && timeout !== null && ("attempt" in timeout || "total" in timeout)
  const { attempt, total } = (isPair ? timeout : { attempt: timeout }) as {
    readonly attempt?: Duration.Input
    readonly total?: Duration.Input
  }
  const fault = first(
    time("the timeout of an attempt", attempt, { least: 0, unlimited: true }),
    time("the total timeout", total, { least: 0, unlimited: true })
  )
  if (fault !== undefined) throw new TypeError(fault)
  return {
    attempt: attempt === undefined ? undefined : Duration.fromInputUnsafe(attempt),
    total: total === undefined ? undefined : Duration.fromInputUnsafe(total)
  }
}

/** The timeouts as they are recorded with a call. An infinite one is left out of the record. */
export const inMillis = ({ attempt, total }: ActivityTimeouts): EventOf<"ActivityScheduled">["timeouts"] =>
  attempt === undefined && total === undefined
    ? undefined
    : {
        ...(isLimit(attempt) ? { attempt: Duration.toMillis(attempt) } : {}),
        ...(isLimit(total) ? { total: Duration.toMillis(total) } : {})
      }

/** How long an attempt may be silent. Throws when that makes no sense. */
export const silenceOf = (timeout: unknown): Duration.Duration | undefined => {
  const fault = time("heartbeatTimeout", timeout as Duration.Input | undefined, { unlimited: true })
  if (fault !== undefined) throw new TypeError(fault)
  return timeout === undefined ? undefined : Duration.fromInputUnsafe(timeout as Duration.Input)
}

// internal

const isLimit = (timeout: Duration.Duration | undefined): timeout is Duration.Duration =>
  timeout !== undefined && Duration.isFinite(timeout)
