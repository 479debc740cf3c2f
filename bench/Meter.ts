/**
 * How fast something goes and what it costs, measured in turns with its references.
 */
import { Effect } from "effect"

/** Work that was done, and what it took. */
export interface Sample {
  /** Units a second of wall time. */
  readonly rate: number
  /** Milliseconds of CPU a unit, on all threads of the process. */
  readonly cpu: number
}

/** Measures an effect that returns how many units it did. */
export const sample = Effect.fnUntraced(function* <E, R>(work: Effect.Effect<number, E, R>) {
  const start = performance.now()
  const cpu = process.cpuUsage()
  const units = yield* work
  const { system, user } = process.cpuUsage(cpu)
  const seconds = (performance.now() - start) / 1000
  return { rate: units / seconds, cpu: (user + system) / 1000 / units } satisfies Sample
})

/**
 * Runs a round of measurements three times, or as often as is said. A round measures all that is compared, in turn, so that whatever disturbs the
 * machine disturbs each alike. The round before them is a rehearsal, for the compiler.
 */
export const rounds = <Round, E, R>(round: Effect.Effect<Round, E, R>, times = 3): Effect.Effect<Array<Round>, E, R> =>
  Effect.andThen(round, Effect.replicateEffect(round, times))

/** Repeats an effect in a number of fibers until a time has passed; returns how often. */
export const repeatFor = <E, R>(options: {
  readonly milliseconds: number
  readonly fibers: number
  readonly effect: Effect.Effect<unknown, E, R>
}): Effect.Effect<number, E, R> =>
  Effect.suspend(() => {
    let count = 0
    const end = performance.now() + options.milliseconds
    const loop = Effect.whileLoop({
      while: () => performance.now() < end,
      body: () => options.effect,
      step: () => void count++
    })
    return Effect.replicateEffect(loop, options.fibers, { concurrency: "unbounded", discard: true }).pipe(
      Effect.map(() => count)
    )
  })

/** Prepares an effect and runs it, a number of times; returns the median of the milliseconds that it took. */
export const medianTime = Effect.fnUntraced(function* <E, R>(
  times: number,
  prepare: Effect.Effect<Effect.Effect<unknown, E, R>, E, R>
) {
  const taken: Array<number> = []
  for (let i = 0; i < times; i++) {
    const effect = yield* prepare
    const start = performance.now()
    yield* effect
    taken.push(performance.now() - start)
  }
  return taken.toSorted((a, b) => a - b)[times >> 1]!
})
