/**
 * `storeStart.ts URL STORE [FOLDER]` opens a store, with snapshots in the folder if there is one, and prints how long that took and what it
 * takes.
 */
import * as Effect from "effect/Effect"
import { openStore } from "./openStore.ts"

const [, , url = "", name = "", snapshots] = process.argv

const program = Effect.gen(function* () {
  const began = performance.now()
  const store = yield* openStore({ url, name, snapshots }, "30 seconds")
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
