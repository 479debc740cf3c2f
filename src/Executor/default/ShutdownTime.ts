/**
 * The time that a shutdown may take, whatever the number of workflows.
 *
 * Workflows are unregistered together or one after the other, and none of them knows whether others follow. So all that
 * follow each other share one time: what one has used is not there for the next. The time is full again once nothing was
 * unregistered for as long, and when a workflow is registered, since then the executor does not shut down.
 */
export class ShutdownTime {
  private readonly limit: number
  private readonly now: () => number
  private used = 0
  private underWay = 0
  /** When the present unregistration began, or the last one ended. */
  private since = Number.NEGATIVE_INFINITY

  /** `now` is a clock that only goes forward; all times are in milliseconds. */
  constructor(limit: number, now: () => number) {
    this.limit = limit
    this.now = now
  }

  /** What is left until a part of the time is used. */
  left(part: number): number {
    const used = this.used + (this.underWay > 0 ? this.now() - this.since : 0)
    return Math.max(0, this.limit * part - used)
  }

  /** An unregistration begins. */
  begin(): void {
    if (this.underWay++ > 0) return
    const now = this.now()
    if (now - this.since >= this.limit) this.used = 0
    this.since = now
  }

  /** An unregistration has ended. */
  end(): void {
    if (--this.underWay > 0) return
    const now = this.now()
    this.used += now - this.since
    this.since = now
  }

  /** A workflow was registered. */
  renew(): void {
    if (this.underWay === 0) this.used = 0
  }
}
