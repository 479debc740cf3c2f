/** Promise 9: an execution whose code is not right stops with the reason, loses nothing, and goes on with the right code. */
import { Effect, Fiber, Layer, Schema, type Scope } from "effect"
import { Activity, Signal, Workflow } from "perdure"
import { assert } from "../assert.ts"
import type { SuitePart } from "./SuitePart.ts"
import { errorOf, reasonOf } from "./failures.ts"
import { Lab, open, pass, settle, until, words, type Workflows } from "./Lab.ts"

const Note = Activity.make("Note", { input: Schema.String, success: Schema.String })
const Add = Signal.make("add", { payload: Schema.Number })
const Run = Workflow.make("Run", { success: Schema.Array(Schema.Number) })

type Needs = Effect.Services<ReturnType<typeof Note>>
type Program = Effect.Effect<ReadonlyArray<number>, never, Needs>

/** A program with a handler that notes what it is given. */
const code = (program: Program, notes: Array<string> = []): Workflows =>
  Run.toLayer(() => program).pipe(
    Layer.provide(
      Note.toLayer((text) =>
        Effect.as(
          Effect.sync(() => notes.push(text)),
          text
        )
      )
    )
  )

const add3 = Effect.replicateEffect(Add.receive, 3)

/** The right code: a call, a sleep, another call, three numbers. */
const right: Program = Note("first").pipe(
  Effect.andThen(Effect.sleep("1 hour")),
  Effect.andThen(Note("second")),
  Effect.andThen(add3)
)

const problemOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(errorOf(effect as Effect.Effect<A, never, R>), (error) =>
    error._tag === "Blocked" ? error.problem : { reason: error._tag, message: error.message }
  )

export const blocking: SuitePart = (it) => {
  it.effect("9. a program that disagrees with its history is stopped with both sides", () =>
    Effect.gen(function* () {
      const cases: ReadonlyArray<readonly [wrong: Program, history: string, program: string]> = [
        [
          Effect.andThen(Note("other"), add3),
          'ActivityScheduled #0 Note("first")',
          'ActivityScheduled #0 Note("other")'
        ],
        [Effect.andThen(Effect.sleep(5), add3), 'ActivityScheduled #0 Note("first")', "TimerStarted #0 for 5 ms"],
        [Effect.succeed([1]), 'ActivityScheduled #0 Note("first")', "ExecutionCompleted([1])"],
        [add3, 'ActivityScheduled #0 Note("first")', "nothing"],
        [Effect.andThen(Note("first"), add3), "TimerStarted #1 for 3600000 ms", "nothing"]
      ]
      for (const [wrong, history, program] of cases) {
        const before = yield* open(code(right))
        const { id } = yield* before.run(Run.start())
        yield* settle
        yield* before.stop
        const after = yield* open(code(wrong))
        yield* settle
        const problem = yield* problemOf(after.result(id))
        assert.strictEqual(problem.reason, "NonDeterminism")
        assert.include(problem.message, `history: ${history}`)
        assert.include(problem.message, `program: ${program}`)
        yield* after.terminate(id)
        yield* after.stop
      }
    })
  )

  it.effect("9. putting the right code back resumes the execution, with all that came meanwhile", () =>
    Effect.gen(function* () {
      const notes: Array<string> = []
      const before = yield* open(code(right, notes))
      const { id } = yield* before.run(Run.start())
      yield* before.run(Add.send(id, 1))
      yield* before.stop
      const wrong = yield* open(code(Effect.andThen(Effect.sleep(1), add3), notes))
      yield* settle
      assert.strictEqual(yield* reasonOf(wrong.result(id)), "Blocked")
      assert.strictEqual((yield* wrong.executions.describe(id)).status, "blocked")
      yield* wrong.run(Add.send(id, 2))
      yield* pass("2 hours")
      yield* wrong.stop
      const again = yield* open(code(right, notes))
      yield* settle
      assert.strictEqual((yield* again.executions.describe(id)).status, "running")
      const handle = yield* again.run(Run.handle(id))
      yield* again.run(Add.send(handle, 3))
      assert.deepStrictEqual(yield* handle.result, [1, 2, 3])
      assert.deepStrictEqual(notes, ["first", "second"])
    })
  )

  it.effect("9. who waits for the result is told at once, and so is who asks later", () =>
    Effect.gen(function* () {
      const before = yield* open(code(right))
      const { id } = yield* before.run(Run.start())
      yield* settle
      yield* before.stop
      const other = yield* open(Layer.empty)
      const waiting = yield* Effect.forkChild(reasonOf(other.result(id)))
      yield* settle
      const wrong = yield* open(code(Effect.succeed([])))
      assert.strictEqual(yield* Fiber.join(waiting), "Blocked")
      assert.strictEqual(yield* reasonOf(wrong.result(id)), "Blocked")
      assert.strictEqual(yield* reasonOf((yield* wrong.run(Run.handle(id))).result), "Blocked")
    })
  )

  it.effect("9. a blocked execution says so where it is listed and described, and is blocked once", () =>
    Effect.gen(function* () {
      const before = yield* open(code(right))
      const { id } = yield* before.run(Run.start())
      yield* settle
      yield* before.stop
      for (let restart = 0; restart < 3; restart++) {
        const wrong = yield* open(code(Effect.succeed([])))
        yield* pass("1 hour")
        yield* wrong.stop
      }
      const { store } = yield* Lab
      const { executions } = yield* store.list({ status: ["blocked"] })
      assert.strictEqual(executions.length, 1)
      assert.include(words(executions[0]!)[0], "blocked: the program of")
      const other = yield* open(Layer.empty)
      const history = yield* other.executions.history(id)
      assert.strictEqual(history.filter(({ _tag }) => _tag === "ExecutionBlocked").length, 1)
    })
  )

  it.effect("9. a blocked execution can be cancelled, which waits for the right code", () =>
    Effect.gen(function* () {
      const notes: Array<string> = []
      const before = yield* open(code(right, notes))
      const { id } = yield* before.run(Run.start())
      yield* settle
      yield* before.stop
      const wrong = yield* open(code(Effect.succeed([])))
      yield* settle
      yield* wrong.cancel(id, "enough")
      assert.strictEqual((yield* wrong.executions.describe(id)).status, "blocked")
      yield* wrong.stop
      const again = yield* open(code(right, notes))
      yield* settle
      assert.deepInclude(yield* errorOf((yield* again.run(Run.handle(id))).result), {
        _tag: "Cancelled",
        because: "enough"
      })
    })
  )

  it.effect("9. a blocked execution can be terminated, and deleted then", () =>
    Effect.gen(function* () {
      const before = yield* open(code(right))
      const { id } = yield* before.run(Run.start())
      yield* settle
      yield* before.stop
      const wrong = yield* open(code(Effect.succeed([])))
      yield* settle
      assert.deepInclude(yield* errorOf(wrong.executions.delete(id)), { _tag: "Unfinished", status: "blocked" })
      yield* wrong.terminate(id, "hopeless")
      const handle = yield* wrong.run(Run.handle(id))
      assert.deepInclude(yield* errorOf(handle.result), { _tag: "Terminated", because: "hopeless" })
      yield* wrong.executions.delete(id)
    })
  )

  it.effect("9. asynchronous work in a program blocks it, with the place, before it does any harm", () =>
    Effect.gen(function* () {
      const wrong = Effect.promise(() => Promise.resolve(1)).pipe(
        Effect.tap(() => Note("after the promise")),
        Effect.map((number) => [number])
      )
      const notes: Array<string> = []
      const app = yield* open(code(Effect.andThen(Note("first"), wrong), notes))
      const { id } = yield* app.run(Run.start())
      yield* settle
      const problem = yield* problemOf(app.result(id))
      assert.strictEqual(problem.reason, "AsynchronousWork")
      assert.include(problem.message, "asynchronous work outside an activity")
      assert.deepStrictEqual(notes, ["first"])
      yield* app.stop
      const again = yield* open(code(Effect.andThen(Note("first"), Effect.succeed([1])), notes))
      yield* settle
      assert.deepStrictEqual(yield* (yield* again.run(Run.handle(id))).result, [1])
      assert.deepStrictEqual(notes, ["first"])
    })
  )

  it.effect("9. a program that blocks on its defects goes on once it does not die", () =>
    Effect.gen(function* () {
      const Careful = Workflow.make("Careful", { success: Schema.String, defects: "block" })
      const notes: Array<string> = []
      const careful = (program: Effect.Effect<string, never, Needs | Scope.Scope>) =>
        Careful.toLayer(() => program).pipe(
          Layer.provide(
            Note.toLayer((text) =>
              Effect.as(
                Effect.sync(() => notes.push(text)),
                text
              )
            )
          )
        )
      const begin = Effect.andThen(
        Workflow.withCompensation(Note("first"), () => Note("undone")),
        Effect.addFinalizer(() => Effect.orDie(Note("closed")))
      )
      const died = yield* open(careful(Effect.andThen(begin, Effect.die(new Error("a bug")))))
      const { id } = yield* died.run(Careful.start())
      yield* settle
      const problem = yield* problemOf(died.result(id))
      assert.strictEqual(problem.reason, "Defect")
      assert.include(problem.message, "Error: a bug")
      assert.strictEqual((yield* died.executions.describe(id)).status, "blocked")
      assert.deepStrictEqual(notes, ["first"])
      yield* died.stop
      const mended = yield* open(careful(Effect.andThen(begin, Note("second"))))
      yield* settle
      assert.strictEqual(yield* (yield* mended.run(Careful.handle(id))).result, "second")
      assert.deepStrictEqual(notes, ["first", "second", "closed"])
    })
  )

  it.effect("9. a program that blocks on its defects fails with those of its activities, and with errors", () =>
    Effect.gen(function* () {
      const Careful = Workflow.make("Careful", { input: Schema.String, error: Schema.String, defects: "block" })
      const careful = Careful.toLayer((how) => (how === "fails" ? Effect.fail("as declared") : Note(how))).pipe(
        Layer.provide(Note.toLayer(() => Effect.die(new Error("a bug of the handler"))))
      )
      const app = yield* open(careful)
      assert.strictEqual(yield* reasonOf(app.run(Careful.execute("dies"))), "Defect")
      assert.strictEqual(yield* Effect.flip(app.run(Careful.execute("fails"))), "as declared")
    })
  )

  it.effect("9. a program that never waits is stopped, and other executions go on", () =>
    Effect.gen(function* () {
      const Spin = Workflow.make("Spin", { success: Schema.Number })
      const spinning = Spin.toLayer(() => Effect.forever(Effect.void))
      const app = yield* open(Layer.mergeAll(spinning, code(add3)), { spinLimit: "20 millis" })
      const handle = yield* app.run(Run.start())
      const spin = yield* app.run(Spin.start())
      const problem = yield* problemOf(spin.result)
      assert.strictEqual(problem.reason, "Spinning")
      assert.include(problem.message, "ran for 20 ms without waiting for anything")
      yield* Effect.forEach([1, 2, 3], (number) => app.run(Add.send(handle, number)))
      assert.deepStrictEqual(yield* handle.result, [1, 2, 3])
      yield* app.stop
      const again = yield* open(Spin.toLayer(() => Effect.succeed(7)))
      yield* settle
      assert.strictEqual(yield* (yield* again.run(Spin.handle(spin.id))).result, 7)
    })
  )

  it.effect("9. a block that does not come back by replay ends when the execution is next told something", () =>
    Effect.gen(function* () {
      let isSlow = true
      const Fickle = Workflow.make("Fickle", { success: Schema.Array(Schema.Number) })
      const fickle = Fickle.toLayer(() =>
        Effect.tap(add3, () => Effect.suspend(() => (isSlow ? Effect.forever(Effect.void) : Effect.void)))
      )
      const app = yield* open(Layer.mergeAll(fickle, code(add3)), { maxLoaded: 1, spinLimit: "20 millis" })
      const handle = yield* app.run(Fickle.start())
      yield* Effect.forEach([1, 2, 3], (number) => app.run(Add.send(handle, number)))
      assert.strictEqual((yield* problemOf(handle.result)).reason, "Spinning")
      isSlow = false
      // Others take its place in memory.
      yield* Effect.replicateEffect(app.run(Run.start()), 3)
      assert.strictEqual(yield* reasonOf(app.run(Add.send(handle, 4))), "Finished")
      assert.deepStrictEqual(yield* handle.result, [1, 2, 3])
      const tags = (yield* handle.history).map(({ _tag }) => _tag)
      assert.deepStrictEqual(tags.slice(-3), ["ExecutionBlocked", "OwnerChanged", "ExecutionCompleted"])
    })
  )

  it.effect("9. an input, a payload or a result that the code cannot read any more blocks the execution", () =>
    Effect.gen(function* () {
      const old = {
        Read: Activity.make("Read", { success: Schema.Unknown }),
        Go: Signal.make("go", { payload: Schema.Unknown }),
        Item: Workflow.make("Item", { input: Schema.Unknown, success: Schema.Unknown })
      }
      const now = {
        Read: Activity.make("Read", { success: Schema.Number }),
        Go: Signal.make("go", { payload: Schema.Number }),
        Item: Workflow.make("Item", { input: Schema.Number, success: Schema.Number })
      }
      const oldCode = old.Item.toLayer(() => Effect.all([old.Read(), Effect.sleep("1 hour"), old.Go.receive])).pipe(
        Layer.provide(old.Read.toLayer(() => Effect.succeed("result")))
      )
      const newCode = now.Item.toLayer((input) =>
        Effect.gen(function* () {
          const result = yield* now.Read()
          yield* Effect.sleep("1 hour")
          return input + result + (yield* now.Go.receive)
        })
      ).pipe(Layer.provide(now.Read.toLayer(() => Effect.succeed(1))))
      const before = yield* open(oldCode)
      const { id } = yield* before.run(old.Item.start("input"))
      yield* settle
      yield* before.stop
      const after = yield* open(newCode)
      const input = yield* problemOf(after.result(id))
      assert.deepStrictEqual(input.reason, "Undecodable")
      assert.include(input.message, "the input of workflow Item")
      yield* after.stop

      const second = yield* open(oldCode)
      const { id: next } = yield* second.run(old.Item.start(1))
      yield* settle
      yield* second.stop
      const third = yield* open(newCode)
      assert.include((yield* problemOf(third.result(next))).message, "the recorded result of activity Read")
    })
  )

  it.effect("9. a payload of the wrong shape, sent past the types, blocks the execution and can be read later", () =>
    Effect.gen(function* () {
      const app = yield* open(code(add3))
      const handle = yield* app.run(Run.start())
      yield* app.run(Add.send(handle, 1))
      yield* app.signal(handle.id, "add", "two")
      const problem = yield* problemOf(handle.result)
      assert.strictEqual(problem.reason, "Undecodable")
      assert.include(problem.message, "the payload of signal add")
      assert.include(problem.message, "Its sender may have another schema")
      yield* app.run(Add.send(handle, 3))
      yield* app.stop
      const Lenient = Signal.make("add", { payload: Schema.Unknown })
      const again = yield* open(
        code(
          Effect.map(Effect.replicateEffect(Lenient.receive, 3), (all) =>
            all.map((one) => (one === "two" ? 2 : Number(one)))
          )
        )
      )
      yield* settle
      assert.deepStrictEqual(yield* (yield* again.run(Run.handle(handle.id))).result, [1, 2, 3])
    })
  )

  it.live("9. an executor with the wrong code leaves a blocked execution to one with the right code", () =>
    Effect.gen(function* () {
      const calm = Effect.andThen(Note("first"), add3)
      const before = yield* open(code(calm))
      const { id } = yield* before.run(Run.start())
      yield* settle
      yield* before.stop
      const status = Effect.map(before.executions.describe(id), ({ status }) => status)
      const wrong = yield* open(code(Effect.succeed([])))
      yield* until(Effect.map(status, (status) => status === "blocked"))
      yield* wrong.stop
      const stillWrong = yield* open(code(Effect.succeed([])), { heartbeatInterval: "20 millis" })
      yield* Effect.sleep("100 millis")
      assert.strictEqual(yield* status, "blocked")
      yield* open(code(calm), { heartbeatInterval: "20 millis" })
      yield* until(Effect.map(status, (status) => status === "running"))
      const handle = yield* stillWrong.run(Run.handle(id))
      yield* Effect.forEach([1, 2, 3], (number) => stillWrong.run(Add.send(handle, number)))
      assert.deepStrictEqual(yield* handle.result, [1, 2, 3])
    })
  )
}
