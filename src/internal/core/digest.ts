/**
 * A short digest of an encoded input, by which replay sees that a program asks for the same thing again.
 */

/**
 * A 53-bit digest of a JSON text (cyrb53, public domain). It detects changes; it does not resist an attacker, and it
 * must never change, because it is part of recorded histories.
 */
export const digest = (text: string): number => {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    high = Math.imul(high ^ unit, 2654435761)
    low = Math.imul(low ^ unit, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return 4294967296 * (2097151 & low) + (high >>> 0)
}
