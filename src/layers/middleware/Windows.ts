/**
 * Sliding windows by key, for limits of operations. A key without operations for the length of a window is forgotten.
 */
import { Rate } from "../../Executor/default/Rate.ts"

/** After so many keys the idle ones are looked for. */
const looksAt = 1024

export class Windows {
  private readonly limit: number
  private readonly milliseconds: number
  private readonly all = new Map<string, { readonly rate: Rate; latest: number }>()
  private looksAt = looksAt

  constructor(limit: number, milliseconds: number) {
    this.limit = limit
    this.milliseconds = milliseconds
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.all.size
  }

  /** How long an operation of a key has to wait, in milliseconds; it is counted unless it has to and does not. */
  enter(key: string, now: number, waits: boolean): number {
    const window = this.windowOf(key, now)
    const pause = window.rate.pauseAt(now)
    if (pause > 0 && !waits) return pause
    window.rate.began(now + pause)
    window.latest = now + pause
    return pause
  }

  private windowOf(key: string, now: number): { readonly rate: Rate; latest: number } {
    const found = this.all.get(key)
    if (found !== undefined) return found
    if (this.all.size >= this.looksAt) this.forgetIdle(now)
    const made = { rate: new Rate(this.limit, this.milliseconds), latest: now }
    this.all.set(key, made)
    return made
  }

  private forgetIdle(now: number): void {
    for (const [key, { latest }] of this.all) if (now - latest >= this.milliseconds) this.all.delete(key)
    this.looksAt = Math.max(looksAt, this.all.size * 2)
  }
}
