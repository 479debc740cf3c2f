/**
 * When a server was last away, or late with an answer. While it is, no worker can renew its lease, so leases do not run meanwhile.
 */
import * as Effect from "effect/Effect"

export class Trouble {
  private at = Number.NEGATIVE_INFINITY

  /** How many milliseconds ago that was; infinite when it never was. */
  get since(): number {
    return performance.now() - this.at
  }

  /** Notes that the server is away, or late. */
  note(): void {
    this.at = performance.now()
  }

  /** Notes trouble where the answer to a request is late, or its error says that the server is away. */
  watch<A, E>(request: Effect.Effect<A, E>, isAway: (error: E) => boolean): Effect.Effect<A, E> {
    const noteWhere = (isTrouble: boolean) => Effect.sync(() => (isTrouble ? this.note() : undefined))
    return Effect.suspend(() => {
      const sent = performance.now()
      return request.pipe(
        Effect.tap(() => noteWhere(performance.now() - sent > slow)),
        Effect.tapError((error) => noteWhere(isAway(error)))
      )
    })
  }
}

// internal

// An answer that takes so many milliseconds was held up by more than the work for it.
const slow = 500
