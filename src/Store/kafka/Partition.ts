/**
 * What a process knows of one partition: the fold of its executions, the latest values, and how far and how lately it was read.
 */
import type { Version } from "../../Ids.ts"
import type { Change } from "../WorkflowStore.ts"
import { changeOf } from "../../internal/store/listing.ts"
import type { Incoming } from "./Client.ts"
import { Fold } from "./Fold.ts"
import { type Body, type Content, decode, idOf, isDamaged, type Origin, summaryOf } from "./record.ts"
import type { Saved, Stored } from "./state.ts"

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
  /** What is told of changes, once there is a listener. */
  tell: ((changes: ReadonlyArray<Change>) => void) | undefined
  /** When the high watermark was asked for that the fold has reached last, by the clock of the machine. */
  reachedAt = Number.NEGATIVE_INFINITY
  /** The latest difference of the clock of the broker to that of the machine, and when it was measured. */
  clock: { readonly ahead: number; readonly at: number } | undefined
  /** The callbacks of records that are not folded yet, by key. Latest values of one key may be several at once. */
  private readonly awaited = new Map<string, Array<Awaited>>()
  /** Whether the summaries that were replaced before the end was reached are dropped. */
  private isSwept = false
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
        return this.verdict(key, content, counted)
      }
      case "Tombstone":
        this.latest.delete(key)
        this.fold.apply(offset, key, undefined, undefined, time)
        return this.verdict(key, content, true)
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
    this.verdict(key, content, true)
  }

  /** Calls back once a record is folded; returns what to call when that is not to be any more. */
  await(key: string, content: Content, verdict: (counted: boolean) => void): () => void {
    const waiting = { content, verdict }
    const others = this.awaited.get(key)
    if (others === undefined) this.awaited.set(key, [waiting])
    else others.push(waiting)
    return () => this.drop(key, waiting)
  }

  /**
   * Tells what has changed since the last call. In a partition that was read to its end it drops each summary that a later one has
   * replaced. While a partition is read for the first time there is no listener yet, and it parses the summaries at once: texts that wait
   * cost the garbage collector more.
   */
  settle(isFresh: boolean): void {
    const { executions, touched } = this.fold
    if (isFresh && !this.isSwept) {
      this.isSwept = true
      for (const { commits } of executions.values()) dropOld(commits)
    }
    if (touched.size === 0 || !(isFresh || this.tell === undefined)) return
    const changes: Array<Change> = []
    for (const id of touched) {
      this.unlisted.add(id)
      const commits = executions.get(id)?.commits
      if (isFresh && commits !== undefined) dropOld(commits)
      changes.push(commits === undefined ? { workflowId: idOf(id), version: 0 } : changed(id, commits.at(-1)!))
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
    this.isSwept = false
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

  private verdict(key: string, content: Content, counted: boolean): void {
    const waiting = this.awaited.get(key)?.find((each) => isSame(each.content, content))
    if (waiting === undefined) return
    this.drop(key, waiting)
    waiting.verdict(counted)
  }

  private drop(key: string, waiting: Awaited): void {
    const left = this.awaited.get(key)?.filter((each) => each !== waiting) ?? []
    if (left.length === 0) this.awaited.delete(key)
    else this.awaited.set(key, left)
  }
}

// internal

interface Awaited {
  readonly content: Content
  readonly verdict: (counted: boolean) => void
}

/** Drops the summaries that a later one has replaced. */
const dropOld = (commits: ReadonlyArray<Stored<Body | undefined>>): void => {
  for (let index = commits.length - 2; index >= 0 && commits[index]!.body?.summary !== undefined; index--) {
    commits[index]!.body!.summary = undefined
  }
}

const changed = (id: string, last: Stored<Body | undefined>): Change => {
  const summary = summaryOf(last, id)
  return isDamaged(summary) ? { workflowId: idOf(id), version: last.v as Version } : changeOf(summary)
}

/** Whether a record is the one that is awaited, of all with its key: a latest value by its text, a burial and a deletion by their kind. */
const isSame = (awaited: Content, found: Content): boolean => {
  if (awaited._tag === "Latest") return found._tag === "Latest" && found.text === awaited.text
  if (awaited._tag === "Folded") return found._tag === "Folded" && found.head.k === awaited.head.k
  return awaited._tag === found._tag
}
