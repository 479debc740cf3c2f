/**
 * The messages of an execution that are not settled yet. Temporal has the first of each receiver: it keeps no order among
 * messages that it has at the same time.
 */
import type { HistoryEvent, Ids } from "perdure"
import { messageId } from "../../../src/internal/core/evolve.ts"

/** A message with its id. */
export interface Outgoing {
  readonly id: Ids.MessageId
  readonly command: HistoryEvent.EventOf<"MessageSent">
}

export class Outbox {
  private readonly chain: Ids.RunId
  private readonly transmit: (outgoing: Outgoing) => void
  private readonly lines = new Map<Ids.WorkflowId, Array<Outgoing>>()
  private sent = 0

  /** `transmit` is called with a message when it is its turn. */
  constructor(chain: Ids.RunId, transmit: (outgoing: Outgoing) => void) {
    this.chain = chain
    this.transmit = transmit
  }

  get isEmpty(): boolean {
    return this.lines.size === 0
  }

  /** Adds a message. Messages must be added in the order in which the program issued them, since it numbers them. */
  add(command: HistoryEvent.EventOf<"MessageSent">): void {
    const outgoing = { id: messageId(this.chain, ++this.sent), command }
    const line = this.lines.get(command.to)
    if (line !== undefined) return void line.push(outgoing)
    this.lines.set(command.to, [outgoing])
    this.transmit(outgoing)
  }

  /** Goes on with the next message to an execution, after the one before it was settled. */
  settled(to: Ids.WorkflowId): void {
    const line = this.lines.get(to) ?? []
    line.shift()
    const [next] = line
    if (next === undefined) this.lines.delete(to)
    else this.transmit(next)
  }
}
