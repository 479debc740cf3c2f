/** Promise 12: the limits of an activity in a worker, and the turns of those that wait in line. */
import { Clock, Effect, Latch, Layer, Schedule, Schema } from "effect"
import { Activity, RetryPolicy, Workflow } from "perdure"
import { assert } from "../assert.ts"
import type { SuitePart } from "./SuitePart.ts"
import { open, pass, settle } from "./Lab.ts"

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

const Work = Activity.make("Work", { input: Schema.Int, success: Schema.Int })
const Other = Activity.make("Other", { input: Schema.Int, success: Schema.Int })
const One = Workflow.make("One", { input: Schema.Int, success: Schema.Int })
const Two = Workflow.make("Two", { input: Schema.Int, success: Schema.Int })
const Many = Workflow.make("Many", { input: Schema.Int, success: Schema.Int })

const many = (count: number) =>
  Effect.map(
    Effect.forEach(numbers(count), (number) => Work(number), { concurrency: "unbounded" }),
    ({ length }) => length
  )

/** A handler that takes a minute, and how many of it run. */
const counting = () => {
  const seen = { running: 0, most: 0, begun: [] as Array<number> }
  const handler = (number: number) =>
    Effect.acquireUseRelease(
      Effect.sync(() => {
        seen.begun.push(number)
        seen.most = Math.max(seen.most, ++seen.running)
      }),
      () => Effect.as(Effect.sleep("1 minute"), number),
      () => Effect.sync(() => seen.running--)
    )
  return { seen, handler }
}

/** A handler that notes when it begins, and ends at once. */
const noting = () => {
  const times: Array<number> = []
  const handler = (number: number) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      times.push(now)
      return number
    })
  return { times, handler }
}

export const limitingActivities: SuitePart = (it) => {
  it.effect("12. no more handlers of an activity run at once than its concurrency, and others run beside it", () =>
    Effect.gen(function* () {
      const work = counting()
      const other = counting()
      const app = yield* open(
        Layer.mergeAll(Many.toLayer(many), One.toLayer(Other)).pipe(
          Layer.provide([Work.toLayer(work.handler, { concurrency: 3 }), Other.toLayer(other.handler)])
        ),
        { maxActivities: 5 }
      )
      const handle = yield* app.run(Many.start(20))
      const ones = yield* Effect.forEach(numbers(4), (number) => app.run(One.start(number)))
      yield* settle
      assert.deepStrictEqual([work.seen.running, other.seen.running], [3, 2])
      yield* pass("3 minutes")
      for (const [index, one] of ones.entries()) assert.strictEqual(yield* one.result, index)
      yield* pass("1 hour")
      assert.strictEqual(yield* handle.result, 20)
      assert.deepStrictEqual([work.seen.most, work.seen.begun], [3, numbers(20)])
    })
  )

  it.effect("12. workflows that are given the same layer of an activity share its limits", () =>
    Effect.gen(function* () {
      const { handler, seen } = counting()
      const WorkLive = Work.toLayer(handler, { concurrency: 2 })
      const app = yield* open(
        Layer.mergeAll(Layer.provide(One.toLayer(Work), WorkLive), Layer.provide(Two.toLayer(Work), WorkLive))
      )
      const handles = yield* Effect.forEach(numbers(6), (number) =>
        app.run(number % 2 === 0 ? One.start(number) : Two.start(number))
      )
      yield* pass("1 hour")
      for (const [index, handle] of handles.entries()) assert.strictEqual(yield* handle.result, index)
      assert.strictEqual(seen.most, 2)
    })
  )

  it.effect("12. no more attempts of an activity begin in any span of time than its rateLimit, and then they do", () =>
    Effect.gen(function* () {
      const { handler, times } = noting()
      const app = yield* open(
        Many.toLayer(many).pipe(Layer.provide(Work.toLayer(handler, { rateLimit: { limit: 10, every: "1 second" } })))
      )
      const handle = yield* app.run(Many.start(35))
      yield* settle
      assert.lengthOf(times, 10)
      yield* pass("999 millis")
      assert.lengthOf(times, 10)
      yield* pass("1 millis")
      assert.lengthOf(times, 20)
      yield* pass("500 millis")
      assert.lengthOf(times, 20)
      yield* pass("500 millis")
      assert.lengthOf(times, 30)
      yield* pass("1 second")
      assert.strictEqual(yield* handle.result, 35)
    })
  )

  it.effect("12. an attempt that is repeated is one of those that begin in a time", () =>
    Effect.gen(function* () {
      const times: Array<number> = []
      const Flaky = Activity.make("Flaky", { error: Schema.String, retry: Schedule.spaced("100 millis") })
      const Try = Workflow.make("Try", { error: Schema.String })
      const app = yield* open(
        Try.toLayer(() => Flaky()).pipe(
          Layer.provide(
            Flaky.toLayer(
              () =>
                Effect.flatMap(Clock.currentTimeMillis, (now) =>
                  times.push(now) < 3 ? Effect.fail("again") : Effect.void
                ),
              { rateLimit: { limit: 1, every: "1 minute" } }
            )
          )
        )
      )
      const handle = yield* app.run(Try.start())
      yield* Effect.replicateEffect(pass("10 seconds"), 20)
      assert.strictEqual(yield* handle.status, "completed")
      assert.deepStrictEqual(
        times.map((time) => time - times[0]!),
        [0, 60_000, 120_000]
      )
    })
  )

  for (const [what, limits] of [
    ["concurrency", { concurrency: 1 }],
    ["rateLimit", { rateLimit: { limit: 1, every: "1 hour" } }]
  ] as const) {
    it.effect(
      `4. the total timeout goes on while a call waits for the ${what} of its activity, and that of an attempt does not`,
      () =>
        Effect.gen(function* () {
          let begun = 0
          const begins = Effect.sync(() => begun++)
          const Timed = Activity.make("Timed", {
            error: Activity.ActivityTimedOut,
            retry: RetryPolicy.none,
            timeout: { attempt: "61 minutes", total: "90 minutes" }
          })
          const Late = Workflow.make("Late", { success: Schema.Number })
          const app = yield* open(
            Late.toLayer(() => Effect.match(Timed(), { onFailure: ({ after }) => after, onSuccess: () => 0 })).pipe(
              Layer.provide(Timed.toLayer(() => Effect.andThen(begins, Effect.sleep("1 hour")), limits))
            )
          )
          const handles = yield* Effect.forEach(numbers(3), () => app.run(Late.start()))
          yield* pass("1 hour")
          assert.strictEqual(begun, 2)
          yield* pass("29 minutes")
          assert.deepStrictEqual(yield* Effect.forEach(handles, (handle) => handle.status), [
            "completed",
            "running",
            "running"
          ])
          yield* pass("1 minute")
          // The second ran for half an hour when its total had passed; the third never did.
          const after = 90 * 60_000
          assert.deepStrictEqual(yield* Effect.forEach(handles, (handle) => handle.result), [0, after, after])
          yield* pass("5 hours")
          assert.strictEqual(begun, 2)
        })
    )
  }

  it.effect(
    "12. a handler that was left behind after its timeout does not count in the concurrency of its activity",
    () =>
      Effect.gen(function* () {
        let begun = 0
        const Timed = Activity.make("Timed", { retry: RetryPolicy.none, timeout: "1 minute" })
        const Hang = Workflow.make("Hang")
        const app = yield* open(
          Hang.toLayer(() => Timed()).pipe(
            Layer.provide(
              Timed.toLayer(
                () => Effect.suspend(() => (++begun === 1 ? Effect.uninterruptible(Effect.never) : Effect.void)),
                { concurrency: 1 }
              )
            )
          ),
          { shutdownTimeout: "50 millis" }
        )
        const [first, second] = yield* Effect.replicateEffect(app.run(Hang.start()), 2)
        yield* pass("59 seconds")
        assert.strictEqual(begun, 1)
        yield* pass("1 second")
        assert.deepStrictEqual([yield* first!.status, yield* second!.status], ["failed", "completed"])
      })
  )

  it.effect("12. calls that were cancelled while they waited for a limit do not hold up the others", () =>
    Effect.gen(function* () {
      const { handler, seen } = counting()
      const app = yield* open(One.toLayer(Work).pipe(Layer.provide(Work.toLayer(handler, { concurrency: 1 }))))
      const handles = yield* Effect.forEach(numbers(5), (number) => app.run(One.start(number)))
      for (const index of [1, 3, 0]) yield* handles[index]!.cancel()
      yield* pass("2 minutes")
      assert.deepStrictEqual([yield* handles[2]!.result, yield* handles[4]!.result, seen.begun], [2, 4, [0, 2, 4]])
    })
  )

  it.effect("12. limits hold again after a restart, and every call has its result once", () =>
    Effect.gen(function* () {
      const work = counting()
      const workflows = Many.toLayer(many).pipe(Layer.provide(Work.toLayer(work.handler, { concurrency: 4 })))
      const app = yield* open(workflows, { worker: "a" })
      const { id } = yield* app.run(Many.start(20))
      yield* pass("90 seconds")
      assert.lengthOf(work.seen.begun, 8)
      yield* app.stop
      assert.strictEqual(work.seen.running, 0)
      const again = yield* open(workflows, { worker: "a" })
      yield* settle
      // The four that a shutdown has interrupted, and no more at once.
      assert.deepStrictEqual([work.seen.begun.slice(8), work.seen.running], [[4, 5, 6, 7], 4])
      yield* pass("1 hour")
      assert.strictEqual(yield* (yield* again.run(Many.handle(id))).result, 20)
      assert.deepStrictEqual([work.seen.most, work.seen.begun.length], [4, 24])
    })
  )
}

export const takingTurns: SuitePart = (it) => {
  it.effect("12. the first call of an execution, and of an activity, does not wait for all calls of another one", () =>
    Effect.gen(function* () {
      const order: Array<string> = []
      const note = (name: string) => (number: number) =>
        Effect.suspend(() => {
          order.push(name === "Work" && number === -1 ? "late execution" : name)
          return Effect.as(Effect.sleep("1 second"), number)
        })
      const app = yield* open(
        Layer.mergeAll(Many.toLayer(many), One.toLayer(Work), Two.toLayer(Other)).pipe(
          Layer.provide([Work.toLayer(note("Work")), Other.toLayer(note("Other"))])
        ),
        { maxActivities: 2 }
      )
      yield* app.run(Many.start(500))
      yield* settle
      const one = yield* app.run(One.start(-1))
      const two = yield* app.run(Two.start(1))
      yield* pass("5 seconds")
      assert.deepStrictEqual([yield* one.status, yield* two.status], ["completed", "completed"])
      assert.isBelow(Math.max(order.indexOf("late execution"), order.indexOf("Other")), 7)
    })
  )

  it.live("12. ten thousand calls in line do not delay the first call of another execution", () =>
    Effect.gen(function* () {
      const gate = yield* Latch.make(false)
      const order: Array<number> = []
      const handler = (number: number) =>
        Effect.suspend(() => {
          order.push(number)
          return Effect.as(gate.await, number)
        })
      const app = yield* open(
        Layer.mergeAll(Many.toLayer(many), One.toLayer(Work)).pipe(Layer.provide(Work.toLayer(handler))),
        { maxActivities: 50 }
      )
      const long = yield* app.run(Many.start(10_000))
      yield* Effect.repeat(Effect.sleep("5 millis"), { until: () => order.length === 50 })
      const one = yield* app.run(One.start(-1))
      yield* gate.open
      assert.strictEqual(yield* one.result, -1)
      assert.isBelow(order.indexOf(-1), 55)
      assert.strictEqual(yield* long.result, 10_000)
      assert.lengthOf(order, 10_001)
    })
  )
}
