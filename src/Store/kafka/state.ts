/**
 * What a fold has: executions, deletions, and records that count for nothing.
 */
import type { Fact, Remains } from "./head.ts"

/** A commit of the log, whether it counts or not. */
export interface Stored<Body> extends Fact {
  readonly key: string
  readonly offset: number
  readonly seen: number
  /** The offset of the commit before it; absent in the first one of a life. */
  readonly prev: number | undefined
  /** In the first one: the offset of the latest deletion that its writer knew. */
  readonly after: number | undefined
  body: Body
}

/** An execution that is there. */
export interface Execution<Body> {
  readonly id: string
  /** The offset of the first commit since the id was free, also when that was removed. */
  readonly born: number
  /** Oldest first, without gaps; those of removed runs are left out. */
  commits: Array<Stored<Body>>
  /** The latest removal of older runs. */
  removal: Removal | undefined
}

/** A removal of older runs. */
export interface Removal {
  readonly key: string
  readonly offset: number
  readonly seen: number
  /** The offset of the removal before it, until it is sealed. */
  readonly last: number
  /** The offset of the commit with which the history begins. */
  readonly at: number
  readonly isSealed: boolean
  readonly record: Remains
}

/** A deletion. */
export interface Grave {
  /** Its offset. */
  readonly offset: number
  readonly key: string
  /** The offset of the head that it names; infinite once it is buried. */
  readonly prev: number
  /** What its writer had seen; infinite once it is buried. */
  readonly seen: number
  readonly isBuried: boolean
  readonly record: Remains
  /** When it was written, by the clock of the broker. */
  readonly time: number
  /** The deletion before it, until it is buried. */
  readonly earlier: Grave | undefined
}

/** For what a tombstone waits. */
export interface Waiting {
  /** A tombstone waits for the burial of a deletion at this offset or a later one; 0 when it need not wait. */
  readonly hold: number
  /** It waits no longer when a removal there, or a later one, is sealed. */
  readonly isCut?: boolean
}

export interface Litter extends Waiting {
  readonly id: string
  readonly seen: number
}

/** A fold as data. */
export interface Saved<Body> {
  readonly position: number
  readonly executions: ReadonlyArray<Execution<Body>>
  readonly graves: ReadonlyArray<readonly [id: string, grave: Grave]>
  readonly litter: ReadonlyArray<readonly [key: string, litter: Litter]>
  readonly strays: ReadonlyArray<readonly [id: string, strays: Array<Stored<Body>>]>
}

/** What is left of deletions and removals: all that earlier ones said and the latest does not. */
export const merged = (earlier: ReadonlyArray<Remains | undefined>, latest: Remains): Remains => ({
  version: Math.max(latest.version, ...earlier.map((remains) => remains?.version ?? 0)),
  said: Object.assign({}, ...earlier.map((remains) => remains?.said), latest.said)
})
