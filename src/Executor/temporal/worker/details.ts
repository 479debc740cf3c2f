/**
 * What Temporal keeps of an activity from one attempt to the next, over the death of a worker: the failures so far, and what its handler
 * has reported. The history does not grow with it.
 */
import type * as Schema from "effect/Schema"
import { withFailure } from "../../../internal/temporal/failed.ts"
import type { Call, Failed } from "../../../internal/temporal/wire.ts"

/** The heartbeat details of an activity. */
export interface Details extends Failed {
  readonly reported?: Schema.Json | undefined
}

/** What is known of the attempts before this one. */
export const detailsOf = (heartbeat: unknown, call: Call | undefined): Details => {
  if (isDetails(heartbeat)) return heartbeat
  const ended = call?.ended
  return ended === undefined ? { failures: [] } : withFailure(ended.before, ended.failed)
}

/** The attempt that a caller outside has ended, while the policy was not asked about it. */
export const unjudged = (heartbeat: unknown, call: Call | undefined): Call["ended"] =>
  isDetails(heartbeat) ? undefined : call?.ended

// internal

const isDetails = (heartbeat: unknown): heartbeat is Details =>
  typeof heartbeat === "object" && heartbeat !== null && "failures" in heartbeat
