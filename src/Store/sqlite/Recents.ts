/**
 * What is remembered of the executions that were of use lately; the others are forgotten.
 */
import type { WorkflowId } from "../../Ids.ts"

/** How many are remembered at least, and half of how many at most. */
const size = 2048

export class Recents<A> {
  private recent = new Map<WorkflowId, A>()
  private older = new Map<WorkflowId, A>()

  get(workflowId: WorkflowId): A | undefined {
    return this.recent.get(workflowId) ?? this.older.get(workflowId)
  }

  set(workflowId: WorkflowId, known: A): void {
    this.recent.set(workflowId, known)
    this.older.delete(workflowId)
    if (this.recent.size < size) return
    this.older = this.recent
    this.recent = new Map()
  }

  delete(workflowId: WorkflowId): void {
    this.recent.delete(workflowId)
    this.older.delete(workflowId)
  }

  clear(): void {
    this.recent.clear()
    this.older.clear()
  }
}
