/**
 * What a process knows of one partition: the fold of its executions, the latest values, and how far and how lately it was read.
 */
import type { Change } from "../WorkflowStore.ts"
import { changeOf } from "../../internal/store/listing.ts"
import type { Incoming } from "./Client.ts"
import { Fold } from "./Fold.ts"
import { type Saved } from "./state.ts"
import { type Body, type Content, decode, idOf, isDamaged, type Origin, summaryOf } from "./record.ts"

/** The latest value of a key. */
export interface Latest {
  readonly text: string
  /** When it was written, by the clock of the broker. */
  readonly time: number
}

/** A partition as it was at a time. */
export interface Kept {
  readonly origin: Origin
  /** When its end was asked for, by the clock of the machine. */
  readonly at: number
  readonly fold: Saved<Body | undefined>
  readonly latest: ReadonlyArray<readonly [key: string, latest: Latest]>
}

/** One partition. */
export class Partition {
  readonly number: number
  fold = new Fold<Body | undefined>()
  readonly latest = new Map<string, Latest>()
  origin: Origin | undefined
  /** Whether a record was seen that no store wrote, before the origin. */
  isForeign = false
  /** Executions whose place in listings may not be what the fold has. */
  readonly unlisted = new Set<string>()
  /** What is told of changes, once someone listens. */
  tell: ((changes: ReadonlyArray<Change>) => void) | undefined
  /** When the high watermark was asked for that the fold has reached last, by the clock of the machine. */
  reachedAt = Number.NEGATIVE_INFINITY
  /** The latest difference of the clock of the broker to that of the machine, and when it was measured. */
  clock: { readonly ahead: number; readonly at: number } | undefined
  private readonly verdicts = new Map<string, (counted: boolean) => void>()
  /** Bodies whose events are in memory, the oldest first. */
  private cached: Array<Body> = []
  private cachedFrom = 0
  private cachedLength = 0
  private readonly mostCached: number

  /** Keeps events of so many characters in memory. */
  constructor(number: number, mostCached: number) {
    this.number = number
    this.mostCached = mostCached
  }

  /** Folds records that were read, or that are known to lie there. */
  take(records: ReadonlyArray<Incoming>, to: number): void {
    for (const { key, offset, time, value } of records) {
      if (offset >= this.fold.position) this.put(offset, key, decode(key, value), time)
    }
    this.fold.skipTo(to)
  }

  /** Folds one record. */
  put(offset: number, key: string, content: Content, time: number): void {
    switch (content._tag) {
      case "Folded": {
        if (content.body !== undefined) this.cache(content.body)
        const counted = this.fold.apply(offset, key, content.head, content.body, time)
        return this.verdict(key, counted)
      }
      case "Tombstone":
        this.latest.delete(key)
        this.fold.apply(offset, key, undefined, undefined, time)
        return this.verdict(key, true)
      case "Latest":
        this.latest.set(key, { text: content.text, time })
        break
      case "Origin":
        this.origin ??= content.origin
        break
      case "Foreign":
        this.isForeign ||= this.origin === undefined
    }
    this.fold.skipTo(offset + 1)
    this.verdict(key, true)
  }

  /** Calls back once the record of a key is folded. */
  await(key: string, verdict: (counted: boolean) => void): void {
    this.verdicts.set(key, verdict)
  }

  forget(key: string): void {
    this.verdicts.delete(key)
  }

  /** Tells of what has changed since it was asked last, and drops the summaries that later ones have replaced. */
  settle(): void {
    const { touched } = this.fold
    if (touched.size === 0) return
    const changes: Array<Change> = []
    for (const id of touched) {
      this.unlisted.add(id)
      const commits = this.fold.executions.get(id)?.commits
      if (commits === undefined) {
        changes.push({ workflowId: idOf(id), version: 0 })
        continue
      }
      for (let index = commits.length - 2; index >= 0 && commits[index]!.body?.summary !== undefined; index--) {
        commits[index]!.body!.summary = undefined
      }
      if (this.tell === undefined) continue
      const last = commits.at(-1)!
      const summary = summaryOf(last, id)
      changes.push(isDamaged(summary) ? { workflowId: idOf(id), version: last.v } : changeOf(summary))
    }
    touched.clear()
    this.tell?.(changes)
  }

  /** What a snapshot holds; none before the end was reached for the first time. */
  keep(): Kept | undefined {
    const { fold, latest, origin, reachedAt } = this
    if (origin === undefined || !Number.isFinite(reachedAt)) return undefined
    return { origin, at: reachedAt, fold: fold.save(), latest: [...latest] }
  }

  /** Takes over what a snapshot holds. */
  restore({ fold, latest, origin }: Kept): void {
    this.origin = origin
    this.fold.restore(fold)
    for (const [key, value] of latest) this.latest.set(key, value)
    for (const { commits, id } of fold.executions) {
      this.unlisted.add(id)
      for (const { body } of commits) if (body?.events !== undefined) this.cache(body)
    }
  }

  /** Begins anew: the log is not the one that was folded, or was not read for so long that tombstones may be gone. */
  reset(): void {
    const { executions, touched } = this.fold
    const known = [...executions.keys(), ...touched]
    this.fold = new Fold()
    for (const id of known) this.fold.touched.add(id)
    this.latest.clear()
    this.origin = undefined
    this.isForeign = false
    this.reachedAt = Number.NEGATIVE_INFINITY
  }

  /** Keeps events in memory, in place of the oldest. */
  private cache(body: Body): void {
    this.cached.push(body)
    this.cachedLength += body.events?.length ?? 0
    // The last one stays: it is about to be read.
    while (this.cachedLength > this.mostCached && this.cachedFrom < this.cached.length - 1) {
      const oldest = this.cached[this.cachedFrom++]!
      this.cachedLength -= oldest.events?.length ?? 0
      oldest.events = undefined
    }
    if (this.cachedFrom < 1000 || this.cachedFrom * 2 < this.cached.length) return
    this.cached = this.cached.slice(this.cachedFrom)
    this.cachedFrom = 0
  }

  private verdict(key: string, counted: boolean): void {
    const verdict = this.verdicts.get(key)
    if (verdict === undefined) return
    this.verdicts.delete(key)
    verdict(counted)
  }
}
