/**
 * Sliding windows by key, for limits of operations. A key without operations for the length of a window is forgotten.
 */
import { Rate } from "../../Executor/default/Rate.ts"

/** After so many keys the idle ones are looked for. */
const looksAt = 1024

interface Window {
  /** When operations have their turns, also the ones that wait. */
  readonly turns: Rate
  /** When they began: later than at their turns where the process was busy. */
  readonly begun: Rate
  latest: number
}

export class Windows {
  private readonly limit: number
  private readonly milliseconds: number
  private readonly all = new Map<string, Window>()
  private looksAt = looksAt

  constructor(limit: number, milliseconds: number) {
    this.limit = limit
    this.milliseconds = milliseconds
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.all.size
  }

  /** Returns how long an operation of a key has to wait, in milliseconds. If that is nothing it begins, and otherwise it takes a turn, if it waits. */
  enter(key: string, now: number, waits: boolean): number {
    const window = this.windowOf(key, now)
    const pause = Math.max(window.turns.pauseAt(now), window.begun.pauseAt(now))
    if (pause > 0 && !waits) return pause
    window.turns.began(now + pause)
    window.latest = now + pause
    if (pause <= 0) window.begun.began(now)
    return pause
  }

  /** Begins an operation whose turn has come. Returns how long it has to wait all the same, because another one has begun late. */
  begin(key: string, now: number): number {
    const window = this.windowOf(key, now)
    const pause = window.begun.pauseAt(now)
    if (pause <= 0) window.begun.began(now)
    window.latest = Math.max(window.latest, now + pause)
    return pause
  }

  private windowOf(key: string, now: number): Window {
    const found = this.all.get(key)
    if (found !== undefined) return found
    if (this.all.size >= this.looksAt) this.forgetIdle(now)
    const { limit, milliseconds } = this
    const made = { turns: new Rate(limit, milliseconds), begun: new Rate(limit, milliseconds), latest: now }
    this.all.set(key, made)
    return made
  }

  private forgetIdle(now: number): void {
    for (const [key, { latest }] of this.all) if (now - latest >= this.milliseconds) this.all.delete(key)
    this.looksAt = Math.max(looksAt, this.all.size * 2)
  }
}
