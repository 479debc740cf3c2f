/**
 * Something that is asked for again and again and takes no more than a part of the time, however long it takes: a look that is as long as
 * what it looks at.
 */
import * as Effect from "effect/Effect"

/** After it has ended it rests for so many times as long as it took, so it takes a tenth of the time. */
const rest = 9

/** The longest rest, in milliseconds. */
const longestRest = 60_000

export class Paced {
  private readonly now: () => number
  private next = Number.NEGATIVE_INFINITY

  /** `now` is the time in milliseconds, by a clock that never steps back. */
  constructor(now: () => number) {
    this.now = now
  }

  /** Runs an effect, unless it rests. One that fails does not rest: what it met is no measure of it. */
  run<E>(effect: Effect.Effect<void, E>): Effect.Effect<void, E> {
    return Effect.suspend(() => {
      const began = this.now()
      if (began < this.next) return Effect.void
      return Effect.tap(effect, () =>
        Effect.sync(() => {
          const ended = this.now()
          this.next = ended + Math.min(longestRest, (ended - began) * rest)
        })
      )
    })
  }
}
