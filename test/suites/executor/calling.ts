/** Promises 2 and 3, of activities: at least once, recorded once, and durable before anything follows. */
import { Clock, Deferred, Effect, Fiber, Layer, Latch, Schema } from "effect"
import { Activity, ActivityContext, RetryPolicy, Workflow } from "perdure"
import type { EventOf, HistoryEvent } from "perdure/HistoryEvent"
import { assert } from "../assert.ts"
import type { SuitePart } from "./SuitePart.ts"
import { open, pass, settle, Lab } from "./Lab.ts"
import { historyOf } from "./stored.ts"

class Busy extends Schema.TaggedError<Busy>()("Busy", {}) {}

const Text = Activity.make("Text", { input: Schema.String, success: Schema.String })
const Flaky = Activity.make("Flaky", {
  input: Schema.String,
  error: Busy,
  retry: RetryPolicy.exponential({ maxAttempts: 3 })
})

const Twice = Workflow.make("Twice", { success: Schema.Array(Schema.String) })

/** Runs what it is given as its program. */
const twice = (program: Effect.Effect<ReadonlyArray<string>, never, TextNeeds>) => Twice.toLayer(() => program)

type TextNeeds = Effect.Services<ReturnType<typeof Text>>

const scheduled = (history: ReadonlyArray<HistoryEvent>) => ofTag(history, "ActivityScheduled").map(({ seq }) => seq)
const resolved = (history: ReadonlyArray<HistoryEvent>) => ofTag(history, "ActivityResolved").map(({ seq }) => seq)

const ofTag = <Tag extends HistoryEvent["_tag"]>(history: ReadonlyArray<HistoryEvent>, tag: Tag) =>
  history.filter((event): event is EventOf<Tag> => event._tag === tag)

export const calling: SuitePart = (it) => {
  it.effect("2. a handler is told the number of the attempt and a key that stays the same", () =>
    Effect.gen(function* () {
      const seen: Array<ActivityContext.ActivityContext["Service"]> = []
      const handler = Flaky.toLayer(() =>
        Effect.gen(function* () {
          const context = yield* ActivityContext.ActivityContext
          seen.push(context)
          if (context.attempt < 3) return yield* new Busy()
        })
      )
      const Calls = Workflow.make("Calls", { error: Busy })
      const app = yield* open(Calls.toLayer(() => Effect.andThen(Flaky("a"), Flaky("b"))).pipe(Layer.provide(handler)))
      const handle = yield* app.run(Calls.start(undefined, { workflowId: "calls" }))
      yield* pass("1 second")
      yield* handle.result
      assert.deepStrictEqual(
        seen.map(({ attempt }) => attempt),
        [1, 2, 3, 1, 2, 3]
      )
      const keys = seen.map(({ idempotencyKey }) => idempotencyKey)
      assert.deepStrictEqual(keys, [keys[0], keys[0], keys[0], keys[3], keys[3], keys[3]])
      assert.notStrictEqual(keys[0], keys[3])
      for (const { activity, runId, workflowId } of seen) {
        assert.deepStrictEqual([activity, runId, String(workflowId)], ["Flaky", handle.runId, "calls"])
      }
      const again = yield* app.run(Calls.start(undefined, { workflowId: "calls", whenExists: "restart" }))
      yield* pass("1 second")
      yield* again.result
      assert.strictEqual(new Set(seen.map(({ idempotencyKey }) => idempotencyKey)).size, 4)
    })
  )

  it.effect("2. a recorded result is not computed again, however often the executor restarts", () =>
    Effect.gen(function* () {
      let runs = 0
      const workflows = twice(
        Effect.gen(function* () {
          const first = yield* Text("first")
          yield* Effect.sleep("1 day")
          return [first, yield* Text("second")]
        })
      ).pipe(Layer.provide(Text.toLayer((text) => Effect.sync(() => `${text} ${++runs}`))))
      let app = yield* open(workflows)
      const { id } = yield* app.run(Twice.start())
      for (let restarts = 0; restarts < 5; restarts++) {
        yield* settle
        yield* app.stop
        app = yield* open(workflows)
      }
      yield* pass("1 day")
      const handle = yield* app.run(Twice.handle(id))
      assert.deepStrictEqual(yield* handle.result, ["first 1", "second 2"])
      assert.deepStrictEqual(resolved(yield* handle.history), [0, 2])
    })
  )

  it.effect("2. a handler whose executor ended runs again, as the same attempt with the same key", () =>
    Effect.gen(function* () {
      const seen: Array<readonly [attempt: number, key: string]> = []
      const mayEnd = yield* Latch.make(false)
      const handler = Text.toLayer((text) =>
        Effect.gen(function* () {
          const { attempt, idempotencyKey } = yield* ActivityContext.ActivityContext
          seen.push([attempt, idempotencyKey])
          yield* mayEnd.await
          return text
        })
      )
      const workflows = twice(Effect.map(Text("x"), (text) => [text])).pipe(Layer.provide(handler))
      const first = yield* open(workflows)
      const { id } = yield* first.run(Twice.start())
      yield* settle
      yield* first.stop
      const second = yield* open(workflows)
      yield* settle
      yield* mayEnd.open
      const handle = yield* second.run(Twice.handle(id))
      assert.deepStrictEqual(yield* handle.result, ["x"])
      assert.strictEqual(seen.length, 2)
      assert.deepStrictEqual(seen[0], seen[1])
      assert.strictEqual(seen[0]![0], 1)
    })
  )

  it.effect("2. two calls with one input are two calls", () =>
    Effect.gen(function* () {
      let runs = 0
      const workflows = twice(Effect.all([Text("x"), Text("x")])).pipe(
        Layer.provide(Text.toLayer((text) => Effect.sync(() => `${text} ${++runs}`)))
      )
      const app = yield* open(workflows)
      assert.deepStrictEqual(yield* app.run(Twice.execute()), ["x 1", "x 2"])
    })
  )

  it.effect("2. concurrent calls run at once, and each gets its own result", () =>
    Effect.gen(function* () {
      const meeting = yield* Deferred.make<void>()
      let present = 0
      const handler = Text.toLayer((text) =>
        Effect.gen(function* () {
          if (++present === 10) yield* Deferred.succeed(meeting, undefined)
          yield* Deferred.await(meeting)
          return `answer to ${text}`
        })
      )
      const texts = Array.from({ length: 10 }, (_, index) => `${index}`)
      const app = yield* open(
        twice(Effect.all(texts.map(Text), { concurrency: "unbounded" })).pipe(Layer.provide(handler))
      )
      assert.deepStrictEqual(
        yield* app.run(Twice.execute()),
        texts.map((text) => `answer to ${text}`)
      )
    })
  )

  it.effect("2. a handler keeps the services and the spans of its layer, not those of the program", () =>
    Effect.gen(function* () {
      const times: Array<number> = []
      const handler = Text.toLayer((text) =>
        Effect.gen(function* () {
          yield* Effect.sleep("1 minute")
          times.push(yield* Clock.currentTimeMillis)
          return text
        })
      )
      const app = yield* open(twice(Effect.map(Text("x"), (text) => [text])).pipe(Layer.provide(handler)))
      const handle = yield* app.run(Twice.start())
      yield* pass("1 minute")
      yield* handle.result
      assert.deepStrictEqual(times, [60_000])
      assert.isEmpty(ofTag(yield* handle.history, "TimerStarted"))
    })
  )

  it.effect("2. the handler of a call that lost a race or took too long is interrupted while the program goes on", () =>
    Effect.gen(function* () {
      const losers: ReadonlyArray<Effect.Effect<unknown, never, TextNeeds>> = [
        Effect.raceFirst(Text("x"), Effect.as(Effect.sleep("1 minute"), "-")),
        Effect.timeoutOption(Text("x"), "1 minute")
      ]
      for (const loser of losers) {
        let interrupted = 0
        const handler = Text.toLayer(() => Effect.onInterrupt(Effect.never, () => Effect.sync(() => interrupted++)))
        const program = loser.pipe(Effect.andThen(Effect.sleep("1 day")), Effect.as([]))
        const app = yield* open(twice(program).pipe(Layer.provide(handler)))
        const handle = yield* app.run(Twice.start())
        yield* pass("59 seconds")
        assert.strictEqual(interrupted, 0)
        yield* pass("1 second")
        assert.strictEqual(interrupted, 1)
        assert.strictEqual(yield* handle.status, "running")
        yield* app.stop
      }
    })
  )

  it.effect("2. of two results that come together, only the first counts if it makes the other unwanted", () =>
    Effect.gen(function* () {
      const program = Effect.gen(function* () {
        const first = yield* Effect.race(Text("a"), Text("b"))
        yield* Effect.sleep("1 day")
        return [first, yield* Text("c")]
      })
      const workflows = twice(program).pipe(Layer.provide(Text.toLayer(Effect.succeed)))
      const app = yield* open(workflows)
      const { id } = yield* app.run(Twice.start())
      yield* settle
      yield* app.stop
      const again = yield* open(workflows)
      yield* pass("1 day")
      const handle = yield* again.run(Twice.handle(id))
      assert.deepStrictEqual(yield* handle.result, ["a", "c"])
      const history = yield* handle.history
      assert.deepStrictEqual(resolved(history), [0, 3])
      assert.deepStrictEqual(
        ofTag(history, "ActivityCancelled").map(({ seq }) => seq),
        [1]
      )
    })
  )

  it.effect("3. an activity is in the store before its handler runs", () =>
    Effect.gen(function* () {
      const world = yield* Lab
      const before: Array<ReadonlyArray<number>> = []
      const handler = Text.toLayer((text) =>
        Effect.gen(function* () {
          before.push(scheduled(yield* historyOf("twice")))
          return text
        }).pipe(Effect.provideService(Lab, world), Effect.orDie)
      )
      const app = yield* open(twice(Effect.all([Text("a"), Text("b")])).pipe(Layer.provide(handler)))
      yield* app.run(Twice.execute(undefined, { workflowId: "twice" }))
      assert.deepStrictEqual(before, [[0], [0, 1]])
    })
  )

  it.effect("3. a result is in the store before anything that depends on it starts", () =>
    Effect.gen(function* () {
      const world = yield* Lab
      const before: Array<ReadonlyArray<number>> = []
      const handler = Text.toLayer((text) =>
        Effect.gen(function* () {
          before.push(resolved(yield* historyOf("twice")))
          return text
        }).pipe(Effect.provideService(Lab, world), Effect.orDie)
      )
      const app = yield* open(twice(Effect.forEach(["a", "b", "c"], Text)).pipe(Layer.provide(handler)))
      yield* app.run(Twice.execute(undefined, { workflowId: "twice" }))
      assert.deepStrictEqual(before, [[], [0], [0, 1]])
    })
  )

  it.effect("3. whoever learns a result can find it in the store", () =>
    Effect.gen(function* () {
      const app = yield* open(
        twice(Effect.map(Text("x"), (text) => [text])).pipe(Layer.provide(Text.toLayer(Effect.succeed)))
      )
      const waiting = yield* Effect.forkChild(app.run(Twice.execute(undefined, { workflowId: "twice" })))
      assert.deepStrictEqual(yield* Fiber.join(waiting), ["x"])
      assert.strictEqual((yield* historyOf("twice")).at(-1)?._tag, "ExecutionCompleted")
    })
  )
}
