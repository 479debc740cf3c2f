/**
 * Whether this worker counts as alive, and may judge of others: both as far as it knows itself.
 */

export class Lease {
  private readonly milliseconds: number
  private readonly now: () => number
  /** Since when the worker has tried to say that it lives, while the store has not answered. */
  private askedSince: number | undefined = undefined
  /** Until when other workers take this one for alive. */
  private until: number | undefined = undefined
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
    const { askedSince = asked, until } = this
    // A worker that has just started knows nothing of an outage, but that its own first heartbeats were not answered.
    const silent = until === undefined ? askedSince < asked || now >= asked + this.milliseconds : now >= until
    // What kept this worker from its heartbeat may have kept the others from theirs.
    if (silent) this.judgesFrom = now + this.milliseconds
    this.askedSince = undefined
    this.until = asked + this.milliseconds
  }

  /** Whether others may have taken this worker for dead: its executions may be theirs. */
  get isOver(): boolean {
    return this.until !== undefined && this.now() >= this.until
  }

  /** Whether silence of another worker means that it is dead. */
  get judges(): boolean {
    return !this.isOver && this.now() >= this.judgesFrom
  }
}
