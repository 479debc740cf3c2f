/** Logs, spans, metrics and what else goes with a fiber: it is the same after a wait. What is told to the world is in `told.test.ts`. */
import { Context, Effect, Fiber, Metric, References, Tracer } from "effect"
import { Echo } from "../corpus/activities.ts"
import type { Scenario } from "../corpus/scenarios.ts"
import { row, slow } from "./Row.ts"

/** A reference of the user, with a default value. */
const Locale = Context.Reference<string>("test/effects/Locale", { defaultValue: () => "en" })

const orders = Metric.counter("test_orders")

export const observing: ReadonlyArray<Scenario> = [
  row(
    "Effect.log with spans and annotations around a wait",
    Effect.fnUntraced(function* () {
      const annotations = yield* Effect.gen(function* () {
        yield* Effect.log("before")
        yield* slow("waited", 5000)
        yield* Effect.logWarning("after")
        return yield* References.CurrentLogAnnotations
      }).pipe(Effect.annotateLogs("order", 7), Effect.withLogSpan("work"))
      return annotations["order"] === 7
    }),
    true
  ),
  row(
    "Effect.withSpan around a wait, with its attributes and its parent",
    Effect.fnUntraced(function* () {
      const inner = Effect.gen(function* () {
        yield* Effect.annotateCurrentSpan("order", 7)
        yield* slow("waited", 5000)
        const span = yield* Effect.currentSpan
        return [span.name, span.attributes.get("order") === 7, span.parent._tag]
      })
      return yield* inner.pipe(Effect.withSpan("inner"), Effect.withSpan("outer"))
    }, Effect.orDie),
    ["inner", true, "Some"]
  ),
  row(
    "Effect.useSpan, makeSpanScoped and span links",
    Effect.fnUntraced(function* () {
      const links = yield* Effect.scoped(
        Effect.gen(function* () {
          const first = yield* Effect.makeSpanScoped("first")
          yield* Effect.sleep("5 seconds")
          return yield* Effect.linkSpans(
            Effect.useSpan("second", (span) => Effect.as(Echo(1), span.links.length)),
            first
          )
        })
      )
      return links
    }),
    1
  ),
  row(
    "Tracer that the program provides",
    Effect.fnUntraced(function* () {
      const ended: Array<string> = []
      const tracer = Tracer.make({
        span: (options) => {
          const span = new Tracer.NativeSpan(options)
          const end = span.end.bind(span)
          span.end = (time, exit) => {
            ended.push(span.name)
            end(time, exit)
          }
          return span
        }
      })
      yield* Effect.withTracer(Effect.withSpan(slow("work", 5000), "mine"), tracer)
      return ended
    }),
    ["mine"]
  ),
  row(
    "Metric updates around a wait",
    Effect.fnUntraced(function* () {
      yield* Metric.update(orders, 1)
      const name = yield* Effect.track(slow("counted", 5000), Metric.counter("test_waits"), () => 1)
      yield* Metric.update(Metric.gauge("test_gauge"), 3)
      return name
    }),
    "counted"
  ),
  row(
    "Context.Reference with Effect.provideService, in fibers and after a wait",
    Effect.fnUntraced(function* () {
      const seen = Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Effect.andThen(Effect.sleep("5 seconds"), Locale))
        yield* slow("waited", 10_000)
        return [yield* Locale, yield* Fiber.join(fiber)]
      })
      return [yield* Effect.provideService(seen, Locale, "de"), yield* Locale]
    }),
    [["de", "de"], "en"]
  ),
  row(
    "Effect.updateService and serviceOption",
    Effect.fnUntraced(function* () {
      const shouted = yield* Effect.andThen(Echo(1), Locale).pipe(
        Effect.updateService(Locale, (it) => it.toUpperCase())
      )
      yield* Effect.sleep("1 second")
      return shouted
    }),
    "EN"
  ),
  row(
    "References.MinimumLogLevel and CurrentLogLevel set in the program",
    Effect.fnUntraced(function* () {
      return yield* Effect.provideService(
        Effect.andThen(slow("waited", 1000), References.MinimumLogLevel),
        References.MinimumLogLevel,
        "Error"
      )
    }),
    "Error"
  )
]
