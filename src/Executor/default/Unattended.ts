/**
 * What a process without any workflow says of executions that its callers wait for: a caller waits for as long as it takes, and nothing
 * else would tell of a layer that was forgotten.
 */
import * as Effect from "effect/Effect"
import { programName } from "../../internal/core/programName.ts"
import type { ExecutionSummary, StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"
import type { RecoveryLog } from "./RecoveryLog.ts"

export class Unattended {
  private readonly store: WorkflowStore["Service"]
  private readonly log: RecoveryLog
  /** Executions without an owner, one of each program. */
  private readonly seen = new Map<string, ExecutionSummary>()

  constructor(store: WorkflowStore["Service"], log: RecoveryLog) {
    this.store = store
    this.log = log
  }

  /** Notes what the store has of an execution that a caller waits for. */
  see(summary: ExecutionSummary): void {
    if (summary.status === "running" && summary.owner === undefined) this.seen.set(programName(summary), summary)
  }

  /** Says which of the programs that were seen no living worker has. */
  readonly look: Effect.Effect<void, StoreError> = Effect.suspend(() => {
    const seen = [...this.seen]
    this.seen.clear()
    if (seen.length === 0) return Effect.void
    return Effect.map(this.store.workers, ({ living }) => {
      for (const [program, summary] of seen) {
        // Releases before 0.2 do not say what they have.
        if (!living.some(({ workflows }) => workflows?.includes(program) ?? true)) this.log.unregistered(summary)
      }
    })
  })
}
