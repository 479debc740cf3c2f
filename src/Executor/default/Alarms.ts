/**
 * All timers of all executions on one timer of the host.
 */
import type * as Fiber from "effect/Fiber"
import { type Due, Heap } from "../../internal/core/Heap.ts"
import type { Fibers } from "./Fibers.ts"

/** The owner of an alarm, which is woken at most once, at the latest time that was set. */
export interface AlarmOwner {
  /** When its alarm goes off, in milliseconds since 1970; owned by `Alarms`. */
  alarmAt: number | undefined
  wake(): void
}

interface Entry extends Due {
  readonly owner: AlarmOwner
}

/** Whether an alarm was neither moved nor cleared. */
const isSet = ({ at, owner }: Entry): boolean => owner.alarmAt === at

/** For so long alarms are rung in a row without letting others run, in milliseconds. */
const rowLimit = 10

/** No timer of the host is longer; Node's own limit is 24 days. */
const longestSleep = 86_400_000

export class Alarms {
  private readonly fibers: Fibers
  private readonly heap = new Heap<Entry>()
  private order = 0
  private set = 0
  private timer: { readonly at: number; readonly fiber: Fiber.Fiber<void> } | undefined = undefined
  private ringing = false

  constructor(fibers: Fibers) {
    this.fibers = fibers
  }

  /** How many alarms are set. */
  get size(): number {
    return this.set
  }

  /** Sets, moves or (with `undefined`) clears the alarm of an owner. */
  at(owner: AlarmOwner, at: number | undefined): void {
    if (owner.alarmAt === at) return
    if (owner.alarmAt === undefined) this.set++
    owner.alarmAt = at
    if (at === undefined) this.set--
    else this.heap.push({ at, order: this.order++, owner })
    // Alarms that were moved or cleared leave entries behind; they go once they are most of the heap.
    if (this.heap.size >= 64 && this.heap.size >= this.set * 4) this.heap.keep(isSet)
    this.arm()
  }

  /** When the next alarm goes off. */
  get next(): number | undefined {
    return this.heap.first(isSet)?.at
  }

  /** Looks whether an alarm is due: the timer of the host knows nothing of a machine that slept or a clock that was set. */
  look(): void {
    const { next } = this
    if (next === undefined || next > this.fibers.now() || this.ringing) return
    this.timer?.fiber.interruptUnsafe()
    this.ring()
  }

  /** Stops the timer of the host. */
  stop(): void {
    this.heap.clear()
    this.timer?.fiber.interruptUnsafe()
    this.timer = undefined
  }

  private arm(): void {
    if (this.ringing) return
    const head = this.heap.first(isSet)
    if (head === undefined || (this.timer !== undefined && this.timer.at <= head.at)) return
    this.timer?.fiber.interruptUnsafe()
    const pause = Math.max(0, Math.min(longestSleep, head.at - this.fibers.now()))
    if (pause === 0) return this.ring()
    this.timer = { at: head.at, fiber: this.fibers.after(pause, () => this.ring()) }
  }

  private ring(): void {
    this.timer = undefined
    this.ringing = true
    const now = this.fibers.now()
    const rowEnds = this.fibers.passed() + rowLimit
    for (let head = this.heap.first(isSet); head !== undefined && head.at <= now; head = this.heap.first(isSet)) {
      const { owner } = head
      this.heap.pop()
      owner.alarmAt = undefined
      this.set--
      this.fibers.guard(() => owner.wake())
      if (this.fibers.passed() >= rowEnds) return this.fibers.yield(() => this.ring())
    }
    this.ringing = false
    this.arm()
  }
}
