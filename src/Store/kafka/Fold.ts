/**
 * The state of one partition, as a fold of its records: pure, and the part that must be right.
 *
 * A compacted topic has no compare-and-set, so the log decides: every record names what its writer knew, and every reader that has
 * reached a high watermark comes to the same executions, whatever was compacted away before. `docs/decisions/0024-kafka-fold.md` says why;
 * `test/deep/KafkaFold.test.ts` holds it against a specification that remembers everything.
 *
 * - A *commit* counts if the head of its execution lies at the offset that it names (`prev`). The first one of a life names the latest
 *   deletion that its writer knew instead (`after`), and counts if the id is free and no later deletion is known.
 * - A *deletion* counts if the head lies at the offset that it names. Its *burial* is written under the same key once it was folded: from
 *   there on all of the id that was written without knowledge of the deletion is dead.
 * - A *removal* of older runs counts if head and latest removal lie at the offsets that it names. Its *seal* is written once it
 *   was folded, and is what the history begins with when the runs below are compacted away: it says that the commit there counts.
 * - A *tombstone* says that the record of its key counts for nothing.
 * - What lands further than the window behind what its writer knew counts for nothing, so that deletions need not be known for ever.
 */
import type { Fact, Head } from "./head.ts"
import {
  type Execution,
  type Grave,
  type Litter,
  merged,
  type Removal,
  type Saved,
  type Stored,
  type Waiting
} from "./state.ts"

/** How many records may lie between what a writer knew and where its record lands. It is part of the format. */
const standardWindow = 100_000

/** The fold of one partition. */
export class Fold<Body> {
  /** The offset after the last record that was folded. */
  position = 0
  readonly executions = new Map<string, Execution<Body>>()
  readonly graves = new Map<string, Grave>()
  /** Records that count for nothing and have no tombstone yet, by key. */
  readonly litter = new Map<string, Litter>()
  /** Commits among them, by id: a removal may say that they count after all. */
  readonly strays = new Map<string, Array<Stored<Body>>>()
  /** Executions that have changed; the reader clears it. */
  readonly touched = new Set<string>()
  /** The ids of records that count, by key. */
  private readonly owners = new Map<string, string>()
  private readonly window: number

  constructor(window = standardWindow) {
    this.window = window
  }

  /** Folds a record; false when it counts for nothing. A record without a head is a tombstone. */
  apply(offset: number, key: string, head: Head | undefined, body: Body, time: number): boolean {
    if (offset < this.position) return false
    this.position = offset + 1
    if (head === undefined) return this.clear(key)
    switch (head.k) {
      case "c":
        return this.commit(
          { ...factOf(head), key, offset, seen: head.seen, prev: head.prev, after: head.after, body },
          head
        )
      case "d":
        return this.delete(offset, key, head, time)
      case "g":
        return this.buryGrave(key, head)
      case "t":
        return this.remove(offset, key, head)
      case "u":
        return this.seal(offset, key, head)
    }
  }

  /** Passes records that are no part of executions, or were compacted away. */
  skipTo(position: number): void {
    this.position = Math.max(this.position, position)
  }

  /** The keys that may have a tombstone now. Only a fold that has reached the high watermark may be asked. */
  untidy(isOld: (grave: Grave) => boolean): ReadonlyArray<string> {
    const keys: Array<string> = []
    const earliest = new Map<string, number>()
    for (const [key, litter] of this.litter) {
      const { id, seen } = litter
      if (this.isFree(litter)) keys.push(key)
      earliest.set(id, Math.min(seen, earliest.get(id) ?? Number.POSITIVE_INFINITY))
    }
    // Forgotten when nothing can land any more whose writer had not seen it, and what did land has its tombstone.
    for (const [id, grave] of this.graves) {
      const isLate = this.position > grave.offset + this.window + 1
      const isClear = (earliest.get(id) ?? Number.POSITIVE_INFINITY) > grave.offset
      if (grave.isBuried && isLate && isClear && isOld(grave)) keys.push(grave.key)
    }
    return keys
  }

  private isFree({ hold, id, isCut }: Litter): boolean {
    if (hold === 0) return true
    const grave = this.graves.get(id)
    if (grave !== undefined && grave.isBuried && grave.offset >= hold) return true
    const removal = isCut ? this.executions.get(id)?.removal : undefined
    return removal !== undefined && removal.isSealed && removal.offset >= hold
  }

  /** The removals that are not sealed yet. */
  unsealed(): ReadonlyArray<readonly [id: string, removal: Removal]> {
    return [...this.executions.values()].flatMap(({ id, removal }) =>
      removal === undefined || removal.isSealed ? [] : [[id, removal] as const]
    )
  }

  /** The deletions that are not buried yet. */
  unburied(): ReadonlyArray<readonly [id: string, grave: Grave]> {
    return [...this.graves].filter(([, { isBuried }]) => !isBuried)
  }

  /** Takes over what a snapshot had. */
  restore(saved: Saved<Body>): void {
    this.position = saved.position
    for (const execution of saved.executions) {
      this.executions.set(execution.id, execution)
      for (const { key } of execution.commits) this.owners.set(key, execution.id)
      if (execution.removal !== undefined) this.owners.set(execution.removal.key, execution.id)
    }
    for (const [id, grave] of saved.graves) this.putGrave(id, grave)
    for (const [key, litter] of saved.litter) this.litter.set(key, litter)
    for (const [id, strays] of saved.strays) this.strays.set(id, strays)
  }

  /** What a snapshot keeps: nothing of it changes any more, but for bodies. */
  save(): Saved<Body> {
    const { executions, graves, litter, position, strays } = this
    return {
      position,
      executions: Array.from(executions.values(), (execution) => ({ ...execution, commits: [...execution.commits] })),
      graves: [...graves],
      litter: [...litter],
      strays: Array.from(strays, ([id, all]) => [id, [...all]])
    }
  }

  protected isVoid(offset: number, { seen }: Head): boolean {
    return offset - seen > this.window
  }

  /**
   * Whether a commit is of a life that another one, of which a commit is given, has followed: the writer of that one knew a deletion that
   * the first did not, or had folded past the first and found the id free. What ended the earlier life was compacted away. In a fold
   * of all records this is never asked of a life that goes on.
   */
  protected isDead(
    earlier: Stored<Body>,
    later: { readonly seen: number; readonly after?: number | undefined }
  ): boolean {
    return earlier.seen <= (later.after ?? -1) || earlier.offset < later.seen
  }

  private commit(stored: Stored<Body>, head: Extract<Head, { k: "c" }>): boolean {
    const { id } = head
    if (this.isVoid(stored.offset, head)) return this.discard(stored.key, head)
    const execution = this.executions.get(id)
    if (head.prev !== undefined) {
      if (execution === undefined || !follows(execution.commits.at(-1)!, stored)) return this.stray(id, stored)
      execution.commits.push(stored)
    } else {
      const grave = this.graves.get(id)
      const after = head.after ?? -1
      if (grave !== undefined && head.seen <= grave.offset && grave.seen > after) return this.stray(id, stored)
      if (execution !== undefined && !this.isDead(execution.commits[0]!, { seen: head.seen, after })) {
        return this.stray(id, stored)
      }
      if (execution !== undefined) this.bury(execution, 0)
      this.executions.set(id, { id, born: stored.offset, commits: [stored], removal: undefined })
    }
    this.owners.set(stored.key, id)
    this.touched.add(id)
    return true
  }

  private delete(offset: number, key: string, head: Extract<Head, { k: "d" }>, time: number): boolean {
    const { id, prev, record, seen } = head
    const execution = this.executions.get(id)
    if (this.isVoid(offset, head) || execution?.commits.at(-1)!.offset !== prev) return this.discard(key, head)
    this.bury(execution, offset)
    const grave = this.graves.get(id)
    if (grave !== undefined) this.litter.set(grave.key, { id, seen: grave.offset, hold: offset })
    const kept = merged([grave?.record, execution.removal?.record], record)
    this.putGrave(id, { offset, key, prev, seen, isBuried: false, record: kept, time, earlier: grave })
    return true
  }

  private buryGrave(key: string, { after, id, record, seen, time }: Extract<Head, { k: "g" }>): boolean {
    const execution = this.executions.get(id)
    const grave = this.graves.get(id)
    if (execution !== undefined && execution.commits[0]!.seen <= after) this.bury(execution, 0)
    this.keepStrays(id, (stray) => stray.seen > after)
    this.litter.delete(key)
    if (grave !== undefined && grave.offset > after && grave.seen > after) return this.discard(key, { id, seen })
    if (grave !== undefined && grave.key !== key) {
      this.owners.delete(grave.key)
      this.litter.set(grave.key, { id, seen: grave.offset, hold: after })
    }
    const known = { prev: Number.POSITIVE_INFINITY, seen: Number.POSITIVE_INFINITY, earlier: undefined }
    this.putGrave(id, { offset: after, key, isBuried: true, record, time, ...known })
    return true
  }

  private remove(offset: number, key: string, head: Extract<Head, { k: "t" }>): boolean {
    const { at, id, last, prev, record, seen } = head
    const execution = this.executions.get(id)
    if (this.isVoid(offset, head) || execution?.commits.at(-1)!.offset !== prev) return this.discard(key, head)
    const latest = execution.removal
    if (latest === undefined ? last !== -1 : !latest.isSealed || latest.offset !== last) return this.discard(key, head)
    const index = execution.commits.findIndex((commit) => commit.offset === at)
    if (index < 1) return this.discard(key, head)
    this.cut(execution, index, offset)
    const kept = merged([latest?.record], record)
    this.put(execution, { key, offset, seen, last, at, isSealed: false, record: kept })
    return true
  }

  private seal(offset: number, key: string, head: Extract<Head, { k: "u" }>): boolean {
    const { after, at, id, record, seen } = head
    if (this.isVoid(offset, head) || this.isOver(head)) return this.discard(key, head)
    const removal = { key, offset: after, seen, last: -1, at, isSealed: true, record }
    const known = this.executions.get(id)?.removal
    if (known?.offset === after && !known.isSealed) {
      this.put(this.executions.get(id)!, removal)
      return true
    }
    if (known !== undefined && (known.isSealed ? known.offset >= after : known.last >= after))
      return this.discard(key, head)
    const execution = this.begunAt(head)
    if (execution === undefined) return this.discard(key, head)
    this.put(execution, removal)
    return true
  }

  /**
   * Whether the life of a removal is known to be over. A deletion that counted here may be one that names a head which was not the head
   * any more, because the commits after that are among the ones that were removed: then it never took place.
   */
  private isOver({ after, at, born, id }: Extract<Head, { k: "u" }>): boolean {
    const grave = this.graves.get(id)
    if (grave === undefined || grave.offset < born) return false
    if (grave.isBuried) return after <= grave.offset
    if (grave.prev >= at) return true
    this.discard(grave.key, { id, seen: grave.seen })
    this.owners.delete(grave.key)
    if (grave.earlier === undefined) this.graves.delete(id)
    else {
      this.litter.delete(grave.earlier.key)
      this.putGrave(id, grave.earlier)
    }
    return false
  }

  /** Notes the latest removal of an execution, in place of the one before. */
  private put(execution: Execution<Body>, removal: Removal): void {
    const { id, removal: earlier } = execution
    if (earlier !== undefined) this.drop(id, earlier, { hold: removal.offset, isCut: true })
    execution.removal = removal
    this.owners.set(removal.key, id)
  }

  /** Takes the first commits away, which wait for the seal of a removal. */
  private cut(execution: Execution<Body>, index: number, hold: number): void {
    for (const stored of execution.commits.slice(0, index)) {
      this.owners.delete(stored.key)
      this.stray(execution.id, stored, { hold, isCut: true })
    }
    execution.commits = execution.commits.slice(index)
  }

  /** The execution that begins with the commit at an offset; none when that is of a life that is over. */
  private begunAt({ at, born, id }: Extract<Head, { k: "u" }>): Execution<Body> | undefined {
    const execution = this.executions.get(id)
    const index = execution?.commits.findIndex(({ offset }) => offset === at) ?? -1
    if (index >= 0) {
      this.cut(execution!, index, 0)
      return execution
    }
    const begin = this.strays.get(id)?.find(({ offset }) => offset === at)
    if (begin === undefined) return undefined
    if (execution !== undefined) {
      const other = execution.commits[0]!
      if (execution.born !== born && this.isDead(begin, other)) return undefined
      this.bury(execution, 0)
    }
    return this.revive(id, begin, born)
  }

  /** Begins an execution with a commit whose predecessors were compacted away, and goes on with the ones that follow it. */
  private revive(id: string, begin: Stored<Body>, born: number): Execution<Body> {
    const commits = [begin]
    const strays = this.strays.get(id)!.toSorted((a, b) => a.offset - b.offset)
    for (const stray of strays) if (stray.prev !== undefined && follows(commits.at(-1)!, stray)) commits.push(stray)
    for (const { key } of commits) {
      this.litter.delete(key)
      this.owners.set(key, id)
    }
    this.keepStrays(id, (stray) => !commits.includes(stray))
    const execution = { id, born, commits, removal: undefined }
    this.touched.add(id)
    this.executions.set(id, execution)
    return execution
  }

  private putGrave(id: string, grave: Grave): void {
    this.graves.set(id, grave)
    this.owners.set(grave.key, id)
  }

  private discard(key: string, { id, seen }: { readonly id: string; readonly seen: number }): false {
    this.litter.set(key, { id, seen, hold: 0 })
    return false
  }

  private stray(id: string, stored: Stored<Body>, waiting: Waiting = free): false {
    this.litter.set(stored.key, { id, seen: stored.seen, ...waiting })
    const strays = this.strays.get(id)
    if (strays === undefined) this.strays.set(id, [stored])
    else strays.push(stored)
    return false
  }

  private keepStrays(id: string, isKept: (stray: Stored<Body>) => boolean): void {
    const kept = this.strays.get(id)?.filter(isKept) ?? []
    if (kept.length === 0) this.strays.delete(id)
    else this.strays.set(id, kept)
  }

  private drop(id: string, { key, seen }: Removal, waiting: Waiting): void {
    this.owners.delete(key)
    this.litter.set(key, { id, seen, ...waiting })
  }

  private bury({ commits, id, removal }: Execution<Body>, hold: number): void {
    this.executions.delete(id)
    this.touched.add(id)
    for (const stored of commits) {
      this.owners.delete(stored.key)
      this.stray(id, stored, { hold })
    }
    if (removal !== undefined) this.drop(id, removal, { hold })
  }

  /** Notes a tombstone. If it is that of a record that counts here, what the record was part of is dead, or begins later. */
  private clear(key: string): true {
    const litter = this.litter.get(key)
    const id = this.owners.get(key)
    if (litter !== undefined) this.keepStrays(litter.id, (stray) => stray.key !== key)
    this.litter.delete(key)
    if (id === undefined) return true
    const execution = this.executions.get(id)
    if (execution !== undefined && (execution.removal?.key === key || execution.commits.some(isOf(key)))) {
      this.bury(execution, 0)
      this.keepStrays(id, (stray) => stray.key !== key)
      this.litter.delete(key)
    }
    if (this.graves.get(id)?.key === key) this.graves.delete(id)
    this.owners.delete(key)
    return true
  }
}

// internal

const free: Waiting = { hold: 0 }

const factOf = ({ c, f, first, run, v }: Extract<Head, { k: "c" }>): Fact => ({ v, c, run, first, f })

const isOf = (key: string) => (record: { readonly key: string }) => record.key === key

/** Law 3 of the stores, for a commit that names the one before it. */
const follows = <Body>(last: Stored<Body>, next: Stored<Body>): boolean =>
  next.prev === last.offset && next.v === last.v + 1 && (next.run === last.run || next.first === next.v)
