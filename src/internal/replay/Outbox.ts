/**
 * What a program sends to other executions: messages by their numbers in the chain, and children.
 */
import * as Effect from "effect/Effect"
import type { ClosingEvent, EventOf, MessageOutcome } from "../../HistoryEvent.ts"
import type { RunId, Sequence } from "../../Ids.ts"
import { chainOf, type EndOfChild } from "../core/continued.ts"
import { childId, childRun } from "../core/derive.ts"
import { messageId, messageNumber } from "../core/evolve.ts"
import { Children } from "./Children.ts"
import type { ChildStart, Outgoing, StartedChild } from "./Protocol.ts"

type Resume = (effect: Effect.Effect<MessageOutcome>) => void

/** A message, without what the interpreter adds to each command. */
type Sent = Omit<EventOf<"MessageSent">, "_tag" | "at">

export class Outbox {
  private readonly started: EventOf<"ExecutionStarted">
  private readonly nextSequence: () => Sequence
  private readonly issue: (sent: Sent) => void
  /** How many messages the chain has sent. */
  private sent: number
  /** The fibers that wait for a message to be settled, by its number. */
  private readonly unsettled = new Map<number, Resume>()
  private readonly children = new Children()

  constructor(started: EventOf<"ExecutionStarted">, nextSequence: () => Sequence, issue: (sent: Sent) => void) {
    this.started = started
    this.nextSequence = nextSequence
    this.issue = issue
    this.sent = started.continues?.sent ?? 0
    if (started.continues !== undefined) this.goOn(started.continues)
  }

  /** The ends of children that the program has not asked for. */
  get ends(): ReadonlyArray<EndOfChild> {
    return this.children.left
  }

  send({ message, run, to }: Outgoing): Effect.Effect<MessageOutcome> {
    return Effect.suspend(() => {
      const number = ++this.sent
      const sent = { seq: this.nextSequence(), to, message }
      this.issue(run === undefined ? sent : { ...sent, run })
      return this.settled(number)
    })
  }

  startChild({ workflowId, ...start }: ChildStart): StartedChild {
    const number = ++this.sent
    const seq = this.nextSequence()
    const to = workflowId ?? childId(this.started.workflowId, this.started.runId, seq)
    const runId = childRun(messageId(chainOf(this.started), number))
    this.issue({ seq, to, message: { _tag: "Start", ...start } })
    this.children.started(runId)
    return { workflowId: to, runId, settled: this.settled(number) }
  }

  /** Waits for the end of a child; `undefined` when it is none. */
  endOfChild(runId: RunId): Effect.Effect<ClosingEvent> | undefined {
    return this.children.end(runId)
  }

  settle({ id, outcome }: EventOf<"MessageSettled">): void {
    const number = messageNumber(id)
    const resume = this.unsettled.get(number)
    this.unsettled.delete(number)
    resume?.(Effect.succeed(outcome))
  }

  ended(event: EventOf<"ChildEnded">): void {
    this.children.ended(event)
  }

  /** Forgets the fibers that wait, when the program is over. */
  close(): void {
    this.unsettled.clear()
    this.children.close()
  }

  /** Knows the children of the runs before that have not ended, and the ends that no run has asked for. */
  private goOn({ children, ended = [] }: NonNullable<EventOf<"ExecutionStarted">["continues"]>): void {
    for (const { address } of children) this.children.started(address.chain)
    for (const end of ended) {
      this.children.started(end.from)
      this.children.ended(end)
    }
  }

  /** Waits until the message of a number is settled. */
  private settled(number: number): Effect.Effect<MessageOutcome> {
    return Effect.callback<MessageOutcome>((resume) => {
      this.unsettled.set(number, resume)
      return Effect.sync(() => this.unsettled.delete(number))
    })
  }
}
