/**
 * All timers of all executions on one timer of the host.
 */
import type * as Fiber from "effect/Fiber"
import type { Host } from "./Host.ts"

/** Something that wants to be woken: at most once, at its latest set time. */
export interface Sleeper {
  /** When its alarm goes off, in milliseconds since 1970; owned by `Alarms`. */
  alarmAt: number | undefined
  wake(): void
}

interface Entry {
  readonly at: number
  readonly order: number
  readonly sleeper: Sleeper
}

/** No timer of the host is longer; Node's own limit is 24 days. */
const longestSleep = 86_400_000

export class Alarms {
  private readonly host: Host
  private heap: Array<Entry> = []
  private order = 0
  private set = 0
  private timer: { readonly at: number; readonly fiber: Fiber.Fiber<void> } | undefined = undefined
  private ringing = false

  constructor(host: Host) {
    this.host = host
  }

  /** How many alarms are set. */
  get size(): number {
    return this.set
  }

  /** Sets, moves or (with `undefined`) clears the alarm of a sleeper. */
  at(sleeper: Sleeper, at: number | undefined): void {
    if (sleeper.alarmAt === at) return
    if (sleeper.alarmAt === undefined) this.set++
    sleeper.alarmAt = at
    if (at === undefined) this.set--
    else this.push({ at, order: this.order++, sleeper })
    this.compact()
    this.arm()
  }

  /** Stops the timer of the host. */
  stop(): void {
    this.heap = []
    this.timer?.fiber.interruptUnsafe()
    this.timer = undefined
  }

  private arm(): void {
    if (this.ringing) return
    const head = this.head()
    if (head === undefined || (this.timer !== undefined && this.timer.at <= head.at)) return
    this.timer?.fiber.interruptUnsafe()
    const pause = Math.max(0, Math.min(longestSleep, head.at - this.host.now()))
    if (pause === 0) return this.ring()
    this.timer = { at: head.at, fiber: this.host.after(pause, () => this.ring()) }
  }

  private ring(): void {
    this.timer = undefined
    this.ringing = true
    const now = this.host.now()
    for (let head = this.head(); head !== undefined && head.at <= now; head = this.head()) {
      this.pop()
      head.sleeper.alarmAt = undefined
      this.set--
      head.sleeper.wake()
    }
    this.ringing = false
    this.arm()
  }

  /** The next alarm that is still wanted. */
  private head(): Entry | undefined {
    while (this.heap.length > 0 && this.heap[0]!.sleeper.alarmAt !== this.heap[0]!.at) this.pop()
    return this.heap[0]
  }

  /** Drops entries that were moved or cleared, once they are most of the heap. */
  private compact(): void {
    if (this.heap.length < 64 || this.heap.length < this.set * 4) return
    const wanted = this.heap.filter((entry) => entry.sleeper.alarmAt === entry.at)
    this.heap = []
    for (const entry of wanted) this.push(entry)
  }

  private push(entry: Entry): void {
    const heap = this.heap
    let index = heap.push(entry) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(entry, heap[parent]!)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = entry
  }

  private pop(): void {
    const heap = this.heap
    const last = heap.pop()!
    if (heap.length === 0) return
    let index = 0
    for (;;) {
      let child = index * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, last)) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = last
  }
}

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)
