/**
 * How a layer that cannot be built fails.
 */
import { Effect, Exit, Layer, type Scope } from "effect"

/** The error with which a layer fails to be built. */
export const errorOf = <A, E>(layer: Layer.Layer<A, E>): Effect.Effect<E, never, Scope.Scope> =>
  Effect.flatMap(Effect.exit(Layer.build(layer)), (exit) =>
    Exit.isFailure(exit)
      ? Effect.flip(Effect.failCause(exit.cause) as Effect.Effect<never, E>)
      : Effect.die("it was built")
  ) as Effect.Effect<E, never, Scope.Scope>
