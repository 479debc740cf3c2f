/**
 * Summaries in the order of listings, for stores that list from memory.
 */
import * as Option from "effect/Option"
import type { WorkflowId } from "../../Ids.ts"
import type { ExecutionSummary, Page, WorkflowFilter } from "../../Store/WorkflowStore.ts"
import { compare, count, encodeCursor, matching, pageSize, type Place } from "./listing.ts"

/** An execution whose summary is damaged, in its place as far as that is known. */
export interface Unreadable extends Place {
  readonly workflowId: WorkflowId
  readonly detail: string
}

/** What a listing goes through. */
export type Listed = ExecutionSummary | Unreadable

/** Whether the summary of an execution is damaged. */
export const isUnreadable = (listed: Listed): listed is Unreadable => "detail" in listed

/** Summaries, from the oldest to the newest. */
export class Order {
  private all: Array<Listed> = []
  private unreadable = 0

  /** Puts a summary in the place of an earlier one of the same execution; adds or removes it when there is but one of the two. */
  replace(before: Listed | undefined, now: Listed | undefined): void {
    if (before !== undefined && isUnreadable(before)) this.unreadable--
    if (now !== undefined && isUnreadable(now)) this.unreadable++
    if (before !== undefined && now !== undefined && compare(before, now) === 0) {
      this.all[this.indexOf(now)] = now
      return
    }
    if (before !== undefined) this.all.splice(this.indexOf(before), 1)
    if (now !== undefined) this.all.splice(this.indexOf(now), 0, now)
  }

  /** Takes all there is in place of what was there, which is faster for many than one after the other. */
  fill(all: Iterable<Listed>): void {
    this.all = [...all].sort(compare)
    this.unreadable = this.all.filter(isUnreadable).length
  }

  /** The page that a filter asks for. */
  page(filter: WorkflowFilter, after: Option.Option<Place>): Page {
    const size = pageSize(filter)
    const found: Array<Listed> = []
    const matches = matching(filter)
    const step = filter.order === "newest" ? -1 : 1
    for (let index = this.start(filter, after); index >= 0 && index < this.all.length; index += step) {
      const listed = this.all[index]!
      if (isPast(filter, listed)) break
      if (!isUnreadable(listed) && !matches(listed)) continue
      if (found.length === size) return pageOf(found, Option.some(encodeCursor(found.at(-1)!)))
      found.push(listed)
    }
    return pageOf(found, Option.none())
  }

  /** How many executions meet all conditions of a filter. */
  count(filter: WorkflowFilter): number {
    if (this.unreadable === 0) return count(this.all as ReadonlyArray<ExecutionSummary>, filter)
    const matches = matching(filter)
    return this.all.filter((listed) => isUnreadable(listed) || matches(listed)).length
  }

  private start(filter: WorkflowFilter, after: Option.Option<Place>): number {
    if (filter.order === "newest") {
      if (Option.isSome(after)) return this.indexOf(after.value) - 1
      if (filter.startedBefore === undefined) return this.all.length - 1
      return this.indexOf({ startedAt: filter.startedBefore, workflowId: "" }) - 1
    }
    if (Option.isSome(after)) return this.indexAfter(after.value)
    return filter.startedFrom === undefined ? 0 : this.indexOf({ startedAt: filter.startedFrom, workflowId: "" })
  }

  /** The index of the first summary that is not before a place. */
  private indexOf(place: Place): number {
    let low = 0
    let high = this.all.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compare(this.all[middle]!, place) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  private indexAfter(place: Place): number {
    const index = this.indexOf(place)
    const found = this.all[index]
    return found !== undefined && compare(found, place) === 0 ? index + 1 : index
  }
}

// internal

/** Whether neither a summary nor any after it, in the order of a filter, has the times that the filter wants. */
const isPast = ({ order, startedBefore, startedFrom }: WorkflowFilter, { startedAt }: Place): boolean =>
  order === "newest"
    ? startedFrom !== undefined && startedAt < startedFrom
    : startedBefore !== undefined && startedAt >= startedBefore

const pageOf = (found: ReadonlyArray<Listed>, next: Page["next"]): Page => {
  const executions = found.filter((listed): listed is ExecutionSummary => !isUnreadable(listed))
  if (executions.length === found.length) return { executions, next }
  const unreadable = found.filter(isUnreadable).map(({ detail, workflowId }) => ({ workflowId, detail }))
  return { executions, next, unreadable }
}
