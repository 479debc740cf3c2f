/**
 * A worker process of a bank: `node bankProgram.ts STORE WHERE COUNT ROUNDS NAME`. It founds the bank, says so, starts as many workflows of
 * transfers and runs them until it is killed.
 */
import { writeSync } from "node:fs"
import { Effect, Layer, Logger, Redacted } from "effect"
import * as Executor from "perdure/Executor/Default"
import * as Postgres from "perdure/Store/Postgres"
import * as Sqlite from "perdure/Store/Sqlite"
import * as Bank from "../support/bank.ts"

const [store = "", where = "", count = "0", rounds = "0", worker = "teller"] = process.argv.slice(2)

const Store =
  store === "postgres"
    ? Postgres.layer({ url: Redacted.make(where), timeout: "2 seconds" })
    : Sqlite.layer({ filename: where })

const say = (word: string) => Effect.sync(() => writeSync(1, `${word}\n`))

const work = Effect.gen(function* () {
  yield* Bank.Founding.execute(Bank.accounts, { workflowId: "founding" })
  yield* say("founded")
  yield* Effect.forEach(
    Array.from({ length: Number(count) }, (_, number) => number),
    (number) => Bank.Rounds.start({ number, rounds: Number(rounds) }, { workflowId: `rounds ${number}` }),
    { concurrency: "unbounded", discard: true }
  )
  yield* say("started")
  return yield* Effect.never
}).pipe(
  Effect.provide(
    Layer.merge(Bank.BankLive, Bank.RoundsLive).pipe(
      Layer.provideMerge(Executor.layer({ heartbeatInterval: "200 millis", lease: "1 second", worker })),
      Layer.provide(Store),
      Layer.provide(Logger.layer([]))
    )
  )
)

process.stdin.on("end", () => process.exit()).resume()
Effect.runFork(work)
