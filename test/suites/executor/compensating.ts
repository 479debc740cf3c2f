/** Promise 7: what a failed workflow did is undone, in reverse, whatever it fails by and whatever dies meanwhile. */
import { Cause, Effect, Fiber, Layer, Logger, Option, Schema, type Scope } from "effect"
import { Activity, type HistoryEvent, RetryPolicy, Signal, Workflow, type WorkflowError } from "perdure"
import * as Executions from "perdure/Executor/Executions"
import { assert } from "../assert.ts"
import type { SuitePart } from "./SuitePart.ts"
import { errorOf, reasonOf } from "./failures.ts"
import { open, pass, settle } from "./Lab.ts"

class Declined extends Schema.TaggedError<Declined>()("Declined", { why: Schema.String }) {}

/** Something with an effect on the world; the handler notes it, and answers how many there are. */
const Note = Activity.make("Note", { input: Schema.String, success: Schema.Int })
/** Notes it after an hour. */
const Slow = Activity.make("Slow", { input: Schema.String })
/** Is refused. */
const Refuse = Activity.make("Refuse", { error: Declined, retry: RetryPolicy.none })
const Go = Signal.make("go")
const Run = Workflow.make("Run", { success: Schema.String, error: Declined })

type Needs =
  | Effect.Services<ReturnType<typeof Note> | ReturnType<typeof Slow> | ReturnType<typeof Refuse>>
  | Effect.Services<ReturnType<typeof Go.send>>
  | Scope.Scope
type Program = Effect.Effect<string, Declined | WorkflowError.WorkflowError, Needs>

/** Starts an executor for one program; its activities write to `notes`. */
const running = Effect.fnUntraced(function* (program: Program) {
  const notes: Array<string> = []
  const note = (text: string) => Effect.sync(() => notes.push(text))
  const workflows = Run.toLayer(() => program).pipe(
    Layer.provide([
      Note.toLayer(note),
      Slow.toLayer((text) => Effect.delay(note(text), "1 hour")),
      Refuse.toLayer(() => Effect.fail(new Declined({ why: "refused" })))
    ])
  )
  return { app: yield* open(workflows), notes, workflows }
})

/** Does something that is undone. */
const done = (what: string) => Workflow.withCompensation(Note(what), () => Note(`undo ${what}`))

const declined = Effect.fail(new Declined({ why: "no" }))

/** How the latest run of an id ended. */
const endOf = (id: string) =>
  Effect.map(
    Effect.flatMap(Executions.Executions, ({ history }) => history(id)),
    (events) => events.at(-1)! as HistoryEvent.ClosingEvent
  )

const failures: ReadonlyArray<readonly [how: string, program: Program, tag: HistoryEvent.ClosingEvent["_tag"]]> = [
  ["an error that it declares", declined, "ExecutionFailed"],
  ["an error of another execution", Effect.as(Go.send("nowhere"), ""), "ExecutionFailed"],
  ["a defect", Effect.die(new Error("a bug")), "ExecutionFailed"],
  ["a cancel", Effect.never, "ExecutionCancelled"],
  ["a timeout", Effect.never, "ExecutionTimedOut"]
]

export const compensating: SuitePart = (it) => {
  for (const [how, program, tag] of failures) {
    it.effect(`7. compensations run in reverse when a workflow ends by ${how}`, () =>
      Effect.gen(function* () {
        const { app, notes } = yield* running(
          done("a").pipe(Effect.andThen(done("b")), Effect.andThen(Effect.sleep("1 minute")), Effect.andThen(program))
        )
        const handle = yield* app.run(Run.start(undefined, how === "a timeout" ? { timeout: "1 hour" } : {}))
        yield* pass("1 minute")
        if (how === "a cancel") yield* handle.cancel()
        yield* pass("1 hour")
        assert.deepStrictEqual(notes, ["a", "b", "undo b", "undo a"])
        assert.strictEqual((yield* endOf(handle.id))._tag, tag)
      })
    )
  }

  it.effect("7. compensations do not run when a workflow succeeds or is terminated", () =>
    Effect.gen(function* () {
      const { app, notes } = yield* running(Effect.as(Effect.andThen(done("a"), Go.receive), "done"))
      const [good, bad] = [yield* app.run(Run.start()), yield* app.run(Run.start())]
      yield* settle
      yield* app.run(Go.send(good))
      yield* bad.terminate()
      assert.strictEqual(yield* good.result, "done")
      assert.strictEqual(yield* reasonOf(bad.result), "Terminated")
      yield* settle
      assert.deepStrictEqual(notes, ["a", "a"])
    })
  )

  it.effect("7. a run that continues as new is not undone, and the next one undoes what it did itself", () =>
    Effect.gen(function* () {
      const notes: Array<string> = []
      const Next = Workflow.make("Next", { input: Schema.Int, error: Declined })
      const program = Next.toLayer((round) =>
        Effect.andThen(done(`round ${round}`), round < 2 ? Effect.succeed(Next.continueAsNew(round + 1)) : declined)
      )
      const { run } = yield* open(
        Layer.provide(
          program,
          Note.toLayer((text) => Effect.sync(() => notes.push(text)))
        )
      )
      assert.deepInclude(yield* Effect.flip(run(Next.execute(1))), { _tag: "Declined" })
      assert.deepStrictEqual(notes, ["round 1", "round 2", "undo round 2"])
    })
  )

  it.effect("7. a compensation is told the value and why the workflow failed", () =>
    Effect.gen(function* () {
      const causes: Array<Cause.Cause<unknown>> = []
      const { app, notes } = yield* running(
        Note("a").pipe(
          Workflow.withCompensation((count, cause) =>
            Effect.andThen(
              Effect.sync(() => causes.push(cause)),
              Note(`undo ${count}`)
            )
          ),
          Effect.andThen(Effect.as(Refuse(), ""))
        )
      )
      assert.deepInclude(yield* Effect.flip(app.run(Run.execute())), { _tag: "Declined", why: "refused" })
      assert.deepStrictEqual(notes, ["a", "undo 1"])
      assert.lengthOf(causes, 1)
      const [error] = causes.map(Cause.findErrorOption)
      assert.instanceOf(Option.getOrUndefined(error!), Declined)
    })
  )

  it.effect("7. a success that does not fit its schema is undone", () =>
    Effect.gen(function* () {
      const { app, notes } = yield* running(Effect.as(done("a"), 7 as unknown as string))
      assert.strictEqual(yield* reasonOf(app.run(Run.execute())), "Defect")
      assert.deepStrictEqual(notes, ["a", "undo a"])
    })
  )

  it.effect("7. a cancel waits for the end of what will be undone, and then it is undone", () =>
    Effect.gen(function* () {
      const { app, notes } = yield* running(
        Effect.as(
          Workflow.withCompensation(Slow("a"), () => Note("undo a")),
          "late"
        )
      )
      const handle = yield* app.run(Run.start())
      yield* settle
      yield* handle.cancel()
      yield* pass("30 minutes")
      assert.deepStrictEqual(notes, [])
      yield* pass("30 minutes")
      assert.strictEqual(yield* reasonOf(handle.result), "Cancelled")
      assert.deepStrictEqual(notes, ["a", "undo a"])
    })
  )

  it.effect("7. a compensation outlives the scope, the race and the fiber in which it was registered", () =>
    Effect.gen(function* () {
      const { app, notes } = yield* running(
        Effect.gen(function* () {
          yield* Effect.scoped(
            Effect.andThen(
              Effect.addFinalizer(() => Note("the scope ends")),
              done("in a scope")
            )
          )
          yield* Effect.race(Effect.andThen(done("in a race"), Effect.never), Effect.sleep("1 minute"))
          yield* Fiber.join(yield* Effect.forkChild(done("in a fiber")))
          yield* done("in a timeout").pipe(Effect.andThen(Effect.never), Effect.timeoutOption("1 minute"))
          yield* Effect.addFinalizer(() => Note("the program ends"))
          return yield* declined
        })
      )
      const result = yield* Effect.forkChild(Effect.flip(app.run(Run.execute())))
      yield* pass("1 minute")
      yield* pass("1 minute")
      assert.deepInclude(yield* Fiber.join(result), { _tag: "Declined" })
      assert.deepStrictEqual(notes, [
        "in a scope",
        "the scope ends",
        "in a race",
        "in a fiber",
        "in a timeout",
        "the program ends",
        "undo in a timeout",
        "undo in a fiber",
        "undo in a race",
        "undo in a scope"
      ])
    })
  )

  it.effect("7. what a fiber still does when the program has failed is finished first, and undone", () =>
    Effect.gen(function* () {
      const slow = Workflow.withCompensation(Slow("slow"), () => Note("undo slow"))
      const { app, notes } = yield* running(
        Effect.gen(function* () {
          yield* done("a")
          yield* Effect.forkChild(Effect.andThen(slow, Note("never")))
          yield* Effect.sleep("1 minute")
          return yield* declined
        })
      )
      const result = yield* Effect.forkChild(Effect.flip(app.run(Run.execute())))
      yield* pass("1 minute")
      yield* pass("1 hour")
      assert.deepInclude(yield* Fiber.join(result), { _tag: "Declined" })
      assert.deepStrictEqual(notes, ["a", "slow", "undo slow", "undo a"])
    })
  )

  it.effect("7. compensations go on where they were after a restart, and run once", () =>
    Effect.gen(function* () {
      const twice = (what: string) =>
        Workflow.withCompensation(Note(what), () =>
          Note(`undo ${what}`).pipe(Effect.andThen(Effect.sleep("1 hour")), Effect.andThen(Note(`undid ${what}`)))
        )
      const { app, notes, workflows } = yield* running(
        twice("a").pipe(Effect.andThen(twice("b")), Effect.andThen(declined))
      )
      const { id } = yield* app.run(Run.start())
      yield* pass("30 minutes")
      yield* app.stop
      const again = yield* open(workflows)
      yield* pass("30 minutes")
      yield* pass("30 minutes")
      yield* again.stop
      const last = yield* open(workflows)
      yield* pass("30 minutes")
      assert.deepInclude(yield* Effect.flip((yield* last.run(Run.handle(id))).result), { _tag: "Declined" })
      assert.deepStrictEqual(notes, ["a", "b", "undo b", "undid b", "undo a", "undid a"])
    })
  )

  it.effect("7. a compensation that fails keeps no other from running, and the declared error is the end", () =>
    Effect.gen(function* () {
      const logged: Array<string> = []
      const logger = Logger.make(({ cause }) => void logged.push(Cause.pretty(cause)))
      const failing = (error: Error) => Workflow.withCompensation(Effect.void, () => Effect.die(error))
      const program = done("a").pipe(
        Effect.andThen(failing(new Error("the first"))),
        Effect.andThen(done("b")),
        Effect.andThen(failing(new TypeError("the second")))
      )
      const { app, notes } = yield* running(Effect.andThen(program, declined)).pipe(
        Effect.provide(Logger.layer([logger]))
      )
      const { id, result } = yield* app.run(Run.start())
      assert.deepInclude(yield* Effect.flip(result), { _tag: "Declined", why: "no" })
      assert.deepStrictEqual(notes, ["a", "b", "undo b", "undo a"])
      const end = yield* endOf(id)
      assert(end._tag === "ExecutionFailed")
      assert.match(end.detail ?? "", /TypeError: the second[^]*Error: the first/)
      assert.lengthOf(
        logged.filter((text) => text.includes("the second")),
        1
      )
    })
  )

  it.effect("7. what compensations fail with is told with a defect, a cancel and an error of another execution", () =>
    Effect.gen(function* () {
      const failing = Workflow.withCompensation(Effect.void, () => Effect.die(new Error("not undone")))
      const Nobody = Workflow.make("Nobody")
      const NobodyLive = Nobody.toLayer(() => Effect.andThen(failing, Go.send("nowhere")))
      const { app } = yield* running(Effect.andThen(failing, Effect.die(new Error("a bug"))))
      const other = yield* open(
        Layer.merge(
          NobodyLive,
          Workflow.make("Wait").toLayer(() => Effect.andThen(failing, Effect.never))
        )
      )
      const defect = yield* errorOf(app.run(Run.execute()))
      assert.strictEqual(defect._tag, "Defect")
      assert.match(defect.message, /Error: a bug[^]*one of its errors is Error: not undone/)
      const failed = yield* errorOf(other.run(Nobody.execute()))
      assert.strictEqual(failed._tag, "OtherFailed")
      assert.include(failed.message, "not undone")
      const wait = yield* other.run(Workflow.make("Wait").start())
      yield* settle
      yield* wait.cancel("enough")
      const cancelled = yield* errorOf(wait.result)
      assert.deepInclude(cancelled, { _tag: "Cancelled", because: "enough" })
      assert.include(cancelled.message, "not undone")
    })
  )

  it.effect("7. neither a cancel nor a deadline interrupts compensations or changes the end", () =>
    Effect.gen(function* () {
      const { app, notes } = yield* running(
        Effect.andThen(
          Workflow.withCompensation(Note("a"), () => Effect.andThen(Effect.sleep("2 hours"), Note("undo a"))),
          declined
        )
      )
      const handle = yield* app.run(Run.start(undefined, { timeout: "1 hour" }))
      yield* pass("1 minute")
      yield* handle.cancel("too late")
      yield* pass("1 hour")
      assert.strictEqual(yield* handle.status, "running")
      yield* pass("1 hour")
      assert.deepInclude(yield* Effect.flip(handle.result), { _tag: "Declined", why: "no" })
      assert.deepStrictEqual(notes, ["a", "undo a"])
    })
  )

  it.effect("7. a compensation has a scope of its own, and what it registers itself runs after it", () =>
    Effect.gen(function* () {
      const nested = Workflow.withCompensation(Note("b"), () =>
        Effect.gen(function* () {
          yield* Effect.acquireRelease(Note("lock"), () => Note("unlock"))
          yield* done("b undone")
        })
      )
      const { app, notes } = yield* running(
        done("a").pipe(Effect.andThen(Effect.scoped(nested)), Effect.andThen(declined))
      )
      yield* Effect.flip(app.run(Run.execute()))
      assert.deepStrictEqual(notes, ["a", "b", "lock", "b undone", "unlock", "undo b undone", "undo a"])
    })
  )

  it.effect("7. a compensation that is no effect, or throws, is a defect of its own", () =>
    Effect.gen(function* () {
      const wrong = (undo: () => unknown) => Workflow.withCompensation(Effect.void, undo as () => Effect.Effect<void>)
      const { app, notes } = yield* running(
        Effect.gen(function* () {
          yield* done("a")
          yield* wrong(() => "nothing")
          yield* wrong(() => {
            throw new RangeError("thrown")
          })
          yield* wrong(() => Effect.fail("failed all the same"))
          yield* wrong(() => Effect.interrupt)
          return yield* declined
        })
      )
      const { id, result } = yield* app.run(Run.start())
      assert.deepInclude(yield* Effect.flip(result), { _tag: "Declined" })
      const end = yield* endOf(id)
      assert(end._tag === "ExecutionFailed")
      for (const text of ["interrupted itself", "failed all the same", "RangeError: thrown", 'no effect but "nothing"'])
        assert.include(end.detail, text)
      assert.deepStrictEqual(notes, ["a", "undo a"])
    })
  )

  it.effect("7. effects that fail are not undone, and each of many is undone once", () =>
    Effect.gen(function* () {
      const refused = Workflow.withCompensation(Refuse(), () => Note("never"))
      const { app, notes } = yield* running(
        Effect.gen(function* () {
          yield* Effect.ignore(refused)
          yield* Effect.forEach(["a", "b", "c"], done)
          return yield* Effect.as(refused, "")
        })
      )
      assert.deepInclude(yield* Effect.flip(app.run(Run.execute())), { _tag: "Declined", why: "refused" })
      assert.deepStrictEqual(notes, ["a", "b", "c", "undo c", "undo b", "undo a"])
    })
  )
}
