/**
 * `kafkaStart.ts BROKERS [FOLDER]` opens a store, with snapshots in the folder if there is one, and prints how long that took and what it
 * takes. It imports modules, not barrels, as a program does that is to start fast.
 */
import * as Effect from "effect/Effect"
import * as Kafka from "perdure/Store/Kafka"

const [, , brokers = "", snapshots] = process.argv

const program = Effect.gen(function* () {
  const began = performance.now()
  const store = yield* Kafka.make({ brokers, replicas: 1, snapshots })
  const found = yield* store.count()
  const milliseconds = performance.now() - began
  globalThis.gc?.()
  const megabytes = process.memoryUsage.rss() / 1024 / 1024
  const listing = performance.now()
  yield* store.list({ limit: 100 })
  const list = performance.now() - listing
  console.log(JSON.stringify({ found, milliseconds, megabytes, list }))
})

await Effect.runPromise(Effect.scoped(program))
