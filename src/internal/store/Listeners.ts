/**
 * Who listens to the changes of a store that must ask its server for them: without a listener it need not.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

export class Listeners {
  private count = 0

  /** Whether there is one. */
  get areThere(): boolean {
    return this.count > 0
  }

  /** The changes, whose taker is a listener for as long as it takes them. */
  of<A>(changes: Stream.Stream<A>): Stream.Stream<A> {
    const listening = Effect.acquireRelease(
      Effect.sync(() => void this.count++),
      () => Effect.sync(() => void this.count--)
    )
    return Stream.unwrap(Effect.as(listening, changes))
  }
}
