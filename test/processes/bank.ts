/** What is in the accounts of a bank whose worker is killed or frozen again and again. */
import { assert } from "@effect/vitest"
import { Console, Effect, Layer, Logger, Random, Schedule } from "effect"
import * as Executor from "perdure/Executor/Default"
import type { StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import * as Bank from "../support/bank.ts"
import * as Processes from "../support/Processes.ts"
import { soon } from "../support/soon.ts"

/** A database, and how worker processes reach it. */
export interface Place {
  readonly arguments: readonly [store: string, where: string]
  readonly store: Layer.Layer<WorkflowStore, StoreError>
  readonly look: (sql: string) => Effect.Effect<ReadonlyArray<Record<string, unknown>>>
}

/** The server that a bank is on. */
export interface Server {
  readonly kill9: Effect.Effect<void>
  readonly restart: Effect.Effect<void>
}

/** Kills the worker of a bank so often, and looks into the accounts when all transfers have ended. */
export const killed = Effect.fnUntraced(
  function* (place: Place, kills: number) {
    // So many that they do not end before the last kill.
    const rounds = 20 + kills * 7
    const made: Array<number> = []
    for (let kill = 0; kill < kills; kill++) {
      const worker = yield* start(place, rounds)
      // Once it has what the one before it had, which on a server takes a lease.
      const before = made.at(-1) ?? 0
      yield* soon(Effect.map(transfers(place), (now) => assert.isAbove(now, before)))
      yield* Effect.sleep(yield* Random.nextIntBetween(0, 400))
      yield* worker.kill
      made.push(yield* transfers(place))
    }
    const last = yield* start(place, rounds)
    const succeeded = yield* check(place, rounds)
    yield* last.kill
    yield* Console.log(`${kills} kills: transfers made by then: ${made.join(" ")}; ${succeeded} in all, each once`)
    assert.isBelow(made.at(-1) ?? 0, succeeded, "the worker was killed while it worked")
  },
  Effect.provide(Logger.layer([]))
)

/** Kills the server of a bank so often while a worker is at work, and looks into the accounts when all transfers have ended. */
export const abandoned = Effect.fnUntraced(
  function* (place: Place & Server, kills: number) {
    const rounds = 20 + kills * 7
    const worker = yield* start(place, rounds)
    const made: Array<number> = []
    for (let kill = 0; kill < kills; kill++) {
      const before = made.at(-1) ?? 0
      yield* soon(
        Effect.map(transfers(place), (now) => assert.isAbove(now, before)),
        "30 seconds"
      )
      yield* Effect.sleep(yield* Random.nextIntBetween(0, 400))
      yield* place.kill9
      yield* place.restart
      made.push(yield* transfers(place))
    }
    const succeeded = yield* check(place, rounds)
    yield* worker.kill
    yield* Console.log(
      `server killed ${kills} times: transfers by then: ${made.join(" ")}; ${succeeded} in all, each once`
    )
    assert.isBelow(made.at(-1) ?? 0, succeeded, "the server was killed while the worker worked")
  },
  Effect.provide(Logger.layer([]))
)

/** Freezes one of two workers of a bank so often for longer than its lease, and looks into the accounts when all transfers have ended. */
export const frozen = Effect.fnUntraced(
  function* (place: Place, times: number, milliseconds = 2500) {
    const rounds = 60 * times
    const workers = [yield* start(place, rounds, "one"), yield* start(place, rounds, "other")]
    for (let time = 0; time < times; time++) {
      const { pid } = workers[time % 2]!
      yield* Effect.sleep(yield* Random.nextIntBetween(100, 600))
      process.kill(pid, "SIGSTOP")
      yield* Effect.sleep(milliseconds)
      process.kill(pid, "SIGCONT")
    }
    const succeeded = yield* check(place, rounds)
    for (const worker of workers) yield* worker.kill
    yield* Console.log(`frozen ${times} times: ${succeeded} transfers, each once`)
  },
  Effect.provide(Logger.layer([]))
)

// internal

const count = 12

const transfers = ({ look }: Place) => Effect.map(look("SELECT number FROM transfers"), (rows) => rows.length)

const start = Effect.fnUntraced(function* (place: Place, rounds: number, name = "teller") {
  const worker = yield* Processes.start("../processes/bankProgram.ts", [
    ...place.arguments,
    String(count),
    String(rounds),
    name
  ])
  assert.deepStrictEqual(yield* worker.line, ["founded"])
  return worker
})

/** Each transfer that succeeded was made once, and no other. Returns how many they are. */
const check = Effect.fnUntraced(function* (place: Place, rounds: number) {
  const results = yield* Effect.forEach(
    Array.from({ length: count }, (_, number) => number),
    (number) =>
      Effect.flatMap(Bank.Rounds.handle(`rounds ${number}`), ({ result }) => result).pipe(
        Effect.map((all) => all.map((round) => Bank.roundOf(number, round)))
      ),
    { concurrency: "unbounded" }
  ).pipe(
    Effect.retry({ times: 100, schedule: Schedule.spaced("100 millis") }),
    Effect.timeout(60_000 + rounds * 1000),
    Effect.provide(
      Executor.layer({ heartbeatInterval: "200 millis", lease: "1 second" }).pipe(Layer.provide(place.store))
    )
  )
  const succeeded = results.flat()
  const rows = yield* place.look("SELECT number FROM transfers")
  assert.deepStrictEqual(rows.map((row) => row["number"]).toSorted(), succeeded.map(({ name }) => name).toSorted())
  const balances = new Map(Array.from({ length: Bank.accounts }, (_, account) => [`account ${account}`, 1000]))
  for (const { cents, from, to } of succeeded) {
    balances.set(from, balances.get(from)! - cents)
    balances.set(to, balances.get(to)! + cents)
  }
  const found = yield* place.look("SELECT name, cents FROM accounts")
  assert.deepStrictEqual(new Map(found.map(({ cents, name }) => [String(name), Number(cents)])), balances)
  return succeeded.length
})
