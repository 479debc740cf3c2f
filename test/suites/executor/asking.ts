/** Promise 18: a query is answered at any time, of a state that is saved, and leaves no trace. */
import { Clock, Deferred, Duration, Effect, Fiber, Layer, Option, Random, Ref, Schema } from "effect"
import { Activity, Query, Signal, Workflow, type WorkflowContext } from "perdure"
import { assert } from "../assert.ts"
import { errorOf, reasonOf } from "./failures.ts"
import { cut, sound } from "./FaultyStore.ts"
import { Lab, nameOf, open, ownerName, pass, type Running, settle, until } from "./Lab.ts"
import { summaryOf } from "./stored.ts"
import type { SuitePart } from "./SuitePart.ts"

class Absent extends Schema.TaggedError<Absent>()("Absent", { index: Schema.Int }) {}

const Add = Signal.make("add", { payload: Schema.Int })
const Echo = Activity.make("Echo", { input: Schema.Int, success: Schema.Int })
const EchoLive = Echo.toLayer((value) => Effect.succeed(value))

const Sum = Query.make("sum", { success: Schema.Int })
const At = Query.make("at", { input: Schema.Int, success: Schema.Int, error: Absent })
const Shown = Query.make("shown", { success: Schema.Int })
const Wrong = Query.make("wrong", { input: Schema.String, success: Schema.Void })
const Drawn = Query.make("drawn", { success: Schema.Array(Schema.Finite) })

/** Adds what it is sent, up to a sum. */
const Adder = Workflow.make("Adder", { input: Schema.Int, success: Schema.Array(Schema.Finite) })
const adder = Effect.fnUntraced(function* (limit: number) {
  const all = yield* Ref.make<ReadonlyArray<number>>([])
  const sum = yield* Ref.make(0)
  const never = yield* Deferred.make<void>()
  yield* Effect.forkChild(Effect.andThen(Deferred.await(never), Effect.die("woken")), { startImmediately: true })
  const context = yield* Effect.context<WorkflowContext.WorkflowContext | Activity.HandlerOf<typeof Echo>>()
  yield* Sum.answer(() => Ref.get(sum))
  yield* At.answer((index) =>
    Effect.flatMap(Ref.get(all), (all) =>
      index < all.length ? Effect.succeed(all[index]!) : Effect.fail(new Absent({ index }))
    )
  )
  const wrong: Record<string, Effect.Effect<unknown, unknown>> = {
    sleeps: Effect.sleep(1),
    calls: Effect.provideContext(Echo(1), context),
    receives: Effect.provideContext(Add.poll, context),
    dies: Effect.die(new Error("a bug")),
    wakes: Deferred.succeed(never, undefined),
    spins: Effect.forever(Effect.void)
  }
  yield* Wrong.answer((what) => Effect.ignore(wrong[what]!))
  yield* Drawn.answer(() => Effect.all([Random.next, Clock.currentTimeMillis]))
  yield* Shown.publish(sum)
  while ((yield* Ref.get(sum)) < limit) {
    const number = yield* Echo(yield* Add.receive)
    yield* Ref.update(all, (all) => [...all, number])
    yield* Ref.update(sum, (sum) => sum + number)
  }
  return [yield* Ref.get(sum), yield* Random.next]
})
const AdderLive = Adder.toLayer(adder).pipe(Layer.provide(EchoLive))

/** Adds what it is sent, for ever. */
const Box = Workflow.make("Box")
const BoxLive = Box.toLayer(() =>
  Effect.gen(function* () {
    const sum = yield* Ref.make(0)
    yield* Sum.answer(() => Ref.get(sum))
    while (true) {
      const number = yield* Add.receive
      yield* Ref.update(sum, (sum) => sum + number)
    }
  })
)

/** How often an executor has read from the store and written to it. */
const operations = ({ link: { count } }: Running) => count.load + count.summary + count.saveAll + count.list

const versionOf = (id: string) => Effect.map(summaryOf(id), ({ version }) => version)

const start = Effect.fnUntraced(function* (app: Running, limit = 100, id = "adder") {
  const handle = yield* app.run(Adder.start(limit, { workflowId: id }))
  yield* settle
  return handle
})

export const asking: SuitePart = (it) => {
  it.effect("18. a query is answered from memory, without the store", () =>
    Effect.gen(function* () {
      const app = yield* open(AdderLive)
      const handle = yield* start(app)
      yield* app.run(Add.send(handle, 7))
      yield* settle
      const before = operations(app)
      const asks = Effect.replicateEffect(Effect.all([handle.ask(Sum), handle.ask(At, 0)]), 200)
      const answers = yield* app.run(asks)
      assert.deepStrictEqual(answers[199], [7, 7])
      assert.strictEqual(operations(app), before)
      assert.strictEqual(yield* app.run(Sum.ask("adder")), 7)
      assert.strictEqual(yield* app.run(Sum.ask({ workflowId: "adder", runId: handle.runId })), 7)
      const answer = yield* app.executor.send(handle, { _tag: "Query", name: "sum", input: null })
      assert.deepStrictEqual(answer, { _tag: "Success", value: 7 })
      assert.strictEqual(operations(app), before)
    })
  )

  it.effect("18. what a query declares arrives as its own class, and what is wrong as a reason", () =>
    Effect.gen(function* () {
      const app = yield* open(AdderLive, { spinLimit: "20 millis" })
      const elsewhere = yield* open(AdderLive, { spinLimit: "20 millis" })
      yield* start(app)
      const version = yield* versionOf("adder")
      for (const { run } of [app, elsewhere]) {
        assert.deepStrictEqual(yield* Effect.flip(run(At.ask("adder", 3))), new Absent({ index: 3 }))
        const Other = Query.make("other", { success: Schema.Int })
        assert.deepInclude(yield* errorOf(run(Other.ask("adder"))), {
          _tag: "UnknownQuery",
          answers: ["sum", "at", "wrong", "drawn", "shown"]
        })
        const AtText = Query.make("at", { input: Schema.String, success: Schema.Int })
        assert.deepInclude(yield* errorOf(run(AtText.ask("adder", "3"))), {
          _tag: "InvalidPayload",
          of: "the input of query at"
        })
        const SumText = Query.make("sum", { success: Schema.String })
        assert.deepInclude(yield* errorOf(run(SumText.ask("adder"))), { of: "the success of query sum" })
        assert.deepInclude(yield* errorOf(run(Wrong.ask("adder", "sleeps"))), { _tag: "OnlyReads", what: "slept" })
        assert.deepInclude(yield* errorOf(run(Wrong.ask("adder", "calls"))), { what: 'called activity "Echo"' })
        assert.deepInclude(yield* errorOf(run(Wrong.ask("adder", "receives"))), { what: 'received signal "add"' })
        assert.deepInclude(yield* errorOf(run(Wrong.ask("adder", "wakes"))), {
          what: "woke or interrupted a fiber of the program"
        })
        assert.deepInclude(yield* errorOf(run(Wrong.ask("adder", "spins"))), {
          what: "ran for 20 ms without an end"
        })
        const defect = yield* errorOf(run(Wrong.ask("adder", "dies")))
        assert.isTrue(defect._tag === "QueryDefect" && defect.defect.message === "a bug")
        assert.strictEqual(yield* reasonOf(run(Sum.ask("nobody"))), "NotFound")
        assert.strictEqual(yield* run(Sum.ask("adder")), 0)
      }
      yield* settle
      assert.strictEqual(yield* versionOf("adder"), version, "nothing is recorded")
      yield* app.run(Add.send("adder", 100))
      yield* settle
      assert.strictEqual((yield* app.run(Effect.flatMap(Adder.handle("adder"), ({ result }) => result)))[0], 100)
    })
  )

  it.effect("18. a handler that harms a copy of the program harms no other question that shares the copy", () =>
    Effect.gen(function* () {
      const app = yield* open(AdderLive)
      const elsewhere = yield* open(AdderLive)
      yield* start(app)
      // Both wait for the copy that is made for the first.
      elsewhere.link.fault = (operation) => (operation === "load" ? "unanswered" : undefined)
      const first = yield* Effect.forkChild(errorOf(elsewhere.run(Wrong.ask("adder", "wakes"))))
      const second = yield* Effect.forkChild(elsewhere.run(Sum.ask("adder")))
      yield* settle
      elsewhere.link.fault = sound
      yield* pass("10 seconds")
      assert.strictEqual((yield* Fiber.join(first))._tag, "OnlyReads")
      assert.strictEqual(yield* Fiber.join(second), 0)
    })
  )

  it.effect("18. a query changes nothing of the program: not its clock, not its random numbers, not its history", () =>
    Effect.gen(function* () {
      const run = Effect.fnUntraced(function* (asks: boolean) {
        let id = 0
        const app = yield* open(AdderLive, { makeId: () => `${asks ? "a" : "b"}${id++}`.slice(1), worker: "w" })
        const handle = yield* start(app, 6, asks ? "asked" : "unasked")
        for (const number of [1, 2, 3]) {
          if (asks) {
            const drawn = yield* handle.ask(Drawn)
            assert.deepStrictEqual(yield* handle.ask(Drawn), drawn)
            assert.strictEqual(yield* reasonOf(handle.ask(Wrong, "wakes")), "OnlyReads")
            assert.strictEqual(yield* reasonOf(handle.ask(Wrong, "receives")), "OnlyReads")
          }
          yield* app.run(Add.send(handle, number))
          yield* settle
        }
        const history = yield* app.run(handle.history)
        yield* app.stop
        return history.map((event) => (event._tag === "ExecutionStarted" ? event._tag : event))
      })
      assert.deepStrictEqual(yield* run(true), yield* run(false))
    })
  )

  it.effect("18. an answer is of a state that is saved", () =>
    Effect.gen(function* () {
      const app = yield* open(BoxLive)
      const handle = yield* app.run(Box.start())
      yield* settle
      app.link.fault = cut("saveAll")
      const signal = yield* Effect.forkChild(app.run(Add.send(handle, 7)), { startImmediately: true })
      yield* pass("1 second")
      const asked = yield* Effect.forkChild(handle.ask(Sum), { startImmediately: true })
      yield* settle
      assert.isUndefined(asked.pollUnsafe(), "the program has 7, which is not saved")
      app.link.fault = sound
      yield* pass("10 seconds")
      yield* Fiber.join(signal)
      assert.strictEqual(yield* Fiber.join(asked), 7)
    })
  )

  it.effect("18. an answer is not that of a commit which another one has outrun", () =>
    Effect.gen(function* () {
      const app = yield* open(BoxLive)
      const other = yield* open(Layer.empty)
      const handle = yield* app.run(Box.start())
      yield* settle
      app.link.fault = cut("saveAll", "changes")
      const signal = yield* Effect.forkChild(app.run(Add.send(handle, 7)), { startImmediately: true })
      const asked = yield* Effect.forkChild(handle.ask(Sum), { startImmediately: true })
      yield* settle
      // It comes first in the history, so the program never has 7 alone.
      yield* other.signal(handle.id, "add", 1)
      app.link.fault = sound
      yield* pass("10 seconds")
      yield* Fiber.join(signal)
      assert.include([1, 8], yield* Fiber.join(asked))
      assert.strictEqual(yield* handle.ask(Sum), 8)
    })
  )

  it.effect("18. callers are told after patience that the state cannot be saved, and the question is taken back", () =>
    Effect.gen(function* () {
      let handled = 0
      const CountedLive = Box.toLayer(() =>
        Effect.gen(function* () {
          const sum = yield* Ref.make(0)
          yield* Sum.answer(() =>
            Effect.andThen(
              Effect.sync(() => handled++),
              Ref.get(sum)
            )
          )
          yield* Ref.set(sum, yield* Add.receive)
          return yield* Effect.never
        })
      )
      const app = yield* open(CountedLive, { answerTimeout: "5 seconds" })
      const handle = yield* app.run(Box.start())
      yield* settle
      app.link.fault = cut("saveAll")
      const signal = yield* Effect.forkChild(Effect.exit(app.run(Add.send(handle, 7))), { startImmediately: true })
      yield* settle
      const asked = yield* Effect.forkChild(reasonOf(handle.ask(Sum)), { startImmediately: true })
      yield* pass("6 seconds")
      assert.strictEqual(yield* Fiber.join(asked), "StoreUnavailable")
      app.link.fault = sound
      yield* pass("10 seconds")
      yield* Fiber.join(signal)
      assert.strictEqual(handled, 0)
      assert.strictEqual(yield* handle.ask(Sum), 7)
    })
  )

  it.effect("18. a busy execution answers between its commits, and goes on", () =>
    Effect.gen(function* () {
      const Busy = Workflow.make("Busy", { success: Schema.Int })
      const BusyLive = Busy.toLayer(() =>
        Effect.gen(function* () {
          const done = yield* Ref.make(0)
          yield* Sum.answer(() => Ref.get(done))
          while (Option.isNone(yield* Add.poll))
            yield* Effect.flatMap(Echo(1), (one) => Ref.update(done, (n) => n + one))
          return yield* Ref.get(done)
        })
      ).pipe(Layer.provide(EchoLive))
      const app = yield* open(BusyLive)
      const handle = yield* app.run(Busy.start())
      const seen: Array<number> = []
      for (let asks = 0; (seen.at(-1) ?? 0) < 100; asks++) {
        assert.isBelow(asks, 10_000, "it goes on")
        seen.push(yield* handle.ask(Sum))
        yield* Effect.yieldNow
      }
      assert.deepStrictEqual(
        seen,
        [...seen].sort((one, other) => one - other)
      )
      yield* app.run(Add.send(handle, 0))
      const result = yield* handle.result
      assert.isAtLeast(result, seen.at(-1)!)
      assert.strictEqual(yield* handle.ask(Sum), result)
    })
  )

  it.effect("18. any process that has the workflow answers by replay, without taking the execution", () =>
    Effect.gen(function* () {
      const app = yield* open(AdderLive, { worker: "owner" })
      const other = yield* open(AdderLive, { worker: "other" })
      const handle = yield* start(app)
      yield* app.run(Add.send(handle, 7))
      yield* settle
      const version = yield* versionOf("adder")
      const { load } = other.link.count
      const all = yield* Effect.all(
        Array.from({ length: 50 }, () => other.run(Sum.ask("adder"))),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(new Set(all), new Set([7]))
      assert.strictEqual(yield* other.run(At.ask("adder", 0)), 7)
      assert.strictEqual(other.link.count.load - load, 1, "all of them share one replay")
      yield* settle
      assert.strictEqual(yield* versionOf("adder"), version)
      assert.strictEqual(ownerName(yield* app.executions.describe("adder")), "owner")
      // A copy that is old is not asked.
      yield* app.run(Add.send(handle, 1))
      yield* settle
      assert.strictEqual(yield* other.run(Sum.ask("adder")), 8)
    })
  )

  it.effect("18. an execution that is over answers, as often as asked and in every process", () =>
    Effect.gen(function* () {
      const app = yield* open(AdderLive)
      const other = yield* open(AdderLive)
      for (const end of ["complete", "cancel", "terminate"] as const) {
        const handle = yield* start(app, 10, end)
        yield* app.run(Add.send(handle, 7))
        yield* settle
        if (end === "complete") yield* app.run(Add.send(handle, 4))
        else yield* handle[end]()
        yield* settle
        const sum = end === "complete" ? 11 : 7
        assert.strictEqual(yield* handle.ask(Sum), sum)
        assert.strictEqual(yield* other.run(Sum.ask(handle.id)), sum)
        assert.strictEqual(yield* other.run(Shown.ask(handle.id)), sum)
      }
    })
  )

  it.effect("18. an execution that has left memory answers without coming back", () =>
    Effect.gen(function* () {
      const app = yield* open(AdderLive, { maxLoaded: 1 })
      for (const id of ["a", "b", "c"]) {
        const handle = yield* start(app, 100, id)
        yield* app.run(Add.send(handle, id.charCodeAt(0)))
        yield* settle
      }
      const { load, saveAll } = app.link.count
      for (let times = 0; times < 20; times++) {
        for (const id of ["a", "b", "c"]) assert.strictEqual(yield* app.run(Sum.ask(id)), id.charCodeAt(0))
      }
      assert.strictEqual(app.link.count.load - load, 2, "c is in memory, a and b were replayed once")
      assert.strictEqual(app.link.count.saveAll, saveAll)
    })
  )

  it.effect("18. an execution that no worker has taken, or that was told something, answers by its history", () =>
    Effect.gen(function* () {
      const client = yield* open(Layer.empty)
      const app = yield* open(BoxLive)
      // It has the program, and does not learn that there is something to run.
      app.link.fault = cut("list", "changes")
      const box = yield* client.run(Box.start(undefined, { workflowId: "box" }))
      assert.deepInclude(yield* errorOf(client.run(Sum.ask(box))), {
        _tag: "NoProgram",
        workflow: "Box",
        query: "sum"
      })
      assert.strictEqual(yield* app.run(Sum.ask(box)), 0)
      yield* client.signal("box", "add", 7)
      assert.strictEqual(yield* app.run(Sum.ask(box)), 7)
      const { owner, version } = yield* summaryOf("box")
      assert.deepStrictEqual([owner, version], [undefined, 2], "the start and the signal")
    })
  )

  it.effect("18. a handle of an execution that was started again is refused", () =>
    Effect.gen(function* () {
      const app = yield* open(AdderLive)
      const handle = yield* start(app, 1)
      yield* app.run(Add.send(handle, 1))
      yield* settle
      yield* app.run(Adder.start(5, { workflowId: "adder", whenExists: "restart" }))
      yield* settle
      assert.strictEqual(yield* reasonOf(handle.ask(Sum)), "Restarted")
      const client = yield* open(Layer.empty)
      assert.strictEqual(yield* reasonOf(client.run(Shown.ask(handle))), "Restarted", "also what is published")
      assert.strictEqual(yield* app.run(Sum.ask("adder")), 0)
    })
  )

  it.effect("18. a program that cannot go on here is not asked, and the execution is left alone", () =>
    Effect.gen(function* () {
      const app = yield* open(AdderLive, { worker: "owner" })
      const handle = yield* start(app)
      yield* app.run(Add.send(handle, 7))
      yield* settle
      const changed = Adder.toLayer((limit) => Effect.andThen(Effect.sleep(1), adder(limit))).pipe(
        Layer.provide(EchoLive)
      )
      const other = yield* open(changed)
      const version = yield* versionOf("adder")
      const error = yield* errorOf(other.run(Sum.ask("adder")))
      assert.isTrue(error._tag === "Blocked" && error.problem.reason === "NonDeterminism", error.message)
      assert.strictEqual(yield* other.run(Shown.ask("adder")), 7, "what is published needs no program")
      yield* settle
      assert.strictEqual(yield* versionOf("adder"), version)
      assert.strictEqual(yield* handle.ask(Sum), 7)
    })
  )

  it.effect("18. what a program publishes is read by every process, also by one without its program", () =>
    Effect.gen(function* () {
      const app = yield* open(AdderLive)
      const client = yield* open(Layer.empty)
      const handle = yield* start(app, 20)
      assert.strictEqual(yield* client.run(Shown.ask("adder")), 0)
      yield* app.run(Add.send(handle, 7))
      yield* settle
      assert.strictEqual(yield* client.run(Shown.ask("adder")), 7)
      assert.strictEqual(yield* handle.ask(Shown), 7)
      const described = yield* client.executions.describe("adder")
      assert.deepStrictEqual(described.published, { shown: { value: 7 } })
      assert.strictEqual(yield* reasonOf(client.run(Sum.ask("adder"))), "NoProgram")
      // Commits of other processes leave it as it is.
      yield* app.stop
      yield* client.signal("adder", "add", 20)
      assert.strictEqual(yield* client.run(Shown.ask("adder")), 7)
      yield* client.terminate("adder")
      assert.strictEqual(yield* client.run(Shown.ask("adder")), 7)
    })
  )

  it.effect(
    "18. what is published stays when the execution is blocked, and when others end it and deliver what it owes",
    () =>
      Effect.gen(function* () {
        const Parent = Workflow.make("Parent")
        const ParentLive = Parent.toLayer(() =>
          Effect.gen(function* () {
            yield* Shown.publish(yield* Ref.make(7))
            yield* Box.start(undefined, { workflowId: "child", parentClose: "cancel" })
            if ((yield* Add.receive) > 0) yield* Effect.promise(() => Promise.resolve())
            return yield* Effect.never
          })
        )
        const app = yield* open(Layer.merge(ParentLive, BoxLive))
        const client = yield* open(Layer.empty)
        yield* app.run(Parent.start(undefined, { workflowId: "parent" }))
        yield* settle
        yield* app.signal("parent", "add", 1)
        yield* settle
        assert.strictEqual((yield* client.executions.describe("parent")).status, "blocked")
        assert.strictEqual(yield* client.run(Shown.ask("parent")), 7)
        yield* app.stop
        yield* client.terminate("parent")
        yield* settle
        const history = yield* client.executions.history({ workflowId: "parent" })
        assert.deepStrictEqual(
          history.slice(-2).map(({ _tag }) => _tag),
          ["ExecutionTerminated", "MessageSettled"]
        )
        assert.strictEqual(yield* client.run(Shown.ask("parent")), 7)
      })
  )

  it.effect("18. a published value that is too large is left out, and not read as it was", () =>
    Effect.gen(function* () {
      const Text = Query.make("text", { success: Schema.String })
      const Page = Workflow.make("Page", { workflowId: () => "page" })
      const PageLive = Page.toLayer(() =>
        Effect.gen(function* () {
          const text = yield* Ref.make("short")
          const sum = yield* Ref.make(0)
          yield* Text.publish(text)
          yield* Shown.publish(sum)
          for (let index = 0; index < 30; index++) {
            yield* Query.make(`many ${index}`, { success: Schema.Int }).publish(sum)
          }
          while (true) {
            const count = yield* Add.receive
            yield* Ref.set(text, "é".repeat(count))
            yield* Ref.set(sum, count)
          }
        })
      )
      const app = yield* open(PageLive)
      const client = yield* open(Layer.empty)
      yield* app.run(Page.start())
      yield* settle
      assert.strictEqual(yield* client.run(Text.ask("page")), "short")
      yield* app.signal("page", "add", 5000)
      yield* settle
      const error = yield* errorOf(client.run(Text.ask("page")))
      assert.isTrue(error._tag === "NotPublished" && error.detail.startsWith("it takes 10"), error.message)
      assert.strictEqual(yield* client.run(Shown.ask("page")), 5000)
      assert.strictEqual(yield* client.run(Query.make("many 13", { success: Schema.Int }).ask("page")), 5000)
      const beyond = yield* errorOf(client.run(Query.make("many 14", { success: Schema.Int }).ask("page")))
      assert.deepInclude(beyond, { _tag: "NotPublished", detail: "a program publishes 16 values at most" })
      assert.strictEqual((yield* app.run(Text.ask("page"))).length, 5000, "its program has it")
      const { published } = yield* client.executions.describe("page")
      assert.isAtMost(Buffer.byteLength(JSON.stringify(published)), 8192)
      yield* app.signal("page", "add", 1)
      yield* settle
      assert.strictEqual(yield* client.run(Text.ask("page")), "é")
    })
  )

  it.live("18. a query is answered while an execution is taken over from a worker that died", () =>
    Effect.gen(function* () {
      const { store } = yield* Lab
      const options = { heartbeatInterval: "20 millis", lease: "10 minutes" } as const
      const first = yield* open(AdderLive, { ...options, worker: "first" })
      const handle = yield* start(first)
      yield* first.run(Add.send(handle, 7))
      yield* settle
      const second = yield* open(AdderLive, { ...options, worker: "second" })
      first.link.fault = cut()
      const { living } = yield* store.workers
      for (const each of living) if (nameOf(each.id) === "first") yield* store.heartbeat(each, Duration.zero)
      const answers = new Set<number>()
      const isTaken = Effect.gen(function* () {
        answers.add(yield* second.run(Sum.ask("adder")))
        return ownerName(yield* summaryOf("adder")) === "second"
      })
      yield* until(isTaken)
      answers.add(yield* second.run(Sum.ask("adder")))
      assert.deepStrictEqual(answers, new Set([7]))
      const before = operations(second)
      assert.strictEqual(yield* second.run(Sum.ask("adder")), 7)
      assert.strictEqual(operations(second), before, "it is in the memory of the second one")
    })
  )

  it.live("18. a query during a shutdown is answered, or told of the shutdown", () =>
    Effect.gen(function* () {
      const app = yield* open(AdderLive, { shutdownTimeout: "300 millis" })
      const handle = yield* start(app)
      app.link.fault = cut("saveAll")
      const signal = yield* Effect.forkChild(Effect.exit(app.run(Add.send(handle, 7))), { startImmediately: true })
      yield* settle
      const asked = yield* Effect.forkChild(reasonOf(handle.ask(Sum)), { startImmediately: true })
      yield* settle
      assert.isUndefined(asked.pollUnsafe())
      yield* app.stop
      assert.strictEqual(yield* Fiber.join(asked), "ShutDown")
      yield* Fiber.join(signal)
      assert.strictEqual(yield* reasonOf(handle.ask(Sum)), "ShutDown")
    })
  )
}
