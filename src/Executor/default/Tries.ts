/**
 * What this worker knows of executions that its program could not go on with: how often it has tried, and when it tries again.
 * Its code stays the same as long as its process, so the pauses grow; a process with other code begins anew.
 */
import type { RunId, WorkflowId } from "../../Ids.ts"

/** The first and the longest pause before an execution is tried again, in milliseconds; each is twice the one before. */
const firstPause = 30_000
const longestPause = 3_600_000

/** How long a run is left to other workers after a try, in milliseconds, however often this worker looks: a busy one looks late. */
const turnOfOthers = 500

/** So many executions are remembered; of more the oldest are forgotten. */
const mostRemembered = 10_000

interface Try {
  readonly runId: RunId
  readonly workflow: string
  readonly count: number
  readonly lastAt: number
  readonly nextAt: number
}

export class Tries {
  private readonly now: () => number
  private readonly all = new Map<WorkflowId, Try>()

  constructor(now: () => number) {
    this.now = now
  }

  /** How often this worker has tried a run in vain. */
  count({ runId, workflowId }: { readonly workflowId: WorkflowId; readonly runId: RunId }): number {
    const known = this.all.get(workflowId)
    return known?.runId === runId ? known.count : 0
  }

  /** Whether a run was tried so shortly before that it is the turn of other workers. */
  isRecent(run: { readonly workflowId: WorkflowId; readonly runId: RunId }): boolean {
    return this.count(run) > 0 && this.now() < this.all.get(run.workflowId)!.lastAt + turnOfOthers
  }

  /** Whether it is time to try a run, for the first time or again. */
  isDue({ runId, workflowId }: { readonly workflowId: WorkflowId; readonly runId: RunId }): boolean {
    const known = this.all.get(workflowId)
    return known === undefined || known.runId !== runId || known.nextAt <= this.now()
  }

  /** Notes a try in vain; returns how many there were. */
  failed(run: { readonly workflowId: WorkflowId; readonly runId: RunId; readonly workflow: string }): number {
    const { runId, workflow, workflowId } = run
    const count = this.count(run) + 1
    const lastAt = this.now()
    const pause = Math.min(longestPause, firstPause * 2 ** (count - 1))
    this.all.delete(workflowId)
    this.all.set(workflowId, { runId, workflow, count, lastAt, nextAt: lastAt + pause })
    if (this.all.size > mostRemembered) this.all.delete(this.all.keys().next().value!)
    return count
  }

  /** Forgets an execution that this worker runs. */
  succeeded(workflowId: WorkflowId): void {
    this.all.delete(workflowId)
  }

  /** Forgets the executions of a workflow that has another program now. */
  forget(workflow: string): void {
    for (const [workflowId, known] of this.all) if (known.workflow === workflow) this.all.delete(workflowId)
  }
}
