/**
 * The executions in the care of this worker, at most so many of them in memory.
 */
import * as Effect from "effect/Effect"
import type { WorkflowId } from "../../Ids.ts"
import { ShutDown } from "../../WorkflowError.ts"
import type { Execution } from "./Execution.ts"

/** How many of those that were used least recently are looked at for one that can leave. */
const candidates = 16

export class Executions {
  private readonly maxHot: number
  private readonly all = new Map<WorkflowId, Execution>()
  /** Those in memory, the least recently used first. */
  private readonly hot = new Set<Execution>()

  constructor(maxHot: number) {
    this.maxHot = maxHot
  }

  /** How many are in care, in memory or not. */
  get size(): number {
    return this.all.size
  }

  /** How many are in memory. */
  get hotSize(): number {
    return this.hot.size
  }

  get(workflowId: WorkflowId): Execution | undefined {
    return this.all.get(workflowId)
  }

  /** Follows an execution into, within and out of memory. */
  touched(execution: Execution): void {
    switch (execution.phase._tag) {
      case "New":
        return
      case "Gone":
        this.hot.delete(execution)
        if (this.all.get(execution.workflowId) === execution) this.all.delete(execution.workflowId)
        return
      case "Parked":
        this.hot.delete(execution)
        return this.keep(execution)
      case "Hot":
      case "Blocked":
        if (execution.version < execution.firstVersion) return
        this.hot.delete(execution)
        this.hot.add(execution)
        this.keep(execution)
        if (this.hot.size > this.maxHot) this.park()
    }
  }

  /** Stops working on the executions of a workflow, and waits for their handlers. */
  stop(workflow: string): Effect.Effect<void> {
    return Effect.suspend(() => {
      const stopped = [...this.all.values()].filter((execution) => execution.registration.workflow === workflow)
      return Effect.forEach(stopped, (execution) => execution.stop(), { concurrency: "unbounded", discard: true })
    })
  }

  /** Lets go of all executions; whoever waits for an answer is told of the shutdown. */
  leave(): void {
    for (const execution of [...this.all.values()]) execution.leave(() => new ShutDown())
  }

  private keep(execution: Execution): void {
    if (this.all.get(execution.workflowId) !== execution) this.all.set(execution.workflowId, execution)
  }

  private park(): void {
    let looked = 0
    for (const execution of this.hot) {
      if (this.hot.size <= this.maxHot || ++looked > candidates) return
      this.hot.delete(execution)
      if (execution.isIdle) execution.park()
      // Behind all others, so that those that are busy for long do not hide the idle ones.
      else this.hot.add(execution)
    }
  }
}
