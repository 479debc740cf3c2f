/** What the executor promises of several worker processes on one file: that live, are killed, are frozen, or are kept waiting. */
import { existsSync, readFileSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Context, Duration, Effect, Layer, Logger } from "effect"
import * as Executor from "perdure/Executor/Default"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { Executions } from "perdure/Executor/Executions"
import * as Sqlite from "perdure/Store/Sqlite"
import { nameOf, until, words } from "../suites/executor/Lab.ts"
import * as Processes from "../support/Processes.ts"
import { cacheModules, type Files, files } from "../support/workerFiles.ts"
import { Compute, Order, Poison, type Settings, Try } from "./workersProgram.ts"

cacheModules()

/** A worker that has loaded and waits to be told to begin. */
const load = Effect.fnUntraced(function* ({ log, store }: Files, settings: Settings) {
  const worker = yield* Processes.start("../processes/workersProgram.ts", [store, log, JSON.stringify(settings)])
  yield* worker.line
  return worker
})

/** A worker that has started its orders. */
const begin = Effect.fnUntraced(function* (all: Files, settings: Settings) {
  const worker = yield* load(all, settings)
  yield* worker.go
  yield* lineThat(worker, ([word]) => word === "started")
  return worker
})

/** The next line that is wanted; others are passed over. */
const lineThat = ({ line }: Processes.Process, isWanted: (words: ReadonlyArray<string>) => boolean) =>
  Effect.repeat(line, { until: isWanted })

/** An executor without workflows, which asks and sends. */
const openAsker = ({ store }: Files) =>
  Effect.map(
    Layer.build(
      Executor.layerWith({ heartbeatInterval: "200 millis" }).pipe(Layer.provide(Sqlite.layer({ filename: store })))
    ),
    (context) => Context.pick(DurableExecutor, Executions)(context)
  )

/** Who ran each call, by its key. */
const runs = ({ log }: Files) => {
  const all = new Map<string, Array<string>>()
  const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(0, -1) : []
  for (const line of lines) {
    const [who, key] = line.split("\t")
    all.set(key!, [...(all.get(key!) ?? []), who!])
  }
  return all
}

/** What the orders returned. */
const results = (orders: ReadonlyArray<number>) =>
  Effect.forEach(
    orders,
    (number) => Effect.flatMap(Order.handle(`order ${number}`), ({ result }) => Effect.timeout(result, "30 seconds")),
    { concurrency: "unbounded" }
  )

const answers = (orders: ReadonlyArray<number>) => orders.map((number) => [`first ${number}`, `second ${number}`])

const changesOf = (id: string) =>
  Effect.gen(function* () {
    const executions = yield* Executions
    const history = yield* executions.history(id)
    return history.flatMap((event) => (event._tag === "OwnerChanged" ? [event] : []))
  })

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

/** A lease of a second. */
const brief = { heartbeatInterval: 250, lease: 1000 } as const

const quiet = Effect.provide(Logger.layer([]))

describe("worker processes on one file", () => {
  it.live(
    "11. while another program locks the file for longer than the lease, no living worker is taken for dead",
    () =>
      Effect.gen(function* () {
        const all = yield* files
        const [ofA, ofB] = [range(0, 10), range(10, 20)]
        yield* begin(all, { ...brief, as: "a", worker: "a", orders: ofA, length: 6000 })
        yield* begin(all, { ...brief, as: "b", worker: "b", orders: ofB, length: 6000 })
        yield* until(Effect.sync(() => runs(all).size === 20))
        const database = new DatabaseSync(all.store)
        database.exec("BEGIN IMMEDIATE")
        yield* Effect.sleep("3 seconds")
        database.exec("ROLLBACK")
        database.close()
        const asker = yield* openAsker(all)
        const orders = [...ofA, ...ofB]
        assert.deepStrictEqual(yield* Effect.provideContext(results(orders), asker), answers(orders))
        const ran = [...runs(all).values()]
        assert.lengthOf(ran, 40)
        assert.lengthOf(ran.flat(), 40, "each call ran once")
        for (const number of orders) {
          assert.deepStrictEqual(yield* Effect.provideContext(changesOf(`order ${number}`), asker), [])
        }
      }).pipe(Effect.scoped, quiet),
    60_000
  )

  it.live(
    "11. a worker that was killed while another program locked the file is taken over soon after",
    () =>
      Effect.gen(function* () {
        const all = yield* files
        const [ofA, ofB] = [range(0, 5), range(5, 10)]
        yield* begin(all, { ...brief, as: "a", worker: "a", orders: ofA, length: 8000 })
        const b = yield* begin(all, { ...brief, as: "b", worker: "b", orders: ofB, length: 8000 })
        yield* until(Effect.sync(() => runs(all).size === 10))
        const database = new DatabaseSync(all.store)
        database.exec("BEGIN IMMEDIATE")
        yield* Effect.sleep("1500 millis")
        yield* b.kill
        yield* Effect.sleep("500 millis")
        database.exec("ROLLBACK")
        database.close()
        const unlocked = performance.now()
        yield* until(
          Effect.sync(() => [...runs(all).values()].filter((who) => who.join() === "b,a").length === ofB.length)
        )
        assert.isBelow(performance.now() - unlocked, 4000)
        assert.lengthOf(
          [...runs(all).values()].filter((who) => who.join() === "a"),
          ofA.length
        )
      }).pipe(Effect.scoped, quiet),
    60_000
  )

  it.live(
    "11. of two processes of one name the older one stops and says so, and every call runs once",
    () =>
      Effect.gen(function* () {
        const all = yield* files
        const orders = range(0, 10)
        const shared = { heartbeatInterval: 100, lease: 60_000, worker: "orders", length: 5, pause: 3000 } as const
        const older = yield* begin(all, { ...shared, as: "older", orders })
        yield* until(Effect.sync(() => runs(all).size === 10))
        const newer = yield* begin(all, { ...shared, as: "newer" })
        const [, said] = yield* lineThat(older, ([, text = ""]) => text.includes("another worker has started"))
        assert.include(said, '"orders"')
        const asker = yield* openAsker(all)
        assert.deepStrictEqual(yield* Effect.provideContext(results(orders), asker), answers(orders))
        const ran = [...runs(all).values()]
        assert.lengthOf(ran, 20)
        assert.lengthOf(ran.flat(), 20, "each call ran once")
        assert.lengthOf(
          ran.filter((who) => who.join() === "older"),
          10
        )
        yield* newer.go
        assert.isFalse((yield* newer.rest).some(([, text = ""]) => text.includes("another worker has started")))
      }).pipe(Effect.scoped, quiet),
    60_000
  )

  it.live(
    "11. a killed worker that starts again under its name resumes at once, and the attempts that it ran are lost",
    () =>
      Effect.gen(function* () {
        const all = yield* files
        const orders = range(0, 10)
        const shared = { heartbeatInterval: 60_000, lease: 600_000, worker: "orders", orders } as const
        const first = yield* begin(all, { ...shared, as: "first", length: 60_000 })
        yield* until(Effect.sync(() => runs(all).size === 10))
        const second = yield* load(all, { ...shared, as: "second", length: 5 })
        yield* first.kill
        const begun = performance.now()
        yield* second.go
        yield* until(
          Effect.sync(() => [...runs(all).values()].filter((who) => who.join() === "first,second").length === 10)
        )
        assert.isBelow(performance.now() - begun, 5000)
        const asker = yield* openAsker(all)
        assert.deepStrictEqual(yield* Effect.provideContext(results(orders), asker), answers(orders))
        for (const number of orders) {
          const changes = yield* Effect.provideContext(changesOf(`order ${number}`), asker)
          assert.deepStrictEqual(
            changes.map(({ lost, owner }) => [nameOf(owner), lost]),
            [["orders", true]]
          )
        }
      }).pipe(Effect.scoped, quiet),
    60_000
  )

  it.live(
    "14. a worker that ended in order has lost no attempts, and others go on at once",
    () =>
      Effect.gen(function* () {
        const all = yield* files
        const orders = range(0, 10)
        const shared = { heartbeatInterval: 100, lease: 60_000 } as const
        const first = yield* begin(all, { ...shared, as: "first", orders, length: 60_000 })
        yield* until(Effect.sync(() => runs(all).size === 10))
        yield* first.go
        yield* lineThat(first, ([word]) => word === "ended")
        yield* begin(all, { ...shared, as: "second", length: 5 })
        const asker = yield* openAsker(all)
        assert.deepStrictEqual(yield* Effect.provideContext(results(orders), asker), answers(orders))
        for (const number of orders) {
          const changes = yield* Effect.provideContext(changesOf(`order ${number}`), asker)
          assert.deepStrictEqual(
            changes.map(({ lost }) => lost),
            [undefined]
          )
        }
        const attempts = readFileSync(all.log, "utf8").trim().split("\n")
        assert.isTrue(
          attempts.every((line) => line.endsWith("\t1")),
          "what was interrupted is not counted"
        )
      }).pipe(Effect.scoped, quiet),
    60_000
  )

  it.live(
    "9. a process that is frozen while a program works is not taken for one that spins",
    () =>
      Effect.gen(function* () {
        const all = yield* files
        const asker = yield* openAsker(all)
        const worker = yield* begin(all, { as: "frozen", length: 5, spinLimit: 1000 })
        const handle = yield* Effect.provideContext(Compute.start(300), asker)
        yield* lineThat(worker, ([word]) => word === "computes")
        process.kill(worker.pid, "SIGSTOP")
        yield* Effect.sleep("1500 millis")
        process.kill(worker.pid, "SIGCONT")
        yield* Effect.provideContext(Effect.timeout(handle.result, "10 seconds"), asker)
        const { history } = yield* Effect.provideContext(Compute.handle("compute"), asker)
        const tags = (yield* Effect.provideContext(history, asker)).map(({ _tag }) => _tag)
        assert.notInclude(tags, "ExecutionBlocked")
      }).pipe(Effect.scoped, quiet),
    60_000
  )

  it.live(
    "11. a process that was frozen for longer than its lease begins no handler of what others took meanwhile",
    () =>
      Effect.gen(function* () {
        const all = yield* files
        const asker = yield* openAsker(all)
        const settings = { heartbeatInterval: 200, lease: 600, length: 5 } as const
        const frozen = yield* begin(all, { ...settings, as: "frozen" })
        const handle = yield* Effect.provideContext(Try.start(), asker)
        yield* until(
          Effect.map(Effect.provideContext(handle.history, asker), (history) =>
            history.some(({ _tag }) => _tag === "ActivityAttemptFailed")
          )
        )
        process.kill(frozen.pid, "SIGSTOP")
        yield* begin(all, { ...settings, as: "other" })
        assert.strictEqual(yield* Effect.provideContext(Effect.timeout(handle.result, "10 seconds"), asker), "other")
        process.kill(frozen.pid, "SIGCONT")
        yield* lineThat(frozen, ([, text = ""]) => text.includes("could not say in time that it lives"))
        yield* Effect.sleep("1 second")
        assert.deepStrictEqual([...runs(all).values()], [["frozen", "other"]])
      }).pipe(Effect.scoped, quiet),
    60_000
  )

  it.live(
    "11. a process that was frozen for longer than its lease goes on with what none took meanwhile",
    () =>
      Effect.gen(function* () {
        const all = yield* files
        const orders = range(0, 10)
        const asker = yield* openAsker(all)
        const settings = { heartbeatInterval: 200, lease: 600, length: 5, orders, pause: 800 } as const
        const worker = yield* begin(all, { ...settings, as: "frozen" })
        yield* until(Effect.sync(() => runs(all).size === 10))
        process.kill(worker.pid, "SIGSTOP")
        yield* Effect.sleep("1500 millis")
        process.kill(worker.pid, "SIGCONT")
        assert.deepStrictEqual(yield* Effect.provideContext(results(orders), asker), answers(orders))
        const ran = [...runs(all).values()]
        assert.lengthOf(ran, 20)
        assert.lengthOf(ran.flat(), 20, "each call ran once")
        for (const number of orders) {
          assert.deepStrictEqual(yield* Effect.provideContext(changesOf(`order ${number}`), asker), [])
        }
      }).pipe(Effect.scoped, quiet),
    60_000
  )

  it.live(
    "2. a handler that ends its process runs alone after some attempts, is given up, and others finish",
    () =>
      Effect.gen(function* () {
        const all = yield* files
        const orders = range(0, 5)
        const settings = { heartbeatInterval: 100, lease: 60_000, worker: "orders", length: 300, orders } as const
        const asker = yield* openAsker(all)
        const poison = yield* Effect.provideContext(Poison.start(), asker)
        let lives = 0
        for (let isBlocked = false; !isBlocked && lives < 12; lives++) {
          const worker = yield* load(all, { ...settings, as: `${lives}` })
          yield* worker.go
          yield* Effect.raceFirst(
            Effect.asVoid(worker.rest),
            until(Effect.map(Effect.provideContext(poison.status, asker), (status) => status === "blocked"))
          )
          isBlocked = (yield* Effect.provideContext(poison.status, asker)) === "blocked"
        }
        assert.strictEqual(lives, 7, "three lives are lost to it beside others, and three alone")
        assert.deepStrictEqual(yield* Effect.provideContext(results(orders), asker), answers(orders))
        const summary = yield* Effect.provideContext(poison.describe, asker)
        const [waiting] = summary.waitingFor
        assert.deepInclude(waiting, { _tag: "Blocked" })
        assert.include(words(summary)[0], '"Bomb"')
        assert.include(words(summary)[0], "tried again at ")
        const history = yield* Effect.provideContext(poison.history, asker)
        const notes = history.flatMap((event) => {
          if (event._tag === "OwnerChanged") return event.lost ? ["lost"] : ["taken"]
          if (event._tag === "ActivityAttemptIsolated") return [`alone ${event.attempt}`]
          return event._tag === "ExecutionBlocked" ? [event.problem.reason] : []
        })
        assert.deepStrictEqual(notes, [
          "taken",
          "lost",
          "lost",
          "lost",
          "alone 4",
          "lost",
          "alone 5",
          "lost",
          "alone 6",
          "lost",
          "LostAttempts"
        ])
        const attempts = readFileSync(all.log, "utf8")
          .split("\n")
          .filter((line) => line.includes(poison.runId))
          .map((line) => Number(line.split("\t")[2]))
        assert.deepStrictEqual(attempts, [1, 2, 3, 4, 5, 6])
      }).pipe(Effect.scoped, quiet),
    120_000
  )

  it.live(
    "6. a wall clock that is set by hours and by a year fires what is due, lengthens nothing and moves nothing",
    () =>
      Effect.gen(function* () {
        const all = yield* files
        const asker = yield* openAsker(all)
        const hour = 3_600_000
        const year = 365 * 24 * hour
        // Forward by 3 hours, back by 6, a year forward and back.
        const steps = [3 * hour, -6 * hour, year, -year]
        const settings = { ...brief, length: 5 } as const
        const worker = yield* begin(all, { ...settings, as: "stepping", steps })
        const step = Effect.andThen(
          Effect.sync(() => process.kill(worker.pid, "SIGUSR2")),
          lineThat(worker, ([word]) => word === "stepped")
        )
        const start = (number: number, pause: number) =>
          Effect.provideContext(Order.start({ number, pause }), asker).pipe(
            Effect.tap((handle) =>
              until(
                Effect.map(Effect.provideContext(handle.describe, asker), (summary) =>
                  words(summary).some((text) => text.startsWith("timer"))
                )
              )
            )
          )
        const startAll = (numbers: ReadonlyArray<number>, pause: number) =>
          Effect.forEach(numbers, (number) => start(number, pause), { concurrency: "unbounded" })
        const lengthOf = (...numbers: ReadonlyArray<number>) =>
          Effect.map(Effect.timed(Effect.provideContext(results(numbers), asker)), ([length]) =>
            Duration.toMillis(length)
          )
        yield* start(1, 2 * hour)
        yield* start(2, 2 * hour)
        yield* begin(all, { ...settings, as: "other" })
        yield* step
        assert.isBelow(yield* lengthOf(1, 2), 2000)
        // Some of them are run by either worker.
        yield* startAll(range(10, 20), 1000)
        yield* step
        assert.isBelow(yield* lengthOf(...range(10, 20)), 4000)
        yield* step
        yield* startAll(range(20, 30), 1500)
        yield* step
        assert.isBelow(yield* lengthOf(...range(20, 30)), 5000)
        yield* startAll(range(30, 40), 1000)
        assert.isBelow(yield* lengthOf(...range(30, 40)), 4000)
        const ran = [...runs(all).values()]
        assert.sameMembers([...new Set(ran.flat())], ["stepping", "other"])
        assert.lengthOf(ran, 64)
        assert.isTrue(
          ran.every((who) => who.length === 1),
          "each call ran once"
        )
        for (const number of [1, 2]) {
          assert.lengthOf(yield* Effect.provideContext(changesOf(`order ${number}`), asker), 1)
        }
      }).pipe(Effect.scoped, quiet),
    60_000
  )
})
