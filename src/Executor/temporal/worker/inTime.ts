/**
 * Handlers that have their time: one that does not let itself be interrupted then is left behind, as its attempt is over.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { AttemptEnd } from "../../WorkflowRegistry.ts"

/** Runs a handler until it ends, or the first of the watches does. Its interruption is awaited, but for one by a watch. */
export const inTime = (
  handled: Effect.Effect<AttemptEnd>,
  watches: ReadonlyArray<Effect.Effect<AttemptEnd>>,
  what: string
): Effect.Effect<AttemptEnd> => {
  if (watches.length === 0) return handled
  return Effect.gen(function* () {
    const run = Effect.runForkWith(yield* Effect.context<never>())
    const ended = Deferred.makeUnsafe<AttemptEnd>()
    const handler = run(Deferred.into(handled, ended))
    const watching = yield* Effect.forkChild(
      Effect.map(Effect.raceAllFirst(watches), (late) => {
        // Before the interruption, which may end the handler at once.
        Deferred.doneUnsafe(ended, Effect.succeed(late))
        handler.interruptUnsafe()
        run(warning(handler, what))
      })
    )
    return yield* Deferred.await(ended).pipe(
      Effect.onInterrupt(() => Fiber.interrupt(handler)),
      Effect.ensuring(Fiber.interrupt(watching))
    )
  })
}

// internal

/** How long a handler may take to be interrupted before it is told of. */
const patience = "1 second"

const warning = (handler: Fiber.Fiber<unknown>, what: string): Effect.Effect<void> =>
  Effect.delay(
    Effect.suspend(() =>
      handler.pollUnsafe() === undefined
        ? Effect.logWarning(
            `a handler of ${what} took longer than its timeout, was interrupted and does not end; it is left behind: let it be interrupted, and give its finalizers a timeout`
          )
        : Effect.void
    ),
    patience
  )
