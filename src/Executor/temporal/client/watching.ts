/**
 * Callers that wait learn when the execution is blocked: Temporal only repeats the task of its workflow then, so it is looked at now and
 * then.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { LiveClock } from "../../../internal/liveClock.ts"
import * as Clock from "effect/Clock"
import { blockedBy, look, type Run } from "../../../internal/temporal/runs.ts"
import type { Server } from "../../../internal/temporal/Server.ts"
import type { Blocked, Undecryptable, WorkflowErrorReason } from "../../../WorkflowError.ts"

/**
 * Fails once an execution is blocked, and never succeeds. It begins after a moment, as most callers have their answer by then. `check` may
 * end it for a reason of its own, for which it looks sooner.
 */
export const watching = <E = never>(
  server: Server,
  { workflowId }: Pick<Run, "workflowId">,
  check?: (latest: Run) => Effect.Effect<void, E>
): Effect.Effect<never, WorkflowErrorReason | E> => {
  const problem = (latest: Run): Effect.Effect<void, Blocked | Undecryptable> =>
    blockedBy(server, latest).pipe(
      orNothing,
      Effect.flatMap((reason) => (reason === undefined ? Effect.void : Effect.fail(reason)))
    )
  const once = Effect.flatMap(orNothing(look(server, workflowId)), (latest) =>
    latest === undefined ? Effect.void : Effect.andThen(check?.(latest) ?? Effect.void, problem(latest))
  )
  const first = check === undefined ? "1 second" : "500 millis"
  return Effect.flatMap(LiveClock, (clock) =>
    Effect.repeat(once, pausesFrom(first)).pipe(
      Effect.delay(first),
      Effect.andThen(Effect.never),
      Effect.provideService(Clock.Clock, clock)
    )
  )
}

// internal

/** The question of the caller fails by itself where this one does. */
const orNothing = Effect.orElseSucceed((): undefined => undefined)

const pausesFrom = (first: Duration.Input) =>
  Schedule.min([Schedule.exponential(first, 1.5), Schedule.spaced("10 seconds")])
