/** Retention: what ended long ago is removed, slowly, by one process, and nothing else is. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Exit, Fiber, Layer, Logger, Option, Schema, Scope, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Executions, Retention, Signal, Transfer, Workflow, WorkflowStore } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import { Version, WorkerId, WorkflowId } from "perdure/Ids"
import * as MemoryStore from "perdure/Store/Memory"
import { Runs } from "../../src/layers/retention/Runs.ts"
import { restart, start } from "../suites/store/builders.ts"
import { type Commit, Corrupt, StoreError, type WorkflowFilter } from "perdure/Store/WorkflowStore"

const Go = Signal.make("go")
const Note = Workflow.make("Note", { input: Schema.Int, workflowId: (n) => `note-${n}` })
const Order = Workflow.make("Order", { input: Schema.Int, error: Schema.String, workflowId: (n) => `order-${n}` })
const Open = Workflow.make("Open", { workflowId: () => "open" })
const Counter = Workflow.make("Counter", { input: Schema.Int, workflowId: () => "counter" })
const Live = Layer.mergeAll(
  Note.toLayer(() => Effect.void),
  Order.toLayer((n) => (n % 2 === 0 ? Effect.void : Effect.fail("odd"))),
  Open.toLayer(() => Go.receive),
  Counter.toLayer(
    Effect.fnUntraced(function* (n) {
      yield* Effect.sleep("1 day")
      return n === 0 ? undefined : Counter.continueAsNew(n - 1)
    })
  )
).pipe(Layer.provideMerge(DefaultExecutor.layer), Layer.provideMerge(MemoryStore.layer))

const ids = Effect.gen(function* () {
  const { executions } = yield* Effect.flatMap(Executions.Executions, ({ list }) => list({ limit: 1000 }))
  return executions.map(({ workflowId }) => workflowId).sort()
})

const total = Effect.flatMap(Executions.Executions, ({ count }) => count())

/** So many that nothing waits. */
const perSecond = 1_000_000

describe("retention", () => {
  it.effect("removes what ended long ago, by the first rule that fits", () =>
    Effect.gen(function* () {
      yield* Open.start()
      yield* Effect.forEach([1, 2], (n) => Effect.ignore(Order.execute(n)))
      yield* Note.execute(1)
      yield* TestClock.adjust("20 days")
      yield* Note.execute(2)
      yield* TestClock.adjust("20 days")
      const closed = [
        { workflow: "Order", status: ["failed"], after: "Infinity" },
        { workflow: "Order", after: "41 days" },
        { after: "30 days" }
      ] as const
      assert.deepStrictEqual(yield* Retention.once({ closed, perSecond }), { executions: 1, runs: 0 })
      assert.deepStrictEqual(yield* ids, ["note-2", "open", "order-1", "order-2"])
      yield* TestClock.adjust("1 day")
      assert.deepStrictEqual(yield* Retention.once({ closed, perSecond }), { executions: 0, runs: 0 })
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(yield* Retention.once({ closed, perSecond }), { executions: 1, runs: 0 })
      assert.deepStrictEqual(yield* ids, ["note-2", "open", "order-1"])
      yield* TestClock.adjust("3650 days")
      assert.deepStrictEqual(yield* Retention.once({ closed, perSecond }), { executions: 1, runs: 0 })
      assert.deepStrictEqual(yield* ids, ["open", "order-1"])
      assert.deepStrictEqual(yield* Retention.once({ closed: "1 day", perSecond }), { executions: 1, runs: 0 })
      assert.deepStrictEqual(yield* ids, ["open"])
    }).pipe(Effect.provide(Live))
  )

  it.effect("removes runs that ended long ago, and leaves the current one", () =>
    Effect.gen(function* () {
      const counter = yield* Counter.start(5)
      for (let day = 0; day < 4; day++) yield* TestClock.adjust("1 day")
      const runs = Effect.map(
        Effect.flatMap(WorkflowStore.WorkflowStore, (store) =>
          store.load(WorkflowId.make(counter.id), { after: Version.make(0) })
        ),
        (found) => new Set(Option.getOrThrow(found).commits.map(({ runId }) => runId)).size
      )
      assert.strictEqual(yield* runs, 5)
      assert.deepStrictEqual(yield* Retention.once({ olderRuns: "2 days" }), { executions: 0, runs: 1 })
      assert.strictEqual(yield* runs, 4)
      assert.deepStrictEqual(yield* Retention.once({ olderRuns: "2 days" }), { executions: 0, runs: 0 })
      yield* TestClock.adjust("12 hours")
      assert.deepStrictEqual(yield* Retention.once({ olderRuns: "2 days" }), { executions: 0, runs: 1 })
      assert.deepStrictEqual(yield* Retention.once({ olderRuns: "1 millis" }), { executions: 0, runs: 2 })
      assert.strictEqual(yield* runs, 1)
      for (let day = 0; day < 2; day++) yield* TestClock.adjust("1 day")
      yield* counter.result
    }).pipe(Effect.provide(Live))
  )

  it.effect("reads a history with earlier runs once, until there is another run", () =>
    Effect.gen(function* () {
      const store = yield* WorkflowStore.WorkflowStore
      let loads = 0
      const counting = Layer.succeed(WorkflowStore.WorkflowStore, {
        ...store,
        load: (id, options) => {
          loads++
          return store.load(id, options)
        }
      })
      yield* Counter.start(5)
      for (let day = 0; day < 3; day++) yield* TestClock.adjust("1 day")
      yield* Layer.build(Retention.layer({ olderRuns: "10 days" }).pipe(Layer.provide(counting)))
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(loads, 1)
      yield* TestClock.adjust("23 hours")
      assert.strictEqual(loads, 2)
    }).pipe(Effect.provide(Live))
  )

  it.effect("remembers the histories of 10,000 executions, and reads the others again", () =>
    Effect.gen(function* () {
      const store = yield* WorkflowStore.WorkflowStore
      const loads: Array<string> = []
      const runs = new Runs({
        ...store,
        load: (id, options) => {
          loads.push(id)
          return store.load(id, options)
        }
      })
      const look = (n: number) => {
        const { summary } = restart(start(WorkflowId.make(`${n}`)).summary)
        return runs.endedBefore(summary, 1)
      }
      for (let n = 0; n <= 10_000; n++) yield* look(n)
      loads.length = 0
      yield* look(1)
      yield* look(10_000)
      assert.deepStrictEqual(loads, [])
      yield* look(0)
      assert.deepStrictEqual(loads, ["0"])
    }).pipe(Effect.provide(Live))
  )

  it.effect("keeps a child until its parent has recorded its end", () =>
    Effect.gen(function* () {
      const store = yield* WorkflowStore.WorkflowStore
      yield* Note.execute(1)
      const id = WorkflowId.make("note-1")
      const { commits, summary } = Option.getOrThrow(yield* store.load(id))
      // As it is while the history of its parent cannot be written to.
      const version = Version.make(summary.version + 1)
      const last = commits.at(-1)!.events as Commit["events"]
      const owing = { ...summary, version, owed: 1 }
      yield* store.save({ id: "owing", workflowId: id, runId: summary.runId, version, events: last, summary: owing })
      yield* TestClock.adjust("2 days")
      assert.deepStrictEqual(yield* Retention.once({ closed: "1 day" }), { executions: 0, runs: 0 })
      assert.deepStrictEqual(yield* ids, ["note-1"])
    }).pipe(Effect.provide(Live))
  )

  it.effect("removes so many a second", () =>
    Effect.gen(function* () {
      yield* Effect.forEach(Array.from({ length: 95 }), (_, n) => Note.execute(n))
      yield* TestClock.adjust("2 days")
      const fiber = yield* Effect.forkChild(Retention.once({ closed: "1 day", perSecond: 20 }))
      yield* TestClock.adjust(0)
      assert.strictEqual(yield* total, 75)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* total, 55)
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(yield* Fiber.join(fiber), { executions: 95, runs: 0 })
    }).pipe(Effect.provide(Live))
  )

  it.effect("removes no more a second with many rules", () =>
    Effect.gen(function* () {
      yield* Effect.forEach(Array.from({ length: 60 }), (_, n) => Note.execute(n))
      yield* TestClock.adjust("50 days")
      const closed = Array.from(
        { length: 20 },
        (_, n) => ({ workflow: n < 19 ? `Other${n}` : "Note", after: "1 day" }) as const
      )
      const fiber = yield* Effect.forkChild(Retention.once({ closed: [...closed, { after: "2 days" }], perSecond: 10 }))
      yield* TestClock.adjust(0)
      assert.strictEqual(yield* total, 50)
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual(yield* total, 20)
      yield* TestClock.adjust("3 seconds")
      assert.deepStrictEqual(yield* Fiber.join(fiber), { executions: 60, runs: 0 })
    }).pipe(Effect.provide(Live))
  )

  it.effect("looks at no more a second where little of what a store looks at is due", () =>
    Effect.gen(function* () {
      const store = yield* WorkflowStore.WorkflowStore
      yield* Note.execute(1)
      yield* TestClock.adjust("2 days")
      const asked: Array<WorkflowFilter | undefined> = []
      // As a store does that looks at so many rows for a page: the one that is due is on the last of them.
      const pages = 30
      const sparse = Layer.succeed(WorkflowStore.WorkflowStore, {
        ...store,
        list: (filter) => {
          if (asked.push(filter) === pages) return store.list({ ...filter, cursor: undefined })
          return Effect.succeed({ executions: [], next: Option.some(`${asked.length}`) })
        }
      })
      const once = Retention.once({ closed: "1 day", perSecond: 20 }).pipe(Effect.provide(sparse))
      const now = yield* Clock.currentTimeMillis
      const fiber = yield* Effect.forkChild(once)
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(asked.length, 11)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* Fiber.join(fiber), { executions: 1, runs: 0 })
      // What started later cannot have ended before.
      const before = now - Duration.toMillis(Duration.days(1))
      assert.deepStrictEqual(
        new Set(asked.map((filter) => [filter?.closedBefore, filter?.startedBefore].join())),
        new Set([[before, before].join()])
      )
    }).pipe(Effect.provide(Live))
  )

  it.effect("stops where another process is to go on", () =>
    Effect.gen(function* () {
      const store = yield* WorkflowStore.WorkflowStore
      yield* Effect.forEach(Array.from({ length: 60 }), (_, n) => Note.execute(n))
      yield* TestClock.adjust("2 days")
      yield* Layer.build(Retention.layer({ closed: "1 day", perSecond: 10 }))
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* total, 40)
      yield* store.heartbeat({ id: WorkerId.make("perdure:retention/0"), workflows: [] }, Duration.hours(1))
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* total, 40)
    }).pipe(Effect.provide(Live))
  )

  it.effect("says once a second that it lives, however many pages it reads", () =>
    Effect.gen(function* () {
      const store = yield* WorkflowStore.WorkflowStore
      yield* Effect.forEach(Array.from({ length: 1000 }), (_, n) => Note.execute(n))
      yield* TestClock.adjust("2 days")
      let beats = 0
      const counting = Layer.succeed(WorkflowStore.WorkflowStore, {
        ...store,
        heartbeat: (...told) =>
          Effect.andThen(
            Effect.sync(() => void beats++),
            store.heartbeat(...told)
          )
      })
      yield* Layer.build(Retention.layer({ closed: "1 day", perSecond: 400 }).pipe(Layer.provide(counting)))
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(yield* total, 0)
      assert.isAtMost(beats, 4)
    }).pipe(Effect.provide(Live))
  )

  it.effect("tries again what could not be removed", () =>
    Effect.gen(function* () {
      const store = yield* WorkflowStore.WorkflowStore
      let fails = true
      const full = new StoreError({ operation: "delete", reason: new Corrupt({ detail: "the disk is full" }) })
      const failing = Layer.succeed(WorkflowStore.WorkflowStore, {
        ...store,
        delete: (id, options) => (fails ? Effect.fail(full) : store.delete(id, options))
      })
      yield* Note.execute(1)
      const counter = yield* Counter.start(5)
      for (let day = 0; day < 3; day++) yield* TestClock.adjust("1 day")
      const lines: Array<string> = []
      const log = Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])
      const retention = Retention.layer({ closed: "1 day", olderRuns: "1 hour" })
      yield* Layer.build(retention.pipe(Layer.provide([failing, log])))
      yield* TestClock.adjust("90 seconds")
      assert.strictEqual(yield* total, 2)
      assert.match(lines[0]!, /the disk is full/)
      fails = false
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual(yield* total, 1)
      // The run that ended within the hour, and the current one.
      const all = Option.getOrThrow(yield* store.load(WorkflowId.make(counter.id), { after: Version.make(0) }))
      assert.strictEqual(new Set(all.commits.map(({ runId }) => runId)).size, 2)
    }).pipe(Effect.provide(Live))
  )

  it.effect("leaves alone what is not imported wholly", () =>
    Effect.gen(function* () {
      const store = yield* WorkflowStore.WorkflowStore
      yield* Counter.start(2)
      for (let day = 0; day < 2; day++) yield* TestClock.adjust("1 day")
      const lines = yield* Stream.runCollect(Transfer.exportLines({ whileRunning: true }))
      yield* TestClock.adjust("1 day")
      const to = yield* MemoryStore.make()
      let saves = 0
      const removed: Array<Retention.Removed> = []
      const during = yield* Transfer.importLines(Stream.fromIterable(lines)).pipe(
        Effect.provideService(WorkflowStore.WorkflowStore, {
          ...to,
          save: (commit) =>
            Effect.tap(to.save(commit), () =>
              ++saves === 1
                ? Effect.forEach([{ closed: "1 hour" }, { olderRuns: "1 hour" }] as const, (options) =>
                    Retention.once(options).pipe(
                      Effect.tap((each) => Effect.sync(() => removed.push(each))),
                      Effect.provideService(WorkflowStore.WorkflowStore, to)
                    )
                  )
                : Effect.void
            )
        })
      )
      assert.deepStrictEqual(during, { imported: 1, present: 0, refused: [] })
      assert.isAbove(saves, 3)
      assert.deepStrictEqual(
        removed,
        Array.from({ length: 2 }, () => ({ executions: 0, runs: 0 }))
      )
      assert.strictEqual(yield* to.count(), yield* store.count())
    }).pipe(Effect.provide(Live))
  )

  it.effect("is done by one process at a time, and another goes on when it is gone", () =>
    Effect.gen(function* () {
      const store = yield* WorkflowStore.WorkflowStore
      const lines: Array<string> = []
      const logger = Logger.make(({ message }) => void lines.push(String(message)))
      const log = Logger.layer([logger])
      const open = Effect.gen(function* () {
        const scope = yield* Scope.make()
        yield* Layer.buildWithScope(Layer.fresh(Retention.layer({ closed: "1 day" })).pipe(Layer.provide(log)), scope)
        return scope
      })
      yield* Note.execute(1)
      const first = yield* open
      yield* TestClock.adjust("1 millis")
      const second = yield* open
      yield* TestClock.adjust("2 days")
      assert.strictEqual(yield* total, 0)
      assert.strictEqual(lines.length, 1)
      const mine = Effect.map(store.workers, ({ living }) =>
        living.filter(({ id }) => id.startsWith("perdure:retention/"))
      )
      assert.strictEqual((yield* mine).length, 2)
      // The one that came first has the turn.
      yield* Scope.close(first, Exit.void)
      assert.strictEqual((yield* mine).length, 1)
      yield* Note.execute(2)
      yield* TestClock.adjust("2 days")
      assert.strictEqual(yield* total, 0)
      // A process that comes before all others keeps them from removing anything.
      yield* store.heartbeat({ id: WorkerId.make("perdure:retention/0"), workflows: [] }, Duration.hours(1))
      yield* Note.execute(3)
      yield* TestClock.adjust("2 days")
      assert.strictEqual(yield* total, 1)
      yield* Scope.close(second, Exit.void)
    }).pipe(Effect.provide(Live))
  )

  it("refuses options that make no sense", () => {
    const refused: ReadonlyArray<readonly [unknown, string]> = [
      [{}, 'nothing is to be removed: say how long to keep what ended, such as closed: "30 days"'],
      [{ closed: [] }, 'nothing is to be removed: say how long to keep what ended, such as closed: "30 days"'],
      [{ closd: "1 day" }, 'the options know no "closd", but closed, olderRuns, every, perSecond'],
      [
        { closed: [{ workfow: "Draft", after: "1 day" }] },
        'the fields of rule 1 know no "workfow", but workflow, status, after'
      ],
      [
        { closed: [{ workflow: undefined, after: "1 day" }] },
        "rule 1: workflow must be the name of a workflow, and is undefined"
      ],
      [{ closed: "soon" }, 'closed must be a duration, such as "5 seconds", and is "soon"'],
      [{ closed: [{ workflow: "Order" }] }, "rule 1 does not say after which time"],
      [
        { closed: [{ after: "1 day" }, { after: "x" }] },
        'rule 2: after must be a duration, such as "5 seconds", and is "x"'
      ],
      [
        { closed: [{ after: "1 day", status: ["running"] }] },
        'rule 1: status must be some of completed, failed, cancelled, timedOut, terminated, and is ["running"]'
      ],
      [{ closed: [{ after: "1 day", workflow: 7 }] }, "rule 1: workflow must be the name of a workflow, and is 7"],
      [{ closed: "1 day", perSecond: 0 }, "perSecond must be a whole number of at least 1, and is 0"],
      [{ closed: "1 day", every: "0 seconds" }, 'every must be at least 1 ms, and is "0 seconds"'],
      [{ olderRuns: -1 }, "olderRuns must be at least 1 ms, and is -1"]
    ]
    for (const [options, message] of refused) {
      assert.throws(() => Retention.layer(options as never), TypeError, `the retention: ${message}`)
      assert.throws(() => Retention.once(options as never), TypeError, `the retention: ${message}`)
    }
  })
})
