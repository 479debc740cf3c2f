/**
 * What is done to one execution at a time, in the order in which it came.
 */
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"

/** Whose turn it is, by ids. Nothing is kept of an id for which nothing waits. */
export class Turns {
  private readonly lines = new Map<string, { readonly turn: Semaphore.Semaphore; waiting: number }>()

  /** Runs an effect once all that came before it for the same id has ended. */
  take<A, E, R>(id: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    return Effect.suspend(() => {
      const line = this.lines.get(id) ?? { turn: Semaphore.makeUnsafe(1), waiting: 0 }
      this.lines.set(id, line)
      line.waiting++
      return Effect.ensuring(
        line.turn.withPermit(effect),
        Effect.sync(() => {
          if (--line.waiting === 0) this.lines.delete(id)
        })
      )
    })
  }
}
