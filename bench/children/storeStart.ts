/**
 * `storeStart.ts fill URL STORE COUNT` saves so many executions; `storeStart.ts start URL STORE` opens a store on them, and prints how long
 * that took and what it takes. The store is a component of Dapr, or `inngest`.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Console, type Duration, Effect, Logger } from "effect"
import * as Dapr from "perdure/Store/Dapr"
import * as Inngest from "perdure/Store/Inngest"
import { freshId, saveAll, start } from "../../test/suites/store/builders.ts"

const [, , role, url = "", name = "", count = "0"] = process.argv
const executions = Number(count)

const open = (timeout: Duration.Input) =>
  name === "inngest" ? Inngest.make({ url, timeout }) : Dapr.make({ url, component: name, timeout })

const fill = Effect.gen(function* () {
  const store = yield* open(name === "inngest" ? "2 minutes" : "5 seconds")
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
  const store = yield* open("30 seconds")
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
