/**
 * The handlers of the corpus. They keep nothing between runs, so they behave the same before and after a crash.
 */
import { Clock, Effect, Layer } from "effect"
import { Activity, ActivityContext } from "perdure"
import * as Activities from "./activities.ts"

/** One run of a handler. */
export interface Run {
  readonly activity: string
  readonly workflowId: string
  readonly attempt: number
  /** Names the call, the same in all its attempts. */
  readonly key: string
  /** When it started, in milliseconds since 1970. */
  readonly at: number
}

/** All handlers; each tells `ran` when it starts. */
export const layer = (ran: (run: Run) => void = () => {}) => {
  const noted = Effect.gen(function* () {
    const context = yield* ActivityContext.ActivityContext
    const at = yield* Clock.currentTimeMillis
    const { activity, attempt, idempotencyKey: key, workflowId } = context
    ran({ activity, workflowId, attempt, key, at })
    return attempt
  })
  return Layer.mergeAll(
    Layer.succeed(Activities.Noted, noted),
    Activities.Echo.toLayer((value) => Effect.as(noted, value)),
    Activities.EchoAll.toLayer((values) => Effect.as(noted, values)),
    Activities.Slow.toLayer(({ name, until }) => Effect.as(Effect.andThen(noted, sleepUntil(until)), name)),
    Activities.Flaky.toLayer(({ failures, name }) =>
      Effect.flatMap(noted, (attempt) =>
        attempt > failures ? Effect.succeed(attempt) : Effect.fail(new Activities.Refused({ what: name }))
      )
    ),
    Activities.Picky.toLayer(({ call, good }) =>
      Effect.flatMap(noted, () =>
        call >= good ? Effect.succeed(call) : Effect.fail(new Activities.Refused({ what: `call ${call}` }))
      )
    ),
    Activities.Explode.toLayer((what) => Effect.andThen(noted, Effect.die(new Error(what)))),
    Activities.Hang.toLayer(() => Effect.andThen(noted, Effect.never)),
    Activities.Acquire.toLayer((name) => Effect.as(noted, name)),
    Activities.Release.toLayer(({ name, until }) => Effect.as(Effect.andThen(noted, sleepUntil(until)), name)),
    Activities.Leave.toLayer((name) =>
      Effect.andThen(noted, Effect.andThen(Activities.Leave.heartbeat(name), Activity.pending))
    ),
    Activities.Lose.toLayer((what) => Effect.andThen(noted, Effect.fail(new Activities.Refused({ what }))))
  )
}

// internal

const sleepUntil = (until: number) =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => (until > now ? Effect.sleep(until - now) : Effect.void))
