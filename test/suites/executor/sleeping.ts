/** Promise 6, of timers: never early, once, across restarts, and all on one timer of the host. */
import { Clock, Duration, Effect, Schema } from "effect"
import { Workflow } from "perdure"
import { assert } from "../assert.ts"
import { reasonOf } from "./failures.ts"
import type { SuitePart } from "./SuitePart.ts"
import { open, pass, settle, words } from "./Lab.ts"

const Sleep = Workflow.make("Sleep", { input: Schema.Number, success: Schema.Number })

/** Sleeps so many milliseconds and answers the time. */
const SleepLive = Sleep.toLayer((milliseconds) => Effect.andThen(Effect.sleep(milliseconds), Clock.currentTimeMillis))

/** The clock of the test, and what is asked of it. */
const counted = Effect.map(Clock.Clock, (clock) => {
  const counts = { sleeping: 0, most: 0, longest: 0 }
  const sleep = (duration: Duration.Duration) =>
    Effect.acquireUseRelease(
      Effect.sync(() => {
        counts.longest = Math.max(counts.longest, Duration.toMillis(duration))
        counts.most = Math.max(counts.most, ++counts.sleeping)
      }),
      () => clock.sleep(duration),
      () => Effect.sync(() => counts.sleeping--)
    )
  return { clock: { ...clock, sleep }, counts }
})

export const sleeping: SuitePart = (it) => {
  it.effect("6. a timer fires at its time and not before", () =>
    Effect.gen(function* () {
      const app = yield* open(SleepLive)
      const handle = yield* app.run(Sleep.start(3_600_000))
      yield* pass(3_599_999)
      assert.strictEqual(yield* handle.status, "running")
      yield* pass(1)
      assert.strictEqual(yield* handle.result, 3_600_000)
      const fired = (yield* handle.history).filter(({ _tag }) => _tag === "TimerFired")
      assert.strictEqual(fired.length, 1)
    })
  )

  it.effect("6. a timer of a fraction of a millisecond is rounded up; one of no time or less does not wait", () =>
    Effect.gen(function* () {
      const app = yield* open(SleepLive)
      const fraction = yield* app.run(Sleep.start(1.25))
      yield* pass(1)
      assert.strictEqual(yield* fraction.status, "running")
      yield* pass(1)
      assert.strictEqual(yield* fraction.result, 2)
      assert.strictEqual(yield* app.run(Sleep.execute(0)), 2)
      assert.strictEqual(yield* app.run(Sleep.execute(-5)), 2)
    })
  )

  it.effect("6. timers fire in the order of their times, whatever the order in which they were set", () =>
    Effect.gen(function* () {
      const Many = Workflow.make("Many", { input: Schema.Array(Schema.Number), success: Schema.Array(Schema.Number) })
      const app = yield* open(
        Many.toLayer(
          Effect.fnUntraced(function* (sleeps) {
            const order: Array<number> = []
            yield* Effect.forEach(
              sleeps,
              (sleep) =>
                Effect.andThen(
                  Effect.sleep(sleep),
                  Effect.sync(() => order.push(sleep))
                ),
              { concurrency: "unbounded" }
            )
            return order
          })
        )
      )
      const sleeps = Array.from({ length: 100 }, (_, index) => ((index * 37) % 100) + 1)
      const handle = yield* app.run(Many.start(sleeps))
      yield* pass("1 second")
      assert.deepStrictEqual(
        yield* handle.result,
        sleeps.toSorted((a, b) => a - b)
      )
    })
  )

  it.effect("6. a timer that was due while nobody ran it fires at once", () =>
    Effect.gen(function* () {
      const first = yield* open(SleepLive)
      const { id } = yield* first.run(Sleep.start(1000))
      yield* first.stop
      yield* pass("1 hour")
      const second = yield* open(SleepLive)
      const handle = yield* second.run(Sleep.handle(id))
      assert.strictEqual(yield* handle.result, 3_600_000)
    })
  )

  it.effect("6. a restart neither starts a timer again nor hastens it", () =>
    Effect.gen(function* () {
      let app = yield* open(SleepLive)
      const { id } = yield* app.run(Sleep.start(3_600_000))
      for (let restart = 0; restart < 5; restart++) {
        yield* pass("10 minutes")
        yield* app.stop
        app = yield* open(SleepLive)
      }
      const handle = yield* app.run(Sleep.handle(id))
      yield* pass(599_999)
      assert.strictEqual(yield* handle.status, "running")
      yield* pass(1)
      assert.strictEqual(yield* handle.result, 3_600_000)
      assert.strictEqual((yield* handle.history).filter(({ _tag }) => _tag === "TimerFired").length, 1)
    })
  )

  it.effect("6. a thousand executions that sleep cost one timer of the host", () =>
    Effect.gen(function* () {
      const { clock, counts } = yield* counted
      const app = yield* Effect.provideService(open(SleepLive), Clock.Clock, clock)
      const handles = yield* Effect.forEach(
        Array.from({ length: 1000 }, (_, index) => index),
        (index) => app.run(Sleep.start(3_600_000 + ((index * 7919) % 1000) * 1000)),
        { concurrency: "unbounded" }
      )
      yield* settle
      assert.strictEqual(counts.sleeping, 1)
      yield* pass("1 day")
      const woken = yield* Effect.forEach(handles, (handle) => handle.result)
      assert.deepStrictEqual(
        woken,
        handles.map((_, index) => 3_600_000 + ((index * 7919) % 1000) * 1000)
      )
      assert.strictEqual(counts.sleeping, 0)
      assert.isAtMost(counts.most, 2)
    })
  )

  it.effect("6. a timer may be longer than any timer of the host", () =>
    Effect.gen(function* () {
      const { clock, counts } = yield* counted
      const app = yield* Effect.provideService(open(SleepLive), Clock.Clock, clock)
      const days = Duration.toMillis("100 days")
      const handle = yield* app.run(Sleep.start(days))
      yield* pass(days - 1)
      assert.strictEqual(yield* handle.status, "running")
      yield* pass(1)
      assert.strictEqual(yield* handle.result, days)
      // Node fires a timer of more than 2^31 - 1 milliseconds at once.
      assert.isBelow(counts.longest, 2 ** 31)
    })
  )

  it.effect("6. a timer that nobody waits for any more does not fire", () =>
    Effect.gen(function* () {
      const { clock, counts } = yield* counted
      const Race = Workflow.make("Race", { success: Schema.String })
      const app = yield* Effect.provideService(
        open(
          Race.toLayer(() =>
            Effect.race(Effect.as(Effect.sleep("1 minute"), "minute"), Effect.as(Effect.sleep("1 day"), "day")).pipe(
              Effect.tap(Effect.sleep("1 minute"))
            )
          )
        ),
        Clock.Clock,
        clock
      )
      const handle = yield* app.run(Race.start())
      yield* pass("2 minutes")
      assert.strictEqual(yield* handle.result, "minute")
      assert.strictEqual(counts.sleeping, 0)
      const tags = (yield* handle.history).map(({ _tag }) => _tag)
      assert.strictEqual(tags.filter((tag) => tag === "TimerCancelled").length, 1)
      assert.strictEqual(tags.filter((tag) => tag === "TimerFired").length, 2)
    })
  )

  it.effect("6. of two timers that were due while nobody ran it, one that the other cancels does not fire", () =>
    Effect.gen(function* () {
      const Race = Workflow.make("Race", { success: Schema.String })
      const workflows = Race.toLayer(() =>
        Effect.race(Effect.as(Effect.sleep("1 minute"), "minute"), Effect.as(Effect.sleep("1 hour"), "hour"))
      )
      const app = yield* open(workflows)
      const { id } = yield* app.run(Race.start())
      yield* settle
      yield* app.stop
      yield* pass("1 day")
      const again = yield* open(workflows)
      yield* settle
      const handle = yield* again.run(Race.handle(id))
      assert.strictEqual(yield* handle.result, "minute")
      const tags = (yield* handle.history).map(({ _tag }) => _tag)
      assert.strictEqual(tags.filter((tag) => tag === "TimerFired").length, 1)
      assert.strictEqual(tags.filter((tag) => tag === "TimerCancelled").length, 1)
    })
  )

  it.effect("6. a timer may be later than any date", () =>
    Effect.gen(function* () {
      const Ages = Workflow.make("Ages")
      const app = yield* open(Ages.toLayer(() => Effect.sleep(Duration.millis(Number.MAX_SAFE_INTEGER))))
      const ages = yield* app.run(Ages.start())
      yield* pass("1 day")
      assert.deepStrictEqual(words(yield* ages.describe), [`timer #0 until ${Number.MAX_SAFE_INTEGER} ms`])
      yield* app.cancel(ages.id)
      assert.strictEqual(yield* reasonOf(ages.result), "Cancelled")
    })
  )

  it.effect("6. time within a program is the time of what happened to it", () =>
    Effect.gen(function* () {
      const Times = Workflow.make("Times", { success: Schema.Array(Schema.Number) })
      const workflows = Times.toLayer(() =>
        Effect.gen(function* () {
          const times = [yield* Clock.currentTimeMillis]
          for (const hours of [1, 2]) {
            yield* Effect.sleep(Duration.hours(hours))
            times.push(yield* Clock.currentTimeMillis)
          }
          return times
        })
      )
      yield* pass("1 hour")
      let app = yield* open(workflows)
      const { id } = yield* app.run(Times.start())
      yield* pass("90 minutes")
      yield* app.stop
      app = yield* open(workflows)
      yield* pass("90 minutes")
      const handle = yield* app.run(Times.handle(id))
      assert.deepStrictEqual(yield* handle.result, [3_600_000, 7_200_000, 14_400_000])
    })
  )
}
