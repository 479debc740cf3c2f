/**
 * Limits how long a caller waits for the answer of an execution. While the store does not answer, the executor cannot
 * say whether a message is durable.
 */
import { StoreUnavailable } from "../../WorkflowError.ts"
import type { AlarmOwner, Alarms } from "./Alarms.ts"
import type { Reply } from "./Mail.ts"

export class AnswerTimeouts implements AlarmOwner {
  alarmAt: number | undefined = undefined
  private readonly milliseconds: number
  private readonly alarms: Alarms
  private readonly now: () => number
  /** Until when each caller waits, the first timeout in front. */
  private readonly waiting = new Map<Reply, number>()

  constructor(milliseconds: number, alarms: Alarms, now: () => number) {
    this.milliseconds = milliseconds
    this.alarms = alarms
    this.now = now
  }

  /** Starts the timeout of a caller. */
  begin(reply: Reply): void {
    const until = this.now() + this.milliseconds
    if (!Number.isFinite(until)) return
    this.waiting.set(reply, until)
    if (this.alarmAt === undefined) this.alarms.at(this, until)
  }

  /** Ends the timeout of a caller that was answered. */
  end(reply: Reply): void {
    this.waiting.delete(reply)
  }

  /** Answers the callers whose timeout has passed. */
  wake(): void {
    const now = this.now()
    for (const [reply, until] of this.waiting) {
      if (until > now) return this.alarms.at(this, until)
      this.waiting.delete(reply)
      reply(new StoreUnavailable({ detail: `no answer for ${this.milliseconds} ms; it may still take place` }))
    }
  }
}
