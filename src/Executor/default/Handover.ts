/**
 * The ends of children whose parents other workers run. Such a worker hears of an end and fetches it, as mail of the parent:
 * several ends are then one commit, and that takes part in no race. An end that is committed to the parent from elsewhere may
 * make its worker lose the race for a version, and replay: for a parent of many children, a long history each time.
 *
 * News may be missed, so an end is delivered from here when it is still owed after two heartbeats and none was fetched meanwhile,
 * or after a dozen: the other worker may have many to fetch.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { WorkflowId } from "../../Ids.ts"
import type { Change, StoreError } from "../../Store/WorkflowStore.ts"
import { isFinal } from "../../WorkflowState.ts"
import type { Heartbeat } from "./Heartbeat.ts"
import type { Shared } from "./Shared.ts"

/** For how many looks ends are left to others, while these fetch none and while they do. */
const shortest = 1
const longest = 12

export class Handover {
  private readonly shared: Shared<never>
  private readonly heartbeat: Heartbeat
  private readonly settle: (workflowId: WorkflowId) => void
  /** Ends that are left to others: since which version they are owed, and for how many looks. */
  private readonly left = new Map<WorkflowId, { readonly version: number; looks: number }>()
  /** Whether one of them was fetched since the latest look. */
  private fetched = false

  constructor(options: {
    readonly shared: Shared<never>
    readonly heartbeat: Heartbeat
    /** Delivers what an execution owes. */
    readonly settle: (workflowId: WorkflowId) => void
  }) {
    this.shared = options.shared
    this.heartbeat = options.heartbeat
    this.settle = options.settle
  }

  /**
   * An execution of this worker has ended and owes messages: they are delivered, or left to the worker of its parent. An end that
   * is left already stays so, however often it is found.
   */
  owes(workflowId: WorkflowId, version: number): void {
    if ((this.left.get(workflowId)?.version ?? 0) >= version) return
    // At once, since it may be fetched before it is known that it will be.
    this.left.set(workflowId, { version, looks: 0 })
    this.shared.fibers.fork(this.isForOther(workflowId), (exit) => {
      if (Exit.isSuccess(exit) && exit.value) return
      this.left.delete(workflowId)
      this.settle(workflowId)
    })
  }

  /** Notes an end that is not owed any more. News may be late, so not all that is heard of an execution is of its end. */
  heard({ owner, unowned = false, version, workflowId }: Change): void {
    const left = this.left.get(workflowId)
    if (left === undefined || version <= left.version || unowned || owner !== undefined) return
    this.left.delete(workflowId)
    this.fetched = true
  }

  /** Delivers the ends that were left to others for long enough. Called at each heartbeat. */
  readonly look: Effect.Effect<void> = Effect.sync(() => {
    const most = this.fetched ? longest : shortest
    this.fetched = false
    for (const [workflowId, left] of this.left) {
      if (left.looks++ < most) continue
      this.left.delete(workflowId)
      this.settle(workflowId)
    }
  })

  /** Whether all that an execution owes is its end, and another worker that lives runs its parent. */
  private isForOther(workflowId: WorkflowId): Effect.Effect<boolean, StoreError> {
    const { heartbeat, shared } = this
    const { store, worker } = shared
    return Effect.gen(function* () {
      const child = yield* store.summary(workflowId)
      if (child._tag === "None" || child.value.owed !== 1 || child.value.parent === undefined) return false
      const parent = yield* store.summary(child.value.parent.workflowId)
      if (parent._tag === "None" || isFinal(parent.value.status)) return false
      const { owner } = parent.value
      return owner !== undefined && owner !== worker && heartbeat.alive.has(owner)
    })
  }
}
