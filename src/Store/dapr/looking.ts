/**
 * Looks for what other processes have written, now and then and once for the whole store, while anyone listens.
 */
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { liveClock } from "../../internal/liveClock.ts"
import { surviving } from "../../internal/store/surviving.ts"
import type { Change, StoreErrorReason } from "../WorkflowStore.ts"
import type { Index } from "./Index.ts"
import type { Shared } from "./Shared.ts"
import { tidy } from "./tidy.ts"

/** Starts looking. Returns what is found, in batches; there is no look while no listener asks for that. */
export const start = Effect.fnUntraced(function* (
  shared: Shared,
  index: Index,
  every: Duration.Duration
): Effect.fn.Return<Stream.Stream<ReadonlyArray<Change>>, never, Scope.Scope> {
  let listeners = 0
  const isDue = () => listeners > 0 || index.sinceLook() > longestWithoutLook
  const look = Effect.suspend(() => (isDue() ? index.caughtUp : Effect.void))
  const lookAndTidy = Effect.andThen(look, tidy(shared, index)).pipe(surviving("what looks for commits of others"))
  const turn = Effect.andThen(Effect.sleep(every), lookAndTidy)
  yield* Effect.forever(Effect.retry(turn, reconnect)).pipe(
    Effect.ignore,
    Effect.provideService(Clock.Clock, liveClock),
    Effect.forkScoped
  )
  const listening = Effect.acquireRelease(
    Effect.sync(() => void listeners++),
    () => Effect.sync(() => void listeners--)
  )
  return Stream.unwrap(Effect.as(listening, Stream.chunks(Stream.fromPubSub(index.changes))))
})

/** Asks again while the sidecar does not answer, for a time. */
export const whileAway = <A>(
  effect: Effect.Effect<A, StoreErrorReason>,
  time: Duration.Duration
): Effect.Effect<A, StoreErrorReason> =>
  Effect.retry(effect, {
    schedule: Schedule.upTo(reconnect, { duration: time }),
    while: ({ _tag }) => _tag === "Unavailable"
  }).pipe(Effect.provideService(Clock.Clock, liveClock))

// internal

/** The pauses before a sidecar is asked again that did not answer. */
const reconnect = Schedule.min([Schedule.exponential("50 millis", 1.5), Schedule.spaced("2 seconds")])

// A process that does not listen looks all the same, before the entries that it would read are gone.
const longestWithoutLook = 10 * 60 * 1000
