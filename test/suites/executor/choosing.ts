/** Promise 4, of calls that choose their own settings, and of errors that say when to come again. */
import { Clock, Effect, Layer, Schedule, Schema } from "effect"
import { Activity, RetryPolicy, Workflow } from "perdure"
import { assert } from "../assert.ts"
import type { SuitePart } from "./SuitePart.ts"
import { open, pass, settle } from "./Lab.ts"
import { historyOf } from "./stored.ts"

class Busy extends Schema.TaggedError<Busy>()("Busy", { seconds: Schema.Finite }) {}

/** An activity that fails with what is told it, and when its attempts began. */
const failing = <Policy extends RetryPolicy.RetryPolicy<Busy | Activity.ActivityTimedOut>>(
  retry: Policy,
  error: (attempt: number) => Busy = () => new Busy({ seconds: 0 })
) => {
  const times: Array<number> = []
  const Call = Activity.make("Call", {
    error: Schema.Union([Busy, Activity.ActivityTimedOut]),
    retry,
    timeout: "1 minute"
  })
  const CallLive = Call.toLayer(() =>
    Effect.flatMap(Clock.currentTimeMillis, (at) => Effect.fail(error(times.push(at))))
  )
  return { Call, CallLive, times }
}

const Run = Workflow.make("Run", { error: Schema.Union([Busy, Activity.ActivityTimedOut]) })

const pausesOf = (times: ReadonlyArray<number>) => times.slice(1).map((at, index) => at - times[index]!)

export const choosing: SuitePart = (it) => {
  it.effect("4. a call may choose another policy, which is recorded and holds after a restart", () =>
    Effect.gen(function* () {
      const { Call, CallLive, times } = failing(RetryPolicy.none)
      const retry = RetryPolicy.exponential({ maxAttempts: 4, initialInterval: "1 second", coefficient: 3 })
      const layer = Run.toLayer(() => Call.with({ retry })()).pipe(Layer.provide(CallLive))
      const first = yield* open(layer)
      const { id } = yield* first.run(Run.start())
      yield* pass("2 seconds")
      yield* first.stop
      // The release that goes on has another policy in the same place.
      const other = Run.toLayer(() => Call.with({ retry: RetryPolicy.standard })()).pipe(Layer.provide(CallLive))
      const second = yield* open(other)
      yield* pass("1 hour")
      assert.deepStrictEqual(pausesOf(times), [1000, 3000, 9000])
      assert.instanceOf(yield* Effect.flip((yield* second.run(Run.handle(id))).result), Busy)
      const recorded = (yield* historyOf(id)).find((event) => event._tag === "ActivityScheduled")
      assert.deepStrictEqual(recorded?.retry, { maxAttempts: 4, initialInterval: 1000, coefficient: 3 })
    })
  )

  it.effect("4. what the contract says of errors holds for the policy of a call", () =>
    Effect.gen(function* () {
      const judged = RetryPolicy.exponential<Busy | Activity.ActivityTimedOut>({
        nonRetryable: (error) => error._tag === "Busy" && error.seconds > 60,
        retryAfter: (error) => (error._tag === "Busy" ? error.seconds * 1000 : undefined)
      })
      const { Call, CallLive, times } = failing(
        judged,
        (attempt) => new Busy({ seconds: [0, 10, 1, 61][attempt - 1]! })
      )
      const retry = RetryPolicy.exponential({
        maxAttempts: Number.POSITIVE_INFINITY,
        initialInterval: "2 seconds",
        coefficient: 1
      })
      const layer = Run.toLayer(() => Call.with({ retry })()).pipe(Layer.provide(CallLive))
      const app = yield* open(layer)
      const handle = yield* app.run(Run.start())
      yield* pass("1 hour")
      assert.deepStrictEqual(pausesOf(times), [2000, 10_000, 2000])
      assert.deepStrictEqual(yield* Effect.flip(handle.result), new Busy({ seconds: 61 }))
    })
  )

  it.effect("4. an error may ask for a pause that is longer than the policy's longest", () =>
    Effect.gen(function* () {
      const wishes = [30, undefined, 0.1]
      // What a server sends may be anything.
      const odd: ReadonlyArray<unknown> = ["nonsense", Number.NaN, {}, -1, "Infinity"]
      for (const wish of odd) {
        const policy = RetryPolicy.exponential<Busy | Activity.ActivityTimedOut>({ retryAfter: () => wish as never })
        const { Call, CallLive, times } = failing(policy)
        const app = yield* open(Run.toLayer(() => Call()).pipe(Layer.provide(CallLive)))
        const run = yield* app.run(Run.start())
        yield* pass("1 hour")
        assert.instanceOf(yield* Effect.flip(run.result), Busy)
        assert.deepStrictEqual(pausesOf(times), [100, 200])
        yield* app.stop
      }
      const retry = RetryPolicy.exponential<Busy | Activity.ActivityTimedOut>({
        maxAttempts: 4,
        maximumInterval: "1 second",
        retryAfter: (error) => (error._tag === "Busy" && error.seconds >= 0 ? `${error.seconds} seconds` : undefined)
      })
      const { Call, CallLive, times } = failing(retry, (attempt) => new Busy({ seconds: wishes[attempt - 1] ?? -1 }))
      const app = yield* open(Run.toLayer(() => Call()).pipe(Layer.provide(CallLive)))
      yield* app.run(Run.start())
      yield* pass("1 hour")
      assert.deepStrictEqual(pausesOf(times), [30_000, 200, 400])
    })
  )

  it.effect("4. a call may choose other timeouts, and keeps those of the contract that it does not name", () =>
    Effect.gen(function* () {
      const ended: Array<readonly [string, number]> = []
      const Slow = Activity.make("Slow", {
        error: Activity.ActivityTimedOut,
        retry: RetryPolicy.exponential({
          maxAttempts: Number.POSITIVE_INFINITY,
          initialInterval: "1 second",
          coefficient: 1
        }),
        timeout: { attempt: "10 seconds", total: "25 seconds" }
      })
      const call = (name: string, options: Activity.CallOptions) =>
        Effect.catchTag(Slow.with(options)(), "ActivityTimedOut", ({ after }) =>
          Effect.sync(() => void ended.push([name, after]))
        )
      const All = Workflow.make("All")
      const AllLive = All.toLayer(() =>
        Effect.all(
          [
            call("contract", {}),
            call("attempt", { timeout: "20 seconds", retry: RetryPolicy.none }),
            call("total", { timeout: { total: "5 seconds" } }),
            call("no total", { timeout: { total: "Infinity" }, retry: RetryPolicy.exponential({ maxAttempts: 4 }) }),
            call("neither", { timeout: { attempt: "Infinity", total: "1 minute" } })
          ],
          { concurrency: "unbounded", discard: true }
        )
      ).pipe(Layer.provide(Slow.toLayer(() => Effect.never)))
      const first = yield* open(AllLive)
      const all = yield* first.run(All.start())
      yield* pass("1 second")
      yield* first.stop
      ended.length = 0
      const again = yield* open(AllLive)
      yield* pass("1 hour")
      yield* Effect.flatMap(again.run(All.handle(all.id)), ({ result }) => result)
      assert.deepStrictEqual(ended, [
        ["total", 5000],
        ["attempt", 20_000],
        ["contract", 25_000],
        ["no total", 10_000],
        ["neither", 60_000]
      ])
    })
  )

  it.effect("4. settings of a call that make no sense, or cannot be recorded, throw where they are given", () =>
    Effect.gen(function* () {
      const { Call } = failing(RetryPolicy.none)
      const wrong: ReadonlyArray<readonly [options: unknown, message: RegExp]> = [
        [{ retry: Schedule.recurs(3) }, /must be one of RetryPolicy/],
        [{ retry: RetryPolicy.exponential({ nonRetryable: () => true }) }, /may have no functions/],
        [{ retry: RetryPolicy.exponential({ retryAfter: () => 1000 }) }, /may have no functions/],
        [undefined, /the settings of a call are timeout and retry, in an object/],
        [{ heartbeatTimeout: "1 second" }, /there is "heartbeatTimeout"/],
        [{ timeout: "soon" }, /the timeout of an attempt must be a duration/],
        [{ timeout: { total: -1 } }, /the total timeout must be at least 0 ms/]
      ]
      for (const [options, message] of wrong) assert.throws(() => Call.with(options as never), message)
      const settings: ReadonlyArray<readonly [options: RetryPolicy.BackoffOptions, message: RegExp]> = [
        [{ maxAttempts: 0 }, /maxAttempts must be a whole number of at least 1/],
        [{ maxAttempts: 1.5 }, /maxAttempts must be a whole number of at least 1/],
        [{ coefficient: 0 }, /coefficient must be a number of more than 0/],
        [{ coefficient: Number.NaN }, /coefficient must be a number of more than 0/],
        [{ initialInterval: "Infinity" }, /initialInterval must be finite/],
        [{ maximumInterval: Number.NaN }, /maximumInterval must be a duration/]
      ]
      const notJudges = { nonRetryable: ["Busy"], retryAfter: "1 second" }
      for (const [name, value] of Object.entries(notJudges)) {
        assert.throws(
          () => RetryPolicy.exponential({ [name]: value } as never),
          `${name} must be a function of the error`
        )
      }
      for (const [options, message] of settings) assert.throws(() => RetryPolicy.exponential(options), message)
      yield* settle
    })
  )
}
