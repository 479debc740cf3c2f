/**
 * Which runs of an execution are due for removal. What was read of an execution is remembered, so that its history is not read again
 * until something can have changed.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type RunId, Version, type WorkflowId } from "../../Ids.ts"
import { isUnreadable } from "../../internal/store/failure.ts"
import { byRun } from "../../internal/store/runs.ts"
import type { ExecutionSummary, StoredCommit, StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"

/** So many executions are remembered. */
const rememberedAtMost = 10_000

/** Runs that are due: how many, and the first one that stays. */
export interface Due {
  readonly before: RunId
  readonly runs: number
}

export class Runs {
  private readonly store: WorkflowStore["Service"]
  /** When the oldest of the earlier runs has ended, as long as the current run is the same; `Infinity` when there is none. */
  private readonly known = new Map<WorkflowId, { readonly firstVersion: Version; readonly ended: number }>()

  constructor(store: WorkflowStore["Service"]) {
    this.store = store
  }

  /** The runs of an execution that ended before a time; `undefined` when there are none. */
  readonly endedBefore = (summary: ExecutionSummary, time: number): Effect.Effect<Due | undefined, StoreError> =>
    Effect.suspend(() => {
      const { firstVersion, workflowId } = summary
      if (firstVersion === 1) return Effect.undefined
      const known = this.known.get(workflowId)
      if (known?.firstVersion === firstVersion && known.ended >= time) return Effect.undefined
      return Effect.map(this.load(workflowId), (commits) => {
        const all = endsOf(commits)
        const current = all.length - 1
        const due = Math.max(
          0,
          all.findIndex(({ ended }, index) => index === current || ended >= time)
        )
        this.remember(workflowId, firstVersion, due < current ? all[due]!.ended : Number.POSITIVE_INFINITY)
        return due === 0 ? undefined : { before: all[due]!.runId, runs: due }
      })
    })

  /** Forgets an execution whose runs could not be removed. */
  forget(workflowId: WorkflowId): void {
    this.known.delete(workflowId)
  }

  private remember(workflowId: WorkflowId, firstVersion: Version, ended: number): void {
    this.known.delete(workflowId)
    this.known.set(workflowId, { firstVersion, ended })
    if (this.known.size <= rememberedAtMost) return
    for (const oldest of this.known.keys()) return void this.known.delete(oldest)
  }

  /** All commits; none of what is damaged, or of a newer release. */
  private load(workflowId: WorkflowId): Effect.Effect<ReadonlyArray<StoredCommit>, StoreError> {
    return this.store.load(workflowId, { after: Version.make(0) }).pipe(
      Effect.map((found) => (Option.isSome(found) ? found.value.commits : [])),
      Effect.catchIf(isUnreadable, () => Effect.succeed([]))
    )
  }
}

// internal

/** The runs, oldest first, each with the time of its last event in milliseconds since 1970. */
const endsOf = (
  commits: ReadonlyArray<StoredCommit>
): ReadonlyArray<{ readonly runId: RunId; readonly ended: number }> =>
  Array.from(byRun(commits), ([runId, commits]) => ({ runId, ended: commits.at(-1)!.events.at(-1)!.at }))
