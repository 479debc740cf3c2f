/**
 * What is known of every execution of the bucket: its latest commit, without events. The watch keeps it up to date, and
 * so do the operations of this process, which know their own outcome first; of two reports the later sequence is right.
 */
import * as Option from "effect/Option"
import type { RunId, Version, WorkflowId } from "../../Ids.ts"
import type { Place } from "../../internal/store/listing.ts"
import { Order, type Unreadable } from "../../internal/store/Order.ts"
import type { ExecutionSummary, Page, WorkflowFilter } from "../WorkflowStore.ts"
import type { Label } from "./message.ts"

/** The latest commit of an execution. */
export interface Head {
  readonly id: string
  readonly runId: RunId
  readonly version: Version
  /** The sequence of the message before the first one of the id, since its last deletion. */
  readonly origin: number
  /** The same of the first one of the run. */
  readonly base: number
  readonly summary: ExecutionSummary
}

/** The head that a commit makes. */
export const headOf = ({ id, runId, version, origin, base }: Label, summary: ExecutionSummary): Head => ({
  id,
  runId,
  version,
  origin,
  base,
  summary
})

/** What is known of one key. */
export interface Entry {
  readonly workflowId: WorkflowId
  /** The sequence of the latest message on its subject: what the next one must expect. */
  readonly seq: number
  /** None when the execution was deleted. */
  readonly head: Option.Option<Head>
  /** The version after which the next one comes: that of the head, or that of the record of the deletion. */
  readonly version: number
  /** A version that this process has seen, and the sequence of its commit: where reading can go on. */
  readonly seen: { readonly version: number; readonly seq: number }
}

/** The executions of a bucket, by key and in the order of listings. */
export class Table {
  /** Every message up to this sequence was seen by the watch: a late report of a key that is absent is about what is gone. */
  passed = 0
  /** Keys whose latest message does not tell their summary, and its sequence: it is read when a listing needs it. */
  readonly unread = new Map<string, number>()
  private readonly entries = new Map<string, Entry>()
  private readonly damaged = new Map<string, { readonly seq: number; readonly unreadable: Unreadable }>()
  private readonly order = new Order()

  get(key: string): Entry | undefined {
    return this.entries.get(key)
  }

  keys(): ReadonlyArray<string> {
    return [...this.entries.keys(), ...this.damaged.keys()]
  }

  /** The sequence of the latest message of a key that is known, and whose it is. */
  latest(key: string): { readonly seq: number; readonly workflowId: WorkflowId } | undefined {
    const damage = this.damaged.get(key)
    return damage === undefined ? this.entries.get(key) : { seq: damage.seq, workflowId: damage.unreadable.workflowId }
  }

  /** Notes the latest commit of a key, unless a later message is known. */
  put(key: string, seq: number, head: Head): void {
    const old = this.entries.get(key)
    const last = this.latest(key)
    if (last === undefined ? seq <= this.passed && !this.unread.has(key) : last.seq >= seq) return
    this.restore(key)
    const seen = old !== undefined && Option.isSome(old.head) ? old.seen : { version: head.version, seq }
    const { version } = head
    this.entries.set(key, { workflowId: head.summary.workflowId, seq, head: Option.some(head), version, seen })
    this.reorder(old, head)
  }

  /** Notes that the latest commit of a key cannot be read, unless a later message is known. */
  spoil(key: string, seq: number, unreadable: Unreadable): void {
    const last = this.latest(key)
    // As in `put`: a late report of a key that is absent is about what is gone.
    if (last === undefined ? seq <= this.passed && !this.unread.has(key) : last.seq > seq) return
    this.remove(key)
    this.damaged.set(key, { seq, unreadable })
    this.order.replace(undefined, unreadable)
  }

  /** Notes the deletion of a key until the watch reports it, so that no earlier news brings the key back. */
  bury(key: string, seq: number, workflowId: WorkflowId, version: number): void {
    const old = this.entries.get(key)
    const last = this.latest(key)
    if (last === undefined ? seq <= this.passed : last.seq >= seq) return
    this.restore(key)
    this.entries.set(key, { workflowId, seq, head: Option.none(), version, seen: { version: 0, seq } })
    this.reorder(old, undefined)
  }

  /** Notes that this process has seen all commits of a key up to a version. */
  saw(key: string, version: number, seq: number): void {
    const entry = this.entries.get(key)
    if (entry !== undefined) this.entries.set(key, { ...entry, seen: { version, seq } })
  }

  /** Notes a later message on the subject of a key that changes nothing else. */
  advance(key: string, seq: number): void {
    const entry = this.entries.get(key)
    if (entry !== undefined && entry.seq < seq) this.entries.set(key, { ...entry, seq })
  }

  /** Forgets a key. */
  remove(key: string): void {
    const old = this.entries.get(key)
    this.entries.delete(key)
    this.unread.delete(key)
    this.restore(key)
    this.reorder(old, undefined)
  }

  /** The page that a filter asks for. */
  page(filter: WorkflowFilter, after: Option.Option<Place>): Page {
    return this.order.page(filter, after)
  }

  /** How many executions meet all conditions of a filter. */
  count(filter: WorkflowFilter): number {
    return this.order.count(filter)
  }

  /** Forgets that a key is damaged. */
  private restore(key: string): void {
    const damage = this.damaged.get(key)
    if (damage === undefined) return
    this.damaged.delete(key)
    this.order.replace(damage.unreadable, undefined)
  }

  private reorder(old: Entry | undefined, head: Head | undefined): void {
    const before = old === undefined ? undefined : Option.getOrUndefined(old.head)?.summary
    this.order.replace(before, head?.summary)
  }
}
