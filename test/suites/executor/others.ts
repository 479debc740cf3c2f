/** Promise 16: a program asks executions that are not its children as anybody else does, and the answers are recorded. */
import { Effect, Fiber, Layer, Option, Ref, Schema } from "effect"
import { Activity, Query, Signal, Update, Workflow } from "perdure"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { Version, WorkflowId } from "perdure/Ids"
import { assert } from "../assert.ts"
import { reasonOf } from "./failures.ts"
import { Lab, open, settle, words } from "./Lab.ts"
import { eventsOf, historyOf, summaryOf, tags } from "./stored.ts"
import type { SuitePart } from "./SuitePart.ts"

const Go = Signal.make("go")
class Full extends Schema.TaggedError<Full>()("Full", { size: Schema.Int }) {}
const Size = Query.make("size", { success: Schema.Int })
const Add = Update.make("add", { input: Schema.Int, success: Schema.Int, error: Full })

/** Adds numbers up to ten, and ends with their sum. */
const Box = Workflow.make("Box", { success: Schema.Int, error: Full })
const BoxLive = Box.toLayer(() =>
  Effect.gen(function* () {
    const sum = yield* Ref.make(0)
    yield* Size.answer(() => Ref.get(sum))
    yield* Add.handle((number) =>
      Effect.gen(function* () {
        const size = (yield* Ref.get(sum)) + number
        if (size > 10) return yield* new Full({ size })
        yield* Ref.set(sum, size)
        return size
      })
    )
    yield* Go.receive
    const size = yield* Ref.get(sum)
    return size === 7 ? yield* new Full({ size }) : size
  })
)

/** A program that is given by the test. */
const Asker = Workflow.make("Asker", { success: Schema.Json, workflowId: () => "asker" })

const requestsOf = (id: string) => Effect.map(eventsOf(id, "UpdateRequested"), ({ length }) => length)

export const others: SuitePart = (it) => {
  it.effect("16. a program finds another execution, asks it, and waits for its result", () =>
    Effect.gen(function* () {
      const AskerLive = Asker.toLayer(() =>
        Effect.gen(function* () {
          const box = yield* Box.handle("box")
          const first = yield* Add.execute(box, 4)
          const { result } = yield* Add.start(box, 3, { updateId: "three" })
          const second = yield* result
          const refused = yield* Effect.flip(Add.execute(box, 5))
          const asked = [yield* Size.ask("box"), yield* box.ask(Size)]
          const [early, started] = yield* Add.startWith(Box, undefined, 9, { workflowId: "early" })
          yield* Go.send(box, undefined)
          const ended = yield* Effect.flip(box.result)
          return [first, second, refused._tag, ...asked, early.created, started, ended._tag]
        }).pipe(Effect.orDie)
      )
      const { run } = yield* open(Layer.merge(BoxLive, AskerLive))
      yield* run(Box.start(undefined, { workflowId: "box" }))
      const expected = [4, 7, "Full", 7, 7, true, 9, "Full"]
      assert.deepStrictEqual(yield* run(Asker.execute()), expected)
    })
  )

  it.effect(
    "16. the wait for another execution survives its worker, says what it waits for, and takes no place of a handler",
    () =>
      Effect.gen(function* () {
        const Slow = Activity.make("Slow", { success: Schema.Int })
        const Other = Workflow.make("Other", { success: Schema.Int })
        const live = Layer.merge(
          Other.toLayer(() => Effect.andThen(Go.receive, Effect.orDie(Slow()))),
          Asker.toLayer(() => Effect.flatMap(Other.handle("other"), ({ result }) => result))
        ).pipe(Layer.provide(Slow.toLayer(() => Effect.succeed(5))))
        const first = yield* open(live, { maxActivities: 1 })
        yield* first.run(Other.start(undefined, { workflowId: "other" }))
        yield* first.run(Asker.start())
        yield* settle
        assert.deepStrictEqual(words(yield* summaryOf("asker")), ['result of "other"'])
        yield* first.stop
        const second = yield* open(live, { maxActivities: 1 })
        yield* settle
        yield* second.run(Go.send("other", undefined))
        assert.strictEqual((yield* second.result("asker"))._tag, "ExecutionCompleted")
        assert.strictEqual(yield* second.run(Asker.execute()), 5)
      })
  )

  it.effect("16. an update that a program asks for is done once, whenever its worker ends", () =>
    Effect.gen(function* () {
      const AskerLive = Asker.toLayer(() => Effect.orDie(Add.execute("box", 3)))
      const box = yield* open(Layer.empty)
      yield* box.run(Box.start(undefined, { workflowId: "box" }))
      for (let i = 0; i < 2; i++) {
        const asker = yield* open(AskerLive)
        yield* asker.run(Asker.start())
        yield* settle
        yield* asker.stop
      }
      assert.strictEqual(yield* requestsOf("box"), 1)
      const all = yield* open(Layer.merge(BoxLive, AskerLive))
      assert.strictEqual(yield* all.run(Asker.execute()), 3)
      assert.strictEqual(yield* requestsOf("box"), 1)
      assert.strictEqual(yield* all.run(Size.ask("box")), 3)
    })
  )

  it.effect(
    "16. a question by an id is for the execution that had it then, whatever dies and is started again meanwhile",
    () =>
      Effect.gen(function* () {
        const { store } = yield* Lab
        const AskerLive = Asker.toLayer(() =>
          Effect.gen(function* () {
            const executor = yield* DurableExecutor
            return yield* Effect.all([Add.execute("box", 3), executor.result({ workflowId: "box" })], {
              concurrency: "unbounded"
            })
          }).pipe(
            Effect.map(([sum, ended]) => [sum, ended._tag]),
            Effect.orDie
          )
        )
        const client = yield* open(Layer.empty)
        const box = Box.start(undefined, { workflowId: "box", whenExists: "restart" })
        const { runId } = yield* client.run(box)
        const first = yield* open(AskerLive)
        yield* first.run(Asker.start())
        yield* settle
        // What comes of it is not recorded.
        yield* first.stop
        const worker = yield* open(BoxLive)
        yield* settle
        yield* worker.run(Go.send("box", undefined))
        yield* settle
        yield* client.run(box)
        yield* settle
        const second = yield* open(AskerLive)
        yield* settle
        assert.deepStrictEqual(yield* second.run(Asker.execute()), [3, "ExecutionCompleted"])
        assert.strictEqual(yield* worker.run(Size.ask("box")), 0)
        const { commits } = Option.getOrThrow(yield* store.load(WorkflowId.make("box"), { after: Version.make(0) }))
        const requests = commits.filter(({ events }) => events.some(({ _tag }) => _tag === "UpdateRequested"))
        assert.deepStrictEqual(
          requests.map(({ runId }) => runId),
          [runId]
        )
      })
  )

  it.effect("16. a question to an id that nothing has is answered in the commit with the question", () =>
    Effect.gen(function* () {
      const AskerLive = Asker.toLayer(() =>
        Effect.gen(function* () {
          // One that is dropped as soon as it is asked has no answer.
          yield* Effect.forkChild(Effect.orDie(Add.execute("nothing", 1)), { startImmediately: true }).pipe(
            Effect.flatMap(Fiber.interrupt)
          )
          return yield* reasonOf(Effect.catchTag(Add.execute("nothing", 2), "Full", (full) => Effect.die(full)))
        })
      )
      const { run } = yield* open(AskerLive)
      assert.strictEqual(yield* run(Asker.execute()), "NotFound")
      assert.deepStrictEqual(tags(yield* historyOf("asker")), [
        "ExecutionStarted",
        "ActivityScheduled",
        "ActivityCancelled",
        "ActivityScheduled",
        "ActivityResolved",
        "ExecutionCompleted"
      ])
      assert.strictEqual((yield* summaryOf("asker")).version, 1)
    })
  )

  it.effect("16. what goes wrong with another execution has the reasons of the edge", () =>
    Effect.gen(function* () {
      const AskerLive = Asker.toLayer(() =>
        Effect.gen(function* () {
          return [
            yield* reasonOf(Box.handle("nobody")),
            yield* reasonOf(Asker.handle("box")),
            yield* reasonOf(Effect.catchTag(Add.execute("nobody", 1), "Full", (full) => Effect.die(full))),
            yield* reasonOf(Size.ask("nobody")),
            yield* reasonOf(Query.make("other", { success: Schema.Int }).ask("box")),
            yield* reasonOf(Size.ask({ workflowId: 5 as unknown as string }))
          ]
        })
      )
      const { run } = yield* open(Layer.merge(BoxLive, AskerLive))
      yield* run(Box.start(undefined, { workflowId: "box" }))
      assert.deepStrictEqual(yield* run(Asker.execute()), [
        "NotFound",
        "WrongWorkflow",
        "NotFound",
        "NotFound",
        "UnknownQuery",
        "InvalidPayload"
      ])
    })
  )

  it.effect("16. to stop waiting leaves the other execution alone", () =>
    Effect.gen(function* () {
      const AskerLive = Asker.toLayer(() =>
        Effect.gen(function* () {
          const box = yield* Box.handle("box")
          const won = yield* Effect.raceFirst(Effect.as(Effect.orDie(box.result), "box"), Effect.as(Go.receive, "go"))
          return [won, yield* Size.ask(box)]
        })
      )
      const { run } = yield* open(Layer.merge(BoxLive, AskerLive))
      yield* run(Box.start(undefined, { workflowId: "box" }))
      yield* run(Asker.start())
      yield* settle
      yield* run(Go.send("asker", undefined))
      assert.deepStrictEqual(yield* run(Asker.execute()), ["go", 0])
      assert.strictEqual((yield* summaryOf("box")).status, "running")
    })
  )
}
