/**
 * The desk of a shop: `node shopProgram.ts STORE WHERE LIFE`. It places orders and sends notes to them until it is killed, each with its rows
 * in one transaction, and runs the workflows of the orders. It says which orders it has placed.
 */
import { writeSync } from "node:fs"
import { Effect, Layer, Logger, Redacted, Schedule } from "effect"
import * as Executor from "perdure/Executor/Default"
import * as SqlExecutor from "perdure/Executor/Sql"
import * as Postgres from "perdure/Store/Postgres"
import * as Sqlite from "perdure/Store/Sqlite"
import * as Shop from "../support/shop.ts"

const [store = "", where = "", life = "0"] = process.argv.slice(2)

const Store =
  store === "postgres"
    ? Postgres.layer({ url: Redacted.make(where), timeout: "2 seconds" })
    : Sqlite.layer({ filename: where })

const say = (word: string) => Effect.sync(() => writeSync(1, `${word}\n`))

/** Every fifth order fails after all was written. */
const order = Effect.fnUntraced(function* (id: string, number: number) {
  if (number % 5 === 4) {
    yield* Effect.flip(SqlExecutor.withinTransaction(Effect.andThen(Shop.both(id), Effect.fail("sold out"))))
    return
  }
  yield* Shop.place(id, Shop.notesOfOrder)
  yield* say(id)
  for (let note = 0; note < Shop.notesOfOrder; note++) yield* Shop.note(id, `note ${note} of life ${life}`)
})

const clerk = Effect.fnUntraced(function* (name: string) {
  for (let number = 0; ; number++) {
    yield* order(`${life}/${name}/${number}`, number)
    yield* Effect.sleep("5 millis")
  }
})

const work = Effect.gen(function* () {
  yield* Effect.retry(Shop.openDesk, { times: 20, schedule: Schedule.spaced("50 millis") })
  yield* Effect.forEach(["a", "b", "c", "d"], clerk, { concurrency: "unbounded" })
}).pipe(
  Effect.provide(
    Shop.OrderLive.pipe(
      Layer.provideMerge(Executor.layer({ heartbeatInterval: "200 millis", lease: "1 second", worker: "desk" })),
      Layer.provideMerge(Store),
      Layer.provide(Logger.layer([]))
    )
  )
)

process.stdin.on("end", () => process.exit()).resume()
Effect.runFork(work)
