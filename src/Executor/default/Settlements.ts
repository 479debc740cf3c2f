/**
 * Delivers in the background what executions owe to others that no worker runs.
 */
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Semaphore from "effect/Semaphore"
import type { WorkflowId } from "../../Ids.ts"
import type { Appender } from "./Appender.ts"
import { settle } from "./Delivery.ts"
import { storeErrorOf } from "./errors.ts"
import type { Fibers } from "./Fibers.ts"

/** Executions whose messages are delivered at once. */
const atOnce = 16

export class Settlements {
  private readonly fibers: Fibers
  private readonly appender: Appender
  private readonly settling = new Set<WorkflowId>()
  private readonly room = Semaphore.makeUnsafe(atOnce)

  constructor(fibers: Fibers, appender: Appender) {
    this.fibers = fibers
    this.appender = appender
  }

  get isIdle(): boolean {
    return this.settling.size === 0
  }

  /** Delivers what an execution owes, once at a time. */
  settle(workflowId: WorkflowId): void {
    if (this.settling.has(workflowId)) return
    this.settling.add(workflowId)
    this.fibers.fork(this.room.withPermit(settle(this.appender, workflowId)), (exit) => {
      this.settling.delete(workflowId)
      if (Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause)) return
      const { message } = storeErrorOf(exit.cause)
      this.fibers.log("Error", `what an execution owes to others cannot be delivered: ${message}`, { workflowId })
    })
  }
}
