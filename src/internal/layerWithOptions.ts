/**
 * Layers that need no settings and take some: a Layer as it is, and a function that makes one with other settings.
 */
import type * as Layer from "effect/Layer"

/**
 * A Layer with default settings, which makes one with settings of one's own when it is called: `layer`, or `layer({ … })`.
 * Each call makes another Layer, and so other services.
 */
export interface LayerWithOptions<in Options, in A, out E, out R> extends Layer.Layer<A, E, R> {
  (options?: Options): Layer.Layer<A, E, R>
}

/** Makes the Layer of no settings one that can be called. */
export const layerWithOptions = <Options, A, E, R>(
  make: (options?: Options) => Layer.Layer<A, E, R>
): LayerWithOptions<Options, A, E, R> => {
  const layer = make()
  // A Layer is what it has of its prototype and how it is built, so the function has both, and is the same Layer to all that share it.
  const own = Object.assign((options?: Options) => make(options), Object.getPrototypeOf(layer) as typeof layer, layer)
  return own
}
