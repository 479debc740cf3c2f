/** A handler on PostgreSQL that leaves its transaction unused for longer than the server waits. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import * as Bank from "../support/bank.ts"
import { describeWith, postgresServer, shared } from "../support/servers.ts"
import { onPostgres } from "../Executor/transactionPlaces.ts"
import { exitOf, transferring, transfers } from "../Executor/transactionFaults.ts"
import { onBank } from "../Executor/transactions.ts"

describeWith("postgres", "PostgreSQL", () => {
  const server = shared(postgresServer({ inMemory: true }))

  it.live("23. a handler that is elsewhere for half a minute is undone with advice, and does not run again", () =>
    Effect.gen(function* () {
      const place = yield* onPostgres(yield* server)
      let attempts = 0
      const slow = transferring(
        Effect.fnUntraced(function* (input) {
          const sql = yield* SqlClient.SqlClient
          attempts++
          const left = yield* Bank.moved(input)
          yield* Effect.sleep("33 seconds")
          yield* sql`SELECT 1`
          return left
        })
      )
      yield* onBank(
        place,
        slow,
        Effect.gen(function* () {
          assert.include(String(yield* exitOf("slow")), "the transaction was left unused for 30 seconds")
          assert.strictEqual(attempts, 1)
          assert.deepStrictEqual(yield* transfers(place), [])
        })
      )
    })
  )
})
