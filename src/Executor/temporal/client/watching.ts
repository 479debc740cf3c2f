/**
 * Callers that wait learn when the execution is blocked: Temporal only repeats the task of its workflow then, so it is looked at now and
 * then.
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { LiveClock } from "../../../internal/liveClock.ts"
import * as Clock from "effect/Clock"
import { look, problemIn, type Run } from "../../../internal/temporal/runs.ts"
import type { Server } from "../../../internal/temporal/Server.ts"
import { Blocked, type WorkflowErrorReason } from "../../../WorkflowError.ts"

/** Fails once an execution is blocked, and never succeeds. It begins after a moment, as most callers have their answer by then. */
export const watching = (server: Server, run: Pick<Run, "workflowId">): Effect.Effect<never, WorkflowErrorReason> => {
  const once = Effect.gen(function* () {
    const latest = yield* look(server, run.workflowId)
    const problem = yield* problemIn(server, latest)
    if (problem !== undefined) return yield* new Blocked({ problem })
  }).pipe(
    // With every other reason the question of the caller fails by itself.
    Effect.catchIf(
      (reason) => reason._tag !== "Blocked",
      () => Effect.void
    )
  )
  return Effect.flatMap(LiveClock, (clock) =>
    Effect.repeat(once, pauses).pipe(
      Effect.delay("500 millis"),
      Effect.andThen(Effect.never),
      Effect.provideService(Clock.Clock, clock)
    )
  )
}

// internal

const pauses = Schedule.min([Schedule.exponential("500 millis", 1.5), Schedule.spaced("10 seconds")])
