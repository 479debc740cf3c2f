/**
 * The limits of activities in one worker: how many attempts of a handler run at once, and how many begin in a time.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { ActivityHandler, ActivityLimits } from "../../WorkflowRegistry.ts"

interface Limited {
  readonly room: Semaphore.Semaphore | undefined
  /** When the latest attempts began, oldest first, as many as may begin in a time. */
  readonly begun: Array<number>
}

export class Limits {
  private readonly all = new WeakMap<ActivityLimits, Limited>()

  /** Runs an attempt when it is its turn. */
  within<A>({ limits }: ActivityHandler, attempt: Effect.Effect<A>): Effect.Effect<A> {
    if (limits === undefined) return attempt
    const { begun, room } = this.of(limits)
    const { rateLimit } = limits
    const paced = rateLimit === undefined ? attempt : Effect.andThen(turn(begun, rateLimit), attempt)
    return room === undefined ? paced : room.withPermits(1)(paced)
  }

  private of(limits: ActivityLimits): Limited {
    const known = this.all.get(limits)
    if (known !== undefined) return known
    const { concurrency } = limits
    const isLimited = concurrency !== undefined && Number.isFinite(concurrency)
    const made: Limited = { room: isLimited ? Semaphore.makeUnsafe(concurrency) : undefined, begun: [] }
    this.all.set(limits, made)
    return made
  }
}

// internal

/** Waits until one more may begin. */
const turn = (begun: Array<number>, { every, limit }: NonNullable<ActivityLimits["rateLimit"]>): Effect.Effect<void> =>
  Effect.gen(function* () {
    const span = Duration.toMillis(every)
    const clock = yield* Clock.Clock
    const now = () => Number(clock.monotonicTimeNanosUnsafe()) / 1_000_000
    for (;;) {
      const at = now()
      while (begun.length > 0 && begun[0]! <= at - span) begun.shift()
      if (begun.length < limit) return void begun.push(at)
      yield* Effect.sleep(Math.max(1, Math.ceil(begun[0]! + span - at)))
    }
  })
