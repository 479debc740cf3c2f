/**
 * A small world of its own: what runs in it, and its time. Everything happens in one order, at once, and time passes only when nothing
 * else can happen. What belongs to a process stands still for good when the process dies, with its finalizers, as if it was killed.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scheduler from "effect/Scheduler"
import type * as TestClock from "effect/testing/TestClock"
import { type Due, Heap } from "../internal/core/Heap.ts"

/** So much may happen without time passing. */
const mostTurns = 1_000_000

/** What waits for a time. */
interface Sleep extends Due {
  readonly group: Group
  readonly wake: () => void
  isOver: boolean
}

export class Turns {
  /** The time of executions, which passes by itself. */
  readonly time = new Time()
  /** The time of the machines, by which workers live: it passes only when all else has come to an end. */
  readonly machines = new Time()
  private queue: Array<() => void> = []

  /** Whether nothing happens without time passing. */
  get isQuiet(): boolean {
    return this.queue.length === 0
  }

  add(run: () => void): void {
    this.queue.push(run)
  }

  /** Lets everything happen that can happen now; returns whether it came to rest. */
  run(isOver: () => boolean): boolean {
    let count = 0
    while (this.queue.length > 0) {
      const { queue } = this
      this.queue = []
      for (const [index, run] of queue.entries()) {
        if (isOver()) {
          this.queue = [...queue.slice(index), ...this.queue]
          return true
        }
        run()
      }
      count += queue.length
      if (count > mostTurns) return false
    }
    return true
  }
}

class Time {
  /** Milliseconds since 1970. */
  now = 0
  private readonly sleeps = new Heap<Sleep>()
  private order = 0

  /** Passes until the next thing happens; returns whether there is one. */
  pass(): boolean {
    const next = this.sleeps.first(isAwaited)
    if (next === undefined) return false
    this.sleeps.pop()
    this.now = Math.max(this.now, next.at)
    next.isOver = true
    next.wake()
    return true
  }

  /** Waits until so many milliseconds have passed. */
  sleep(group: Group, milliseconds: number): Effect.Effect<void> {
    if (!(milliseconds > 0)) return Effect.void
    return Number.isFinite(milliseconds) ? this.rest(group, milliseconds) : Effect.never
  }

  /** Waits until nothing more can happen before so many milliseconds have passed, or before any have. */
  rest(group: Group, milliseconds = 0): Effect.Effect<void> {
    return Effect.callback((resume) => {
      const wake = () => resume(Effect.void)
      const sleep: Sleep = { at: this.now + milliseconds, order: this.order++, group, wake, isOver: false }
      this.sleeps.push(sleep)
      return Effect.sync(() => {
        sleep.isOver = true
      })
    })
  }
}

/** What lives and dies together. */
export class Group implements Scheduler.Scheduler {
  readonly executionMode = "async" as const
  readonly clock: TestClock.TestClock
  /** The clock of the machine. */
  readonly liveClock: Clock.Clock
  private readonly turns: Turns
  private isStopped = false

  constructor(turns: Turns) {
    this.turns = turns
    this.clock = clockOf(turns.time, this)
    this.liveClock = clockOf(turns.machines, this)
  }

  /** Whether nothing goes on in it. */
  get stands(): boolean {
    return this.isStopped
  }

  /** Stands still from now on: not even a finalizer runs. */
  stop(): void {
    this.isStopped = true
  }

  /** Lets what is new go on, to clear things away. What stood still never does. */
  end(): void {
    this.isStopped = false
  }

  makeDispatcher(): Scheduler.SchedulerDispatcher {
    return { scheduleTask: (run) => this.turns.add(() => (this.isStopped ? undefined : run())), flush: () => {} }
  }

  /** Asked before every operation of every fiber: one that yields while its group stands still never goes on. */
  shouldYield(fiber: { readonly currentOpCount: number }): boolean {
    return this.isStopped || fiber.currentOpCount >= operations
  }
}

/** With the clock of the machine. */
export const inRealTime = <A>(effect: Effect.Effect<A>): Effect.Effect<A> =>
  Effect.provideService(effect, Clock.Clock, Clock.Clock.defaultValue())

// internal

/** So many operations of a fiber come between two turns of others. */
const operations = 2048

const isAwaited = ({ group, isOver }: Sleep): boolean => !isOver && !group.stands

/** The clock of a group. Tests that move a `TestClock` wait for the time here. */
const clockOf = (time: Time, group: Group): TestClock.TestClock => {
  const millis = () => time.now
  const nanos = () => BigInt(Math.round(time.now * 1_000_000))
  const pass = (milliseconds: number) => time.sleep(group, milliseconds)
  return {
    currentTimeMillisUnsafe: millis,
    currentTimeNanosUnsafe: nanos,
    monotonicTimeNanosUnsafe: nanos,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: (duration) => pass(Duration.toMillis(duration)),
    adjust: (duration) => Effect.suspend(() => pass(Duration.toMillis(Duration.fromInputUnsafe(duration)))),
    setTime: (timestamp) => Effect.suspend(() => pass(timestamp - time.now)),
    withLive: (effect) => Effect.provideService(effect, Clock.Clock, Clock.Clock.defaultValue())
  }
}
