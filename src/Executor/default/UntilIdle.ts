/**
 * When a worker that does what is due alone has nothing more to do: no execution that it has goes on by itself, and a look finds no
 * other one. What its executions do may give others something to do that it has left alone, so it looks again after that.
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { soon } from "./due.ts"
import type { Execution } from "./Execution.ts"
import type { InCare } from "./InCare.ts"
import { isOpen } from "./OpenQuestions.ts"
import type { Recovery } from "./Recovery.ts"
import type { Shared } from "./Shared.ts"

export interface Parts {
  readonly shared: Shared<Execution>
  readonly inCare: InCare
  readonly recovery: Recovery
}

/** Takes what is due and completes once there is nothing more to do. */
export const untilIdle = (parts: Parts): Effect.Effect<void> =>
  Effect.gen(function* () {
    const { inCare, recovery } = parts
    const round = Effect.gen(function* () {
      const before = inCare.takeovers
      yield* Effect.repeat(recovery.scan("OwnToo"), { times: scansTogether - 1 })
      yield* Effect.repeat(isIdle(parts), { until: (isIdle) => isIdle, schedule: Schedule.spaced("10 millis") })
      return inCare.takeovers > before
    })
    yield* round
    while (yield* round) continue
  })

// internal

/** So many scans find all that a worker should take: the first may leave an execution to another worker. */
const scansTogether = 2

/** Whether nothing goes on by itself: an execution may wait for answers that do not come for now. */
const isIdle = ({ inCare, recovery, shared }: Parts): Effect.Effect<boolean> =>
  Effect.gen(function* () {
    const { alarms, fibers, runner, store } = shared
    const asking = () => {
      const isQuiet =
        recovery.isIdle && runner.isIdle && (alarms.next ?? Number.POSITIVE_INFINITY) > fibers.now() + soon
      return isQuiet ? inCare.asking : undefined
    }
    for (const question of asking()?.flatMap(({ asked }) => asked) ?? []) {
      if (!(yield* isOpen(store, question))) return false
    }
    // An answer that came meanwhile is in hand.
    return asking() !== undefined
  }).pipe(Effect.orElseSucceed(() => false))
