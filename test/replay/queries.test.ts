/** Queries of a program, without executor or store: what a handler sees, what it may not do, and that it leaves no trace. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Deferred, Effect, Fiber, Latch, Queue, Random, Ref, Result, Schema, Semaphore } from "effect"
import { Query, Signal, Workflow, type WorkflowContext } from "perdure"
import type { Interpreter } from "../../src/internal/replay/Interpreter.ts"
import { Echo } from "../corpus/activities.ts"
import { Amount } from "../corpus/programs.ts"
import { all, virtual } from "../corpus/scenarios.ts"
import { budget, continued, drive, printed } from "./Driver.ts"
import { answering, misdeeds } from "../support/answering.ts"
import { fired, Live, resolved, signal } from "./programs.ts"

const State = Query.make("state", { success: Schema.Json })
const Wrong = Query.make("wrong", { success: Schema.Json })
const Child = Workflow.make("Child")

/** A program as the interpreter takes it: what it requires is for the compiler only. */
const program = <A, E>(effect: Effect.Effect<A, E, any>) =>
  effect as Effect.Effect<A, E, WorkflowContext.WorkflowContext>

const ask = (interpreter: Interpreter, name: string, input: Schema.Json = null) =>
  interpreter.queries.ask({ _tag: "Query", name, input })

/** The value of an answer. */
const valueOf = (asked: ReturnType<typeof ask>): unknown => {
  const answer = Result.getOrThrow(asked)
  return answer._tag === "Success" ? answer.value : assert.fail(JSON.stringify(answer))
}

const reasonOf = (asked: ReturnType<typeof ask>) =>
  Result.isFailure(asked) ? asked.failure : assert.fail(`answered ${JSON.stringify(asked.success)}`)

/** What a handler is told that it did, of a program that waits for `go`. */
const misdeed = (handler: Effect.Effect<any, any>, limit?: number): string => {
  const live = new Live(
    program(
      Effect.andThen(
        Wrong.answer(() => Effect.as(Effect.exit(handler), null)),
        Effect.as(Effect.never, null)
      )
    ),
    limit === undefined ? undefined : { budget: { ...budget, milliseconds: limit } }
  )
  const reason = reasonOf(ask(live.interpreter, "wrong"))
  return reason._tag === "OnlyReads" ? reason.what : assert.fail(reason.message)
}

describe("a query", () => {
  it("reads the state of its program, from the moment when it is answered and also after the end", () => {
    const live = new Live(
      program(
        Effect.gen(function* () {
          yield* Effect.sleep(5)
          const step = yield* Ref.make(1)
          yield* State.answer(() => Ref.get(step))
          yield* Effect.sleep(5)
          yield* Ref.set(step, 2)
          return null
        })
      )
    )
    assert.deepInclude(reasonOf(ask(live.interpreter, "state")), { _tag: "UnknownQuery", query: "state", answers: [] })
    live.deliver(fired(0, 1005))
    assert.strictEqual(valueOf(ask(live.interpreter, "state")), 1)
    live.deliver(fired(1, 1010))
    assert.isTrue(live.interpreter.closed)
    assert.strictEqual(valueOf(ask(live.interpreter, "state")), 2)
    assert.deepInclude(reasonOf(ask(live.interpreter, "stat")), { query: "stat", answers: ["state"] })
  })

  it("is answered by the latest handler of its name", () => {
    const live = new Live(
      program(
        Effect.gen(function* () {
          yield* State.answer(() => Effect.succeed("first"))
          yield* State.publish(yield* Ref.make<Schema.Json>("second"))
          yield* Effect.sleep(5)
          yield* State.answer(() => Effect.succeed("third"))
          return yield* Effect.never
        })
      )
    )
    assert.strictEqual(valueOf(ask(live.interpreter, "state")), "second")
    assert.strictEqual(live.interpreter.queries.publications.length, 1)
    live.deliver(fired(0, 1005))
    assert.strictEqual(valueOf(ask(live.interpreter, "state")), "third")
    assert.strictEqual(live.interpreter.queries.publications.length, 0, "it is published no more")
  })

  it("has its input, its errors and its defects", () => {
    class Absent extends Schema.TaggedError<Absent>()("Absent", { key: Schema.String }) {}
    const Item = Query.make("item", { input: Schema.String, success: Schema.Int, error: Absent })
    const items = new Map([["a", 1]])
    const live = new Live(
      program(
        Effect.gen(function* () {
          yield* Item.answer((key) =>
            key === "bug"
              ? Effect.die(new Error("a bug"))
              : Effect.fromNullishOr(items.get(key)).pipe(Effect.mapError(() => new Absent({ key })))
          )
          return yield* Effect.never
        })
      )
    )
    const { interpreter } = live
    assert.strictEqual(valueOf(ask(interpreter, "item", "a")), 1)
    assert.deepStrictEqual(Result.getOrThrow(ask(interpreter, "item", "b")), {
      _tag: "Fail",
      error: { _tag: "Absent", key: "b" }
    })
    assert.deepInclude(reasonOf(ask(interpreter, "item", 7)), { _tag: "InvalidPayload", of: "the input of query item" })
    const defect = reasonOf(ask(interpreter, "item", "bug"))
    assert.strictEqual(defect._tag === "QueryDefect" && defect.defect.message, "a bug")
    assert.isUndefined(interpreter.problem)
  })

  it("has the time of the latest event, and numbers of its own that begin again each time", () => {
    const Numbers = Query.make("numbers", { success: Schema.Array(Schema.Finite) })
    const make = (asks: boolean) => {
      const live = new Live(
        program(
          Effect.gen(function* () {
            const context = yield* Effect.context<never>()
            const random = yield* Random.Random
            const draw = Effect.all([Random.next, Effect.sync(() => random.nextDoubleUnsafe()), Random.nextInt])
            yield* Numbers.answer(() => Effect.all([Clock.currentTimeMillis, ...[1, 2].map(() => Random.next)]))
            yield* State.answer(() => Effect.provideContext(draw, context))
            const before = yield* Random.next
            yield* Effect.sleep(5)
            return [before, yield* Random.next, random.nextIntUnsafe()]
          })
        )
      )
      if (asks) {
        const first = valueOf(ask(live.interpreter, "numbers")) as ReadonlyArray<number>
        assert.strictEqual(first[0], 1000)
        assert.notStrictEqual(first[1], first[2])
        assert.deepStrictEqual(valueOf(ask(live.interpreter, "numbers")), first)
        valueOf(ask(live.interpreter, "state"))
      }
      live.deliver(fired(0, 1005))
      if (asks) assert.strictEqual((valueOf(ask(live.interpreter, "numbers")) as ReadonlyArray<number>)[0], 1005)
      return live.value
    }
    assert.deepStrictEqual(make(true), make(false), "the program draws what it would draw without")
  })
})

describe("a handler only reads", () => {
  it("and is told what it did instead", () => {
    const outside = { workflowId: "other" }
    const Go = Signal.make("go")
    assert.strictEqual(misdeed(Effect.sleep(5)), "slept")
    assert.strictEqual(misdeed(Effect.timeout(Effect.never, 5)), "slept")
    assert.strictEqual(misdeed(Effect.never), "waited for something")
    assert.strictEqual(misdeed(Effect.promise(() => Promise.resolve())), "waited for something")
    assert.strictEqual(misdeed(Effect.forever(Effect.void), 20), "ran for 20 ms without an end")
    assert.strictEqual(misdeed(Effect.forever(Effect.yieldNow), 20), "ran for 20 ms without an end")
    // With the context of the program, which no type forbids.
    const captured = (effect: Effect.Effect<any, any, any>): string => {
      const live = new Live(
        program(
          Effect.gen(function* () {
            const context = yield* Effect.context<any>()
            yield* Wrong.answer(() => Effect.provideContext(Effect.as(Effect.exit(effect), null), context))
            const amount = yield* Amount.receive
            return [amount, yield* Echo(amount)]
          })
        )
      )
      const reason = reasonOf(ask(live.interpreter, "wrong"))
      live.deliver(signal(Amount.name, 7))
      live.deliver(resolved(0, { value: 8 }))
      assert.deepStrictEqual(live.value, [7, 8], "the program goes on as it was")
      return reason._tag === "OnlyReads" ? reason.what : assert.fail(reason.message)
    }
    assert.strictEqual(captured(Effect.sleep(5)), "slept")
    assert.strictEqual(captured(Effect.forkChild(Effect.sleep(5), { startImmediately: true })), "slept")
    assert.strictEqual(captured(Echo(1)), 'called activity "Echo"')
    assert.strictEqual(captured(Effect.andThen(Effect.yieldNow, Echo(1))), 'called activity "Echo"')
    assert.strictEqual(captured(Effect.flatMap(Effect.forkChild(Echo(1)), Fiber.join)), 'called activity "Echo"')
    assert.strictEqual(captured(Amount.receive), 'received signal "amount"')
    assert.strictEqual(captured(Amount.poll), 'received signal "amount"')
    assert.strictEqual(captured(Go.send(outside, undefined)), 'sent to "other"')
    assert.strictEqual(captured(Child.start(undefined)), 'started a child of workflow "Child"')
    assert.strictEqual(captured(State.answer(() => Effect.succeed(1))), 'began to answer query "state"')
    assert.strictEqual(captured(Effect.never), "waited for something")
  })

  it("and what it leaves behind takes nothing from the program", () => {
    const live = new Live(
      program(
        Effect.gen(function* () {
          const queue = yield* Queue.unbounded<number>()
          const semaphore = yield* Semaphore.make(1)
          const both = semaphore.withPermit(Queue.take(queue))
          yield* semaphore.take(1)
          yield* Wrong.answer(() => both)
          yield* State.answer(() => Effect.as(Effect.forkDetach(both, { startImmediately: true }), "done"))
          yield* Effect.sleep(5)
          // It stands in line behind what the handlers left there.
          const taker = yield* Effect.forkChild(both, { startImmediately: true })
          yield* Effect.sleep(5)
          yield* semaphore.release(1)
          yield* Queue.offer(queue, 7)
          return yield* Fiber.join(taker)
        })
      )
    )
    assert.deepInclude(reasonOf(ask(live.interpreter, "wrong")), { what: "waited for something" })
    assert.strictEqual(valueOf(ask(live.interpreter, "state")), "done")
    live.deliver(fired(0, 1005))
    live.deliver(fired(1, 1010))
    assert.strictEqual(live.value, 7)
  })

  it("and one that moves a fiber of the program, or does not end, stops the copy that it was given", () => {
    const moved = (
      touch: (program: {
        readonly deferred: Deferred.Deferred<void>
        readonly queue: Queue.Queue<number>
        readonly latch: Latch.Latch
        readonly fiber: Fiber.Fiber<unknown>
      }) => Effect.Effect<unknown>
    ): string => {
      let ran = false
      const live = new Live(
        program(
          Effect.gen(function* () {
            const deferred = yield* Deferred.make<void>()
            const queue = yield* Queue.unbounded<number>()
            const latch = yield* Latch.make(false)
            const waits = [Deferred.await(deferred), Queue.take(queue), latch.await, Effect.never]
            const fibers = yield* Effect.forEach(waits, (wait) =>
              Effect.forkChild(
                Effect.ensuring(
                  wait,
                  Effect.sync(() => (ran = true))
                ),
                { startImmediately: true }
              )
            )
            yield* Wrong.answer(() => Effect.as(touch({ deferred, queue, latch, fiber: fibers[3]! }), null))
            return yield* Effect.never
          })
        )
      )
      const reason = reasonOf(ask(live.interpreter, "wrong"))
      assert.isFalse(ran, "no fiber of the program has run")
      assert.strictEqual(live.interpreter.problem?.reason, "Defect", "the program is dropped")
      return reason._tag === "OnlyReads" ? reason.what : assert.fail(reason.message)
    }
    const woke = "woke or interrupted a fiber of the program"
    assert.strictEqual(
      moved(({ deferred }) => Deferred.succeed(deferred, undefined)),
      woke
    )
    assert.strictEqual(
      moved(({ queue }) => Queue.offer(queue, 1)),
      woke
    )
    assert.strictEqual(
      moved(({ latch }) => latch.open),
      woke
    )
    assert.strictEqual(
      moved(({ fiber }) => Fiber.interrupt(fiber)),
      woke
    )
    assert.strictEqual(
      moved(() => Effect.uninterruptible(Effect.never)),
      "waited for something"
    )
  })
})

describe("queries of the corpus, asked after every event", () => {
  const askAll = (interpreter: Interpreter): void => {
    const first = valueOf(ask(interpreter, "now"))
    for (const what of misdeeds) {
      assert.deepInclude(reasonOf(ask(interpreter, "wrong", what)), { _tag: "OnlyReads", what })
    }
    assert.strictEqual(reasonOf(ask(interpreter, "buggy"))._tag, "QueryDefect")
    assert.deepStrictEqual(valueOf(ask(interpreter, "now")), first)
  }

  for (const scenario of all({ ...virtual, calls: 60 })) {
    it(`leave the history as it is: ${scenario.name}`, () => {
      const asked = { ...scenario, program: answering(scenario.program) }
      for (let seed = 1; seed <= 5; seed++) {
        const history = drive(scenario, seed)
        // Asked after each event, and once in a copy that was replayed to each of them.
        const positions = history.length > 200 ? [0, 1, 50, history.length] : [...history.keys(), history.length]
        for (const position of positions) {
          const difference = continued(asked, history, position, (interpreter, at) => {
            if (position === 0 ? at > 0 : at === position) askAll(interpreter)
          })
          if (difference !== undefined)
            assert.fail(`seed ${seed}, from ${position}: ${difference}\n${printed(history)}`)
        }
      }
    }, 60_000)
  }
})
