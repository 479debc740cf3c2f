/**
 * Lines of calls, one for each execution: the calls of a line run one after the other, several lines at once. They wait here and not
 * in the executor, which goes on at once.
 *
 * A line whose call has ended goes behind the others, so an execution with many calls, or with calls that take their time, does not
 * keep the others from theirs.
 */
import type * as Context from "effect/Context"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"

export interface Limits {
  /** Lines that run at once. */
  readonly concurrency: number
  /** Calls that wait, of all lines, or were left behind; what comes then is dropped. */
  readonly queueSize: number
}

export class Lines {
  private readonly limits: Limits
  private readonly run: <A, E>(effect: Effect.Effect<A, E>) => Fiber.Fiber<A, E>
  private readonly fibers = new Set<Fiber.Fiber<unknown, unknown>>()
  /** The calls of executions that have some waiting or running. */
  private readonly lines = new Map<string, Array<Effect.Effect<void>>>()
  /** The executions whose turn comes, in order. */
  private readonly ready = new Set<string>()
  private readonly idle: Array<() => void> = []
  private running = 0
  private waiting = 0
  private dropped = 0
  /** Calls that were interrupted and go on all the same. */
  private leftBehind = 0

  constructor(limits: Limits, context: Context.Context<never>) {
    this.limits = limits
    this.run = Effect.runForkWith(context)
  }

  /** Puts a call in the line of an execution. */
  add(execution: string, call: Effect.Effect<void>): void {
    if (this.held >= this.limits.queueSize) return this.drop()
    this.waiting++
    const line = this.lines.get(execution)
    if (line !== undefined) return void line.push(call)
    this.lines.set(execution, [call])
    this.ready.add(execution)
    this.advance()
  }

  /**
   * Runs an effect for so many milliseconds at most, and ends with its exit. What takes longer is interrupted and not waited for, as it
   * may not let itself be interrupted.
   */
  within<A, E>(milliseconds: number, effect: Effect.Effect<A, E>): Effect.Effect<Option.Option<Exit.Exit<A, E>>> {
    return Effect.suspend(() => {
      const fiber = this.fork(effect)
      const exit = fiber.pollUnsafe()
      // Most are over by now, and cost no timer.
      if (exit !== undefined) return Effect.succeedSome(exit)
      const ended = Effect.callback<Exit.Exit<A, E>>((resume) => {
        fiber.addObserver((exit) => resume(Effect.succeed(exit)))
        return Effect.sync(() => this.leave(fiber))
      })
      return Effect.timeoutOption(ended, milliseconds)
    })
  }

  /** Waits for the calls that are left, for so many milliseconds of real time, and interrupts what is under way then. */
  end(milliseconds: number): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const rest = Effect.timeoutOption(this.rest, milliseconds)
      const done = yield* Effect.provideService(Effect.interruptible(rest), Clock.Clock, Clock.Clock.defaultValue())
      this.tellDropped()
      if (Option.isSome(done)) return
      const left = this.waiting
      this.lines.clear()
      this.ready.clear()
      this.waiting = 0
      for (const fiber of this.fibers) fiber.interruptUnsafe()
      this.log(
        `hooks took longer than the ${milliseconds} ms of their shutdown: ${left} call(s) that waited are lost, and what ran is ` +
          "interrupted"
      )
    })
  }

  /** Waits until no call waits or runs. */
  private get rest(): Effect.Effect<void> {
    return Effect.callback((resume) => {
      const done = () => resume(Effect.void)
      if (this.running === 0) done()
      else this.idle.push(done)
    })
  }

  /** What stands in memory until it is called, or ends. */
  private get held(): number {
    return this.waiting + this.leftBehind
  }

  private leave(fiber: Fiber.Fiber<unknown, unknown>): void {
    fiber.interruptUnsafe()
    if (fiber.pollUnsafe() !== undefined) return
    this.leftBehind++
    fiber.addObserver(() => void this.leftBehind--)
  }

  private advance(): void {
    if (this.ready.size === 0 || this.running >= this.limits.concurrency) return
    this.running++
    // Not at once: the executor is in the middle of its work.
    this.fork(Effect.andThen(Effect.yieldNow, this.work))
  }

  /** Runs a call of each line in turn, until there are none. */
  private readonly work: Effect.Effect<void> = Effect.gen({ self: this }, function* () {
    for (let next = this.take(); next !== undefined; next = this.take()) {
      yield* next.call
      this.ended(next.execution)
    }
  }).pipe(
    Effect.ensuring(
      Effect.sync(() => {
        this.running--
        // A call may have come since the last one was taken.
        this.advance()
        if (this.running === 0) for (const done of this.idle.splice(0)) done()
      })
    )
  )

  private take(): { readonly execution: string; readonly call: Effect.Effect<void> } | undefined {
    for (const execution of this.ready) {
      this.ready.delete(execution)
      const call = this.lines.get(execution)!.shift()!
      this.waiting--
      if (this.held <= this.limits.queueSize / 2) this.tellDropped()
      return { execution, call }
    }
    return undefined
  }

  private ended(execution: string): void {
    const line = this.lines.get(execution)
    if (line === undefined) return
    if (line.length > 0) this.ready.add(execution)
    else this.lines.delete(execution)
  }

  private drop(): void {
    this.dropped++
    if (this.dropped > 1) return
    this.log(
      `${this.limits.queueSize} calls of hooks wait, or hang and let nothing interrupt them, and what comes now is dropped: are the ` +
        "hooks too slow?"
    )
  }

  /** Says how many were dropped. */
  private tellDropped(): void {
    if (this.dropped === 0) return
    this.log(`${this.dropped} call(s) of hooks were dropped, because too many waited`)
    this.dropped = 0
  }

  private log(text: string): void {
    this.run(Effect.logError(text))
  }

  private fork<A, E>(effect: Effect.Effect<A, E>): Fiber.Fiber<A, E> {
    const fiber = this.run(effect)
    if (fiber.pollUnsafe() !== undefined) return fiber
    this.fibers.add(fiber)
    fiber.addObserver(() => this.fibers.delete(fiber))
    return fiber
  }
}
