/**
 * The messages of an execution that are not settled yet. Temporal has the first of each receiver: it keeps no order among messages that
 * it has at the same time.
 */
import type { EventOf } from "../../../HistoryEvent.ts"
import type { MessageId, WorkflowId } from "../../../Ids.ts"

/** A message with its id. */
export interface Outgoing {
  readonly id: MessageId
  readonly command: EventOf<"MessageSent">
}

export class Outbox {
  private readonly transmit: (outgoing: Outgoing) => void
  private readonly lines = new Map<WorkflowId, Array<Outgoing>>()

  /** `transmit` is called with a message when it is its turn. */
  constructor(transmit: (outgoing: Outgoing) => void) {
    this.transmit = transmit
  }

  get isEmpty(): boolean {
    return this.lines.size === 0
  }

  /** Adds a message. */
  add(outgoing: Outgoing): void {
    const { to } = outgoing.command
    const line = this.lines.get(to)
    if (line !== undefined) return void line.push(outgoing)
    this.lines.set(to, [outgoing])
    this.transmit(outgoing)
  }

  /** Goes on with the next message to an execution, after the one before it was settled. */
  settled(to: WorkflowId): void {
    const line = this.lines.get(to) ?? []
    line.shift()
    const [next] = line
    if (next === undefined) this.lines.delete(to)
    else this.transmit(next)
  }
}
