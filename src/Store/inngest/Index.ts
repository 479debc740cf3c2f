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
    return this.entries.get(id)?.version ?? 0
  }

  /** Whether a worker may have something to do for an execution as it is listed. */
  isListedOpen(id: string): boolean {
    return isOpen(this.entries.get(id)?.listed)
  }

  /** Whether what was read of an id, none when it is deleted, is not what is listed. */
  isBehind(id: string, read: ExecutionSummary | undefined): boolean {
    return read === undefined ? this.entries.get(id)?.listed !== undefined : read.version > this.versionOf(id)
  }

  /** Notes the latest of an execution, unless a later version is known. */
  note({ id, kind, version }: Head, summary: ExecutionSummary | Unreadable | undefined): void {
    const change = this.put(id, version, kind === "commit" ? summary : undefined)
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
    this.readTo = Math.max(this.readTo ?? 0, timeOf(internal))
    const content = decode(text)
    if (content === undefined || content.head.kind === "delete" || content.head.kind === "removal") return undefined
    const { head } = content
    if (head.version <= this.versionOf(head.id)) return undefined
    return this.put(head.id, head.version, isCommit(content) ? summaryOf(content) : undefined)
  }

  private put(id: string, version: number, listed: ExecutionSummary | Unreadable | undefined): Change | undefined {
    const known = this.entries.get(id)
    if (known !== undefined && known.version >= version) return undefined
    this.entries.set(id, { version, listed })
    this.order.replace(known?.listed, listed)
    if (listed === undefined) return { workflowId: id as WorkflowId, version: 0 }
    return isUnreadable(listed) ? undefined : changeOf(listed)
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
}

/** For how many times as long as events are usually kept back a look reads again. */
const overlap = 2
