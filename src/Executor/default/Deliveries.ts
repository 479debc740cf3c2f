/**
 * The messages that a running execution of this worker owes, one line for each receiver.
 */
import * as Exit from "effect/Exit"
import type { MessageOutcome } from "../../HistoryEvent.ts"
import type { MessageId, WorkflowId } from "../../Ids.ts"
import type { WorkflowState } from "../../WorkflowState.ts"
import type { Appender } from "./append.ts"
import { deliver } from "./Delivery.ts"
import type { Fibers } from "./Fibers.ts"

/** Messages of one execution that are delivered at once; the others wait. */
const atOnce = 16

export class Deliveries {
  private readonly fibers: Fibers
  private readonly appender: Appender
  private readonly settled: (id: MessageId, outcome: MessageOutcome) => void
  /** The message in front of each line, from the time when it is taken until it is noted. */
  private readonly underWay = new Map<WorkflowId, MessageId>()

  constructor(fibers: Fibers, appender: Appender, settled: (id: MessageId, outcome: MessageOutcome) => void) {
    this.fibers = fibers
    this.appender = appender
    this.settled = settled
  }

  /** Delivers the first message of each line, after the one before it was noted. */
  next(state: WorkflowState): void {
    for (const [to, id] of this.underWay) if (!state.owed.has(id)) this.underWay.delete(to)
    for (const owed of state.owed.values()) {
      if (this.underWay.size >= atOnce) return
      if (this.underWay.has(owed.to)) continue
      this.underWay.set(owed.to, owed.id)
      this.fibers.fork(deliver(this.appender, state.chain, owed), (exit) => {
        if (Exit.isSuccess(exit)) return this.settled(owed.id, exit.value)
        // It stays owed: the next worker that takes the execution delivers it.
        this.fibers.log("Error", `message ${owed.id} to ${JSON.stringify(owed.to)} could not be delivered`)
      })
    }
  }
}
