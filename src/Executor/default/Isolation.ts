/**
 * Lets attempts run alone in their worker, one at a time, because attempts before them were lost with theirs: if the process
 * ends again, no other handler is to blame, and none is lost with it.
 *
 * An attempt waits until no other handler runs. Meanwhile the line of the others is held, but not for long: handlers that take
 * hours must not stop a worker. What outlives its time alone is no longer suspected, and others run beside it.
 */
import type { Fibers } from "./Fibers.ts"

/** What is isolated. */
export interface Isolated {
  /** Records that it runs alone, and calls back with whether it may begin. */
  readonly announce: (done: (mayBegin: boolean) => void) => void
  readonly begin: () => void
}

/** The other handlers of the worker. */
export interface Others {
  readonly areRunning: () => boolean
  /** Whether something else holds them, such as a shutdown. */
  readonly areStopped: () => boolean
  readonly hold: () => void
  readonly release: () => void
}

/** After the line was held it runs freely for so many times as long. */
const pauseFactor = 9

/** The shortest time for which the line runs freely, in milliseconds. */
const shortestPause = 10

export class Isolation {
  private readonly fibers: Fibers
  private readonly others: Others
  private readonly milliseconds: number
  private readonly waiting = new Set<Isolated>()
  private state: "Idle" | "Draining" | "Alone" | "Pausing" = "Idle"
  /** Tells timers of an earlier state from those of this one. */
  private turn = 0
  private heldSince = 0

  /** `milliseconds`: how long the others are held at once, waiting for them to end or while an attempt runs alone. */
  constructor(fibers: Fibers, others: Others, milliseconds: number) {
    this.fibers = fibers
    this.others = others
    this.milliseconds = milliseconds
  }

  /** How many attempts wait to run alone. */
  get size(): number {
    return this.waiting.size
  }

  add(isolated: Isolated): void {
    this.waiting.add(isolated)
    if (this.state === "Idle") this.drain()
  }

  /** Forgets an attempt that is not wanted any more. */
  remove(isolated: Isolated): void {
    this.waiting.delete(isolated)
  }

  /** No handler runs any more. */
  quiet(): void {
    if (this.state === "Draining") this.isolate()
    else if (this.state === "Alone") this.pause()
  }

  private drain(): void {
    if (this.waiting.size === 0) return this.become("Idle")
    this.become("Draining")
    this.heldSince = this.fibers.passed()
    this.others.hold()
    if (this.others.areRunning()) this.after(this.milliseconds, () => this.pause())
    else this.isolate()
  }

  private isolate(): void {
    const [next] = this.waiting
    if (next === undefined || this.others.areStopped()) return this.pause()
    this.waiting.delete(next)
    this.become("Alone")
    next.announce((mayBegin) => {
      if (mayBegin) next.begin()
      if (!this.others.areRunning()) return this.pause()
      this.after(this.milliseconds, () => this.pause())
    })
  }

  private pause(): void {
    const held = this.fibers.passed() - this.heldSince
    this.become("Pausing")
    this.others.release()
    this.after(Math.max(shortestPause, held * pauseFactor), () => this.drain())
  }

  private become(state: Isolation["state"]): void {
    this.state = state
    this.turn++
  }

  /** Does something after a time, unless the state is another one by then. */
  private after(milliseconds: number, act: () => void): void {
    const { turn } = this
    this.fibers.after(milliseconds, () => {
      if (this.turn === turn) act()
    })
  }
}
