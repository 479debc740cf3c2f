/** Promise 17: a program that continues as new goes on with an empty history, and nothing that it has not received is lost. */
import { Effect, Fiber, Layer, Logger, Option, Schema } from "effect"
import { Activity, Signal, Update, Workflow, WorkflowContext } from "perdure"
import type * as Default from "perdure/Executor/Default"
import { assert } from "../assert.ts"
import { errorOf, reasonOf } from "./failures.ts"
import { sound } from "./FaultyStore.ts"
import { open, pass, settle, until, words } from "./Lab.ts"
import { historyOf, summaryOf, tags } from "./stored.ts"
import type { SuitePart } from "./SuitePart.ts"

const Add = Signal.make("add", { payload: Schema.Finite })
const Go = Signal.make("go")

/** Adds what it is sent, a run each, until it is sent nothing to add. */
const Sum = Workflow.make("Sum", { input: Schema.Finite, success: Schema.Finite, workflowId: () => "sum" })
const SumLive = Sum.toLayer(
  Effect.fnUntraced(function* (sum) {
    const added = yield* Add.receive
    return added === 0 ? sum : Sum.continueAsNew(sum + added)
  })
)

const Child = Workflow.make("Child", { input: Schema.String, success: Schema.String })
const ChildLive = Child.toLayer((text) => Effect.as(Go.receive, text))

const tagsOf = (id: string) => Effect.map(historyOf(id), tags)

/** A worker that has saved the end of the first run and can save no more, and a client without programs, which has begun the next run. */
const begunElsewhere = Effect.fnUntraced(function* (options: Default.Options) {
  const worker = yield* open(SumLive, options)
  yield* worker.run(Sum.start(1))
  yield* settle
  let saves = 0
  worker.link.fault = (operation) => (operation === "saveAll" && ++saves > 1 ? "unasked" : undefined)
  yield* worker.run(Add.send("sum", 2))
  yield* settle
  assert.deepStrictEqual(words(yield* summaryOf("sum")), ["the beginning of its next run"])
  const client = yield* open(Layer.empty)
  yield* client.run(Add.send("sum", 3))
  return { client, worker }
})

export const continuing: SuitePart = (it) => {
  it.effect("17. each run begins with an empty history, and the handle of the first one follows", () =>
    Effect.gen(function* () {
      const { executions, run } = yield* open(SumLive)
      const handle = yield* run(Sum.start(1))
      for (const number of [2, 3, 4]) yield* run(Add.send(handle, number))
      yield* settle
      assert.deepStrictEqual(yield* tagsOf("sum"), ["ExecutionStarted"])
      const { chain, runId, startedAt, status, version } = yield* summaryOf("sum")
      assert.deepStrictEqual([chain, status], [handle.runId, "running"])
      assert.notStrictEqual(runId, handle.runId)
      assert.isAtLeast(version, 7)
      assert.deepStrictEqual(words(yield* summaryOf("sum")), ["signal add"])
      yield* run(Add.send(handle, 0))
      assert.strictEqual(yield* run(handle.result), 10)
      assert.strictEqual((yield* run(handle.describe)).startedAt, startedAt)
      const first = yield* executions.history(handle, { run: handle.runId })
      assert.deepStrictEqual(
        first.map(({ _tag }) => _tag),
        ["ExecutionStarted", "SignalReceived", "ExecutionContinued"]
      )
    })
  )

  it.effect(
    "17. signals that were not received are received by the next run, in order, and a new worker loses none",
    () =>
      Effect.gen(function* () {
        const List = Workflow.make("List", { input: Schema.Array(Schema.Finite), success: Schema.Array(Schema.Finite) })
        const ListLive = List.toLayer(
          Effect.fnUntraced(function* (list) {
            if (list.length === 0) yield* Go.receive
            const next = [...list, yield* Add.receive]
            return next.length === 4 ? next : List.continueAsNew(next)
          })
        )
        const first = yield* open(ListLive)
        yield* first.run(List.start([], { workflowId: "list" }))
        for (const number of [1, 2, 3]) yield* first.run(Add.send("list", number))
        yield* settle
        yield* first.run(Go.send("list", undefined))
        yield* settle
        yield* first.stop
        const second = yield* open(ListLive)
        yield* settle
        yield* second.run(Add.send("list", 4))
        assert.deepStrictEqual(
          yield* second.run(Effect.flatMap(List.handle("list"), ({ result }) => result)),
          [1, 2, 3, 4]
        )
      })
  )

  it.effect("17. a cancel that came before the program continued ends the next run", () =>
    Effect.gen(function* () {
      const Loop = Workflow.make("Loop", { input: Schema.Finite })
      const LoopLive = Loop.toLayer((input) =>
        input === 0 ? Effect.as(Go.receive, Loop.continueAsNew(1)) : Go.receive
      )
      const first = yield* open(LoopLive)
      yield* first.run(Loop.start(0, { workflowId: "loop" }))
      yield* settle
      yield* first.stop
      // A worker finds both, and its program is over before it hears of the second.
      const client = yield* open(Layer.empty)
      yield* client.run(Go.send("loop", undefined))
      yield* client.cancel("loop", "enough")
      const second = yield* open(LoopLive)
      assert.include(yield* second.result("loop"), { _tag: "ExecutionCancelled", reason: "enough" })
      assert.deepStrictEqual(yield* tagsOf("loop"), ["ExecutionStarted", "ExecutionCancelled"])
    })
  )

  it.effect("17. a chain whose runs never wait takes messages, and is cancelled or terminated", () =>
    Effect.gen(function* () {
      const Double = Update.make("double", { input: Schema.Finite, success: Schema.Finite })
      const Busy = Workflow.make("Busy", { input: Schema.Finite, success: Schema.Finite })
      const rounds = 500
      const { link, run } = yield* open(
        Busy.toLayer(
          Effect.fnUntraced(function* (input) {
            yield* Double.handle((number) => Effect.succeed(2 * number))
            const added = yield* Add.poll
            if (Option.isSome(added)) return added.value
            return input === rounds ? -1 : Busy.continueAsNew(() => input + 1)
          })
        )
      )
      const signalled = yield* run(Busy.start(0))
      assert.deepStrictEqual(
        yield* run(Effect.all([Double.execute(signalled, 1), Double.execute(signalled, 2)])),
        [2, 4]
      )
      yield* run(Add.send(signalled, 7))
      assert.strictEqual(yield* run(signalled.result), 7)
      const cancelled = yield* run(Busy.start(0))
      // It is in the care of its worker by then, although its first run has ended in its first commit: nothing is looked up.
      const looks = link.count.summary
      yield* run(cancelled.cancel())
      assert.strictEqual(link.count.summary, looks)
      assert.strictEqual(yield* reasonOf(run(cancelled.result)), "Cancelled")
      const terminated = yield* run(Busy.start(0))
      yield* run(terminated.terminate())
      assert.strictEqual(yield* reasonOf(run(terminated.result)), "Terminated")
    })
  )

  it.effect("17. handlers that run end in their run, and a function makes the next input when they have", () =>
    Effect.gen(function* () {
      const Deposit = Update.make("deposit", { input: Schema.Finite, success: Schema.Finite })
      const lines: Array<string> = []
      const logger = Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])
      for (const isFunction of [true, false]) {
        const Account = Workflow.make(`Account${isFunction}`, { input: Schema.Finite, success: Schema.Finite })
        const { run } = yield* open(
          Account.toLayer(
            Effect.fnUntraced(function* (input) {
              let balance = input
              yield* Deposit.handle((amount) =>
                Effect.as(Effect.sleep("10 seconds"), 0).pipe(Effect.map(() => (balance += amount)))
              )
              yield* Effect.forkChild(Effect.flatMap(Add.receive, (more) => Effect.sync(() => (balance += more))))
              yield* Go.receive
              return input === 1 ? Account.continueAsNew(isFunction ? () => balance + 1 : balance + 1) : balance
            })
          )
        ).pipe(Effect.provide(logger))
        const account = yield* run(Account.start(1))
        const deposit = yield* Effect.forkChild(run(Deposit.execute(account, 100)))
        yield* settle
        yield* run(Effect.andThen(Go.send(account), Add.send(account, 1000)))
        yield* pass("10 seconds")
        assert.strictEqual(yield* Fiber.join(deposit), 1101)
        yield* run(Go.send(account))
        assert.strictEqual(yield* run(account.result), isFunction ? 1102 : 2)
        const told = lines.splice(0).filter((line) => line.includes("handlers of updates"))
        assert.lengthOf(told, 1)
        assert.include(told[0], '"deposit"')
        assert.strictEqual(told[0]!.includes("give continueAsNew a function"), !isFunction)
      }
    })
  )

  it.effect("17. the timeout is that of all runs, and so are the attributes", () =>
    Effect.gen(function* () {
      const Tick = Workflow.make("Tick", { input: Schema.Finite })
      const { executions, run } = yield* open(
        Tick.toLayer((input) => Effect.as(Effect.sleep("10 seconds"), Tick.continueAsNew(input + 1)))
      )
      const handle = yield* run(
        Tick.start(0, { workflowId: "tick", timeout: "35 seconds", attributes: { customer: "Ada" } })
      )
      for (let i = 0; i < 4; i++) yield* pass("10 seconds")
      assert.strictEqual(yield* reasonOf(run(handle.result)), "TimedOut")
      const [started] = yield* historyOf("tick")
      assert.strictEqual(started?._tag === "ExecutionStarted" && started.input, 3)
      assert.strictEqual(yield* executions.count({ attributes: { customer: "Ada" } }), 1)
    })
  )

  it.effect("17. finalizers run before the next run begins, and activities of the run before are nobody's", () =>
    Effect.gen(function* () {
      const log: Array<string> = []
      const Note = Activity.make("Note", { input: Schema.String })
      const Slow = Activity.make("Slow", { success: Schema.String })
      const Twice = Workflow.make("Twice", { input: Schema.Finite, success: Schema.String })
      const TwiceLive = Twice.toLayer(
        Effect.fnUntraced(function* (input) {
          yield* Effect.addFinalizer(() => Effect.orDie(Note(`finalizer ${input}`)))
          if (input === 1) return yield* Effect.orDie(Slow())
          yield* Effect.forkChild(Effect.orDie(Slow()), { startImmediately: true })
          yield* Effect.orDie(Note(`run ${input}`))
          return Twice.continueAsNew(1)
        })
      ).pipe(
        Layer.provide([
          Note.toLayer((text) => Effect.sync(() => void log.push(text))),
          Slow.toLayer(() => Effect.as(Effect.sleep("1 minute"), "slow"))
        ])
      )
      const { run } = yield* open(TwiceLive)
      const handle = yield* run(Twice.start(0))
      yield* settle
      assert.deepStrictEqual(log, ["run 0", "finalizer 0"])
      yield* pass("59 seconds")
      assert.strictEqual((yield* run(handle.describe)).status, "running")
      yield* pass("1 second")
      assert.strictEqual(yield* run(handle.result), "slow")
      assert.deepStrictEqual(log, ["run 0", "finalizer 0", "finalizer 1"])
    })
  )

  it.effect("17. children live on, and end with the execution", () =>
    Effect.gen(function* () {
      const Parent = Workflow.make("Parent", { input: Schema.Finite, workflowId: () => "parent" })
      const ParentLive = Parent.toLayer(
        Effect.fnUntraced(function* (input) {
          if (input === 0) {
            yield* Child.start("a", { workflowId: "a" })
            yield* Child.start("b", { workflowId: "b" })
            return Parent.continueAsNew(1)
          }
          yield* Go.receive
        })
      )
      const { run } = yield* open(Layer.merge(ParentLive, ChildLive))
      const handle = yield* run(Effect.orDie(Parent.start(0)))
      yield* settle
      assert.deepStrictEqual(words(yield* summaryOf("parent")), [
        'child "a" of workflow Child',
        'child "b" of workflow Child',
        "signal go"
      ])
      yield* run(Go.send("a", undefined))
      yield* settle
      assert.deepStrictEqual(words(yield* summaryOf("parent")), ['child "b" of workflow Child', "signal go"])
      yield* run(Go.send(handle, undefined))
      yield* settle
      assert.strictEqual((yield* summaryOf("parent")).status, "completed")
      assert.strictEqual((yield* summaryOf("b")).status, "cancelled")
    })
  )

  it.effect("17. a program hears how the children of an earlier run end, also when they are deleted by then", () =>
    Effect.gen(function* () {
      const Parent = Workflow.make("Parent", { input: Schema.Finite, success: Schema.String })
      const ParentLive = Parent.toLayer(
        Effect.fnUntraced(function* (input) {
          if (input === 0) {
            yield* Effect.orDie(Child.start("a", { workflowId: "a" }))
            return Parent.continueAsNew(1)
          }
          const child = yield* Effect.orDie(Child.handle("a"))
          return yield* Effect.orDie(child.result)
        })
      )
      const children = yield* open(ChildLive)
      const first = yield* open(ParentLive)
      const { id } = yield* first.run(Parent.start(0))
      yield* settle
      assert.deepStrictEqual(words(yield* summaryOf(id)), ['child "a" of workflow Child'])
      yield* first.stop
      yield* children.run(Go.send("a"))
      yield* until(Effect.isSuccess(children.executions.delete("a")))
      const second = yield* open(ParentLive)
      yield* settle
      assert.include(yield* second.result(id), { _tag: "ExecutionCompleted", value: "a" })
    })
  )

  it.effect(
    "17. an end of a child that no run has asked for is known to the next ones, the latest of them, until one does",
    () =>
      Effect.gen(function* () {
        const Parent = Workflow.make("Parent", {
          input: Schema.Array(Schema.String),
          success: Schema.Array(Schema.String)
        })
        const ParentLive = Parent.toLayer(
          Effect.fnUntraced(function* (done) {
            if (done.length === 0) {
              for (const id of ["a", "b"]) yield* Effect.orDie(Child.start(id.repeat(40_000), { workflowId: id }))
            }
            if (done.length < 2) return yield* Effect.as(Go.receive, Parent.continueAsNew([...done, "waited"]))
            if (done.length === 4) return yield* Effect.as(Go.receive, done.slice(2))
            const handles = yield* Effect.orDie(Effect.forEach(["a", "b"], (id) => Child.handle(id)))
            yield* Go.receive
            const ends = yield* Effect.forEach(handles, ({ result }) =>
              Effect.match(result, { onSuccess: (text) => text[0]!, onFailure: ({ reason }) => reason._tag })
            )
            return Parent.continueAsNew([...done, ...ends])
          })
        )
        const { executions, run } = yield* open(Layer.merge(ChildLive, ParentLive))
        const parent = yield* run(Parent.start([]))
        const carriedBy = Effect.map(historyOf(parent.id), ([started]) =>
          started?._tag === "ExecutionStarted" ? started.continues?.ended?.length : undefined
        )
        const goOn = Effect.andThen(run(Go.send(parent)), settle)
        yield* settle
        for (const id of ["a", "b"]) yield* Effect.andThen(run(Go.send(id)), settle)
        for (let i = 0; i < 2; i++) {
          yield* goOn
          assert.strictEqual(yield* carriedBy, 1)
        }
        for (const id of ["a", "b"]) yield* executions.delete(id)
        yield* goOn
        assert.isUndefined(yield* carriedBy)
        yield* goOn
        // Of the first only the store knew.
        assert.deepStrictEqual(yield* run(parent.result), ["NotFound", "b"])
      })
  )

  it.effect("17. an id is the same start after its execution has continued", () =>
    Effect.gen(function* () {
      const { run } = yield* open(SumLive)
      const handle = yield* run(Sum.start(1))
      yield* run(Add.send(handle, 5))
      yield* settle
      const same = yield* run(Sum.start(1))
      assert.deepStrictEqual([same.runId, same.created], [handle.runId, false])
      assert.strictEqual(yield* reasonOf(run(Sum.start(6))), "AlreadyExists")
    })
  )

  it.effect("17. a process without the program that sends between two runs begins the next one", () =>
    Effect.gen(function* () {
      const { worker } = yield* begunElsewhere({ shutdownTimeout: "100 millis" })
      assert.deepStrictEqual(yield* tagsOf("sum"), ["ExecutionStarted", "SignalReceived"])
      worker.link.fault = () => undefined
      yield* worker.stop
      const other = yield* open(SumLive)
      yield* settle
      yield* other.run(Add.send("sum", 0))
      assert.strictEqual(yield* other.run(Effect.flatMap(Sum.handle("sum"), ({ result }) => result)), 6)
    })
  )

  it.effect("17. a worker goes on with the next run at once, also where another process has begun it", () =>
    Effect.gen(function* () {
      const { client, worker } = yield* begunElsewhere({ heartbeatInterval: "1 minute" })
      worker.link.fault = () => undefined
      yield* pass("1 minute")
      yield* until(Effect.map(summaryOf("sum"), ({ owner }) => owner !== undefined))
      yield* client.run(Add.send("sum", 0))
      assert.strictEqual(yield* worker.run(Effect.flatMap(Sum.handle("sum"), ({ result }) => result)), 6)
    })
  )

  it.effect(
    "17. earlier runs are removed while the execution goes on, and messages that they had do not come again",
    () =>
      Effect.gen(function* () {
        const { executions, run } = yield* open(SumLive)
        const handle = yield* run(Sum.start(1))
        const web = yield* open(Layer.empty)
        for (const number of [2, 3]) yield* run(Add.send(handle, number, { key: `${number}` }))
        yield* settle
        const { runId } = yield* summaryOf("sum")
        yield* executions.delete(handle, { before: runId })
        assert.strictEqual(yield* reasonOf(executions.history(handle, { run: handle.runId })), "NotFound")
        assert.strictEqual(yield* reasonOf(executions.delete(handle, { before: "none" })), "NotFound")
        // They are sent again: here, by another process, and once the execution has ended.
        const { version } = yield* summaryOf("sum")
        const sendAgain = (by: typeof run) =>
          Effect.forEach([2, 3], (number) => by(Add.send(handle, 10 * number, { key: `${number}` })))
        yield* sendAgain(run)
        assert.strictEqual((yield* summaryOf("sum")).version, version)
        yield* sendAgain(web.run)
        yield* run(Add.send(handle, 0))
        assert.strictEqual(yield* run(handle.result), 6)
        yield* Effect.forEach([run, web.run], sendAgain)
        assert.strictEqual((yield* run(Sum.start(1))).created, false)
      })
  )

  it.effect("17. what a deleted run has answered or taken is known, also after the end", () =>
    Effect.gen(function* () {
      const Double = Update.make("double", { input: Schema.Finite, success: Schema.Finite })
      const Loop = Workflow.make("Loop", { input: Schema.Finite, workflowId: () => "loop" })
      const { executions, run } = yield* open(
        Loop.toLayer(
          Effect.fnUntraced(function* (input) {
            yield* Double.handle((number) => Effect.succeed(2 * number))
            yield* Go.receive
            return input === 1 ? undefined : Loop.continueAsNew(1)
          })
        )
      )
      const loop = yield* run(Loop.start(0))
      const double = (number: number) => run(Double.execute(loop, number, { updateId: "u" }))
      assert.strictEqual(yield* double(2), 4)
      yield* run(Go.send(loop, undefined, { key: "k" }))
      yield* settle
      const { runId } = yield* summaryOf("loop")
      assert.strictEqual(yield* double(2), 4)
      yield* executions.delete(loop, { before: runId })
      assert.strictEqual(yield* reasonOf(double(2)), "AnswerDeleted")
      assert.strictEqual(yield* reasonOf(double(3)), "UpdateIdInUse")
      yield* run(Go.send(loop, undefined, { key: "l" }))
      yield* run(loop.result)
      assert.strictEqual(yield* reasonOf(double(2)), "AnswerDeleted")
      for (const key of ["k", "l"]) yield* run(Go.send(loop, undefined, { key }))
      assert.strictEqual(yield* reasonOf(run(Go.send(loop, undefined, { key: "m" }))), "Finished")
    })
  )

  it.effect("17. a chain knows its latest keys and ids of updates, and those of what no run has received", () =>
    Effect.gen(function* () {
      const Count = Update.make("count", { success: Schema.Finite })
      const Other = Signal.make("other")
      const Loop = Workflow.make("Loop", { input: Schema.Finite })
      let counted = 0
      const { run } = yield* open(
        Loop.toLayer(
          Effect.fnUntraced(function* (input) {
            yield* Count.handle(() => Effect.sync(() => ++counted))
            for (let taken = input; taken < 400; taken++) yield* Go.receive
            return input === 399 ? undefined : Loop.continueAsNew(399)
          })
        )
      )
      const loop = yield* run(Loop.start(0))
      const long = (prefix: string, number: number) => `${prefix}${number}`.padEnd(1000, ".")
      const count = (number: number) => run(Count.execute(loop, undefined, { updateId: long("u", number) }))
      yield* run(Other.send(loop, undefined, { key: "unread" }))
      for (let number = 0; number < 400; number++) {
        yield* count(number)
        yield* run(Go.send(loop, undefined, { key: long("k", number) }))
      }
      yield* settle
      assert.deepStrictEqual([yield* count(399), yield* count(200), yield* count(0)], [400, 201, 401])
      const { version } = yield* summaryOf(loop.id)
      for (const key of [long("k", 399), long("k", 200), "unread"]) yield* run(Go.send(loop, undefined, { key }))
      yield* settle
      const after = yield* summaryOf(loop.id)
      assert.deepStrictEqual([after.status, after.version], ["running", version])
      yield* run(Go.send(loop, undefined, { key: long("k", 0) }))
      yield* run(loop.result)
    })
  )

  it.effect("5. a signal of a key that is sent again while the end that it led to is saved is taken", () =>
    Effect.gen(function* () {
      const Once = Workflow.make("Once", { success: Schema.Finite })
      const app = yield* open(Once.toLayer(() => Add.receive))
      const once = yield* app.run(Once.start())
      yield* settle
      app.link.fault = (operation) => (operation === "saveAll" ? "unanswered" : undefined)
      const first = yield* Effect.forkChild(app.run(Add.send(once, 7, { key: "k" })))
      yield* settle
      const again = yield* Effect.forkChild(app.run(Add.send(once, 7, { key: "k" })))
      const other = yield* Effect.forkChild(reasonOf(app.run(Add.send(once, 8, { key: "l" }))))
      yield* settle
      app.link.fault = sound
      yield* pass("10 seconds")
      yield* Fiber.join(first)
      yield* Fiber.join(again)
      assert.strictEqual(yield* Fiber.join(other), "Finished")
      assert.strictEqual(yield* once.result, 7)
    })
  )

  it.effect("17. a program learns how long its history is, and when to continue", () =>
    Effect.gen(function* () {
      const lengths: Array<readonly [number, boolean]> = []
      const Long = Workflow.make("Long", { input: Schema.Finite, success: Schema.Finite })
      const LongLive = Long.toLayer(
        Effect.fnUntraced(function* (runs) {
          const { historyLength, suggestContinue } = yield* WorkflowContext.WorkflowContext
          while (!(yield* suggestContinue)) {
            lengths.push([yield* historyLength, yield* suggestContinue])
            yield* Effect.sleep("1 second")
          }
          return runs === 1 ? yield* historyLength : Long.continueAsNew(runs + 1)
        })
      )
      const { run } = yield* open(LongLive, { suggestContinueAt: 5 })
      const handle = yield* run(Long.start(0))
      for (let i = 0; i < 5; i++) yield* pass("1 second")
      assert.strictEqual(yield* run(handle.result), 5)
      assert.deepStrictEqual(lengths, [
        [1, false],
        [3, false],
        [1, false],
        [3, false]
      ])
    })
  )

  it.effect("17. a program that never continues is blocked at the limit, and goes on when it is raised", () =>
    Effect.gen(function* () {
      const Endless = Workflow.make("Endless")
      const EndlessLive = Endless.toLayer(() => Effect.forever(Effect.sleep("1 second")))
      const first = yield* open(EndlessLive, { maxHistory: 10 })
      const handle = yield* first.run(Endless.start(undefined, { workflowId: "endless" }))
      for (let i = 0; i < 6; i++) yield* pass("1 second")
      const blocked = yield* errorOf(first.run(handle.result))
      assert.include(blocked.message, "Endless.continueAsNew(input)")
      const { length } = yield* historyOf("endless")
      yield* first.stop
      const same = yield* open(EndlessLive, { maxHistory: 10 })
      yield* settle
      assert.strictEqual((yield* summaryOf("endless")).status, "blocked")
      assert.strictEqual((yield* historyOf("endless")).length, length)
      yield* same.stop
      const raised = yield* open(EndlessLive, { maxHistory: 100 })
      yield* settle
      yield* pass("1 second")
      assert.strictEqual((yield* summaryOf("endless")).status, "running")
      yield* raised.run(Effect.flatMap(Endless.handle("endless"), ({ terminate }) => terminate()))
    })
  )

  it.effect("17. a next input that is none is a defect that says so, and so is the end of another workflow", () =>
    Effect.gen(function* () {
      const Wrong = Workflow.make("Wrong", { input: Schema.Finite, success: Schema.Finite })
      const { run } = yield* open(
        Wrong.toLayer((input) =>
          Effect.succeed(input === 0 ? Wrong.continueAsNew("text" as never) : (Sum.continueAsNew(1) as never))
        )
      )
      assert.include(
        (yield* errorOf(run(Wrong.execute(0)))).message,
        "the next input of workflow Wrong does not fit its schema"
      )
      assert.include((yield* errorOf(run(Wrong.execute(1)))).message, "workflow Wrong cannot continue as workflow Sum")
    })
  )

  it.live("17. a caller in another process hears of the end, however often the program has continued", () =>
    Effect.gen(function* () {
      const worker = yield* open(SumLive)
      const client = yield* open(Layer.empty)
      const handle = yield* client.run(Sum.start(0))
      const waiting = yield* Effect.forkChild(client.run(handle.result))
      for (const number of [1, 2, 3, 0]) yield* client.run(Add.send(handle, number))
      assert.strictEqual(yield* Fiber.join(waiting), 6)
      yield* worker.stop
    })
  )
}
