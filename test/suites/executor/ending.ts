/** Promise 7: cancel runs finalizers once, terminate runs none, and a timeout is a cancel. */
import { Clock, Effect, Exit, Fiber, Layer, Schema } from "effect"
import { Activity, RetryPolicy, Signal, Workflow } from "perdure"
import { assert } from "../assert.ts"
import type { SuitePart } from "./SuitePart.ts"
import { errorOf, reasonOf } from "./failures.ts"
import { open, pass, settle } from "./Lab.ts"

/** Something with an effect on the world; the handler notes it. */
const Note = Activity.make("Note", { input: Schema.String })
/** Takes for ever; the handler notes that it began and that it was interrupted. */
const Hang = Activity.make("Hang", { retry: RetryPolicy.none })
const Go = Signal.make("go")

const noting = (notes: Array<string>) =>
  Layer.mergeAll(
    Note.toLayer((text) => Effect.sync(() => void notes.push(text))),
    Hang.toLayer(() =>
      Effect.sync(() => notes.push("hanging")).pipe(
        Effect.andThen(Effect.never),
        Effect.onInterrupt(() => Effect.sync(() => notes.push("interrupted")))
      )
    )
  )

const Run = Workflow.make("Run", { success: Schema.String })

type Needs = Effect.Services<ReturnType<typeof Note>> | Effect.Services<ReturnType<typeof Hang>>

/** Starts an executor for one program; its activities write to `notes`. */
const running = Effect.fnUntraced(function* (program: Effect.Effect<string, never, Needs>) {
  const notes: Array<string> = []
  const workflows = Run.toLayer(() => program).pipe(Layer.provide(noting(notes)))
  return { app: yield* open(workflows), notes, workflows }
})

/** Reserves something, and gives it back whatever happens. */
const reserved = (then: Effect.Effect<string, never, Needs>) =>
  Effect.acquireUseRelease(
    Note("reserve"),
    () => then,
    () => Note("release")
  )

export const cancelling: SuitePart = (it) => {
  it.effect("7. a cancel interrupts the program, runs its finalizers once and tells why", () =>
    Effect.gen(function* () {
      const { app, notes } = yield* running(reserved(Effect.never))
      const handle = yield* app.run(Run.start())
      const waiting = yield* Effect.forkChild(errorOf(handle.result))
      yield* settle
      yield* handle.cancel("changed my mind")
      assert.deepInclude(yield* Fiber.join(waiting), { _tag: "Cancelled", because: "changed my mind" })
      assert.strictEqual(yield* handle.status, "cancelled")
      assert.deepStrictEqual(notes, ["reserve", "release"])
    })
  )

  it.effect("7. compensation may call activities and sleep", () =>
    Effect.gen(function* () {
      const { app, notes } = yield* running(
        Effect.acquireUseRelease(
          Note("book"),
          () => Effect.never,
          () =>
            Effect.gen(function* () {
              yield* Note("unbook")
              yield* Effect.sleep("1 hour")
              yield* Note(`at ${yield* Clock.currentTimeMillis}`)
            })
        )
      )
      const handle = yield* app.run(Run.start())
      yield* settle
      yield* handle.cancel()
      assert.strictEqual(yield* handle.status, "running")
      yield* pass("1 hour")
      assert.strictEqual(yield* reasonOf(handle.result), "Cancelled")
      assert.deepStrictEqual(notes, ["book", "unbook", "at 3600000"])
    })
  )

  it.effect("7. the scope of a program is closed at its end, in reverse, whatever that is", () =>
    Effect.gen(function* () {
      const notes: Array<string> = []
      const End = Workflow.make("End", { input: Schema.String, error: Schema.String })
      const EndLive = End.toLayer(
        Effect.fnUntraced(function* (how) {
          for (const what of ["first", "second"]) {
            yield* Effect.acquireRelease(Note(`${what} begins`), (_, exit) => Note(`${what} ends by ${exit._tag}`))
          }
          yield* Effect.addFinalizer(() => Effect.andThen(Effect.sleep("1 hour"), Note("an hour later")))
          if (how === "failure") return yield* Effect.fail("no")
          if (how === "cancel") return yield* Effect.never
        })
      ).pipe(Layer.provide(noting(notes)))
      const { run } = yield* open(EndLive)
      for (const [how, tag, status] of [
        ["success", "Success", "completed"],
        ["failure", "Failure", "failed"],
        ["cancel", "Failure", "cancelled"]
      ] as const) {
        notes.length = 0
        const handle = yield* run(End.start(how, { workflowId: how }))
        yield* settle
        if (how === "cancel") yield* handle.cancel()
        yield* pass("1 hour")
        assert.deepStrictEqual(notes, [
          "first begins",
          "second begins",
          "an hour later",
          `second ends by ${tag}`,
          `first ends by ${tag}`
        ])
        assert.strictEqual(yield* run(Effect.flatMap(handle.status, Effect.succeed)), status)
      }
    })
  )

  it.effect("7. what a finalizer fails with is recorded beside the error of the program", () =>
    Effect.gen(function* () {
      const Both = Workflow.make("Both", { error: Schema.String })
      const failing = Effect.addFinalizer(() => Effect.die(new Error("the bug"))).pipe(
        Effect.andThen(Effect.fail("declined"))
      )
      const { run } = yield* open(Both.toLayer(() => failing))
      const error = yield* errorOf(run(Both.execute()))
      assert.strictEqual(error._tag, "Defect")
      assert.include(error.message, "declined")
      assert.include(error.message, "one of its errors is Error: the bug")
    })
  )

  it.effect("7. compensation that a restart interrupts goes on and runs once", () =>
    Effect.gen(function* () {
      const { app, notes, workflows } = yield* running(
        Effect.acquireUseRelease(
          Note("book"),
          () => Effect.never,
          () => Note("unbook").pipe(Effect.andThen(Effect.sleep("1 hour")), Effect.andThen(Note("refund")))
        )
      )
      const { id } = yield* app.run(Run.start())
      yield* settle
      yield* app.cancel(id)
      yield* pass("30 minutes")
      yield* app.stop
      const again = yield* open(workflows)
      yield* pass("30 minutes")
      assert.strictEqual(yield* reasonOf((yield* again.run(Run.handle(id))).result), "Cancelled")
      assert.deepStrictEqual(notes, ["book", "unbook", "refund"])
    })
  )

  it.effect("7. a cancel during an activity interrupts its handler", () =>
    Effect.gen(function* () {
      const { app, notes } = yield* running(reserved(Effect.as(Hang(), "never")))
      const handle = yield* app.run(Run.start())
      yield* settle
      yield* handle.cancel()
      assert.strictEqual(yield* reasonOf(handle.result), "Cancelled")
      assert.sameMembers(notes, ["reserve", "hanging", "interrupted", "release"])
      assert.isTrue((yield* handle.history).some(({ _tag }) => _tag === "ActivityCancelled"))
    })
  )

  it.effect("7. a cancel between two attempts ends the retries", () =>
    Effect.gen(function* () {
      let attempts = 0
      const Flaky = Activity.make("Flaky", { error: Schema.String, retry: RetryPolicy.exponential({ maxAttempts: 9 }) })
      const app = yield* open(
        Run.toLayer(() => Effect.as(Effect.orDie(Flaky()), "never")).pipe(
          Layer.provide(Flaky.toLayer(() => Effect.suspend(() => Effect.fail(`attempt ${++attempts}`))))
        )
      )
      const handle = yield* app.run(Run.start())
      yield* pass(250)
      yield* handle.cancel()
      yield* pass("1 hour")
      assert.strictEqual(yield* reasonOf(handle.result), "Cancelled")
      assert.strictEqual(attempts, 2)
    })
  )

  it.effect("7. a second cancel changes nothing: finalizers run once, the first reason stands", () =>
    Effect.gen(function* () {
      const { app, notes } = yield* running(
        Effect.acquireUseRelease(
          Note("book"),
          () => Effect.never,
          () => Effect.andThen(Effect.sleep("1 hour"), Note("unbook"))
        )
      )
      const handle = yield* app.run(Run.start())
      yield* settle
      yield* handle.cancel("first")
      yield* handle.cancel("second")
      yield* pass("1 hour")
      assert.deepInclude(yield* errorOf(handle.result), { _tag: "Cancelled", because: "first" })
      assert.deepStrictEqual(notes, ["book", "unbook"])
    })
  )

  it.effect("7. cancels of one execution at once run the finalizers once", () =>
    Effect.gen(function* () {
      const { app, notes, workflows } = yield* running(reserved(Effect.never))
      const other = yield* open(workflows)
      const handle = yield* app.run(Run.start())
      yield* settle
      yield* Effect.forEach(
        Array.from({ length: 10 }, (_, index) => [app, other][index % 2]!),
        (app) => Effect.exit(app.cancel(handle.id)),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(yield* reasonOf(handle.result), "Cancelled")
      assert.deepStrictEqual(notes, ["reserve", "release"])
    })
  )

  it.effect("7. a cancel right after the start finds the program where it is", () =>
    Effect.gen(function* () {
      const { app, notes } = yield* running(reserved(Effect.never))
      const handle = yield* app.run(Run.start())
      yield* handle.cancel()
      assert.strictEqual(yield* reasonOf(handle.result), "Cancelled")
      yield* settle
      assert.notDeepEqual(notes, ["reserve"])
    })
  )

  it.effect("7. a program may finish what it must not leave, and then ends as cancelled", () =>
    Effect.gen(function* () {
      const { app, notes } = yield* running(
        Effect.uninterruptible(Effect.andThen(Effect.sleep("1 hour"), Note("done"))).pipe(
          Effect.andThen(Effect.sleep("1 hour")),
          Effect.as("late")
        )
      )
      const handle = yield* app.run(Run.start())
      yield* pass("1 minute")
      yield* handle.cancel()
      assert.strictEqual(yield* handle.status, "running")
      yield* pass("1 hour")
      assert.strictEqual(yield* reasonOf(handle.result), "Cancelled")
      assert.deepStrictEqual(notes, ["done"])
    })
  )

  it.effect("7. a finalizer that fails is told of in the detail", () =>
    Effect.gen(function* () {
      const { app } = yield* running(Effect.ensuring(Effect.never, Effect.die(new Error("the refund was refused"))))
      const handle = yield* app.run(Run.start())
      yield* handle.cancel()
      const error = yield* errorOf(handle.result)
      assert.strictEqual(error._tag, "Cancelled")
      assert.include(error.message, "the refund was refused")
    })
  )

  it.effect("7. messages to a finished execution are errors that say how it ended", () =>
    Effect.gen(function* () {
      const { app } = yield* running(Effect.as(Go.receive, "gone"))
      const handle = yield* app.run(Run.start())
      yield* app.run(Go.send(handle))
      yield* handle.result
      for (const message of [handle.cancel(), handle.terminate(), app.run(Go.send(handle))]) {
        assert.deepInclude(yield* errorOf(message), { _tag: "Finished", status: "completed" })
      }
      assert.strictEqual(yield* handle.result, "gone")
      for (const message of [app.cancel("nobody"), app.terminate("nobody")]) {
        assert.strictEqual(yield* reasonOf(message), "NotFound")
      }
    })
  )
}

export const terminating: SuitePart = (it) => {
  it.effect("7. terminate ends an execution at once, without finalizers", () =>
    Effect.gen(function* () {
      const { app, notes } = yield* running(reserved(Effect.never))
      const handle = yield* app.run(Run.start())
      const waiting = yield* Effect.forkChild(errorOf(handle.result))
      yield* settle
      yield* handle.terminate("out of order")
      assert.deepInclude(yield* Fiber.join(waiting), { _tag: "Terminated", because: "out of order" })
      yield* pass("1 hour")
      assert.strictEqual(yield* handle.status, "terminated")
      assert.deepStrictEqual(notes, ["reserve"])
    })
  )

  it.effect("7. terminate interrupts the handlers that run", () =>
    Effect.gen(function* () {
      const { app, notes } = yield* running(reserved(Effect.as(Hang(), "never")))
      const handle = yield* app.run(Run.start())
      yield* settle
      yield* handle.terminate()
      yield* settle
      assert.strictEqual(yield* reasonOf(handle.result), "Terminated")
      assert.deepStrictEqual(notes, ["reserve", "hanging", "interrupted"])
    })
  )

  it.effect("7. terminate ends an execution whose finalizers do not", () =>
    Effect.gen(function* () {
      const { app } = yield* running(Effect.ensuring(Effect.never, Effect.never))
      const handle = yield* app.run(Run.start())
      yield* handle.cancel()
      yield* pass("1 hour")
      assert.strictEqual(yield* handle.status, "running")
      yield* handle.terminate()
      assert.strictEqual(yield* reasonOf(handle.result), "Terminated")
    })
  )

  it.effect("7. a timeout of the execution is a cancel with that reason", () =>
    Effect.gen(function* () {
      const { app, notes } = yield* running(reserved(Effect.never))
      const handle = yield* app.run(Run.start(undefined, { timeout: "1 hour" }))
      yield* pass(3_599_999)
      assert.strictEqual(yield* handle.status, "running")
      assert.deepStrictEqual(notes, ["reserve"])
      yield* pass(1)
      assert.strictEqual(yield* reasonOf(handle.result), "TimedOut")
      assert.strictEqual(yield* handle.status, "timedOut")
      assert.deepStrictEqual(notes, ["reserve", "release"])
    })
  )

  it.effect("7. the timeout is that of the start, or else that of the definition", () =>
    Effect.gen(function* () {
      const Timed = Workflow.make("Timed", { timeout: "1 minute" })
      const app = yield* open(Timed.toLayer(() => Effect.never))
      const [own, given] = yield* Effect.all([
        app.run(Timed.start()),
        app.run(Timed.start(undefined, { timeout: "2 minutes" }))
      ])
      yield* pass("1 minute")
      assert.deepStrictEqual([yield* own.status, yield* given.status], ["timedOut", "running"])
      yield* pass("1 minute")
      assert.strictEqual(yield* given.status, "timedOut")
    })
  )

  it.effect("7. a timeout that passed while nobody ran it counts at once", () =>
    Effect.gen(function* () {
      const { app, notes, workflows } = yield* running(reserved(Effect.as(Effect.sleep("2 hours"), "late")))
      const { id } = yield* app.run(Run.start(undefined, { timeout: "1 hour" }))
      yield* settle
      yield* app.stop
      yield* pass("3 hours")
      const again = yield* open(workflows)
      yield* settle
      assert.strictEqual(yield* reasonOf((yield* again.run(Run.handle(id))).result), "TimedOut")
      assert.deepStrictEqual(notes, ["reserve", "release"])
    })
  )

  it.effect("7. an execution that ends in time does not time out", () =>
    Effect.gen(function* () {
      const { app } = yield* running(Effect.as(Effect.sleep("30 minutes"), "in time"))
      const handle = yield* app.run(Run.start(undefined, { timeout: "1 hour" }))
      yield* pass("1 day")
      assert.deepStrictEqual(yield* Effect.exit(handle.result), Exit.succeed("in time"))
    })
  )

  it.effect("7. a deadline that passes while finalizers run changes nothing", () =>
    Effect.gen(function* () {
      const { app, notes } = yield* running(
        Effect.ensuring(Effect.never, Effect.andThen(Effect.sleep("2 hours"), Note("finalized")))
      )
      const handle = yield* app.run(Run.start(undefined, { timeout: "1 hour" }))
      yield* handle.cancel("cancelled first")
      yield* pass("1 day")
      assert.deepInclude(yield* errorOf(handle.result), { _tag: "Cancelled", because: "cancelled first" })
      assert.deepStrictEqual(notes, ["finalized"])
    })
  )
}
