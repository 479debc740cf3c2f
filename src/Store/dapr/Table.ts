/**
 * What is known of every execution: its latest version and summary. The index tells of what others do, and the operations of this process
 * know their own outcome first; of two reports the later version is right.
 */
import type * as Option from "effect/Option"
import type { WorkflowId } from "../../Ids.ts"
import type { Place } from "../../internal/store/listing.ts"
import { Order, type Unreadable } from "../../internal/store/Order.ts"
import type { ExecutionSummary, Page, WorkflowFilter } from "../WorkflowStore.ts"
import type { Head } from "./record.ts"

/** The latest of an id, as far as this process knows. */
export type Known =
  | Head
  /** Of a head that cannot be read, the version that the index told. */
  | { readonly _tag: "Damaged"; readonly version: number; readonly unreadable: Unreadable }

/** The executions of a store, by id and in the order of listings. */
export class Table {
  private readonly entries = new Map<WorkflowId, Known>()
  private order = new Order()

  get(workflowId: WorkflowId): Known | undefined {
    return this.entries.get(workflowId)
  }

  /** How many ids there are, those of deletions included. */
  get size(): number {
    return this.entries.size
  }

  /** The ids of all that the index must tell of: also of what was deleted and is still to be forgotten. */
  get ids(): Iterable<WorkflowId> {
    return this.entries.keys()
  }

  /** Notes the latest of an id, unless a later version is known; returns whether it is news. */
  put(workflowId: WorkflowId, known: Known): boolean {
    const old = this.entries.get(workflowId)
    if (old !== undefined && old.version >= known.version && (old._tag !== "Damaged" || known._tag === "Damaged"))
      return false
    this.entries.set(workflowId, known)
    this.order.replace(listedOf(old), listedOf(known))
    return true
  }

  /** Forgets an id of which nothing is left. */
  forget(workflowId: WorkflowId): void {
    const old = this.entries.get(workflowId)
    this.entries.delete(workflowId)
    this.order.replace(listedOf(old), undefined)
  }

  /** Takes all there is in place of what was there. */
  replaceAll(all: Iterable<readonly [WorkflowId, Known]>): void {
    this.entries.clear()
    for (const [workflowId, known] of all) this.entries.set(workflowId, known)
    this.order = new Order()
    this.order.fill([...this.entries.values()].flatMap((known) => listedOf(known) ?? []))
  }

  /** The ids that were deleted before a time. */
  deletedBefore(time: number): ReadonlyArray<WorkflowId> {
    return [...this.entries].flatMap(([id, known]) => (known._tag === "Deleted" && known.at < time ? [id] : []))
  }

  /** The page that a filter asks for. */
  page(filter: WorkflowFilter, after: Option.Option<Place>): Page {
    return this.order.page(filter, after)
  }

  /** How many executions meet all conditions of a filter. */
  count(filter: WorkflowFilter): number {
    return this.order.count(filter)
  }
}

// internal

const listedOf = (known: Known | undefined): ExecutionSummary | Unreadable | undefined => {
  switch (known?._tag) {
    case "Live":
      return known.summary
    case "Damaged":
      return known.unreadable
    case "Deleted":
    case undefined:
      return undefined
  }
}
