/**
 * Which worker runs which execution. A worker proves that it lives by one heartbeat of its own; an execution whose worker
 * is silent is taken by a commit, fenced by its version like every other. Ownership only saves work: what protects the
 * history is the version.
 */
import * as Effect from "effect/Effect"
import type { WorkerId } from "../../Ids.ts"
import { digest } from "../../internal/core/digest.ts"
import type { ExecutionSummary, StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"

/** Executions that a look asks for at once. */
const pageSize = 1000

export class Ownership {
  private readonly store: WorkflowStore["Service"]
  private readonly worker: WorkerId
  private readonly lease: number
  private readonly liveNow: () => number
  /** How many looks have found an execution without a worker while another worker was to take it. */
  private patience = new Map<string, number>()

  constructor(options: {
    readonly store: WorkflowStore["Service"]
    readonly worker: WorkerId
    readonly lease: number
    /** The time by which leases are measured, which is never a test's: other processes live in real time. */
    readonly liveNow: () => number
  }) {
    this.store = options.store
    this.worker = options.worker
    this.lease = options.lease
    this.liveNow = options.liveNow
  }

  /** Says that this worker lives. */
  readonly beat: Effect.Effect<void, StoreError> = Effect.suspend(() =>
    this.store.heartbeat(this.worker, this.liveNow() + this.lease)
  )

  /** Says that this worker has ended, so that others may take what it leaves. */
  readonly end: Effect.Effect<void, StoreError> = Effect.suspend(() => this.store.heartbeat(this.worker, 0))

  /**
   * The executions that this worker should take: those without a living worker, and, when `ownToo`, those that bear its own
   * name from an earlier life.
   */
  orphans(options: {
    readonly ownToo: boolean
    readonly wants: (summary: ExecutionSummary) => boolean
    /** Told of those that it does not want. */
    readonly passes: (summary: ExecutionSummary) => void
  }): Effect.Effect<ReadonlyArray<ExecutionSummary>, StoreError> {
    return Effect.gen({ self: this }, function* () {
      const alive = new Set(yield* this.store.workers)
      if (options.ownToo) alive.delete(this.worker)
      else alive.add(this.worker)
      const found: Array<ExecutionSummary> = []
      const waiting = new Map<string, number>()
      let cursor: string | undefined
      do {
        const page = yield* this.store.list({
          status: ["running", "blocked"],
          ownerNotIn: [...alive],
          limit: pageSize,
          cursor
        })
        for (const summary of page.executions) {
          if (!options.wants(summary)) {
            options.passes(summary)
            continue
          }
          const looks = this.patience.get(summary.workflowId) ?? 0
          // What bears its own name is for nobody else: to others this worker lives.
          if (summary.owner === this.worker || looks >= this.rank(summary.workflowId, alive)) found.push(summary)
          else waiting.set(summary.workflowId, looks + 1)
        }
        cursor = page.next._tag === "Some" ? page.next.value : undefined
      } while (cursor !== undefined)
      this.patience = waiting
      return found
    })
  }

  /** How many living workers come before this one for an execution (rendezvous hashing). */
  private rank(workflowId: string, alive: ReadonlySet<WorkerId>): number {
    const mine = digest(`${workflowId}\n${this.worker}`)
    let before = 0
    for (const other of alive) if (other !== this.worker && digest(`${workflowId}\n${other}`) > mine) before++
    return before
  }
}
