/** What of Effect blocks an execution, and what goes unnoticed: each with what is said, or with what comes of it. */
import { assert, describe, it } from "@effect/vitest"
import {
  Clock,
  Config,
  Context,
  Cron,
  DateTime,
  Effect,
  Fiber,
  HashSet,
  Layer,
  Logger,
  ManagedRuntime,
  References,
  Request,
  RequestResolver,
  Result,
  Scheduler,
  Semaphore,
  Stream,
  Tracer
} from "effect"
import type { WorkflowContext } from "perdure/WorkflowContext"
import { silenced } from "../../src/internal/replay/silence.ts"
import { Interpreter } from "../../src/internal/replay/Interpreter.ts"
import { Echo } from "../corpus/activities.ts"
import { budget } from "../replay/Driver.ts"
import { fired, Live, resolved } from "../replay/programs.ts"

/** How long promises and timers of the host get, in milliseconds. */
const aWhile = 20

const base = silenced(Context.make(Logger.CurrentLoggers, new Set<Logger.Logger<unknown, unknown>>()))
const echo = (value: number) => Echo(value) as Effect.Effect<number, never, WorkflowContext>

type Program = Effect.Effect<unknown, unknown, WorkflowContext>
type Bare = Effect.Effect<null, never, WorkflowContext>

/** A program that calls an activity, does something, and calls another one. */
const between = (something: Program): Bare =>
  Effect.orDie(Effect.as(Effect.andThen(Effect.andThen(echo(1), something), echo(2)), null))

/** Runs it until it has its first result, and lets the host do what is left. */
const blocked = Effect.fnUntraced(function* (something: Program) {
  const live = new Live(between(something), { base })
  live.deliver(resolved(0, { value: 1 }))
  yield* Effect.sleep(aWhile)
  return { live, problem: live.interpreter.problem }
})

/** Replays the history of a program that has had the results of so many calls. */
const replayed = (program: Bare, live: Live) => {
  const interpreter = new Interpreter(() => program, base, budget)
  interpreter.replay(live.history)
  return interpreter.problem
}

class Price extends Context.Service<Price, number>()("test/effects/Price") {}

describe("asynchronous work blocks the execution, which says to move it into an activity", () => {
  const ways: Readonly<Record<string, () => Program>> = {
    "Effect.promise": () => Effect.promise(() => Promise.resolve(1)),
    "Effect.tryPromise": () => Effect.tryPromise(() => Promise.reject(new Error("no"))),
    "Effect.callback of a timer of the host": () =>
      Effect.callback<void>((resume) => {
        setTimeout(() => resume(Effect.void), 1)
      }),
    "setTimeout that forks into the program": () =>
      Effect.flatMap(Effect.context<WorkflowContext>(), (context) =>
        Effect.andThen(
          Effect.sync(() => void setTimeout(() => Effect.runForkWith(context)(echo(3)), 1)),
          Effect.never
        )
      ),
    "Stream.fromAsyncIterable": () =>
      Stream.runDrain(
        Stream.fromAsyncIterable(
          (async function* () {
            yield 1
          })(),
          String
        )
      ),
    "Stream.fromReadableStream": () =>
      Stream.runDrain(
        Stream.fromReadableStream({ evaluate: () => Stream.toReadableStream(Stream.make(1)), onError: String })
      ),
    "Effect.runFork of a sleep": () => Effect.suspend(() => Fiber.join(Effect.runFork(Effect.sleep(1)))),
    "Effect.runPromise": () => Effect.promise(() => Effect.runPromise(Effect.succeed(1))),
    "ManagedRuntime of a Layer that sleeps": () =>
      Effect.suspend(() => ManagedRuntime.make(Layer.effect(Price, Effect.as(Effect.sleep(1), 1))).contextEffect),
    "a Clock of the host": () => Effect.provideService(Effect.sleep(1), Clock.Clock, Clock.Clock.defaultValue()),
    "a Scheduler of its own": () =>
      Effect.provideService(
        Effect.andThen(Effect.yieldNow, echo(3)),
        Scheduler.Scheduler,
        new Scheduler.MixedScheduler()
      ),
    "References.PreventSchedulerYield": () =>
      Effect.provideService(
        Effect.andThen(
          Effect.promise(() => Promise.resolve(1)),
          echo(3)
        ),
        References.PreventSchedulerYield,
        true
      )
  }
  for (const [name, way] of Object.entries(ways)) {
    it.live(name, () =>
      Effect.gen(function* () {
        const { live, problem } = yield* blocked(way())
        assert.strictEqual(problem?.reason, "AsynchronousWork")
        assert.include(problem?.message, `workflow "Test" after ActivityResolved #0 Success did asynchronous work`)
        assert.include(problem?.message, "a promise, callback or timer of the host woke it")
        assert.include(problem?.message, "move that work into an activity")
        assert.deepStrictEqual(live.commands, ["Echo#0"])
      })
    )
  }

  it.live("Effect.promise, with the function of the program that waits for it", () =>
    Effect.gen(function* () {
      const fetchPrice = Effect.fn("fetchPrice")(() => Effect.promise(() => Promise.resolve(1)))
      const { problem } = yield* blocked(fetchPrice())
      assert.match(problem?.message ?? "", /outside an activity in fetchPrice at .*refused\.test\.ts/)
    })
  )
})

describe("what belongs to the process blocks the execution, and says what to do", () => {
  it.live("Config", () =>
    Effect.gen(function* () {
      const { problem } = yield* blocked(Config.String("RATE"))
      assert.strictEqual(problem?.reason, "NonDeterminism")
      assert.include(problem?.message, `reads the configuration "RATE" of its process`)
      assert.include(problem?.message, "read it outside and pass it as input, or read it in an activity")
    })
  )

  it.live("a Config with a default", () =>
    Effect.gen(function* () {
      const { problem } = yield* blocked(Config.withDefault(Config.Number("RATE"), 7))
      assert.strictEqual(problem?.reason, "NonDeterminism")
    })
  )

  it.live("Effect.forever that never waits", () =>
    Effect.gen(function* () {
      const live = new Live(between(Effect.forever(Effect.yieldNow)), { base, budget: { ...budget, milliseconds: 25 } })
      live.deliver(resolved(0, { value: 1 }))
      assert.strictEqual(live.interpreter.problem?.reason, "Spinning")
      assert.include(live.interpreter.problem?.message, "long computations belong in an activity")
    })
  )

  it.live("a Semaphore that executions share", () =>
    Effect.gen(function* () {
      const shared = Semaphore.makeUnsafe(1)
      const program = Effect.as(shared.withPermit(echo(1)), null)
      const [holder, waiting] = [new Live(program, { base }), new Live(program, { base })]
      assert.deepStrictEqual([holder.commands, waiting.commands], [["Echo#0"], []])
      holder.deliver(resolved(0, { value: 1 }))
      assert.strictEqual(holder.value, null)
      assert.strictEqual(waiting.interpreter.problem?.reason, "AsynchronousWork")
      assert.include(waiting.interpreter.problem?.message, "or what it shares with another execution")
      assert.include(waiting.interpreter.problem?.message, "make in the program what its fibers share")
    })
  )

  it.live("a RequestResolver with a delay that executions share", () =>
    Effect.gen(function* () {
      const program = Effect.as(
        Effect.request(new GetPrice({ id: 1 }), RequestResolver.setDelay(prices, "1 second")),
        null
      )
      const [first, second] = [new Live(program, { base }), new Live(program, { base })]
      assert.deepStrictEqual([first.commands, second.commands], [["timer#0 until 2000"], []])
      first.deliver(fired(0, 2000))
      first.deliver(resolved(1, { value: 2 }))
      assert.strictEqual(first.value, null)
      assert.strictEqual(second.interpreter.problem?.reason, "AsynchronousWork")
    })
  )
})

class GetPrice extends Request.TaggedClass("GetPrice")<{ readonly id: number }, number, never, WorkflowContext> {}

const prices = RequestResolver.make<GetPrice>((entries) =>
  Effect.provideContext(
    Effect.flatMap(echo(entries.length), (count) =>
      Effect.forEach(entries, (entry) => Request.succeed(entry, count), { discard: true })
    ),
    entries[0].context
  )
)

describe("a defect of the program", () => {
  it.live("Effect.runSync of what waits", () =>
    Effect.gen(function* () {
      const { live } = yield* blocked(Effect.sync(() => Effect.runSync(Effect.sleep(1))))
      const last = live.history.at(-1)
      assert.strictEqual(last?._tag, "ExecutionFailed")
      assert.include(JSON.stringify(last), "An asynchronous Effect was executed with Effect.runSync")
    })
  )
})

describe("what goes unnoticed, until it changes what the program asks for", () => {
  let count = 0
  /** What differs in each run of a process, and how it is read. */
  const ways: Readonly<Record<string, Effect.Effect<number>>> = {
    "Date.now in Effect.sync": Effect.sync(() => Date.now() + count++),
    "DateTime.nowUnsafe": Effect.sync(() => DateTime.toEpochMillis(DateTime.nowUnsafe()) + count++),
    "Math.random": Effect.sync(() => Math.random()),
    "Cron.next without a time": Effect.sync(
      () => Cron.next(Result.getOrThrow(Cron.parse("* * * * * *", "UTC"))).getTime() + count++
    ),
    "Effect.runSync, which has the Clock of the host": Effect.sync(
      () => Effect.runSync(Clock.currentTimeMillis) + count++
    ),
    "the id of a fiber": Effect.fiberId
  }
  for (const [name, read] of Object.entries(ways)) {
    it(name, () => {
      const used = Effect.as(Effect.flatMap(read, echo), null)
      const live = new Live(used, { base })
      const problem = replayed(used, live)
      assert.strictEqual(problem?.reason, "NonDeterminism")
      assert.include(problem?.message, "Echo")

      const unused = Effect.as(Effect.andThen(read, echo(1)), null)
      assert.isUndefined(replayed(unused, new Live(unused, { base })))
    })
  }

  it("a RequestResolver that executions share, of which one is blocked while it asks", () => {
    const shared = RequestResolver.make<GetPrice>(() => Effect.void)
    const asking = Effect.request(new GetPrice({ id: 1 }), shared)
    const stopped = Effect.andThen(Effect.forkChild(asking, { startImmediately: true }), Config.String("RATE"))
    const first = new Live(Effect.orDie(Effect.as(stopped, null)), { base })
    assert.strictEqual(first.interpreter.problem?.reason, "NonDeterminism")
    const second = new Live(Effect.as(asking, null), { base })
    assert.isUndefined(second.interpreter.problem)
    assert.isFalse(second.interpreter.closed)
  })

  it("the order of a HashSet whose members have no hash of their own", () => {
    const members = () => Array.from({ length: 40 }, (_, index) => () => index)
    const orderOf = () => Array.from(HashSet.fromIterable(members()), (member) => member()).join()
    assert.notStrictEqual(orderOf(), orderOf())
  })

  it("a Logger or a Tracer that the program provides hears replays too", () => {
    const told: Array<string> = []
    const logger = Logger.make<unknown, void>(({ message }) => void told.push(`log ${String(message)}`))
    const tracer = Tracer.make({
      span: (options) => {
        told.push(`span ${options.name}`)
        return new Tracer.NativeSpan(options)
      }
    })
    const tell = Effect.withSpan(Effect.log("own"), "own")
    const program = Effect.as(
      Effect.andThen(tell, echo(1)).pipe(Effect.withLogger(logger), Effect.withTracer(tracer)),
      null
    )
    const live = new Live(program, { base })
    assert.deepStrictEqual(told, ["span own", "log own"])
    assert.isUndefined(replayed(program, live))
    assert.deepStrictEqual(told, ["span own", "log own", "span own", "log own"])
  })

  it("setTimeout that does not wake the program", () => {
    const program = Effect.as(
      Effect.andThen(
        Effect.sync(() => void setTimeout(() => {}, 1)),
        echo(1)
      ),
      null
    )
    const live = new Live(program, { base })
    assert.deepStrictEqual(live.commands, ["Echo#0"])
    assert.isUndefined(replayed(program, live))
  })

  it("Effect.runSync of what does not wait", () => {
    const program = Effect.as(
      Effect.flatMap(
        Effect.sync(() => Effect.runSync(Effect.succeed(3))),
        echo
      ),
      null
    )
    const live = new Live(program, { base })
    assert.isUndefined(replayed(program, live))
  })
})
