/**
 * Looks for what other processes have written, now and then and once for the whole store, while anyone listens.
 */
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { liveClock } from "../../internal/liveClock.ts"
import { Listeners } from "../../internal/store/Listeners.ts"
import { surviving } from "../../internal/store/surviving.ts"
import { reconnect } from "../../internal/store/whileAway.ts"
import type { Change } from "../WorkflowStore.ts"
import type { Index } from "./Index.ts"
import type { Shared } from "./Shared.ts"
import { tidy } from "./tidy.ts"

/** Starts looking. Returns what is found, in batches; there is no look while no listener asks for that. */
export const start = Effect.fnUntraced(function* (
  shared: Shared,
  index: Index,
  every: Duration.Duration
): Effect.fn.Return<Stream.Stream<ReadonlyArray<Change>>, never, Scope.Scope> {
  const listeners = new Listeners()
  const isDue = () => listeners.areThere || index.sinceLook() > longestWithoutLook
  const look = Effect.suspend(() => (isDue() ? index.caughtUp : Effect.void))
  const lookAndTidy = Effect.andThen(look, tidy(shared, index)).pipe(surviving("what looks for commits of others"))
  const turn = Effect.andThen(Effect.sleep(every), lookAndTidy)
  yield* Effect.forever(Effect.retry(turn, reconnect)).pipe(
    Effect.ignore,
    Effect.provideService(Clock.Clock, liveClock),
    Effect.forkScoped
  )
  return listeners.of(Stream.chunks(Stream.fromPubSub(index.changes)))
})

// internal

// A process that does not listen looks all the same, before the entries that it would read are gone.
const longestWithoutLook = 10 * 60 * 1000
