/**
 * Limits how long a caller waits for the answer of an execution. While the store does not answer, the executor cannot
 * say whether a message is durable.
 *
 * The patience of a caller is real time: the wall clock may be set meanwhile, so an alarm may ring early.
 */
import { StoreUnavailable } from "../../WorkflowError.ts"
import type { AlarmOwner, Alarms } from "./Alarms.ts"
import type { Fibers } from "./Fibers.ts"
import type { Reply } from "./Mail.ts"

export class AnswerTimeouts implements AlarmOwner {
  alarmAt: number | undefined = undefined
  private readonly milliseconds: number
  private readonly alarms: Alarms
  private readonly fibers: Pick<Fibers, "now" | "passed">
  /** Until when each caller waits, the first timeout in front. */
  private readonly waiting = new Map<Reply, number>()

  constructor(milliseconds: number, alarms: Alarms, fibers: Pick<Fibers, "now" | "passed">) {
    this.milliseconds = milliseconds
    this.alarms = alarms
    this.fibers = fibers
  }

  /** Starts the timeout of a caller. */
  begin(reply: Reply): void {
    if (!Number.isFinite(this.milliseconds)) return
    this.waiting.set(reply, this.fibers.passed() + this.milliseconds)
    if (this.alarmAt === undefined) this.ringAfter(this.milliseconds)
  }

  /** Ends the timeout of a caller that was answered. */
  end(reply: Reply): void {
    this.waiting.delete(reply)
  }

  /** Answers the callers whose timeout has passed. */
  wake(): void {
    const now = this.fibers.passed()
    for (const [reply, until] of this.waiting) {
      if (until > now) return this.ringAfter(until - now)
      this.waiting.delete(reply)
      reply(new StoreUnavailable({ detail: `no answer for ${this.milliseconds} ms; it may still take place` }))
    }
  }

  private ringAfter(milliseconds: number): void {
    this.alarms.at(this, this.fibers.now() + Math.ceil(milliseconds))
  }
}
