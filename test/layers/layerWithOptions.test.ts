/** A Layer that can be called is a Layer like any other. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer } from "effect"
import { layerWithOptions } from "../../src/internal/layerWithOptions.ts"

class Counted extends Context.Service<Counted, { readonly built: number; readonly size: number }>()("Counted") {}

const counting = () => {
  let built = 0
  return layerWithOptions((options: { readonly size: number } = { size: 1 }) =>
    Layer.effect(
      Counted,
      Effect.sync(() => Counted.of({ built: ++built, size: options.size }))
    )
  )
}

/** What a Layer provides. */
const provided = <E>(layer: Layer.Layer<Counted, E>) =>
  Effect.scoped(Effect.map(Layer.build(layer), (context) => Context.get(context, Counted)))

describe("a Layer that can be called", () => {
  it.effect("has its defaults as it is, and other options when it is called", () =>
    Effect.gen(function* () {
      const layer = counting()
      assert.isTrue(Layer.isLayer(layer))
      assert.deepStrictEqual(yield* provided(layer), { built: 1, size: 1 })
      assert.deepStrictEqual(yield* provided(layer({ size: 5 })), { built: 2, size: 5 })
      assert.deepStrictEqual(yield* provided(layer()), { built: 3, size: 1 })
    })
  )

  it.effect("is built once where it is shared, and apart from one that it made", () =>
    Effect.gen(function* () {
      const layer = counting()
      const [a, b, other] = [layer, layer, layer({ size: 2 })].map((each) =>
        Layer.effectDiscard(Counted).pipe(Layer.provideMerge(each))
      )
      const { built } = yield* provided(Layer.mergeAll(a!, b!))
      assert.strictEqual(built, 1)
      assert.strictEqual((yield* provided(Layer.provideMerge(other!, a!))).size, 2)
    })
  )

  it.effect("is piped, mapped and provided", () =>
    Effect.gen(function* () {
      const layer = counting()
      const failing = layer.pipe(Layer.flatMap(() => Layer.effectContext(Effect.fail("no"))))
      assert.deepStrictEqual(yield* Effect.exit(Effect.scoped(Layer.build(failing))), Exit.fail("no"))
      const { size } = yield* Effect.provide(Effect.service(Counted), layer)
      assert.strictEqual(size, 1)
      assert.strictEqual((yield* Effect.provide(Effect.service(Counted), [layer({ size: 3 })])).size, 3)
    })
  )
})
