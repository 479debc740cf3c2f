/**
 * The clock of a program: time stands still while it runs, and sleeping is a command.
 */
import type * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

export class WorkflowClock implements Clock.Clock {
  /** Milliseconds since 1970: the time of the latest event that the program has seen. */
  now = 0
  readonly sleep: (duration: Duration.Duration) => Effect.Effect<void>

  constructor(sleep: (duration: Duration.Duration) => Effect.Effect<void>) {
    this.sleep = sleep
  }

  currentTimeMillisUnsafe(): number {
    return this.now
  }

  currentTimeNanosUnsafe(): bigint {
    return BigInt(Math.round(this.now)) * 1_000_000n
  }

  monotonicTimeNanosUnsafe(): bigint {
    return this.currentTimeNanosUnsafe()
  }

  get currentTimeMillis(): Effect.Effect<number> {
    return Effect.sync(() => this.now)
  }

  get currentTimeNanos(): Effect.Effect<bigint> {
    return Effect.sync(() => this.currentTimeNanosUnsafe())
  }

  get monotonicTimeNanos(): Effect.Effect<bigint> {
    return this.currentTimeNanos
  }
}
