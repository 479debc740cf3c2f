/**
 * The edge between the executor's own loop and Effect: forking, time and logs. The loop is written in callbacks, because a
 * fiber for each execution and each commit costs more than all else that a step does (`docs/decisions/0008`).
 */
import type * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import { monotone } from "../../internal/monotone.ts"
import { defectOf } from "../../internal/replay/defect.ts"

/** What a line of the log is about, as its annotations. */
export interface About {
  readonly worker?: string | undefined
  readonly workflow?: string | undefined
  readonly workflowId?: string | undefined
  readonly runId?: string | undefined
  readonly activity?: string | undefined
  readonly attempt?: number | undefined
}

export class Fibers {
  private readonly run: <A, E>(effect: Effect.Effect<A, E>) => Fiber.Fiber<A, E>
  private readonly fibers = new Set<Fiber.Fiber<unknown, unknown>>()

  constructor(context: Context.Context<never>, clock: Clock.Clock) {
    this.run = Effect.runForkWith(context)
    this.now = monotone(clock)
    this.passed = () => Number(clock.monotonicTimeNanosUnsafe()) / 1_000_000
  }

  /** Milliseconds since 1970, by the clock of the layer. It never steps back. */
  readonly now: () => number
  /** Milliseconds that have passed, whatever becomes of the wall clock. */
  readonly passed: () => number

  /** Runs an effect and calls back with its exit; within this call when the effect does not wait for anything. */
  fork<A, E>(effect: Effect.Effect<A, E>, done: (exit: Exit.Exit<A, E>) => void): Fiber.Fiber<A, E> {
    const fiber = this.begin(effect)
    const exit = fiber.pollUnsafe()
    if (exit !== undefined) {
      this.guard(() => done(exit))
      return fiber
    }
    this.fibers.add(fiber)
    fiber.addObserver((exit) => {
      this.fibers.delete(fiber)
      this.guard(() => done(exit))
    })
    return fiber
  }

  /** Effect itself throws when it meets what is no effect and has no text; that is a defect like any other. */
  private begin<A, E>(effect: Effect.Effect<A, E>): Fiber.Fiber<A, E> {
    try {
      return this.run(effect)
    } catch (thrown) {
      return this.run(Effect.die(thrown))
    }
  }

  /** Runs a part of the executor. What it throws is a bug, which is logged and goes no further: others share the process. */
  guard(run: () => void): void {
    try {
      run()
    } catch (thrown) {
      this.log("Error", `the executor has a bug, please report it: ${inWords(thrown)}`)
    }
  }

  /** Runs a function after a time, in milliseconds. */
  after(milliseconds: number, run: () => void): Fiber.Fiber<void> {
    return this.fork(Effect.sleep(milliseconds), (exit) => {
      if (exit._tag === "Success") run()
    })
  }

  /** Runs a function after the timers and I/O of the process that wait have had their turn. */
  yield(run: () => void): void {
    this.fork(Effect.yieldNow, (exit) => {
      if (exit._tag === "Success") run()
    })
  }

  /** Writes a line to the loggers of the layer, about an execution or an attempt. */
  log(level: "Debug" | "Info" | "Warn" | "Error", message: string, about: About = {}): void {
    this.run(Effect.logWithLevel(level)(message).pipe(Effect.annotateLogs({ ...about })))
  }

  /** Interrupts the fibers that still run, and waits for them. */
  readonly close: Effect.Effect<void> = Effect.suspend(() =>
    Effect.forEach(
      [...this.fibers],
      (fiber) =>
        Effect.callback<void>((resume) => {
          fiber.interruptUnsafe()
          fiber.addObserver(() => resume(Effect.void))
        }),
      { concurrency: "unbounded", discard: true }
    )
  )
}

// internal

const inWords = (thrown: unknown): string => {
  const { message, name, stack } = defectOf(thrown)
  return stack ?? `${name}: ${message}`
}
