/**
 * A process that makes spans and metrics: `node tracingProgram.ts FILENAME LOG ROLE`. It writes each span that has ended to a file, as
 * exporters do, and its metrics when it is told to be done. The first one starts a trip and never books its hotel; the second one runs
 * what it finds, with another program of `Detour`. Each says when it has got so far.
 */
import { appendFileSync, writeSync } from "node:fs"
import { Deferred, Effect, Layer, Logger, Metric, Option, Schema, Tracer } from "effect"
import {
  Activity,
  ActivityContext,
  Executions,
  Metrics,
  Middleware,
  Query,
  RetryPolicy,
  Signal,
  Tracing,
  Update,
  Workflow
} from "perdure"
import * as Executor from "perdure/Executor/Default"
import * as Sqlite from "perdure/Store/Sqlite"

/** A span as it is written. */
export interface WrittenSpan {
  readonly pid: number
  readonly name: string
  readonly kind: Tracer.SpanKind
  readonly traceId: string
  readonly spanId: string
  readonly parent: string | undefined
  readonly milliseconds: number
  readonly attributes: Readonly<Record<string, unknown>>
}

/** A metric as it is written. */
export interface WrittenMetric {
  readonly pid: number
  readonly metric: string
  readonly type: string
  readonly labels: ReadonlyArray<string>
  readonly count: number
}

class Full extends Schema.TaggedError<Full>()("Full", {}) {}

const Book = Activity.make("Book", {
  input: Schema.String,
  error: Full,
  retry: RetryPolicy.exponential({ initialInterval: "10 millis" })
})
const Pay = Activity.make("Pay")
const Go = Signal.make("go")
const Seats = Update.make("seats", { input: Schema.Int, success: Schema.Int })
const Where = Query.make("where", { success: Schema.String })
const Trip = Workflow.make("Trip", { error: Full, workflowId: () => "trip" })
const Wait = Workflow.make("Wait", { input: Schema.String, workflowId: (id) => id })
const Detour = Workflow.make("Detour", { workflowId: () => "detour" })
/** No process has its program. */
const Lost = Workflow.make("Lost", { workflowId: () => "lost" })

const [, program, filename, log, role] = process.argv

const say = (word: string) => writeSync(1, `${word}\n`)

const write = (line: WrittenSpan | WrittenMetric) => appendFileSync(log!, `${JSON.stringify(line)}\n`)

class Written extends Tracer.NativeSpan {
  override end(...[endTime, exit]: Parameters<Tracer.Span["end"]>): void {
    const begun = this.startTime
    super.end(endTime, exit)
    const { attributes, kind, name, parent, spanId, traceId } = this
    write({
      pid: process.pid,
      name,
      kind,
      traceId,
      spanId,
      parent: Option.getOrUndefined(parent)?.spanId,
      milliseconds: Number(endTime - begun) / 1_000_000,
      attributes: Object.fromEntries(attributes)
    })
  }
}

const writeMetrics = Effect.map(Metric.snapshot, (all) => {
  for (const { attributes = {}, id, state, type } of all) {
    const labels = Object.keys(attributes).filter((name) => name !== "unit")
    const count = type === "Gauge" ? state.value : type === "Counter" || type === "Histogram" ? state.count : 0
    write({ pid: process.pid, metric: id, type, labels, count: Number(count) })
  }
})

const hanging = Deferred.makeUnsafe<void>()
const token = Deferred.makeUnsafe<string>()

const BookLive = Book.toLayer(
  Effect.fnUntraced(function* (what) {
    const { attempt } = yield* ActivityContext.ActivityContext
    if (what === "flight" && attempt === 1) return yield* new Full()
    if (what === "flight" || role === "second") return yield* Effect.withSpan(Effect.void, `pay the ${what}`)
    yield* Deferred.succeed(hanging, undefined)
    return yield* Effect.never
  })
)
const PayLive = Pay.toLayer(
  Effect.fnUntraced(function* () {
    yield* Deferred.succeed(token, (yield* ActivityContext.ActivityContext).token)
    return yield* Activity.pending
  })
)
const TripLive = Trip.toLayer(
  Effect.fnUntraced(function* () {
    yield* Seats.handle((seats) => Effect.succeed(seats))
    yield* Where.answer(() => Effect.succeed("on the way"))
    yield* Book("flight")
    yield* Go.receive
    yield* Book("hotel")
    yield* Effect.sleep("50 millis")
    yield* Pay()
  })
)
const WaitLive = Wait.toLayer(() => Effect.sleep("1 day"))
const DetourLive = Detour.toLayer(() => (role === "first" ? Effect.sleep("1 day") : Effect.orDie(Book("flight"))))

const first = Effect.gen(function* () {
  yield* Effect.withSpan(Trip.start(), "request")
  yield* Detour.start()
  yield* Lost.start()
  yield* Effect.withSpan(
    Effect.all([Seats.execute("trip", 2), Where.ask("trip"), Go.send("trip")], { discard: true }),
    "page"
  )
  yield* Deferred.await(hanging)
})

const second = Effect.gen(function* () {
  const { result } = yield* Trip.handle("trip")
  for (const id of ["cancelled", "terminated"]) yield* Wait.start(id)
  yield* Effect.sleep("500 millis")
  yield* Pay.succeed(yield* Deferred.await(token))
  yield* result
  yield* (yield* Wait.handle("cancelled")).cancel("no need")
  yield* (yield* Wait.handle("terminated")).terminate("enough")
  yield* Effect.exit((yield* Wait.handle("cancelled")).result)
  yield* Effect.flatMap(Executions.Executions, ({ delete: remove }) => remove({ workflowId: "cancelled" }))
})

if (program === import.meta.filename) {
  process.stdin.on("end", () => process.exit())
  process.stdin.resume()
  const executor = Executor.layerWith({ heartbeatInterval: "200 millis", lease: "1 second" })
  const Main = Layer.mergeAll(TripLive, WaitLive, DetourLive, Metrics.gauges({ every: "100 millis" })).pipe(
    Layer.provide([BookLive, PayLive]),
    Layer.provideMerge(Middleware.apply(executor, Tracing.layer, Metrics.layer)),
    Layer.provide(Metrics.store),
    Layer.provide(Sqlite.layer({ filename: filename! })),
    Layer.provide(Logger.layer([]))
  )
  await Effect.runPromise(
    Effect.gen(function* () {
      yield* role === "first" ? first : second
      yield* Effect.sleep("200 millis")
      yield* writeMetrics
      say(role === "first" ? "hanging" : "done")
      return yield* Effect.never
    }).pipe(
      Effect.provide(Main),
      Effect.provideService(Tracer.Tracer, Tracer.make({ span: (options) => new Written(options) }))
    )
  )
}
