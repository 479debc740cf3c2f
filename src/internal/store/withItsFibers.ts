/**
 * Fibers of the body of a transaction, which must not write when the transaction ends.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

/** Runs an effect in a fiber of its own: when it has ended, so have the fibers that it forked. */
export const withItsFibers = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.forkChild(restore(effect), { startImmediately: true }), (fiber) =>
      Effect.onInterrupt(restore(Fiber.join(fiber)), () => Fiber.interrupt(fiber))
    )
  )
