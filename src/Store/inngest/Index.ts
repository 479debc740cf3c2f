/**
 * What is known of all executions: an entry of the index for each commit, written once the commit is shown.
 *
 * A first look reads back all that the server keeps; later ones read what came since, and a little before, for what was shown late. The
 * process that writes knows its own commits, and need not look.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as PubSub from "effect/PubSub"
import * as Semaphore from "effect/Semaphore"
import type { WorkflowId } from "../../Ids.ts"
import { changeOf, type Place } from "../../internal/store/listing.ts"
import { isUnreadable, Order, type Unreadable } from "../../internal/store/Order.ts"
import type { Change, ExecutionSummary, Page, WorkflowFilter } from "../WorkflowStore.ts"
import { decode, type Head, isCommit, summaryOf } from "./record.ts"
import { type Failure, type Row, timeOf } from "./Server.ts"
import type { Shared } from "./Shared.ts"

/** The executions of a store, as far as this process knows. */
export class Index {
  readonly changes: PubSub.PubSub<ReadonlyArray<Change>>
  private readonly shared: Shared
  private readonly entries = new Map<string, Entry>()
  private readonly order = new Order()
  private readonly turn = Semaphore.makeUnsafe(1)
  /** The look that has not begun yet, for all that ask meanwhile. */
  private next: Deferred.Deferred<void, Failure> | undefined
  /** When the latest entry that was read was received, by the clock of the server. */
  private readTo: number | undefined
  private isLoaded = false
  /** When deletions were last forgotten, by the clock of the server. */
  private forgotAt = 0

  constructor(shared: Shared, changes: PubSub.PubSub<ReadonlyArray<Change>>) {
    this.shared = shared
    this.changes = changes
  }

  /** Reads what was written before. */
  get caughtUp(): Effect.Effect<void, Failure> {
    return Effect.suspend(() => {
      if (this.next !== undefined) return Deferred.await(this.next)
      const done = Deferred.makeUnsafe<void, Failure>()
      this.next = done
      const begun = Effect.sync(() => void (this.next = undefined))
      const look = this.turn.withPermit(Effect.andThen(begun, this.look))
      return Effect.andThen(
        Effect.forkIn(Deferred.completeWith(done, look), this.shared.scope, { startImmediately: true }),
        Deferred.await(done)
      )
    })
  }

  /** The same for the process that writes: once all was read back, it knows what there is. */
  get loaded(): Effect.Effect<void, Failure> {
    return Effect.suspend(() => (this.isLoaded ? Effect.void : this.caughtUp))
  }

  /** From now on a look is needed again, as another process may have written. */
  outdate(): void {
    this.isLoaded = false
  }

  /** The latest version of an id that is known to be stored; 0 when none is. */
  versionOf(id: string): number {
    return this.known(id)?.version ?? 0
  }

  /** Whether the entry of a version of an id, or of a later one, is there. */
  hasEntry(id: string, version: number): boolean {
    return (this.entries.get(id)?.version ?? 0) >= version
  }

  /** Whether a worker may have something to do for an execution as it is listed. */
  isListedOpen(id: string): boolean {
    return isOpen(this.known(id)?.listed)
  }

  /** Whether what was read of an id, none when it is deleted, is not what is listed. */
  isBehind(id: string, read: ExecutionSummary | undefined): boolean {
    return read === undefined ? this.known(id)?.listed !== undefined : read.version > this.versionOf(id)
  }

  /** Notes the latest of an execution, unless a later version is known. */
  note({ id, kind, version }: Head, summary: ExecutionSummary | Unreadable | undefined): void {
    const change = this.put(id, {
      version,
      listed: kind === "commit" ? summary : undefined,
      at: this.shared.server.now
    })
    if (change !== undefined) PubSub.publishUnsafe(this.changes, [change])
  }

  /** The page that a filter asks for. */
  page(filter: WorkflowFilter, after: Option.Option<Place>): Page {
    return this.order.page(filter, after)
  }

  /** How many executions meet all conditions of a filter. */
  count(filter: WorkflowFilter): number {
    return this.order.count(filter)
  }

  private get look(): Effect.Effect<void, Failure> {
    const { names, server, settings } = this.shared
    return Effect.suspend(() => {
      const from =
        this.readTo === undefined ? server.now - settings.retention : this.readTo - overlap * settings.visibility
      const told: Array<Change> = []
      const read = server.back({ name: names.index, from }, (page) => {
        for (const row of page) {
          const change = this.read(row)
          if (change !== undefined) told.push(change)
        }
        return false
      })
      return Effect.map(read, () => {
        this.isLoaded = true
        if (told.length > 0) PubSub.publishUnsafe(this.changes, told.toReversed())
      })
    })
  }

  /** Reads an entry; most have been read before, and of these the summary is not parsed. */
  private read({ internal, text }: Row): Change | undefined {
    const at = timeOf(internal)
    this.readTo = Math.max(this.readTo ?? 0, at)
    const content = decode(text)
    if (content === undefined || content.head.kind === "delete" || content.head.kind === "removal") return undefined
    const { head } = content
    if (!this.isNews(head.id, { version: head.version, at })) return undefined
    const listed = isCommit(content) ? summaryOf(content) : undefined
    return this.put(head.id, { version: head.version, listed, at })
  }

  /** What is known of an id. One whose deletion the server is about to forget is as one that never was. */
  private known(id: string): Entry | undefined {
    const entry = this.entries.get(id)
    return entry === undefined || this.isForgotten(entry) ? undefined : entry
  }

  /** The event of a deletion is older than its entry, by no more than an operation takes. */
  private isForgotten({ at, listed }: Entry): boolean {
    const { server, settings } = this.shared
    const before = server.now - settings.retention + Math.min(settings.timeout, settings.retention / 2)
    return listed === undefined && at < before
  }

  /** Whether a version of an id, received at a time, is later than what is known: also the first one after a deletion that is forgotten. */
  private isNews(id: string, { at, version }: Omit<Entry, "listed">): boolean {
    const known = this.entries.get(id)
    return known === undefined || known.version < version || (this.isForgotten(known) && known.at < at)
  }

  private put(id: string, entry: Entry): Change | undefined {
    if (!this.isNews(id, entry)) return undefined
    const known = this.entries.get(id)
    const { listed } = entry
    this.forgetDeleted()
    this.entries.set(id, entry)
    this.order.replace(known?.listed, listed)
    if (listed === undefined) return { workflowId: id as WorkflowId, version: 0 }
    return isUnreadable(listed) ? undefined : changeOf(listed)
  }

  /** Removes the deletions that the server has forgotten, now and then. */
  private forgetDeleted(): void {
    const before = this.shared.server.now - this.shared.settings.retention
    if (this.forgotAt > before) return
    this.forgotAt = this.shared.server.now
    for (const [id, { at, listed }] of this.entries) if (listed === undefined && at < before) this.entries.delete(id)
  }
}

/** Whether an execution as it is listed, if it is, is not finished. */
export const isOpen = (listed: ExecutionSummary | Unreadable | undefined): boolean =>
  listed !== undefined && !isUnreadable(listed) && listed.closedAt === undefined

// internal

interface Entry {
  readonly version: number
  /** None of what was deleted. */
  readonly listed: ExecutionSummary | Unreadable | undefined
  /** When it was received, or noted, by the clock of the server. */
  readonly at: number
}

/** For how many times as long as events are usually kept back a look reads again. */
const overlap = 2
