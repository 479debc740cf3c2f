/**
 * What executions cost that wait, and how fast they wake.
 */
import { join } from "node:path"
import { Effect, Layer } from "effect"
import type * as Default from "perdure/Executor/Default"
import * as Figure from "../Figure.ts"
import * as Scratch from "../Scratch.ts"
import * as Workload from "../Workload.ts"

const count = 10_000

/** Heap for each of 10,000 executions that wait for a signal, in memory and evicted, and the time to finish all. */
export const suspended = Effect.fnUntraced(function* (name: string) {
  const hot = yield* measure({ maxLoaded: count })
  const evicted = yield* measure({ maxLoaded: 16 })
  return [
    Figure.make({ name: `${name}-hot`, value: hot.kilobytes, unit: "KB each", atMost: 10 }),
    Figure.make({ name: `${name}-hot-woken`, value: hot.seconds, unit: "s", atMost: 5 }),
    Figure.make({ name: `${name}-evicted`, value: evicted.kilobytes, unit: "KB each", atMost: 1 }),
    Figure.make({ name: `${name}-evicted-woken`, value: evicted.seconds, unit: "s", atMost: 5 })
  ]
})

// internal

const measure = Effect.fnUntraced(function* (executor: Default.Options) {
  const folder = yield* Scratch.makeFolder
  const context = yield* Layer.build(Workload.layerSqlite(join(folder, "bench.db"), { executor }))
  return yield* Effect.provideContext(measureIn, context)
}, Effect.scoped)

const measureIn = Effect.gen(function* () {
  yield* Workload.Sequence.execute(Workload.activities)
  const before = yield* heap
  const ids = yield* Workload.startMany(count, (options) => Workload.Waiting.start(1, options))
  const after = yield* heap
  const start = performance.now()
  yield* Effect.forEach(ids, (id) => Workload.Go.send(id), { concurrency: 64, discard: true })
  yield* Workload.finished
  const seconds = (performance.now() - start) / 1000
  return { kilobytes: (after - before) / 1000 / count, seconds }
})

/** The bytes of the heap that are in use. */
const heap = Effect.sleep("200 millis").pipe(
  Effect.map(() => {
    if (globalThis.gc === undefined) throw new Error("run this with --expose-gc")
    globalThis.gc()
    globalThis.gc()
    return process.memoryUsage().heapUsed
  })
)
