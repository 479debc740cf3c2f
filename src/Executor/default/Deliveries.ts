/**
 * The messages that a running execution of this worker owes, one line for each receiver.
 */
import * as Exit from "effect/Exit"
import type { MessageOutcome } from "../../HistoryEvent.ts"
import type { MessageId, Version, WorkflowId } from "../../Ids.ts"
import type { Owed, WorkflowState } from "../../WorkflowState.ts"
import type { Appender } from "./Appender.ts"
import type { Sender } from "./append.ts"
import { deliver } from "./Delivery.ts"
import { storeErrorOf } from "./errors.ts"
import type { Fibers } from "./Fibers.ts"

/** Messages of one execution that are delivered at once; the others wait. */
const atOnce = 16

/** How long a message waits that only a newer release can deliver, in milliseconds. */
const longPause = 30_000

export class Deliveries {
  private readonly fibers: Fibers
  private readonly appender: Appender
  private readonly settled: (id: MessageId, outcome: MessageOutcome) => void
  /** The message in front of each line, from the time when it is taken until it is noted. */
  private readonly underWay = new Map<WorkflowId, MessageId>()
  /** The version of each receiver that has the latest message of its line. */
  private readonly seen = new Map<WorkflowId, Version>()
  private stopped = false

  constructor(fibers: Fibers, appender: Appender, settled: (id: MessageId, outcome: MessageOutcome) => void) {
    this.fibers = fibers
    this.appender = appender
    this.settled = settled
  }

  /** Delivers the first message of each line, after the one before it was noted. `state` is the one that was saved. */
  next(state: WorkflowState): void {
    for (const [to, id] of this.underWay) if (!state.owed.has(id)) this.underWay.delete(to)
    for (const owed of state.owed.values()) {
      if (this.underWay.size >= atOnce) return
      if (this.underWay.has(owed.to)) continue
      this.underWay.set(owed.to, owed.id)
      this.deliver(state, owed)
    }
    if (this.underWay.size === 0) this.seen.clear()
  }

  /** Begins nothing more. */
  stop(): void {
    this.stopped = true
  }

  private deliver({ chain, root, trace, workflowId }: Sender, owed: Owed): void {
    if (this.stopped) return
    // Not the state, which goes on.
    const sender = { chain, root, trace, workflowId }
    this.fibers.fork(deliver(this.appender, sender, owed, this.seen.get(owed.to)), (exit) => {
      if (Exit.isSuccess(exit)) {
        const { outcome, version } = exit.value
        if (version !== undefined) this.seen.set(owed.to, version)
        return this.settled(owed.id, outcome)
      }
      const message = `message ${owed.id} to ${JSON.stringify(owed.to)} stays owed`
      this.fibers.log("Error", `${message}: ${storeErrorOf(exit.cause).message}`)
      this.fibers.after(longPause, () => this.deliver(sender, owed))
    })
  }
}
