/**
 * Whether this worker counts as alive, and may judge of others: both as far as it knows itself.
 */

export class Lease {
  private readonly milliseconds: number
  private readonly now: () => number
  /** Since when the worker has tried to say that it lives, while the store has not answered. */
  private askedSince: number | undefined = undefined
  /** Until when other workers take this one for alive. */
  private until = Number.POSITIVE_INFINITY
  private hasBegun = false
  private count = 0
  /** Whether the lease was over, and the worker has not looked yet what others have taken. */
  private wasOver = false
  /** When the others have had the time to say that they live, after an outage. */
  private judgesFrom = 0

  /** `now` is in real time, also while the process or the machine is frozen. */
  constructor(milliseconds: number, now: () => number) {
    this.milliseconds = milliseconds
    this.now = now
  }

  /** The worker is about to say that it lives; returns the time. */
  ask(): number {
    const asked = this.now()
    this.askedSince ??= asked
    return asked
  }

  /** The store has taken what was asked at a time. */
  renewed(asked: number): void {
    const now = this.now()
    const { askedSince = asked, hasBegun, until } = this
    // A worker that has just started knows nothing of an outage, but that its own first heartbeats were not answered.
    const silent = hasBegun ? now >= until : askedSince < asked || now >= asked + this.milliseconds
    // What kept this worker from its heartbeat may have kept the others from theirs.
    if (silent) this.judgesFrom = now + this.milliseconds
    if (hasBegun && silent) {
      this.wasOver = true
      this.count++
    }
    this.askedSince = undefined
    // Two answers may come in another order.
    this.until = hasBegun ? Math.max(until, asked + this.milliseconds) : asked + this.milliseconds
    this.hasBegun = true
  }

  /** The worker has said that it ends. */
  ended(): void {
    this.hasBegun = false
    this.wasOver = false
    this.until = Number.POSITIVE_INFINITY
  }

  /** The worker has looked what others have taken, since it last said that it lives. */
  looked(): void {
    this.wasOver = this.isOver
  }

  /** How often the lease was over. What the store said of an execution in an earlier term may be true no more. */
  get term(): number {
    return this.count
  }

  /** Whether others may have taken this worker for dead: its executions may be theirs. */
  get isOver(): boolean {
    return this.now() >= this.until
  }

  /** Whether it is to look what others have taken, before it begins anything. */
  get mustLook(): boolean {
    return this.wasOver || this.isOver
  }

  /** Whether silence of another worker means that it is dead. */
  get judges(): boolean {
    return !this.isOver && this.now() >= this.judgesFrom
  }
}
