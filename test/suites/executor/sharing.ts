/** Promise 11: executors share a store; an execution has one at a time, and a living one takes what a dead one left. */
import { Duration, Effect, Exit, Fiber, Latch, Layer, Logger, Option, Schema } from "effect"
import { Activity, RetryPolicy, Signal, Workflow } from "perdure"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { WorkflowRegistry } from "perdure/Executor/WorkflowRegistry"
import { WorkerId, type WorkflowId } from "perdure/Ids"
import { numbers } from "../numbers.ts"
import { after } from "../store/builders.ts"
import { assert } from "../assert.ts"
import type { SuitePart } from "./SuitePart.ts"
import { errorOf, reasonOf } from "./failures.ts"
import { cut, type FaultyStore, sound } from "./FaultyStore.ts"
import { Lab, nameOf, open, ownerName, pass, type Running, settle, until, words } from "./Lab.ts"
import { eventsOf } from "./stored.ts"

const Add = Signal.make("add", { payload: Schema.Number })
const Take = Workflow.make("Take", { input: Schema.Int, success: Schema.Array(Schema.Number) })
const TakeLive = Take.toLayer((count) => Effect.replicateEffect(Add.receive, count))

const Work = Activity.make("Work", { input: Schema.String, success: Schema.String, retry: RetryPolicy.none })
const Run = Workflow.make("Run", { success: Schema.Array(Schema.String) })

/** Short, so that a test sees a worker go. */
const brief = { heartbeatInterval: "20 millis", lease: "100 millis" } as const

/** A worker of which only a test says that it is gone, however slow the machine is. */
const lasting = (worker: string) => ({ heartbeatInterval: "20 millis", lease: "10 minutes", worker }) as const

/** Cuts a worker off, wholly or in part, and lets everybody believe that it is dead. */
const declareDead = Effect.fnUntraced(function* (app: Running, worker: string, fault: FaultyStore["fault"]) {
  const { store } = yield* Lab
  app.link.fault = fault
  const { living } = yield* store.workers
  for (const each of living) if (nameOf(each.id) === worker) yield* store.heartbeat(each, Duration.zero)
})

/** The workers that have taken an execution from another one. */
const takers = Effect.fnUntraced(function* (id: string) {
  const owners = (yield* eventsOf(id, "OwnerChanged")).map(({ owner }) => nameOf(owner))
  // A worker that has it already notes so that it has read what others recorded.
  return owners.filter((owner, index) => owner !== owners[index - 1])
})

export const messaging: SuitePart = (it) => {
  it.effect("11. what is sent through another executor reaches the execution, and both learn its end", () =>
    Effect.gen(function* () {
      const runner = yield* open(TakeLive)
      const other = yield* open(Layer.empty)
      const handle = yield* runner.run(Take.start(3))
      const there = yield* other.run(Take.handle(handle.id))
      const waiting = yield* Effect.forkChild(there.result)
      yield* runner.run(Add.send(handle, 1))
      yield* other.run(Add.send(there, 2))
      yield* settle
      assert.strictEqual(yield* there.status, "running")
      yield* other.run(Add.send(there, 3))
      yield* settle
      assert.deepStrictEqual(yield* Fiber.join(waiting), [1, 2, 3])
      assert.deepStrictEqual(yield* handle.result, [1, 2, 3])
      assert.isFalse((yield* handle.history).some(({ _tag }) => _tag === "OwnerChanged"))
    })
  )

  it.effect("11. signals sent through many executors at once all arrive, each once", () =>
    Effect.gen(function* () {
      const runner = yield* open(TakeLive)
      const others = yield* Effect.replicateEffect(open(Layer.empty), 3)
      const handle = yield* runner.run(Take.start(200))
      const apps = [runner, ...others]
      yield* Effect.forEach(numbers(200), (number) => apps[number % apps.length]!.run(Add.send(handle.id, number)), {
        concurrency: "unbounded",
        discard: true
      })
      yield* settle
      assert.sameMembers([...(yield* handle.result)], numbers(200))
    })
  )

  it.effect("11. a cancel and a termination through another executor reach the execution and its handlers", () =>
    Effect.gen(function* () {
      for (const end of ["cancel", "terminate"] as const) {
        let interrupted = 0
        const workflows = Run.toLayer(() => Effect.map(Work("x"), (text) => [text])).pipe(
          Layer.provide(Work.toLayer(() => Effect.onInterrupt(Effect.never, () => Effect.sync(() => interrupted++))))
        )
        const runner = yield* open(workflows)
        const other = yield* open(Layer.empty)
        const handle = yield* runner.run(Run.start())
        yield* settle
        yield* other[end](handle.id, "from elsewhere")
        yield* settle
        const error = yield* errorOf(handle.result)
        assert.deepInclude(error, { because: "from elsewhere" })
        assert.strictEqual(interrupted, 1)
        yield* runner.stop
        yield* other.stop
      }
    })
  )

  it.effect("11. a message through another executor arrives also when the execution moves on meanwhile", () =>
    Effect.gen(function* () {
      const lab = yield* Lab
      const runner = yield* open(TakeLive)
      const { id, result } = yield* runner.run(Take.start(2))
      let reads = 0
      const store = {
        ...lab.store,
        summary: (workflowId: WorkflowId) =>
          Effect.tap(lab.store.summary(workflowId), () =>
            reads++ === 0 ? Effect.orDie(runner.signal(id, "add", 1)) : Effect.void
          )
      }
      const other = yield* Effect.provideService(open(Layer.empty), Lab, { ...lab, store })
      yield* other.signal(id, "add", 2)
      yield* settle
      assert.deepStrictEqual(yield* result, [1, 2])
    })
  )

  it.effect("11. a message through another executor does not begin again the handlers that run", () =>
    Effect.gen(function* () {
      let begun = 0
      const runner = yield* open(
        Run.toLayer(() =>
          Effect.map(Effect.all([Work("x"), Add.receive], { concurrency: 2 }), ([text]) => [text])
        ).pipe(
          Layer.provide(
            Work.toLayer((text) =>
              Effect.as(
                Effect.andThen(
                  Effect.sync(() => begun++),
                  Effect.sleep("1 minute")
                ),
                text
              )
            )
          )
        )
      )
      const other = yield* open(Layer.empty)
      const handle = yield* runner.run(Run.start())
      yield* settle
      yield* other.run(Add.send(handle.id, 1))
      yield* pass("1 minute")
      assert.deepStrictEqual(yield* handle.result, ["x"])
      assert.strictEqual(begun, 1)
    })
  )

  it.effect("11. what a program logs after a message through another executor is logged, and once", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])
      const Tell = Workflow.make("Tell")
      const TellLive = Tell.toLayer(() =>
        Effect.forEach(numbers(2), () => Effect.flatMap(Add.receive, (number) => Effect.log(`got ${number}`)), {
          discard: true
        })
      )
      const runner = yield* Effect.provide(open(TellLive), logger)
      const other = yield* open(Layer.empty)
      const handle = yield* runner.run(Tell.start())
      for (const number of [1, 2]) {
        yield* other.run(Add.send(handle.id, number))
        yield* settle
      }
      yield* handle.result
      assert.deepStrictEqual(lines, ["got 1", "got 2"])
    })
  )

  it.live("11. a message is seen also when the news of it is lost", () =>
    Effect.gen(function* () {
      const runner = yield* open(TakeLive, brief)
      const other = yield* open(Layer.empty, brief)
      const handle = yield* runner.run(Take.start(2))
      runner.link.fault = cut("changes")
      yield* other.run(Add.send(handle.id, 1))
      yield* other.run(Add.send(handle.id, 2))
      // Without a caller that waits for its end, which the runner would look for.
      yield* until(Effect.map(other.executions.describe(handle.id), ({ status }) => status === "completed"))
      assert.deepStrictEqual(yield* handle.result, [1, 2])
    })
  )

  it.live("11. a result is learned also when the news of it is lost", () =>
    Effect.gen(function* () {
      const runner = yield* open(TakeLive, brief)
      const other = yield* open(Layer.empty, brief)
      const handle = yield* runner.run(Take.start(1))
      other.link.fault = cut("changes")
      const waiting = yield* Effect.forkChild((yield* other.run(Take.handle(handle.id))).result)
      yield* Effect.sleep("50 millis")
      yield* runner.run(Add.send(handle, 1))
      assert.deepStrictEqual(yield* Effect.timeout(Fiber.join(waiting), "5 seconds"), [1])
    })
  )

  it.effect("11. who waits for a run learns its end also when the next run has begun", () =>
    Effect.gen(function* () {
      const runner = yield* open(TakeLive)
      const other = yield* open(Layer.empty)
      const start = (count: number) => runner.run(Take.start(count, { workflowId: "again", whenExists: "restart" }))
      const first = yield* start(1)
      const waiting = yield* Effect.forkChild((yield* other.run(Take.handle("again"))).result)
      yield* settle
      other.link.fault = cut("changes")
      yield* runner.run(Add.send(first, 1))
      yield* first.result
      yield* start(2)
      other.link.fault = sound
      yield* runner.run(Add.send("again", 1))
      yield* settle
      assert.deepStrictEqual(waiting.pollUnsafe(), Exit.succeed([1]))
    })
  )

  it.effect("11. of those who wait for two runs of an id each is told of its own", () =>
    Effect.gen(function* () {
      const runner = yield* open(TakeLive)
      const other = yield* open(Layer.empty)
      const start = (count: number) => runner.run(Take.start(count, { workflowId: "again", whenExists: "restart" }))
      const first = yield* start(1)
      const early = yield* Effect.forkChild(other.result("again", first.runId))
      yield* settle
      other.link.fault = cut("changes")
      yield* runner.run(Add.send(first, 1))
      const second = yield* start(2)
      const late = yield* Effect.forkChild(other.result("again", second.runId))
      yield* settle
      other.link.fault = sound
      yield* runner.run(Add.send(second, 2))
      yield* settle
      assert.isDefined(early.pollUnsafe())
      assert.isUndefined(late.pollUnsafe())
      yield* runner.run(Add.send(second, 3))
      yield* settle
      assert.deepInclude(yield* Fiber.join(early), { value: [1] })
      assert.deepInclude(yield* Fiber.join(late), { value: [2, 3] })
    })
  )

  it.effect("11. no acknowledged signal is lost, however late the ids of two executors differ", () =>
    Effect.gen(function* () {
      let ids = 0
      const makeId = () => `orders.example.eu/${ids++}`
      const one = yield* open(TakeLive, { makeId })
      const other = yield* open(TakeLive, { makeId })
      const handle = yield* one.run(Take.start(2, { workflowId: "one" }))
      yield* other.run(Take.start(2, { workflowId: "two" }))
      const senders = [other.run(Add.send("one", 2)), one.run(Add.send("one", 1))]
      yield* Effect.all(senders, { concurrency: "unbounded", discard: true })
      assert.deepStrictEqual([...(yield* handle.result)].toSorted(), [1, 2])
    })
  )

  it.effect("11. who waits for a run is not told of another run of its id", () =>
    Effect.gen(function* () {
      const runner = yield* open(TakeLive)
      const other = yield* open(TakeLive)
      const start = (count: number) => runner.run(Take.start(count, { workflowId: "again", whenExists: "restart" }))
      const first = yield* start(0)
      assert.deepStrictEqual(yield* first.result, [])
      const second = yield* start(1)
      const there = yield* other.run(Take.handle("again"))
      const waiting = yield* Effect.forkChild(there.result)
      yield* settle
      yield* runner.run(Add.send(second, 1))
      yield* settle
      assert.deepStrictEqual(yield* Fiber.join(waiting), [1])
      assert.deepStrictEqual(
        yield* other.result("again", first.runId).pipe(Effect.map(({ _tag }) => _tag)),
        "ExecutionCompleted"
      )
      assert.deepStrictEqual(yield* first.result, [])
    })
  )
}

export const takingOver: SuitePart = (it) => {
  /** A program that works, waits for a signal, sleeps and works again; `ran` gets what its handlers are given. */
  const working = (ran: Array<string>, worker: string) =>
    Run.toLayer(() =>
      Effect.gen(function* () {
        const first = yield* Work("first")
        const number = yield* Add.receive
        yield* Effect.sleep("50 millis")
        return [first, `${number}`, yield* Work("second")]
      })
    ).pipe(
      Layer.provide(
        Work.toLayer((text) =>
          Effect.as(
            Effect.sync(() => ran.push(`${text} by ${worker}`)),
            text
          )
        )
      )
    )

  it.effect("11. what another executor was faster to take is left to it", () =>
    Effect.gen(function* () {
      const lab = yield* Lab
      const client = yield* open(Layer.empty)
      const { id } = yield* client.run(Take.start(1))
      const faster = WorkerId.make("faster")
      let reads = 0
      const store = {
        ...lab.store,
        load: (workflowId: WorkflowId) =>
          Effect.gen(function* () {
            if (reads++ === 0) {
              yield* lab.store.heartbeat({ id: faster }, Duration.hours(1))
              const summary = Option.getOrThrow(yield* lab.store.summary(workflowId))
              const { updatedAt } = summary
              const event = { _tag: "OwnerChanged", at: updatedAt, owner: faster } as const
              yield* lab.store.save(after(summary, { events: [event], summary: { owner: faster, updatedAt } }))
            }
            return yield* lab.store.load(workflowId)
          })
      }
      yield* Effect.provideService(open(TakeLive), Lab, { ...lab, store })
      yield* settle
      assert.isAbove(reads, 0)
      assert.deepStrictEqual(yield* takers(id), ["faster"])
    })
  )

  it.effect("11. what an executor still has of a run that was ended elsewhere is no part of the next run", () =>
    Effect.gen(function* () {
      let interrupted = 0
      const handler = Work.toLayer((text) =>
        Effect.as(Effect.sleep("3 hours"), text).pipe(Effect.onInterrupt(() => Effect.sync(() => interrupted++)))
      )
      const app = yield* open(
        Run.toLayer(() =>
          Effect.map(Effect.all([Work("x"), Effect.sleep("1 hour")], { concurrency: 2 }), ([text]) => [text])
        ).pipe(Layer.provide(handler))
      )
      const other = yield* open(Layer.empty)
      const start = app.run(Run.start(undefined, { workflowId: "run", whenExists: "restart" }))
      yield* start
      yield* pass("1 minute")
      app.link.fault = cut("changes")
      yield* other.terminate("run")
      const second = yield* start
      assert.isTrue(second.created)
      // The timer of the first run wakes what is left of it.
      yield* pass("59 minutes")
      assert.strictEqual(interrupted, 1)
      yield* pass("3 hours")
      assert.deepStrictEqual(yield* second.result, ["x"])
      assert.strictEqual(interrupted, 1)
    })
  )

  it.live("11. what a dead executor left is taken by a living one and goes on where it was", () =>
    Effect.gen(function* () {
      const ran: Array<string> = []
      const dead = yield* open(working(ran, "a"), { ...brief, worker: "a" })
      const { describe, id } = yield* dead.run(Run.start())
      yield* until(Effect.map(describe, (summary) => words(summary).includes("signal add")))
      const living = yield* open(working(ran, "b"), { ...brief, worker: "b" })
      dead.link.fault = cut()
      const handle = yield* living.run(Run.handle(id))
      yield* until(Effect.map(handle.describe, (summary) => ownerName(summary) === "b"))
      yield* living.run(Add.send(handle, 7))
      assert.deepStrictEqual(yield* Effect.timeout(handle.result, "5 seconds"), ["first", "7", "second"])
      assert.deepStrictEqual(ran, ["first by a", "second by b"])
      assert.deepStrictEqual(yield* takers(id), ["b"])
    })
  )

  it.live("11. an executor that was taken for dead cannot advance what another one took", () =>
    Effect.gen(function* () {
      const gate = yield* Latch.make(false)
      const log: Array<string> = []
      const workflows = (worker: string) =>
        Run.toLayer(() => Effect.forEach(["first", "second", "third"], Work)).pipe(
          Layer.provide(
            Work.toLayer((text) =>
              Effect.sync(() => log.push(`${worker} begins ${text}`)).pipe(
                Effect.andThen(worker === "zombie" && text === "first" ? gate.await : Effect.void),
                Effect.onExit((exit) =>
                  Effect.sync(() => log.push(`${worker} ${Exit.isSuccess(exit) ? "ends" : "leaves"} ${text}`))
                ),
                Effect.as(`${text} by ${worker}`)
              )
            )
          )
        )
      const zombie = yield* open(workflows("zombie"), lasting("zombie"))
      const handle = yield* zombie.run(Run.start())
      yield* until(Effect.sync(() => log.length === 1))
      // It lives, and reaches the store, but nobody sees its heartbeat and it hears of nothing.
      yield* declareDead(zombie, "zombie", cut("heartbeat", "changes"))
      const other = yield* open(workflows("other"), lasting("other"))
      const there = yield* other.run(Run.handle(handle.id))
      const expected = ["first by other", "second by other", "third by other"]
      assert.deepStrictEqual(yield* Effect.timeout(there.result, "5 seconds"), expected)
      yield* gate.open
      assert.deepStrictEqual(yield* Effect.timeout(handle.result, "5 seconds"), expected)
      assert.deepStrictEqual(
        log.filter((line) => line.startsWith("zombie begins")),
        ["zombie begins first"]
      )
      assert.deepStrictEqual(yield* takers(handle.id), ["other"])
    })
  )

  it.live(
    "11. an executor that was taken for dead passes on what it is told, and does not take the execution back",
    () =>
      Effect.gen(function* () {
        const zombie = yield* open(TakeLive, lasting("zombie"))
        const handle = yield* zombie.run(Take.start(2))
        yield* declareDead(zombie, "zombie", cut("heartbeat", "changes"))
        const other = yield* open(TakeLive, lasting("other"))
        const there = yield* other.run(Take.handle(handle.id))
        yield* until(Effect.map(there.describe, (summary) => ownerName(summary) === "other"))
        yield* zombie.run(Add.send(handle, 1))
        assert.strictEqual(ownerName(yield* there.describe), "other")
        yield* zombie.run(Add.send(handle, 2))
        assert.deepStrictEqual(yield* Effect.timeout(there.result, "5 seconds"), [1, 2])
        assert.deepStrictEqual(yield* takers(handle.id), ["other"])
      })
  )

  it.live("11. an executor that was taken for dead begins no handlers of what another one took", () =>
    Effect.gen(function* () {
      const ran: Array<string> = []
      const zombie = yield* open(working(ran, "zombie"), lasting("zombie"))
      const handle = yield* zombie.run(Run.start())
      yield* until(Effect.map(handle.describe, (summary) => words(summary).includes("signal add")))
      yield* declareDead(zombie, "zombie", cut("heartbeat", "changes"))
      const other = yield* open(working(ran, "other"), lasting("other"))
      const there = yield* other.run(Run.handle(handle.id))
      yield* until(Effect.map(there.describe, (summary) => ownerName(summary) === "other"))
      yield* zombie.run(Add.send(handle, 7))
      assert.deepStrictEqual(yield* Effect.timeout(there.result, "5 seconds"), ["first", "7", "second"])
      assert.deepStrictEqual(ran, ["first by zombie", "second by other"])
    })
  )

  it.live("11. an executor that hears that another one took its execution stops its handlers", () =>
    Effect.gen(function* () {
      const log: Array<string> = []
      const workflows = (worker: string) =>
        Run.toLayer(() => Effect.map(Work("x"), (text) => [text])).pipe(
          Layer.provide(
            Work.toLayer((text) =>
              worker === "other"
                ? Effect.succeed(text)
                : Effect.sync(() => log.push("begins")).pipe(
                    Effect.andThen(Effect.never),
                    Effect.onInterrupt(() => Effect.sync(() => log.push("interrupted")))
                  )
            )
          )
        )
      const zombie = yield* open(workflows("zombie"), lasting("zombie"))
      const handle = yield* zombie.run(Run.start())
      yield* until(Effect.sync(() => log.length === 1))
      yield* declareDead(zombie, "zombie", cut("heartbeat"))
      yield* open(workflows("other"), lasting("other"))
      assert.deepStrictEqual(yield* Effect.timeout(handle.result, "5 seconds"), ["x"])
      yield* until(Effect.sync(() => log.length === 2))
      assert.deepStrictEqual(log, ["begins", "interrupted"])
    })
  )

  it.live("11. executions of a dead executor are spread over the living, each taken by one", () =>
    Effect.gen(function* () {
      const dead = yield* open(TakeLive, lasting("dead"))
      const handles = yield* Effect.forEach(numbers(60), () => dead.run(Take.start(1)))
      // What a worker leaves at its first look others take at their second one, which comes after that however slow the machine is.
      const unhurried = { heartbeatInterval: "300 millis" } as const
      yield* Effect.forEach(["a", "b", "c"], (worker) => open(TakeLive, { ...lasting(worker), ...unhurried }))
      yield* Effect.sleep("100 millis")
      const other = yield* open(Layer.empty, lasting("other"))
      yield* declareDead(dead, "dead", cut())
      const owners = Effect.forEach(handles, ({ id }) => Effect.map(other.executions.describe(id), ownerName))
      yield* until(Effect.map(owners, (owners) => !owners.includes("dead")))
      assert.sameMembers([...new Set(yield* owners)], ["a", "b", "c"])
      yield* Effect.forEach(handles, ({ id }) => other.run(Add.send(id, 1)), { concurrency: 8 })
      for (const { id } of handles) {
        yield* Effect.timeout(other.result(id), "5 seconds")
        assert.strictEqual((yield* takers(id)).length, 1)
      }
    })
  )

  it.live("11. an executor without the workflow leaves its executions alone and says so; another one runs them", () =>
    Effect.gen(function* () {
      const first = yield* open(TakeLive, brief)
      const { id } = yield* first.run(Take.start(1))
      yield* first.stop
      const lines: Array<string> = []
      const logger = Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])
      const without = yield* Effect.provide(
        open(
          Run.toLayer(() => Effect.succeed([])),
          brief
        ),
        logger
      )
      yield* until(Effect.sync(() => lines.some((line) => line.includes('"Take"'))))
      yield* Effect.sleep("100 millis")
      assert.strictEqual(lines.filter((line) => line.includes('"Take"')).length, 1)
      yield* without.run(Add.send(id, 7))
      assert.strictEqual((yield* without.executions.describe(id)).status, "running")
      const withIt = yield* open(TakeLive, brief)
      assert.deepStrictEqual(yield* Effect.timeout((yield* withIt.run(Take.handle(id))).result, "5 seconds"), [7])
    })
  )

  it.effect("11. an executor without workflows does not keep others from taking executions at once", () =>
    Effect.gen(function* () {
      yield* Effect.replicateEffect(open(Layer.empty), 3)
      const first = yield* open(TakeLive)
      const handles = yield* Effect.forEach(numbers(20), () => first.run(Take.start(1)))
      yield* first.stop
      const second = yield* open(TakeLive)
      yield* settle
      for (const { id } of handles) {
        assert.strictEqual((yield* takers(id)).length, 1)
        yield* second.run(Add.send(id, 7))
        assert.deepStrictEqual(yield* (yield* second.run(Take.handle(id))).result, [7])
      }
    })
  )

  it.effect("11. executions of an executor that has no workflows any more are taken at once", () =>
    Effect.gen(function* () {
      const left = yield* open(Layer.empty)
      const { id } = yield* Effect.scoped(
        Effect.flatMap(Layer.build(TakeLive), () => Take.start(1)).pipe(
          Effect.provideService(DurableExecutor, left.executor),
          Effect.provideService(WorkflowRegistry, left.registry)
        )
      )
      yield* left.run(Add.send(id, 7))
      const other = yield* open(TakeLive)
      yield* settle
      assert.deepStrictEqual(yield* (yield* other.run(Take.handle(id))).result, [7])
    })
  )

  it.effect("11. starts and signals race with shutdowns and nothing is lost", () =>
    Effect.gen(function* () {
      let app = yield* open(TakeLive)
      const started: Array<string> = []
      for (let round = 0; round < 10; round++) {
        const next = yield* open(TakeLive)
        yield* Effect.all(
          [
            Effect.forEach(
              numbers(10),
              (number) =>
                app.run(Take.start(1, { workflowId: `${round}-${number}` })).pipe(
                  Effect.matchEffect({
                    onSuccess: ({ id }) => Effect.sync(() => started.push(id)),
                    onFailure: ({ reason }) => Effect.sync(() => assert.strictEqual(reason._tag, "ShutDown"))
                  })
                ),
              { concurrency: "unbounded" }
            ),
            app.stop
          ],
          { concurrency: "unbounded" }
        )
        app = next
      }
      yield* app.stop
      const last = yield* open(TakeLive)
      yield* pass("1 minute")
      assert.isNotEmpty(started)
      for (const id of started) {
        yield* last.run(Add.send(id, 1))
        assert.deepStrictEqual(yield* (yield* last.run(Take.handle(id))).result, [1])
      }
      assert.strictEqual(yield* reasonOf(app.result(started[0]!)), "ShutDown")
    })
  )
}
