/**
 * What goes to the stores of a test, and time, which passes only when nothing is under way any more.
 */
import { Effect, type Exit } from "effect"
import { TestClock } from "effect/testing"

/** How often an answer is looked for, ten milliseconds apart. */
const patience = 2000

/** Turns of the event loop without any operation after which nothing more is to come. */
const quietTurns = 6

export class Traffic<E> {
  private readonly somebody: Effect.Effect<unknown, E>
  private operations = 0
  private underWay = 0

  /** `somebody` completes as long as somebody lives who could do something. */
  constructor(somebody: Effect.Effect<unknown, E>) {
    this.somebody = somebody
  }

  /** An operation has begun. */
  readonly asked = (): void => {
    this.operations++
    this.underWay++
  }

  /** An operation has ended. */
  readonly answered = (): void => {
    this.underWay--
  }

  /** Waits until nothing more happens without time passing or anybody asking. */
  readonly settle: Effect.Effect<void, E> = Effect.gen({ self: this }, function* () {
    for (let quiet = 0; quiet < quietTurns;) {
      yield* this.somebody
      const before = this.operations
      yield* Effect.yieldNow
      quiet = before === this.operations && this.underWay === 0 ? quiet + 1 : 0
    }
  })

  /** Lets time pass, in milliseconds, after all that can happen before it. */
  pass(milliseconds: number): Effect.Effect<void, E> {
    return Effect.andThen(this.settle, TestClock.adjust(Math.max(0, milliseconds))).pipe(Effect.andThen(this.settle))
  }

  /** The answer to a question, letting time pass if it needs that; none when it is given up. */
  answer<A, E2>(
    question: Effect.Effect<A, E2>,
    isGivenUp: () => boolean
  ): Effect.Effect<Exit.Exit<A, E2> | undefined, E> {
    return Effect.gen({ self: this }, function* () {
      const asking = yield* Effect.forkChild(question, { startImmediately: true })
      for (let waited = 0; waited < patience; waited++) {
        if (isGivenUp()) return undefined
        const answer = asking.pollUnsafe()
        if (answer !== undefined) return answer
        yield* this.settle
        if (asking.pollUnsafe() === undefined && !isGivenUp()) yield* TestClock.adjust(10)
      }
      return yield* Effect.die(new Error("there is no answer"))
    })
  }
}
