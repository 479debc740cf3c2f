/**
 * Follows the index of a store: what is written is found, however long ago and by whichever process.
 *
 * A look reads the next entries of all lanes, and the heads of the ids in them that are not known yet. An entry and the heads that it tells of
 * are one transaction, so a process that has seen an entry finds the heads.
 */
import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import type { WorkflowId } from "../../Ids.ts"
import { liveClock } from "../../internal/liveClock.ts"
import { changeOf } from "../../internal/store/listing.ts"
import { type Change, type Corrupt, type NewerFormat, Unavailable } from "../WorkflowStore.ts"
import * as Manifest from "./manifest.ts"
import { decodeHead } from "./record.ts"
import { chunksOf, numbers, type Shared } from "./Shared.ts"
import type { Value } from "./Sidecar.ts"
import type { Known } from "./Table.ts"

/** What entries tell: of ids the latest version, and of each lane the number of the next entry. */
interface Entries {
  readonly lanes: ReadonlyArray<number>
  readonly news: ReadonlyMap<WorkflowId, number>
}

/** How entries are read. */
interface Following {
  /** How many of each lane at once. */
  readonly width: number
  /** What is told already. */
  readonly news?: Map<WorkflowId, number>
  /** The name that the store must have. While all is read anew it may lag behind, in components that have replicas. */
  readonly origin?: string | undefined
}

type Failure = Unavailable | Corrupt | NewerFormat

/** The index, as far as this process has followed it. */
export class Index {
  /** Notifies of what was put into the table. */
  readonly changes: PubSub.PubSub<Change>
  /** Of each lane the number of the first entry that is not read. */
  readonly lanes: Array<number> = [...Manifest.empty.lanes]
  /** How many entries were read since the latest pages, as far as this process has seen. */
  tail = 0
  /** Whether a part of the index could not be read, and is to be written anew. */
  isDamaged = false
  /**
   * Whether the store was emptied while this process had it open. What it has written since has entries that a process would not find which
   * begins with the first ones, so the index is to be written anew.
   */
  isStray = false
  /** The name of the store that was read. */
  private origin: string | undefined
  private readonly shared: Shared
  private readonly turn = Semaphore.makeUnsafe(1)
  private begun = 0
  private done = 0
  private lookedAt = liveClock.currentTimeMillisUnsafe()

  constructor(shared: Shared, changes: PubSub.PubSub<Change>) {
    this.shared = shared
    this.changes = changes
  }

  /** Waits until the table has everything that was acknowledged so far. Callers that come during a look share the next one. */
  get caughtUp(): Effect.Effect<void, Failure> {
    return Effect.suspend(() => {
      const before = this.begun
      return this.turn.withPermit(Effect.suspend(() => (this.done > before ? Effect.void : this.look)))
    })
  }

  /** Puts the latest of an id into the table, and tells of it when it is news. */
  put(workflowId: WorkflowId, known: Known): void {
    if (this.shared.table.put(workflowId, known)) this.tell(workflowId, known)
  }

  /** Reads all that there is, in place of what was read. */
  readonly reload: Effect.Effect<void, Failure> = Effect.suspend(() =>
    Effect.flatMap(originOf(this.shared), (origin) => {
      const isAnother = this.origin !== undefined && this.origin !== origin
      this.isStray ||= isAnother
      this.origin = origin
      return this.loaded(1, isAnother)
    })
  )

  /** Whether the places of entries may be gone meanwhile: nothing may be written before a look. */
  get isStale(): boolean {
    return this.sinceLook() > longestAbsence
  }

  /** How many milliseconds ago the latest look was. */
  sinceLook(): number {
    return liveClock.currentTimeMillisUnsafe() - this.lookedAt
  }

  /** Reads what is new, or all: after a long absence the entries that would be read may be gone. */
  private get look(): Effect.Effect<void, Failure> {
    return Effect.suspend(() => {
      const number = ++this.begun
      const now = liveClock.currentTimeMillisUnsafe()
      const found = this.isStale ? this.reload : this.follow
      return Effect.map(found, () => {
        this.done = number
        this.lookedAt = now
      })
    })
  }

  /** Reads the entries that follow the ones that are known, and the heads that they tell of. */
  private get follow(): Effect.Effect<void, Failure> {
    return Effect.suspend(() =>
      Effect.flatMap(this.entriesFrom([...this.lanes], { width: narrow, origin: this.origin }), (found) => {
        // What came before is not read any more, and was removed meanwhile; or it is another store.
        if (found === undefined) return this.reload
        return Effect.map(this.absorb(found.news), () => {
          for (const [lane, number] of found.lanes.entries()) this.advance(lane, number)
        })
      })
    )
  }

  /**
   * What entries tell from some on: few are read at first, since there are mostly none. `undefined` when they were removed, or the store has
   * not the name that it should have.
   */
  private entriesFrom(
    from: ReadonlyArray<number>,
    { news = new Map(), origin, width }: Following
  ): Effect.Effect<Entries | undefined, Unavailable> {
    const { keys, sidecar } = this.shared
    const asked = from.flatMap((next, lane) => numbers(width).map((each) => keys.entry(lane, next + each)))
    return Effect.flatMap(sidecar.readAll([...asked, keys.origin]), (values) => {
      if (origin !== undefined && values.at(-1)?.text !== origin) return Effect.undefined
      const lanes = [...from]
      for (let lane = 0; lane < from.length; lane++) {
        for (let each = 0; each < width; each++) {
          const value = values[lane * width + each]
          if (value === undefined) break
          const entry = Manifest.decodeEntry(value.text)
          if (entry._tag === "Removed") return Effect.undefined
          for (const [id, version] of entry.news) news.set(id, Math.max(version, news.get(id) ?? 0))
          lanes[lane]!++
        }
      }
      const isMore = lanes.some((number, lane) => number === from[lane]! + width)
      return isMore ? this.entriesFrom(lanes, { news, origin, width: wide }) : Effect.succeed({ lanes, news })
    })
  }

  /** Notes that the entries of a lane before a number are known. */
  advance(lane: number, number: number): void {
    this.tail += Math.max(0, number - this.lanes[lane]!)
    this.lanes[lane] = Math.max(this.lanes[lane]!, number)
  }

  /** Reads the heads of ids of which a later version is told than is known. */
  private absorb(news: ReadonlyMap<WorkflowId, number>): Effect.Effect<void, Unavailable> {
    const { table } = this.shared
    const unknown = [...news].filter(([id, version]) => (table.get(id)?.version ?? 0) < version)
    return Effect.map(this.heads(unknown), (heads) => {
      for (const [id, known] of heads) {
        if (known !== undefined) this.put(id, known)
        else if (table.get(id) !== undefined) this.forget(id)
      }
    })
  }

  private heads(
    ids: ReadonlyArray<readonly [WorkflowId, number]>
  ): Effect.Effect<ReadonlyArray<readonly [WorkflowId, Known | undefined]>, Unavailable> {
    const { keys, sidecar } = this.shared
    const read = (some: typeof ids) =>
      Effect.map(sidecar.readAll(some.map(([id]) => keys.head(id))), (values) =>
        some.map(([id, version], index) => [id, knownOf(id, version, values[index])] as const)
      )
    return Effect.map(Effect.forEach(chunksOf(ids, headsAtOnce), read, { concurrency: 4 }), (all) => all.flat())
  }

  private loaded(count: number, isAnother: boolean): Effect.Effect<void, Failure> {
    return Effect.flatMap(readIndex(this.shared), (read) => {
      const again = () => (count === mostReads ? Effect.fail(gone) : this.loaded(count + 1, isAnother))
      if (read === undefined) return again()
      const { generation, ids, isDamaged } = read
      // What this process has just written may have no entry yet.
      const known = new Map([...this.shared.table.ids, ...ids].map((id) => [id, 0] as const))
      return Effect.flatMap(this.entriesFrom(generation.lanes, { width: wide, news: known }), (found) => {
        if (found === undefined) return again()
        return Effect.map(this.heads([...found.news]), (heads) => {
          this.restart(found.lanes, new Map(heads), isAnother)
          this.isDamaged = isDamaged
          this.tail = found.lanes.reduce((sum, number, lane) => sum + number - generation.lanes[lane]!, 0)
        })
      })
    })
  }

  /** Takes what was read, but for what this process has written since to the same store, and tells of the differences. */
  private restart(
    lanes: ReadonlyArray<number>,
    heads: ReadonlyMap<WorkflowId, Known | undefined>,
    isAnother: boolean
  ): void {
    const { table } = this.shared
    const before = new Map([...table.ids].map((id) => [id, table.get(id)!]))
    const now = new Map(before)
    for (const [id, known] of heads) {
      const old = before.get(id)
      if (known === undefined) now.delete(id)
      else if (isAnother || old === undefined || old.version <= known.version) now.set(id, known)
    }
    table.replaceAll(now)
    for (const [lane, number] of lanes.entries()) this.lanes[lane] = number
    for (const [id, known] of now) if (before.get(id)?.version !== known.version) this.tell(id, known)
    for (const [id, known] of before) if (!now.has(id) && known._tag !== "Deleted") this.tellGone(id)
  }

  private forget(workflowId: WorkflowId): void {
    const known = this.shared.table.get(workflowId)
    this.shared.table.forget(workflowId)
    if (known?._tag === "Live") this.tellGone(workflowId)
  }

  private tell(workflowId: WorkflowId, known: Known): void {
    if (known._tag === "Live") PubSub.publishUnsafe(this.changes, changeOf(known.summary))
    else if (known._tag === "Deleted") this.tellGone(workflowId)
  }

  private tellGone(workflowId: WorkflowId): void {
    PubSub.publishUnsafe(this.changes, { workflowId, version: 0 })
  }
}

/** The name of the store; one without a name gets one. */
const originOf = Effect.fnUntraced(function* ({
  keys,
  manners,
  sidecar
}: Shared): Effect.fn.Return<string, Unavailable> {
  const found = yield* sidecar.read(keys.origin)
  if (found !== undefined) return found.text
  const text = randomUUID()
  const created = yield* Effect.result(sidecar.transact([{ _tag: "Create", key: keys.origin, text }], manners))
  // Another process may have been first.
  const now = yield* sidecar.read(keys.origin)
  if (now !== undefined) return now.text
  return yield* Result.isFailure(created)
    ? created.failure
    : new Unavailable({ cause: new Error("the name of the store is not there") })
})

/** What is read of the index. */
export interface Read {
  /** Where pages were read, and the lanes go on after them. */
  readonly generation: Manifest.Generation
  /** The one before, of which everything may be removed. */
  readonly older: Manifest.Generation | undefined
  /** That of the key of the index; none when it is not there. */
  readonly etag: string | undefined
  readonly ids: ReadonlyArray<WorkflowId>
  /** Whether a part of it could not be read, so that it is to be written anew. */
  readonly isDamaged: boolean
}

/**
 * Reads the index. What is damaged of it is replaced: the key by its copy, and the latest pages by those before, whose entries are still there.
 * Nothing when pages are gone, since the index was written anew meanwhile.
 */
export const readIndex = Effect.fnUntraced(function* (
  shared: Pick<Shared, "keys" | "sidecar">
): Effect.fn.Return<Read | undefined, Failure> {
  const { keys, sidecar } = shared
  const value = yield* sidecar.read(keys.index)
  const own = value === undefined ? undefined : Manifest.decodeManifest(value.text)
  const isWhole = own?._tag === "Success" || own?.failure._tag === "NewerFormat"
  const copy = isWhole ? undefined : yield* sidecar.read(keys.indexCopy)
  const told = copy === undefined ? own : Manifest.decodeManifest(copy.text)
  const etag = value?.etag
  if (told === undefined) return { generation: Manifest.empty, older: undefined, etag, ids: [], isDamaged: false }
  const manifest = yield* Effect.fromResult(told)
  const latest = yield* Effect.result(pagesOf(shared, manifest))
  if (Result.isSuccess(latest) && latest.success !== undefined)
    return { generation: manifest, older: manifest.before, etag, ids: latest.success, isDamaged: !isWhole }
  if (Result.isFailure(latest) && latest.failure._tag !== "Corrupt") return yield* latest.failure
  const { before } = manifest
  const ids = before === undefined ? undefined : yield* pagesOf(shared, before)
  if (before !== undefined && ids !== undefined)
    return { generation: before, older: undefined, etag, ids, isDamaged: true }
  return Result.isFailure(latest) ? yield* latest.failure : undefined
})

/** The ids in the pages of a generation; none when one is not there. */
const pagesOf = Effect.fnUntraced(function* (
  { keys, sidecar }: Pick<Shared, "keys" | "sidecar">,
  { pages }: Manifest.Generation
): Effect.fn.Return<ReadonlyArray<WorkflowId> | undefined, Failure> {
  if (pages === undefined) return []
  const names = numbers(pages.count).map((index) => keys.page(pages.token, index))
  const read = yield* Effect.forEach(chunksOf(names, pagesAtOnce), (some) => sidecar.readAll(some), {
    concurrency: 4
  })
  const found = read.flat()
  if (found.includes(undefined)) return undefined
  const ids = yield* Effect.forEach(found, (page) => Effect.fromResult(Manifest.decodePage(page!.text)))
  return ids.flat()
})

// internal

// How many entries of each lane are read: mostly there is none, and after an absence there are many.
const narrow = 2
const wide = 64
const headsAtOnce = 250
const pagesAtOnce = 16
const mostReads = 5
/** In milliseconds: a part of the day for which the places of entries stay taken. */
const longestAbsence = 60 * 60 * 1000

const gone = Manifest.damagedIndex("pages are not there, neither the latest nor those before")

const knownOf = (workflowId: WorkflowId, version: number, value: Value | undefined): Known | undefined => {
  if (value === undefined) return undefined
  const head = decodeHead(workflowId, value.text)
  if (Result.isSuccess(head)) return head.success
  const { detail } = head.failure
  return { _tag: "Damaged", version, unreadable: { workflowId, startedAt: 0, detail } }
}
