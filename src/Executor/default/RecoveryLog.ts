/**
 * What the log is told of executions that no worker runs, each thing once.
 */
import { encryptedFormats, formatVersion } from "../../HistoryEvent.ts"
import type { WorkerId } from "../../Ids.ts"
import type { ExecutionSummary, UnreadableExecution } from "../../Store/WorkflowStore.ts"
import type { Fibers } from "./Fibers.ts"
import type { Heartbeat } from "./Heartbeat.ts"

export class RecoveryLog {
  private readonly fibers: Fibers
  private readonly worker: WorkerId
  private readonly heartbeat: Heartbeat
  private readonly logged = new Set<string>()
  /** How many executions were taken over from each worker since that was logged. */
  private readonly takeovers = new Map<string, number>()

  constructor({ fibers, worker }: { readonly fibers: Fibers; readonly worker: WorkerId }, heartbeat: Heartbeat) {
    this.fibers = fibers
    this.worker = worker
    this.heartbeat = heartbeat
  }

  /** An execution that is recorded in a format of a newer release. */
  newer(summary: ExecutionSummary, format: number): void {
    const known = `this one reads formats up to ${formatVersion}, so a worker of that release must run it`
    const text =
      format > encryptedFormats
        ? "has encrypted payloads, so a worker with PayloadCodec.layer over its store must run it"
        : `was recorded in format ${format} by a newer release; ${known}`
    this.onceAWorkflow(`${summary.workflow}\n${format}`, summary, text)
  }

  /** An execution whose workflow this worker lacks. */
  unregistered(summary: ExecutionSummary): void {
    const { workflow } = summary
    const cure = "an executor that is given its toLayer(...) runs it"
    const text = `has no worker, and its workflow ${JSON.stringify(workflow)} is not registered here; ${cure}`
    this.onceAWorkflow(workflow, summary, text)
  }

  unreadable({ detail, workflowId }: UnreadableExecution): void {
    if (!this.isFirst(`damaged\n${workflowId}`)) return
    const what = `execution ${JSON.stringify(workflowId)} cannot be read from the store, and is passed over: ${detail}`
    this.fibers.log("Error", what, { workflowId })
  }

  /** Counts an execution that was taken over. */
  takenFrom(owner: WorkerId | undefined): void {
    if (owner === undefined || owner === this.worker) return
    const from = `${owner}, which ${this.heartbeat.hasDied(owner) ? "is silent" : "has ended"}`
    this.takeovers.set(from, (this.takeovers.get(from) ?? 0) + 1)
  }

  /** Says how many executions were taken over, and from whom. */
  takenOver(): void {
    const { worker } = this
    for (const [from, count] of this.takeovers) {
      this.fibers.log("Info", `has taken ${count} execution(s) over from worker ${from}`, { worker })
    }
    this.takeovers.clear()
  }

  private onceAWorkflow(what: string, { runId, workflow, workflowId }: ExecutionSummary, text: string): void {
    if (!this.isFirst(what)) return
    const about = { workflow, workflowId, runId }
    this.fibers.log("Warn", `execution ${JSON.stringify(workflowId)} ${text} (logged once a workflow)`, about)
  }

  private isFirst(what: string): boolean {
    if (this.logged.has(what)) return false
    this.logged.add(what)
    return true
  }
}
