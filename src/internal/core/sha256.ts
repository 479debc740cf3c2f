/**
 * SHA-256, for what a person agrees to: no other text has its digest. It is computed here because a program computes it, which waits for
 * no promise and has no module of Node.js.
 */

/** The SHA-256 of a text in UTF-8, in hexadecimal digits. */
export const sha256 = (text: string): string => {
  const state = Int32Array.from(initial)
  const words = padded(text)
  for (let block = 0; block < words.length; block += 16) compress(state, words.subarray(block, block + 16))
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("")
}

// internal

/** The first 32 bits of the fractional part of a root. */
const fraction = (root: number): number => ((root - Math.floor(root)) * 2 ** 32) | 0

const isPrime = (number: number): boolean => {
  for (let factor = 2; factor * factor <= number; factor++) if (number % factor === 0) return false
  return true
}

const primes = Array.from({ length: 310 }, (_, index) => index + 2).filter(isPrime)

/** Of the square roots of the first 8 primes, and of the cube roots of the first 64. */
const initial = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)))
const constants = primes.slice(0, 64).map((prime) => fraction(Math.cbrt(prime)))

const utf8 = new TextEncoder()

/** The bytes of a text, a one, zeros, and their number in bits, as words in the order of the network. */
const padded = (text: string): Int32Array => {
  const bytes = utf8.encode(text)
  const words = new Int32Array(Math.ceil((bytes.length + 9) / 64) * 16)
  for (let index = 0; index < bytes.length; index++) words[index >> 2]! |= bytes[index]! << (24 - (index % 4) * 8)
  words[bytes.length >> 2]! |= 0x80 << (24 - (bytes.length % 4) * 8)
  words[words.length - 2] = Math.floor(bytes.length / 2 ** 29)
  words[words.length - 1] = bytes.length << 3
  return words
}

const rotated = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

/** What a block of 16 words is stretched to. */
const schedule = new Int32Array(64)

const compress = (state: Int32Array, block: Int32Array): void => {
  schedule.set(block)
  for (let round = 16; round < 64; round++) {
    const [before, last] = [schedule[round - 15]!, schedule[round - 2]!]
    const low = rotated(before, 7) ^ rotated(before, 18) ^ (before >>> 3)
    const high = rotated(last, 17) ^ rotated(last, 19) ^ (last >>> 10)
    schedule[round] = schedule[round - 16]! + low + schedule[round - 7]! + high
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let round = 0; round < 64; round++) {
    const chosen = (e & f) ^ (~e & g)
    const first =
      (h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + chosen + constants[round]! + schedule[round]!) | 0
    const majority = (a & b) ^ (a & c) ^ (b & c)
    const second = ((rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + majority) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0]
  }
  const round = [a, b, c, d, e, f, g, h]
  for (let index = 0; index < 8; index++) state[index]! += round[index]!
}
