/**
 * Notices attempts that are silent for longer than their heartbeat timeout.
 */
import type * as Fiber from "effect/Fiber"
import type { Fibers } from "./Fibers.ts"

/** The watch of one attempt. It looks once a timeout, however often the attempt is heard. */
export class Beats {
  private readonly fibers: Fibers
  private readonly timeout: number
  private readonly silent: () => void
  private heardAt: number
  private timer: Fiber.Fiber<void> | undefined

  constructor(fibers: Fibers, timeout: number, silent: () => void) {
    this.fibers = fibers
    this.timeout = timeout
    this.silent = silent
    this.heardAt = fibers.passed()
    this.wait(timeout)
  }

  /** The attempt is heard. */
  heard(): void {
    this.heardAt = this.fibers.passed()
  }

  /** The attempt is over. */
  stop(): void {
    this.timer?.interruptUnsafe()
    this.timer = undefined
  }

  private wait(milliseconds: number): void {
    this.timer = this.fibers.after(milliseconds, () => {
      const left = this.heardAt + this.timeout - this.fibers.passed()
      if (left > 0) this.wait(left)
      else this.silent()
    })
  }
}
