/** Promises 13 and 14: a store that does not answer delays and loses nothing, and neither does a shutdown. */
import { Clock, Deferred, Effect, Exit, Fiber, Latch, Layer, Schema } from "effect"
import { Activity, RetryPolicy, Signal, Workflow } from "perdure"
import { numbers } from "../numbers.ts"
import { assert } from "../assert.ts"
import type { SuitePart } from "./SuitePart.ts"
import { reasonOf } from "./failures.ts"
import { cut, type Fault, type Operation, sound } from "./FaultyStore.ts"
import { Lab, open, pass, settle, until, words } from "./Lab.ts"

const Add = Signal.make("add", { payload: Schema.Number })
const Work = Activity.make("Work", { input: Schema.Number, success: Schema.Number, retry: RetryPolicy.none })
const Run = Workflow.make("Run", { input: Schema.Number, success: Schema.Array(Schema.Number) })

/** A program of everything: a call, a signal, a sleep, another call. */
const RunLive = Run.toLayer((input) =>
  Effect.gen(function* () {
    const first = yield* Work(input)
    const second = yield* Add.receive
    yield* Effect.sleep("1 minute")
    return [first, second, yield* Work(second)]
  })
)

export const outlasting: SuitePart = (it) => {
  const Doubling = RunLive.pipe(Layer.provide(Work.toLayer((number) => Effect.succeed(number * 2))))

  for (const kind of ["unasked", "unanswered"] as const) {
    it.effect(`13. operations that go ${kind} delay executions and lose nothing`, () =>
      Effect.gen(function* () {
        const app = yield* open(Doubling, { maxLoaded: 5 })
        let operations = 0
        // Two of three operations fail.
        app.link.fault = () => (++operations % 3 === 0 ? undefined : kind)
        const starting = yield* Effect.forkChild(
          Effect.forEach(numbers(20), (number) => app.run(Run.start(number, { workflowId: `${number}` })), {
            concurrency: "unbounded"
          })
        )
        yield* pass("25 seconds")
        const handles = yield* Fiber.join(starting)
        assert.isTrue(handles.every((handle) => handle.created))
        const sending = yield* Effect.forkChild(
          Effect.forEach(handles, (handle, index) => app.run(Add.send(handle, index + 100)), {
            concurrency: "unbounded"
          })
        )
        yield* pass("25 seconds")
        yield* Fiber.join(sending)
        const results = yield* Effect.forkChild(
          Effect.forEach(handles, (handle) => handle.result, { concurrency: "unbounded" })
        )
        yield* pass("10 minutes")
        app.link.fault = sound
        yield* pass("1 minute")
        assert.deepStrictEqual(
          yield* Fiber.join(results),
          numbers(20).map((number) => [number * 2, number + 100, (number + 100) * 2])
        )
        for (const handle of handles) {
          const tags = (yield* handle.history).map(({ _tag }) => _tag)
          assert.strictEqual(tags.filter((tag) => tag === "SignalReceived").length, 1)
          assert.strictEqual(tags.filter((tag) => tag === "ActivityResolved").length, 2)
        }
      })
    )
  }

  it.effect("13. while the store is away nothing that depends on it happens, and then it goes on", () =>
    Effect.gen(function* () {
      const ran: Array<number> = []
      const app = yield* open(
        RunLive.pipe(
          Layer.provide(
            Work.toLayer((number) =>
              Effect.as(
                Effect.sync(() => ran.push(number)),
                number
              )
            )
          )
        )
      )
      const handle = yield* app.run(Run.start(1))
      yield* app.run(Add.send(handle, 2))
      yield* pass("30 seconds")
      app.link.fault = cut()
      yield* pass("1 hour")
      assert.deepStrictEqual(ran, [1])
      app.link.fault = sound
      yield* pass("10 seconds")
      assert.deepStrictEqual(ran, [1, 2])
      assert.deepStrictEqual(yield* handle.result, [1, 2, 2])
    })
  )

  it.effect("13. callers are told after patience that the store is away", () =>
    Effect.gen(function* () {
      const app = yield* open(Doubling, { answerTimeout: "10 seconds" })
      const handle = yield* app.run(Run.start(1, { workflowId: "one" }))
      yield* settle
      app.link.fault = cut()
      const questions: ReadonlyArray<readonly [name: string, Effect.Effect<unknown, unknown>]> = [
        ["start", app.run(Run.start(2))],
        ["start again", app.run(Run.start(1, { workflowId: "one" }))],
        ["signal", app.run(Add.send(handle, 1))],
        ["signal to another", app.run(Add.send("other", 1))],
        ["cancel", handle.cancel()],
        ["terminate", handle.terminate()],
        ["describe", app.run(handle.describe)],
        ["history", app.run(handle.history)],
        ["list", app.executions.list()],
        ["result of another", app.result("other")],
        ["delete", app.executions.delete("one")]
      ]
      const answers = yield* Effect.forEach(questions, ([, question]) =>
        Effect.forkChild(reasonOf(question as Effect.Effect<unknown, never>))
      )
      yield* pass("9 seconds")
      const early = answers.flatMap((answer, index) =>
        answer.pollUnsafe() === undefined ? [] : [questions[index]![0]]
      )
      assert.deepStrictEqual(early, [])
      yield* pass("3 seconds")
      const late = answers.flatMap((answer, index) => (answer.pollUnsafe() === undefined ? [questions[index]![0]] : []))
      assert.deepStrictEqual(late, [])
      assert.deepStrictEqual(
        yield* Effect.forEach(answers, Fiber.join),
        answers.map(() => "StoreUnavailable")
      )
      app.link.fault = sound
      yield* pass("1 minute")
    })
  )

  it.effect("13. each caller is told after patience of its own", () =>
    Effect.gen(function* () {
      const app = yield* open(Doubling, { answerTimeout: "10 seconds" })
      const handle = yield* app.run(Run.start(1))
      yield* settle
      app.link.fault = cut()
      const first = yield* Effect.forkChild(reasonOf(app.run(Add.send(handle, 1))))
      yield* pass("5 seconds")
      const second = yield* Effect.forkChild(reasonOf(app.run(Add.send(handle, 1))))
      yield* pass("6 seconds")
      assert.isDefined(first.pollUnsafe())
      assert.isUndefined(second.pollUnsafe())
      yield* pass("5 seconds")
      assert.isDefined(second.pollUnsafe())
      app.link.fault = sound
      yield* pass("1 minute")
    })
  )

  it.effect("13. a start of which nobody knows whether it took place can be repeated", () =>
    Effect.gen(function* () {
      const app = yield* open(Doubling, { answerTimeout: "10 seconds" })
      for (const fault of ["unasked", "unanswered"] as const) {
        const start = app.run(Run.start(1, { workflowId: fault }))
        app.link.fault = () => fault
        const failing = yield* Effect.forkChild(reasonOf(start))
        yield* pass("1 minute")
        assert.strictEqual(yield* Fiber.join(failing), "StoreUnavailable")
        app.link.fault = sound
        yield* pass("1 minute")
        const handle = yield* start
        yield* app.run(Add.send(handle, 2))
        yield* pass("1 minute")
        assert.deepStrictEqual(yield* handle.result, [2, 2, 4])
      }
      const { store } = yield* Lab
      assert.strictEqual((yield* store.list()).executions.length, 2)
    })
  )

  it.effect("13. each kind of operation may fail alone", () =>
    Effect.gen(function* () {
      const kinds: ReadonlyArray<Operation> = ["saveAll", "load", "summary", "list", "delete", "heartbeat", "workers"]
      for (const operation of kinds) {
        for (const fault of ["unasked", "unanswered"] satisfies ReadonlyArray<Fault>) {
          let failures = 3
          const first = yield* open(Doubling, { maxLoaded: 1 })
          first.link.fault = (asked) => (asked === operation && failures-- > 0 ? fault : undefined)
          const starting = yield* Effect.forkChild(
            Effect.forEach(numbers(3), (number) =>
              first.run(Run.start(number, { workflowId: `${operation} ${fault} ${number}` }))
            )
          )
          yield* pass("10 seconds")
          const handles = yield* Fiber.join(starting)
          const ending = yield* Effect.forkChild(
            Effect.forEach(handles, (handle) => Effect.andThen(first.run(Add.send(handle, 1)), handle.result))
          )
          yield* pass("5 minutes")
          assert.deepStrictEqual(
            yield* Fiber.join(ending),
            numbers(3).map((number) => [number * 2, 1, 2])
          )
          yield* first.stop
        }
      }
    })
  )
}

export const shuttingDown: SuitePart = (it) => {
  it.effect("14. a shutdown interrupts handlers, waits for their finalizers and keeps what was finished", () =>
    Effect.gen(function* () {
      const log: Array<string> = []
      const begun = yield* Deferred.make<void>()
      const workflows = Run.toLayer(() => Effect.all([Work(1), Work(2)], { concurrency: 2 })).pipe(
        Layer.provide(
          Work.toLayer((number) =>
            Effect.sync(() => log.push(`begin ${number}`)).pipe(
              Effect.andThen(Deferred.succeed(begun, undefined)),
              Effect.andThen(number === 1 ? Effect.void : Effect.never),
              Effect.onExit((exit) =>
                Exit.isSuccess(exit)
                  ? Effect.void
                  : Effect.andThen(
                      Effect.sleep("1 second"),
                      Effect.sync(() => log.push("tidied up"))
                    )
              ),
              Effect.as(number)
            )
          )
        )
      )
      const app = yield* open(workflows)
      yield* app.run(Run.start(0, { workflowId: "run" }))
      yield* Deferred.await(begun)
      const stopping = yield* Effect.forkChild(app.stop)
      yield* settle
      assert.isUndefined(stopping.pollUnsafe())
      yield* pass("1 second")
      assert.isDefined(stopping.pollUnsafe())
      assert.deepStrictEqual(log, ["begin 1", "begin 2", "tidied up"])
      const { store } = yield* Lab
      const { executions } = yield* store.list()
      assert.deepStrictEqual(words(executions[0]!), ["activity Work #1"])
    })
  )

  it.effect("14. what a handler must not leave it finishes, and then it runs again elsewhere", () =>
    Effect.gen(function* () {
      const log: Array<string> = []
      const workflows = Run.toLayer(() => Effect.map(Work(7), (number) => [number])).pipe(
        Layer.provide(
          Work.toLayer((number) =>
            Effect.sync(() => log.push("begin")).pipe(
              Effect.andThen(Effect.sleep("1 second")),
              Effect.andThen(Effect.sync(() => log.push("end"))),
              Effect.as(number),
              Effect.uninterruptible
            )
          )
        )
      )
      const app = yield* open(workflows)
      const { id } = yield* app.run(Run.start(0))
      yield* settle
      const stopping = yield* Effect.forkChild(app.stop)
      yield* pass("1 second")
      yield* Fiber.join(stopping)
      assert.deepStrictEqual(log, ["begin", "end"])
      const again = yield* open(workflows)
      yield* pass("1 second")
      assert.deepStrictEqual(yield* (yield* again.run(Run.handle(id))).result, [7])
      assert.deepStrictEqual(log, ["begin", "end", "begin", "end"])
    })
  )

  it.effect("14. the next executor goes on at once", () =>
    Effect.gen(function* () {
      const workflows = RunLive.pipe(Layer.provide(Work.toLayer(Effect.succeed)))
      const first = yield* open(workflows)
      const handles = yield* Effect.forEach(numbers(50), (number) => first.run(Run.start(number)))
      yield* settle
      yield* first.stop
      const second = yield* open(workflows)
      yield* settle
      const { store } = yield* Lab
      const { executions } = yield* store.list()
      assert.strictEqual(new Set(executions.map(({ owner }) => owner)).size, 1)
      yield* Effect.forEach(handles, ({ id }) => second.run(Add.send(id, 1)))
      yield* pass("1 minute")
      for (const [index, { id }] of handles.entries()) {
        assert.deepStrictEqual(yield* (yield* second.run(Run.handle(id))).result, [index, 1, 1])
      }
    })
  )

  it.effect("14. who waits for a result is told of the shutdown, and who comes later as well", () =>
    Effect.gen(function* () {
      const workflows = RunLive.pipe(Layer.provide(Work.toLayer(Effect.succeed)))
      const app = yield* open(workflows)
      const handle = yield* app.run(Run.start(1))
      const waiting = yield* Effect.forkChild(reasonOf(handle.result))
      yield* settle
      yield* app.stop
      assert.strictEqual(yield* Fiber.join(waiting), "ShutDown")
      const questions = [handle.result, app.run(Add.send(handle, 1)), handle.cancel(), handle.terminate()]
      for (const question of questions) {
        assert.strictEqual(
          yield* reasonOf<unknown, never, never>(question as Effect.Effect<unknown, never>),
          "ShutDown"
        )
      }
      assert.strictEqual(yield* reasonOf(app.run(Run.start(2))), "ShutDown")
    })
  )

  it.live("14. a handler that does not end delays a shutdown only so long", () =>
    Effect.gen(function* () {
      const begun = yield* Deferred.make<void>()
      const gate = yield* Latch.make(false)
      const app = yield* open(
        Run.toLayer(() => Effect.map(Work(1), (number) => [number])).pipe(
          Layer.provide(
            Work.toLayer((number) =>
              Deferred.succeed(begun, undefined).pipe(
                Effect.andThen(gate.await),
                Effect.as(number),
                Effect.uninterruptible
              )
            )
          )
        ),
        { shutdownTimeout: "100 millis" }
      )
      yield* app.run(Run.start(0))
      yield* Deferred.await(begun)
      const before = yield* Clock.currentTimeMillis
      const exit = yield* Effect.exit(Effect.timeout(app.stop, "5 seconds"))
      assert.isTrue(Exit.isSuccess(exit))
      assert.isBelow((yield* Clock.currentTimeMillis) - before, 3000)
      yield* gate.open
    })
  )

  it.live("14. a store that is away delays a shutdown only so long", () =>
    Effect.gen(function* () {
      const app = yield* open(RunLive.pipe(Layer.provide(Work.toLayer(Effect.succeed))), {
        shutdownTimeout: "100 millis"
      })
      const handle = yield* app.run(Run.start(0))
      yield* until(Effect.map(handle.describe, (summary) => words(summary).includes("signal add")))
      app.link.fault = cut()
      const sending = yield* Effect.forkChild(Effect.exit(app.run(Add.send(handle, 1))))
      yield* Effect.sleep("20 millis")
      const exit = yield* Effect.exit(Effect.timeout(app.stop, "5 seconds"))
      assert.isTrue(Exit.isSuccess(exit))
      assert.isTrue(Exit.isFailure(yield* Fiber.join(sending)))
    })
  )
}
