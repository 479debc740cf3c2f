/** Promise 21: what a handler reports is there for the next attempt, and silence ends an attempt that must report. */
import { Effect, Layer, Logger, Option, Schema } from "effect"
import { Activity, ActivityContext, RetryPolicy, Workflow } from "perdure"
import { RunId, Sequence, WorkflowId } from "perdure/Ids"
import { assert } from "../assert.ts"
import { cut, sound } from "./FaultyStore.ts"
import { errorOf } from "./failures.ts"
import { Lab, open, pass, settle, until } from "./Lab.ts"
import { historyOf, summaryOf, tags } from "./stored.ts"
import type { SuitePart } from "./SuitePart.ts"

class Stuck extends Schema.TaggedError<Stuck>()("Stuck", {}) {}

const Page = Schema.Struct({ page: Schema.Int, at: Schema.DateFromMillis })
const Copy = Activity.make("Copy", {
  input: Schema.Int,
  success: Schema.Int,
  error: Schema.Union([Stuck, Activity.ActivityTimedOut]),
  heartbeat: Page,
  heartbeatTimeout: "10 seconds",
  retry: RetryPolicy.exponential({ maxAttempts: 3, initialInterval: "1 second" })
})
const Run = Workflow.make("Run", {
  success: Schema.Int,
  error: Schema.Union([Stuck, Activity.ActivityTimedOut]),
  workflowId: () => "run"
})

/** Copies pages from where the attempt before was, `each` after a page; and what the attempts began with. */
const copying = (each: (page: number, attempt: number) => Effect.Effect<void, Stuck>) => {
  const begun: Array<number> = []
  const layer = Run.toLayer(() => Copy(9)).pipe(
    Layer.provide(
      Copy.toLayer((pages) =>
        Effect.gen(function* () {
          const { attempt } = yield* ActivityContext.ActivityContext
          const from = Option.match(yield* Copy.details, { onNone: () => 0, onSome: ({ page }) => page })
          begun.push(from)
          for (let page = from + 1; page <= pages; page++) {
            yield* Copy.heartbeat({ page, at: new Date(page) })
            yield* each(page, attempt)
          }
          return pages
        })
      )
    )
  )
  return { begun, layer }
}

const detailsOf = Effect.gen(function* () {
  const { store } = yield* Lab
  const { runId } = yield* summaryOf("run")
  const place = { workflowId: WorkflowId.make("run"), runId: RunId.make(runId), seq: Sequence.make(0) }
  return Option.getOrUndefined(yield* store.details(place))
})

export const heartbeating: SuitePart = (it) => {
  it.effect("21. the next attempt goes on where the one before has reported to be, and the history does not grow", () =>
    Effect.gen(function* () {
      const { begun, layer } = copying((page, attempt) =>
        page === 4 * attempt ? Effect.andThen(Effect.sleep("2 seconds"), new Stuck()) : Effect.void
      )
      const app = yield* open(layer)
      const run = yield* app.run(Run.start())
      yield* pass("1 hour")
      assert.strictEqual(yield* run.result, 9)
      assert.deepStrictEqual(begun, [0, 4, 8])
      assert.deepStrictEqual(tags(yield* historyOf("run")), [
        "ExecutionStarted",
        "ActivityScheduled",
        "ActivityAttemptFailed",
        "ActivityAttemptFailed",
        "ActivityResolved",
        "ExecutionCompleted"
      ])
      assert.isUndefined(yield* detailsOf)
    })
  )

  it.effect("21. details outlive the worker, also one that was cut off", () =>
    Effect.gen(function* () {
      const { begun, layer } = copying((page, attempt) => (page === 5 && attempt < 3 ? Effect.never : Effect.void))
      const first = yield* open(layer)
      const run = yield* first.run(Run.start())
      yield* pass("3 seconds")
      assert.deepStrictEqual(yield* detailsOf, { page: 5, at: 5 })
      yield* first.stop
      const second = yield* open(layer)
      yield* pass("5 seconds")
      second.link.fault = cut()
      yield* pass("1 minute")
      second.link.fault = sound
      yield* pass("1 minute")
      const { result } = yield* second.run(Run.handle(run.id))
      assert.strictEqual(yield* result, 9)
      assert.strictEqual(begun[0], 0)
      assert.deepStrictEqual(new Set(begun.slice(1)), new Set([5]))
      yield* pass("5 seconds")
      assert.isUndefined(yield* detailsOf)
    })
  )

  it.effect("21. an attempt that is silent for too long ends, however long it has run", () =>
    Effect.gen(function* () {
      const { begun, layer } = copying((page, attempt) =>
        page === 3 * attempt ? Effect.never : Effect.sleep("9 seconds")
      )
      const lines: Array<string> = []
      const logger = Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])
      const app = yield* Effect.provide(open(layer), logger)
      const run = yield* app.run(Run.start())
      yield* pass("27 seconds")
      assert.lengthOf(begun, 1)
      yield* pass("10 minutes")
      assert.deepStrictEqual(begun, [0, 3, 6])
      assert.deepStrictEqual(
        yield* Effect.flip(run.result),
        new Activity.ActivityTimedOut({ activity: "Copy", after: 10_000 })
      )
      const silent = "the handler of activity Copy has not called heartbeat for its heartbeatTimeout of 10000 ms"
      assert.lengthOf(
        lines.filter((line) => line.includes(silent)),
        3
      )
    })
  )

  it.effect("21. however often a handler reports, the store is told once a second", () =>
    Effect.gen(function* () {
      const busy = Copy.toLayer((pages) =>
        Effect.forever(Effect.andThen(Copy.heartbeat({ page: pages, at: new Date(0) }), Effect.sleep("1 millis")))
      )
      const app = yield* open(Run.toLayer(() => Copy(9)).pipe(Layer.provide(busy)))
      const run = yield* app.run(Run.start())
      const { details } = app.link.count
      yield* pass("5 seconds")
      assert.isAtMost(app.link.count.details - details, 6)
      yield* run.cancel()
      yield* pass("2 seconds")
      assert.isUndefined(yield* detailsOf)
    })
  )

  it.effect("21. details that do not fit are a defect of the handler, and those of another release are left out", () =>
    Effect.gen(function* () {
      const Other = Activity.make("Copy", {
        input: Schema.Int,
        success: Schema.Int,
        error: Schema.Union([Stuck, Activity.ActivityTimedOut]),
        heartbeat: Schema.String
      })
      const first = yield* open(
        Run.toLayer(() => Other(9)).pipe(
          Layer.provide(Other.toLayer(() => Effect.andThen(Other.heartbeat("page one"), Effect.never)))
        )
      )
      const run = yield* first.run(Run.start())
      yield* pass("2 seconds")
      assert.strictEqual(yield* detailsOf, "page one")
      yield* first.stop
      const { begun, layer } = copying(() => Effect.void)
      const second = yield* open(layer)
      yield* settle
      assert.strictEqual(yield* (yield* second.run(Run.handle(run.id))).result, 9)
      assert.deepStrictEqual(begun, [0])
      yield* second.stop
      const wrong = yield* open(
        Run.toLayer(() => Copy(1)).pipe(
          Layer.provide(Copy.toLayer(() => Effect.as(Copy.heartbeat({ page: 0.5, at: new Date(0) }), 1)))
        )
      )
      const error = yield* errorOf(wrong.run(Run.execute(undefined, { workflowId: "wrong" })))
      assert.strictEqual(error._tag, "Defect")
      assert.include(error.message, "the details of activity Copy do not fit their schema")
    })
  )

  it.effect(
    "21. a heartbeat in the handler of another activity is a defect, and so is a contract that an inline one has not",
    () =>
      Effect.gen(function* () {
        const Plain = Activity.make("Plain")
        const Strays = Workflow.make("Strays")
        const StraysLive = Strays.toLayer(() => Plain()).pipe(
          Layer.provide(Plain.toLayer(() => Copy.heartbeat({ page: 1, at: new Date(0) })))
        )
        const Leaves = Workflow.make("Leaves")
        const LeavesLive = Leaves.toLayer(() => Activity.inline("leaves", {}, Activity.pending))
        const app = yield* open(Layer.merge(StraysLive, LeavesLive))
        const strayed = yield* errorOf(app.run(Strays.execute()))
        assert.include(strayed.message, 'heartbeat of activity "Copy" was called in the handler of "Plain"')
        const left = yield* errorOf(app.run(Leaves.execute()))
        assert.include(left.message, "give it one, with Activity.make")
        assert.deepStrictEqual([strayed._tag, left._tag], ["Defect", "Defect"])
      })
  )

  it.live("21. a cancel of another process interrupts a handler within a second", () =>
    Effect.gen(function* () {
      let interruptedAt = 0
      const waits = Copy.toLayer(() =>
        Effect.onInterrupt(Effect.never, () => Effect.sync(() => void (interruptedAt = performance.now())))
      )
      const worker = yield* open(Run.toLayer(() => Copy(1)).pipe(Layer.provide(waits)))
      const client = yield* open(Layer.empty)
      const run = yield* worker.run(Run.start())
      yield* until(Effect.map(summaryOf("run"), ({ version }) => version >= 1))
      const askedAt = performance.now()
      const there = yield* client.run(Run.handle(run.id))
      yield* there.cancel()
      yield* until(Effect.sync(() => interruptedAt > 0))
      assert.isBelow(interruptedAt - askedAt, 1000)
    })
  )
}
