/**
 * How fast an execution comes back from its history.
 */
import { join } from "node:path"
import { Effect, Layer } from "effect"
import * as Sqlite from "perdure/Store/Sqlite"
import * as Baseline from "../Baseline.ts"
import * as Counter from "../Counter.ts"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Raw from "../Raw.ts"
import * as Scratch from "../Scratch.ts"
import * as Workload from "../Workload.ts"

const histories = 20
const activities = 2_500

/**
 * Events a second from SQLite into a program that goes on: evicted executions get a signal, so each is read, decoded and
 * replayed, and commits the signal. The reference reads and parses as many texts of that kind, and drops them.
 */
export const replay = Effect.fnUntraced(function* (name: string, atLeast: number) {
  const folder = yield* Scratch.makeFolder
  const counts = Counter.make()
  const store = Counter.layer(counts).pipe(Layer.provide(Sqlite.layer({ filename: join(folder, "bench.db") })))
  const context = yield* Layer.build(Workload.layer({ executor: { maxLoaded: 1 } }).pipe(Layer.provide(store)))
  const wakeAll = Effect.provideContext(yield* Effect.provideContext(makeWakeAll(counts), context), context)
  const rounds = yield* Meter.rounds(Effect.all({ parse: yield* makeParse(folder), wakeAll }))
  const { parse, wakeAll: woken } = Figure.median(rounds, ({ parse, wakeAll }) => wakeAll.rate / parse.rate)
  const reference = { name: "SELECT and JSON.parse alone", value: parse.rate, unit: "events/s" }
  return [Figure.make({ name, value: woken.rate, unit: "events/s", atLeast, reference })]
})

// internal

/** Makes executions with long histories, and returns how to bring all of them back. */
const makeWakeAll = Effect.fnUntraced(function* (counts: Counter.Counts) {
  const start = (length: number) => Workload.Listening.start(length)
  const long = yield* Effect.replicateEffect(start(activities), histories, { concurrency: "unbounded" })
  // The one that stays in memory.
  const short = yield* start(0)
  for (const handle of long) yield* Workload.listens(handle)
  const events = (yield* long[0]!.history).length * histories
  return Effect.gen(function* () {
    yield* Workload.Go.send(short)
    yield* Effect.yieldNow
    const loads = counts.load
    const wake = Effect.forEach(long, (handle) => Workload.Go.send(handle), { concurrency: "unbounded" })
    const woken = yield* Meter.sample(Effect.as(wake, events))
    if (counts.load - loads !== histories) throw new Error(`${counts.load - loads} histories were read`)
    return woken
  })
})

const makeParse = Effect.fnUntraced(function* (folder: string) {
  const connection = yield* Raw.open(join(folder, "texts.db"))
  connection.exec("CREATE TABLE texts (position INTEGER PRIMARY KEY, events TEXT NOT NULL); BEGIN")
  const insert = connection.prepare("INSERT INTO texts (events) VALUES (?)")
  const rows = activities * histories
  for (let seq = 0; seq < rows; seq++) {
    insert.run(JSON.stringify([Baseline.resolved(seq % activities), Baseline.scheduled((seq % activities) + 1)]))
  }
  connection.exec("COMMIT")
  const select = connection.prepare("SELECT events FROM texts")
  return Meter.sample(
    Effect.sync(() => {
      let events = 0
      for (const row of select.iterate()) events += (JSON.parse(String(row["events"])) as Array<unknown>).length
      return events
    })
  )
})
