/**
 * The executions of all partitions in the order of listings. It follows the folds when a listing asks, so that commits cost nothing here.
 */
import type * as Option from "effect/Option"
import type { Place } from "../../internal/store/listing.ts"
import { type Listed, Order } from "../../internal/store/Order.ts"
import type { Page, WorkflowFilter } from "../WorkflowStore.ts"
import type { Partition } from "./Partition.ts"
import { idOf, isDamaged, summaryOf } from "./record.ts"

/** What listings go through. */
export class Table {
  private readonly order = new Order()
  private readonly listed = new Map<string, Listed>()
  private readonly partitions: ReadonlyArray<Partition>

  constructor(partitions: ReadonlyArray<Partition>) {
    this.partitions = partitions
  }

  /** The page that a filter asks for. */
  page(filter: WorkflowFilter, after: Option.Option<Place>): Page {
    this.follow()
    return this.order.page(filter, after)
  }

  /** How many executions meet all conditions of a filter. */
  count(filter: WorkflowFilter): number {
    this.follow()
    return this.order.count(filter)
  }

  private follow(): void {
    const many = this.partitions.reduce((sum, { unlisted }) => sum + unlisted.size, 0) > sortedAnew
    for (const { fold, unlisted } of this.partitions) {
      for (const id of unlisted) {
        const last = fold.executions.get(id)?.commits.at(-1)
        const summary = last === undefined ? undefined : summaryOf(last, id)
        const now = summary !== undefined && isDamaged(summary) ? { workflowId: idOf(id), ...summary } : summary
        if (!many) this.order.replace(this.listed.get(id), now)
        if (now === undefined) this.listed.delete(id)
        else this.listed.set(id, now)
      }
      unlisted.clear()
    }
    if (many) this.order.fill(this.listed.values())
  }
}

// internal

// From how many changes on all are sorted anew.
const sortedAnew = 5000
