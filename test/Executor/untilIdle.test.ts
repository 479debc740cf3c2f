/** A worker that does what is due and returns, as a program of cron does. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer, Option, Schema, type Scope } from "effect"
import { Activity, Signal, Update, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import { WorkerId, WorkflowId } from "perdure/Ids"
import * as MemoryStore from "perdure/Store/Memory"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { nameOf, until } from "../suites/executor/Lab.ts"

const Step = Activity.make("Step", { input: Schema.String })
const Nap = Workflow.make("Nap", { input: Schema.Finite, workflowId: (millis) => `nap ${millis}` })
const Ready = Signal.make("ready")
const Ask = Workflow.make("Ask", { success: Schema.String })

/** The workflows, whose handlers note what they do. */
const workflows = (ran: Array<string>, length: Duration.Input = "5 millis") =>
  Layer.mergeAll(
    Nap.toLayer((millis) =>
      Effect.andThen(Step(`before ${millis}`), Effect.andThen(Effect.sleep(millis), Step(`after ${millis}`)))
    ),
    Ask.toLayer(() => Effect.as(Effect.andThen(Ready.receive, Step("asked")), "answer"))
  ).pipe(
    Layer.provide(
      Step.toLayer((text) =>
        Effect.andThen(
          Effect.sync(() => ran.push(text)),
          Effect.sleep(length)
        )
      )
    )
  )

const day = 86_400_000

const run = (ran: Array<string>, options: DefaultExecutor.Options & { readonly within?: Duration.Input } = {}) =>
  DefaultExecutor.runUntilIdle(workflows(ran), { within: "20 seconds", ...options })

/** An executor without workflows. */
const client = Effect.map(Layer.build(Layer.fresh(DefaultExecutor.layer)), (context) => {
  const provide = Effect.provideContext(context)
  return <A, E, R>(effect: Effect.Effect<A, E, R>) => provide(effect)
})

const commitsOf = Effect.fnUntraced(function* (id: string) {
  const store = yield* WorkflowStore
  return Option.getOrThrow(yield* store.load(WorkflowId.make(id)))
})

/** A test on a store of its own. */
const live = <E>(title: string, test: Effect.Effect<void, E, WorkflowStore | Scope.Scope>) =>
  it.live(title, () => Effect.scoped(Effect.provide(test, MemoryStore.layer)))

describe("a worker until there is nothing to do", () => {
  live(
    "returns at once from a store in which there is nothing",
    Effect.gen(function* () {
      assert.isTrue(yield* run([]))
    })
  )

  live(
    "takes what has no owner, runs it, waits for what falls due within a second, and lets go of the rest",
    Effect.gen(function* () {
      const sends = yield* client
      for (const millis of [0, 300, day]) yield* sends(Nap.start(millis))
      const ran: Array<string> = []
      assert.isTrue(yield* run(ran))
      assert.sameMembers(ran, ["before 0", "after 0", "before 300", "after 300", `before ${day}`])
      assert.strictEqual(yield* sends(Effect.flatMap(Nap.handle("nap 300"), ({ status }) => status)), "completed")
      assert.strictEqual(yield* sends(Effect.flatMap(Nap.handle(`nap ${day}`), ({ status }) => status)), "running")
      const { living } = yield* (yield* WorkflowStore).workers
      assert.deepStrictEqual(living, [])
    })
  )

  live(
    "leaves alone what is not due, with its owner and without a commit, also when it is called again",
    Effect.gen(function* () {
      const sends = yield* client
      yield* sends(Nap.start(day))
      const ran: Array<string> = []
      assert.isTrue(yield* run(ran, { worker: "first" }))
      const before = yield* commitsOf(`nap ${day}`)
      assert.strictEqual(nameOf(before.summary.owner!), "first")
      for (const worker of ["second", "first"]) {
        assert.isTrue(yield* run(ran, { worker }))
        const after = yield* commitsOf(`nap ${day}`)
        assert.strictEqual(after.summary.version, before.summary.version)
        assert.strictEqual(after.summary.owner, before.summary.owner)
      }
      assert.deepStrictEqual(ran, [`before ${day}`])
    })
  )

  live(
    "takes what another one left once it is due, or has a message",
    Effect.gen(function* () {
      const sends = yield* client
      const nap = yield* sends(Nap.start(1500))
      const ask = yield* sends(Ask.start())
      const ran: Array<string> = []
      assert.isTrue(yield* run(ran))
      assert.deepStrictEqual(ran, ["before 1500"])
      yield* sends(Ready.send(ask))
      assert.isTrue(yield* run(ran))
      assert.strictEqual(yield* sends(ask.result), "answer")
      const { startedAt } = yield* sends(nap.describe)
      yield* until(Effect.clockWith((clock) => Effect.map(clock.currentTimeMillis, (now) => now > startedAt + 1600)))
      assert.isTrue(yield* run(ran))
      assert.strictEqual(yield* sends(nap.status), "completed")
      assert.deepStrictEqual(ran, ["before 1500", "asked", "after 1500"])
    })
  )

  live(
    "takes over at once from one that was killed while a handler ran, and not from one that lives",
    Effect.gen(function* () {
      const store = yield* WorkflowStore
      const ran: Array<string> = []
      const layer = workflows(ran, "1 hour").pipe(
        Layer.provideMerge(
          DefaultExecutor.layerWith({ worker: "killed", heartbeatInterval: "1 hour", shutdownTimeout: 0 })
        )
      )
      const context = yield* Layer.build(Layer.fresh(layer))
      const nap = yield* Effect.provideContext(Nap.start(0), context)
      yield* until(Effect.sync(() => ran.length === 1))
      assert.isTrue(yield* run(ran))
      assert.deepStrictEqual(ran, ["before 0"])
      // Its lease ends, and it does not know.
      for (const { id } of (yield* store.workers).living) yield* store.heartbeat({ id }, Duration.millis(1))
      yield* Effect.sleep("20 millis")
      assert.isTrue(yield* run(ran))
      assert.deepStrictEqual(ran, ["before 0", "before 0", "after 0"])
      const { commits } = yield* commitsOf(nap.id)
      const changes = commits.flatMap(({ events }) => events).filter(({ _tag }) => _tag === "OwnerChanged")
      assert.lengthOf(changes, 1)
      assert.deepInclude(changes[0], { lost: true })
    })
  )

  live(
    "returns false when the time has passed, and lets go of all it had: another worker goes on at once",
    Effect.gen(function* () {
      const sends = yield* client
      const nap = yield* sends(Nap.start(0))
      const ran: Array<string> = []
      const begun = performance.now()
      const isIdle = yield* DefaultExecutor.runUntilIdle(workflows(ran, "1 hour"), { within: "200 millis" })
      assert.isFalse(isIdle)
      assert.isBelow(performance.now() - begun, 3000)
      assert.deepStrictEqual(ran, ["before 0"])
      assert.isTrue(yield* run(ran))
      assert.deepStrictEqual(ran, ["before 0", "before 0", "after 0"])
      assert.strictEqual(yield* sends(nap.status), "completed")
      // It ended in order, so no attempt was lost.
      const { commits } = yield* commitsOf(nap.id)
      for (const event of commits.flatMap(({ events }) => events)) assert.notProperty(event, "lost")
    })
  )

  live(
    "goes on with what other code has blocked, and leaves it alone when its own code cannot either",
    Effect.gen(function* () {
      const Two = Workflow.make("Two", { workflowId: () => "two" })
      const ran: Array<string> = []
      const code = (first: string) =>
        Two.toLayer(() => Effect.andThen(Step(first), Effect.andThen(Ready.receive, Step("second")))).pipe(
          Layer.provide(Step.toLayer((text) => Effect.sync(() => ran.push(text))))
        )
      const runCode = (first: string) => DefaultExecutor.runUntilIdle(code(first), { within: "20 seconds" })
      const sends = yield* client
      const two = yield* sends(Two.start())
      assert.isTrue(yield* runCode("first"))
      yield* sends(Ready.send(two))
      for (let call = 0; call < 2; call++) {
        assert.isTrue(yield* runCode("another"))
        assert.strictEqual(yield* sends(two.status), "blocked")
      }
      assert.isTrue(yield* runCode("first"))
      assert.strictEqual(yield* sends(two.status), "completed")
      assert.deepStrictEqual(ran, ["first", "second"])
    })
  )

  live(
    "runs what falls due during a long handler, and what a handler's end leads to",
    Effect.gen(function* () {
      const sends = yield* client
      yield* sends(Nap.start(400))
      yield* sends(Nap.start(2))
      const ran: Array<string> = []
      assert.isTrue(yield* DefaultExecutor.runUntilIdle(workflows(ran, "600 millis"), { within: "20 seconds" }))
      assert.sameMembers(ran, ["before 400", "after 400", "before 2", "after 2"])
    })
  )

  live(
    "leaves what waits for an answer alone until that can come, without a commit, and then goes on with it",
    Effect.gen(function* () {
      const Add = Update.make("add", { input: Schema.Int, success: Schema.Int })
      const Asked = Workflow.make("Asked", { success: Schema.Int, workflowId: () => "asked" })
      const Asks = Workflow.make("Asks", { input: Schema.Literals(["result", "update"]), workflowId: (what) => what })
      const both = Layer.merge(
        Asked.toLayer(() =>
          Effect.gen(function* () {
            yield* Add.handle((number) => Effect.as(Ready.receive, number + 1))
            yield* Ready.receive
            // It ends after the look that leaves alone what waits for that.
            yield* Effect.sleep("200 millis")
            return 5
          })
        ),
        Asks.toLayer((what) =>
          Effect.gen(function* () {
            const asked = yield* Asked.handle("asked")
            yield* what === "result" ? asked.result : Add.execute(asked, 6)
          }).pipe(Effect.orDie)
        )
      )
      const runBoth = DefaultExecutor.runUntilIdle(both, { within: "20 seconds" })
      const versions = Effect.map(
        Effect.forEach(["asked", "result", "update"], (id) => Effect.option(commitsOf(id))),
        (found) => found.map((each) => Option.getOrUndefined(each)?.summary.version)
      )
      const statusOf = (id: string) => Effect.map(commitsOf(id), ({ summary }) => summary.status)
      const sends = yield* client
      // The end comes in a run, between two, or before the id is started again.
      for (const end of ["in a run", "between", "restart"]) {
        const asked = yield* sends(Asked.start(undefined, { whenExists: "restart" }))
        for (const what of ["result", "update"] as const) yield* sends(Asks.start(what, { whenExists: "restart" }))
        const begun = performance.now()
        assert.isTrue(yield* runBoth)
        assert.isBelow(performance.now() - begun, 5000)
        const before = yield* versions
        assert.isTrue(yield* runBoth)
        assert.deepStrictEqual(yield* versions, before)
        // One goes to the handler of the update, and the other one to the program.
        yield* sends(Ready.send(asked))
        yield* sends(end === "in a run" ? Ready.send(asked) : asked.terminate())
        if (end === "restart") yield* sends(Asked.start(undefined, { whenExists: "restart" }))
        assert.isTrue(yield* runBoth)
        for (const what of ["result", "update"])
          assert.notStrictEqual(yield* statusOf(what), "running", `${what} ${end}`)
        if (end === "in a run") assert.strictEqual(yield* statusOf("result"), "completed")
        yield* Effect.ignore(sends(Effect.flatMap(Asked.handle("asked"), (handle) => handle.terminate())))
      }
    })
  )

  live(
    "of two at once each runs some, every call runs once, and nothing is left",
    Effect.gen(function* () {
      const sends = yield* client
      const all = Array.from({ length: 30 }, (_, number) => number)
      for (const millis of all) yield* sends(Nap.start(millis))
      const ran: Array<string> = []
      const ended = yield* Effect.all([run(ran), run(ran)], { concurrency: 2 })
      assert.deepStrictEqual(ended, [true, true])
      assert.sameMembers(
        ran,
        all.flatMap((millis) => [`before ${millis}`, `after ${millis}`])
      )
      for (const millis of all) {
        assert.strictEqual(
          yield* sends(Effect.flatMap(Nap.handle(`nap ${millis}`), ({ status }) => status)),
          "completed"
        )
      }
    })
  )

  live(
    "runs all that is due on a store that is slow, although another worker of the workflow lives and takes none",
    Effect.gen(function* () {
      const sends = yield* client
      const all = Array.from({ length: 20 }, (_, number) => number)
      for (const millis of all) yield* sends(Nap.start(millis))
      const store = yield* WorkflowStore
      yield* store.heartbeat({ id: WorkerId.make("other"), workflows: ["Nap"] }, Duration.hours(1))
      const ran: Array<string> = []
      const slow = {
        ...store,
        saveAll: (commits: Parameters<typeof store.saveAll>[0]) => Effect.delay(store.saveAll(commits), "20 millis"),
        load: (...asked: Parameters<typeof store.load>) => Effect.delay(store.load(...asked), "20 millis"),
        list: (filter: Parameters<typeof store.list>[0]) => Effect.delay(store.list(filter), "20 millis")
      }
      assert.isTrue(yield* Effect.provideService(run(ran), WorkflowStore, slow))
      assert.sameMembers(
        ran,
        all.flatMap((millis) => [`before ${millis}`, `after ${millis}`])
      )
    })
  )

  live(
    "of two of one name at once one goes on, and what is left is run by the next one",
    Effect.gen(function* () {
      const sends = yield* client
      const all = Array.from({ length: 30 }, (_, number) => number * 10)
      for (const millis of all) yield* sends(Nap.start(millis))
      const ran: Array<string> = []
      const named = { worker: "cron", heartbeatInterval: "20 millis", lease: "1 minute" } as const
      yield* Effect.all([run(ran, named), Effect.delay(run(ran, named), "50 millis")], { concurrency: 2 })
      assert.isTrue(yield* run(ran, named))
      for (const millis of all) {
        assert.strictEqual(
          yield* sends(Effect.flatMap(Nap.handle(`nap ${millis}`), ({ status }) => status)),
          "completed"
        )
      }
      // A handler that was interrupted runs again.
      assert.sameMembers(
        [...new Set(ran)],
        all.flatMap((millis) => [`before ${millis}`, `after ${millis}`])
      )
      const { living } = yield* (yield* WorkflowStore).workers
      assert.deepStrictEqual(living, [])
    })
  )

  live(
    "fails with the errors of its layers as they are",
    Effect.gen(function* () {
      class NoKey extends Schema.TaggedError<NoKey>()("NoKey", { name: Schema.String }) {}
      const broken = Layer.effectDiscard(Effect.fail(new NoKey({ name: "payments" })))
      const error = yield* Effect.flip(
        DefaultExecutor.runUntilIdle(Layer.merge(workflows([]), broken), { within: "1 second" })
      )
      assert.instanceOf(error, NoKey)
      const twice = yield* Effect.flip(
        DefaultExecutor.runUntilIdle(Layer.merge(workflows([]), Layer.fresh(workflows([]))), { within: "1 second" })
      )
      assert.deepInclude(twice, { _tag: "WorkflowError" })
      assert.deepInclude((twice as { readonly reason: unknown }).reason, { _tag: "AlreadyRegistered" })
    })
  )
})
