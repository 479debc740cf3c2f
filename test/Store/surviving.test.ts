/** What stores do again and again survives bugs. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Logger } from "effect"
import { surviving } from "../../src/internal/store/surviving.ts"

/** Runs a turn three times, and returns what was logged. */
const threeTurns = (turn: (count: number) => Effect.Effect<unknown, string>) =>
  Effect.gen(function* () {
    const logged: Array<unknown> = []
    const logger = Logger.make(({ message }) => logged.push(message))
    let count = 0
    const once = Effect.suspend(() => turn(++count))
    const exit = yield* once.pipe(
      surviving("the look"),
      Effect.repeat({ times: 2 }),
      Effect.exit,
      Effect.provide(Logger.layer([logger]))
    )
    return { count, exit, logged }
  })

describe("a turn that survives", () => {
  it.effect("is followed by the next one after a defect, which is logged", () =>
    Effect.gen(function* () {
      const bug = new Error("a bug")
      const { count, exit, logged } = yield* threeTurns((count) => (count === 2 ? Effect.die(bug) : Effect.void))
      assert.strictEqual(count, 3)
      assert.isTrue(Exit.isSuccess(exit))
      assert.deepStrictEqual(logged, [["the look has met a bug, and goes on: please report it", bug]])
    })
  )

  it.effect("still fails, with its own error", () =>
    Effect.gen(function* () {
      const { count, exit, logged } = yield* threeTurns(() => Effect.fail("away"))
      assert.strictEqual(count, 1)
      assert.deepStrictEqual(exit, Exit.fail("away"))
      assert.deepStrictEqual(logged, [])
    })
  )

  it.effect("is still interrupted", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(surviving("the look")(Effect.never), { startImmediately: true })
      yield* Fiber.interrupt(fiber)
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(fiber)))
    })
  )
})
