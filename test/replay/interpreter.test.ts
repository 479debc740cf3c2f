import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, DateTime, Effect, Fiber, Option, Random, Schema, Stream } from "effect"
import { Activity, Signal, Update, Workflow } from "perdure"
import type { DeliveredEvent } from "perdure/HistoryEvent"
import { Sequence } from "perdure/Ids"
import { WorkflowContext } from "perdure/WorkflowContext"
import { Interpreter } from "../../src/internal/replay/Interpreter.ts"
import { Echo, Explode, Hang, Picky, Slow } from "../corpus/activities.ts"
import { Amount, Approve } from "../corpus/programs.ts"
import { budget } from "./Driver.ts"
import { cancelled, fired, Live, resolved, signal, started } from "./programs.ts"

/** The requirements of handlers are for the compiler only: the interpreter runs none. */
const asked = <A, E, R>(effect: Effect.Effect<A, E, R>) => effect as Effect.Effect<A, E, WorkflowContext>

const echo = (value: number) => asked(Echo(value))

const thrown = () => {
  throw new Error("not to be read")
}

describe("3. whatever leaves the program is a command with the next number", () => {
  it("an activity, with its encoded input", () => {
    const live = new Live(echo(7))
    const scheduled = { _tag: "ActivityScheduled", at: 1000, seq: Sequence.make(0), name: "Echo", input: 7 } as const
    assert.deepInclude(live.history[1], scheduled)
    live.deliver(resolved(0, { value: 7 }))
    assert.deepStrictEqual(live.history.at(-1), { _tag: "ExecutionCompleted", at: 2000, value: 7 })
  })

  it("a timer, rounded up to whole milliseconds", () => {
    const live = new Live(Effect.as(Effect.sleep("1500 micros"), null))
    assert.deepStrictEqual(live.commands, ["timer#0 until 1002"])
  })

  it("a sleep of no time needs no timer", () => {
    assert.strictEqual(new Live(Effect.as(Effect.sleep(0), "on")).value, "on")
  })

  it("a sleep without end needs none either", () => {
    const live = new Live(Effect.as(Effect.sleep("Infinity"), null))
    assert.deepStrictEqual(live.commands, [])
    assert.isFalse(live.interpreter.closed)
  })

  it("numbers count on over fibers, in the order in which they ask", () => {
    const live = new Live(
      Effect.map(Effect.all([echo(1), Effect.sleep(5), echo(2)], { concurrency: "unbounded" }), ([a, , b]) => [a, b])
    )
    assert.deepStrictEqual(live.commands, ["Echo#0", "timer#1 until 1005", "Echo#2"])
    live.deliver(resolved(2, { value: 2 }))
    live.deliver(resolved(0, { value: 1 }))
    live.deliver(fired(1, 2005))
    assert.deepStrictEqual(live.value, [1, 2])
  })
})

describe("results of activities", () => {
  it("a typed failure is an error of the call", () => {
    const program = asked(Picky({ call: 1, good: 2 })).pipe(
      Effect.catchTag("Refused", ({ what }) => Effect.succeed(what))
    )
    const live = new Live(program)
    live.deliver(resolved(0, { _tag: "Fail", error: { _tag: "Refused", what: "no" } }))
    assert.strictEqual(live.value, "no")
  })

  it("a defect is a defect of the call, with its name and message", () => {
    const program = asked(Explode("x")).pipe(
      Effect.as("none"),
      Effect.catchDefect((defect) => Effect.succeed(String(defect)))
    )
    const live = new Live(program)
    live.deliver(resolved(0, { _tag: "Die", defect: { name: "RangeError", message: "too far" } }))
    assert.strictEqual(live.value, "RangeError: too far")
  })

  it("a timeout is an error where the activity names it", () => {
    const program = asked(Hang()).pipe(
      Effect.as("none"),
      Effect.catchTag("ActivityTimedOut", ({ activity, after }) => Effect.succeed(`${activity} ${after}`))
    )
    const live = new Live(program)
    live.deliver(resolved(0, { _tag: "TimedOut", after: 200 }))
    assert.strictEqual(live.value, "Hang 200")
  })

  it("and a defect where it does not", () => {
    const live = new Live(echo(1))
    live.deliver(resolved(0, { _tag: "TimedOut", after: 200 }))
    assert.nestedInclude(live.history.at(-1), { _tag: "ExecutionFailed", "failure._tag": "Die" })
  })
})

describe("interruption issues the cancel command", () => {
  it("of an activity that lost a race", () => {
    const live = new Live(Effect.race(echo(1), echo(2)))
    live.deliver(resolved(1, { value: 2 }))
    assert.deepStrictEqual(live.commands, ["Echo#0", "Echo#1", "cancel#0"])
    assert.strictEqual(live.value, 2)
  })

  it("of a timer that was not needed, and of an activity that was too late", () => {
    const program = echo(1).pipe(Effect.timeoutOption(10), Effect.map(Option.getOrElse(() => "late")))
    const inTime = new Live(program)
    inTime.deliver(resolved(0, { value: 1 }))
    assert.deepStrictEqual(inTime.commands, ["Echo#0", "timer#1 until 1010", "cancel#1"])
    const late = new Live(program)
    late.deliver(fired(1, 1010))
    assert.deepStrictEqual(late.commands, ["Echo#0", "timer#1 until 1010", "cancel#0"])
    assert.strictEqual(late.value, "late")
  })

  it("of what an interrupted fiber waits for, once", () => {
    const program = Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(echo(1))
      yield* echo(2)
      yield* Fiber.interrupt(fiber)
      yield* Fiber.interrupt(fiber)
      return null
    })
    const live = new Live(program)
    // The parent's call comes first: a child begins when its parent waits.
    live.deliver(resolved(0, { value: 2 }))
    assert.deepStrictEqual(live.commands, ["Echo#0", "Echo#1", "cancel#1"])
  })

  it("and nothing for an activity that has its result", () => {
    const program = Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(echo(1))
      yield* echo(2)
      yield* Fiber.interrupt(fiber)
      return null
    })
    const live = new Live(program)
    live.deliver(resolved(1, { value: 1 }))
    live.deliver(resolved(0, { value: 2 }))
    assert.deepStrictEqual(live.commands, ["Echo#0", "Echo#1"])
  })
})

describe("signals", () => {
  const amount = asked(Amount.receive)

  it("are kept until somebody takes them, in order", () => {
    const live = new Live(Effect.flatMap(echo(0), () => Effect.all([amount, amount, amount])))
    for (const payload of [3, 1, 2]) live.deliver(signal("amount", payload))
    live.deliver(resolved(0, { value: 0 }))
    assert.deepStrictEqual(live.value, [3, 1, 2])
  })

  it("go to one receiver each, the one who waited longest first", () => {
    const named = (name: string) => Effect.map(amount, (value) => `${name}${value}`)
    const live = new Live(Effect.all([named("a"), named("b")], { concurrency: "unbounded" }))
    live.deliver(signal("amount", 1))
    assert.isFalse(live.interpreter.closed)
    live.deliver(signal("amount", 2))
    assert.deepStrictEqual(live.value, ["a1", "b2"])
  })

  it("of another name stay where they are", () => {
    const live = new Live(Effect.map(asked(Approve.receive), ({ by }) => by))
    live.deliver(signal("amount", 1))
    live.deliver(signal("approve", { by: "Cleo" }))
    assert.strictEqual(live.value, "Cleo")
  })

  it("are not lost to a receive that was interrupted", () => {
    const program = Effect.gen(function* () {
      const early = yield* Effect.timeoutOption(amount, 10)
      return [Option.isNone(early), yield* amount]
    })
    const live = new Live(program)
    live.deliver(fired(0, 1010))
    live.deliver(signal("amount", 5))
    assert.deepStrictEqual(live.value, [true, 5])
  })

  it("are not lost to the loser of a race between two names", () => {
    const approved = Effect.map(asked(Approve.receive), ({ by }) => by)
    const live = new Live(
      Effect.flatMap(Effect.race(amount, approved), (first) => Effect.map(amount, (n) => [first, n]))
    )
    live.deliver(signal("approve", { by: "Dora" }))
    assert.deepStrictEqual(live.interpreter.signals.awaited, ["amount"])
    live.deliver(signal("amount", 6))
    assert.deepStrictEqual(live.value, ["Dora", 6])
  })

  it("come as a stream", () => {
    const live = new Live(asked(Stream.runCollect(Stream.take(Amount.stream, 2))))
    live.deliver(signal("amount", 1))
    live.deliver(signal("amount", 2))
    assert.deepStrictEqual(live.value, [1, 2])
  })

  it("after the end are ignored", () => {
    const live = new Live(amount)
    live.deliver(signal("amount", 1))
    const length = live.history.length
    live.deliver(signal("amount", 2))
    assert.strictEqual(live.history.length, length + 1)
    assert.isUndefined(live.interpreter.problem)
    assert.deepStrictEqual(live.interpreter.signals.awaited, [])
  })
})

describe("5. a program is interrupted by a cancel alone", () => {
  it("and its finalizers run, which may call activities", () => {
    const live = new Live(Effect.onInterrupt(echo(1), () => Effect.asVoid(echo(2))))
    live.deliver(cancelled())
    assert.deepStrictEqual(live.commands, ["Echo#0", "cancel#0", "Echo#1"])
    live.deliver(resolved(1, { value: 2 }))
    assert.deepStrictEqual(live.history.at(-1), { _tag: "ExecutionCancelled", at: 2000, reason: "enough" })
  })

  it("a second cancel does not interrupt the finalizers", () => {
    const live = new Live(Effect.onInterrupt(echo(1), () => Effect.asVoid(echo(2))))
    live.deliver(cancelled())
    assert.deepStrictEqual(live.deliver(cancelled("timeout", "more")), [])
    live.deliver(resolved(1, { value: 2 }))
    assert.deepInclude(live.history.at(-1), { _tag: "ExecutionCancelled", reason: "enough" })
  })

  it("a timeout of the execution ends as one", () => {
    const live = new Live(echo(1))
    live.deliver(cancelled("timeout"))
    assert.deepStrictEqual(live.history.at(-1), { _tag: "ExecutionTimedOut", at: 3000 })
  })

  it("what fails meanwhile is told", () => {
    const live = new Live(Effect.ensuring(echo(1), Effect.die(new Error("no way back"))))
    live.deliver(cancelled())
    const last = live.history.at(-1)
    assert.strictEqual(last?._tag, "ExecutionCancelled")
    if (last?._tag === "ExecutionCancelled") assert.include(last.detail, "no way back")
  })

  it.each<readonly [what: string, thrown: unknown, detail: string]>([
    ["cannot be read", { toJSON: thrown, toString: thrown }, "Error: something was thrown that cannot be read"],
    ["is no error", { code: 7 }, 'Error: {"code":7}'],
    ["has a cause", new Error("outer", { cause: new TypeError("inner") }), "caused by TypeError: inner"]
  ])("what fails meanwhile and %s is told", (_, defect, detail) => {
    const live = new Live(Effect.ensuring(echo(1), Effect.die(defect)))
    live.deliver(cancelled())
    const last = live.history.at(-1)
    assert.strictEqual(last?._tag, "ExecutionCancelled")
    if (last?._tag === "ExecutionCancelled") assert.include(last.detail, detail)
  })

  it("what is told of it has a limit", () => {
    const live = new Live(Effect.ensuring(echo(1), Effect.die(new Error("x".repeat(100_000)))))
    live.deliver(cancelled())
    const last = live.history.at(-1)
    assert.strictEqual(last?._tag, "ExecutionCancelled")
    if (last?._tag === "ExecutionCancelled") assert.isAtMost(last.detail!.length, 8_192)
  })

  it("what is not interruptible is finished first", () => {
    const live = new Live(Effect.andThen(Effect.uninterruptible(Effect.andThen(echo(1), echo(2))), echo(3)))
    assert.deepStrictEqual(live.deliver(cancelled()), [])
    live.deliver(resolved(0, { value: 1 }))
    live.deliver(resolved(1, { value: 2 }))
    assert.deepStrictEqual(live.commands, ["Echo#0", "Echo#1"])
    assert.strictEqual(live.history.at(-1)?._tag, "ExecutionCancelled")
  })

  it("a program that interrupts itself has failed", () => {
    const live = new Live(Effect.interrupt)
    assert.deepStrictEqual(live.history.at(-1), {
      _tag: "ExecutionFailed",
      at: 1000,
      failure: { _tag: "Die", defect: { name: "Interrupted", message: "the program interrupted itself" } }
    })
  })

  it("dropping the interpreter runs no finalizer", () => {
    const live = new Live(Effect.ensuring(echo(1), echo(2)))
    assert.deepStrictEqual(live.commands, ["Echo#0"])
    assert.isFalse(live.interpreter.closed)
  })
})

describe("2. time stands still within a delivery, and chance is that of the run", () => {
  const program = Effect.gen(function* () {
    const [first, second] = [yield* Clock.currentTimeMillis, yield* Clock.currentTimeMillis]
    const draws = yield* Effect.replicateEffect(Random.next, 3)
    yield* Effect.sleep(500)
    const now = yield* DateTime.now
    const nanos = [yield* Clock.currentTimeNanos, yield* Clock.monotonicTimeNanos].map(String)
    return [first, second, draws, DateTime.toEpochMillis(now), nanos, yield* Random.nextInt]
  })
  const run = (runId: string) => {
    const live = new Live(program, { start: started({ runId }) })
    live.deliver(fired(0, 1777))
    return live.value as ReadonlyArray<Schema.Json>
  }

  it("the time is that of the event", () => {
    const [first, second, , last, nanos] = run("a")
    assert.deepStrictEqual([first, second, last, nanos], [1000, 1000, 1777, ["1777000000", "1777000000"]])
  })

  it("random numbers depend on the run alone", () => {
    assert.deepStrictEqual(run("a"), run("a"))
    assert.notDeepEqual(run("a")[2], run("b")[2])
  })
})

describe("what cannot be decoded blocks the execution", () => {
  const undecodable = (live: Live, words: string) => {
    assert.strictEqual(live.interpreter.problem?.reason, "Undecodable")
    assert.include(live.interpreter.problem?.message, words)
    assert.isFalse(live.interpreter.closed)
  }

  it("a signal", () => {
    const live = new Live(asked(Amount.receive))
    live.deliver(signal("amount", "much"))
    undecodable(live, "the payload of signal amount")
  })

  it("the result or the error of an activity", () => {
    const wrong = new Live(echo(1))
    wrong.deliver(resolved(0, { value: "one" }))
    undecodable(wrong, "the recorded result of activity Echo")
    const worse = new Live(Effect.orDie(asked(Picky({ call: 1, good: 2 }))))
    worse.deliver(resolved(0, { _tag: "Fail", error: { _tag: "Unknown" } }))
    undecodable(worse, "the recorded result of activity Picky")
  })

  it("the input of the workflow", () => {
    const Numbers = Workflow.make("Numbers", { input: Schema.Number })
    const interpreter = new Interpreter(
      Numbers.encoded(() => Effect.void),
      Context.empty(),
      budget
    )
    interpreter.deliver(started({ input: "one" }))
    assert.strictEqual(interpreter.problem?.reason, "Undecodable")
    assert.include(interpreter.problem?.message, "the input of workflow Numbers")
  })

  it("and the program does nothing more, whatever is delivered", () => {
    let wentOn = false
    const live = new Live(
      Effect.ensuring(
        Effect.flatMap(asked(Amount.receive), () => echo(2)),
        Effect.sync(() => {
          wentOn = true
        })
      )
    )
    live.deliver(signal("amount", "much"))
    live.deliver(cancelled())
    assert.deepStrictEqual(live.commands, [])
    assert.isFalse(wentOn)
  })
})

describe("what does not fit its schema is a defect of the program", () => {
  const failsWith = (interpreter: Interpreter, words: string) => {
    interpreter.deliver(started())
    const [event] = interpreter.take()
    assert.strictEqual(event?._tag, "ExecutionFailed")
    if (event?._tag === "ExecutionFailed" && event.failure._tag === "Die") {
      assert.include(event.failure.defect.message, words)
    } else assert.fail("not a defect")
  }
  const Positive = Schema.Number.check(Schema.isGreaterThan(0))

  it("the success and the error of a workflow, and the input of an activity", () => {
    const Success = Workflow.make("W", { success: Positive })
    failsWith(
      new Interpreter(
        Success.encoded(() => Effect.succeed(-1)),
        Context.empty(),
        budget
      ),
      "the success of workflow W"
    )
    const Failure = Workflow.make("W", { error: Positive })
    failsWith(
      new Interpreter(
        Failure.encoded(() => Effect.fail(-1)),
        Context.empty(),
        budget
      ),
      "the error of workflow W"
    )
    const Strict = Activity.make("Strict", { input: Positive })
    const program = Workflow.make("W").encoded(() => asked(Strict(-1)))
    failsWith(new Interpreter(program, Context.empty(), budget), "the input of activity Strict")
  })
})

describe("a history that goes on elsewhere", () => {
  it("is followed from where it stands, and what is issued beyond it can be taken", () => {
    const program = Effect.all([echo(1), asked(Slow({ name: "a", until: 0 }))])
    const live = new Live(Effect.as(program, null))
    live.deliver(resolved(0, { value: 1 }))
    const interpreter = new Interpreter(() => Effect.as(program, null), Context.empty(), budget)
    interpreter.replay(live.history.slice(0, 2))
    interpreter.replay(live.history.slice(2, 3))
    assert.deepStrictEqual<ReadonlyArray<unknown>>(interpreter.take(), [live.history[3]])
    assert.deepStrictEqual(interpreter.take(), [])
  })

  it("may have lost a patch that was deprecated, which the length of the history does not count", () => {
    const program = (isDeprecated: boolean) =>
      Effect.gen(function* () {
        if (isDeprecated) yield* Workflow.deprecatePatch("p")
        const { historyLength } = yield* WorkflowContext
        yield* Effect.sleep((yield* historyLength) * 1000)
        return null
      })
    const live = new Live(program(true))
    assert.deepStrictEqual(
      live.history.map(({ _tag }) => _tag),
      ["ExecutionStarted", "PatchRecorded", "TimerStarted"]
    )
    const interpreter = new Interpreter(() => program(false), Context.empty(), budget)
    interpreter.replay(live.history)
    assert.isUndefined(interpreter.problem)
  })

  it("with a part of what was issued leaves the rest", () => {
    const program = Effect.as(Effect.all([echo(1), echo(2), echo(3)], { concurrency: "unbounded" }), null)
    const live = new Live(program)
    const interpreter = new Interpreter(() => program, Context.empty(), budget)
    interpreter.replay(live.history.slice(0, 3))
    assert.deepStrictEqual<ReadonlyArray<unknown>>(interpreter.take(), [live.history[3]])
  })
})

describe("a signal's contract", () => {
  it("without a payload carries nothing", () => {
    const live = new Live(Effect.as(asked(Signal.make("go").receive), "went"))
    live.deliver(signal("go", null))
    assert.strictEqual(live.value, "went")
  })
})

describe("a program out of which something is thrown past all its fibers", () => {
  it("is stopped by it, and nothing leaves the delivery", () => {
    // Effect itself throws when it is to say what this is, which is no effect and has no text.
    const nothing = Object.create(null) as Effect.Effect<never>
    const live = new Live(Effect.flatMap(asked(Amount.receive), () => nothing))
    live.deliver(signal("amount", 1))
    assert.strictEqual(live.interpreter.problem?.reason, "Defect")
    assert.include(live.interpreter.problem?.message, 'workflow "Test" after SignalReceived amount(1)')
    assert.include(live.interpreter.problem?.message, "outside of its fibers: TypeError")
    assert.isFalse(live.interpreter.closed)
    live.deliver(cancelled())
    assert.deepStrictEqual(live.commands, [])
  })
})

describe("updates", () => {
  const Add = Update.make("add", { input: Schema.Int, success: Schema.Int, error: Schema.String })
  const requested = (id: string, input: number): DeliveredEvent => ({
    _tag: "UpdateRequested",
    at: 2000,
    id,
    name: "add",
    input
  })
  const answered = (live: Live) =>
    live.history.flatMap((event) => (event._tag === "UpdateAnswered" ? [[event.id, event.exit]] : []))

  it("a second request of an id changes nothing", () => {
    const live = new Live(Effect.andThen(Add.handle(Effect.succeed), Effect.never))
    live.deliver(requested("u", 1))
    live.deliver(requested("u", 2))
    assert.deepStrictEqual(answered(live), [["u", { _tag: "Success", value: 1 }]])
  })

  it("are ordered with signals, and share the state of the program", () => {
    const live = new Live(
      Effect.gen(function* () {
        let sum = 0
        yield* Add.handle((number) => Effect.sync(() => (sum += number)))
        yield* Approve.receive
        return sum
      })
    )
    live.deliver(requested("u", 1))
    live.deliver(signal(Approve.name, { by: "Ada" }))
    assert.strictEqual(live.value, 1)
    live.deliver(requested("v", 5))
    assert.deepStrictEqual(answered(live), [["u", { _tag: "Success", value: 1 }]])
  })

  it("a handler that fails, dies or interrupts itself has answered, and the program goes on", () => {
    const live = new Live(
      Effect.andThen(
        Add.handle((number) => {
          if (number === 1) return Effect.fail("no")
          return number === 2 ? Effect.interrupt : Effect.die(new Error("a bug"))
        }),
        Approve.receive
      )
    )
    for (const number of [1, 2, 3]) live.deliver(requested(`${number}`, number))
    assert.deepStrictEqual(
      answered(live).map(([id, exit]) => [id, (exit as { _tag: string })._tag]),
      [
        ["1", "Fail"],
        ["2", "Die"],
        ["3", "Die"]
      ]
    )
    assert.isFalse(live.interpreter.closed)
    live.deliver(signal(Approve.name, { by: "Ada" }))
    assert.isTrue(live.interpreter.closed)
  })

  const replayed = (program: ReturnType<ReturnType<typeof W.encoded>>, { history }: Live) => {
    const interpreter = new Interpreter(() => program, Context.empty(), budget)
    interpreter.replay(history)
    return interpreter.problem
  }
  const W = Workflow.make("W")

  it("come too late for a program that ends, also where its first handler is registered then", () => {
    const program = W.encoded(() =>
      Effect.gen(function* () {
        yield* Effect.addFinalizer(() => Effect.andThen(Add.handle(Effect.succeed), Effect.sleep(5)))
        yield* Approve.receive
      })
    )(null)
    const live = new Live(program)
    live.deliver(signal(Approve.name, { by: "Ada" }))
    live.deliver(requested("u", 1))
    live.deliver(fired(0, 3000))
    assert.isTrue(live.interpreter.closed)
    assert.notInclude(
      live.history.map(({ _tag }) => _tag),
      "UpdateAccepted"
    )
    assert.isUndefined(replayed(program, live))
  })

  it("are answered before a run continues, also by a handler that interrupts itself", () => {
    const program = W.encoded(() =>
      Effect.gen(function* () {
        yield* Add.handle(() => Effect.andThen(Effect.sleep(5), Effect.interrupt))
        yield* Approve.receive
        return W.continueAsNew(() => undefined)
      })
    )(null)
    const live = new Live(program)
    live.deliver(requested("u", 1))
    live.deliver(signal(Approve.name, { by: "Ada" }))
    assert.deepStrictEqual(answered(live), [])
    live.deliver(fired(0, 3000))
    assert.deepStrictEqual(
      live.history.slice(-2).map(({ _tag }) => _tag),
      ["UpdateAnswered", "ExecutionContinued"]
    )
    assert.deepStrictEqual(
      answered(live).map(([id, exit]) => [id, (exit as { _tag: string })._tag]),
      [["u", "Die"]]
    )
    assert.isUndefined(replayed(program, live))
  })

  it("a later handler takes the place of the one before it", () => {
    const live = new Live(
      Effect.gen(function* () {
        yield* Add.handle(() => Effect.succeed(1))
        yield* Approve.receive
        yield* Add.handle(() => Effect.succeed(2))
        return yield* Effect.never
      })
    )
    live.deliver(requested("u", 0))
    live.deliver(signal(Approve.name, { by: "Ada" }))
    live.deliver(requested("v", 0))
    assert.deepStrictEqual(answered(live), [
      ["u", { _tag: "Success", value: 1 }],
      ["v", { _tag: "Success", value: 2 }]
    ])
  })

  it("a validation that waits or throws refuses with a defect", () => {
    const validations = [() => Effect.sleep(5), () => Effect.die(new Error("a bug")), () => null as never]
    for (const validate of validations) {
      const live = new Live(Effect.andThen(Add.handle(Effect.succeed, { validate }), Effect.never))
      live.deliver(requested("u", 1))
      assert.deepStrictEqual(
        live.history.map(({ _tag }) => _tag),
        ["ExecutionStarted", "UpdateRequested", "UpdateAnswered"]
      )
      assert.isUndefined(live.interpreter.problem)
    }
  })
})
