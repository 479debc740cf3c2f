/** Attempts that run alone: what becomes of the other handlers of their worker, and for how long. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, Effect } from "effect"
import { TestClock } from "effect/testing"
import { Fibers } from "../../src/Executor/default/Fibers.ts"
import { Isolation } from "../../src/Executor/default/Isolation.ts"

/** How long the others are held at once. */
const limit = 1000

/** An isolation in virtual time, and the others, of which a test says how many run. */
const isolation = Effect.gen(function* () {
  const clock = yield* Clock.Clock
  const others = { running: 0, waiting: 1, holds: 0, stopped: false }
  const said: Array<string> = []
  const fibers = new Fibers(Context.make(Clock.Clock, clock), clock)
  fibers.log = (level, text) => void said.push(`${level}: ${text}`)
  const it = new Isolation(
    fibers,
    {
      areRunning: () => others.running > 0,
      areWaiting: () => others.waiting > 0,
      areStopped: () => others.stopped,
      hold: () => void others.holds++,
      release: () => void others.holds--
    },
    limit
  )
  const log: Array<string> = []
  const answers: Array<(mayBegin: boolean) => void> = []
  /** A handler has ended. */
  const end = (name: string) => {
    log.push(`${name} ends`)
    if (--others.running === 0) it.quiet()
  }
  /** An attempt, which is told by the test whether it may begin, or at once that it may. */
  const attempt = (name: string, answer: "Begin" | "Ask" = "Begin") => ({
    announce: (isAlone: boolean, done: (isRecorded: boolean) => void) => {
      log.push(isAlone ? `${name} is announced` : `${name} is not alone any more`)
      if (answer === "Begin") done(true)
      else answers.push(done)
    },
    begin: () => {
      log.push(`${name} begins`)
      others.running++
    }
  })
  return { it, others, log, answers, attempt, end, said }
})

describe("an attempt that must run alone", () => {
  it.effect("begins at once where no other handler runs, and the others are held until it has ended", () =>
    Effect.gen(function* () {
      const { attempt, end, it, log, others } = yield* isolation
      it.add(attempt("a"))
      assert.deepStrictEqual(log, ["a is announced", "a begins"])
      assert.strictEqual(others.holds, 1)
      assert.strictEqual(it.size, 0)
      yield* TestClock.adjust(limit / 2)
      assert.strictEqual(others.holds, 1)
      end("a")
      assert.strictEqual(others.holds, 0)
    })
  )

  it.effect("waits until the last of the others has ended, while none of them begins", () =>
    Effect.gen(function* () {
      const { attempt, end, it, log, others } = yield* isolation
      others.running = 2
      it.add(attempt("a"))
      assert.strictEqual(it.size, 1)
      assert.strictEqual(others.holds, 1)
      end("one")
      yield* TestClock.adjust(limit - 1)
      assert.deepStrictEqual(log, ["one ends"])
      end("other")
      assert.deepStrictEqual(log, ["one ends", "other ends", "a is announced", "a begins"])
      assert.strictEqual(others.holds, 1)
    })
  )

  it.effect(
    "gives up when the others do not end in time, lets them run nine times as long, and waits twice as long then",
    () =>
      Effect.gen(function* () {
        const { attempt, it, log, others } = yield* isolation
        others.running = 1
        it.add(attempt("a"))
        for (const held of [limit, limit * 2, limit * 4]) {
          yield* TestClock.adjust(held - 1)
          assert.strictEqual(others.holds, 1)
          yield* TestClock.adjust(1)
          assert.strictEqual(others.holds, 0)
          yield* TestClock.adjust(held * 9 - 1)
          assert.strictEqual(others.holds, 0)
          yield* TestClock.adjust(1)
          assert.strictEqual(others.holds, 1)
        }
        assert.deepStrictEqual(log, [])
        assert.strictEqual(it.size, 1)
      })
  )

  it.effect("says that it waits once it has given up three times in a row, and not again", () =>
    Effect.gen(function* () {
      const { attempt, end, it, log, others, said } = yield* isolation
      const giveUp = (...rounds: ReadonlyArray<number>) =>
        Effect.forEach(rounds, (round) => TestClock.adjust(limit * 10 * 2 ** (round - 1)))
      others.running = 1
      it.add(attempt("a"))
      yield* giveUp(1, 2)
      assert.deepStrictEqual(said, [])
      end("other")
      end("a")
      others.running = 1
      it.add(attempt("b"))
      yield* giveUp(1, 2)
      assert.deepStrictEqual(said, [])
      yield* giveUp(3)
      assert.lengthOf(said, 1)
      assert.include(
        said[0],
        "Warn: attempts that must run alone wait, because other handlers of this worker do not end"
      )
      yield* giveUp(4, 5)
      assert.lengthOf(said, 1)
      assert.deepStrictEqual(log, ["other ends", "a is announced", "a begins", "a ends"])
    })
  )

  it.effect("follows the one before it without a pause on an idle worker: thirty take as long as they run", () =>
    Effect.gen(function* () {
      const { attempt, end, it, log, others } = yield* isolation
      others.waiting = 0
      const clock = yield* Clock.Clock
      const fibers = new Fibers(Context.make(Clock.Clock, clock), clock)
      for (let number = 0; number < 30; number++) {
        const isolated = attempt(`${number}`)
        it.add({
          ...isolated,
          begin: () => {
            isolated.begin()
            assert.strictEqual(others.running, 1)
            fibers.after(100, () => end(`${number}`))
          }
        })
      }
      for (let passed = 0; passed < 3100; passed += 10) yield* TestClock.adjust(10)
      assert.strictEqual(log.at(-1), "29 ends")
      assert.strictEqual(others.holds, 0)
    })
  )

  it.effect("that ends at once does not let the others go while the next one is recorded to run alone", () =>
    Effect.gen(function* () {
      const { answers, attempt, end, it, log, others } = yield* isolation
      others.running = 1
      const quick = attempt("a")
      it.add({
        ...quick,
        begin: () => {
          quick.begin()
          end("a")
        }
      })
      it.add(attempt("b", "Ask"))
      end("other")
      assert.strictEqual(others.holds, 1)
      assert.lengthOf(answers, 1)
      answers[0]!(true)
      assert.deepStrictEqual(log.slice(1), ["a is announced", "a begins", "a ends", "b is announced", "b begins"])
      assert.strictEqual(others.holds, 1)
      end("b")
      assert.strictEqual(others.holds, 0)
    })
  )

  it.effect("is no longer suspected once it has run for its time, and others run beside it", () =>
    Effect.gen(function* () {
      const { attempt, end, it, log, others } = yield* isolation
      it.add(attempt("a"))
      yield* TestClock.adjust(limit - 1)
      assert.strictEqual(others.holds, 1)
      yield* TestClock.adjust(1)
      assert.strictEqual(others.holds, 0)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(others.holds, 0)
      end("a")
      assert.strictEqual(others.holds, 0)
      assert.deepStrictEqual(log, ["a is announced", "a begins", "a is not alone any more", "a ends"])
    })
  )

  it.effect("that ends at once lets the others go once, and the next one begins at once", () =>
    Effect.gen(function* () {
      const { attempt, end, it, log, others } = yield* isolation
      const quick = (name: string) => {
        const isolated = attempt(name)
        return {
          ...isolated,
          begin: () => {
            isolated.begin()
            end(name)
          }
        }
      }
      it.add(quick("a"))
      assert.strictEqual(others.holds, 0)
      it.add(quick("b"))
      it.add(quick("c"))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(others.holds, 0)
      assert.deepStrictEqual(
        log,
        ["a", "b", "c"].flatMap((name) => [`${name} is announced`, `${name} begins`, `${name} ends`])
      )
    })
  )

  it.effect("does not begin when a shutdown has begun while it was recorded that it runs alone", () =>
    Effect.gen(function* () {
      const { answers, attempt, it, log, others } = yield* isolation
      it.add(attempt("a", "Ask"))
      others.stopped = true
      answers[0]!(true)
      assert.deepStrictEqual(log, ["a is announced", "a is not alone any more"])
      assert.strictEqual(others.holds, 0)
      assert.strictEqual(it.size, 1)
    })
  )

  it.effect("is followed by the next one while its time lasts, and then after the pause, one at a time", () =>
    Effect.gen(function* () {
      const { attempt, end, it, log, others } = yield* isolation
      it.add(attempt("a"))
      it.add(attempt("b"))
      assert.strictEqual(it.size, 1)
      yield* TestClock.adjust(100)
      end("a")
      assert.deepStrictEqual(log, ["a is announced", "a begins", "a ends", "b is announced", "b begins"])
      assert.strictEqual(others.holds, 1)
      it.add(attempt("c"))
      yield* TestClock.adjust(900)
      // Its time and that of the one before it are over.
      assert.strictEqual(others.holds, 1)
      end("b")
      assert.strictEqual(others.holds, 0)
      yield* TestClock.adjust(8999)
      assert.lengthOf(log, 6)
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(log.slice(6), ["c is announced", "c begins"])
      end("c")
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(others.holds, 0)
    })
  )

  it.effect("holds the others while it is recorded that it runs alone, and lets them go when it may not begin", () =>
    Effect.gen(function* () {
      const { answers, attempt, it, log, others } = yield* isolation
      it.add(attempt("a", "Ask"))
      yield* TestClock.adjust(limit / 2)
      assert.strictEqual(others.holds, 1)
      answers[0]!(false)
      assert.strictEqual(others.holds, 0)
      assert.deepStrictEqual(log, ["a is announced"])
      assert.strictEqual(it.size, 0)
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(log, ["a is announced"])
      assert.strictEqual(others.holds, 0)
    })
  )

  it.effect("that is not wanted any more does not begin, and the one behind it does", () =>
    Effect.gen(function* () {
      const { attempt, end, it, log, others } = yield* isolation
      others.running = 1
      const unwanted = attempt("a")
      it.add(unwanted)
      it.add(attempt("b"))
      it.remove(unwanted)
      assert.strictEqual(it.size, 1)
      end("other")
      assert.deepStrictEqual(log, ["other ends", "b is announced", "b begins"])
    })
  )

  it.effect("that is the only one and not wanted any more lets the others go", () =>
    Effect.gen(function* () {
      const { attempt, end, it, log, others } = yield* isolation
      others.running = 1
      const unwanted = attempt("a")
      it.add(unwanted)
      it.remove(unwanted)
      end("other")
      assert.strictEqual(others.holds, 0)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(others.holds, 0)
      it.add(attempt("b"))
      assert.deepStrictEqual(log, ["other ends", "b is announced", "b begins"])
    })
  )

  it.effect("does not begin while a shutdown holds the line, and begins after it", () =>
    Effect.gen(function* () {
      const { attempt, it, log, others } = yield* isolation
      others.stopped = true
      it.add(attempt("a"))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(log, [])
      assert.strictEqual(it.size, 1)
      others.stopped = false
      yield* TestClock.adjust(20)
      assert.deepStrictEqual(log, ["a is announced", "a begins"])
    })
  )

  it.effect("that waits when a shutdown begins does not begin when the last handler ends", () =>
    Effect.gen(function* () {
      const { attempt, end, it, log, others } = yield* isolation
      others.running = 1
      it.add(attempt("a"))
      others.stopped = true
      end("other")
      assert.deepStrictEqual(log, ["other ends"])
      assert.strictEqual(it.size, 1)
      assert.strictEqual(others.holds, 0)
    })
  )
})
