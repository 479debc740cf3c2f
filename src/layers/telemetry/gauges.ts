/**
 * The gauges of what a store has that is not finished, by one pass over it.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { hasWork } from "../../Executor/default/due.ts"
import type { WorkerId } from "../../Ids.ts"
import type { ExecutionSummary, StoreError, WorkflowFilter, WorkflowStore } from "../../Store/WorkflowStore.ts"
import type { Name, Series } from "./series.ts"

/** So much later than its time a timer is overdue, in milliseconds: a worker that was killed is replaced by then, or almost. */
const grace = 5000

/** The most that a store returns at once. */
const page = 1000

const open: WorkflowFilter["status"] = ["running", "blocked"]

export class Gauges {
  private readonly store: WorkflowStore["Service"]
  private readonly series: Series
  private readonly atMost: number
  /** The series that were set, which go back to 0 when there is nothing to count. */
  private readonly known = new Map<string, readonly [name: Name, values: ReadonlyArray<string>]>()

  constructor(store: WorkflowStore["Service"], series: Series, atMost: number) {
    this.store = store
    this.series = series
    this.atMost = atMost
  }

  /**
   * Looks at the store once: one query for its workers and one for each thousand of its executions, and one more where there are more than
   * it looks at.
   */
  readonly look: Effect.Effect<void, StoreError> = Effect.gen({ self: this }, function* () {
    const { living } = yield* this.store.workers
    const counted = new Counted(yield* Clock.currentTimeMillis, new Set(living.map(({ id }) => id)))
    let seen = 0
    let cursor: string | undefined
    do {
      const limit = Math.min(page, this.atMost - seen)
      const { executions, next, unreadable = [] } = yield* this.store.list({ status: open, limit, cursor })
      for (const summary of executions) counted.add(summary)
      seen += executions.length + unreadable.length
      cursor = Option.getOrUndefined(next)
    } while (cursor !== undefined && seen < this.atMost)
    const all = cursor === undefined ? seen : yield* this.store.count({ status: open })
    counted.set("workflow.executions.uncounted", [], Math.max(0, all - seen))
    this.show(counted)
  })

  private show({ all }: Counted): void {
    for (const [key, series] of this.known) if (!all.has(key)) this.series.update(...series, 0)
    for (const [key, { name, value, values }] of all) {
      this.known.set(key, [name, values])
      this.series.update(name, values, value)
    }
  }
}

// internal

/**
 * Since when a worker should look at an execution that none has; a time to come where there is nothing to do yet. Of what a worker left under
 * way it is not known when that worker ended.
 */
const dueSince = (summary: ExecutionSummary, now: number): number => {
  const { owner, startedAt, updatedAt, wakeAt = Number.POSITIVE_INFINITY } = summary
  if (wakeAt <= now) return wakeAt
  if (owner === undefined) return startedAt
  return hasWork(summary, now) ? updatedAt : wakeAt
}

interface Count {
  readonly name: Name
  readonly values: ReadonlyArray<string>
  value: number
}

class Counted {
  readonly all = new Map<string, Count>()
  private readonly now: number
  private readonly living: ReadonlySet<WorkerId>

  constructor(now: number, living: ReadonlySet<WorkerId>) {
    this.now = now
    this.living = living
    this.set("workflow.executions.unowned.age", [], 0)
  }

  add(summary: ExecutionSummary): void {
    const { owner, status, waitingFor, workflow } = summary
    this.count("workflow.executions.active", [workflow, status])
    if (status === "running" && (owner === undefined || !this.living.has(owner))) {
      this.count("workflow.executions.unowned", [workflow])
      const age = this.of("workflow.executions.unowned.age", [])
      age.value = Math.max(age.value, (this.now - dueSince(summary, this.now)) / 1000)
    }
    for (const waiting of waitingFor) {
      if (waiting._tag !== "Timer") continue
      this.count("workflow.timers.pending", [workflow])
      if (waiting.until < this.now - grace) this.count("workflow.timers.overdue", [workflow])
    }
  }

  set(name: Name, values: ReadonlyArray<string>, value: number): void {
    this.of(name, values).value = value
  }

  private count(name: Name, values: ReadonlyArray<string>): void {
    this.of(name, values).value++
  }

  private of(name: Name, values: ReadonlyArray<string>): Count {
    const key = [name, ...values].join("\0")
    let found = this.all.get(key)
    if (found === undefined) this.all.set(key, (found = { name, values, value: 0 }))
    return found
  }
}
