/** Promise 4, of retries: by any schedule, outside the program, across restarts. */
import { Clock, Effect, Layer, Result, Schedule, Schema } from "effect"
import { Activity, ActivityContext, RetryPolicy, Workflow } from "perdure"
import type { RetryPolicy as Policy } from "perdure/RetryPolicy"
import { assert } from "../assert.ts"
import type { SuitePart } from "./SuitePart.ts"
import { errorOf } from "./failures.ts"
import { open, pass, settle, words } from "./Lab.ts"

class Busy extends Schema.TaggedError<Busy>()("Busy", { code: Schema.Int }) {}

/** One run of the handler. */
interface Run {
  readonly at: number
  readonly attempt: number
  readonly key: string
}

/**
 * A workflow with one activity that fails with `Busy` until an attempt is good, and answers the number of that attempt.
 * What the handler does goes to `runs`.
 */
const failing = (
  policy: Policy<Busy | Activity.ActivityTimedOut> | undefined,
  options: { readonly good?: number; readonly code?: (attempt: number) => number } = {}
) => {
  const { code = () => 0, good = Number.POSITIVE_INFINITY } = options
  const runs: Array<Run> = []
  const Call = Activity.make("Call", { success: Schema.Int, error: Busy, retry: policy })
  const Calls = Workflow.make("Calls", { success: Schema.Int, error: Busy })
  const layer = Calls.toLayer(() => Call()).pipe(
    Layer.provide(
      Call.toLayer(() =>
        Effect.gen(function* () {
          const { attempt, idempotencyKey: key } = yield* ActivityContext.ActivityContext
          runs.push({ at: yield* Clock.currentTimeMillis, attempt, key })
          return attempt < good ? yield* new Busy({ code: code(attempt) }) : attempt
        })
      )
    )
  )
  return { Calls, layer, runs }
}

const timesOf = (runs: ReadonlyArray<Run>) => runs.map(({ at }) => at)

/** The pauses between runs. */
const pausesOf = (runs: ReadonlyArray<Run>) => runs.slice(1).map(({ at }, index) => at - runs[index]!.at)

export const retrying: SuitePart = (it) => {
  it.effect("4. an activity that names no policy has 3 attempts, after 100 and 200 ms", () =>
    Effect.gen(function* () {
      const { Calls, layer, runs } = failing(undefined)
      const app = yield* open(layer)
      const handle = yield* app.run(Calls.start())
      yield* pass("1 hour")
      assert.deepStrictEqual(timesOf(runs), [0, 100, 300])
      assert.deepStrictEqual(yield* Effect.flip(handle.result), new Busy({ code: 0 }))
    })
  )

  it.effect("4. an attempt that succeeds ends the retries", () =>
    Effect.gen(function* () {
      const { Calls, layer, runs } = failing(undefined, { good: 2 })
      const app = yield* open(layer)
      const handle = yield* app.run(Calls.start())
      yield* pass("1 hour")
      assert.strictEqual(yield* handle.result, 2)
      assert.deepStrictEqual(timesOf(runs), [0, 100])
    })
  )

  it.effect("4. a policy whose pause has no end gives up", () =>
    Effect.gen(function* () {
      const { Calls, layer, runs } = failing(Schedule.spaced(Number.POSITIVE_INFINITY))
      const app = yield* open(layer)
      const error = yield* Effect.flip(app.run(Calls.execute()))
      assert.deepStrictEqual(error, new Busy({ code: 0 }))
      assert.lengthOf(runs, 1)
    })
  )

  it.effect("4. any schedule is a policy", () =>
    Effect.gen(function* () {
      const steps: ReadonlyArray<readonly [Policy<Busy | Activity.ActivityTimedOut>, ReadonlyArray<number>]> = [
        [RetryPolicy.none, []],
        [Schedule.recurs(2), [0, 0]],
        [Schedule.upTo(Schedule.spaced("3 seconds"), { times: 3 }), [3000, 3000, 3000]],
        [Schedule.upTo(Schedule.fibonacci("1 second"), { times: 5 }), [1000, 1000, 2000, 3000, 5000]],
        [Schedule.upTo(Schedule.spaced("4 seconds"), { duration: "10 seconds" }), [4000, 4000, 4000]],
        [RetryPolicy.exponential({ maxAttempts: 1 }), []],
        [RetryPolicy.exponential({ maxAttempts: 4, initialInterval: "1 second", coefficient: 3 }), [1000, 3000, 9000]],
        [
          RetryPolicy.exponential({ maxAttempts: 5, initialInterval: "1 second", maximumInterval: "3 seconds" }),
          [1000, 2000, 3000, 3000]
        ]
      ]
      for (const [policy, pauses] of steps) {
        const { Calls, layer, runs } = failing(policy)
        const app = yield* open(layer)
        const handle = yield* app.run(Calls.start())
        yield* pass("1 hour")
        assert.instanceOf(yield* Effect.flip(handle.result), Busy)
        assert.deepStrictEqual(pausesOf(runs), pauses)
        yield* app.stop
      }
    })
  )

  it.effect("4. a policy that never gives up goes on until it succeeds", () =>
    Effect.gen(function* () {
      const policy = RetryPolicy.exponential({ maxAttempts: Infinity, coefficient: 1, initialInterval: "1 minute" })
      const { Calls, layer, runs } = failing(policy, { good: 200 })
      const app = yield* open(layer)
      const handle = yield* app.run(Calls.start())
      yield* pass("1 day")
      assert.strictEqual(yield* handle.result, 200)
      assert.strictEqual(runs.length, 200)
    })
  )

  it.effect("4. an error that the policy does not retry is final", () =>
    Effect.gen(function* () {
      const policy = RetryPolicy.exponential<Busy | Activity.ActivityTimedOut>({
        maxAttempts: 10,
        nonRetryable: (error) => error._tag === "Busy" && error.code === 402
      })
      const { Calls, layer, runs } = failing(policy, { code: (attempt) => (attempt < 3 ? 503 : 402) })
      const app = yield* open(layer)
      const handle = yield* app.run(Calls.start())
      yield* pass("1 hour")
      assert.deepStrictEqual(yield* Effect.flip(handle.result), new Busy({ code: 402 }))
      assert.strictEqual(runs.length, 3)
    })
  )

  it.effect("4. a defect is final", () =>
    Effect.gen(function* () {
      let runs = 0
      const Break = Activity.make("Break")
      const Breaks = Workflow.make("Breaks")
      const app = yield* open(
        Breaks.toLayer(() => Break()).pipe(
          Layer.provide(Break.toLayer(() => Effect.sync(() => void runs++).pipe(Effect.andThen(Effect.die("no")))))
        )
      )
      const handle = yield* app.run(Breaks.start())
      yield* pass("1 hour")
      assert.strictEqual((yield* errorOf(handle.result))._tag, "Defect")
      assert.strictEqual(runs, 1)
    })
  )

  it.effect("4. jitter varies each pause between 80 % and 120 %", () =>
    Effect.gen(function* () {
      const policy = RetryPolicy.exponential({
        maxAttempts: 6,
        initialInterval: "1 second",
        coefficient: 1,
        jitter: true
      })
      const { Calls, layer, runs } = failing(policy)
      const app = yield* open(layer)
      yield* Effect.replicateEffect(app.run(Calls.start()), 20)
      yield* pass("1 hour")
      const keys = new Set(runs.map(({ key }) => key))
      const pauses = [...keys].flatMap((key) => pausesOf(runs.filter((run) => run.key === key)))
      assert.strictEqual(pauses.length, 100)
      for (const pause of pauses) assert.isTrue(pause >= 800 && pause <= 1200, `${pause} ms`)
      assert.isAbove(new Set(pauses).size, 50)
    })
  )

  it.effect("4. attempts and the state of the schedule survive restarts", () =>
    Effect.gen(function* () {
      const cases: ReadonlyArray<readonly [Policy<Busy | Activity.ActivityTimedOut>, ReadonlyArray<number>]> = [
        [RetryPolicy.exponential({ maxAttempts: 6, initialInterval: "1 second" }), [1000, 2000, 4000, 8000, 16_000]],
        [Schedule.upTo(Schedule.spaced("4 seconds"), { duration: "10 seconds" }), [4000, 4000, 4000]]
      ]
      for (const [policy, pauses] of cases) {
        const { Calls, layer, runs } = failing(policy)
        let app = yield* open(layer)
        const { id } = yield* app.run(Calls.start())
        for (const restart of [0.5, 1.5, 3, 6]) {
          yield* pass(restart * 1000)
          yield* app.stop
          app = yield* open(layer)
        }
        yield* pass("1 hour")
        const handle = yield* app.run(Calls.handle(id))
        assert.instanceOf(yield* Effect.flip(handle.result), Busy)
        assert.deepStrictEqual(pausesOf(runs), pauses)
        assert.deepStrictEqual(
          runs.map(({ attempt }) => attempt),
          [...runs.keys()].map((index) => index + 1)
        )
        assert.strictEqual(new Set(runs.map(({ key }) => key)).size, 1)
        yield* app.stop
      }
    })
  )

  it.effect("4. jitter is the same after a restart", () =>
    Effect.gen(function* () {
      const policy = RetryPolicy.exponential({
        maxAttempts: 8,
        initialInterval: "1 second",
        coefficient: 1,
        jitter: true
      })
      const { Calls, layer, runs } = failing(policy)
      const pausesWith = Effect.fnUntraced(function* (restarts: number) {
        runs.length = 0
        let ids = 0
        const options = { worker: "w", makeId: () => `id ${ids++}` }
        let app = yield* open(layer, options)
        const { id, runId } = yield* app.run(Calls.start(undefined, { workflowId: `${restarts} restarts` }))
        for (let restart = 0; restart < restarts; restart++) {
          yield* pass("1 second")
          yield* app.stop
          app = yield* open(layer, options)
        }
        yield* pass("1 hour")
        yield* Effect.flip((yield* app.run(Calls.handle(id))).result)
        yield* app.stop
        return { runId, pauses: pausesOf(runs) }
      })
      const calm = yield* pausesWith(0)
      assert.strictEqual(new Set(calm.pauses).size, 7)
      // The jitter follows from the id of the run, which is the same in both.
      assert.deepStrictEqual(yield* pausesWith(10), calm)
    })
  )

  it.effect("4. a repetition that was due while nobody ran it is made at once, and not before its time", () =>
    Effect.gen(function* () {
      const { Calls, layer, runs } = failing(Schedule.upTo(Schedule.spaced("1 hour"), { times: 2 }))
      const first = yield* open(layer)
      yield* first.run(Calls.start())
      yield* settle
      yield* first.stop
      yield* pass("90 minutes")
      const second = yield* open(layer)
      yield* settle
      yield* second.stop
      yield* open(layer)
      yield* pass("59 minutes")
      assert.deepStrictEqual(timesOf(runs), [0, 5_400_000])
      yield* pass("1 minute")
      assert.deepStrictEqual(timesOf(runs), [0, 5_400_000, 9_000_000])
    })
  )

  it.effect("4. Effect.retry around a call makes new calls, each with a key and attempts of its own", () =>
    Effect.gen(function* () {
      const runs: Array<Run> = []
      const Call = Activity.make("Call", { error: Busy, retry: RetryPolicy.exponential({ maxAttempts: 2 }) })
      const Calls = Workflow.make("Calls", { error: Busy })
      const app = yield* open(
        Calls.toLayer(() => Effect.retry(Call(), { schedule: Schedule.spaced("1 hour"), times: 2 })).pipe(
          Layer.provide(
            Call.toLayer(() =>
              Effect.gen(function* () {
                const { attempt, idempotencyKey: key } = yield* ActivityContext.ActivityContext
                runs.push({ at: yield* Clock.currentTimeMillis, attempt, key })
                return yield* new Busy({ code: 1 })
              })
            )
          )
        )
      )
      const handle = yield* app.run(Calls.start())
      yield* pass("1 day")
      assert.instanceOf(yield* Effect.flip(handle.result), Busy)
      assert.deepStrictEqual(
        runs.map(({ attempt }) => attempt),
        [1, 2, 1, 2, 1, 2]
      )
      assert.deepStrictEqual(timesOf(runs), [0, 100, 3_600_100, 3_600_200, 7_200_200, 7_200_300])
      assert.strictEqual(new Set(runs.map(({ key }) => key)).size, 3)
    })
  )
}

export const timingOut: SuitePart = (it) => {
  /** A workflow that tells what became of an activity that takes for ever, and when each attempt began. */
  const hanging = (options: {
    readonly timeout: NonNullable<Parameters<typeof Activity.make>[1]>["timeout"]
    readonly retry?: Policy<Activity.ActivityTimedOut>
  }) => {
    const times: Array<number> = []
    const ended: Array<number> = []
    const Hang = Activity.make("Hang", { error: Activity.ActivityTimedOut, ...options })
    const Hangs = Workflow.make("Hangs", { success: Schema.Number })
    const layer = Hangs.toLayer(() =>
      Effect.map(Effect.result(Hang()), (result) => (Result.isFailure(result) ? result.failure.after : -1))
    ).pipe(
      Layer.provide(
        Hang.toLayer(() =>
          Effect.gen(function* () {
            times.push(yield* Clock.currentTimeMillis)
            return yield* Effect.never
          }).pipe(Effect.ensuring(Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.sync(() => ended.push(now)))))
        )
      )
    )
    return { Hangs, layer, times, ended }
  }

  it.effect("4. an attempt that takes longer than its timeout is interrupted and retried", () =>
    Effect.gen(function* () {
      const { ended, Hangs, layer, times } = hanging({ timeout: "5 seconds" })
      const app = yield* open(layer)
      const handle = yield* app.run(Hangs.start())
      yield* pass("1 hour")
      assert.strictEqual(yield* handle.result, 5000)
      assert.deepStrictEqual(times, [0, 5100, 10_300])
      assert.deepStrictEqual(ended, [5000, 10_100, 15_300])
    })
  )

  it.effect("4. the total timeout covers all attempts and the pauses between them", () =>
    Effect.gen(function* () {
      const { ended, Hangs, layer, times } = hanging({
        timeout: { attempt: "5 seconds", total: "12 seconds" },
        retry: Schedule.spaced("1 second")
      })
      const app = yield* open(layer)
      const handle = yield* app.run(Hangs.start())
      yield* pass("1 hour")
      assert.strictEqual(yield* handle.result, 5000)
      assert.deepStrictEqual(times, [0, 6000])
      assert.deepStrictEqual(ended, [5000, 11_000])
      const other = hanging({ timeout: { total: "12 seconds" } })
      yield* app.stop
      const second = yield* open(other.layer)
      const next = yield* second.run(other.Hangs.start())
      yield* pass("1 hour")
      assert.strictEqual(yield* next.result, 12_000)
      assert.strictEqual(other.times.length, 1)
      // The last attempt has what is left of the time.
      const short = hanging({
        timeout: { attempt: "5 seconds", total: "9 seconds" },
        retry: Schedule.spaced("1 second")
      })
      yield* second.stop
      const third = yield* open(short.layer)
      const last = yield* third.run(short.Hangs.start())
      yield* pass("1 hour")
      assert.strictEqual(yield* last.result, 9000)
      assert.deepStrictEqual(
        short.ended.map((at, index) => at - short.times[index]!),
        [5000, 3000]
      )
    })
  )

  it.effect("4. the total timeout goes on while nobody runs the execution", () =>
    Effect.gen(function* () {
      const { Hangs, layer, times } = hanging({ timeout: { total: "1 hour" } })
      const first = yield* open(layer)
      const { id } = yield* first.run(Hangs.start())
      yield* settle
      yield* first.stop
      yield* pass("30 minutes")
      const second = yield* open(layer)
      yield* pass("29 minutes")
      const handle = yield* second.run(Hangs.handle(id))
      assert.strictEqual(yield* handle.status, "running")
      yield* pass("1 minute")
      assert.strictEqual(yield* handle.result, 3_600_000)
      assert.deepStrictEqual(times, [0, 1_800_000])
    })
  )

  const stubborn: ReadonlyArray<readonly [name: string, Effect.Effect<never>]> = [
    ["cannot be interrupted", Effect.uninterruptible(Effect.never)],
    ["has a finalizer that hangs", Effect.ensuring(Effect.never, Effect.never)]
  ]
  for (const [name, handler] of stubborn) {
    const begins = Effect.fnUntraced(function* () {
      const times: Array<number> = []
      const Call = Activity.make("Call", { error: Activity.ActivityTimedOut, timeout: "5 seconds" })
      const Calls = Workflow.make("Calls", { error: Activity.ActivityTimedOut })
      const app = yield* open(
        Calls.toLayer(() => Call()).pipe(
          Layer.provide(
            Call.toLayer(() =>
              Effect.flatMap(Clock.currentTimeMillis, (now) => {
                times.push(now)
                return handler
              })
            )
          )
        ),
        { shutdownTimeout: "50 millis" }
      )
      return { app, times, handle: yield* app.run(Calls.start()) }
    })

    it.effect(`4. the timeout of an attempt holds at its time when the handler ${name}`, () =>
      Effect.gen(function* () {
        const { handle, times } = yield* begins()
        yield* pass("5 seconds")
        assert.include(words(yield* handle.describe)[0], "activity Call #0, attempt 2")
        yield* pass("10300 millis")
        assert.strictEqual(yield* handle.status, "failed")
        assert.deepStrictEqual(times, [0, 5100, 10_300])
        assert.strictEqual((yield* Effect.flip(handle.result))._tag, "ActivityTimedOut")
      })
    )

    it.effect(`7. a cancel does not wait for a handler that ${name}`, () =>
      Effect.gen(function* () {
        const { handle } = yield* begins()
        yield* settle
        yield* handle.cancel()
        yield* settle
        assert.strictEqual(yield* handle.status, "cancelled")
      })
    )
  }

  it.effect("4. what a handler returns after its timeout is ignored", () =>
    Effect.gen(function* () {
      const Call = Activity.make("Call", { success: Schema.Int, timeout: "5 seconds" })
      const Calls = Workflow.make("Calls", { success: Schema.Int })
      const ended: Array<number> = []
      const app = yield* open(
        Calls.toLayer(() => Call()).pipe(
          Layer.provide(
            Call.toLayer(() =>
              Effect.gen(function* () {
                const { attempt } = yield* ActivityContext.ActivityContext
                yield* Effect.sleep(attempt === 1 ? "7 seconds" : "4 seconds")
                ended.push(attempt)
                return attempt
              }).pipe(Effect.uninterruptible)
            )
          )
        )
      )
      const handle = yield* app.run(Calls.start())
      yield* pass("7 seconds")
      assert.deepStrictEqual([ended, yield* handle.status], [[1], "running"])
      yield* pass("1 hour")
      assert.strictEqual(yield* handle.result, 2)
      assert.deepStrictEqual(
        (yield* handle.history).map(({ _tag }) => _tag),
        ["ExecutionStarted", "ActivityScheduled", "ActivityAttemptFailed", "ActivityResolved", "ExecutionCompleted"]
      )
    })
  )

  it.effect("4. a policy that does not answer is a defect of the call after five seconds", () =>
    Effect.gen(function* () {
      const { layer, runs, Calls } = failing(Schedule.while(Schedule.spaced("1 second"), () => Effect.never))
      const app = yield* open(layer)
      const handle = yield* app.run(Calls.start())
      yield* pass("4900 millis")
      assert.strictEqual(yield* handle.status, "running")
      yield* pass("200 millis")
      const { _tag, message } = yield* errorOf(handle.result)
      assert.strictEqual(_tag, "Defect")
      assert.include(message, "the retry policy of activity Call failed")
      assert.include(message, "it did not answer within 5000 ms")
      assert.lengthOf(runs, 1)
    })
  )

  it.effect("4. a timeout that the activity does not declare is a defect of the call", () =>
    Effect.gen(function* () {
      const Hang = Activity.make("Hang", { timeout: "1 second", retry: RetryPolicy.none })
      const Hangs = Workflow.make("Hangs")
      const app = yield* open(Hangs.toLayer(() => Hang()).pipe(Layer.provide(Hang.toLayer(() => Effect.never))))
      const handle = yield* app.run(Hangs.start())
      yield* pass("1 second")
      const error = yield* errorOf(handle.result)
      assert.strictEqual(error._tag, "Defect")
      assert.include(error.message, 'activity "Hang" took longer than 1000 ms')
    })
  )

  it.effect("4. a timeout is a defect of the call also where the code of the error's schema throws", () =>
    Effect.gen(function* () {
      const strange = Schema.Any.check(
        Schema.makeFilter(() => {
          throw new RangeError("a check")
        })
      )
      const Hang = Activity.make("Hang", { error: strange, timeout: "1 second", retry: RetryPolicy.none })
      const Hangs = Workflow.make("Hangs", { error: Schema.Any })
      const app = yield* open(Hangs.toLayer(() => Hang()).pipe(Layer.provide(Hang.toLayer(() => Effect.never))))
      const handle = yield* app.run(Hangs.start())
      yield* pass("1 second")
      const error = yield* errorOf(handle.result)
      assert.strictEqual(error._tag, "Defect")
      assert.include(error.message, 'activity "Hang" took longer than 1000 ms')
    })
  )
}
