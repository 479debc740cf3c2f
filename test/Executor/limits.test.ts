/** What the default executor says of handlers that do not end, and how long it keeps the process from other work. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Clock, Effect, Exit, Latch, Layer, Schedule, Schema, Scope } from "effect"
import { TestClock } from "effect/testing"
import { Activity, RetryPolicy, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as Memory from "perdure/Store/Memory"
import * as Sqlite from "perdure/Store/Sqlite"
import { type Commit, WorkflowStore } from "perdure/Store/WorkflowStore"
import * as Lab from "../suites/executor/Lab.ts"
import { numbers } from "../support/numbers.ts"
import { Fibers } from "../../src/Executor/default/Fibers.ts"
import { Observed } from "../../src/Executor/default/Observed.ts"
import { Saves } from "../../src/Executor/default/Saves.ts"
import { keeping, type Line } from "../support/lines.ts"

const isLate = ({ text }: Line) => text.startsWith("a handler of activity")

const executor = (options: DefaultExecutor.Options, lines: Array<Line> = []) =>
  DefaultExecutor.layerWith(options).pipe(Layer.provide([Memory.layer, keeping(lines)]))

/** Lets time pass in small parts, and what follows from it happen. */
const pass = (seconds: number) =>
  Effect.replicateEffect(
    Effect.andThen(TestClock.adjust("1 second"), Effect.replicateEffect(Effect.yieldNow, 5)),
    seconds
  )

it.effect("a handler that does not end after its timeout is logged once, with what it belongs to", () =>
  Effect.gen(function* () {
    const lines: Array<Line> = []
    const Call = Activity.make("Call", { input: Schema.Int, timeout: "5 seconds", retry: RetryPolicy.none })
    const Calls = Workflow.make("Calls", { input: Schema.Int, workflowId: (number) => `calls-${number}` })
    const CallLive = Call.toLayer((number) =>
      number === 0
        ? Effect.ensuring(Effect.never, Effect.sleep("100 millis"))
        : Effect.uninterruptible(Effect.sleep("1 hour"))
    )
    const main = Calls.toLayer(Call).pipe(
      Layer.provide(CallLive),
      Layer.provideMerge(executor({ shutdownTimeout: "50 millis" }, lines))
    )
    yield* Effect.gen(function* () {
      yield* Calls.start(0)
      const { runId } = yield* Calls.start(1)
      yield* pass(60)
      assert.deepStrictEqual(
        lines.filter(isLate).map(({ annotations, level }) => ({ annotations, level })),
        [
          {
            annotations: { workflow: "Calls", workflowId: "calls-1", runId, activity: "Call", attempt: 1 },
            level: "Warn"
          }
        ]
      )
      assert.include(lines.find(isLate)?.text, "a handler of activity Call took longer than its timeout of 5000 ms")
    }).pipe(Effect.provide(main))
  })
)

it.effect("a handler that does not end after its timeout is logged as the attempt that it is", () =>
  Effect.gen(function* () {
    const lines: Array<Line> = []
    let calls = 0
    const Call = Activity.make("Call", { timeout: "5 seconds", retry: Schedule.spaced("10 millis") })
    const Calls = Workflow.make("Calls", { workflowId: () => "calls" })
    const CallLive = Call.toLayer(() => (++calls < 3 ? Effect.uninterruptible(Effect.sleep("1 hour")) : Effect.void))
    const main = Calls.toLayer(() => Call()).pipe(
      Layer.provide(CallLive),
      Layer.provideMerge(executor({ shutdownTimeout: "50 millis" }, lines))
    )
    yield* Effect.gen(function* () {
      yield* Calls.start()
      yield* pass(30)
      assert.strictEqual(calls, 3)
      assert.deepStrictEqual(
        lines.filter(isLate).map(({ annotations }) => annotations["attempt"]),
        [1, 2]
      )
    }).pipe(Effect.provide(main))
  })
)

const Work = Activity.make("Work", { input: Schema.Int, success: Schema.Int })
const Part = Workflow.make("Part", { input: Schema.Int, success: Schema.Int, workflowId: (number) => `part-${number}` })
const Wait = Activity.make("Wait", { input: Schema.Int, success: Schema.Int })
const Whole = Workflow.make("Whole", {
  input: Schema.Int,
  success: Schema.Int,
  workflowId: (number) => `whole-${number}`
})

it.effect("handlers that wait for executions whose activities stand in line are logged once", () =>
  Effect.gen(function* () {
    const lines: Array<Line> = []
    // All places are taken when the parts call their activities.
    const part = Part.toLayer((number) => Effect.andThen(Effect.sleep("1 second"), Work(number)))
    const main = Layer.mergeAll(part, Whole.toLayer(Wait)).pipe(
      Layer.provide([
        Wait.toLayer((number) => Effect.orDie(Part.execute(number))),
        Work.toLayer((number) => Effect.delay(Effect.succeed(number), "100 millis"))
      ]),
      Layer.provideMerge(executor({ maxActivities: 4, shutdownTimeout: "50 millis" }, lines))
    )
    yield* Effect.gen(function* () {
      yield* Effect.forEach(numbers(20), (number) => Whole.start(number))
      yield* pass(9)
      assert.deepStrictEqual(lines, [])
      yield* pass(120)
      assert.strictEqual(lines.length, 1)
      assert.strictEqual(lines[0]!.level, "Warn")
      assert.match(lines[0]!.text, /^no handler has ended for 10 seconds: 4 run, of Wait \(4\), and \d\d wait in line/)
      assert.include(lines[0]!.text, "Raise maxActivities, now 4")
    }).pipe(Effect.provide(main))
  })
)

it.effect("a line that moves is no reason for a warning", () =>
  Effect.gen(function* () {
    const lines: Array<Line> = []
    const main = Part.toLayer(Work).pipe(
      Layer.provide(Work.toLayer((number) => Effect.delay(Effect.succeed(number), "8 seconds"))),
      Layer.provideMerge(executor({ maxActivities: 1 }, lines))
    )
    yield* Effect.gen(function* () {
      yield* Effect.forEach(numbers(10), (number) => Part.start(number))
      yield* pass(60)
      assert.strictEqual(yield* Part.handle("part-5").pipe(Effect.flatMap((part) => part.result)), 5)
      assert.deepStrictEqual(lines, [])
    }).pipe(Effect.provide(main))
  })
)

/** Programs that never wait, on a store that answers at once. */
const endless = {
  "the next activity": { retry: RetryPolicy.none, handler: Effect.void },
  "the next attempt": { retry: Schedule.forever, handler: Effect.fail("again") },
  "the next activity, slowly": {
    retry: RetryPolicy.none,
    handler: Effect.sync(() => {
      const until = performance.now() + 3
      while (performance.now() < until);
    })
  }
}
const stores = { memory: Memory.layer, sqlite: Sqlite.layer({ filename: ":memory:" }) }

for (const [kind, { handler, retry }] of Object.entries(endless)) {
  for (const [name, store] of Object.entries(stores)) {
    it.live(`timers and other executions go on beside one that never waits, but for ${kind}, on ${name}`, () =>
      Effect.gen(function* () {
        let runs = 0
        const Quick = Activity.make("Quick", { error: Schema.String, retry })
        const Endless = Workflow.make("Endless")
        const main = Layer.mergeAll(
          Endless.toLayer(() => Effect.forever(Effect.orDie(Quick()))),
          Part.toLayer((number) => Effect.andThen(Effect.sleep("20 millis"), Work(number)))
        ).pipe(
          Layer.provide([
            Quick.toLayer(() =>
              Effect.suspend((): Effect.Effect<void, string> => {
                // The end of the test when no timer fires.
                if (++runs > 2_000_000) return Effect.never
                return handler
              })
            ),
            Work.toLayer(Effect.succeed)
          ]),
          Layer.provideMerge(DefaultExecutor.layer),
          Layer.provide(store)
        )
        yield* Effect.gen(function* () {
          const before = yield* Clock.currentTimeMillis
          const endless = yield* Endless.start()
          for (const number of numbers(10)) assert.strictEqual(yield* Part.execute(number), number)
          assert.isBelow((yield* Clock.currentTimeMillis) - before, 3000)
          const { length } = yield* endless.history
          assert.isAbove(length, 20)
          yield* endless.terminate()
        }).pipe(Effect.provide(main))
      })
    )
  }
}

it.live("a long line of handlers that end at once keeps no timer waiting", () =>
  Effect.gen(function* () {
    const gate = yield* Latch.make(false)
    let ended = 0
    const main = Part.toLayer(Work).pipe(
      Layer.provide(
        Work.toLayer((number) =>
          number === 0
            ? Effect.as(gate.await, 0)
            : Effect.sync(() => {
                const until = performance.now() + 2
                while (performance.now() < until);
                return ++ended
              })
        )
      ),
      Layer.provideMerge(executor({ maxActivities: 1 }))
    )
    yield* Effect.gen(function* () {
      const handles = yield* Effect.forEach(numbers(300), (number) => Part.start(number))
      yield* gate.open
      yield* Effect.sleep("20 millis")
      assert.isBelow(ended, 150)
      yield* Effect.forEach(handles, (handle) => handle.result)
      assert.strictEqual(ended, 299)
    }).pipe(Effect.provide(main))
  })
)

it.live("many programs that go on together keep no timer waiting", () =>
  Effect.gen(function* () {
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "perdure-limits-"))),
      (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
    )
    let turns = 0
    const Busy = Workflow.make("Busy", { input: Schema.Int })
    const main = Busy.toLayer((number) =>
      Effect.map(Work(number), () => {
        const until = performance.now() + 2
        while (performance.now() < until);
        turns++
      })
    ).pipe(
      Layer.provide(Work.toLayer(Effect.succeed)),
      Layer.provideMerge(DefaultExecutor.layer),
      Layer.provide(Sqlite.layer({ filename: join(folder, "limits.db") }))
    )
    yield* Effect.gen(function* () {
      let gap = 0
      let last = performance.now()
      yield* Effect.forkChild(
        Effect.sync(() => {
          gap = Math.max(gap, performance.now() - last)
          last = performance.now()
        }).pipe(Effect.repeat(Schedule.spaced("5 millis")))
      )
      yield* Effect.forEach(numbers(300), (number) => Busy.start(number), { concurrency: "unbounded" })
      yield* Lab.until(Effect.sync(() => turns === 300))
      assert.isBelow(gap, 300)
    }).pipe(Effect.provide(main))
  }).pipe(Effect.scoped)
)

it.effect("each commit of a group is answered, also when what follows from one throws", () =>
  Effect.gen(function* () {
    const told: Array<string> = []
    const waiting: Array<() => void> = []
    const context = yield* Effect.context<never>()
    const store = {
      guarantees: { durability: "process" },
      saveAll: (commits: ReadonlyArray<Commit>) => Effect.succeed(commits.map(() => Exit.void))
    }
    const fibers = new Fibers(context, yield* Clock.Clock)
    const saves = new Saves({
      fibers,
      observed: new Observed(fibers),
      store: store as never,
      dispatcher: { scheduleTask: (run) => void waiting.push(run), flush: () => {} },
      monotonic: () => 0
    })
    for (const id of ["a", "b", "c"]) {
      saves.save({ id } as Commit, (outcome) => {
        told.push(`${id} ${String(outcome)}`)
        if (id !== "c") throw new Error("a fault of what follows")
      })
    }
    try {
      for (const run of waiting) run()
    } catch {
      // It goes to the edge of the loop.
    }
    assert.deepStrictEqual(told, ["a Saved", "b Saved", "c Saved"])
  })
)

const hanging = {
  "does not answer": Effect.never,
  "does not let itself be interrupted": Effect.uninterruptible(Effect.never)
}

for (const [what, never] of Object.entries(hanging)) {
  for (const drain of [false, true]) {
    it.live(`a shutdown ${drain ? "with drain " : ""}ends at its time when the store ${what}`, () =>
      Effect.gen(function* () {
        let hangs = false
        const heartbeats = yield* Latch.make(false)
        const over = <A, E>(effect: Effect.Effect<A, E>) => Effect.suspend(() => (hangs ? never : effect))
        const store = Layer.effect(
          WorkflowStore,
          Effect.map(WorkflowStore, (store) => ({
            ...store,
            guarantees: { ...store.guarantees, durability: "process" as const },
            saveAll: (commits: ReadonlyArray<Commit>) => over(store.saveAll(commits)),
            list: (filter) => over(store.list(filter)),
            heartbeat: (worker, lease) =>
              Effect.andThen(
                Effect.suspend(() => (hangs ? heartbeats.open : Effect.void)),
                over(store.heartbeat(worker, lease))
              )
          }))
        ).pipe(Layer.provide(Memory.layer))
        const scope = yield* Scope.make()
        const main = Part.toLayer((number) => Effect.andThen(Work(number), Work(number))).pipe(
          Layer.provide(Work.toLayer((number) => Effect.as(gate.await, number))),
          Layer.provideMerge(
            DefaultExecutor.layerWith({ shutdownTimeout: "400 millis", heartbeatInterval: "20 millis", drain })
          ),
          Layer.provide(store)
        )
        const gate = yield* Latch.make(false)
        const context = yield* Layer.buildWithScope(main, scope)
        yield* Effect.provideContext(Part.start(1), context)
        hangs = true
        yield* gate.open
        yield* heartbeats.await
        const before = yield* Clock.currentTimeMillis
        yield* Scope.close(scope, Exit.void)
        assert.isBelow((yield* Clock.currentTimeMillis) - before, 1000)
      })
    )
  }
}
