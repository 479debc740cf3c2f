/**
 * What an answer costs: of an execution in memory, and of one that must be replayed for it.
 */
import { join } from "node:path"
import { Effect, Layer, Ref } from "effect"
import * as Sqlite from "perdure/Store/Sqlite"
import * as Counter from "../Counter.ts"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Raw from "../Raw.ts"
import * as Scratch from "../Scratch.ts"
import * as Workload from "../Workload.ts"
import * as Shorthand from "../../src/Store/sqlite/Shorthand.ts"

/** More than an executor keeps copies of, so that each question in turn replays. */
const executions = 20

/** Answers a second from memory, and milliseconds an answer by replay; the long one must not take longer than told. */
export const queries = Effect.fnUntraced(function* (name: string, atMost: number) {
  const short = yield* parked(`${name}-parked-100`, 49)
  const long = yield* parked(`${name}-parked-10000`, 4_999, atMost)
  return [yield* hot(`${name}-hot`), short, long]
})

// internal

const hot = Effect.fnUntraced(function* (name: string) {
  const folder = yield* Scratch.makeFolder
  const counts = Counter.make()
  const store = Counter.layer(counts).pipe(Layer.provide(Sqlite.layer({ filename: join(folder, "bench.db") })))
  const context = yield* Layer.build(Workload.layer().pipe(Layer.provide(store)))
  const handle = yield* Effect.provideContext(Workload.Telling.start(10), context)
  yield* Effect.provideContext(Workload.listens(handle), context)
  const cell = yield* Ref.make(10)
  const rate = <E>(effect: Effect.Effect<unknown, E>) =>
    Meter.sample(Meter.repeatFor({ milliseconds: 500, fibers: 1, effect }))
  const reads = counts.load + counts.summary
  const fork = Effect.sync(() => Effect.runFork(Ref.get(cell)).pollUnsafe())
  const rounds = yield* Meter.rounds(Effect.all({ fork: rate(fork), ask: rate(handle.ask(Workload.Progress)) }))
  if (counts.load + counts.summary !== reads) throw new Error("the store was read")
  const { ask, fork: forked } = Figure.median(rounds, ({ ask, fork }) => ask.rate / fork.rate)
  const reference = { name: "fibers that read a Ref", value: forked.rate, unit: "fibers/s" }
  return Figure.make({ name, value: ask.rate, unit: "answers/s", reference })
})

/** An execution of `n` activities has `2 n + 1` events. */
const parked = Effect.fnUntraced(function* (name: string, activities: number, atMost?: number) {
  const folder = yield* Scratch.makeFolder
  const filename = join(folder, "bench.db")
  const counts = Counter.make()
  const store = Counter.layer(counts).pipe(Layer.provide(Sqlite.layer({ filename })))
  const context = yield* Layer.build(Workload.layer({ executor: { maxLoaded: 1 } }).pipe(Layer.provide(store)))
  const measure = Effect.gen(function* () {
    const ids = yield* Workload.startMany(executions, (options) => Workload.Telling.start(activities, options))
    for (const id of ids) yield* Workload.listens(yield* Workload.Telling.handle(id))
    // The one that stays in memory.
    yield* Workload.Sequence.execute(1)
    yield* Workload.Listening.start(0)
    const parse = yield* makeParse(filename)
    const askAll = Effect.gen(function* () {
      const { load } = counts
      const start = performance.now()
      for (const id of ids) yield* Workload.Progress.ask(id)
      if (counts.load - load !== executions) throw new Error(`${counts.load - load} histories were read`)
      return (performance.now() - start) / executions
    })
    return yield* Meter.rounds(Effect.all({ parse, askAll }))
  })
  const rounds = yield* Effect.provideContext(measure, context)
  const { askAll, parse } = Figure.median(rounds, ({ askAll, parse }) => askAll / parse)
  const reference = { name: "SELECT and JSON.parse alone", value: parse, unit: "ms" }
  return Figure.make({ name, value: askAll, unit: "ms", reference, ...(atMost === undefined ? {} : { atMost }) })
}, Effect.scoped)

/** Milliseconds to read and parse the events of one of the executions. */
const makeParse = Effect.fnUntraced(function* (filename: string) {
  const connection = yield* Raw.open(filename)
  // The log is folded when nothing more comes.
  yield* Effect.sleep("1 second")
  const keys = connection.prepare("SELECT key FROM executions WHERE workflow = 'Telling'").all()
  const select = connection.prepare("SELECT events FROM segments WHERE execution = ? ORDER BY version")
  return Effect.sync(() => {
    const start = performance.now()
    for (const { key } of keys)
      for (const row of select.iterate(key!))
        Shorthand.expand(String(row["events"]))
          .split("\n")
          .forEach((line) => JSON.parse(line))
    return (performance.now() - start) / keys.length
  })
})
