/** Promise 12: memory, handlers and sizes have bounds, and what is beyond them waits or is refused, but is not lost. */
import { Clock, Effect, Exit, Fiber, Latch, Layer, Schedule, Schema } from "effect"
import { Activity, RetryPolicy, Signal, Update, Workflow } from "perdure"
import { type Commit, Unsupported } from "perdure/Store/WorkflowStore"
import { numbers } from "../numbers.ts"
import { assert } from "../assert.ts"
import type { SuitePart } from "./SuitePart.ts"
import { errorOf, reasonOf } from "./failures.ts"
import { cut, sound } from "./FaultyStore.ts"
import { open, pass, type Running, settle, until, Lab } from "./Lab.ts"

const Go = Signal.make("go", { payload: Schema.String })
export const evicting: SuitePart = (it) => {
  it.effect("12. executions beyond maxLoaded leave memory and come back by signal", () =>
    Effect.gen(function* () {
      const Echo = Workflow.make("Echo", { input: Schema.Number, success: Schema.Array(Schema.String) })
      const app = yield* open(
        Echo.toLayer(() => Effect.all([Go.receive, Go.receive])),
        { maxLoaded: 2 }
      )
      const handles = yield* Effect.forEach(numbers(20), (number) => app.run(Echo.start(number)))
      const { load } = app.link.count
      for (const round of ["a", "b"]) {
        yield* Effect.forEach(handles, (handle, index) => app.run(Go.send(handle, `${round}${index}`)), {
          discard: true
        })
      }
      assert.isAtLeast(app.link.count.load - load, 36)
      assert.deepStrictEqual(
        yield* Effect.forEach(handles, (handle) => handle.result),
        numbers(20).map((index) => [`a${index}`, `b${index}`])
      )
    })
  )

  it.effect("12. executions beyond maxLoaded wake at the time of their timers", () =>
    Effect.gen(function* () {
      const Sleep = Workflow.make("Sleep", { input: Schema.Number, success: Schema.Number })
      const app = yield* open(
        Sleep.toLayer((minutes) => Effect.andThen(Effect.sleep(minutes * 60_000), Clock.currentTimeMillis)),
        { maxLoaded: 2 }
      )
      const handles = yield* Effect.forEach(numbers(20), (number) => app.run(Sleep.start(20 - number)))
      const waiting = yield* Effect.forkChild(Effect.forEach(handles, (handle) => handle.result))
      yield* pass("1 hour")
      assert.deepStrictEqual(
        yield* Fiber.join(waiting),
        numbers(20).map((number) => (20 - number) * 60_000)
      )
      assert.isAtLeast(app.link.count.load, 18)
    })
  )

  it.effect("12. executions beyond maxLoaded go on when their activity has a result, or is to be repeated", () =>
    Effect.gen(function* () {
      const gate = yield* Latch.make(false)
      const Slow = Activity.make("Slow", { input: Schema.Number, success: Schema.Number })
      const Flaky = Activity.make("Flaky", {
        input: Schema.Number,
        success: Schema.Number,
        error: Schema.String,
        retry: RetryPolicy.exponential({ maxAttempts: 4, initialInterval: "1 minute" })
      })
      const Both = Workflow.make("Both", { input: Schema.Number, success: Schema.Number, error: Schema.String })
      const failures = new Map<number, number>()
      const app = yield* open(
        Both.toLayer((number) => Effect.flatMap(Slow(number), Flaky)).pipe(
          Layer.provide([
            Slow.toLayer((number) => Effect.as(gate.await, number)),
            Flaky.toLayer((number) => {
              const failed = failures.get(number) ?? 0
              failures.set(number, failed + 1)
              return failed < 3 ? Effect.fail("again") : Effect.succeed(number)
            })
          ])
        ),
        { maxLoaded: 2 }
      )
      const handles = yield* Effect.forEach(numbers(20), (number) => app.run(Both.start(number)))
      yield* pass("1 minute")
      yield* gate.open
      yield* pass("1 hour")
      assert.deepStrictEqual(yield* Effect.forEach(handles, (handle) => handle.result), numbers(20))
    })
  )

  it.effect(
    "12. executions leave memory when their activities have results or wait to be repeated, and not before",
    () =>
      Effect.gen(function* () {
        let attempts = 0
        const Quick = Activity.make("Quick", { input: Schema.Number, success: Schema.Number })
        const Flaky = Activity.make("Flaky", {
          input: Schema.Number,
          success: Schema.Number,
          error: Schema.String,
          retry: RetryPolicy.exponential({ maxAttempts: 2, initialInterval: "1 hour" })
        })
        const Two = Workflow.make("Two", {
          input: Schema.Number,
          success: Schema.Array(Schema.String),
          error: Schema.String
        })
        const app = yield* open(
          Two.toLayer((number) =>
            Effect.andThen(
              Quick(number),
              Effect.map(
                Effect.all([Effect.replicateEffect(Go.receive, 2), Flaky(number)], { concurrency: 2 }),
                ([texts]) => texts
              )
            )
          ).pipe(
            Layer.provide([
              Quick.toLayer(Effect.succeed),
              Flaky.toLayer((number) =>
                Effect.suspend(() =>
                  ++attempts <= 10 ? Effect.fail("not yet") : Effect.as(Effect.sleep("1 hour"), number)
                )
              )
            ])
          ),
          { maxLoaded: 2 }
        )
        const handles = yield* Effect.forEach(numbers(10), (number) => app.run(Two.start(number)))
        yield* settle
        const { load } = app.link.count
        yield* Effect.forEach(handles, (handle) => app.run(Go.send(handle, "a")), { discard: true })
        assert.isAtLeast(app.link.count.load - load, 8)
        yield* pass("1 hour")
        assert.strictEqual(attempts, 20)
        const running = app.link.count.load
        yield* Effect.forEach(handles, (handle) => app.run(Go.send(handle, "b")), { discard: true })
        yield* pass("1 hour")
        assert.strictEqual(app.link.count.load, running)
        assert.deepStrictEqual(
          yield* Effect.forEach(handles, (handle) => handle.result),
          numbers(10).map(() => ["a", "b"])
        )
        assert.strictEqual(attempts, 20)
      })
  )

  it.effect("12. executions whose handlers run do not keep the idle ones in memory", () =>
    Effect.gen(function* () {
      const Hang = Activity.make("Hang")
      const Busy = Workflow.make("Busy", { input: Schema.Number })
      const Idle = Workflow.make("Idle", { input: Schema.Number, success: Schema.String })
      const app = yield* open(
        Layer.mergeAll(
          Busy.toLayer(() => Hang()),
          Idle.toLayer(() => Go.receive)
        ).pipe(Layer.provide(Hang.toLayer(() => Effect.never))),
        { maxLoaded: 2 }
      )
      yield* Effect.forEach(numbers(40), (number) => app.run(Busy.start(number)))
      const idle = yield* Effect.forEach(numbers(40), (number) => app.run(Idle.start(number)))
      yield* settle
      const { load } = app.link.count
      yield* Effect.forEach(idle, (handle) => app.run(Go.send(handle, "go")))
      assert.isAtLeast(app.link.count.load - load, 30)
      assert.deepStrictEqual(
        yield* Effect.forEach(idle, (handle) => handle.result),
        idle.map(() => "go")
      )
    })
  )
}

export const limiting: SuitePart = (it) => {
  const Work = Activity.make("Work", { input: Schema.Number, success: Schema.Number })
  const One = Workflow.make("One", { input: Schema.Number, success: Schema.Number })

  it.effect("12. no more than maxActivities handlers run at once, and all run in the end", () =>
    Effect.gen(function* () {
      let running = 0
      let most = 0
      const Many = Workflow.make("Many", { success: Schema.Array(Schema.Number) })
      const handler = Work.toLayer((number) =>
        Effect.acquireUseRelease(
          Effect.sync(() => (most = Math.max(most, ++running))),
          () => Effect.as(Effect.sleep("1 minute"), number),
          () => Effect.sync(() => running--)
        )
      )
      const app = yield* open(
        Many.toLayer(() => Effect.all(numbers(20).map(Work), { concurrency: "unbounded" })).pipe(
          Layer.provide(handler)
        ),
        { maxActivities: 3 }
      )
      const handles = yield* Effect.replicateEffect(app.run(Many.start()), 3)
      yield* pass("1 hour")
      for (const handle of handles) assert.deepStrictEqual(yield* handle.result, numbers(20))
      assert.strictEqual(most, 3)
    })
  )

  it.effect("12. activities that were cancelled in line do not hold up those behind them", () =>
    Effect.gen(function* () {
      const begun: Array<number> = []
      const handler = Work.toLayer((number) => {
        begun.push(number)
        return Effect.as(Effect.sleep("1 minute"), number)
      })
      const app = yield* open(One.toLayer(Work).pipe(Layer.provide(handler)), { maxActivities: 1 })
      const handles = yield* Effect.forEach(numbers(5), (number) => app.run(One.start(number)))
      for (const index of [1, 2, 3]) yield* handles[index]!.cancel()
      yield* pass("2 minutes")
      assert.strictEqual(yield* handles[0]!.result, 0)
      assert.strictEqual(yield* handles[4]!.status, "completed")
      assert.deepStrictEqual(begun, [0, 4])
    })
  )

  it.effect("12. a long line of handlers that end at once is worked off", () =>
    Effect.gen(function* () {
      const gate = yield* Latch.make(false)
      const app = yield* open(
        One.toLayer(Work).pipe(
          Layer.provide(Work.toLayer((number) => (number === 0 ? Effect.as(gate.await, 0) : Effect.succeed(number))))
        ),
        { maxActivities: 1 }
      )
      const handles = yield* Effect.forEach(numbers(5000), (number) => app.run(One.start(number)), {
        concurrency: "unbounded"
      })
      yield* gate.open
      yield* settle
      const results = yield* Effect.forEach(handles, (handle) => handle.status)
      assert.isTrue(results.every((status) => status === "completed"))
    })
  )

  it.effect("12. an execution that calls one activity after the other does not keep others out of the line", () =>
    Effect.gen(function* () {
      const Loop = Workflow.make("Loop")
      const app = yield* open(
        Layer.mergeAll(
          One.toLayer(Work),
          Loop.toLayer(() => Effect.forEach(numbers(30), Work, { discard: true }))
        ).pipe(Layer.provide(Work.toLayer((number) => Effect.as(Effect.sleep("1 minute"), number)))),
        { maxActivities: 1 }
      )
      const loop = yield* app.run(Loop.start())
      const one = yield* app.run(One.start(7))
      yield* pass("3 minutes")
      assert.deepStrictEqual([yield* one.status, yield* loop.status], ["completed", "running"])
      yield* pass("1 hour")
      assert.strictEqual(yield* loop.status, "completed")
    })
  )

  it.effect("12. the timeout of an attempt begins when its handler does, not while it stands in line", () =>
    Effect.gen(function* () {
      const Timed = Activity.make("Timed", { retry: RetryPolicy.none, timeout: "90 seconds" })
      const Three = Workflow.make("Three")
      const app = yield* open(
        Three.toLayer(() => Effect.all([Timed(), Timed(), Timed()], { concurrency: 3, discard: true })).pipe(
          Layer.provide(Timed.toLayer(() => Effect.sleep("1 minute")))
        ),
        { maxActivities: 1 }
      )
      const handle = yield* app.run(Three.start())
      yield* pass("3 minutes")
      assert.strictEqual(yield* handle.status, "completed")
    })
  )

  it.effect("4. the total timeout goes on while the call stands in line, and the timeout of an attempt does not", () =>
    Effect.gen(function* () {
      const begun: Array<number> = []
      const Timed = Activity.make("Timed", {
        error: Activity.ActivityTimedOut,
        retry: Schedule.recurs(5),
        timeout: { attempt: "1 minute", total: "3 minutes" }
      })
      const Late = Workflow.make("Late", { success: Schema.Number })
      const app = yield* open(
        Layer.mergeAll(
          One.toLayer(Work),
          Late.toLayer(() => Effect.match(Timed(), { onFailure: ({ after }) => after, onSuccess: () => 0 }))
        ).pipe(
          Layer.provide([
            Work.toLayer((number) => {
              begun.push(number)
              return Effect.as(Effect.sleep("1 hour"), number)
            }),
            Timed.toLayer(() => Effect.sync(() => void begun.push(-1)))
          ])
        ),
        { maxActivities: 1 }
      )
      const first = yield* app.run(One.start(0))
      const timed = yield* app.run(Late.start())
      const other = yield* app.run(One.start(1))
      yield* pass("179 seconds")
      assert.strictEqual(yield* timed.status, "running")
      yield* pass("1 second")
      assert.strictEqual(yield* timed.result, 180_000)
      yield* pass("2 hours")
      assert.deepStrictEqual([yield* first.result, yield* other.result, begun], [0, 1, [0, 1]])
    })
  )

  it.effect("12. a handler that was left behind after its timeout makes room for others", () =>
    Effect.gen(function* () {
      const Timed = Activity.make("Timed", {
        input: Schema.Number,
        error: Activity.ActivityTimedOut,
        retry: RetryPolicy.none,
        timeout: "1 minute"
      })
      const Timeds = Workflow.make("Timeds", { input: Schema.Number, error: Activity.ActivityTimedOut })
      const app = yield* open(
        Layer.mergeAll(Timeds.toLayer(Timed), One.toLayer(Work)).pipe(
          Layer.provide([Timed.toLayer(() => Effect.uninterruptible(Effect.never)), Work.toLayer(Effect.succeed)])
        ),
        { maxActivities: 2, shutdownTimeout: "50 millis" }
      )
      // One of them is cancelled before its timeout, and holds its place until then.
      const [cancelled] = yield* Effect.forEach(numbers(4), (number) => app.run(Timeds.start(number)))
      const one = yield* app.run(One.start(7))
      yield* cancelled!.cancel()
      yield* pass("59 seconds")
      assert.strictEqual(yield* one.status, "running")
      yield* pass("1 second")
      assert.strictEqual(yield* one.result, 7)
    })
  )

  it.effect("7. a handler that ends its own execution at once is interrupted", () =>
    Effect.gen(function* () {
      let interrupted = 0
      let end: Effect.Effect<unknown> = Effect.void
      const handler = Work.toLayer((number) =>
        number === 0
          ? Effect.as(Effect.sleep("1 minute"), number)
          : Effect.suspend(() => end).pipe(
              Effect.andThen(Effect.never),
              Effect.onInterrupt(() => Effect.sync(() => interrupted++))
            )
      )
      const app = yield* open(One.toLayer(Work).pipe(Layer.provide(handler)), { maxActivities: 1 })
      yield* app.run(One.start(0))
      // Out of the line, it begins while its execution waits for it.
      const one = yield* app.run(One.start(1))
      end = Effect.orDie(one.terminate())
      yield* pass("1 minute")
      assert.deepStrictEqual([yield* one.status, interrupted], ["terminated", 1])
    })
  )

  it.live("12. all handlers of thousands of calls at once run, and none begins after the end of the execution", () =>
    Effect.gen(function* () {
      const gate = yield* Latch.make(false)
      let [begun, late, isOver] = [0, 0, false]
      let first: Effect.Effect<unknown, unknown> = Effect.void
      const Many = Workflow.make("Many", { success: Schema.Int })
      const handler = Work.toLayer((number) =>
        Effect.suspend(() => {
          begun++
          if (isOver) late++
          return number === 0 ? Effect.orDie(first) : Effect.void
        }).pipe(
          Effect.andThen(gate.await),
          Effect.onInterrupt(() => Effect.sync(() => (isOver = true))),
          Effect.as(number)
        )
      )
      const app = yield* open(
        Many.toLayer(() =>
          Effect.map(Effect.forEach(numbers(3000), Work, { concurrency: "unbounded" }), ({ length }) => length)
        ).pipe(Layer.provide(handler)),
        { maxActivities: 10_000 }
      )
      const many = yield* app.run(Many.start())
      yield* until(Effect.sync(() => begun === 3000))
      yield* gate.open
      assert.strictEqual(yield* many.result, 3000)
      yield* gate.close
      first = app.terminate("ended")
      const ended = yield* app.run(Many.start(undefined, { workflowId: "ended" }))
      assert.strictEqual(yield* reasonOf(ended.result), "Terminated")
      yield* Effect.sleep("100 millis")
      assert.deepStrictEqual([isOver, late], [true, 0])
    })
  )
}

export const sizing: SuitePart = (it) => {
  const Big = Activity.make("Big", { input: Schema.String, success: Schema.String })
  const Any = Workflow.make("Any", { input: Schema.String, success: Schema.String })
  /** A text that no commit of the store has room for. */
  const tooLong = Effect.map(Lab, ({ store }) => "x".repeat(store.guarantees.maxCommitBytes))

  /** Sends what goes into one commit, since the one before it is being saved meanwhile. */
  const together = Effect.fnUntraced(function* <A, B, E>(
    app: Running,
    values: ReadonlyArray<A>,
    send: (value: A) => Effect.Effect<B, E>
  ) {
    app.link.fault = cut("saveAll")
    const sending = yield* Effect.forkChild(Effect.forEach(values, send, { concurrency: "unbounded" }))
    yield* settle
    app.link.fault = sound
    // Long enough for the next attempt to save, and not for a caller to give up.
    yield* pass("1 second")
    return yield* Fiber.join(sending)
  })

  it.effect("12. an input that is too large is refused and starts nothing", () =>
    Effect.gen(function* () {
      const app = yield* open(Any.toLayer(() => Go.receive))
      const error = yield* errorOf(app.run(Any.start(yield* tooLong, { workflowId: "big" })))
      const { store } = yield* Lab
      assert.deepInclude(error, { _tag: "PayloadTooLarge", limit: store.guarantees.maxCommitBytes })
      assert.strictEqual(yield* reasonOf(app.executions.describe("big")), "NotFound")
      assert.isTrue((yield* app.run(Any.start("small", { workflowId: "big" }))).created)
    })
  )

  it.effect("12. an update that is too large is refused, and an answer that is blocks its execution", () =>
    Effect.gen(function* () {
      const Echo = Update.make("echo", {
        input: Schema.Struct({ text: Schema.String, times: Schema.Int }),
        success: Schema.String
      })
      const app = yield* open(
        Any.toLayer(() =>
          Effect.andThen(
            Echo.handle(({ text, times }) => Effect.succeed(text.repeat(times))),
            Go.receive
          )
        )
      )
      const text = yield* tooLong
      const handle = yield* app.run(Any.start("x"))
      const echo = (text: string, times: number) => app.run(Echo.execute(handle, { text, times }))
      const answers = yield* Effect.forEach(["a", text, "b"], (text) => Effect.result(echo(text, 1)), {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual(
        answers.map(({ _tag }) => _tag),
        ["Success", "Failure", "Success"]
      )
      const reason = yield* errorOf(echo(text, 0))
      assert.deepInclude(reason, { _tag: "PayloadTooLarge", of: 'the input of update "echo"' })
      const client = yield* open(Layer.empty)
      for (const { run } of [app, client]) {
        const late = yield* errorOf(run(Echo.startWith(Any, "x", { text, times: 0 })))
        assert.deepInclude(late, { _tag: "PayloadTooLarge", of: 'the input of update "echo"' })
        const early = yield* errorOf(run(Echo.startWith(Any, text, { text: "x", times: 0 })))
        assert.deepInclude(early, { _tag: "PayloadTooLarge", of: 'the input of workflow "Any"' })
      }
      assert.strictEqual(yield* echo("c", 2), "cc")
      assert.strictEqual(yield* handle.status, "running")
      const blocked = yield* errorOf(echo("d", text.length))
      assert.strictEqual(blocked._tag, "Blocked")
      assert.include(blocked.message, "the answer of update")
    })
  )

  it.effect("12. a signal that is too large is refused, and those around it are kept", () =>
    Effect.gen(function* () {
      const app = yield* open(
        Any.toLayer(() => Effect.map(Effect.all([Go.receive, Go.receive]), (texts) => texts.join(" ")))
      )
      const handle = yield* app.run(Any.start("x"))
      const answers = yield* Effect.forEach(
        ["a", yield* tooLong, "b"],
        (text) => Effect.result(app.run(Go.send(handle, text))),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(
        answers.map(({ _tag }) => _tag),
        ["Success", "Failure", "Success"]
      )
      assert.strictEqual(yield* handle.result, "a b")
      assert.strictEqual(yield* reasonOf(app.run(Go.send(handle, yield* tooLong))), "Finished")
    })
  )

  it.effect("12. what is too large is refused also by an executor that does not run the execution", () =>
    Effect.gen(function* () {
      const app = yield* open(Any.toLayer(() => Go.receive))
      const client = yield* open(Layer.empty)
      const { id } = yield* app.run(Any.start("x"))
      const long = yield* tooLong
      assert.strictEqual(yield* reasonOf(client.signal(id, "go", long)), "PayloadTooLarge")
      assert.strictEqual(yield* reasonOf(client.run(Any.start(long))), "PayloadTooLarge")
      yield* client.signal(id, "go", "short")
      yield* settle
      assert.strictEqual(yield* (yield* app.run(Any.handle(id))).result, "short")
    })
  )

  it.effect("12. of signals that are saved together only the one that is too large is refused", () =>
    Effect.gen(function* () {
      const app = yield* open(
        Any.toLayer(() => Effect.map(Effect.replicateEffect(Go.receive, 3), (texts) => texts.join(" ")))
      )
      const handle = yield* app.run(Any.start("x"))
      const answers = yield* together(app, ["a", "b", yield* tooLong, "c"], (text) =>
        Effect.result(app.run(Go.send(handle, text)))
      )
      assert.deepStrictEqual(
        answers.map(({ _tag }) => _tag),
        ["Success", "Success", "Failure", "Success"]
      )
      assert.strictEqual(yield* handle.result, "a b c")
    })
  )

  it.effect("12. a result of an activity that is too large is a defect of the call", () =>
    Effect.gen(function* () {
      const long = yield* tooLong
      const app = yield* open(Any.toLayer(Big).pipe(Layer.provide(Big.toLayer(() => Effect.succeed(long)))))
      const error = yield* errorOf(app.run(Any.execute("x")))
      assert.strictEqual(error._tag, "Defect")
      assert.include(error.message, 'the result of activity "Big" takes')
      assert.include(error.message, "pass a reference to it")
    })
  )

  it.effect("12. a program that asks for more than a commit can hold is blocked, and goes on with better code", () =>
    Effect.gen(function* () {
      const long = yield* tooLong
      const handler = Big.toLayer((text) => Effect.succeed(`${text.length}`))
      const asking = (text: string) =>
        Any.toLayer(() => Effect.andThen(Go.receive, Big(text))).pipe(Layer.provide(handler))
      const app = yield* open(asking(long))
      const handle = yield* app.run(Any.start("x"))
      yield* app.run(Go.send(handle, "go"))
      const error = yield* errorOf(handle.result)
      assert.strictEqual(error._tag, "Blocked")
      assert.include(error.message, "pass a reference to it")
      yield* app.stop
      const again = yield* open(asking("short"))
      yield* settle
      assert.strictEqual(yield* (yield* again.run(Any.handle(handle.id))).result, "5")
    })
  )

  it.effect(
    "12. what the store refuses blocks the program that asks for it and says why, and a later worker goes on",
    () =>
      Effect.gen(function* () {
        const lab = yield* Lab
        const reason = new Unsupported({ detail: "it would sleep for too long" })
        const isRefused = ({ summary: { status, updatedAt, wakeAt = 0 } }: Commit) =>
          status === "running" && wakeAt - updatedAt > 3_600_000
        const store: typeof lab.store = {
          ...lab.store,
          saveAll: (commits) =>
            Effect.forEach(commits, (commit) =>
              isRefused(commit)
                ? Effect.succeed(Exit.fail(reason))
                : Effect.map(lab.store.saveAll([commit]), ([exit]) => exit!)
            )
        }
        const program = Effect.gen(function* () {
          const text = yield* Go.receive
          yield* Effect.sleep("1 day")
          return text
        })
        const app = yield* Effect.provideService(open(Any.toLayer(() => program)), Lab, { ...lab, store })
        const handle = yield* app.run(Any.start("x"))
        const early = yield* app.run(Any.start("y"))
        yield* app.run(Go.send(handle, "go"))
        const error = yield* errorOf(handle.result)
        assert.strictEqual(error._tag, "Blocked")
        assert.include(error.message, "it would sleep for too long")
        const before = app.link.count.saveAll
        yield* pass("10 seconds")
        assert.strictEqual(app.link.count.saveAll, before, "it is not tried all the time")
        const tags = (yield* app.executions.history(handle.id)).map(({ _tag }) => _tag)
        assert.strictEqual(tags.filter((tag) => tag === "ExecutionBlocked").length, 1)
        assert.include(tags, "SignalReceived", "what it was told is kept")
        assert.strictEqual(yield* early.status, "running")
        yield* app.stop
        const later = yield* open(Any.toLayer(() => program))
        yield* settle
        assert.strictEqual(yield* (yield* later.run(Any.handle(handle.id))).status, "running")
        yield* pass("1 day")
        assert.strictEqual(yield* (yield* later.run(Any.handle(handle.id))).result, "go")
      })
  )

  it.effect("12. a program that begins with too much is blocked, and its start is no error of the caller", () =>
    Effect.gen(function* () {
      const long = yield* tooLong
      const handler = Big.toLayer((text) => Effect.succeed(`${text.length}`))
      const begins = (text: string) =>
        Any.toLayer(() => Effect.andThen(Big("short"), Big(text))).pipe(Layer.provide(handler))
      const app = yield* open(Any.toLayer(() => Big(long)).pipe(Layer.provide(handler)))
      const handle = yield* app.run(Any.start("x"))
      const error = yield* errorOf(handle.result)
      assert.strictEqual(error._tag, "Blocked")
      assert.include(
        error.message,
        'the program of "Any" records too much at once: with the input of activity "Big" #0'
      )
      yield* app.stop
      const again = yield* open(begins("short"))
      yield* settle
      assert.strictEqual(yield* (yield* again.run(Any.handle(handle.id))).result, "5")
    })
  )

  it.effect("12. of signals that are saved together none is refused when one makes the program ask for too much", () =>
    Effect.gen(function* () {
      const long = yield* tooLong
      const app = yield* open(
        Any.toLayer(() =>
          Effect.andThen(
            Effect.replicateEffect(Go.receive, 3),
            Effect.flatMap(Go.receive, () => Big(long))
          )
        ).pipe(Layer.provide(Big.toLayer(Effect.succeed)))
      )
      const handle = yield* app.run(Any.start("x"))
      const answers = yield* together(app, ["a", "b", "c", "d", "e"], (text) =>
        Effect.result(app.run(Go.send(handle, text)))
      )
      assert.isTrue(answers.every(({ _tag }) => _tag === "Success"))
      assert.strictEqual(yield* reasonOf(handle.result), "Blocked")
    })
  )

  it.effect("12. a program whose timer, activity or answer leads to too much is blocked as well", () =>
    Effect.gen(function* () {
      const long = yield* tooLong
      const handler = Big.toLayer((text) => Effect.succeed(text))
      const programs = [
        Effect.andThen(Effect.sleep("1 minute"), Big(long)),
        Effect.andThen(Big("short"), Big(long)),
        Effect.as(Effect.sleep("1 minute"), long),
        Effect.onInterrupt(Effect.never, () => Big(long))
      ]
      for (const program of programs) {
        const app = yield* open(Any.toLayer(() => program).pipe(Layer.provide(handler)))
        const handle = yield* app.run(Any.start("x"))
        yield* pass("1 minute")
        if (program === programs[3]) yield* handle.cancel()
        assert.strictEqual(yield* reasonOf(handle.result), "Blocked")
        yield* handle.terminate()
        yield* app.stop
      }
    })
  )
}
