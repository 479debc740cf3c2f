/**
 * What layers at the edge of an executor cost, each by itself: hooks and middleware of activities a step, middleware of callers an
 * operation. In memory, where nothing else waits.
 */
import { Effect, Layer, Logger, Schema } from "effect"
import { Activity, Hooks, Middleware } from "perdure"
import * as Default from "perdure/Executor/Default"
import * as Memory from "perdure/Store/Memory"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Workload from "../Workload.ts"

const [pairs, fibers] = [9, 64]

/** CPU of a step, or of an operation, with each layer against the same without. */
export const layers = (name: string) =>
  Effect.all([
    compare(`${name}-hooks`, hooks, step),
    compare(`${name}-activity`, attempts, step),
    compare(`${name}-logging`, Middleware.logging, operation),
    compare(`${name}-authorise`, allowing, operation),
    compare(`${name}-rateLimit`, limiting, operation),
    compare(`${name}-inputValidation`, validating, operation)
  ])

// internal

/** What is done so many times, and how many units of something that is. */
interface Unit {
  readonly of: "step" | "operation"
  readonly units: number
  readonly times: number
  readonly work: Effect.Effect<unknown, unknown, Default.Services>
}

type Edge = Layer.Layer<never, never, Default.Services> | Middleware.Middleware

const step: Unit = {
  of: "step",
  units: Workload.activities,
  times: 300,
  work: Workload.Sequence.execute(Workload.activities)
}

/** An execution without a step is a start and a wait for its result. */
const operation: Unit = { of: "operation", units: 2, times: 1200, work: Workload.Sequence.execute(0) }

/** Differences are small, so the pairs are many; of two that are compared neither has more executions in its store. */
const compare = Effect.fnUntraced(function* (name: string, layer: Edge, { of, times, units, work }: Unit) {
  const without = yield* Layer.build(Layer.fresh(appWith()))
  const subject = yield* Layer.build(Layer.fresh(appWith(layer)))
  const all = Effect.as(Effect.replicateEffect(work, times, { concurrency: fibers, discard: true }), times * units)
  const measure = (services: typeof without) => Meter.sample(Effect.provideContext(all, services))
  const one = Effect.all({ reference: measure(without), subject: measure(subject) })
  const other = Effect.all({ subject: measure(subject), reference: measure(without) })
  yield* one
  const rounds = yield* Effect.forEach(Array.from({ length: pairs }), (_, index) => (index % 2 === 0 ? one : other))
  const { reference, ...round } = Figure.median(rounds, ({ reference, subject }) => subject.cpu / reference.cpu)
  const unit = `ms/${of}`
  return Figure.make({
    name,
    value: round.subject.cpu,
    unit,
    reference: { name: "without it", value: reference.cpu, unit }
  })
}, Effect.scoped)

/** The workflows, on an executor with a layer around it. */
const appWith = (layer: Edge = Layer.empty) =>
  Workload.programsLive().pipe(
    Layer.provideMerge(Middleware.apply(Default.layer, layer)),
    Layer.provide(Memory.layer),
    // Lines of a log are made, and written nowhere.
    Layer.provide(Logger.layer([]))
  )

/** Told of each result, in decoded values. */
const hooks = Hooks.layer(
  Hooks.make([Activity.make("Echo", { input: Schema.Int, success: Schema.Int })], {
    onActivityComplete: () => Effect.void
  })
)
const attempts = Middleware.activity((_, next) => next)
const allowing = Middleware.authorise(() => Effect.void)
const limiting = Middleware.rateLimit({ limit: 1_000_000, every: "1 second" })
const validating = Middleware.inputValidation(Workload.Sequence)
