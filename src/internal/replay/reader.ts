/**
 * How something reads a program, such as the handler of a query: between two deliveries or within one, beside the program and without a
 * trace.
 *
 * 1. It runs at once and to its end, or is refused: there is nothing that it may wait for.
 * 2. Whatever leaves a program is refused: commands, signals taken, a clock that sleeps.
 * 3. Its time is that of the latest event, and its random numbers are its own, from the beginning each time.
 * 4. What it left behind is interrupted. If it has moved a fiber of the program, or does not end, the program is stopped: it is
 *    not to be trusted any more, and its history has it as it was.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import type * as Random from "effect/Random"
import * as Scheduler from "effect/Scheduler"
import type { Problem } from "../../HistoryEvent.ts"
import { type FlushBudget, type Guest, WorkflowScheduler } from "./WorkflowScheduler.ts"

/** What reads, and by what means. */
export interface Reading {
  /** What it is, for messages. */
  readonly what: string
  readonly budget: FlushBudget
  readonly random: Random.Random
  readonly context: Context.Context<never>
}

/** What came of it. */
export type Read<A, E> =
  | { readonly _tag: "Ended"; readonly exit: Exit.Exit<A, E> }
  /** It did what only a program may do. */
  | { readonly _tag: "Misdeed"; readonly what: string }
  /** Something was thrown past all its fibers. */
  | { readonly _tag: "Thrown"; readonly thrown: unknown }

/** Runs effects that may only read, `what` in messages. */
export interface Reads {
  readonly read: <A, E>(what: string, context: Context.Context<never>, effect: Effect.Effect<A, E>) => Read<A, E>
}

/** Runs an effect that may only read. If it harms the program, its scheduler has a problem then. */
export const readOnly = <A, E>(
  scheduler: WorkflowScheduler,
  reading: Reading,
  effect: Effect.Effect<A, E>
): Read<A, E> => {
  const reader = new Reader(scheduler, reading)
  scheduler.guest = reader
  try {
    const exit = reader.run(Context.add(reading.context, Scheduler.Scheduler, reader), effect)
    const what = reader.misdeed ?? (exit === undefined ? "waited for something" : undefined)
    return what === undefined ? { _tag: "Ended", exit: exit! } : { _tag: "Misdeed", what }
  } catch (thrown) {
    reader.harms("something was thrown past its fibers")
    return { _tag: "Thrown", thrown }
  } finally {
    reader.end()
    scheduler.guest = undefined
  }
}

/** The random numbers of a program. What only reads draws its own. */
export const drawnBy = (scheduler: WorkflowScheduler, own: Random.Random): Random.Random => ({
  nextDoubleUnsafe: () => (scheduler.guest?.random ?? own).nextDoubleUnsafe(),
  nextIntUnsafe: () => (scheduler.guest?.random ?? own).nextIntUnsafe()
})

// internal

/** How often what it left behind is interrupted: its finalizers may leave something behind again. */
const rounds = 3

/** Runs the fibers of one effect, and stands in for the scheduler of the program meanwhile. */
class Reader extends WorkflowScheduler implements Guest {
  readonly random: Random.Random
  /** What it did that only a program may do; the first is kept. */
  misdeed: string | undefined = undefined
  private readonly what: string
  private readonly host: WorkflowScheduler
  private readonly limit: number
  private readonly fibers = new Set<Fiber.Fiber<unknown, unknown>>()
  /** The number of its first fiber: those of the program are older. */
  private first: number | undefined = undefined

  constructor(host: WorkflowScheduler, { budget, random, what }: Reading) {
    super(
      budget,
      () => what,
      () => {}
    )
    this.host = host
    this.limit = budget.milliseconds
    this.random = random
    this.what = what
  }

  /** Runs it; returns how it ended, if it did. */
  run<A, E>(context: Context.Context<never>, effect: Effect.Effect<A, E>): Exit.Exit<A, E> | undefined {
    let root: Fiber.Fiber<A, E> | undefined
    this.flush(() => {
      root = Effect.runForkWith(context)(effect)
    })
    const exit = root?.pollUnsafe()
    if (this.problem?.reason === "Spinning") this.misdeed ??= `ran for ${this.limit} ms without an end`
    this.interruptAll()
    return exit
  }

  override shouldYield(fiber: Fiber.Fiber<unknown, unknown>): boolean {
    this.first ??= fiber.id
    if (fiber.id < this.first) {
      this.misdeed ??= "woke or interrupted a fiber of the program"
      this.host.stop(this.harm(this.misdeed))
      this.stop(this.harm(this.misdeed))
      return true
    }
    this.fibers.add(fiber)
    return super.shouldYield(fiber)
  }

  refuse(what: string): never {
    this.misdeed ??= what
    throw new Error(`${this.what} may only read, and it ${what}`)
  }

  /** Whatever comes of it from now on is dropped. */
  end(): void {
    this.stop(this.harm("it has ended"))
  }

  private get unfinished(): ReadonlyArray<Fiber.Fiber<unknown, unknown>> {
    return [...this.fibers].filter((fiber) => fiber.pollUnsafe() === undefined)
  }

  /** Interrupts what goes on, which could take something from the program later. */
  private interruptAll(): void {
    for (let round = 0; round < rounds; round++) {
      const { unfinished } = this
      if (unfinished.length === 0) return
      this.flush(() => {
        for (const fiber of unfinished) fiber.interruptUnsafe()
      })
    }
    if (this.unfinished.length > 0) this.host.stop(this.harm(this.misdeed ?? "did not let itself be interrupted"))
  }

  /** Stops the program: it is not to be trusted any more. */
  harms(what: string): void {
    this.host.stop(this.harm(what))
  }

  private harm(what: string): Problem {
    return { reason: "Defect", message: `${this.what} may have changed the program: ${what}` }
  }
}
