/** Transactions of an app on SQLite, which share the connection of the store. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { Executions } from "perdure/Executor/Executions"
import * as Shop from "../support/shop.ts"
import { onSqlite as sqlitePlace } from "./transactionPlaces.ts"
import { executions, inShop, orders, reason, suite, withinTransaction } from "./within.ts"

suite("SQLite", sqlitePlace)

it.live("24. one that suspends is refused with what to do, and leaves nothing", () =>
  Effect.gen(function* () {
    const place = yield* sqlitePlace
    yield* inShop(
      place,
      Effect.gen(function* () {
        const slow = Shop.both("slow").pipe(Effect.andThen(Effect.sleep("1 milli")), withinTransaction)
        const error = yield* Effect.flip(slow)
        assert.include(error.message, "what runs within it has suspended, and on SQLite it must run to its end at once")
        assert.strictEqual(yield* reason(slow), "Unsupported")
        assert.deepStrictEqual([yield* orders(place), yield* executions], [[], []])
        yield* Shop.place("slow")
      })
    )
  })
)

it.live("24. what else is asked of the store within one is refused, and the transaction goes on", () =>
  Effect.gen(function* () {
    const place = yield* sqlitePlace
    yield* inShop(
      place,
      Effect.gen(function* () {
        yield* Effect.gen(function* () {
          yield* Shop.both("one")
          const found = yield* Effect.flip(Effect.flatMap(Executions, ({ list }) => list()))
          assert.include(found.message, "within a transaction of this store, which has one connection")
          yield* Shop.both("two")
        }).pipe(withinTransaction)
        assert.deepStrictEqual(
          [yield* orders(place), yield* executions],
          [
            ["one", "two"],
            ["one", "two"]
          ]
        )
      })
    )
  })
)
