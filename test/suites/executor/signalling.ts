/** Promise 5, of signals: kept from the start, in order, each to one receiver. */
import { Effect, Layer, Option, Schema, Stream } from "effect"
import { Signal, Workflow } from "perdure"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { numbers } from "../numbers.ts"
import { assert } from "../assert.ts"
import type { SuitePart } from "./SuitePart.ts"
import { errorOf, reasonOf } from "./failures.ts"
import { open, pass, settle } from "./Lab.ts"

const Add = Signal.make("add", { payload: Schema.Number })
const Other = Signal.make("other", { payload: Schema.Number })
const Small = Signal.make("add", { payload: Schema.Number.check(Schema.isLessThan(10)) })

/** Takes so many numbers, one after the other. */
const Take = Workflow.make("Take", { input: Schema.Int, success: Schema.Array(Schema.Number) })
const TakeLive = Take.toLayer((count) => Effect.replicateEffect(Add.receive, count))

export const signalling: SuitePart = (it) => {
  it.effect("5. signals that come before the program receives are kept", () =>
    Effect.gen(function* () {
      const Late = Workflow.make("Late", { success: Schema.Array(Schema.Number) })
      const app = yield* open(
        Late.toLayer(() => Effect.andThen(Effect.sleep("1 day"), Effect.replicateEffect(Add.receive, 3)))
      )
      const handle = yield* app.run(Late.start())
      yield* app.run(Add.send(handle, 1))
      yield* pass("1 hour")
      yield* app.run(Add.send(handle, 2))
      yield* pass("1 day")
      assert.strictEqual(yield* handle.status, "running")
      yield* app.run(Add.send(handle, 3))
      assert.deepStrictEqual(yield* handle.result, [1, 2, 3])
    })
  )

  it.effect("5. a signal is polled when it is there, also in a replay", () =>
    Effect.gen(function* () {
      const Poll = Workflow.make("Poll", { success: Schema.Array(Schema.Number) })
      const PollLive = Poll.toLayer(() =>
        Effect.gen(function* () {
          const taken: Array<number> = []
          for (let hour = 0; hour < 4; hour++) {
            const polled = yield* Add.poll
            taken.push(Option.getOrElse(polled, () => -1))
            yield* Effect.sleep("1 hour")
          }
          return taken
        })
      )
      const first = yield* open(PollLive)
      const handle = yield* first.run(Poll.start())
      yield* pass("30 minutes")
      for (const number of [1, 2]) yield* first.run(Add.send(handle, number))
      yield* pass("1 hour")
      yield* first.stop
      const again = yield* open(PollLive)
      yield* pass("3 hours")
      assert.deepStrictEqual(
        yield* Effect.flatMap(again.run(Poll.handle(handle.id)), ({ result }) => result),
        [-1, 1, 2, -1]
      )
    })
  )

  it.effect("5. signals of one sender arrive in order", () =>
    Effect.gen(function* () {
      const app = yield* open(TakeLive)
      const handle = yield* app.run(Take.start(200))
      yield* Effect.forEach(numbers(200), (number) => app.run(Add.send(handle, number)))
      assert.deepStrictEqual(yield* handle.result, numbers(200))
    })
  )

  it.effect("5. a burst of signals loses none, and the program sees them in the order of the history", () =>
    Effect.gen(function* () {
      const app = yield* open(TakeLive)
      const handle = yield* app.run(Take.start(1000))
      yield* Effect.forEach(numbers(1000), (number) => app.run(Add.send(handle, number)), {
        concurrency: "unbounded",
        discard: true
      })
      const taken = yield* handle.result
      assert.sameMembers([...taken], numbers(1000))
      const recorded = (yield* handle.history).flatMap((event) =>
        event._tag === "SignalReceived" ? [event.payload] : []
      )
      assert.deepStrictEqual<ReadonlyArray<unknown>>(taken, recorded)
    })
  )

  it.effect("5. each signal goes to one receiver", () =>
    Effect.gen(function* () {
      const Share = Workflow.make("Share", { success: Schema.Array(Schema.Array(Schema.Number)) })
      const app = yield* open(
        Share.toLayer(() =>
          Effect.all(
            numbers(3).map(() => Effect.replicateEffect(Add.receive, 10)),
            { concurrency: "unbounded" }
          )
        )
      )
      const handle = yield* app.run(Share.start())
      yield* Effect.forEach(numbers(30), (number) => app.run(Add.send(handle, number)))
      const shares = yield* handle.result
      assert.sameMembers([...shares.flat()], numbers(30))
      for (const share of shares) assert.strictEqual(share.length, 10)
    })
  )

  it.effect("5. whoever loses a race takes no signal with it", () =>
    Effect.gen(function* () {
      const Race = Workflow.make("Race", { success: Schema.Array(Schema.Number) })
      const app = yield* open(
        Race.toLayer(() =>
          Effect.gen(function* () {
            const nothing = yield* Effect.timeoutOption(Add.receive, "1 minute")
            yield* Effect.sleep("1 minute")
            const first = yield* Effect.raceFirst(Add.receive, Other.receive)
            const others = yield* Effect.all([Add.receive, Other.receive])
            return [Option.getOrElse(nothing, () => -1), first, ...others]
          })
        )
      )
      const handle = yield* app.run(Race.start())
      yield* pass("90 seconds")
      for (const number of [1, 2]) yield* app.run(Add.send(handle, number))
      yield* app.run(Other.send(handle, 3))
      yield* pass("1 minute")
      assert.deepStrictEqual(yield* handle.result, [-1, 1, 2, 3])
    })
  )

  it.effect("5. signals of two names do not mix", () =>
    Effect.gen(function* () {
      const Mixed = Workflow.make("Mixed", { success: Schema.Array(Schema.Number) })
      const app = yield* open(Mixed.toLayer(() => Effect.all([Other.receive, Add.receive, Other.receive])))
      const handle = yield* app.run(Mixed.start())
      yield* app.run(Add.send(handle, 1))
      yield* app.run(Other.send(handle, 2))
      yield* app.run(Other.send(handle, 3))
      assert.deepStrictEqual(yield* handle.result, [2, 1, 3])
    })
  )

  it.effect("5. a stream gives every signal from now on", () =>
    Effect.gen(function* () {
      const Sum = Workflow.make("Sum", { success: Schema.Number })
      const app = yield* open(
        Sum.toLayer(() =>
          Add.stream.pipe(
            Stream.takeUntil((number) => number === 0),
            Stream.runFold(
              () => 0,
              (sum, number) => sum + number
            )
          )
        )
      )
      const handle = yield* app.run(Sum.start())
      yield* Effect.forEach([1, 2, 3, 0], (number) => app.run(Add.send(handle, number)))
      assert.strictEqual(yield* handle.result, 6)
    })
  )

  it.effect("5. signals survive restarts, those that wait and those that were taken", () =>
    Effect.gen(function* () {
      const Slow = Workflow.make("Slow", { success: Schema.Array(Schema.Number) })
      const workflows = Slow.toLayer(() =>
        Effect.forEach(numbers(4), () => Effect.tap(Add.receive, Effect.sleep("1 hour")))
      )
      let app = yield* open(workflows)
      const { id } = yield* app.run(Slow.start())
      for (const number of [1, 2]) yield* app.run(Add.send(id, number))
      yield* app.stop
      app = yield* open(workflows)
      for (const number of [3, 4]) yield* app.run(Add.send(id, number))
      yield* app.stop
      app = yield* open(workflows)
      yield* pass("4 hours")
      assert.deepStrictEqual(yield* (yield* app.run(Slow.handle(id))).result, [1, 2, 3, 4])
    })
  )

  it.effect("5. a signal to a finished execution is an error that says how it ended", () =>
    Effect.gen(function* () {
      const app = yield* open(TakeLive)
      const handle = yield* app.run(Take.start(1))
      yield* app.run(Add.send(handle, 1))
      yield* handle.result
      assert.include(yield* errorOf(app.run(Add.send(handle, 2))), { _tag: "Finished", status: "completed" })
      assert.deepStrictEqual(yield* handle.result, [1])
    })
  )

  it.effect("5. a signal to an id that does not exist is an error and starts nothing", () =>
    Effect.gen(function* () {
      const app = yield* open(TakeLive)
      assert.strictEqual(yield* reasonOf(app.run(Add.send("nobody", 1))), "NotFound")
      assert.isEmpty((yield* app.executions.list()).executions)
    })
  )

  it.effect("5. a payload that does not fit its schema is refused and not recorded", () =>
    Effect.gen(function* () {
      const app = yield* open(TakeLive)
      const handle = yield* app.run(Take.start(1))
      const error = yield* errorOf(app.run(Small.send(handle, 11)))
      assert.strictEqual(error._tag, "InvalidPayload")
      assert.include(error.message, "the payload of signal add")
      yield* settle
      assert.deepStrictEqual(
        (yield* handle.history).map(({ _tag }) => _tag),
        ["ExecutionStarted"]
      )
    })
  )

  it.effect("5. a signal that the program never receives does not keep it from ending", () =>
    Effect.gen(function* () {
      const app = yield* open(Layer.mergeAll(TakeLive))
      const handle = yield* app.run(Take.start(1))
      yield* app.run(Other.send(handle, 7))
      yield* app.run(Add.send(handle, 1))
      assert.deepStrictEqual(yield* handle.result, [1])
    })
  )

  it.effect("5. of signals with one key a chain takes the first, wherever they are sent", () =>
    Effect.gen(function* () {
      const app = yield* open(TakeLive)
      const web = yield* open(Layer.empty)
      const take = yield* app.run(Take.start(3))
      const send = (number: number, key?: string) => Add.send(take.id, number, { key })
      yield* app.run(send(1, "a"))
      yield* app.run(send(10, "a"))
      assert.strictEqual((yield* take.describe).version, 2)
      // A process that does not run the execution does not look: the chain drops the second one.
      yield* web.run(send(11, "a"))
      yield* web.run(send(2, "b"))
      yield* app.run(send(12, "b"))
      yield* app.run(send(3))
      yield* settle
      assert.deepStrictEqual(yield* take.result, [1, 2, 3])
      // Also once it is finished.
      yield* app.run(send(10, "a"))
      yield* web.run(Add.send(take, 10, { key: "b" }))
      assert.strictEqual(yield* reasonOf(web.run(send(4, "c"))), "Finished")
      const again = yield* app.run(Take.start(1, { workflowId: take.id, whenExists: "restart" }))
      yield* web.run(Add.send(take, 10, { key: "b" }))
      assert.strictEqual(yield* reasonOf(web.run(Add.send(take, 4, { key: "c" }))), "Restarted")
      yield* app.run(send(5, "a"))
      assert.deepStrictEqual(yield* again.result, [5])
    })
  )

  it.effect("5. a signal with a key is dropped in a replay too, and programs may give one", () =>
    Effect.gen(function* () {
      const Twice = Workflow.make("Twice", { input: Schema.String })
      const TwiceLive = Twice.toLayer((to) =>
        Effect.forEach([1, 2], (number) => Effect.orDie(Add.send(to, number, { key: "k" })), { discard: true })
      )
      const first = yield* open(Layer.merge(TakeLive, TwiceLive))
      const take = yield* first.run(Take.start(2))
      yield* first.run(Twice.execute(take.id))
      yield* first.stop
      const second = yield* open(TakeLive)
      yield* second.run(Add.send(take, 3, { key: "k" }))
      yield* second.run(Add.send(take, 4))
      yield* pass("1 minute")
      assert.deepStrictEqual(yield* Effect.flatMap(second.run(Take.handle(take.id)), ({ result }) => result), [1, 4])
    })
  )

  it.effect("5. a signal starts an execution in one commit, or goes to the one that exists", () =>
    Effect.gen(function* () {
      const web = yield* open(Layer.empty)
      const early = yield* web.run(Add.sendOrStart(Take, 2, 1, { workflowId: "take" }))
      assert.deepStrictEqual(
        (yield* web.run(early.history)).map(({ _tag }) => _tag),
        ["ExecutionStarted", "SignalReceived"]
      )
      const { unreceived, version } = yield* web.run(early.describe)
      assert.deepStrictEqual<unknown>([unreceived, version], [{ add: 1 }, 1])
      const app = yield* open(TakeLive)
      yield* pass("1 minute")
      const second = yield* app.run(Add.sendOrStart(Take, 7, 2, { workflowId: "take" }))
      assert.deepStrictEqual([early.created, second.created, second.runId], [true, false, early.runId])
      assert.deepStrictEqual(yield* second.result, [1, 2])
      const third = app.run(Add.sendOrStart(Take, 1, 3, { workflowId: "take" }))
      assert.strictEqual(yield* reasonOf(third), "Finished")
      const again = yield* app.run(Add.sendOrStart(Take, 1, 3, { workflowId: "take", whenExists: "restart" }))
      assert.isTrue(again.created)
      assert.deepStrictEqual(yield* again.result, [3])
      const local = yield* app.run(Add.sendOrStart(Take, 1, 3))
      assert.deepStrictEqual(yield* local.result, [3])
      assert.strictEqual((yield* local.describe).version, 1)
    })
  )

  it.effect("5. a signal starts an execution also when the one that was found is gone before it gets there", () =>
    Effect.gen(function* () {
      const app = yield* open(TakeLive)
      yield* app.run(Take.start(2, { workflowId: "take" }))
      let isFirst = true
      const remove = Effect.andThen(app.terminate("take"), app.executions.delete("take"))
      const executor: DurableExecutor["Service"] = {
        ...app.executor,
        send: (ref, message) =>
          Effect.suspend(() => {
            const before = isFirst ? Effect.orDie(remove) : Effect.void
            isFirst = false
            return Effect.andThen(before, app.executor.send(ref, message))
          })
      }
      const sent = Add.sendOrStart(Take, 1, 3, { workflowId: "take" })
      const handle = yield* Effect.provideService(sent, DurableExecutor, executor)
      assert.isTrue(handle.created)
      assert.deepStrictEqual(yield* handle.result, [3])
    })
  )

  it.effect("5. in a program a signal that starts a child says what else is to happen when its id is in use", () =>
    Effect.gen(function* () {
      const Choosy = Workflow.make("Choosy", { success: Schema.Array(Schema.String) })
      const ChoosyLive = Choosy.toLayer(() =>
        Effect.forEach(["fail", "restart"] as const, (whenExists) =>
          reasonOf(Add.sendOrStart(Take, 3, 1, { workflowId: "take", whenExists }))
        )
      )
      const app = yield* open(Layer.merge(ChoosyLive, TakeLive))
      const take = yield* app.run(Take.start(1, { workflowId: "take" }))
      assert.deepStrictEqual(yield* app.run(Choosy.execute()), ["AlreadyExists", "InvalidPayload"])
      assert.deepStrictEqual((yield* take.describe).version, 1)
    })
  )

  it.effect("5. in a program a signal starts a child, or goes to the execution that exists", () =>
    Effect.gen(function* () {
      const Parent = Workflow.make("Parent", { success: Schema.Array(Schema.Boolean) })
      const ParentLive = Parent.toLayer(() =>
        Effect.gen(function* () {
          const options = { workflowId: "take", parentClose: "abandon" } as const
          const first = yield* Add.sendOrStart(Take, 3, 1, options)
          const second = yield* Add.sendOrStart(Take, 3, 2, { ...options, whenExists: "return" })
          const third = yield* Add.sendOrStart(Take, 1, 3, { workflowId: "other", parentClose: "abandon" })
          return [first.created, second.created, third.created, first.runId === second.runId]
        })
      )
      const app = yield* open(Layer.merge(ParentLive, TakeLive))
      const other = yield* app.run(Take.start(1, { workflowId: "other" }))
      const parent = yield* app.run(Parent.start())
      yield* pass("1 minute")
      assert.deepStrictEqual(yield* parent.result, [true, false, false, true])
      assert.deepStrictEqual(yield* other.result, [3])
      yield* app.run(Add.send("take", 9))
      assert.deepStrictEqual(yield* Effect.flatMap(app.run(Take.handle("take")), ({ result }) => result), [1, 2, 9])
    })
  )

  it.effect("5. a key that makes no sense is refused", () =>
    Effect.gen(function* () {
      const app = yield* open(TakeLive)
      const take = yield* app.run(Take.start(1))
      for (const key of ["", "\ud800", "x".repeat(1025), 1 as never]) {
        assert.deepInclude(yield* errorOf(app.run(Add.send(take, 1, { key }))), { _tag: "InvalidPayload" })
        assert.strictEqual(yield* reasonOf(app.run(Add.sendOrStart(Take, 1, 1, { key }))), "InvalidPayload")
      }
      assert.strictEqual((yield* take.describe).version, 1)
    })
  )
}
