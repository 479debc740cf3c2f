/** What is in the accounts of a bank whose worker is killed again and again. */
import { assert } from "@effect/vitest"
import { Console, Effect, Layer, Logger, Random } from "effect"
import * as Executor from "perdure/Executor/Default"
import type { StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import * as Bank from "../support/bank.ts"
import * as Processes from "../support/Processes.ts"

/** A database, and how worker processes reach it. */
export interface Place {
  readonly arguments: readonly [store: string, where: string]
  readonly store: Layer.Layer<WorkflowStore, StoreError>
  readonly look: (sql: string) => Effect.Effect<ReadonlyArray<Record<string, unknown>>>
}

/** Kills the worker of a bank so often, and looks into the accounts when all transfers have ended. */
export const killed = Effect.fnUntraced(
  function* (place: Place, kills: number) {
    const count = 12
    // So many that they do not end before the last kill.
    const rounds = 20 + kills * 5
    const start = () =>
      Processes.start("../processes/bankProgram.ts", [...place.arguments, String(count), String(rounds)])
    const made: Array<number> = []
    const transfers = () => Effect.map(place.look("SELECT number FROM transfers"), (rows) => rows.length)
    for (let kill = 0; kill < kills; kill++) {
      const worker = yield* start()
      assert.deepStrictEqual(yield* worker.line, ["founded"])
      yield* Effect.sleep(yield* Random.nextIntBetween(20, 600))
      yield* worker.kill
      made.push(yield* transfers())
    }
    const last = yield* start()
    const results = yield* Effect.forEach(
      Array.from({ length: count }, (_, number) => number),
      (number) =>
        Effect.map(
          Effect.flatMap(Bank.Rounds.handle(`rounds ${number}`), ({ result }) => result),
          (all) => all.map((round) => Bank.roundOf(number, round))
        ),
      { concurrency: "unbounded" }
    ).pipe(
      Effect.retry({ times: 100 }),
      Effect.timeout("120 seconds"),
      Effect.provide(
        Executor.layer({ heartbeatInterval: "200 millis", lease: "2 seconds" }).pipe(Layer.provide(place.store))
      )
    )
    yield* last.kill
    yield* Console.log(`${kills} kills: transfers made by then: ${made.join(" ")}`)
    yield* check(place, results.flat(), count * rounds)
    assert.isBelow(made.at(-1) ?? 0, results.flat().length, "the worker was killed while it worked")
  },
  Effect.provide(Logger.layer([]))
)

// internal

/** Each transfer that succeeded was made once, and no other. */
const check = Effect.fnUntraced(function* (
  place: Place,
  succeeded: ReadonlyArray<typeof Bank.TransferInput.Type>,
  all: number
) {
  const rows = yield* place.look("SELECT number FROM transfers")
  assert.deepStrictEqual(rows.map((row) => row["number"]).toSorted(), succeeded.map(({ name }) => name).toSorted())
  const balances = new Map(Array.from({ length: Bank.accounts }, (_, account) => [`account ${account}`, 1000]))
  for (const { cents, from, to } of succeeded) {
    balances.set(from, balances.get(from)! - cents)
    balances.set(to, balances.get(to)! + cents)
  }
  const found = yield* place.look("SELECT name, cents FROM accounts")
  assert.deepStrictEqual(new Map(found.map(({ cents, name }) => [String(name), Number(cents)])), balances)
  yield* Console.log(`${succeeded.length} of ${all} transfers were made, each once`)
})
