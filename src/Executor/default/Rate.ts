/**
 * How many things begin in a time: at most `limit` in any span of so many milliseconds, wherever it is taken. It is a sliding window: the
 * last `limit` beginnings are remembered, and the next one comes when the first of them is as long ago.
 */
export class Rate {
  private readonly limit: number
  private readonly milliseconds: number
  /** When the last ones began; once there are `limit` of them, the place of the first is taken by the next. */
  private readonly begins: Array<number> = []
  private first = 0

  constructor(limit: number, milliseconds: number) {
    this.limit = limit
    this.milliseconds = milliseconds
  }

  /** How long the next one has to wait, in milliseconds. */
  pauseAt(now: number): number {
    const { begins, first, limit, milliseconds } = this
    return begins.length < limit ? 0 : Math.max(0, begins[first]! + milliseconds - now)
  }

  /** One begins. */
  began(now: number): void {
    if (this.begins.length < this.limit) {
      this.begins.push(now)
    } else {
      this.begins[this.first] = now
      this.first = (this.first + 1) % this.limit
    }
  }
}
