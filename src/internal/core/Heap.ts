/**
 * A binary heap of things that are due at a time: the earliest in front, those of one time in their order.
 */

/** When something is due. */
export interface Due {
  /** In milliseconds since 1970. */
  readonly at: number
  /** Decides between those of one time. */
  readonly order: number
}

export class Heap<A extends Due> {
  private entries: Array<A> = []

  get size(): number {
    return this.entries.length
  }

  /** The earliest entry that a test lets pass; drops those in front of it that it does not. */
  first(isCurrent: (entry: A) => boolean): A | undefined {
    while (this.entries.length > 0 && !isCurrent(this.entries[0]!)) this.pop()
    return this.entries[0]
  }

  push(entry: A): void {
    const { entries } = this
    let index = entries.push(entry) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(entry, entries[parent]!)) break
      entries[index] = entries[parent]!
      index = parent
    }
    entries[index] = entry
  }

  /** Removes the entry in front. */
  pop(): void {
    const { entries } = this
    const last = entries.pop()
    if (last === undefined || entries.length === 0) return
    let index = 0
    for (;;) {
      let child = index * 2 + 1
      if (child >= entries.length) break
      if (child + 1 < entries.length && isBefore(entries[child + 1]!, entries[child]!)) child++
      if (!isBefore(entries[child]!, last)) break
      entries[index] = entries[child]!
      index = child
    }
    entries[index] = last
  }

  /** Drops all entries that a test does not let pass. */
  keep(isCurrent: (entry: A) => boolean): void {
    const kept = this.entries.filter(isCurrent)
    this.entries = []
    for (const entry of kept) this.push(entry)
  }

  clear(): void {
    this.entries = []
  }
}

// internal

const isBefore = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)
