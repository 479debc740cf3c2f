/**
 * `daprStart.ts fill URL COMPONENT` saves 100,000 executions; `daprStart.ts start URL COMPONENT` opens a store on them, and prints how long
 * that took and what it takes.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Logger } from "effect"
import * as Dapr from "perdure/Store/Dapr"
import { freshId, saveAll, start } from "../../test/suites/store/builders.ts"

const [, , role, url = "", component = ""] = process.argv
const executions = 100_000

const fill = Effect.gen(function* () {
  const store = yield* Dapr.make({ url, component })
  for (let saved = 0; saved < executions; saved += 10_000) {
    yield* saveAll(
      store,
      Array.from({ length: 10_000 }, (_, index) => start(freshId(), { summary: { startedAt: saved + index } }))
    )
  }
  yield* Console.log(JSON.stringify({}))
})

const opened = Effect.gen(function* () {
  const began = performance.now()
  const store = yield* Dapr.make({ url, component, timeout: "30 seconds" })
  const found = yield* store.count()
  const milliseconds = performance.now() - began
  globalThis.gc?.()
  const megabytes = process.memoryUsage.rss() / 1024 / 1024
  const listing = performance.now()
  yield* store.list({ limit: 100 })
  const list = performance.now() - listing
  yield* Console.log(JSON.stringify({ found, milliseconds, megabytes, list }))
})

const program = role === "fill" ? fill : opened

// What is printed is the answer alone.
program.pipe(Effect.scoped, Effect.provide(Logger.layer([])), NodeRuntime.runMain)
