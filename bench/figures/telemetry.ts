/**
 * What spans and metrics cost: the CPU of a step beside one without, and a look of the gauges at a store.
 */
import { join } from "node:path"
import { Duration, Effect, Layer, Stream, Tracer } from "effect"
import { Metrics, Middleware, Tracing } from "perdure"
import * as Default from "perdure/Executor/Default"
import * as Sqlite from "perdure/Store/Sqlite"
import * as WorkflowStore from "perdure/Store/WorkflowStore"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Scratch from "../Scratch.ts"
import * as Workload from "../Workload.ts"

/** Executions of ten steps, 64 in flight on SQLite, with each layer; and a page of a thousand executions, ten times. */
export const telemetry = Effect.fnUntraced(function* (name: string) {
  const folder = yield* Scratch.makeFolder
  const sqlite = (file: string) => Sqlite.layer({ filename: join(folder, file) })
  const plain = yield* Layer.build(Workload.layerOn(Default.layer).pipe(Layer.provideMerge(sqlite("plain.db"))))
  const counted = yield* Layer.build(
    Workload.layerOn(Middleware.apply(Default.layer, Metrics.layer)).pipe(
      Layer.provide(Metrics.store),
      Layer.provide(sqlite("counted.db"))
    )
  )
  const traced = yield* Layer.build(
    Workload.layerOn(Middleware.apply(Default.layer, Tracing.layer)).pipe(Layer.provide(sqlite("traced.db")))
  ).pipe(dropping)
  const rounds = yield* Meter.rounds(
    Effect.all({
      plain: Workload.steps(64).pipe(Effect.provideContext(plain)),
      counted: Workload.steps(64).pipe(Effect.provideContext(counted)),
      traced: Workload.steps(64).pipe(Effect.provideContext(traced), dropping)
    }),
    9
  )
  const figure = (layer: "counted" | "traced") => {
    const round = Figure.median(rounds, (each) => each[layer].cpu / each.plain.cpu)
    return Figure.make({
      name: `${name}-${layer}-cpu`,
      value: round[layer].cpu,
      unit: "ms/step",
      reference: { name: "a step without", value: round.plain.cpu, unit: "ms/step" }
    })
  }
  return [figure("counted"), figure("traced"), yield* Effect.provideContext(look(name), plain)]
})

// internal

/** With a tracer that makes spans and sends them nowhere. */
const dropping = Effect.provideService(
  Tracer.Tracer,
  Tracer.make({ span: (options) => new Tracer.NativeSpan(options) })
)

const sleeping = 10_000

/** All pages that the gauges read, for a thousand executions. */
const look = Effect.fnUntraced(function* (name: string) {
  const store = yield* WorkflowStore.WorkflowStore
  yield* Workload.startMany(sleeping, (options) => Workload.Sleeping.start(undefined, options))
  const read = Stream.runCount(WorkflowStore.stream(store, { status: ["running", "blocked"], limit: 1000 }))
  yield* read
  const [time, count] = yield* Effect.timed(Effect.repeat(read, { times: 9 }))
  const value = Duration.toMillis(time) / 10 / (count / 1000)
  return Figure.make({ name: `${name}-gauges`, value, unit: "ms/1,000 executions" })
})
