/**
 * The fold of a Kafka partition against a specification that remembers everything, in random histories: writers that lag, records in
 * flight, late and doubled, restarts from compacted logs. The adversary compacts: any record that is not the last of its key may be
 * missing, and a tombstone too once all before it are gone, each key for itself; that is more than the real cleaner does.
 */
import { Fold } from "../../src/Store/kafka/Fold.ts"
import { type Grave, merged } from "../../src/Store/kafka/state.ts"
import type { Head, Remains } from "../../src/Store/kafka/head.ts"

type TestFold = Fold<undefined>

/** Folds without one of the rules, which must be found to be wrong. */
export const variants = {
  right: Fold<undefined>,
  withoutWindow: class extends Fold<undefined> {
    protected override isVoid() {
      return false
    }
  },
  withoutOverride: class extends Fold<undefined> {
    protected override isDead() {
      return false
    }
  },
  withEagerTombstones: class extends Fold<undefined> {
    override untidy(isOld: (grave: Grave) => boolean) {
      return [...super.untidy(isOld), ...[...this.litter].flatMap(([key, { hold }]) => (hold > 0 ? [key] : []))]
    }
  },
  withEagerForgetting: class extends Fold<undefined> {
    override untidy(isOld: (grave: Grave) => boolean) {
      return [
        ...super.untidy(isOld),
        ...[...this.graves.values()].flatMap(({ isBuried, key }) => (isBuried ? [key] : []))
      ]
    }
  },
  withoutSeals: class extends Fold<undefined> {
    override apply(offset: number, key: string, head: Head | undefined, body: undefined, time: number): boolean {
      this.strays.clear()
      return super.apply(offset, key, head, body, time)
    }
  }
}

/** What happened in histories: how often each kind of record counted, and how often the folds were compared. */
export type Counts = Map<string, number>

/** Runs the history of a seed; what is wrong with the fold in it, or nothing. */
export const historyOf = (seed: number, Variant: typeof Fold<undefined>, counts: Counts): string | undefined =>
  new History(seed, Variant, counts).run()

// internal

interface Logged {
  readonly offset: number
  readonly key: string
  readonly head: Head | undefined
}

type Outgoing = Omit<Logged, "offset">

const window = 12
const steps = 160

const mulberry = (seed: number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

interface Life {
  commits: Array<number>
  removals: Array<Remains>
  lastRemoval: number
  isSealed: boolean
}

/** Knows everything and nothing of compaction. */
class Specification {
  readonly live = new Map<string, Life>()
  readonly deletions = new Map<string, number>()

  apply(offset: number, head: Head | undefined): boolean {
    if (head === undefined || head.k === "g" || offset - head.seen > window) return false
    const life = this.live.get(head.id)
    const deletion = this.deletions.get(head.id) ?? -1
    if (head.k === "u") {
      if (life !== undefined && life.lastRemoval === head.after) life.isSealed = true
      return false
    }
    if (head.k === "t") return life !== undefined && this.remove(life, offset, head)
    if (head.k === "c" && head.prev === undefined) {
      if (life !== undefined || head.seen <= deletion) return false
      this.live.set(head.id, { commits: [offset], removals: [], lastRemoval: -1, isSealed: true })
      return true
    }
    if (life?.commits.at(-1) !== head.prev) return false
    if (head.k === "c") life!.commits.push(offset)
    else {
      this.live.delete(head.id)
      this.deletions.set(head.id, offset)
    }
    return true
  }

  show(): string {
    return show([...this.live].map(([id, { commits, removals }]) => [id, commits, said(removals)]))
  }

  private remove(life: Life, offset: number, { at, last, prev, record }: Extract<Head, { k: "t" }>): boolean {
    const index = life.commits.indexOf(at)
    if (index < 1 || life.lastRemoval !== last || !life.isSealed || life.commits.at(-1) !== prev) return false
    life.lastRemoval = offset
    life.isSealed = false
    life.commits = life.commits.slice(index)
    life.removals.push(record)
    return true
  }
}

const said = (records: ReadonlyArray<Remains>): Remains | undefined =>
  records.length === 0 ? undefined : merged(records.slice(0, -1), records.at(-1)!)

const show = (lives: Array<readonly [string, ReadonlyArray<number>, Remains | undefined]>): string =>
  JSON.stringify(
    lives
      .map(
        ([id, commits, record]) =>
          [id, commits, record && [record.version, Object.entries(record.said).sort()]] as const
      )
      .sort(([a], [b]) => (a < b ? -1 : 1))
  )

const showFold = (fold: TestFold): string =>
  show(
    [...fold.executions.values()].map(({ commits, id, removal }) => [
      id,
      commits.map(({ offset }) => offset),
      removal?.record
    ])
  )

class History {
  private readonly log: Array<Logged> = []
  private readonly gone = new Set<number>()
  private readonly specification = new Specification()
  private readonly flying: Array<{ readonly due: number; readonly records: ReadonlyArray<Outgoing> }> = []
  private readonly random: () => number
  private readonly actors: Array<TestFold>
  private readonly ids: ReadonlyArray<string>
  private readonly compaction: number
  private nonces = 0
  private time = 0
  private readonly seed: number
  private readonly Variant: typeof Fold<undefined>
  private readonly counts: Counts

  constructor(seed: number, Variant: typeof Fold<undefined>, counts: Counts) {
    this.seed = seed
    this.Variant = Variant
    this.counts = counts
    this.random = mulberry(seed)
    this.ids = ["a", "b", "c"].slice(0, 1 + this.number(3))
    this.actors = Array.from({ length: 3 }, () => new Variant(window))
    this.compaction = this.random() < 0.2 ? 0 : this.random() * 0.5
  }

  run(): string | undefined {
    for (this.time = 0; this.time < steps; this.time++) {
      this.land()
      const index = this.number(3)
      const fold = this.read(index)
      const choice = this.random()
      this.act(fold, index, choice)
      if (this.time % 8 !== 0 && choice < 0.9) continue
      const wrong = this.compare()
      if (wrong !== undefined) return `seed ${this.seed}, step ${this.time}: ${wrong}`
    }
    return undefined
  }

  private number(below: number): number {
    return Math.floor(this.random() * below)
  }

  private note(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times)
  }

  /** Stores what was sent long enough ago. */
  private land(): void {
    for (const sent of this.flying.splice(0)) {
      if (sent.due > this.time) {
        this.flying.push(sent)
        continue
      }
      for (const record of sent.records) {
        const offset = this.log.length
        this.log.push({ offset, ...record })
        if (this.specification.apply(offset, record.head)) this.note(`${record.head!.k} counted`)
      }
    }
  }

  /** Lets a reader go on, as far as readers may lag: one that meets compaction goes to the end, or begins anew, before it acts. */
  private read(index: number): TestFold {
    const fold = this.actors[index]!
    const was = fold.position
    const unread = this.log.slice(was)
    const isOld = unread.some(
      (record) =>
        record.head === undefined && this.gone.has(record.offset) && this.log.findLast(isOfKey(record.key)) === record
    )
    const isLagging = unread.some(({ offset }) => this.gone.has(offset))
    const reader = isOld ? this.restart(index) : fold
    const isWhole = isOld || isLagging || this.random() < 0.5
    this.feed(reader, isWhole ? this.log.length : was + this.number(this.log.length - was + 1))
    return reader
  }

  private restart(index: number): TestFold {
    return (this.actors[index] = new this.Variant(window))
  }

  private feed(fold: TestFold, to: number): void {
    for (let offset = fold.position; offset < to; offset++) {
      const record = this.log[offset]!
      if (!this.gone.has(offset)) fold.apply(offset, record.key, record.head, undefined, 0)
    }
    fold.skipTo(to)
  }

  private send(...records: ReadonlyArray<Outgoing>): void {
    this.flying.push({ due: this.time + 1 + (this.random() < 0.7 ? 0 : this.number(25)), records })
  }

  private key(): string {
    return `k${this.nonces++}`
  }

  private act(fold: TestFold, index: number, choice: number): void {
    const id = this.ids[this.number(this.ids.length)]!
    const isAtEnd = fold.position === this.log.length
    if (choice < 0.35) return this.commit(fold, id)
    if (choice < 0.43) return this.delete(fold, id)
    if (choice < 0.55) return this.remove(fold, id)
    if (choice < 0.63) {
      if (!isAtEnd) return
      for (const [id, { key, offset, record }] of fold.unburied()) {
        this.send({ key, head: { k: "g", id, seen: fold.position, after: offset, record, time: 0 } })
      }
      for (const [id, { at, offset, record }] of fold.unsealed()) {
        const { born } = fold.executions.get(id)!
        this.send({ key: this.key(), head: { k: "u", id, seen: fold.position, after: offset, at, born, record } })
      }
      return
    }
    if (choice < 0.8) {
      const keys = isAtEnd ? fold.untidy(() => true).filter(() => this.random() < 0.8) : []
      return this.send(...keys.map((key) => ({ key, head: undefined })))
    }
    if (choice < 0.9) return this.makeNoise(fold)
    if (choice < 0.95) return this.compact()
    this.feed(this.restart(index), this.log.length)
  }

  private commit(fold: TestFold, id: string): void {
    const last = fold.executions.get(id)?.commits.at(-1)
    const begins = last === undefined || this.random() < 0.4
    const v = last === undefined ? 1 : last.v + 1
    const head: Head = {
      ...{ k: "c", id, seen: fold.position, v, c: `c${this.number(1e6)}` },
      ...(begins ? { run: `r${v}`, first: v } : { run: last.run, first: last.first }),
      ...(last === undefined ? { after: fold.graves.get(id)?.offset ?? -1 } : { prev: last.offset })
    }
    this.send({ key: this.key(), head })
    // Sent again, because the answer was late.
    if (this.random() < 0.2) this.send({ key: this.key(), head })
  }

  private delete(fold: TestFold, id: string): void {
    const last = fold.executions.get(id)?.commits.at(-1)
    if (last === undefined) return
    const record = { version: last.v + 1, said: { [`d${this.number(3)}`]: this.time } }
    this.send({ key: this.key(), head: { k: "d", id, seen: fold.position, prev: last.offset, record } })
  }

  private remove(fold: TestFold, id: string): void {
    const execution = fold.executions.get(id)
    const begins = execution?.commits.slice(1) ?? []
    if (begins.length === 0) return
    const begin = begins[this.number(begins.length)]!
    const { born, removal } = execution!
    const record = { version: begin.v, said: { [`t${this.number(3)}`]: this.time } }
    const last = removal?.offset ?? -1
    const prev = execution!.commits.at(-1)!.offset
    this.send({
      key: this.key(),
      head: { k: "t", id, seen: fold.position, prev, at: begin.offset, born, last, record }
    })
  }

  private makeNoise(fold: TestFold): void {
    for (let count = this.number(6); count >= 0; count--) {
      const head: Head = { k: "c", id: "noise", seen: fold.position, prev: -2, v: 2, c: "", run: "", first: 1 }
      this.send({ key: this.key(), head })
    }
  }

  private compact(): void {
    const last = new Map(this.log.map(({ key, offset }) => [key, offset]))
    for (const { key, offset } of this.log) {
      if (last.get(key)! > offset && this.random() < this.compaction) this.gone.add(offset)
    }
    for (const { head, key, offset } of this.log) {
      if (head !== undefined || last.get(key) !== offset || this.random() >= this.compaction) continue
      if (this.log.every((other) => other.key !== key || other.offset === offset || this.gone.has(other.offset))) {
        this.gone.add(offset)
      }
    }
  }

  /** Compares a fold of what is left, and one of a reader that has kept up, with the specification. */
  private compare(): string | undefined {
    this.compact()
    const fresh = new this.Variant(window)
    this.feed(fresh, this.log.length)
    const kept = this.actors.find(({ position }) => position === this.log.length)
    const wanted = this.specification.show()
    this.note("compared")
    if (this.time > steps - 10) this.note("compacted", this.gone.size)
    if (fresh.graves.size === 0 && this.specification.deletions.size > 0) this.note("forgotten")
    if (showFold(fresh) !== wanted) return `a new fold has ${showFold(fresh)} instead of ${wanted}`
    if (kept !== undefined && showFold(kept) !== wanted) return `an old fold has ${showFold(kept)} instead of ${wanted}`
    return undefined
  }
}

const isOfKey = (key: string) => (record: Logged) => record.key === key
