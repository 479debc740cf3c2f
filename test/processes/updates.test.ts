/** What updates promise to callers in other processes than that of the worker. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Logger } from "effect"
import { Executions } from "perdure/Executor/Executions"
import type * as FaultyStore from "../suites/executor/FaultyStore.ts"
import { numbers } from "../support/numbers.ts"
import { until } from "../suites/executor/Lab.ts"
import { cacheModules, files } from "../support/workerFiles.ts"
import * as Updates from "./Updates.ts"
import { AddItem, Cart, CheckOut } from "./updatesProgram.ts"

cacheModules()

describe("updates from another process", () => {
  it.live(
    "19. an update from another process takes two commits, and is heard of without a look at the store now and then",
    () =>
      Effect.gen(function* () {
        const all = yield* files
        // Without a heartbeat, by which it would be found as well, an hour later.
        yield* Updates.worker(all, "a", Updates.still)
        const { context, link } = yield* Updates.asker(all, Updates.still)
        yield* Effect.gen(function* () {
          const cart = yield* Cart.start()
          yield* AddItem.execute(cart, "first")
          const before = { ...link.count }
          for (const number of numbers(100)) {
            assert.strictEqual(yield* AddItem.execute(cart, `${number}`), 2 + number)
          }
          const count = (operation: FaultyStore.Operation) => link.count[operation] - before[operation]
          // What it does for each: it looks whether the id is known, asks, and reads the answer.
          assert.deepStrictEqual([count("saveAll"), count("list"), count("heartbeat")], [100, 0, 0])
          assert.isAtMost(count("load") + count("summary"), 4 * 100)
          // The start, its takeover, which may have the first request, and two commits for each.
          assert.isAtMost((yield* cart.describe).version, 2 + 2 * 101)
          yield* CheckOut.send(cart)
          assert.lengthOf(yield* cart.result, 101)
        }).pipe(Effect.provideContext(context))
      }).pipe(Effect.scoped, Effect.provide(Logger.layer([]))),
    60_000
  )

  it.live(
    "19. callers hear the answers of a worker that takes the execution over, and each update is answered once",
    () =>
      Effect.gen(function* () {
        const all = yield* files
        const first = yield* Updates.worker(all, "a", Updates.beating)
        const { context } = yield* Updates.asker(all, Updates.beating)
        yield* Effect.gen(function* () {
          const { history } = yield* Executions
          const cart = yield* Cart.start()
          const ask = (number: number) =>
            AddItem.execute(cart, `slow ${number}`, { updateId: `${number}` }).pipe(Effect.timeout("30 seconds"))
          const waiting = yield* Effect.forkChild(Effect.forEach(numbers(5), ask, { concurrency: "unbounded" }))
          yield* until(
            Effect.map(history(cart), (events) => events.filter(({ _tag }) => _tag === "UpdateAccepted").length === 5)
          )
          yield* first.kill
          yield* Updates.worker(all, "b", Updates.beating)
          const sizes = yield* Fiber.join(waiting)
          assert.sameMembers([...sizes], [1, 2, 3, 4, 5])
          assert.deepStrictEqual(yield* Effect.forEach(numbers(5), ask), sizes)
          yield* CheckOut.send(cart)
          assert.lengthOf(yield* cart.result, 5)
          assert.deepStrictEqual(yield* Effect.forEach(numbers(5), ask), sizes)
          const events = yield* history(cart)
          assert.lengthOf(
            events.filter(({ _tag }) => _tag === "UpdateAnswered"),
            5
          )
        }).pipe(Effect.provideContext(context))
      }).pipe(Effect.scoped, Effect.provide(Logger.layer([]))),
    60_000
  )
})
