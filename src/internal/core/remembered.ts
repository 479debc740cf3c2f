/**
 * The ids of updates and keys of signals that a chain remembers, so that each is taken once, and the ends of children that it may still
 * ask for. A chain may live for ever and a commit has a size, so each run passes on the latest of them.
 */

/** So many characters of ids, and of keys, a run passes on: some 6,000 UUIDs. */
const mostRemembered = 256 * 1024

/** So many characters of ends. Of an end that is left out the store is asked. */
export const mostOfEnds = 64 * 1024

/** The latest that have so many characters together, oldest first. */
export const latest = <A>(
  all: ReadonlyArray<A>,
  textOf: (one: A) => string,
  most = mostRemembered
): ReadonlyArray<A> => {
  let left = most
  let first = all.length
  // Quotes and commas, and the digest of an update, count about as much as this.
  for (; first > 0 && left > 0; first--) left -= textOf(all[first - 1]!).length + 8
  return left < 0 ? all.slice(first + 1) : all.slice(first)
}
