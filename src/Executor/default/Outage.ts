/**
 * What a worker does again and again may fail again and again, as long as its store is away: the log has it at once, then once a minute, and
 * once more when it is over.
 */
import type * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

const pause = 60_000

export class Outage {
  private readonly what: string
  private readonly passed: () => number
  private since: number | undefined = undefined
  private next = 0

  /** `what` is named in the log; `passed` is the time in milliseconds, by a clock that never steps back. */
  constructor(what: string, passed: () => number = () => performance.now()) {
    this.what = what
    this.passed = passed
  }

  /** Runs an effect, and tells of its failure, if it is time to. */
  watch<A, E>(effect: Effect.Effect<A, E>): Effect.Effect<void> {
    return Effect.matchCauseEffect(effect, {
      onSuccess: () => this.over(),
      onFailure: (cause) => this.failed(cause)
    })
  }

  private failed(cause: Cause.Cause<unknown>): Effect.Effect<void> {
    return Effect.suspend(() => {
      const now = this.passed()
      if (this.since !== undefined && now < this.next) return Effect.void
      const again = this.since === undefined ? "failed" : `has failed for ${lasting(now - this.since)}`
      this.since ??= now
      this.next = now + pause
      return Effect.logWarning(`${this.what} ${again} and is tried again`, cause)
    })
  }

  private over(): Effect.Effect<void> {
    return Effect.suspend(() => {
      const { since } = this
      if (since === undefined) return Effect.void
      this.since = undefined
      return Effect.logInfo(`${this.what} works again, after ${lasting(this.passed() - since)}`)
    })
  }
}

// internal

const lasting = (milliseconds: number): string => Duration.format(Duration.seconds(Math.ceil(milliseconds / 1000)))
