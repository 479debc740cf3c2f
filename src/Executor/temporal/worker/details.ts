/**
 * What Temporal keeps of an activity from one attempt to the next, over the death of a worker: the failures so far, from which the state
 * of its retry policy follows, and what its handler has reported. The history does not grow with it.
 */
import type * as Schema from "effect/Schema"
import type { Call, FailedAttempt } from "../../../internal/temporal/wire.ts"

/** The heartbeat details of an activity. */
export interface Details {
  readonly failures: ReadonlyArray<FailedAttempt>
  /** Of so many failures before them only the number is kept. */
  readonly forgotten?: number | undefined
  readonly reported?: Schema.Json | undefined
}

/** What is known of the attempts before this one. */
export const detailsOf = (heartbeat: unknown, call: Call | undefined): Details =>
  isDetails(heartbeat) ? heartbeat : { failures: call?.failures ?? [] }

/** Whether a caller outside has ended the last attempt, and the policy was not asked yet. */
export const isUnjudged = (heartbeat: unknown, call: Call | undefined): boolean =>
  call?.failures !== undefined && !isDetails(heartbeat)

/** Adds a failure. The first one is kept: a policy measures the time from there. */
export const withFailure = (details: Details, failed: FailedAttempt): Details => {
  const failures = [...details.failures, failed]
  const surplus = failures.length - mostFailures
  if (surplus <= 0) return { ...details, failures }
  return {
    ...details,
    failures: [failures[0]!, ...failures.slice(surplus + 1)],
    forgotten: (details.forgotten ?? 0) + surplus
  }
}

/** All failures, of which the first one stands for the forgotten ones. */
export const allOf = ({ failures, forgotten = 0 }: Details): ReadonlyArray<FailedAttempt> =>
  failures.length === 0 ? failures : [...Array.from({ length: forgotten }, () => failures[0]!), ...failures]

// internal

/** A policy may go on for ever, and what Temporal keeps has a size. */
const mostFailures = 200

const isDetails = (heartbeat: unknown): heartbeat is Details =>
  typeof heartbeat === "object" && heartbeat !== null && "failures" in heartbeat
