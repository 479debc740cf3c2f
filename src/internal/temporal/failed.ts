/**
 * The failed attempts of a call, from which the state of its retry policy follows. A policy may go on for ever and an error may be large,
 * so of some attempts only the number is kept.
 */
import type { Failed, FailedAttempt } from "./wire.ts"

/** Adds a failure. The first one is kept where it can be: a policy measures the time from there. The others are the latest. */
export const withFailure = (failed: Failed, failure: FailedAttempt): Failed => {
  const all = [...failed.failures, failure]
  const first = all.slice(0, sizeOf(all[0]!) > mostCharacters / 2 ? 0 : 1)
  let room = mostCharacters - first.reduce((sum, each) => sum + sizeOf(each), 0)
  let from = all.length
  while (from > first.length && first.length + all.length - from < mostKept) {
    room -= sizeOf(all[from - 1]!)
    if (room < 0) break
    from--
  }
  const failures = [...first, ...all.slice(from)]
  const forgotten = countOf(failed) + 1 - failures.length
  return forgotten === 0 ? { failures } : { failures, forgotten }
}

/** How many there are. */
export const countOf = ({ failures, forgotten = 0 }: Failed): number => failures.length + forgotten

/** The failure at an index of all. The first that is kept stands for the forgotten ones; `undefined` where none is. */
export const failureAt = ({ failures, forgotten = 0 }: Failed, index: number): FailedAttempt | undefined =>
  failures[Math.max(0, index - forgotten)]

// internal

const mostKept = 200

/** As JSON. Temporal takes two million bytes, and warns from half a million on. */
const mostCharacters = 100_000

const sizeOf = (failure: FailedAttempt): number => JSON.stringify(failure).length
