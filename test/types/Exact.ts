/** Claims about types, which `tsc` proves: `good.ts` and `bad.ts` are never run. */
import type { Effect, Layer, Types } from "effect"

/** `true` when both types are the same, and otherwise the two, to be read in the error. */
export type Same<Actual, Expected> =
  Types.Equals<Actual, Expected> extends true ? true : { readonly actual: Actual; readonly expected: Expected }

/** What an effect succeeds with, fails with and needs. */
export type Channels<E> =
  E extends Effect.Effect<infer Success, infer Error, infer Needs> ? [Success, Error, Needs] : never

/** What a layer provides, fails with and needs. */
export type LayerChannels<L> =
  L extends Layer.Layer<infer Provides, infer Error, infer Needs> ? [Provides, Error, Needs] : never

/** Compiles only for `true`. */
export const holds = <Claim extends true>(): Claim | undefined => undefined
