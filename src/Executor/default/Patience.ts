/**
 * Those who wait for an answer of an execution, and for how long: while a store does not answer nobody can be told
 * whether a message is durable, and callers are not kept for ever.
 */
import { StoreUnavailable } from "../../WorkflowError.ts"
import type { Alarms, Sleeper } from "./Alarms.ts"
import type { Reply } from "./Message.ts"

export class Patience implements Sleeper {
  alarmAt: number | undefined = undefined
  private readonly milliseconds: number
  private readonly alarms: Alarms
  private readonly now: () => number
  /** Until when each waits, the first to be told in front. */
  private readonly waiting = new Map<Reply, number>()

  constructor(milliseconds: number, alarms: Alarms, now: () => number) {
    this.milliseconds = milliseconds
    this.alarms = alarms
    this.now = now
  }

  /** From now on waits with somebody who was not answered at once. */
  remember(reply: Reply): void {
    const until = this.now() + this.milliseconds
    if (!Number.isFinite(until)) return
    this.waiting.set(reply, until)
    if (this.alarmAt === undefined) this.alarms.at(this, until)
  }

  /** Somebody was answered. */
  forget(reply: Reply): void {
    this.waiting.delete(reply)
  }

  /** Tells those who have waited for long enough. */
  wake(): void {
    const now = this.now()
    for (const [reply, until] of this.waiting) {
      if (until > now) return this.alarms.at(this, until)
      this.waiting.delete(reply)
      reply(new StoreUnavailable({ detail: `no answer for ${this.milliseconds} ms; it may still take place` }))
    }
  }
}
