/**
 * Limits of how often operations come: what has no turn is refused, or waits for it while there is room.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { RateLimited } from "../../WorkflowError.ts"
import { type Around, type Operation, refuse } from "./Operation.ts"
import type { Windows } from "./Windows.ts"

/** Lets through what has its turn; of the rest so many wait at once. What has no key has no limit. */
export const limiter = (
  windows: Windows,
  keyOf: (operation: Operation) => string | undefined,
  room: number
): Around => {
  let waiting = 0
  return (operation, next) =>
    Effect.gen(function* () {
      const key = keyOf(operation)
      if (key === undefined) return yield* next
      const clock = yield* Clock.Clock
      const now = () => Number(clock.monotonicTimeNanosUnsafe()) / 1_000_000
      const mayWait = waiting < room
      let pause = windows.enter(key, now(), mayWait)
      if (pause <= 0) return yield* next
      if (!mayWait) return yield* refuse(operation, new RateLimited({ retryAfter: pause }))
      waiting++
      const turn = Effect.gen(function* () {
        // A process that was busy wakes several at once.
        for (; pause > 0; pause = windows.begin(key, now())) yield* Effect.sleep(pause)
      })
      yield* Effect.ensuring(
        turn,
        Effect.sync(() => waiting--)
      )
      return yield* next
    })
}
