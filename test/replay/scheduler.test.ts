import { assert, describe, it } from "@effect/vitest"
import { Console, Context, Deferred, Effect, Exit, Logger, Metric, Queue, References, Scheduler, Tracer } from "effect"
import type { WorkflowContext } from "perdure/WorkflowContext"
import { Interpreter } from "../../src/internal/replay/Interpreter.ts"
import { silenced } from "../../src/internal/replay/silence.ts"
import { WorkflowScheduler } from "../../src/internal/replay/WorkflowScheduler.ts"
import { Echo } from "../corpus/activities.ts"
import { budget } from "./Driver.ts"
import { fired, Live, resolved, started } from "./programs.ts"

const echo = (value: number) => Echo(value) as Effect.Effect<number, never, WorkflowContext>

/** A pause of the host, not of a program. */
const aWhile = Effect.callback<void>((resume) => {
  setTimeout(() => resume(Effect.void), 5)
})

describe("asynchronous work outside an activity is caught and named", () => {
  const ways: Readonly<Record<string, Effect.Effect<unknown>>> = {
    "a promise": Effect.promise(() => Promise.resolve(1)),
    "a promise that fails": Effect.orDie(Effect.tryPromise(() => Promise.reject(new Error("no")))),
    "a timer of the host": aWhile,
    "a microtask": Effect.callback((resume) => queueMicrotask(() => resume(Effect.void))),
    "a fiber that was forked for it": Effect.flatMap(Effect.forkChild(aWhile), (fiber) =>
      Effect.never.pipe(Effect.as(fiber))
    )
  }
  for (const [name, way] of Object.entries(ways)) {
    it.live(`${name}`, () =>
      Effect.gen(function* () {
        let wentOn = false
        const work = Effect.fn("collectPrices")(function* () {
          yield* way
          wentOn = true
        })
        const live = new Live(
          Effect.ensuring(
            Effect.flatMap(echo(1), work),
            Effect.sync(() => (wentOn = true))
          ).pipe(Effect.as(null))
        )
        live.deliver(resolved(0, { value: 1 }))
        const before = live.interpreter.problem
        assert.isUndefined(before)
        yield* Effect.sleep(20)
        const { problem } = live.interpreter
        assert.strictEqual(problem?.reason, "AsynchronousWork")
        assert.include(
          problem?.message,
          `workflow "Test" after ActivityResolved #0 Success did asynchronous work outside an activity`
        )
        assert.isFalse(wentOn)
        assert.deepStrictEqual(live.interpreter.take(), [])
        assert.deepStrictEqual(live.deliver(resolved(0, { value: 1 })), [])
      })
    )
  }

  const unasked: Readonly<Record<string, <A>(effect: Effect.Effect<A>) => Effect.Effect<A>>> = {
    "is kept from yielding": Effect.provideService(References.PreventSchedulerYield, true),
    "has a scheduler of its own": Effect.provideService(Scheduler.Scheduler, new Scheduler.MixedScheduler())
  }
  for (const [name, without] of Object.entries(unasked)) {
    it.live(`in a fiber that ${name}, when it calls an activity or ends`, () =>
      Effect.gen(function* () {
        let woken = 0
        for (const next of [Effect.void, echo(1), Effect.die(new Error("it failed"))]) {
          const program = Effect.as(Effect.andThen(without(aWhile), next), null)
          const interpreter = new Interpreter(
            () => without(program as Effect.Effect<null>),
            Context.empty(),
            budget,
            () => woken++
          )
          interpreter.deliver(started())
          yield* Effect.sleep(20)
          assert.strictEqual(interpreter.problem?.reason, "AsynchronousWork")
          assert.isFalse(interpreter.closed)
          assert.deepStrictEqual(interpreter.take(), [])
        }
        assert.strictEqual(woken, 3)
      })
    )
  }

  it.live("with the function of the program that did it", () =>
    Effect.gen(function* () {
      const collectPrices = Effect.fn("collectPrices")(() => Effect.as(aWhile, null))
      const live = new Live(collectPrices())
      yield* Effect.sleep(20)
      assert.include(live.interpreter.problem?.message, " in collectPrices")
      assert.include(live.interpreter.problem?.message, "scheduler.test.ts")
    })
  )

  it.effect("a deferred completed from outside", () =>
    Effect.gen(function* () {
      const deferred = yield* Deferred.make<null>()
      const live = new Live(Deferred.await(deferred))
      yield* Deferred.succeed(deferred, null)
      assert.strictEqual(live.interpreter.problem?.reason, "AsynchronousWork")
      assert.isFalse(live.interpreter.closed)
    })
  )

  it.effect("a queue filled from outside", () =>
    Effect.gen(function* () {
      const queue = yield* Queue.unbounded<null>()
      const live = new Live(Queue.take(queue))
      yield* Queue.offer(queue, null)
      yield* Effect.yieldNow
      assert.strictEqual(live.interpreter.problem?.reason, "AsynchronousWork")
      assert.isFalse(live.interpreter.closed)
    })
  )
})

describe("spinning is caught within the budget, and the process goes on", () => {
  const forever: Effect.Effect<never> = Effect.suspend(() => forever)
  const fork: Effect.Effect<never> = Effect.flatMap(Effect.forkChild(Effect.void), () => fork)
  const ways: Readonly<Record<string, Effect.Effect<never>>> = {
    "for ever yielding": Effect.forever(Effect.yieldNow),
    "for ever doing nothing": Effect.forever(Effect.void),
    "a recursive loop": forever,
    "for ever sleeping no time": Effect.forever(Effect.sleep(0)),
    "for ever forking": fork,
    "in a finalizer": Effect.ensuring(Effect.die("x"), forever),
    "two fibers that wake each other": Effect.gen(function* () {
      const [ping, pong] = [yield* Queue.unbounded<null>(), yield* Queue.unbounded<null>()]
      yield* Effect.forkChild(Effect.forever(Effect.flatMap(Queue.take(ping), () => Queue.offer(pong, null))))
      return yield* Effect.forever(Effect.flatMap(Queue.offer(ping, null), () => Queue.take(pong)))
    })
  }
  for (const [name, way] of Object.entries(ways)) {
    it.live(`${name}`, () =>
      Effect.gen(function* () {
        const begin = performance.now()
        const live = new Live(way, { budget: { ...budget, milliseconds: 25 } })
        assert.strictEqual(live.interpreter.problem?.reason, "Spinning")
        assert.include(
          live.interpreter.problem?.message,
          `workflow "Test" after ExecutionStarted Test(null) ran for 25 ms`
        )
        assert.isBelow(performance.now() - begin, 1000)
        yield* Effect.sleep(1)
        assert.deepStrictEqual(live.interpreter.take(), [])
      })
    )
  }

  it("a long computation that ends within the budget is not", () => {
    const count = Effect.map(
      Effect.forEach(Array.from({ length: 20_000 }), (_, i) => Effect.succeed(i)),
      (all) => all.length
    )
    assert.strictEqual(new Live(count).value, 20_000)
  })

  it("the budget is that of one delivery, not of the whole run", () => {
    let now = 0
    // Every look at the clock finds ten milliseconds gone; a delivery looks about once.
    const clock = { milliseconds: 100, now: () => (now += 10), used: () => now }
    const work = Effect.flatMap(Effect.repeat(Effect.void, { times: 1000 }), () => Effect.sleep(1))
    const live = new Live(Effect.as(Effect.repeat(work, { times: 29 }), "done"), { budget: clock })
    for (let seq = 0; seq < 30; seq++) live.deliver(fired(seq, 2000 + seq))
    assert.strictEqual(live.value, "done")
    assert.isAbove(now, 600)
  })

  it("what was frozen has not worked, and has the time that is left", () => {
    const time = { now: 0, used: 0 }
    const clock = { milliseconds: 100, now: () => time.now, used: () => time.used }
    const scheduler = new WorkflowScheduler(
      clock,
      () => "it",
      () => assert.fail("nothing woke it")
    )
    /** So much passes, and the processor works for some of it, before the next look at the clock. */
    const after = (passed: number, worked: number) => {
      time.now += passed
      time.used += worked
      for (let operation = 0; operation < 4096; operation++) scheduler.shouldYield({} as never)
      return scheduler.problem?.reason
    }
    scheduler.flush(() => {
      assert.isUndefined(after(10, 10))
      assert.isUndefined(after(1_000_000, 40), "it has worked for 40 of 100 ms")
      assert.isUndefined(after(59, 50))
    })
    // The next delivery has a budget of its own.
    scheduler.flush(() => {
      assert.isUndefined(after(10, 10))
      assert.isUndefined(after(95, 90))
      assert.strictEqual(after(10, 5), "Spinning")
    })
  })
})

describe("the scheduler", () => {
  it("runs what it is given first in, first out, and only in a flush", () => {
    const ran: Array<string> = []
    const scheduler = new WorkflowScheduler(
      budget,
      () => "here",
      () => ran.push("woken")
    )
    scheduler.flush(() => {
      scheduler.makeDispatcher().scheduleTask(() => {
        ran.push("a")
        scheduler.scheduleTask(() => ran.push("c"))
      }, 0)
      scheduler.scheduleTask(() => ran.push("b"))
      ran.push("start")
    })
    assert.deepStrictEqual(ran, ["start", "a", "b", "c"])
    scheduler.scheduleTask(() => ran.push("late"))
    assert.strictEqual(scheduler.problem?.reason, "AsynchronousWork")
    scheduler.flush(() => ran.push("never"))
    assert.deepStrictEqual(ran, ["start", "a", "b", "c", "woken"])
  })

  it("is empty after a flush in which something was thrown", () => {
    const ran: Array<string> = []
    const scheduler = new WorkflowScheduler(
      budget,
      () => "here",
      () => assert.fail("nothing woke it")
    )
    assert.throws(
      () =>
        scheduler.flush(() => {
          scheduler.scheduleTask(() => ran.push("left"))
          throw new Error("past all fibers")
        }),
      "past all fibers"
    )
    scheduler.flush(() => ran.push("next"))
    assert.deepStrictEqual(ran, ["next"])
  })

  it("keeps the first problem", () => {
    const scheduler = new WorkflowScheduler(
      budget,
      () => "here",
      () => assert.fail("nothing woke it")
    )
    scheduler.stop({ reason: "NonDeterminism", message: "first" })
    scheduler.stop({ reason: "Spinning", message: "second" })
    assert.strictEqual(scheduler.problem?.message, "first")
  })
})

describe("what a program tells the world is told once: live, not in replay", () => {
  it.effect("logs, the console and spans", () =>
    Effect.gen(function* () {
      const told: Array<string> = []
      const context = Context.empty().pipe(
        Context.add(
          Logger.CurrentLoggers,
          new Set([Logger.make(({ message }) => told.push(`log ${String(message)}`))])
        ),
        Context.add(Console.Console, {
          ...globalThis.console,
          log: (line: unknown) => told.push(`console ${String(line)}`)
        }),
        Context.add(
          Tracer.Tracer,
          Tracer.make({
            span: (options) => {
              told.push(`span ${options.name}`)
              return new Tracer.NativeSpan(options)
            }
          })
        )
      )
      const tell = (name: string) => Effect.log(name).pipe(Effect.andThen(Console.log(name)), Effect.withSpan(name))
      const program = Effect.gen(function* () {
        yield* tell("one")
        yield* Effect.forkChild(tell("two"))
        yield* echo(1)
        yield* tell("three")
        return yield* echo(2)
      })
      const base = silenced(context)
      const live = new Live(program, { base })
      const before = ["span one", "log one", "console one", "span two", "log two", "console two"]
      assert.deepStrictEqual(told.toSorted(), before.toSorted())
      live.deliver(resolved(0, { value: 1 }))
      const after = ["span three", "log three", "console three"]
      assert.deepStrictEqual(told.toSorted(), [...before, ...after].toSorted())

      told.length = 0
      const interpreter = new Interpreter(() => program, base, budget)
      interpreter.replay(live.history.slice(0, 2))
      assert.deepStrictEqual(told, [])
      interpreter.deliver(resolved(0, { value: 1 }))
      assert.deepStrictEqual(told.toSorted(), after.toSorted())

      told.length = 0
      new Interpreter(() => program, base, budget).replay(live.history)
      assert.deepStrictEqual(told, [])
    })
  )

  it.effect("metrics, in the registry of the process and with its attributes", () =>
    Effect.gen(function* () {
      const count = Metric.counter("orders")
      const slowest = Metric.gauge("slowest", { attributes: { unit: "ms" } })
      const program = Effect.gen(function* () {
        yield* Metric.update(count, 1)
        yield* echo(1)
        yield* Metric.update(count, 1)
        yield* Metric.modify(slowest, 5)
        return yield* echo(2)
      })
      /** The metrics of a process, and what they count. */
      const makeProcess = () => {
        const context = Context.make(Metric.MetricRegistry, new Map()).pipe(
          Context.add(Metric.CurrentMetricAttributes, { shop: "a" })
        )
        const counted = Effect.provideContext(
          Effect.all([Metric.value(count), Metric.value(slowest)]).pipe(
            Effect.map(([{ count }, { value }]) => [count, value])
          ),
          context
        )
        return { base: silenced(context), context, counted }
      }
      const first = makeProcess()
      const live = new Live(program, { base: first.base })
      live.deliver(resolved(0, { value: 1 }))
      assert.deepStrictEqual(yield* first.counted, [2, 5])
      new Interpreter(() => program, first.base, budget).replay(live.history)
      assert.deepStrictEqual(yield* first.counted, [2, 5])
      yield* Effect.provideContext(Metric.update(count, 10), first.context)
      assert.deepStrictEqual(yield* first.counted, [12, 5])

      const next = makeProcess()
      const interpreter = new Interpreter(() => program, next.base, budget)
      interpreter.replay(live.history.slice(0, 2))
      assert.deepStrictEqual(yield* next.counted, [0, 0])
      interpreter.deliver(resolved(0, { value: 1 }))
      assert.deepStrictEqual(yield* next.counted, [1, 5])
      const snapshot = yield* Effect.provideContext(Metric.snapshot, next.base)
      assert.deepStrictEqual(
        snapshot.map(({ attributes, id }) => [id, attributes]),
        [
          ["orders", { shop: "a" }],
          ["slowest", { unit: "ms", shop: "a" }]
        ]
      )
    })
  )

  it("with the settings of the process for logs and spans, and with no other reference of it", () => {
    const told: Array<string> = []
    const Tariff = Context.Reference("perdure/test/Tariff", { defaultValue: () => "standard" })
    const logger = Logger.make(({ fiber, message }) =>
      told.push(`${String(message)} ${JSON.stringify(fiber.getRef(References.CurrentLogAnnotations))}`)
    )
    const tracer = Tracer.make({
      span: (options) => {
        told.push(options.sampled ? "span" : "span, not sampled")
        return new Tracer.NativeSpan(options)
      }
    })
    const tell = (base: Context.Context<never>) => {
      told.length = 0
      const live = new Live(
        Effect.gen(function* () {
          yield* Effect.logDebug("debug")
          yield* Effect.logInfo("info")
          yield* Effect.withSpan(Effect.void, "work")
          yield* Effect.logError(yield* Tariff)
          return yield* echo(1)
        }),
        { base: silenced(base) }
      )
      assert.deepStrictEqual(live.commands, ["Echo#0"])
      return [...told]
    }
    const context = Context.make(Logger.CurrentLoggers, new Set([logger])).pipe(
      Context.add(Tracer.Tracer, tracer),
      Context.add(Tariff, "special")
    )
    /** A line of the log, with the execution that it is of. */
    const line = (text: string, annotations = {}) => {
      const { runId, workflow, workflowId } = started()
      return `${text} ${JSON.stringify({ ...annotations, workflow, workflowId, runId })}`
    }
    assert.deepStrictEqual(tell(context), [line("info"), "span", line("standard")])
    const settings = context.pipe(
      Context.add(References.MinimumLogLevel, "Debug"),
      Context.add(References.CurrentLogAnnotations, { app: "shop" }),
      Context.add(References.TracerEnabled, false)
    )
    const shop = { app: "shop" }
    assert.deepStrictEqual(tell(settings), [line("debug", shop), line("info", shop), line("standard", shop)])
    const few = context.pipe(
      Context.add(References.MinimumLogLevel, "Error"),
      Context.add(Tracer.MinimumTraceLevel, "Error")
    )
    assert.deepStrictEqual(tell(few), ["span, not sampled", line("standard")])
  })

  it("and what is not a function of the console is left as it is", () => {
    const quiet = Context.get(
      silenced(Context.add(Context.empty(), Console.Console, Object.assign({ ...globalThis.console }, { size: 3 }))),
      Console.Console
    )
    assert.strictEqual(Reflect.get(quiet, "size"), 3)
  })
})

describe("a program that ends", () => {
  it("waits for the finalizers of fibers that it leaves", () => {
    const program = Effect.andThen(
      Effect.forkChild(Effect.ensuring(Effect.never, echo(9))),
      Effect.as(Effect.sleep(1), "end")
    )
    const live = new Live(program)
    live.deliver(fired(0, 1001))
    assert.deepStrictEqual(live.commands, ["timer#0 until 1001", "Echo#1"])
    live.deliver(resolved(1, { value: 9 }))
    assert.strictEqual(live.value, "end")
  })

  it("does not hear the end of a fiber that nobody owns", () => {
    const live = new Live(
      Effect.as(
        Effect.forkDetach(
          Effect.onExit(Effect.sleep(5), (exit) => Effect.sync(() => assert.isTrue(Exit.isSuccess(exit))))
        ),
        "end"
      )
    )
    assert.strictEqual(live.value, "end")
    assert.deepStrictEqual(live.deliver(fired(0, 1005)), [])
  })
})
