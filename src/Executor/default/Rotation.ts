/**
 * Takes some of many, by turns.
 */
export class Rotation {
  /** Where the next ones begin. */
  private place = 0

  /** The next ones, at most so many: each comes again after all others. */
  next<A>(all: ReadonlyArray<A>, count: number): ReadonlyArray<A> {
    const first = all.length <= count ? 0 : this.place % all.length
    this.place = first + count
    return [...all.slice(first), ...all.slice(0, first)].slice(0, count)
  }
}

/** So many executions are looked at together. */
export const looksTogether = 16
