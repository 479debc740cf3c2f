/** The clock of the machine is set while executors run: the wall clock steps, and the time that passes does not. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, Duration, Effect, Exit, Layer, Schema, Scope } from "effect"
import { Signal, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { TestClock } from "effect/testing"
import { Alarms } from "../../src/Executor/default/Alarms.ts"
import { AnswerTimeouts } from "../../src/Executor/default/AnswerTimeouts.ts"
import { Fibers } from "../../src/Executor/default/Fibers.ts"
import { monotone } from "../../src/internal/monotone.ts"
import * as Lab from "../suites/executor/Lab.ts"

const hour = 3_600_000
const year = 365 * 24 * hour

/** A clock of which a test moves both times. */
const handMoved = (wall = 1_700_000_000_000) => {
  const time = { wall, passed: 5000 }
  const live = Clock.Clock.defaultValue()
  const clock: Clock.Clock = Object.assign(Object.create(live) as Clock.Clock, {
    currentTimeMillisUnsafe: () => time.wall,
    monotonicTimeNanosUnsafe: () => BigInt(Math.round(time.passed * 1_000_000))
  })
  const pass = (milliseconds: number) => {
    time.passed += milliseconds
    time.wall += milliseconds
  }
  return { clock, pass, time }
}

describe("the time of a process", () => {
  it("is that of the wall clock, as long as nothing sets it", () => {
    const { clock, pass, time } = handMoved()
    const now = monotone(clock)
    for (let count = 0; count < 1000; count++) {
      assert.strictEqual(now(), time.wall)
      pass(count)
    }
  })

  it("goes on from where it was when the wall clock is set back, as fast as before", () => {
    const { clock, pass, time } = handMoved()
    const now = monotone(clock)
    const begun = now()
    time.wall -= hour
    assert.strictEqual(now(), begun)
    pass(10_000)
    assert.strictEqual(now(), begun + 10_000)
    time.wall -= year
    pass(10_000)
    assert.strictEqual(now(), begun + 20_000)
    time.wall += year + hour
    assert.strictEqual(now(), begun + 20_000)
  })

  it("goes with the wall clock when that is set forward, and stays there when it is put right again", () => {
    const { clock, pass, time } = handMoved()
    const now = monotone(clock)
    const begun = now()
    time.wall += year
    assert.strictEqual(now(), begun + year)
    time.wall -= year
    assert.strictEqual(now(), begun + year)
    pass(1000)
    assert.strictEqual(now(), begun + year + 1000)
  })

  it("goes with the wall clock over a sleep of the machine, in which the other one stands still", () => {
    const { clock, pass, time } = handMoved()
    const now = monotone(clock)
    const begun = now()
    time.wall += 8 * hour
    pass(1)
    assert.strictEqual(now(), begun + 8 * hour + 1)
  })

  it.prop(
    "never goes back, is never behind the wall clock, and never goes slower than time passes",
    [Schema.Array(Schema.Struct({ passed: Schema.Int, step: Schema.Int }))],
    ([steps]) => {
      const { clock, pass, time } = handMoved()
      const now = monotone(clock)
      let before = now()
      for (const { passed, step } of steps) {
        const length = Math.abs(passed % 100_000) / 16
        pass(Math.floor(length))
        time.passed += length - Math.floor(length)
        time.wall += step % year
        const after = now()
        assert.isAtLeast(after, before)
        assert.isAtLeast(after, time.wall)
        assert.isAtLeast(after - before, Math.floor(length) - 1)
        before = after
      }
    }
  )
})

describe("the timeout of an answer", () => {
  /** Callers that wait, of which each says when it was told, and the time since then. */
  const waiting = Effect.gen(function* () {
    const hands = handMoved()
    const fibers = new Fibers(Context.make(Clock.Clock, hands.clock), hands.clock)
    const alarms = new Alarms(fibers)
    const timeouts = new AnswerTimeouts(30_000, alarms, fibers)
    yield* Effect.addFinalizer(() => Effect.sync(() => alarms.stop()))
    const told: Array<string> = []
    const begin = (name: string) => {
      const reply = () => void told.push(name)
      timeouts.begin(reply)
      return () => timeouts.end(reply)
    }
    return { ...hands, alarms, begin, told }
  })

  it.effect("tells each caller after it and not before, and none that was answered", () =>
    Effect.gen(function* () {
      const { alarms, begin, pass, told } = yield* waiting
      begin("a")
      pass(10_000)
      const answered = begin("b")
      begin("c")
      answered()
      pass(19_999)
      alarms.look()
      assert.deepStrictEqual(told, [])
      pass(1)
      alarms.look()
      assert.deepStrictEqual(told, ["a"])
      pass(10_000)
      alarms.look()
      assert.deepStrictEqual(told, ["a", "c"])
      assert.strictEqual(alarms.size, 0)
    }).pipe(Effect.scoped)
  )

  it.effect("is not longer when the wall clock is set back", () =>
    Effect.gen(function* () {
      const { alarms, begin, pass, time, told } = yield* waiting
      begin("a")
      time.wall -= 5 * hour
      pass(29_999)
      alarms.look()
      assert.deepStrictEqual(told, [])
      pass(1)
      alarms.look()
      assert.deepStrictEqual(told, ["a"])
    }).pipe(Effect.scoped)
  )

  it.effect("is not shorter when the wall clock is set forward", () =>
    Effect.gen(function* () {
      const { alarms, begin, pass, time, told } = yield* waiting
      begin("a")
      time.wall += 5 * hour
      pass(29_000)
      alarms.look()
      assert.deepStrictEqual(told, [])
      pass(1000)
      alarms.look()
      assert.deepStrictEqual(told, ["a"])
    }).pipe(Effect.scoped)
  )
})

const Go = Signal.make("go")
const Nap = Workflow.make("Nap", { input: Schema.Struct({ waits: Schema.Boolean, millis: Schema.Finite }) })
const NapLive = Nap.toLayer(({ millis, waits }) =>
  Effect.andThen(waits ? Go.receive : Effect.void, Effect.sleep(millis))
)

/** A clock of the machine that a test sets. */
const settable = () => {
  const live = Clock.Clock.defaultValue()
  const wall = { ahead: 0 }
  const now = () => live.currentTimeMillisUnsafe() + wall.ahead
  const clock: Clock.Clock = Object.assign(Object.create(live) as Clock.Clock, {
    currentTimeMillisUnsafe: now,
    currentTimeMillis: Effect.sync(now)
  })
  return { clock, wall }
}

/** A worker on the store of the test, by a clock of its own. */
const worker = Effect.fnUntraced(function* (clock: Clock.Clock) {
  const store = yield* WorkflowStore
  const scope = yield* Scope.make()
  const layer = NapLive.pipe(
    Layer.provideMerge(DefaultExecutor.layerWith({ heartbeatInterval: "100 millis" })),
    Layer.provide(Layer.succeed(WorkflowStore, store))
  )
  const memo = Layer.makeMemoMapUnsafe()
  const context = yield* Effect.provideService(Layer.buildWithMemoMap(layer, memo, scope), Clock.Clock, clock)
  const stop = Scope.close(scope, Exit.void)
  yield* Effect.addFinalizer(() => stop)
  const run = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.provideContext(effect, context).pipe(Effect.provideService(Clock.Clock, clock))
  return { run, stop }
})

/** How long an effect takes, in real milliseconds. */
const lengthOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.timed(Effect.timeout(effect, "10 seconds")), ([length]) => Duration.toMillis(length))

describe("a worker whose wall clock is set", () => {
  it.live("forward, has timers that are due then fire within a heartbeat or two", () =>
    Effect.gen(function* () {
      const { clock, wall } = settable()
      const { run } = yield* worker(clock)
      const nap = yield* run(Nap.start({ waits: false, millis: 2 * hour }))
      const later = yield* run(Nap.start({ waits: false, millis: 4 * hour }))
      yield* Effect.sleep("20 millis")
      wall.ahead = 3 * hour
      assert.isBelow(yield* lengthOf(run(nap.result)), 1000)
      assert.strictEqual(yield* run(later.status), "running")
    }).pipe(Effect.scoped, Effect.provide(MemoryStore.layer))
  )

  it.live("back, has timers that fire when they would have", () =>
    Effect.gen(function* () {
      const { clock, wall } = settable()
      const { run } = yield* worker(clock)
      const before = yield* run(Nap.start({ waits: false, millis: 500 }))
      const signalled = yield* run(Nap.start({ waits: true, millis: 500 }))
      yield* Effect.sleep("20 millis")
      wall.ahead = -5 * hour
      yield* run(Go.send(signalled))
      const started = yield* run(Nap.start({ waits: false, millis: 500 }))
      const lengths = yield* Effect.forEach([before, signalled, started], ({ result }) => lengthOf(run(result)), {
        concurrency: "unbounded"
      })
      for (const length of lengths) {
        assert.isAtLeast(length, 300)
        assert.isBelow(length, 3000)
      }
    }).pipe(Effect.scoped, Effect.provide(MemoryStore.layer))
  )

  it.live("a year forward and back, has timers that are as long as they are, also in the next worker", () =>
    Effect.gen(function* () {
      const { clock, wall } = settable()
      const first = yield* worker(clock)
      const here = yield* first.run(Nap.start({ waits: true, millis: 400 }))
      const there = yield* first.run(Nap.start({ waits: true, millis: 400 }))
      yield* Effect.sleep("20 millis")
      wall.ahead = year
      yield* first.run(Effect.andThen(Go.send(here), Go.send(there)))
      wall.ahead = 0
      const length = yield* lengthOf(first.run(here.result))
      assert.isAtLeast(length, 300)
      assert.isBelow(length, 3000)
      const next = yield* first.run(Nap.start({ waits: true, millis: 400 }))
      yield* first.stop

      const second = yield* worker(settable().clock)
      const found = yield* second.run(Nap.handle(next.id))
      yield* second.run(Go.send(found))
      assert.isBelow(yield* lengthOf(second.run(found.result)), 3000)
      const after = yield* lengthOf(second.run(Nap.execute({ waits: false, millis: 400 })))
      assert.isAtLeast(after, 390)
      assert.isBelow(after, 3000)
    }).pipe(Effect.scoped, Effect.provide(MemoryStore.layer))
  )

  it.live("a year forward, leaves to a worker with the right time timers that are as long as they are", () =>
    Effect.gen(function* () {
      const { clock, wall } = settable()
      const first = yield* worker(clock)
      const nap = yield* first.run(Nap.start({ waits: true, millis: 3000 }))
      wall.ahead = year
      yield* first.run(Go.send(nap))
      yield* Lab.until(Effect.map(first.run(nap.describe), ({ waitingFor }) => waitingFor[0]?._tag === "Timer"))
      yield* first.stop
      const second = yield* worker(settable().clock)
      const { result } = yield* second.run(Nap.handle(nap.id))
      const length = yield* lengthOf(second.run(result))
      assert.isAtLeast(length, 2000)
      assert.isBelow(length, 6000)
    }).pipe(Effect.scoped, Effect.provide(MemoryStore.layer))
  )

  it.live("a year forward and back, receives a signal, also as a worker that does what is due", () =>
    Effect.gen(function* () {
      const due = DefaultExecutor.runUntilIdle(NapLive, { within: "10 seconds" })
      const ahead = settable()
      ahead.wall.ahead = year
      const sender = yield* Layer.build(Layer.fresh(DefaultExecutor.layer))
      const waiting = yield* Effect.provideContext(Nap.start({ waits: true, millis: 10 }), sender)
      // It records that it has the execution, at a time that is a year ahead.
      yield* Effect.provideService(due, Clock.Clock, ahead.clock)
      yield* Effect.provideContext(Go.send(waiting), sender)
      assert.isTrue(yield* due)
      const events = yield* Effect.provideContext(waiting.history, sender)
      assert.include(
        events.map(({ _tag }) => _tag),
        "TimerStarted"
      )
    }).pipe(Effect.scoped, Effect.provide(MemoryStore.layer))
  )
})

it.effect("a history that is ahead of the clock stays so much ahead, whatever another process commits meanwhile", () =>
  Effect.gen(function* () {
    yield* TestClock.adjust("1 hour")
    const first = yield* Lab.open(NapLive, { worker: "ahead" })
    const { id } = yield* first.run(Nap.start({ waits: false, millis: hour }))
    yield* Lab.settle
    yield* first.stop
    yield* TestClock.setTime(0)
    const second = yield* Lab.open(NapLive, { worker: "right" })
    const client = yield* Lab.open(Layer.empty)
    yield* Lab.settle
    const status = Effect.map(second.executions.describe(id), (described) => described.status)
    yield* Lab.pass("30 minutes")
    assert.strictEqual(Lab.ownerName(yield* second.executions.describe(id)), "right")
    yield* client.signal(id, "go", null)
    yield* Lab.settle
    yield* Lab.pass("29 minutes")
    assert.strictEqual(yield* status, "running")
    yield* Lab.pass("1 minute")
    assert.strictEqual(yield* status, "completed")
  }).pipe(Effect.scoped, Effect.provide(Lab.layer({ store: MemoryStore.layer, executor: DefaultExecutor.layerWith })))
)
