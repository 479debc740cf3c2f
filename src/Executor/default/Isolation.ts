/**
 * Lets attempts run alone in their worker, one at a time, because attempts before them were lost with theirs: if the process
 * ends again, no other handler is to blame, and none is lost with it.
 *
 * An attempt waits until no other handler runs. Meanwhile the line of the others is held, but not for long: handlers that take
 * hours must not stop a worker. What outlives its time alone is no longer suspected, and others run beside it.
 *
 * | state      | the line | it goes on                                                                  |
 * | ---------- | -------- | --------------------------------------------------------------------------- |
 * | `Idle`     | free     | when an attempt comes                                                       |
 * | `Draining` | held     | when no handler runs any more, or gives up after a while                    |
 * | `Alone`    | held     | when the attempt has ended, with the next one, or after a while without it  |
 * | `Pausing`  | free     | after a pause                                                               |
 */
import type { Fibers } from "./Fibers.ts"

/** What is isolated. */
export interface Isolated {
  /** Records that it runs alone, or that it does not any more, and calls back with whether that is so. */
  readonly announce: (isAlone: boolean, done: (isRecorded: boolean) => void) => void
  readonly begin: () => void
}

/** The other handlers of the worker. */
export interface Others {
  readonly areRunning: () => boolean
  /** Whether some stand in line. */
  readonly areWaiting: () => boolean
  /** Whether something else holds them, such as a shutdown. */
  readonly areStopped: () => boolean
  readonly hold: () => void
  readonly release: () => void
}

/** After the line was held it runs freely for so many times as long, if others stand in it. */
const pauseFactor = 9

/** The shortest time for which the line runs freely, in milliseconds. */
const shortestPause = 10

/** How often the time for which the line is held doubles, when the handlers that run do not end in it. */
const mostDoublings = 8

/** After so many times in vain it is logged that attempts wait to run alone. */
const timesInVain = 3

export class Isolation {
  private readonly fibers: Fibers
  private readonly others: Others
  private readonly milliseconds: number
  private readonly waiting = new Set<Isolated>()
  private state: "Idle" | "Draining" | "Alone" | "Pausing" = "Idle"
  /** Tells timers of an earlier state from timers of this one. */
  private change = 0
  private heldSince = 0
  private inVain = 0

  /** `milliseconds`: how long the others are held at once, waiting for them to end or while attempts run alone. */
  constructor(fibers: Fibers, others: Others, milliseconds: number) {
    this.fibers = fibers
    this.others = others
    this.milliseconds = milliseconds
  }

  /** Whether the line is held for an attempt. */
  get holds(): boolean {
    return this.state === "Draining" || this.state === "Alone"
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
    else if (this.state === "Alone") this.next()
  }

  private drain(): void {
    if (this.waiting.size === 0) return this.become("Idle")
    this.become("Draining")
    this.heldSince = this.fibers.passed()
    this.others.hold()
    if (!this.others.areRunning()) return this.isolate()
    // Longer each time, or handlers that overlap would keep it waiting for ever.
    this.after(this.milliseconds * 2 ** Math.min(this.inVain, mostDoublings), () => {
      if (++this.inVain === timesInVain) {
        const text = "attempts that must run alone wait, because other handlers of this worker do not end"
        this.fibers.log("Warn", `${text}; they begin when no other runs, so give long handlers a worker of their own`)
      }
      this.pause()
    })
  }

  private isolate(): void {
    const [isolated] = this.waiting
    if (isolated === undefined || this.others.areStopped()) return this.pause()
    this.waiting.delete(isolated)
    this.inVain = 0
    this.become("Alone")
    const { change } = this
    isolated.announce(true, (isRecorded) => {
      if (this.change !== change) return
      if (isRecorded && this.others.areStopped()) this.waiting.add(isolated)
      else if (isRecorded) isolated.begin()
      if (this.waiting.has(isolated)) {
        // Put back it does not run: if the process ends now, it is not to blame.
        isolated.announce(false, () => {})
        return this.pause()
      }
      // It may have ended at once, and the next one may be alone by now.
      if (this.change !== change) return
      if (!this.others.areRunning()) return this.next()
      this.after(Math.max(0, this.milliseconds), () => {
        isolated.announce(false, () => {})
        this.pause()
      })
    })
  }

  /** Goes on with the next one while the line is held, if it was not held for long. */
  private next(): void {
    if (this.fibers.passed() - this.heldSince < this.milliseconds) this.isolate()
    else this.pause()
  }

  private pause(): void {
    if (!this.holds) return
    const held = this.fibers.passed() - this.heldSince
    this.become("Pausing")
    this.others.release()
    const isWanted = this.others.areWaiting() || this.others.areRunning() || this.others.areStopped()
    this.after(isWanted ? Math.max(shortestPause, held * pauseFactor) : shortestPause, () => this.drain())
  }

  private become(state: Isolation["state"]): void {
    this.state = state
    this.change++
  }

  /** Does something after a time, unless the state is another one by then. */
  private after(milliseconds: number, act: () => void): void {
    const { change } = this
    this.fibers.after(milliseconds, () => {
      if (this.change === change) act()
    })
  }
}
