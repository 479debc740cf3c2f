/**
 * The random numbers of a run, fixed by its id. The algorithm is ours, not Effect's, because an upgrade must never change
 * the numbers of a run that is half done.
 */
import type * as Random from "effect/Random"

/** A generator (sfc32, public domain) seeded by a text. */
export const make = (seed: string): Random.Random => {
  let generator: (() => number) | undefined
  // Seeded at the first draw, because most programs draw nothing.
  const next = () => (generator ??= generatorOf(seed))()
  const nextDoubleUnsafe = () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992
  return {
    nextDoubleUnsafe,
    nextIntUnsafe: () =>
      Math.floor(nextDoubleUnsafe() * (Number.MAX_SAFE_INTEGER - Number.MIN_SAFE_INTEGER + 1)) + Number.MIN_SAFE_INTEGER
  }
}

// internal

const generatorOf = (seed: string): (() => number) => {
  let [a, b, c, d] = seeds(seed)
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 12; i++) next()
  return next
}

/** Four 32-bit seeds from a text (xmur3, public domain). */
const seeds = (text: string): [number, number, number, number] => {
  let h = 1779033703 ^ text.length
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 3432918353)
    h = (h << 13) | (h >>> 19)
  }
  const next = (): number => {
    h = Math.imul(h ^ (h >>> 16), 2246822507)
    h = Math.imul(h ^ (h >>> 13), 3266489909)
    return (h ^= h >>> 16) >>> 0
  }
  return [next(), next(), next(), next()]
}
